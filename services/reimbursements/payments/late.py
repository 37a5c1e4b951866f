"""Payments of which the bank says nothing: listed three TARGET days after their execution. They are proposed anew only
after a refusal of the bank, or after two people have recorded its written word; else somebody would be paid twice.
"""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlmodel import col, select

from contracts import claim as claim_facts
from contracts import payment as facts
from contracts.errors import DomainError
from contracts.ids import named_id
from contracts.payment import PAYMENT
from contracts.tables import Input, Nothing
from contracts.workdays import Moment, plus_target_days
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.chassis.files import kept
from services.chassis.web.look.forms import Upload
from services.reimbursements.kinds import claims, payments
from services.reimbursements.ledger import acts as ledger
from services.reimbursements.ledger.posting import Occasion
from services.reimbursements.models import Claim
from services.reimbursements.payments.models import Payment
from services.reimbursements.payments.payments import OPEN, next_attempt, payout_of

OF_A_LETTER = ".pdf,.jpg,.png,.txt"
"""The kinds of file in which a bank confirms something in writing."""
PATIENCE = 3
"""TARGET days after execution in which an entry or a refusal should have come."""


class Deny(Input):
    document: Annotated[str, Upload(OF_A_LETTER)] = Field(
        title="The bank's written confirmation",
        description="That the payment was not and will not be executed.",
    )
    reason: str = Field(title="What did the bank say?", min_length=3, max_length=2000)


def late_before(today: date) -> date:
    """Payments that were to be executed on this day or earlier are late today."""
    return plus_target_days(today, -PATIENCE)


async def late(tx: Tx, members: frozenset[UUID], today: date) -> list[Payment]:
    """Ordered payments of these members that the bank has neither booked nor refused in time, the oldest first."""
    statement = (
        select(Payment)
        .where(col(Payment.member).in_(members), col(Payment.state).in_(OPEN))
        .where(col(Payment.execution_date) < late_before(today))
        .order_by(col(Payment.execution_date), col(Payment.end_to_end_id))
        .limit(200)
    )
    return list((await tx.session.exec(statement)).all())


@rule(PAYMENT, "deny")
async def deny(work: Work[Payment], given: Deny, at: Moment) -> facts.Denied:
    """The first person records what the bank has written."""
    payment = work.row
    if payment.execution_date is None or payment.execution_date >= late_before(at.today()):
        raise DomainError("payment-not-late", status=409)
    (document,) = await kept(work.tx, [given.document], work.actor.person, "document")
    payment.denied_by = work.actor.person
    payment.denial = {"document": document.id, "name": document.name, "reason": given.reason}
    return facts.Denied(document=document.id)


@rule(PAYMENT, "confirm_denial")
async def confirm_denial(work: Work[Payment], given: Nothing, at: Moment) -> facts.Withdrawn:
    """The second person: approval and draw stand, the next attempt is proposed under an id of its own."""
    payment, tx, cause = work.row, work.tx, work.cause.of_a_step()
    if payment.denied_by is None:
        raise DomainError("deny-first", status=409)
    if payment.denied_by == work.actor.person:
        raise DomainError("denied-yourself", status=403)
    assert payment.batch is not None
    payment.denial_confirmed_by = work.actor.person
    claim = await tx.found(Claim, payment.claim)
    occasion = Occasion(named_id("posting", "refuse", payment.id), at.today(), payment.case_id, payment.claim)
    await ledger.withdraw_order(tx.session, occasion, payment.batch, [payout_of(claim)])
    claim.attempt += 1
    body = claim_facts.OrderWithdrawn(attempt=claim.attempt)
    await claims.record(tx, claim, "withdraw_order", body, at, cause)
    newer, proposed = next_attempt(payment, claim)
    work.beside(payments, newer, "propose", proposed)
    return facts.Withdrawn()
