"""Claims: filed by the claimant, sent back or rejected by finance, appealed against; what all other acts share.

The duties are checked here with a sentence and once more by constraints of the database.
"""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlmodel import col, select

from contracts import claim as facts
from contracts import payment as payment_facts
from contracts.amounts import support_of
from contracts.claim import CLAIM
from contracts.errors import DomainError
from contracts.ids import named_id
from contracts.tables import Input, Nothing
from contracts.terms import Terms
from contracts.workdays import Moment
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.chassis.web.look.values import amount
from services.reimbursements.claims.attendance import attended
from services.reimbursements.claims.lines import lines_of
from services.reimbursements.claims.sums import LEFT_OUT, price
from services.reimbursements.kinds import payments
from services.reimbursements.ledger import acts as ledger
from services.reimbursements.ledger.posting import Occasion
from services.reimbursements.models import Budget, Case, Claim, KnownParty, Reservation
from services.reimbursements.payees.models import Payee
from services.reimbursements.payments.payments import payment_of, payout_of


class Return(Input):
    reason: facts.ReturnReason = Field(title="What is missing?")
    explanation: str = Field(title="Tell the claimant what to do", min_length=3, max_length=2000)


class Reject(Input):
    reason: facts.RejectReason = Field(title="Why is it rejected?")
    explanation: str = Field(title="Explain it to the claimant", min_length=3, max_length=2000)


class Appeal(Input):
    explanation: str = Field(title="Why should this be looked at again?", min_length=10, max_length=4000)


class RefuseAppeal(Input):
    explanation: str = Field(
        title="Why does the decision stand?",
        description="Whoever appealed reads this.",
        min_length=10,
        max_length=4000,
    )


def terms_of(case: Case) -> Terms:
    return Terms(**case.frozen["terms"])


@rule(CLAIM, "file")
async def file(work: Work[Claim], given: Nothing, at: Moment) -> facts.Filed:
    await _filed(work, at)
    return facts.Filed(amount_cents=work.row.amount_cents, pay_by=work.row.pay_by)


@rule(CLAIM, "revise")
async def revise(work: Work[Claim], given: Nothing, at: Moment) -> facts.Revised:
    await _filed(work, at)
    return facts.Revised(amount_cents=work.row.amount_cents, pay_by=work.row.pay_by)


async def _filed(work: Work[Claim], at: Moment) -> None:
    """Prices every line; the last evidence is here, so the days to pay are counted from now at the earliest."""
    claim, tx = work.row, work.tx
    case = await tx.found(Case, claim.case_id)
    claim.trip = ""
    if await checked_payee(tx, claim.organisation) is None:
        raise DomainError("payee-missing", status=409)
    if await attended(tx, case) is False:
        raise DomainError(
            "attendance-missing", status=409, percent=support_of(case.frozen).attendance_percent
        )
    lines = await lines_of(tx, claim.id)
    await price(tx, claim, case, lines, at)
    if not claim.amount_cents:
        raise DomainError("nothing-claimed", status=409)
    if claim.takes_receipts:
        claim.pay_by = max(claim.pay_by, at.today() + timedelta(days=terms_of(case).payment_days))
    if (other := await claimed_before(tx, claim, trip_key(case))) is not None:
        raise DomainError("trip-claimed-before", status=409, **other)
    claim.trip = trip_key(case)
    claim.filed_by = work.actor.person
    void_checks(claim)


@rule(CLAIM, "return")
async def return_(work: Work[Claim], given: Return, at: Moment) -> facts.Returned:
    """Gives back what was drawn; a payment that is in a batch already is taken out there first."""
    claim, tx = work.row, work.tx
    not_the_claimant(work)
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
    not_the_claimant(work)
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
    not_the_claimant(work)
    if claim.appeal != "open":
        raise DomainError("no-appeal", status=409)
    due_at = await fresh_due(work.tx, claim, at)
    void_checks(claim)
    claim.appeal, claim.due_at = "none", due_at
    was = "rejected" if claim.state == "rejected" else "expired"
    return facts.Reopened(was=was, due_at=due_at)


@rule(CLAIM, "refuse_appeal")
async def refuse_appeal(work: Work[Claim], given: RefuseAppeal, at: Moment) -> facts.AppealRefused:
    """Final at once: the window was open as long as the appeal was."""
    claim = work.row
    not_the_claimant(work)
    if claim.appeal != "open":
        raise DomainError("no-appeal", status=409)
    claim.appeal, claim.appeal_answer = "refused", given.explanation
    claim.due_at = at.now
    return facts.AppealRefused()


def void_checks(claim: Claim) -> None:
    """Whatever changes a claim, verification and approval count no more; what was said of its lines stays beside
    them for whoever looks next."""
    claim.verified_by = None
    claim.passed_by = None
    claim.approval = None
    claim.remark = ""
    claim.accepted_cents = 0
    claim.due_at = None
    claim.reminders = 0


def trip_key(case: Case) -> str:
    """What makes a trip the same: host and dates. A voucher is for no trip."""
    if support_of(case.frozen).kind == "voucher":
        return ""
    days = case.validated or case.frozen
    return f"{case.frozen['host']}:{days['first_day']}:{days['last_day']}"


async def claimed_before(tx: Tx, claim: Claim, trip: str) -> dict[str, Any] | None:
    """Another claim of the same payee for the same trip at the same amount: its member, day and amount, no more."""
    if not trip:
        return None
    statement = select(Claim).where(
        Claim.organisation == claim.organisation,
        Claim.trip == trip,
        Claim.amount_cents == claim.amount_cents,
        Claim.id != claim.id,
        Claim.id != claim.replaces,
        col(Claim.state).not_in(LEFT_OUT),
    )
    other = (await tx.session.exec(statement.limit(1))).first()
    if other is None:
        return None
    payer = await tx.get(KnownParty, other.payer)
    return {
        "member": payer.name if payer else "–",
        "day": other.opened_at.date(),
        "amount": amount(other.amount_cents),
    }


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


def not_the_claimant(work: Work[Claim]) -> None:
    """Nobody of the claimant's organisation does anything else on its claim, nor who prepared or filed it, for
    themselves or for somebody (ledger duties)."""
    claim = work.row
    own, person = work.actor.partial_to, work.actor.person
    if claim.organisation in own or person == claim.filed_by or person in claim.prepared_by:
        raise DomainError("own-claim", status=403)


async def _terms(tx: Tx, claim: Claim) -> Terms:
    return terms_of(await tx.found(Case, claim.case_id))
