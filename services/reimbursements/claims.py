"""Claims: opened for a validated visit, verified by one person, approved by another; approving draws the money.

The duties are checked here with a sentence and once more by constraints of the database.
"""

from datetime import date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import Sequence
from sqlmodel import SQLModel, select

from contracts import claim as facts
from contracts import payment as payment_facts
from contracts.claim import CLAIM
from contracts.errors import DomainError
from contracts.ids import named_id, new_id
from contracts.tables import Input, Nothing
from contracts.terms import Terms
from contracts.workdays import Moment
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause
from services.chassis.web.look.forms import Cents
from services.chassis.web.look.values import amount
from services.reimbursements import ledger
from services.reimbursements.kinds import claims, payments
from services.reimbursements.models import Approval, Budget, Case, Claim, Payee, Reservation
from services.reimbursements.payments import must_be_payable, payment_of, payout_of, proposal, proposed
from services.reimbursements.posting import Occasion

numbers = Sequence("claim_numbers", metadata=SQLModel.metadata)


class Verify(Input):
    accepted_cents: Annotated[int, Cents] = Field(title="Amount accepted, in euro", gt=0)
    remark: str = Field("", title="Your remark for the approver", max_length=2000)


class Return(Input):
    reason: facts.ReturnReason = Field(title="What is missing?")
    explanation: str = Field(title="Tell the claimant what to do", min_length=3, max_length=2000)


class Reject(Input):
    reason: facts.RejectReason = Field(title="Why is it rejected?")
    explanation: str = Field(title="Explain it to the claimant", min_length=3, max_length=2000)


class Appeal(Input):
    explanation: str = Field(title="Why should this be looked at again?", min_length=10, max_length=4000)


def terms_of(case: Case) -> Terms:
    return Terms(**case.frozen["terms"])


async def open_for(
    tx: Tx, case: Case, reservation: Reservation, cents: int, lines: list[dict[str, Any]], pay_by: date,
    at: Moment, cause: Cause, replaces: UUID | None = None,
) -> Claim:  # fmt: skip
    """Opens a claim on a committed reservation. It files itself if the account is known and checked; one that
    replaces a payment that came back does not, for that account has just failed."""
    sequence = int((await tx.execute(select(numbers.next_value()))).scalar_one())
    due_at = at.plus_days(terms_of(case).claim_days)
    claim = Claim(
        id=named_id("claim", case.id, replaces or "first"),
        number=f"RC-{at.today().year}-{sequence:04d}",
        case_id=case.id,
        organisation=case.organisation,
        payer=case.payer,
        partnership=case.partnership,
        budget=reservation.budget,
        reservation=reservation.id,
        amount_cents=cents,
        lines=lines,
        pay_by=pay_by,
        due_at=due_at,
        deciders=case.deciders,
        replaces=replaces,
        opened_at=at.now,
    )
    body = facts.Opened(
        number=claim.number,
        organisation=claim.organisation,
        payer=claim.payer,
        partnership=claim.partnership,
        amount_cents=cents,
        currency="EUR",
        lines=tuple(lines),
        pay_by=pay_by,
        due_at=due_at,
        replaces=replaces,
    )
    await claims.record(tx, claim, "open", body, at, cause)
    if replaces is None and await checked_payee(tx, case.organisation) is not None:
        await file_itself(tx, claim, case, at, cause)
    return claim


async def file_itself(tx: Tx, claim: Claim, case: Case, at: Moment, cause: Cause) -> None:
    """A lump sum needs no words of the claimant once the account is known and checked."""
    claim.filed_by = case.applicant
    void_checks(claim)
    await claims.record(tx, claim, "file_itself", facts.Filed(amount_cents=claim.amount_cents), at, cause)


@rule(CLAIM, "file")
async def file(work: Work[Claim], given: Nothing, at: Moment) -> facts.Filed:
    await _filed(work)
    return facts.Filed(amount_cents=work.row.amount_cents)


@rule(CLAIM, "revise")
async def revise(work: Work[Claim], given: Nothing, at: Moment) -> facts.Revised:
    await _filed(work)
    return facts.Revised(amount_cents=work.row.amount_cents)


async def _filed(work: Work[Claim]) -> None:
    claim = work.row
    if await checked_payee(work.tx, claim.organisation) is None:
        raise DomainError("payee-missing", status=409)
    claim.filed_by = work.actor.person
    void_checks(claim)


@rule(CLAIM, "verify")
async def verify(work: Work[Claim], given: Verify, at: Moment) -> facts.Verified:
    claim = work.row
    _not_the_claimant(work)
    if given.accepted_cents > claim.amount_cents:
        raise DomainError("more-than-claimed", "accepted_cents", claimed=amount(claim.amount_cents))
    claim.verified_by = work.actor.person
    claim.accepted_cents = given.accepted_cents
    claim.remark = given.remark
    return facts.Verified(accepted_cents=given.accepted_cents)


@rule(CLAIM, "approve")
async def approve(work: Work[Claim], given: Nothing, at: Moment) -> facts.Approved:
    """Draws the accepted sum and proposes its payment, in one transaction."""
    claim, tx, approver = work.row, work.tx, work.actor.person
    _not_the_claimant(work)
    if approver == claim.verified_by:
        raise DomainError("verified-yourself", status=403)
    if approver in claim.deciders:
        raise DomainError("decided-the-case", status=403)
    payee = await checked_payee(tx, claim.organisation)
    if payee is None:
        raise DomainError("payee-missing", status=409)
    await must_be_payable(tx, claim, payee, at)
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
        approved_by=approver,
        deciders=claim.deciders,
        approved_at=at.now,
    )
    tx.add(approval)
    claim.approval = approval.id
    payment = proposal(claim, payee.id, [claim.filed_by, approver])
    work.beside(payments, payment, "propose", proposed(payment))
    return facts.Approved(accepted_cents=claim.accepted_cents, payment=payment.id)


@rule(CLAIM, "return")
async def return_(work: Work[Claim], given: Return, at: Moment) -> facts.Returned:
    """Gives back what was drawn; a payment that is in a batch already is taken out there first."""
    claim, tx = work.row, work.tx
    _not_the_claimant(work)
    if claim.state == "approved":
        payment = await payment_of(tx, claim)
        if payment is None or payment.state != "proposed":
            raise DomainError("payment-in-batch", status=409)
        await tx.locked(Budget, claim.budget)
        await tx.locked(Reservation, claim.reservation)
        await ledger.give_back(tx.session, occasion_of(claim, "give_back", at), payout_of(claim))
        work.beside(payments, payment, "withdraw", payment_facts.Withdrawn())
        claim.attempt += 1
    due_at = await fresh_due(tx, claim, at)
    void_checks(claim)
    claim.reason, claim.explanation, claim.due_at = given.reason, given.explanation, due_at
    return facts.Returned(reason=given.reason, due_at=due_at)


@rule(CLAIM, "reject")
async def reject(work: Work[Claim], given: Reject, at: Moment) -> facts.Rejected:
    """Whoever rejects it does not approve it after an appeal."""
    claim = work.row
    _not_the_claimant(work)
    due_at = at.plus_days((await _terms(work.tx, claim)).appeal_days)
    void_checks(claim)
    claim.deciders = [*claim.deciders, work.actor.person]
    claim.reason, claim.explanation, claim.due_at = given.reason, given.explanation, due_at
    return facts.Rejected(reason=given.reason, due_at=due_at)


@rule(CLAIM, "appeal")
async def appeal(work: Work[Claim], given: Appeal, at: Moment) -> facts.Appealed:
    claim = work.row
    if claim.appeal != "none" or claim.final:
        raise DomainError("appeal-once", status=409)
    if claim.due_at is not None and at.now > claim.due_at:
        raise DomainError("too-late", status=409, due=claim.due_at)
    claim.appeal, claim.appeal_text = "open", given.explanation
    claim.due_at = due_at = at.plus_days((await _terms(work.tx, claim)).appeal_days)
    return facts.Appealed(due_at=due_at)


@rule(CLAIM, "grant_appeal")
async def grant_appeal(work: Work[Claim], given: Nothing, at: Moment) -> facts.Reopened:
    claim = work.row
    _not_the_claimant(work)
    if claim.appeal != "open":
        raise DomainError("no-appeal", status=409)
    due_at = await fresh_due(work.tx, claim, at)
    void_checks(claim)
    claim.appeal, claim.due_at = "none", due_at
    was = "rejected" if claim.state == "rejected" else "expired"
    return facts.Reopened(was=was, due_at=due_at)


@rule(CLAIM, "refuse_appeal")
async def refuse_appeal(work: Work[Claim], given: Nothing, at: Moment) -> facts.AppealRefused:
    """Final at once: the window was open as long as the appeal was."""
    claim = work.row
    _not_the_claimant(work)
    if claim.appeal != "open":
        raise DomainError("no-appeal", status=409)
    claim.appeal = "refused"
    claim.due_at = at.now
    return facts.AppealRefused()


def void_checks(claim: Claim) -> None:
    """Whatever changes a claim, verification and approval count no more."""
    claim.verified_by = None
    claim.approval = None
    claim.remark = ""
    claim.accepted_cents = 0
    claim.due_at = None
    claim.reminders = 0


async def checked_payee(tx: Tx, organisation: UUID) -> Payee | None:
    """The organisation's account, if a second person has checked it."""
    statement = select(Payee).where(Payee.organisation == organisation, Payee.state == "checked")
    return (await tx.session.exec(statement)).one_or_none()


async def fresh_due(tx: Tx, claim: Claim, at: Moment) -> datetime:
    """A new window for the claimant."""
    return at.plus_days((await _terms(tx, claim)).claim_days)


async def newest_of(tx: Tx, case_id: UUID) -> Claim | None:
    """The case's claim; where a payment came back after closing, the one that replaces it."""
    statement = select(Claim).where(Claim.case_id == case_id, Claim.state != "replaced")
    return (await tx.session.exec(statement)).one_or_none()


def pay_by_of(validated: dict[str, Any], terms: Terms) -> date:
    """Ten calendar days from the latest of completion, validation and last evidence (CX-37)."""
    names = ("completed_on", "validated_on", "last_evidence_on")
    return max(date.fromisoformat(validated[name]) for name in names) + timedelta(days=terms.payment_days)


def occasion_of(claim: Claim, act: str, at: Moment) -> Occasion:
    """The same act on the same version of a claim is the same posting."""
    return Occasion(
        named_id("posting", act, claim.id, claim.version), at.today(), case=claim.case_id, claim=claim.id
    )


def _not_the_claimant(work: Work[Claim]) -> None:
    """Nobody of the claimant's organisation does anything else on its claim (ledger duties)."""
    claim = work.row
    own = work.actor.scopes("member") | work.actor.scopes("owner")
    if claim.organisation in own or work.actor.person == claim.filed_by:
        raise DomainError("own-claim", status=403)


async def _terms(tx: Tx, claim: Claim) -> Terms:
    return terms_of(await tx.found(Case, claim.case_id))
