"""Scenes of the reimbursements service in which every list has rows of its own."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path

from services.chassis.database import Database
from tests.service.camt import statement
from tests.service.claiming import claiming
from tests.service.money import Finance, done, finance
from tests.service.scenes import Play, Scene
from tests.service.test_reimbursements_after_end import REASON, past_the_end
from tests.service.test_reimbursements_budgets import line, transfer
from tests.service.test_reimbursements_funder import begun as report_begun
from tests.service.test_reimbursements_funder import instalment, zloty
from tests.service.test_reimbursements_limits import declare, merged, under
from tests.service.test_reimbursements_periods import NUMBERS, closed
from tests.service.test_reimbursements_recovery import ordered
from tests.service.test_reimbursements_retention import last_payment


def _seen(money: Finance) -> Scene:
    people = {who: getattr(money, who) for who in ("verifier", "coordinator", "first")}
    return Scene(money.stage.service.database, people)


@asynccontextmanager
async def claims(database: Database, folder: Path) -> AsyncGenerator[Scene]:
    async with finance(database, folder) as money:
        await money.play_to_closed()
        await money.play_to_claim()
        yield _seen(money)


@asynccontextmanager
async def books(database: Database, folder: Path) -> AsyncGenerator[Scene]:
    """A closed month with its export, a transfer that waits, rates, and a report to the funder."""
    async with finance(database, folder) as money:
        period = await closed(money)
        done(await money.first.post("/api/v1/charts", {**NUMBERS, "member": str(money.member)}))
        done(await money.first.post("/api/v1/books-exports", {"period": period}))
        done(await transfer(money, await line(money, "Study visits", 500_00), money.budget, 100_00))
        await zloty(money, ("2026-11-02", "4.20"))
        await report_begun(money)
        yield _seen(money)


@asynccontextmanager
async def instalments(database: Database, folder: Path) -> AsyncGenerator[Scene]:
    """The funder's last payment, one that it owes, and an entry that nobody has explained."""
    async with claiming(database, folder) as money:
        await last_payment(money, 0)
        await instalment(money, "prefinancing", 100_00)
        on = money.stage.clock.now().date()
        read = statement("S-2", 70_000_00, (500, "X", "NOTPROVIDED", "SALA"), on=on)
        done(await money.import_statement(read))
        yield _seen(money)


@asynccontextmanager
async def recovery(database: Database, folder: Path) -> AsyncGenerator[Scene]:
    async with finance(database, folder) as money:
        await ordered(money)
        yield _seen(money)


@asynccontextmanager
async def silent_bank(database: Database, folder: Path) -> AsyncGenerator[Scene]:
    """A payment of which the bank says nothing."""
    async with finance(database, folder) as money:
        await money.play_to_approval()
        await money.play_to_order()
        (payment,) = await money.rows("select execution_date from payments")
        money.stage.clock.forward(payment.execution_date + timedelta(days=7) - money.stage.clock.now().date())
        yield _seen(money)


@asynccontextmanager
async def end_of_the_action(database: Database, folder: Path) -> AsyncGenerator[Scene]:
    """A claim that is due after it."""
    async with finance(database, folder) as money:
        _, claim = await money.play_to_approval()
        await past_the_end(money)
        done(await money.first.post("/api/v1/late-payments", {"claim": claim, "reason": REASON}))
        yield _seen(money)


@asynccontextmanager
async def aid(database: Database, folder: Path) -> AsyncGenerator[Scene]:
    """Aid that must stand in the register, and a case that is checked."""
    async with under("Interreg North-West Europe", database, folder) as money:
        payer = await money.stage.person("Paula", ("payer", money.member))
        day = date(2026, 3, 2)
        assert await declare(money, f"{day}; 1000.00; Region") == "made"
        case = await money.submitted()
        assert await money.reserve(case) == "made"
        await money.granted(case)
        await money.submitted()
        people = {"coordinator": money.coordinator, "payer": payer, "claimant": money.claimant}
        yield Scene(money.stage.service.database, people)


@asynccontextmanager
async def two_in_one(database: Database, folder: Path) -> AsyncGenerator[Scene]:
    """Limits that a later merge has exceeded."""
    async with under("COSME", database, folder) as money:
        await merged(money)
        yield _seen(money)


SCENES: Mapping[tuple[str, str], Play] = {
    ("reimbursements", "claims"): claims,
    ("reimbursements", "books"): books,
    ("reimbursements", "instalments"): instalments,
    ("reimbursements", "recovery"): recovery,
    ("reimbursements", "silent bank"): silent_bank,
    ("reimbursements", "end of the action"): end_of_the_action,
    ("reimbursements", "aid"): aid,
    ("reimbursements", "merged"): two_in_one,
}
