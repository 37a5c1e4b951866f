"""Batches: payments that are ordered with one file, authorised by two people who filed and approved none of them.

The payment file is made once, checked, and kept: whoever downloads it later gets the same bytes.
"""

from collections.abc import Sequence
from uuid import UUID

from pydantic import Field
from sqlalchemy import or_, true
from sqlmodel import col, select

from contracts import batch as facts
from contracts import claim as claim_facts
from contracts import payment as payment_facts
from contracts.batch import BATCH
from contracts.errors import DomainError
from contracts.ids import named_id, new_id
from contracts.tables import Input, Nothing
from contracts.workdays import Moment
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.reimbursements.banking.target import execution_day
from services.reimbursements.claims.after_end import earliest_booking, last_days
from services.reimbursements.claims.models import LatePayment
from services.reimbursements.kinds import claims, payments
from services.reimbursements.ledger import acts as ledger
from services.reimbursements.ledger.posting import Occasion
from services.reimbursements.models import Budget, Claim
from services.reimbursements.payees.models import Payee
from services.reimbursements.payments.files import funds_of, write_file
from services.reimbursements.payments.held import held_claims, must_not_be_held
from services.reimbursements.payments.models import Batch, Payment
from services.reimbursements.payments.payments import (
    OPEN,
    ids_in_batch,
    locked_dues,
    payout_of,
    propose_anew,
)

MOST = 5000
"""Payments in one batch: all of them are ordered in one transaction, and wait for nobody else meanwhile."""


class Propose(Input):
    member: UUID = Field(title="Paying member")
    also: UUID | None = Field(None, title="Another paying member in the same file")
    budget: UUID | None = Field(None, title="Only of this budget line")
    reason: str = Field(
        "",
        title="Reason",
        description="Needed where the batch is more than the account holds by its last statement.",
        max_length=2000,
    )


@rule(BATCH, "propose")
async def propose(work: Work[Batch], given: Propose, at: Moment) -> facts.Proposed:
    """Everything that a member owes from the account of its earliest due payment; what is owed to an account that is
    not checked now waits for the next batch. It is executed in time for the first due date, and within the action."""
    tx, members = work.tx, sorted({given.member, given.also or given.member})
    if not work.actor.scopes("treasurer").issuperset(members):
        raise DomainError("not-your-role", status=403)
    chosen = [payment for member in members for payment in await _due(tx, member, given.budget, at)]
    if not chosen:
        raise DomainError("nothing-to-pay", "member", status=409)
    _not_the_claimants(work, chosen)
    if not given.reason and any(one.short for one in await funds_of(tx, chosen)):
        raise DomainError("above-the-balance", "reason")
    ends = await last_days(tx, [payment.id for payment in chosen])
    due = min(min(payment.due_on, ends.get(payment.id, payment.due_on)) for payment in chosen)
    work.row = batch = Batch(
        id=new_id(),
        member=given.member,
        members=members,
        message_id=f"RELAIS-{new_id().hex[:20]}",
        execution_date=execution_day(at.today(), due),
        sum_cents=sum(payment.amount_cents for payment in chosen),
        payments=len(chosen),
        reason=given.reason,
        proposed_at=at.now,
    )
    for payment in chosen:
        payment.batch = batch.id
        work.beside(payments, payment, "put_in_batch", payment_facts.Batched(batch=batch.id))
    return facts.Proposed(
        member=given.member,
        payments=batch.payments,
        sum_cents=batch.sum_cents,
        execution_date=batch.execution_date,
    )


@rule(BATCH, "second")
async def second(work: Work[Batch], given: Nothing, at: Moment) -> facts.Seconded:
    """The first of the two who authorise."""
    within = select(Payment).where(Payment.batch == work.row.id)
    _may_authorise(work, (await work.tx.session.exec(within)).all())
    work.row.first = work.actor.person
    return facts.Seconded()


@rule(BATCH, "authorise")
async def authorise(work: Work[Batch], given: Nothing, at: Moment) -> facts.Authorised:
    """The second person: the money is ordered, and the file of it is written, checked and kept."""
    batch, tx = work.row, work.tx
    attempts = await locked_dues(tx, await ids_in_batch(tx, batch.id))
    _may_authorise(work, [one.payment for one in attempts])
    if work.actor.person == batch.first:
        raise DomainError("authorised-yourself", status=403)
    if not batch.reason and any(one.short for one in await funds_of(tx, [one.payment for one in attempts])):
        raise DomainError("above-the-balance-now", status=409)
    batch.second = work.actor.person
    if batch.execution_date < at.today():
        batch.execution_date = execution_day(at.today(), at.today())
    booked = max(batch.execution_date, earliest_booking(at.today()))
    await must_not_be_held(tx, [one.claim.id for one in attempts])
    if any(end < booked for end in (await last_days(tx, [one.payment.id for one in attempts])).values()):
        raise DomainError("batch-after-end", status=409)
    occasion = Occasion(named_id("posting", "order", batch.id), at.today())
    await ledger.order(tx.session, occasion, batch.id, [payout_of(one.claim) for one in attempts])
    batch.file_hash = await write_file(tx, batch, attempts, at)
    for one in attempts:
        one.payment.first, one.payment.second = batch.first, batch.second
        one.payment.execution_date = batch.execution_date
        sent = payment_facts.Sent(batch=batch.id, execution_date=batch.execution_date)
        work.beside(payments, one.payment, "send", sent)
        ordered = claim_facts.Ordered(payment=one.payment.id, batch=batch.id)
        work.beside(claims, one.claim, "order", ordered)
    return facts.Authorised(
        message_id=batch.message_id,
        file_hash=batch.file_hash,
        sum_cents=batch.sum_cents,
        payments=batch.payments,
    )


@rule(BATCH, "ask_withdrawal")
async def ask_withdrawal(work: Work[Batch], given: Nothing, at: Moment) -> facts.WithdrawalAsked:
    """The first of the two who say that the bank will not execute an authorised file."""
    work.row.asked_by = work.actor.person
    return facts.WithdrawalAsked()


@rule(BATCH, "withdraw")
async def withdraw(work: Work[Batch], given: Nothing, at: Moment) -> facts.Withdrawn:
    """Before ordering the payments are free again; after it two people are needed, and each payment gets a new
    attempt, for its end-to-end id may be known to the bank."""
    batch, tx, cause = work.row, work.tx, work.cause.of_a_step()
    attempts = await locked_dues(tx, await ids_in_batch(tx, batch.id))
    if batch.state != "authorised":
        for one in attempts:
            one.payment.batch = one.payment.account = None
            work.beside(payments, one.payment, "take_out", payment_facts.TakenOut(batch=batch.id))
        return facts.Withdrawn()
    if batch.asked_by is None:
        raise DomainError("ask-withdrawal-first", status=409)
    if batch.asked_by == work.actor.person:
        raise DomainError("withdraw-by-another", status=403)
    if not may_be_taken_back([one.payment for one in attempts]):
        raise DomainError("payment-booked", status=409)
    ordered = [one for one in attempts if one.payment.state in OPEN]
    batch.withdrawn_by = work.actor.person
    occasion = Occasion(named_id("posting", "withdraw_order", batch.id), at.today())
    await ledger.withdraw_order(tx.session, occasion, batch.id, [payout_of(one.claim) for one in ordered])
    for one in ordered:
        await propose_anew(tx, one, at, cause)
    return facts.Withdrawn()


def may_be_taken_back(rows: Sequence[Payment]) -> bool:
    """Whether an authorised batch may still be withdrawn: the bank has executed none of its payments."""
    states = {row.state for row in rows}
    return bool(states.intersection(OPEN)) and not states.intersection(("booked", "returned"))


def _may_authorise(work: Work[Batch], paid: Sequence[Payment]) -> None:
    """A treasurer of every member that pays, who filed and approved none of it."""
    if not work.actor.scopes("treasurer").issuperset(work.row.members):
        raise DomainError("not-your-role", status=403)
    _not_the_claimants(work, paid)
    if any(work.actor.person in one.barred for one in paid):
        raise DomainError("approved-a-payment", status=403)


def _not_the_claimants(work: Work[Batch], rows: Sequence[Payment]) -> None:
    """Nobody handles a payment to their own organisation."""
    own = work.actor.partial_to
    if any(payment.organisation in own for payment in rows):
        raise DomainError("own-claim", status=403)


async def _due(tx: Tx, member: UUID, budget: UUID | None, at: Moment) -> list[Payment]:
    """Payments of one account that wait for a batch, each with that account: the earliest due decides which. What
    would be booked after the end of the action waits for a second person's consent; what is held by a line in
    suspense, for its explanation."""
    booked = earliest_booking(at.today())
    consented = select(LatePayment.claim).where(LatePayment.state == "consented")
    statement = (
        select(Payment, Budget.account)
        .join(Claim, col(Claim.id) == col(Payment.claim))
        .join(Budget, col(Budget.id) == col(Claim.budget))
        .join(Payee, col(Payee.id) == col(Payment.payee))
        .where(Payment.member == member, Payment.state == "proposed", Payee.state == "checked")
        .where(Claim.budget == budget if budget else true())
        .where(or_(col(Budget.action_end) >= booked, col(Payment.claim).in_(consented)))
        .order_by(col(Payment.due_on), col(Payment.id))
        .limit(MOST)
        .with_for_update(of=Payment)
    )
    due = (await tx.session.exec(statement)).all()
    held = await held_claims(tx, [payment.claim for payment, _account in due])
    free = [(payment, account) for payment, account in due if payment.claim not in held]
    chosen = [payment for payment, account in free if account == free[0][1]]
    for payment in chosen:
        payment.account = free[0][1]
    return chosen
