"""A database with nothing but the ledger in it, and what each row of the posting table must do to its balances,
written by hand.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import SecretStr
from sqlalchemy import CursorResult, text
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.ids import new_id
from services.chassis.database import Database
from services.reimbursements.ledger import acts
from services.reimbursements.ledger.acts import Payout
from services.reimbursements.ledger.posting import Occasion, totals
from services.reimbursements.ledger.posting_table import Place
from services.reimbursements.ledger.tables import Account as A
from tests.databases import Databases

TODAY = date(2026, 9, 14)
MIGRATIONS = Path(__file__).parent / "ledger_migrations"


@dataclass
class Ledger:
    """A database with nothing but the ledger in it, entered as the service does."""

    database: Database
    admin: str

    @asynccontextmanager
    async def open(self) -> AsyncGenerator[AsyncSession]:
        async with self.database.transaction() as tx:
            yield tx.session

    async def do(self, act: Callable[[AsyncSession], Awaitable[object]]) -> object:
        async with self.open() as session:
            return await act(session)


@dataclass
class World:
    """One budget line of one member, and a claim on it."""

    line: UUID = field(default_factory=new_id)
    reservation: UUID = field(default_factory=new_id)
    member: UUID = field(default_factory=new_id)
    claim: UUID = field(default_factory=new_id)
    batch: UUID = field(default_factory=new_id)
    bank: UUID = field(default_factory=new_id)
    entry: UUID = field(default_factory=new_id)
    limit: UUID = field(default_factory=new_id)
    case: UUID = field(default_factory=new_id)

    @property
    def books(self) -> tuple[UUID, UUID, UUID]:
        return self.line, self.member, self.limit

    def place(self) -> Place:
        return Place(
            line=self.line, member=self.member, reservation=self.reservation, claim=self.claim,
            batch=self.batch, bank_account=self.bank, entry=self.entry,
            limit=self.limit, case=self.case,
        )  # fmt: skip

    def payout(self, cents: int = 78_000) -> Payout:
        return Payout(self.line, self.reservation, self.member, self.claim, cents)

    async def balances(self, session: AsyncSession) -> dict[A, int]:
        """Everything that is not zero, budget and cash."""
        books = await totals(session, [self.line, self.member])
        return {account: cents for book in books.values() for account, cents in book.items() if cents}


def occasion() -> Occasion:
    return Occasion(new_id(), TODAY)


@asynccontextmanager
async def fresh(postgres: Databases) -> AsyncGenerator[Ledger]:
    name = await postgres.copy("reimbursements", MIGRATIONS)
    database = Database(SecretStr(postgres.url("reimbursements", name)), "reimbursements", pool_size=60)
    yield Ledger(database, postgres.server.superuser_url(name))
    await database.close()


_BUDGET_RETURN = {"PAID": -100, "COMMITTED": 100}
_CASH_RETURN = {"BANK": 95, "CHARGES": 5, "SUPPORT": -100}

CHANGES: Mapping[str, Mapping[str, int]] = {
    "allocate": {"ALLOTTED": 100, "AVAILABLE": 100},
    "cut": {"ALLOTTED": -100, "AVAILABLE": -100},
    "transfer": {"ALLOTTED": -100, "AVAILABLE": -100, "ALLOTTED'": 100, "AVAILABLE'": 100},
    "reserve": {"AVAILABLE": -100, "RESERVED": 100},
    "release": {"RESERVED": -100, "AVAILABLE": 100},
    "commit": {"RESERVED": -100, "COMMITTED": 100},
    "amend_up": {"AVAILABLE": -100, "COMMITTED": 100},
    "amend_down": {"COMMITTED": -100, "AVAILABLE": 100},
    "end_of_case": {"RESERVED": -70, "COMMITTED": -30, "AVAILABLE": 100},
    "approve": {"COMMITTED": -100, "DRAWN": 100, "SUPPORT": 100, "PAYABLE": 100},
    "give_back": {"DRAWN": -100, "COMMITTED": 100, "SUPPORT": -100, "PAYABLE": -100},
    "order": {"PAYABLE": -100, "TRANSIT": 100},
    "withdraw_order": {"TRANSIT": -100, "PAYABLE": 100},
    "refuse_payee": {"DRAWN": -100, "COMMITTED": 100, "TRANSIT": -100, "SUPPORT": -100},
    "book": {"DRAWN": -100, "PAID": 100, "TRANSIT": -100, "BANK": -100},
    "book_outside": {"DRAWN": -100, "PAID_OUTSIDE": 100, "TRANSIT": -100, "BANK": -100},
    "take_back": {"PAID": -100, "COMMITTED": 100, **_CASH_RETURN},
    "take_back_outside": {"PAID_OUTSIDE": -100, "COMMITTED": 100, **_CASH_RETURN},
    "take_back_closed": {"PAID": -100, "COMMITTED'": 100, **_CASH_RETURN},
    "take_back_closed_outside": {"PAID_OUTSIDE": -100, "COMMITTED'": 100, **_CASH_RETURN},
    "order_recovery": {"RECEIVABLE": 100, "SUPPORT": -100},
    "withdraw_recovery": {"RECEIVABLE": -100, "SUPPORT": 100},
    "recover": {"RECOVERED": 100, "AVAILABLE": 100, "RECEIVABLE": -100, "BANK": 100},
    "recover_outside": {"RECEIVABLE": -100, "BANK": 100, "SUPPORT": 60, "DUE_TO_FUNDER": 60},
    "waive": {"RECEIVABLE": -100, "WRITTEN_OFF": 100, "SUPPORT": 60, "DUE_TO_FUNDER": 60},
    "charge": {"CHARGES": 100, "BANK": -100},
    "receive_advance": {"BANK": 100, "FUNDER_ADVANCE": 100},
    "pass_on_advance": {"BANK": -100, "FUNDER_ADVANCE": -100},
    "repay_funder": {"BANK": -100, "DUE_TO_FUNDER": -100},
    "cut_by_funder": {"WRITTEN_OFF": 100, "SUPPORT": -100},
    "regain_cut": {"SUPPORT": 100, "WRITTEN_OFF": -100},
    "ask_back": {"FUNDER_ADVANCE": -100, "DUE_TO_FUNDER": 100},
    "opening_balance": {"BANK": 100, "OWN": 100},
    "opening_overdraft": {"BANK": -100, "OWN": -100},
    "unknown_debit": {"SUSPENSE": 100, "BANK": -100},
    "unknown_credit": {"SUSPENSE": -100, "BANK": 100},
    "own_debit": {"BANK": -100, "OWN": -100},
    "own_credit": {"BANK": 100, "OWN": 100},
    "limit_open": {"LIMIT": 100, "HEADROOM": 100},
    "limit_hold": {"HEADROOM": -100, "HELD": 100},
    "limit_release": {"HELD": -100, "HEADROOM": 100},
    "limit_grant": {"HELD": -100, "GRANTED": 100},
    "limit_lower": {"GRANTED": -100, "HEADROOM": 100},
    "limit_declare": {"HEADROOM": -100, "GRANTED": 100},
}
"""Act → how it changes each balance on its own side, moving 100 cents: of a returned payment 95 arrive, 60 are the
funder's share, of a case that ends 70 were reserved and 30 committed. `'`: at the other place."""

PARTS = {"sum": 100, "net": 95, "fee": 5, "share": 60, "reserved": 70, "committed": 30}


def expected(row: str) -> dict[str, int]:
    """What a row must do; one of an entry that waited in SUSPENSE empties that instead of touching BANK."""
    act = row.removesuffix("_from_suspense")
    changes = dict(CHANGES[act])
    if act != row:
        changes["SUSPENSE"] = changes.pop("BANK")
    return changes


async def execute(
    session: AsyncSession, statement: str, values: dict[str, Any] | None = None
) -> CursorResult[Any]:
    return await (await session.connection()).execute(text(statement), values)


async def granted(session: AsyncSession, world: World) -> None:
    """A line of 2,000 euro with 780 of them committed."""
    await acts.allocate(session, occasion(), world.line, 200_000)
    await acts.reserve(session, occasion(), world.line, world.reservation, 78_000)
    await acts.commit(session, occasion(), world.line, world.reservation, 78_000)


async def paid(session: AsyncSession, world: World, *, inside: bool = True) -> None:
    await granted(session, world)
    await acts.opening_balance(session, occasion(), world.member, world.bank, 500_000)
    await acts.approve(session, occasion(), world.payout())
    await acts.order(session, occasion(), world.batch, [world.payout()])
    await acts.book(session, occasion(), world.batch, world.bank, [world.payout()], inside=inside)
