"""Proves the ledger from its entries alone and names the entries at which something does not add up, the first first.

Whoever changes a row behind the triggers breaks a sum, a number or the chain of digests; to hide it they would have
to write every later digest anew, and then the chain's head differs from the one that was printed outside."""

import hashlib
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from services.reimbursements.ledger.tables import CHART, CREDIT_ACCOUNTS, FLOORED_ACCOUNTS

_SIGNED = f"""CASE WHEN account IN ({CREDIT_ACCOUNTS})
    THEN credit_cents - debit_cents ELSE debit_cents - credit_cents END"""

_RULES = {
    "posting does not balance": """
        SELECT book, NULL AS account, NULL AS owner, transaction,
            sum(debit_cents) AS expected, sum(credit_cents) AS found
        FROM ledger_entry GROUP BY transaction, block, book
        HAVING sum(debit_cents) <> sum(credit_cents)""",
    "posting has no entries": """
        SELECT NULL AS book, NULL AS account, NULL AS owner, id AS transaction, 2 AS expected, 0 AS found
        FROM ledger_transaction WHERE NOT EXISTS (SELECT FROM ledger_entry WHERE transaction = id)""",
    "balance is not the sum of its entries": f"""
        SELECT book, account, owner, NULL AS transaction,
            coalesce(summed, 0) AS expected, coalesce(balance_cents, 0) AS found
        FROM ledger_account_balance FULL JOIN (
            SELECT book, account, owner, sum({_SIGNED}) AS summed, count(*) AS entries
            FROM ledger_entry GROUP BY book, account, owner
        ) AS posted USING (book, account, owner)
        WHERE balance_cents IS DISTINCT FROM summed OR last_number IS DISTINCT FROM entries""",  # noqa: S608, the names are ours
    "balance does not end where its chain ends": """
        SELECT book, account, owner, transaction, last_number AS expected, number AS found
        FROM ledger_account_balance JOIN (SELECT DISTINCT ON (book, account, owner) *
            FROM ledger_entry ORDER BY book, account, owner, number DESC) AS newest USING (book, account, owner)
        WHERE last_digest <> digest""",
    "balance is below zero": f"""
        SELECT book, account, owner, NULL AS transaction, 0 AS expected, balance_cents AS found
        FROM ledger_account_balance WHERE account IN ({FLOORED_ACCOUNTS}) AND balance_cents < 0""",  # noqa: S608
}
_CHAINED = text("""
    SELECT entry.transaction, position, block, book, account, owner, debit_cents, credit_cents, number,
        balance_cents, digest, posting.id, kind, business_date, recorded_at, reverses, "case", claim, posted_in
    FROM ledger_entry AS entry LEFT JOIN ledger_transaction AS posting ON posting.id = entry.transaction
    ORDER BY book, account, owner, number, entry.transaction, position""")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Difference:
    """One place where the ledger contradicts itself; amounts in cents, numbers for numbers and digests."""

    rule: str
    book: UUID | None
    account: str | None
    owner: UUID | None
    transaction: UUID | None
    expected: int
    found: int


async def recompute(
    session: AsyncSession, looked_at: Callable[[int], None] = lambda entries: None
) -> list[Difference]:
    """Every difference between the entries and what was kept beside them, in the order in which they were recorded;
    none if the ledger is sound. looked_at is told how many more entries have been chained."""
    connection = await session.connection()
    differences = [found async for found in _chained(connection, looked_at)]
    for rule, query in _RULES.items():
        for book, account, owner, transaction, expected, found in await connection.execute(text(query)):
            differences.append(Difference(rule, book, account, owner, transaction, int(expected), int(found)))
    order = await _recorded_order(connection, {one.transaction for one in differences if one.transaction})
    return sorted(differences, key=lambda one: order.get(one.transaction, len(order)))


async def chain_head(session: AsyncSession) -> str:
    """One digest over the newest of every account: printed outside of the database, it shows a ledger that was
    rewritten as a whole."""
    head = hashlib.sha256()
    rows = await (await session.connection()).execute(
        text("SELECT last_digest FROM ledger_account_balance ORDER BY book, account, owner")
    )
    for (digest,) in rows:
        head.update(digest)
    return head.hexdigest()


async def _chained(
    connection: AsyncConnection, looked_at: Callable[[int], None]
) -> AsyncGenerator[Difference]:
    """Walks every account from its first entry: its numbers, its running balance and its digests."""
    here: tuple[UUID, str, UUID] | None = None
    number, balance, digest = 0, 0, b""
    async with connection.stream(_CHAINED) as rows:
        async for page in rows.partitions(1000):
            for row in page:
                account = (row.book, row.account, row.owner)
                if account != here:
                    here, number, balance, digest = account, 0, 0, b""
                if row.number != number + 1:
                    yield _difference("numbers have a gap", row, number + 1, row.number)
                if row.balance_cents != balance + _change(row):
                    yield _difference(
                        "running balance is wrong", row, balance + _change(row), row.balance_cents
                    )
                if bytes(row.digest) != digest_of(digest, row):
                    yield _difference("entry is not what was recorded", row, row.number, row.number)
                number, balance, digest = row.number, row.balance_cents, bytes(row.digest)
            looked_at(len(page))


def digest_of(before: bytes, row: Any) -> bytes:
    """The digest of an entry after the one before on its account, made as the database's trigger makes it."""
    instant = "" if row.recorded_at is None else (row.recorded_at - _EPOCH) // timedelta(microseconds=1)
    fields = (
        row.transaction, row.position, row.block, row.book, row.account, row.owner, row.debit_cents,
        row.credit_cents, row.number, row.balance_cents, row.kind, row.business_date, instant, row.reverses,
        row.case, row.claim, row.posted_in,
    )  # fmt: skip
    recorded = "|".join("" if field is None else str(field) for field in fields)
    return hashlib.sha256(before + recorded.encode()).digest()


def _change(row: Any) -> int:
    change: int = row.debit_cents - row.credit_cents
    return change if CHART[row.account].side == "debit" else -change


def _difference(rule: str, row: Any, expected: int, found: int) -> Difference:
    return Difference(rule, row.book, row.account, row.owner, row.transaction, expected, found)


async def _recorded_order(connection: AsyncConnection, transactions: set[UUID]) -> dict[UUID | None, int]:
    found = await connection.execute(
        text("SELECT id FROM ledger_transaction WHERE id = ANY(:ids) ORDER BY posted_in, id"),
        {"ids": list(transactions)},
    )
    return {id: place for place, (id,) in enumerate(found)}
