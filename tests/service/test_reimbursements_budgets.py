"""Budgets as finance people read them: the plan with indirect costs, transfers by two people, what stood on an account
on any day as it was known at any moment, and how a line burns down.
"""

import csv
import io
from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from contracts.ids import new_id
from services.reimbursements.models import Transfer
from tests.conftest import FreshDatabase
from tests.service.books import sound
from tests.service.money import MEMBER_IBAN, Finance, done, finance
from tests.service.told import AMOUNT


@pytest.fixture
async def money(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Finance]:
    async with finance(await fresh_database("reimbursements"), tmp_path, 2 * AMOUNT) as played:
        yield played
        await sound(played.stage.database)


async def line(money: Finance, name: str, cents: int, category: str = "support") -> str:
    body = {
        "partnership": str(money.partnership), "member": str(money.member), "name": name, "amount_cents": cents,
        "iban": MEMBER_IBAN, "category": category,
    }  # fmt: skip
    return done(await money.coordinator.post("/api/v1/budgets", body))["id"]


async def left(money: Finance, id: str) -> dict[str, int]:
    accounts = (await money.coordinator.get(f"/api/v1/budgets/{id}")).json()["accounts"]
    return {account: accounts[account] for account in ("ALLOTTED", "AVAILABLE")}


async def transfer(money: Finance, giver: str, taker: str, cents: int) -> Any:
    body = {"giver": giver, "taker": taker, "amount_cents": cents, "reason": "Fewer exchanges than planned."}
    return await money.coordinator.post("/api/v1/transfers", body)


async def test_a_transfer_is_made_by_a_second_person_and_serves_who_waits(money: Finance) -> None:
    second = await money.stage.person("Carl", ("coordinator", money.partnership))
    giver = await line(money, "Study visits", 5 * AMOUNT)
    for _ in range(2):
        assert await money.reserve(await money.submitted()) == "made"
    waiting = await money.submitted()
    assert await money.reserve(waiting) == "queued"
    id = done(await transfer(money, giver, money.budget, AMOUNT))["id"]
    assert await left(money, giver) == {"ALLOTTED": 5 * AMOUNT, "AVAILABLE": 5 * AMOUNT}
    refused = await money.coordinator.post(f"/api/v1/transfers/{id}/make")
    assert refused.json()["slug"] == "transfer-by-another"
    done(await second.post(f"/api/v1/transfers/{id}/make"))
    assert await left(money, giver) == {"ALLOTTED": 4 * AMOUNT, "AVAILABLE": 4 * AMOUNT}
    assert await left(money, money.budget) == {"ALLOTTED": 3 * AMOUNT, "AVAILABLE": 0}
    assert await money.reserve(waiting) == "made"
    (posting,) = await money.rows(
        "select sum(case account when 'ALLOTTED' then credit_cents - debit_cents else 0 end) as allotted"
        " from ledger_entry join ledger_transaction on id = transaction where kind = 'transfer'"
    )
    assert posting.allotted == 0
    assert (await second.post(f"/api/v1/transfers/{id}/make")).json()["slug"] == "make-not-now"


async def test_a_transfer_beyond_what_is_available_or_to_the_wrong_line_is_refused(money: Finance) -> None:
    giver, own = await line(money, "Study visits", AMOUNT), await line(money, "Staff", AMOUNT, "staff")
    refused = [
        (await transfer(money, giver, money.budget, AMOUNT + 1)).json()["slug"],
        (await transfer(money, giver, giver, AMOUNT)).json()["slug"],
        (await transfer(money, giver, own, AMOUNT)).json()["slug"],
    ]
    assert refused == ["transfer-beyond-available", "transfer-to-itself", "transfer-to-other-costs"]
    id = done(await transfer(money, giver, money.budget, AMOUNT))["id"]
    done(await money.coordinator.post(f"/api/v1/budgets/{giver}/cut", {"amount_cents": 1}))
    second = await money.stage.person("Carl", ("coordinator", money.partnership))
    assert (await second.post(f"/api/v1/transfers/{id}/make")).json()["slug"] == "transfer-beyond-available"
    done(await second.post(f"/api/v1/transfers/{id}/refuse", {"reason": "amount"}))


async def test_one_person_alone_cannot_make_a_transfer_even_past_the_rule(money: Finance) -> None:
    with pytest.raises(Exception, match="transfer-by-another"):
        async with money.stage.database.transaction() as tx:
            person = money.coordinator.id
            tx.add(
                Transfer(
                    id=new_id(), state="made", partnership=money.partnership, giver=new_id(), taker=new_id(),
                    giving_member=money.member, amount_cents=1, reason="", proposed_by=person, made_by=person,
                    proposed_at=money.stage.clock.now(),
                )
            )  # fmt: skip


async def test_the_plan_shows_indirect_costs_and_the_funders_part(money: Finance) -> None:
    await line(money, "Staff", 100_000_00, "staff")
    (plan,) = (await money.coordinator.get("/api/v1/budgets/plans")).json()
    (member,) = plan["members"]
    assert (plan["programme"], member["own_cents"], member["support_cents"]) == (
        "COSME",
        100_000_00,
        2 * AMOUNT,
    )
    assert (member["indirect_cents"], member["funded_cents"]) == (7_000_00, 80_250_00 + 2 * AMOUNT)
    assert plan["granted_cents"] == member["funded_cents"]
    page = (await money.coordinator.get("/budgets/plans")).text
    assert "81,590.00" in page and "26,750.00" in page
    assert "7 % of own costs" in page


async def test_an_account_on_any_day_as_it_was_known_at_any_moment(money: Finance) -> None:
    clock = money.stage.clock
    opened = clock.now().date()
    clock.forward(timedelta(days=30))
    assert await money.reserve(await money.submitted()) == "made"
    (known,) = await money.rows("select max(recorded_at) as before from ledger_transaction")
    clock.forward(timedelta(days=30))
    assert await money.reserve(await money.submitted()) == "made"
    path = f"/api/v1/budgets/{money.budget}/statement"

    async def read(query: str) -> tuple[int, int, int]:
        told = (await money.coordinator.get(f"{path}?{query}")).json()
        return told["opening"], told["closing"], len(told["movements"])

    assert await read("account=AVAILABLE") == (0, 0, 3)
    assert await read(f"account=AVAILABLE&until={opened}") == (0, 2 * AMOUNT, 1)
    assert await read(f"account=AVAILABLE&since={opened + timedelta(days=1)}") == (2 * AMOUNT, 0, 2)
    assert await read(f"account=AVAILABLE&known_at={known.before.isoformat().replace('+', '%2B')}") == (
        0,
        AMOUNT,
        2,
    )
    assert await read("account=RESERVED") == (0, 2 * AMOUNT, 2)
    written = (await money.coordinator.get(f"/budgets/{money.budget}/statement.csv?account=AVAILABLE")).text
    rows = list(csv.DictReader(io.StringIO(written)))
    assert [row["balance_cents"] for row in rows] == [str(2 * AMOUNT), str(AMOUNT), "0"]
    page = (await money.coordinator.get(f"/budgets/{money.budget}/statement?account=RESERVED")).text
    assert "Reserved for a case" in page


async def test_the_cash_of_a_member_is_read_by_its_own_people_only(money: Finance) -> None:
    await money.play_to_payment()
    path = f"/api/v1/budgets/{money.budget}/statement?account=BANK"
    assert (await money.first.get(path)).json()["movements"]
    assert (await money.coordinator.get(path)).status_code == 404
    assert (await money.claimant.get(path)).status_code == 404


async def test_a_line_burns_down_and_promises_are_expected_to_leave(money: Finance) -> None:
    await money.play_to_payment()
    await money.play_to_validated()
    months = (await money.coordinator.get(f"/api/v1/budgets/{money.budget}/forecast")).json()
    today = money.stage.clock.now().date().isoformat()
    now = next(month for month in months if month["last_day"] >= today)
    assert now["left"] == AMOUNT
    assert months[0]["last_day"][:7] == today[:7], "before the line was allotted, nothing was left of it"
    assert (months[-1]["left"], months[-1]["expected"]) == (None, 0)
    assert sum(month["leaving"] for month in months) == AMOUNT
    page = (await money.coordinator.get(f"/budgets/{money.budget}/forecast")).text
    assert "Left once promises are paid" in page
    assert "Show as a table" in page
