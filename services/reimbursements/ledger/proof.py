"""Proves everything that must hold of the money, in one go: the ledger by itself, and that every row which speaks of
money says the same as the ledger. Read-only; what it finds is named by row, and by the first entry that is wrong."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from services.reimbursements.ledger.agreement import RULES
from services.reimbursements.ledger.verify import Difference, chain_head, recompute

SOUND = "the ledger proves itself"


@dataclass
class Proof:
    """What was looked at, and each rule with the sentences about what breaks it.

    entries    how many entries of the ledger were chained anew
    head       one digest over all accounts, to be kept outside of the database
    first      the first posting that is wrong, None if none is
    suspense   what the bank booked and nobody has explained yet: cents by entry
    """

    entries: int = 0
    head: str = ""
    rules: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    first: UUID | None = None
    suspense: dict[UUID, int] = field(default_factory=dict[UUID, int])

    @property
    def sound(self) -> bool:
        return not any(self.rules.values())

    def in_json(self) -> dict[str, Any]:
        """As `relais verify money --json` prints it."""
        return {
            "ok": self.sound,
            "entries": self.entries,
            "head": self.head,
            "first": str(self.first) if self.first else None,
            "checks": [
                {"name": rule, "ok": not broken, "violations": broken} for rule, broken in self.rules.items()
            ],
            "suspense": [{"entry": str(entry), "cents": cents} for entry, cents in self.suspense.items()],
        }


async def entries_of(session: AsyncSession) -> int:
    """How many entries there are to look at."""
    found = await (await session.connection()).scalar(text("SELECT count(*) FROM ledger_entry"))
    return int(found or 0)


async def proved(session: AsyncSession, looked_at: Callable[[int], None] = lambda entries: None) -> Proof:
    """Looks at everything in one snapshot if the session's transaction is REPEATABLE READ. looked_at is told how many
    more entries have been examined."""
    proof = Proof(head=await chain_head(session))

    def count(entries: int) -> None:
        proof.entries += entries
        looked_at(entries)

    differences = await recompute(session, count)
    proof.rules[SOUND] = [said(each) for each in differences]
    proof.first = next((each.transaction for each in differences if each.transaction), None)
    connection = await session.connection()
    for rule, query in RULES.items():
        proof.rules[rule] = [_row(row) for row in await connection.execute(text(query))]
    waiting = await connection.execute(
        text(
            "SELECT owner, balance_cents FROM ledger_account_balance WHERE account = 'SUSPENSE' AND balance_cents <> 0"
        )
    )
    proof.suspense = dict(_pairs(waiting.all()))
    return proof


def said(each: Difference) -> str:
    """A difference as a sentence that names the posting and the account."""
    posting = f"posting {each.transaction}, " if each.transaction else ""
    where = f"{posting}{each.account} of {each.owner} in {each.book}"
    if each.expected == each.found:
        return f"{each.rule}: {where}, entry {each.found}"
    return f"{each.rule}: {where}: expected {each.expected}, found {each.found}"


def _row(row: Iterable[Any]) -> str:
    return ", ".join("nothing" if value is None else str(value) for value in row)


def _pairs(rows: Sequence[Any]) -> list[tuple[UUID, int]]:
    return [(owner, int(cents)) for owner, cents in rows]
