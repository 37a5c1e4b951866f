"""Checking: the verifier looks at each line, another person approves, a second approves above the threshold.

Approving draws the money. The duties are checked here with a sentence and once more by constraints of the database.
"""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts import claim as facts
from contracts.amounts import COMPUTED
from contracts.claim import CLAIM
from contracts.errors import DomainError
from contracts.ids import new_id
from contracts.tables import Input, Nothing
from contracts.workdays import Moment
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.chassis.files import relied_on
from services.chassis.web.look.forms import Cents
from services.chassis.web.look.values import amount
from services.reimbursements.claims.claims import checked_payee, not_the_claimant, occasion_of
from services.reimbursements.claims.line_page import receipts_of
from services.reimbursements.claims.lines import lines_of
from services.reimbursements.claims.models import ClaimLine
from services.reimbursements.claims.sums import accept, accept_in_all, committed_to
from services.reimbursements.kinds import payments
from services.reimbursements.ledger import acts as ledger
from services.reimbursements.models import Approval, Budget, Case, Claim, Reservation
from services.reimbursements.payments.payments import must_be_payable, payout_of, proposal, proposed


class CheckLine(Input):
    line: UUID = Field(title="Line")
    accepted_cost_cents: Annotated[int, Cents] = Field(title="Costs accepted, in euro", ge=0)
    reason: facts.LineReason = Field("in_order", title="Why?")
    note: str = Field("", title="Note for claimant and approver", max_length=500)


class Verify(Input):
    accepted_cents: Annotated[int | None, Cents] = Field(
        None,
        title="Amount accepted, in euro",
        description="Left empty, it is worked out from the lines.",
        gt=0,
    )
    remark: str = Field("", title="Your remark for the approver", max_length=2000)


@rule(CLAIM, "check_line")
async def check_line(work: Work[Claim], given: CheckLine, at: Moment) -> facts.LineChecked:
    """Anything less than the whole line needs a reason that the claimant reads."""
    claim, tx = work.row, work.tx
    not_the_claimant(work)
    line = await tx.get(ClaimLine, given.line)
    if line is None or line.claim != claim.id or line.removed:
        raise DomainError("no-such-line", "line")
    if given.accepted_cost_cents > line.cost_cents:
        raise DomainError("more-than-the-line", "accepted_cost_cents", costs=amount(line.cost_cents))
    if given.accepted_cost_cents < line.cost_cents and given.reason == "in_order":
        raise DomainError("line-reason-missing", "reason")
    await relied_on(tx, await _papers_of(tx, [line]))
    line.accepted_cost_cents, line.reason, line.note = given.accepted_cost_cents, given.reason, given.note
    line.checked_by = work.actor.person
    tx.add(line)
    return facts.LineChecked(line=line.id, accepted_cost_cents=given.accepted_cost_cents, reason=given.reason)


async def _papers_of(tx: Tx, lines: Sequence[ClaimLine]) -> list[str]:
    return [receipt.file for receipt in (await receipts_of(tx, lines)).values()]


@rule(CLAIM, "verify")
async def verify(work: Work[Claim], given: Verify, at: Moment) -> facts.Verified:
    """Every line with a receipt was looked at. Of a lump sum the verifier may name the sum itself."""
    claim, tx = work.row, work.tx
    not_the_claimant(work)
    if given.accepted_cents is not None and given.accepted_cents > claim.amount_cents:
        raise DomainError("more-than-claimed", "accepted_cents", claimed=amount(claim.amount_cents))
    lines = await lines_of(tx, claim.id)
    if any(line.reason == "" and line.category not in COMPUTED for line in lines):
        raise DomainError("lines-unchecked", status=409)
    await relied_on(tx, await _papers_of(tx, lines))
    accepted = await accept(tx, claim, await tx.found(Case, claim.case_id), lines)
    if given.accepted_cents is not None and given.accepted_cents != accepted:
        if claim.takes_receipts:
            raise DomainError("sum-of-the-lines", "accepted_cents", sum=amount(accepted))
        accept_in_all(lines, given.accepted_cents)
        accepted = given.accepted_cents
    if not accepted:
        raise DomainError("nothing-accepted", status=409)
    claim.verified_by = work.actor.person
    claim.passed_by = None
    claim.accepted_cents = accepted
    claim.remark = given.remark
    return facts.Verified(accepted_cents=accepted)


@rule(CLAIM, "approve")
async def approve(work: Work[Claim], given: Nothing, at: Moment) -> facts.Approved | facts.PassedFirst:
    """Draws the accepted sum and proposes its payment, in one transaction; above the threshold only the second
    person's approval does."""
    claim, tx, approver = work.row, work.tx, work.actor.person
    not_the_claimant(work)
    if approver == claim.verified_by:
        raise DomainError("verified-yourself", status=403)
    if approver in claim.deciders:
        raise DomainError("decided-the-case", status=403)
    if approver == claim.passed_by:
        raise DomainError("approved-yourself", status=403)
    payee = await checked_payee(tx, claim.organisation)
    if payee is None:
        raise DomainError("payee-missing", status=409)
    await must_be_payable(tx, claim, payee, at)
    if (await tx.found(Case, claim.case_id)).overdue:
        raise DomainError("report-overdue", status=409)
    two_levels = await needs_two_levels(tx, claim)
    if two_levels and claim.passed_by is None:
        claim.passed_by = approver
        return facts.PassedFirst(accepted_cents=claim.accepted_cents)
    assert claim.filed_by is not None and claim.verified_by is not None
    await tx.locked(Budget, claim.budget)
    await tx.locked(Reservation, claim.reservation)
    await ledger.approve(tx.session, occasion_of(claim, "approve", at), payout_of(claim))
    approval = Approval(
        id=new_id(),
        claim=claim.id,
        accepted_cents=claim.accepted_cents,
        filed_by=claim.filed_by,
        verified_by=claim.verified_by,
        two_levels=two_levels,
        passed_by=claim.passed_by,
        approved_by=approver,
        deciders=claim.deciders,
        approved_at=at.now,
    )
    tx.add(approval)
    claim.approval = approval.id
    barred = [claim.filed_by, approver, *([claim.passed_by] if claim.passed_by else [])]
    payment = proposal(claim, payee.id, barred)
    work.beside(payments, payment, "propose", proposed(payment))
    return facts.Approved(accepted_cents=claim.accepted_cents, payment=payment.id)


async def needs_two_levels(tx: Tx, claim: Claim) -> bool:
    """Whether all claims on the reservation come above the threshold that the case was frozen with.

    A threshold that is missing or no sum means the stricter path."""
    case = await tx.found(Case, claim.case_id)
    threshold = case.frozen.get("terms", {}).get("second_level_cents")
    if not isinstance(threshold, int) or isinstance(threshold, bool) or threshold < 0:
        return True
    others = await committed_to(tx, claim.reservation, claim.id)
    return others + claim.accepted_cents > threshold
