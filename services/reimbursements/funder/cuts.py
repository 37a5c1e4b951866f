"""What the funder cuts from a report: support that it does not accept stays paid and is borne by the member, and what
it asks back of its advances is owed to it. The member's own and indirect costs stand in no account, so cutting them
posts nothing."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import text

from contracts.ids import named_id
from contracts.money import Money
from contracts.workdays import Moment
from services.chassis.database import Tx
from services.reimbursements.funder.content import SUPPORT
from services.reimbursements.funder.models import FunderReport, SupportCut
from services.reimbursements.ledger import acts as ledger
from services.reimbursements.ledger.posting import Occasion, together


async def bear(tx: Tx, report: FunderReport, at: Moment) -> None:
    """Posts the report's cuts on the day on which they are recorded; a cut of support is shared by the lines in
    proportion to what the report tells of each."""
    cents = report.cuts.get(SUPPORT, 0)
    async with together(tx.session):
        if cents:
            told = {line: sum for line, sum in (await _told(tx, report)).items() if sum > 0}
            shares = dict(zip(told, Money(cents).split(list(told.values())), strict=True))
            tx.session.add_all(
                SupportCut(report=report.id, budget=line, cents=share.cents)
                for line, share in shares.items()
                if share
            )
            await ledger.cut_by_funder(
                tx.session, Occasion(named_id("posting", "funder cut", report.id), at.today()), report.member,
                {line: share.cents for line, share in shares.items()},
            )  # fmt: skip
        if report.asked_back_cents:
            await ledger.ask_back(
                tx.session, Occasion(named_id("posting", "funder asks back", report.id), at.today()),
                report.member, report.asked_back_cents,
            )  # fmt: skip


async def _told(tx: Tx, report: FunderReport) -> Mapping[UUID, int]:
    """Cents by line, as the report's entries of the ledger sum up."""
    found = await tx.execute(_TOLD, {"report": report.id})
    return {row.book: int(row.cents) for row in found}


_TOLD = text("""
    SELECT entry.book, sum(entry.debit_cents - entry.credit_cents) AS cents FROM funder_reported_entries AS told
    JOIN ledger_entry AS entry ON entry.transaction = told.posting AND entry.position = told.position
    WHERE told.report = :report GROUP BY entry.book ORDER BY entry.book""")
