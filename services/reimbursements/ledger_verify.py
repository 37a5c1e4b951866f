"""Proves the ledger from its entries alone and names the first entry at which something does not add up."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from services.reimbursements.ledger_tables import CREDIT_ACCOUNTS, FLOORED_ACCOUNTS

_SIGNED = f"""CASE WHEN account IN ({CREDIT_ACCOUNTS})
    THEN credit_cents - debit_cents ELSE debit_cents - credit_cents END"""

_RULES = {
    "balance is not the sum of its entries": f"""
        SELECT book, account, owner, NULL AS transaction,
            coalesce(summed, 0) AS expected, coalesce(balance_cents, 0) AS found
        FROM ledger_account_balance FULL JOIN (
            SELECT book, account, owner, sum({_SIGNED}) AS summed, count(*) AS entries
            FROM ledger_entry GROUP BY book, account, owner
        ) AS posted USING (book, account, owner)
        WHERE balance_cents IS DISTINCT FROM summed OR last_number IS DISTINCT FROM entries""",  # noqa: S608, the names are ours
    "numbers have a gap": """
        SELECT DISTINCT ON (book, account, owner) book, account, owner, transaction,
            expected, number AS found
        FROM (SELECT *, row_number() OVER account_order AS expected FROM ledger_entry
            WINDOW account_order AS (PARTITION BY book, account, owner ORDER BY number)) AS numbered
        WHERE number <> expected ORDER BY book, account, owner, number""",
    "running balance is wrong": f"""
        SELECT DISTINCT ON (book, account, owner) book, account, owner, transaction,
            expected, balance_cents AS found
        FROM (SELECT *, sum({_SIGNED}) OVER account_order AS expected FROM ledger_entry
            WINDOW account_order AS (PARTITION BY book, account, owner ORDER BY number)) AS summed
        WHERE balance_cents <> expected ORDER BY book, account, owner, number""",  # noqa: S608
    "posting does not balance": """
        SELECT book, NULL AS account, NULL AS owner, transaction,
            sum(debit_cents) AS expected, sum(credit_cents) AS found
        FROM ledger_entry GROUP BY transaction, block, book
        HAVING sum(debit_cents) <> sum(credit_cents)""",
    "posting has no entries": """
        SELECT NULL AS book, NULL AS account, NULL AS owner, id AS transaction, 2 AS expected, 0 AS found
        FROM ledger_transaction WHERE NOT EXISTS (SELECT FROM ledger_entry WHERE transaction = id)""",
    "balance is below zero": f"""
        SELECT book, account, owner, NULL AS transaction, 0 AS expected, balance_cents AS found
        FROM ledger_account_balance WHERE account IN ({FLOORED_ACCOUNTS}) AND balance_cents < 0""",  # noqa: S608
}


@dataclass(frozen=True)
class Difference:
    """One place where the ledger contradicts itself; amounts in cents."""

    rule: str
    book: UUID | None
    account: str | None
    owner: UUID | None
    transaction: UUID | None
    expected: int
    found: int


async def recompute(session: AsyncSession) -> list[Difference]:
    """Every difference between the entries and what was kept beside them; none if the ledger is sound."""
    differences: list[Difference] = []
    connection = await session.connection()
    for rule, query in _RULES.items():
        for book, account, owner, transaction, expected, found in await connection.execute(text(query)):
            differences.append(Difference(rule, book, account, owner, transaction, int(expected), int(found)))
    return differences
