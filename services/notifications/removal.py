"""What goes of the cases whose records' time is over: who was mailed about them, when, and what became of it. The facts
of these deliveries carry ids, and stay."""

from sqlalchemy import text

from contracts import retention
from contracts.facts import Fact
from services.chassis.database import Tx
from services.chassis.facts.reader import Reader


def hear_removals(reader: Reader) -> None:
    """Lets a reader remove what reimbursements says has had its time."""

    @reader.hears(retention.Removed)
    async def removed(tx: Tx, fact: Fact, body: retention.Removed) -> None:
        of = {"partnership": str(body.partnership), "member": str(body.member)}
        for statement in (_DELIVERIES, _TOLD):
            await tx.execute(statement, of)


_MINE = """
    WITH mine AS (
        SELECT id, said ->> 'proposal' AS proposal FROM notifications_known_things WHERE aggregate = 'application'
            AND said ->> 'visitor_partnership' = :partnership AND said ->> 'payer' = :member
    ), about AS (
        SELECT id FROM told_facts WHERE case_id IN (SELECT id FROM mine)
            OR subject::text IN (SELECT proposal FROM mine)
    )"""
"""Facts about a partnership's cases that a member pays, and about the proposals that they followed from."""
_DELIVERIES = text(f"""{_MINE} DELETE FROM deliveries
    WHERE about IN (SELECT id FROM about) AND state <> 'queued'""")  # noqa: S608, the names are ours
_TOLD = text(f"""{_MINE} DELETE FROM told_facts
    WHERE id IN (SELECT id FROM about)
    AND NOT EXISTS (SELECT FROM deliveries WHERE about = told_facts.id)""")  # noqa: S608
