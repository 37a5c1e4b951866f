"""Transfers between the lines of a partnership's members: proposed by one person, made by another, as one posting whose
two lines sum to zero. What the taker gains serves its queue in the same transaction."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts import transfer as facts
from contracts.errors import DomainError
from contracts.ids import named_id, new_id
from contracts.tables import Input
from contracts.transfer import TRANSFER
from contracts.workdays import Moment
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.chassis.web.look.forms import Cents
from services.chassis.web.look.values import amount
from services.reimbursements.budgets.reservations import available, serve_queue
from services.reimbursements.ledger import acts as ledger
from services.reimbursements.ledger.posting import Occasion
from services.reimbursements.models import Budget, Transfer
from services.reimbursements.payments.payments import locked_all


class Propose(Input):
    giver: UUID = Field(title="From line")
    taker: UUID = Field(title="To line")
    amount_cents: Annotated[int, Cents] = Field(title="Amount in euro", gt=0, le=10_000_000_00)
    reason: str = Field(
        title="Reason",
        description="The second person and the funder read it.",
        min_length=10,
        max_length=2000,
    )


class Refuse(Input):
    reason: facts.RefusalReason = Field(title="Reason")


@rule(TRANSFER, "propose")
async def propose(work: Work[Transfer], given: Propose, at: Moment) -> facts.Proposed:
    giver = await work.tx.found(Budget, given.giver)
    taker = await work.tx.found(Budget, given.taker)
    if giver.id == taker.id:
        raise DomainError("transfer-to-itself", "taker")
    if giver.partnership != taker.partnership:
        raise DomainError("transfer-to-another-partnership", "taker")
    if giver.category != taker.category:
        raise DomainError("transfer-to-other-costs", "taker")
    await _enough(work.tx, giver, given.amount_cents)
    work.row = Transfer(
        id=new_id(),
        partnership=giver.partnership,
        giver=giver.id,
        giving_member=giver.member,
        taker=taker.id,
        amount_cents=given.amount_cents,
        reason=given.reason,
        proposed_by=work.actor.person,
        proposed_at=at.now,
    )
    return facts.Proposed(giver=giver.id, taker=taker.id, amount_cents=given.amount_cents)


@rule(TRANSFER, "make")
async def make(work: Work[Transfer], given: Input, at: Moment) -> facts.Made:
    row, tx = work.row, work.tx
    if work.actor.person == row.proposed_by:
        raise DomainError("transfer-by-another", status=403)
    lines = await locked_all(tx, Budget, {row.giver, row.taker})
    await _enough(tx, lines[row.giver], row.amount_cents)
    row.made_by = work.actor.person
    occasion = Occasion(named_id("posting", "transfer", row.id), at.today())
    await ledger.transfer(tx.session, occasion, row.giver, row.taker, row.amount_cents)
    await serve_queue(tx, lines[row.taker], at, work.cause.of_a_step())
    return facts.Made(giver=row.giver, taker=row.taker, amount_cents=row.amount_cents)


@rule(TRANSFER, "refuse")
def refuse(row: Transfer, given: Refuse, at: Moment) -> facts.Refused:
    """Whoever proposed it may take it back in this way."""
    return facts.Refused(reason=given.reason)


async def _enough(tx: Tx, giver: Budget, cents: int) -> None:
    left = await available(tx, giver.id)
    if left < cents:
        raise DomainError("transfer-beyond-available", "amount_cents", available=amount(left))
