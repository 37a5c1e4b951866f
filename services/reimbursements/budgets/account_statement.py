"""What stood on an account on any value date, as it was known at any recorded instant, and what led to it, from the
entries alone. Read again for the same day and instant it is the same for ever."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.reimbursements.ledger.tables import CHART, Account, ledger_entry, ledger_transaction


@dataclass(frozen=True)
class Movement:
    """One entry; change and balance in cents on the account's own side."""

    transaction: UUID
    kind: str
    value_on: date
    recorded_at: datetime
    case: UUID | None
    claim: UUID | None
    change: int
    balance: int


@dataclass(frozen=True)
class AccountStatement:
    """The movements of an account between its two balances, in cents."""

    account: Account
    opening: int
    closing: int
    movements: list[Movement]


async def account_statement(
    session: AsyncSession,
    book: UUID,
    account: Account,
    *,
    since: date = date.min,
    until: date = date.max,
    known_at: datetime | None = None,
) -> AccountStatement:
    """Of an account of a line or a member, over all its owners, with value dates from since to until, both included.
    known_at: only what was recorded by then (real time); else all that is known now."""
    entry, posting = ledger_entry.c, ledger_transaction.c
    conditions: list[ColumnElement[bool]] = [
        entry.book == book, entry.account == account.value, posting.business_date <= until,
    ]  # fmt: skip
    if known_at is not None:
        conditions.append(posting.recorded_at <= known_at)
    rows = await (await session.connection()).execute(
        select(
            posting.id, posting.kind, posting.business_date, posting.recorded_at, posting.case, posting.claim,
            entry.debit_cents, entry.credit_cents,
        )
        .join(ledger_transaction, posting.id == entry.transaction)
        .where(*conditions)
        .order_by(posting.business_date, posting.recorded_at, posting.id, entry.position)
    )  # fmt: skip
    sign = 1 if CHART[account].side == "debit" else -1
    balance = opening = 0
    movements: list[Movement] = []
    for id, kind, value_on, recorded_at, case, claim, debit, credit in rows:
        change = sign * (debit - credit)
        balance += change
        if value_on < since:
            opening = balance
        else:
            movements.append(Movement(id, kind, value_on, recorded_at, case, claim, change, balance))
    return AccountStatement(account, opening, balance, movements)
