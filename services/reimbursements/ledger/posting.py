"""Writes one balanced transaction into the ledger and reads balances; it never commits.

Entries are inserted in one fixed order of accounts, in which the database takes their locks, so two postings
cannot deadlock; a repeat with the same transaction id writes nothing."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.errors import DomainError
from services.chassis.statements import Fixed, driver_of
from services.reimbursements.ledger.tables import (
    CHART,
    Account,
    ledger_account_balance,
    ledger_entry,
    ledger_transaction,
)

_HEADER = Fixed(
    insert(ledger_transaction)
    .values({name: bindparam(name) for name in ("id", "kind", "business_date", "reverses", "case", "claim")})
    .on_conflict_do_nothing(index_elements=["id"])
    .returning(ledger_transaction.c.id)
)
_ENTRY = Fixed(
    insert(ledger_entry).values(
        {
            name: bindparam(name)
            for name in (
                "transaction", "position", "block", "book", "account", "owner", "debit_cents", "credit_cents",
            )
        }
    )
)  # fmt: skip


@dataclass(frozen=True)
class Occasion:
    """What a posting is made for: its id (from whoever asks), the business date, the case."""

    id: UUID
    on: date
    case: UUID | None = None
    claim: UUID | None = None


@dataclass(frozen=True)
class Side:
    """One account of one book, with the owner of the sub-balance (the book itself where there is none)."""

    account: Account
    book: UUID
    owner: UUID


@dataclass(frozen=True)
class Move:
    """A sum from the credited to the debited account; a sum of zero is left out."""

    debit: Side
    credit: Side
    cents: int


@dataclass(frozen=True)
class Entry:
    """One side of a move, as recorded."""

    side: Side
    debit_cents: int
    credit_cents: int

    @property
    def raises(self) -> bool:
        return (self.debit_cents > 0) == (CHART[self.side.account].side == "debit")


async def post(
    session: AsyncSession,
    occasion: Occasion,
    kind: str,
    moves: Iterable[Move],
    reverses: UUID | None = None,
) -> bool:
    """Records the moves as one transaction; False if it was recorded before.

    The same id with other content is refused (posting-differs). A balance that would fall below zero is
    refused by the database (no-overspend, ledger-not-below-zero), and the caller's transaction with it."""
    entries = [entry for move in moves for entry in _entries(move)]
    if not entries:
        raise ValueError(f"nothing to post for {kind}")
    header = {
        "id": occasion.id,
        "kind": kind,
        "business_date": occasion.on,
        "reverses": reverses,
        "case": occasion.case,
        "claim": occasion.claim,
    }
    driver = driver_of(await session.connection())
    if await (await _HEADER.on(driver, header)).fetchone() is None:
        if await recorded(session, occasion.id) != entries:
            raise DomainError("posting-differs", status=409)
        return False
    ordered = sorted(enumerate(entries), key=lambda numbered: _lock_order(numbered[1]))
    await _ENTRY.on_each(driver, [_row(occasion.id, n, entry) for n, entry in ordered])
    return True


async def reverse(session: AsyncSession, occasion: Occasion, original: UUID) -> bool:
    """Corrects a posting by one that undoes it and names it; the original stays as it is."""
    entries = await recorded(session, original)
    debits = [entry for entry in entries if entry.debit_cents]
    credits = [entry for entry in entries if entry.credit_cents]
    moves = [
        Move(debit=credit.side, credit=debit.side, cents=debit.debit_cents)
        for debit, credit in zip(debits, credits, strict=True)
    ]
    return await post(session, occasion, "reverse", moves, reverses=original)


async def recorded(session: AsyncSession, id: UUID) -> list[Entry]:
    """The entries of a transaction in the order they were given; none if it does not exist."""
    columns = ledger_entry.c
    rows = await (await session.connection()).execute(
        select(columns.account, columns.book, columns.owner, columns.debit_cents, columns.credit_cents)
        .where(columns.transaction == id)
        .order_by(columns.position)
    )
    return [
        Entry(Side(Account(account), book, owner), debit, credit)
        for account, book, owner, debit, credit in rows
    ]


async def balance(session: AsyncSession, side: Side) -> int:
    """What stands on an account, in cents on its own side; steady while the caller holds its owner's lock."""
    columns = ledger_account_balance.c
    found = await (await session.connection()).scalar(
        select(columns.balance_cents).where(
            columns.book == side.book, columns.account == side.account, columns.owner == side.owner
        )
    )
    return found or 0


async def last_number(session: AsyncSession, side: Side) -> int:
    """How many entries an account has; the number of the newest."""
    columns = ledger_account_balance.c
    found = await (await session.connection()).scalar(
        select(columns.last_number).where(
            columns.book == side.book, columns.account == side.account, columns.owner == side.owner
        )
    )
    return found or 0


async def totals(session: AsyncSession, books: Collection[UUID]) -> dict[UUID, dict[Account, int]]:
    """The balances of whole books (budget lines or members), summed over their owners; one statement."""
    columns = ledger_account_balance.c
    rows = await (await session.connection()).execute(
        select(columns.book, columns.account, func.sum(columns.balance_cents))
        .where(columns.book.in_(books))
        .group_by(columns.book, columns.account)
    )
    found: dict[UUID, dict[Account, int]] = {book: dict.fromkeys(Account, 0) for book in books}
    for book, account, cents in rows:
        found[book][Account(account)] = int(cents)
    return found


async def balances_of(session: AsyncSession, owner: UUID) -> dict[Account, int]:
    """The sub-balances of one owner: of a reservation, a claim, a batch or a bank account."""
    columns = ledger_account_balance.c
    rows = await (await session.connection()).execute(
        select(columns.account, func.sum(columns.balance_cents))
        .where(columns.owner == owner)
        .group_by(columns.account)
    )
    return dict.fromkeys(Account, 0) | {Account(account): int(cents) for account, cents in rows}


def _entries(move: Move) -> Sequence[Entry]:
    if move.cents < 0:
        raise ValueError("a move is never negative: turn its sides")
    if move.cents == 0:
        return ()
    return Entry(move.debit, move.cents, 0), Entry(move.credit, 0, move.cents)


def _lock_order(entry: Entry) -> tuple[str, UUID, str, UUID, bool]:
    """Budget lines before cash, then by ids; on one account what raises it comes first."""
    side = entry.side
    return CHART[side.account].block, side.book, side.account, side.owner, not entry.raises


def _row(transaction: UUID, position: int, entry: Entry) -> dict[str, object]:
    return {
        "transaction": transaction,
        "position": position,
        "block": CHART[entry.side.account].block,
        "book": entry.side.book,
        "account": entry.side.account.value,
        "owner": entry.side.owner,
        "debit_cents": entry.debit_cents,
        "credit_cents": entry.credit_cents,
    }
