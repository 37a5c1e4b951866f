"""Payments: one attempt each to pay a claim, its end-to-end id never used twice; and the locks of acts on many.

Locks are taken in one order everywhere, by id within a kind: cases, claims, payments, budget lines, reservations.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from sqlmodel import col, func, select

from contracts import claim as claim_facts
from contracts import payment as facts
from contracts.countries import in_sepa
from contracts.errors import DomainError
from contracts.ids import new_id
from contracts.workdays import Moment
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause
from services.chassis.many import among
from services.reimbursements.banking.sepa import end_to_end_id
from services.reimbursements.claims.lines import lines_of_all
from services.reimbursements.claims.models import ClaimLine, Demand
from services.reimbursements.kinds import claims, payments
from services.reimbursements.ledger import acts as ledger
from services.reimbursements.models import Budget, Case, Claim
from services.reimbursements.payees.models import Payee
from services.reimbursements.payments.models import PayingAccount, Payment

OPEN = ("sent", "accepted")
"""States in which the bank has been told to pay and has not booked it yet."""

Locked = TypeVar("Locked", Case, Claim, Payment, Budget, Payee)


@dataclass(frozen=True)
class Due:
    """A payment with its claim, both locked, as is their case."""

    payment: Payment
    claim: Claim


@dataclass(frozen=True)
class Attempt(Due):
    """The same with what the bank's answer may change: the case, the budget line, the lines of the claim, its open
    demand."""

    case: Case
    budget: Budget
    lines: Sequence[ClaimLine]
    demand: Demand | None


async def locked_dues(tx: Tx, ids: Collection[UUID]) -> list[Due]:
    """These payments by id, with their claims."""
    columns = (col(Payment.claim), col(Payment.case_id))
    found = (await tx.execute(select(*columns).where(among(Payment.id, ids)))).all()
    of_them = among(Case.id, {row.case_id for row in found})
    await tx.execute(select(Case.id).where(of_them).order_by(col(Case.id)).with_for_update())
    claims = await locked_all(tx, Claim, {row.claim for row in found})
    return [Due(one, claims[one.claim]) for one in (await locked_all(tx, Payment, ids)).values()]


async def locked_attempts(tx: Tx, ids: Collection[UUID]) -> list[Attempt]:
    """These payments by id, with all that the bank's answer may change; their budget lines are locked as well."""
    dues = await locked_dues(tx, ids)
    cases = await locked_all(tx, Case, {due.payment.case_id for due in dues})
    budgets = await locked_all(tx, Budget, {due.claim.budget for due in dues})
    claims = {due.claim.id for due in dues}
    lines = await lines_of_all(tx, claims)
    demands = select(Demand).where(among(Demand.claim, claims), col(Demand.settled_on).is_(None))
    open_ones = {demand.claim: demand for demand in (await tx.session.exec(demands)).all()}
    return [
        Attempt(
            due.payment,
            due.claim,
            cases[due.payment.case_id],
            budgets[due.claim.budget],
            lines[due.claim.id],
            open_ones.get(due.claim.id),
        )
        for due in dues
    ]


async def locked_all(tx: Tx, model: type[Locked], ids: Collection[UUID]) -> dict[UUID, Locked]:
    """Rows by id, locked in the order of their ids; those that do not exist are left out."""
    statement = select(model).where(among(model.id, ids)).order_by(col(model.id)).with_for_update()
    rows = await tx.session.exec(statement.execution_options(populate_existing=True))
    return {row.id: row for row in rows}


async def ids_in_batch(tx: Tx, batch: UUID) -> list[UUID]:
    """The payments that were put in it; steady while the caller holds the batch's lock."""
    return list((await tx.session.exec(select(Payment.id).where(Payment.batch == batch))).all())


def proposal(claim: Claim, payee: UUID, barred: list[UUID]) -> Payment:
    """The payment of an approved claim's present attempt; barred are those who may not authorise it."""
    assert claim.approval is not None
    return Payment(
        id=new_id(),
        claim=claim.id,
        case_id=claim.case_id,
        organisation=claim.organisation,
        member=claim.payer,
        attempt=claim.attempt,
        end_to_end_id=end_to_end_id(claim.number, claim.attempt),
        amount_cents=claim.accepted_cents,
        payee=payee,
        approval=claim.approval,
        barred=barred,
        due_on=claim.pay_by,
    )


def proposed(payment: Payment) -> facts.Proposed:
    return facts.Proposed(
        claim=payment.claim,
        end_to_end_id=payment.end_to_end_id,
        amount_cents=payment.amount_cents,
        currency="EUR",
        attempt=payment.attempt,
    )


async def propose_anew(tx: Tx, due: Due, at: Moment, cause: Cause) -> None:
    """The payer's cause: the approval and its draw stand, the next attempt is proposed."""
    payment, claim = due.payment, due.claim
    await payments.record(tx, payment, "withdraw", facts.Withdrawn(), at, cause)
    claim.attempt += 1
    body = claim_facts.OrderWithdrawn(attempt=claim.attempt)
    await claims.record(tx, claim, "withdraw_order", body, at, cause)
    newer, proposal_of_it = next_attempt(payment, claim)
    await payments.record(tx, newer, "propose", proposal_of_it, at, cause)


def next_attempt(payment: Payment, claim: Claim) -> tuple[Payment, facts.Proposed]:
    """The payment of the claim's present attempt to the same payee, and its fact."""
    newer = proposal(claim, payment.payee, payment.barred)
    return newer, proposed(newer)


def outside_sepa(payee: Payee, on: date) -> bool:
    """Whether a SEPA transfer does not reach the payee's account on that day."""
    return not payee.is_iban or not in_sepa(payee.bank_country, on)


async def must_be_payable(tx: Tx, claim: Claim, payee: Payee, at: Moment) -> None:
    """Says before the approval that the paying bank does not reach the account, not when it is to be paid."""
    line = await tx.found(Budget, claim.budget)
    account = await tx.found(PayingAccount, line.account)
    if outside_sepa(payee, at.today()) and not account.outside_sepa:
        raise DomainError("bank-not-outside-sepa", status=409, holder=payee.holder)


async def payment_of(tx: Tx, claim: Claim) -> Payment | None:
    """The payment of the claim's present attempt, locked."""
    statement = select(Payment).where(Payment.claim == claim.id, Payment.attempt == claim.attempt)
    return (await tx.session.exec(statement.with_for_update())).one_or_none()


async def newest_attempt(tx: Tx, claim: Claim) -> int:
    """The number used last: the attempt that the bank has paid may be an older one."""
    return (await tx.session.exec(select(func.max(Payment.attempt)).where(Payment.claim == claim.id))).one()


def payout_of(claim: Claim) -> ledger.Payout:
    """What the ledger moves for this claim."""
    return ledger.Payout(
        line=claim.budget,
        reservation=claim.reservation,
        member=claim.payer,
        claim=claim.id,
        cents=claim.accepted_cents,
    )
