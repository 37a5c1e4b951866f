"""Claims: opened for a validated visit, verified by one person, approved by another; approving draws the money.

The duties are checked here with a sentence and once more by constraints of the database.
"""

from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import Sequence, select
from sqlmodel import SQLModel, col
from sqlmodel import select as select_rows

from contracts import claim as facts
from contracts import payment as payment_facts
from contracts.claim import CLAIM
from contracts.errors import DomainError, NotKnownYet
from contracts.ids import named_id, new_id
from contracts.tables import Input, Nothing
from contracts.terms import Terms
from contracts.workdays import Moment
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause
from services.chassis.web.look.forms import Cents
from services.reimbursements import ledger
from services.reimbursements.kinds import claims, payments
from services.reimbursements.models import Budget, Case, Claim, Payee, Payment, Reservation
from services.reimbursements.posting import Occasion
from services.reimbursements.sepa import end_to_end_id

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
    """Opens a claim on a committed reservation; files it at once when the payee's account is checked."""
    sequence = int((await tx.execute(select(numbers.next_value()))).scalar_one())
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
        due_at=at.plus_days(terms_of(case).claim_days),
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
        due_at=at.plus_days(terms_of(case).claim_days),
        replaces=replaces,
    )
    await claims.record(tx, claim, "open", body, at, cause)
    if await checked_payee(tx, case.organisation) is not None:
        await file_itself(tx, claim, case, at, cause)
    return claim


async def file_itself(tx: Tx, claim: Claim, case: Case, at: Moment, cause: Cause) -> None:
    """A lump sum needs no words of the claimant once the account is known and checked."""
    claim.filed_by = case.applicant
    claim.due_at = None
    claim.reminders = 0
    await claims.record(tx, claim, "file_itself", facts.Filed(amount_cents=claim.amount_cents), at, cause)


@rule(CLAIM, "file")
async def file(work: Work[Claim], given: Nothing, at: Moment) -> facts.Filed:
    await _filed(work)
    return facts.Filed(amount_cents=work.row.amount_cents)


@rule(CLAIM, "revise")
async def revise(work: Work[Claim], given: Nothing, at: Moment) -> facts.Revised:
    """Whatever changed since, verification and approval count no more."""
    await _filed(work)
    return facts.Revised(amount_cents=work.row.amount_cents)


async def _filed(work: Work[Claim]) -> None:
    claim = work.row
    if await checked_payee(work.tx, claim.organisation) is None:
        raise DomainError("payee-missing", status=409)
    claim.filed_by = work.actor.person
    _void_checks(claim)


@rule(CLAIM, "verify")
async def verify(work: Work[Claim], given: Verify, at: Moment) -> facts.Verified:
    claim = work.row
    _not_the_claimant(work)
    if given.accepted_cents > claim.amount_cents:
        raise DomainError("more-than-claimed", "accepted_cents", claimed=f"{claim.amount_cents / 100:,.2f}")
    claim.verified_by = work.actor.person
    claim.accepted_cents = given.accepted_cents
    claim.explanation = given.remark
    return facts.Verified(accepted_cents=given.accepted_cents)


@rule(CLAIM, "approve")
async def approve(work: Work[Claim], given: Nothing, at: Moment) -> facts.Approved:
    """Draws the accepted sum and proposes its payment, in one transaction."""
    claim, tx = work.row, work.tx
    _not_the_claimant(work)
    if work.actor.person == claim.verified_by:
        raise DomainError("verified-yourself", status=403)
    if work.actor.person in claim.deciders:
        raise DomainError("decided-the-case", status=403)
    payee = await checked_payee(tx, claim.organisation)
    if payee is None:
        raise DomainError("payee-missing", status=409)
    await tx.locked(Budget, claim.budget)
    await tx.locked(Reservation, claim.reservation)
    claim.approved_by = work.actor.person
    occasion = occasion_of(claim, "approve", at)
    await ledger.approve(tx.session, occasion, payout_of(claim))
    payment = propose(work, claim, payee.id, work.actor.person)
    return facts.Approved(accepted_cents=claim.accepted_cents, payment=payment.id)


@rule(CLAIM, "return")
async def return_(work: Work[Claim], given: Return, at: Moment) -> facts.Returned:
    """Gives back what was drawn; a payment that is in a batch already is taken out there first."""
    claim, tx = work.row, work.tx
    _not_the_claimant(work)
    if claim.state == "approved":
        payment = await open_payment(tx, claim)
        if payment is None or payment.state != "proposed":
            raise DomainError("payment-in-batch", status=409)
        await tx.locked(Budget, claim.budget)
        await ledger.give_back(tx.session, occasion_of(claim, "give_back", at), payout_of(claim))
        work.beside(payments, payment, "withdraw", payment_facts.Withdrawn())
        claim.attempt += 1
    claim.reason, claim.explanation = given.reason, given.explanation
    _void_checks(claim)
    claim.due_at = await fresh_due(tx, claim, at)
    return facts.Returned(reason=given.reason, due_at=claim.due_at)


@rule(CLAIM, "reject")
async def reject(work: Work[Claim], given: Reject, at: Moment) -> facts.Rejected:
    claim = work.row
    _not_the_claimant(work)
    claim.reason, claim.explanation = given.reason, given.explanation
    claim.deciders = [*claim.deciders, work.actor.person]
    claim.due_at = at.plus_days((await _terms(work.tx, claim)).appeal_days)
    return facts.Rejected(reason=given.reason, due_at=claim.due_at)


@rule(CLAIM, "appeal")
async def appeal(work: Work[Claim], given: Appeal, at: Moment) -> facts.Appealed:
    claim = work.row
    if claim.appeal != "none" or claim.final:
        raise DomainError("appeal-once", status=409)
    if claim.due_at is not None and at.now > claim.due_at:
        raise DomainError("too-late", status=409, due=claim.due_at.date().isoformat())
    claim.appeal, claim.appeal_text = "open", given.explanation
    claim.due_at = at.plus_days((await _terms(work.tx, claim)).appeal_days)
    return facts.Appealed(due_at=claim.due_at)


@rule(CLAIM, "grant_appeal")
async def grant_appeal(work: Work[Claim], given: Nothing, at: Moment) -> facts.Reopened:
    claim = work.row
    if claim.appeal != "open":
        raise DomainError("no-appeal", status=409)
    was = "rejected" if claim.state == "rejected" else "expired"
    claim.appeal = "none"
    _void_checks(claim)
    claim.due_at = await fresh_due(work.tx, claim, at)
    return facts.Reopened(was=was, due_at=claim.due_at)


@rule(CLAIM, "refuse_appeal")
def refuse_appeal(claim: Claim, given: Nothing, at: Moment) -> facts.AppealRefused:
    if claim.appeal != "open":
        raise DomainError("no-appeal", status=409)
    claim.appeal = "refused"
    claim.due_at = at.now
    return facts.AppealRefused()


def propose(work: Work[Any], claim: Claim, payee: UUID, approver: UUID) -> Payment:
    """A payment proposal for the claim's present attempt."""
    payment = Payment(
        id=new_id(),
        claim=claim.id,
        case_id=claim.case_id,
        organisation=claim.organisation,
        member=claim.payer,
        attempt=claim.attempt,
        end_to_end_id=end_to_end_id(claim.number, claim.attempt),
        amount_cents=claim.accepted_cents,
        payee=payee,
        approved_by=approver,
        due_on=claim.pay_by,
    )
    body = payment_facts.Proposed(
        claim=claim.id,
        end_to_end_id=payment.end_to_end_id,
        amount_cents=payment.amount_cents,
        currency="EUR",
        attempt=payment.attempt,
    )
    work.beside(payments, payment, "propose", body)
    return payment


async def open_payment(tx: Tx, claim: Claim) -> Payment | None:
    """The payment of the claim's present attempt, locked."""
    statement = select_rows(Payment).where(Payment.claim == claim.id, Payment.attempt == claim.attempt)
    return (await tx.session.exec(statement.with_for_update())).one_or_none()


async def checked_payee(tx: Tx, organisation: UUID) -> Payee | None:
    """The organisation's account, if a second person has checked it."""
    statement = select_rows(Payee).where(Payee.organisation == organisation, Payee.state == "checked")
    return (await tx.session.exec(statement)).one_or_none()


async def fresh_due(tx: Tx, claim: Claim, at: Moment) -> Any:
    """A new window for the claimant."""
    claim.reminders = 0
    return at.plus_days((await _terms(tx, claim)).claim_days)


async def newest_of(tx: Tx, case_id: UUID) -> Claim | None:
    """The case's claim, or the one that replaces it."""
    statement = select_rows(Claim).where(Claim.case_id == case_id).order_by(col(Claim.opened_at).desc()).limit(1)
    return (await tx.session.exec(statement)).one_or_none()


def pay_by_of(validated: dict[str, Any], terms: Terms) -> date:
    """Ten calendar days from the latest of completion, validation and last evidence (CX-37)."""
    latest = max(date.fromisoformat(validated[name]) for name in ("completed_on", "validated_on", "last_evidence_on"))
    return latest + timedelta(days=terms.payment_days)


def payout_of(claim: Claim) -> ledger.Payout:
    return ledger.Payout(
        line=claim.budget,
        reservation=claim.reservation,
        member=claim.payer,
        claim=claim.id,
        cents=claim.accepted_cents,
    )


def occasion_of(claim: Claim, act: str, at: Moment | date) -> Occasion:
    """One posting per act and attempt of a claim; `version` tells repeated approvals of one attempt apart."""
    on = at if isinstance(at, date) else at.today()
    return Occasion(named_id("posting", act, claim.id, claim.version), on, case=claim.case_id, claim=claim.id)


def _void_checks(claim: Claim) -> None:
    claim.verified_by = None
    claim.approved_by = None
    claim.accepted_cents = 0
    claim.due_at = None
    claim.reminders = 0


def _not_the_claimant(work: Work[Claim]) -> None:
    """Nobody of the claimant's organisation does anything else on its claim (ledger duties)."""
    claim = work.row
    own = work.actor.scopes("member") | work.actor.scopes("owner")
    if claim.organisation in own or work.actor.person == claim.filed_by:
        raise DomainError("own-claim", status=403)


async def _terms(tx: Tx, claim: Claim) -> Terms:
    case = await tx.get(Case, claim.case_id)
    if case is None:
        raise NotKnownYet("case", claim.case_id)
    return terms_of(case)
