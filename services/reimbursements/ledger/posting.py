"""Writes balanced transactions into the ledger and reads balances; it never commits.

Entries are inserted in one fixed order of accounts, in which the database takes their locks, so two postings
cannot deadlock; a repeat with the same transaction id writes nothing."""

from collections.abc import AsyncGenerator, Collection, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.errors import DomainError
from services.chassis.statements import Fixed, driver_of
from services.reimbursements.ledger.tables import (
    CHART,
    Account,
    ledger_account_balance,
    ledger_entry,
)

_HEADERS = Fixed(
    text(
        'INSERT INTO ledger_transaction (id, kind, business_date, reverses, "case", claim)'
        " SELECT * FROM unnest(CAST(:id AS uuid[]), CAST(:kind AS text[]), CAST(:business_date AS date[]),"
        " CAST(:reverses AS uuid[]), CAST(:case AS uuid[]), CAST(:claim AS uuid[]))"
        " ON CONFLICT (id) DO NOTHING RETURNING id"
    )
)
_ENTRIES = Fixed(
    text(
        "INSERT INTO ledger_entry (transaction, position, block, book, account, owner, debit_cents, credit_cents)"
        " SELECT transaction, position, block, book, account, owner, debit_cents, credit_cents"
        " FROM unnest(CAST(:transaction AS uuid[]), CAST(:position AS integer[]), CAST(:block AS text[]),"
        " CAST(:book AS uuid[]), CAST(:account AS text[]), CAST(:owner AS uuid[]),"
        " CAST(:debit_cents AS bigint[]), CAST(:credit_cents AS bigint[])) WITH ORDINALITY AS given"
        " (transaction, position, block, book, account, owner, debit_cents, credit_cents, turn) ORDER BY turn"
    )
)
"""However many there are, it is one statement each."""
_ENTRY_COLUMNS = (
    "transaction", "position", "block", "book", "account", "owner", "debit_cents", "credit_cents",
)  # fmt: skip
_TOGETHER = "postings that wait to be written together"


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


@dataclass(frozen=True)
class Posting:
    """One balanced transaction. kind: the row of the posting table; reverses: the posting that it corrects."""

    occasion: Occasion
    kind: str
    entries: Sequence[Entry]
    reverses: UUID | None = None


async def post(
    session: AsyncSession,
    occasion: Occasion,
    kind: str,
    moves: Iterable[Move],
    reverses: UUID | None = None,
) -> bool:
    """Records the moves as one transaction; False if it was recorded before.

    The same id with other content is refused (posting-differs). A balance that would fall below zero is
    refused by the database (no-overspend, ledger-not-below-zero), and the caller's transaction with it.
    Within `together` it waits for the end, and the answer is True."""
    entries = [entry for move in moves for entry in _entries(move)]
    if not entries:
        raise ValueError(f"nothing to post for {kind}")
    posting = Posting(occasion, kind, entries, reverses)
    if (waiting := session.info.get(_TOGETHER)) is not None:
        waiting.append(posting)
        return True
    return bool(await _write(session, [posting]))


@asynccontextmanager
async def together(session: AsyncSession) -> AsyncGenerator[list[Posting]]:
    """What is posted within is written at its end in one go: for acts on thousands of payments. Balances are read
    after it, not within. Yields what waits."""
    waiting: list[Posting] = []
    session.info[_TOGETHER] = waiting
    try:
        yield waiting
    finally:
        del session.info[_TOGETHER]
    if waiting:
        await _write(session, waiting)


async def _write(session: AsyncSession, postings: Sequence[Posting]) -> set[UUID]:
    """The ids of those that were not recorded before."""
    driver = driver_of(await session.connection())
    headers = [
        (one.occasion.id, one.kind, one.occasion.on, one.reverses, one.occasion.case, one.occasion.claim)
        for one in postings
    ]
    written = await _HEADERS.on(
        driver, _columns(("id", "kind", "business_date", "reverses", "case", "claim"), headers)
    )
    new = {row.id for row in await written.fetchall()}
    for one in postings:
        if one.occasion.id not in new and await recorded(session, one.occasion.id) != one.entries:
            raise DomainError("posting-differs", status=409)
    numbered = [
        (one.occasion.id, position, entry)
        for one in postings
        if one.occasion.id in new
        for position, entry in enumerate(one.entries)
    ]
    if numbered:
        numbered.sort(key=lambda row: _lock_order(row[2]))
        rows = [_row(*row) for row in numbered]
        await _ENTRIES.on(driver, _columns(_ENTRY_COLUMNS, rows))
    return new


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


def _lock_order(entry: Entry) -> tuple[str, UUID, str, UUID]:
    """Budget lines before cash, then by ids; on one account as they were posted."""
    side = entry.side
    return CHART[side.account].block, side.book, side.account, side.owner


def _row(transaction: UUID, position: int, entry: Entry) -> tuple[object, ...]:
    side = entry.side
    return (
        transaction, position, CHART[side.account].block, side.book, side.account.value, side.owner,
        entry.debit_cents, entry.credit_cents,
    )  # fmt: skip


def _columns(names: Sequence[str], rows: Sequence[tuple[object, ...]]) -> dict[str, object]:
    """Rows turned into one list for each column."""
    return dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
