"""What the member bears because the funder cut it. Support that is not accepted stays paid and leaves SUPPORT for
WRITTEN_OFF, claim by claim; money of such a claim that comes back first undoes that, so it is neither deducted from a
report nor owed to the funder once more. Own and indirect costs stand in no account, so cutting them posts nothing."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import text

from contracts.ids import named_id
from contracts.money import Money
from contracts.workdays import Moment
from services.chassis.database import Tx
from services.reimbursements.funder.models import CutRegained, FunderReport, SupportCut
from services.reimbursements.funder.told import SUPPORT
from services.reimbursements.ledger import acts as ledger
from services.reimbursements.ledger.posting import Occasion, together
from services.reimbursements.models import Claim


async def bear(tx: Tx, report: FunderReport, at: Moment) -> None:
    """Posts the report's cuts on the day on which they are confirmed. What names no claim is shared by all claims, in
    proportion to what the report tells of each beside its own cut."""
    async with together(tx.session):
        if cents := report.cuts.get(SUPPORT, 0):
            told = (await tx.execute(_TOLD, {"report": report.id})).all()
            cuts = list(_by_claim(report, told, cents))
            tx.session.add_all(cuts)
            lines: dict[UUID, int] = {}
            for cut in cuts:
                lines[cut.budget] = lines.get(cut.budget, 0) + cut.cents
            await ledger.cut_by_funder(
                tx.session,
                Occasion(named_id("posting", "funder cut", report.id), at.today()),
                report.member,
                lines,
            )
        if report.asked_back_cents:
            await ledger.ask_back(
                tx.session, Occasion(named_id("posting", "funder asks back", report.id), at.today()),
                report.member, report.asked_back_cents,
            )  # fmt: skip
    await tx.session.flush()
    for row in (await tx.execute(_CAME_BACK_BEFORE, {"report": report.id})).all():
        await regain(tx, await tx.found(Claim, row.claim), row.posting, int(row.cents), at)


async def regain(tx: Tx, claim: Claim, posting: UUID, cents: int, at: Moment) -> int:
    """Of money that came back, or is waived, by this posting: how much of it the member bears already, which it then
    bears no longer."""
    await tx.session.flush()
    borne = int((await tx.execute(_BORNE, {"claim": claim.id})).scalar_one())
    regained = min(borne, cents)
    if regained:
        tx.add(CutRegained(posting=posting, claim=claim.id, budget=claim.budget, cents=regained))
        id = named_id("posting", "cut regained", posting)
        occasion = Occasion(id, at.today(), case=claim.case_id, claim=claim.id)
        await ledger.regain_cut(tx.session, occasion, claim.budget, claim.payer, regained)
    return regained


def _by_claim(report: FunderReport, told: Iterable[Any], cents: int) -> Iterable[SupportCut]:
    named = {row.claim: report.row_cuts.get(f"claim/{row.number}", {"cents": 0})["cents"] for row in told}
    left = {row.claim: int(row.cents) - named[row.claim] for row in told}
    open_ = [claim for claim, rest in left.items() if rest > 0]
    shares = Money(cents - sum(named.values())).split([left[claim] for claim in open_]) if open_ else []
    for claim, share in zip(open_, shares, strict=True):
        named[claim] += share.cents
    for row in told:
        if named[row.claim]:
            yield SupportCut(report=report.id, claim=row.claim, budget=row.book, cents=named[row.claim])


_TOLD = text("""
    SELECT posting.claim, claims.number, entry.book,
        sum(entry.debit_cents - entry.credit_cents + CASE WHEN entry.credit_cents > 0
            THEN coalesce(regained.cents, 0) ELSE 0 END) AS cents
    FROM funder_reported_entries AS told
    JOIN ledger_entry AS entry ON entry.transaction = told.posting AND entry.position = told.position
    JOIN ledger_transaction AS posting ON posting.id = told.posting
    JOIN claims ON claims.id = posting.claim
    LEFT JOIN funder_cuts_regained AS regained ON regained.posting = told.posting
    WHERE told.report = :report GROUP BY posting.claim, claims.number, entry.book ORDER BY claims.number""")
_BORNE = text("""
    SELECT (SELECT coalesce(sum(cents), 0) FROM funder_support_cuts WHERE claim = :claim)
        - (SELECT coalesce(sum(cents), 0) FROM funder_cuts_regained WHERE claim = :claim)""")
_CAME_BACK_BEFORE = text("""
    SELECT posting.id AS posting, posting.claim, entry.credit_cents AS cents
    FROM funder_support_cuts AS cut JOIN ledger_transaction AS posting ON posting.claim = cut.claim
    JOIN ledger_entry AS entry ON entry.transaction = posting.id AND entry.credit_cents > 0
        AND entry.account IN ('PAID', 'RECOVERED')
    WHERE cut.report = :report AND NOT EXISTS (
        SELECT FROM funder_reported_entries AS told WHERE told.posting = posting.id)
    ORDER BY posting.business_date, posting.posted_in, posting.id""")
"""Came back after the report was sent, and before its cuts were known: the next report would deduct it."""
