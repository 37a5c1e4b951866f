"""Records whose time runs: begun with the funder's last payment, due once it is over and nothing is open, removed by
two people, held by one who has a reason."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import TextClause, text
from sqlmodel import col, select

from contracts import retention as facts
from contracts.errors import DomainError
from contracts.ids import named_id
from contracts.retention import RETENTION
from contracts.tables import Input, Nothing
from contracts.workdays import Moment
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause
from services.reimbursements.retention.kinds import retentions
from services.reimbursements.retention.models import Retention

CASES = "(SELECT id FROM reimbursements_known_cases WHERE partnership = :partnership AND payer = :member)"
"""The cases that a member pays of a partnership, as SQL."""
OF_CLAIMS = f"claim IN (SELECT id FROM claims WHERE case_id IN {CASES})"  # noqa: S608, the names are ours

REPORTS = "(SELECT id FROM funder_reports WHERE partnership = :partnership AND member = :member)"
"""The member's reports to the funder of the partnership, as SQL."""


class Hold(Input):
    reason: str = Field(
        title="Why are the records held?",
        description="The dispute, or the audit, and its number.",
        min_length=10,
        max_length=2000,
    )


def begin(work: Work[Any], partnership: UUID, member: UUID, final_on: date, kept_until: date) -> None:
    """The time begins to run, beside the act that tells of the funder's last payment."""
    row = Retention(
        id=named_id("retention", partnership, member), partnership=partnership, member=member,
        final_on=final_on, kept_until=kept_until,
    )  # fmt: skip
    body = facts.Begun(partnership=partnership, member=member, final_on=final_on, kept_until=kept_until)
    work.beside(retentions, row, "begin", body)


@rule(RETENTION, "propose")
async def propose(work: Work[Retention], given: Nothing, at: Moment) -> facts.Proposed:
    await nothing_open(work.tx, work.row)
    work.row.proposed_by = work.actor.person
    return facts.Proposed()


@rule(RETENTION, "send_back")
async def send_back(work: Work[Retention], given: Nothing, at: Moment) -> facts.SentBack:
    """Whoever proposed it may take it back in this way."""
    work.row.proposed_by = None
    return facts.SentBack()


@rule(RETENTION, "agree")
async def agree(work: Work[Retention], given: Nothing, at: Moment) -> facts.Agreed:
    if work.actor.person == work.row.proposed_by:
        raise DomainError("removal-by-another", status=403)
    await nothing_open(work.tx, work.row)
    work.row.agreed_by = work.actor.person
    return facts.Agreed()


@rule(RETENTION, "hold")
async def hold(work: Work[Retention], given: Hold, at: Moment) -> facts.Held:
    """Whoever lifts it has to begin anew with two people."""
    row = work.row
    row.held_by, row.hold_reason = work.actor.person, given.reason
    row.proposed_by = row.agreed_by = None
    return facts.Held()


@rule(RETENTION, "lift")
async def lift(work: Work[Retention], given: Nothing, at: Moment) -> facts.Lifted:
    work.row.held_by, work.row.hold_reason = None, ""
    return facts.Lifted()


async def fall_due(tx: Tx, at: Moment, cause: Cause) -> None:
    """The daily sweep: records whose time is over and of which nothing is open any longer."""
    over = select(Retention).where(Retention.state == "kept", col(Retention.kept_until) < at.today())
    for row in (await tx.session.exec(over.order_by(col(Retention.id)).with_for_update())).all():
        if not any(await _open(tx, row)):
            await retentions.record(tx, row, "fall_due", facts.FellDue(), at, cause)


@dataclass(frozen=True)
class Going:
    """What is personal in the records and goes when they are removed: how many cases they are of, receipts, accounts
    that no other records need, texts of claims and their lines, of the bank, and of own costs."""

    cases: int
    receipts: int
    accounts: int
    texts: int


async def going(tx: Tx, row: Retention) -> Going:
    """What would go now."""
    counted = {name: int((await tx.execute(query, of(row))).scalar_one()) for name, query in _COUNTS.items()}
    return Going(**counted)


async def nothing_open(tx: Tx, row: Retention) -> None:
    """DomainError("records-still-open") while a case or a claim may still move."""
    cases, claims = await _open(tx, row)
    if cases or claims:
        raise DomainError("records-still-open", status=409, cases=cases, claims=claims)


def of(row: Retention) -> dict[str, UUID]:
    """What CASES needs."""
    return {"partnership": row.partnership, "member": row.member}


async def _open(tx: Tx, row: Retention) -> tuple[int, int]:
    found = (await tx.execute(_OPEN, of(row))).one()
    return found.cases, found.claims


PAYEES = f"""payees.state <> 'removed' AND EXISTS (SELECT FROM reimbursements_known_cases AS mine
        WHERE mine.organisation = payees.organisation AND mine.id IN {CASES})
    AND NOT EXISTS (SELECT FROM reimbursements_known_cases AS other LEFT JOIN retentions
            ON retentions.partnership = other.partnership AND retentions.member = other.payer
        WHERE other.organisation = payees.organisation AND other.id NOT IN {CASES}
            AND retentions.state IS DISTINCT FROM 'removed')"""  # noqa: S608, the names are ours
"""Accounts that only these records still need, as SQL."""
LINES = f"""length(told) > 0 AND suspense_lines.member = :member AND EXISTS (SELECT FROM ledger_entry AS entry
    JOIN ledger_transaction AS posting ON posting.id = entry.transaction
    WHERE entry.account = 'SUSPENSE' AND entry.owner = suspense_lines.posting AND posting."case" IN {CASES})"""
"""Entries of the bank that turned out to be of these cases, and still tell of the other side, as SQL."""

_OPEN = text(f"""
    SELECT (SELECT count(*) FROM reimbursements_known_cases WHERE NOT ended AND id IN {CASES}) AS cases,
        (SELECT count(*) FROM claims WHERE case_id IN {CASES} AND (state IN ('opened', 'filed', 'returned',
            'verified', 'approved', 'ordered', 'paid', 'recovering') OR state IN ('rejected', 'expired')
            AND NOT final)) AS claims""")  # noqa: S608
_COUNTS: dict[str, TextClause] = {
    "cases": text(f"SELECT count(*) FROM reimbursements_known_cases WHERE id IN {CASES}"),  # noqa: S608
    "receipts": text(
        f"SELECT count(*) FROM receipts WHERE removed_on IS NULL AND {OF_CLAIMS}"  # noqa: S608
    ),
    "accounts": text(f"SELECT count(*) FROM payees WHERE {PAYEES}"),  # noqa: S608
    "texts": text(
        f"SELECT (SELECT count(*) FROM claim_lines WHERE case_id IN {CASES})"  # noqa: S608
        f" + (SELECT count(*) FROM suspense_lines WHERE {LINES})"
        f" + (SELECT count(*) FROM late_payments WHERE case_id IN {CASES})"
        f" + (SELECT count(*) FROM payments WHERE denied_by IS NOT NULL AND case_id IN {CASES})"
        f" + (SELECT count(*) FROM funder_costs WHERE report IN {REPORTS})"
    ),
}
