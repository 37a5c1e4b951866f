"""Recovery: what was paid too much is demanded back by number, reminded in three levels, received in parts or waived.

A demand is proposed by one coordinator and ordered by another; so is a waiver, with a reason and a document."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy import Sequence as Counter
from sqlmodel import SQLModel, col, select

from contracts import claim as facts
from contracts import suspense as suspense_facts
from contracts.claim import CLAIM
from contracts.errors import DomainError, NotKnownYet
from contracts.ids import named_id, new_id
from contracts.programmes import programme_of, share_of
from contracts.tables import Input, Nothing
from contracts.workdays import Moment
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause
from services.chassis.files import kept
from services.chassis.web.look.forms import Cents, Upload
from services.chassis.web.look.values import amount
from services.reimbursements.bank.models import SuspenseLine
from services.reimbursements.budgets import limits
from services.reimbursements.budgets.reservations import serve_queue
from services.reimbursements.claims.claims import not_the_claimant, occasion_of
from services.reimbursements.claims.models import Demand
from services.reimbursements.funder.bearing import regain
from services.reimbursements.kinds import claims, suspense
from services.reimbursements.ledger import acts as ledger
from services.reimbursements.ledger.posting import Occasion
from services.reimbursements.models import Budget, Claim, KnownAction

PAY_BACK_DAYS = 30
DUNNING_DAYS = 14
LEVELS = 3

NUMBER = re.compile(r"\bRD-\d{4}-\d{4,}\b")
"""How a demand is numbered: year and running number."""

demand_numbers = Counter("demand_numbers", metadata=SQLModel.metadata)


class ProposeRecovery(Input):
    amount_cents: Annotated[int, Cents] = Field(title="Sum to be paid back, in euro", gt=0)
    reason: facts.RecoveryReason = Field(title="Why?")
    explanation: str = Field(title="Explain it to the recipient", min_length=10, max_length=4000)


class MatchRecovery(Input):
    entry: UUID = Field(title="Credit of the bank that nobody has explained")


class AskWaiver(Input):
    reason: str = Field(title="Why is the rest waived?", min_length=10, max_length=2000)
    document: Annotated[str, Upload(".pdf,.jpg,.jpeg,.png")] = Field(title="The decision, as a document")


@dataclass(frozen=True)
class Received:
    """Money of a debtor that the bank has booked. explains: the posting under which it has waited in suspense."""

    occasion: Occasion
    bank_account: UUID
    cents: int
    explains: UUID | None = None


@rule(CLAIM, "propose_recovery")
async def propose_recovery(work: Work[Claim], given: ProposeRecovery, at: Moment) -> facts.RecoveryProposed:
    """Nothing is demanded yet. A new proposal takes the place of one that was not ordered."""
    claim, tx = work.row, work.tx
    not_the_claimant(work)
    if given.amount_cents > claim.paid_cents:
        raise DomainError("more-than-paid", "amount_cents", paid=amount(claim.paid_cents))
    demand = await open_demand(tx, claim.id)
    if demand is None:
        sequence = int((await tx.execute(select(demand_numbers.next_value()))).scalar_one())
        demand = Demand(
            id=new_id(), claim=claim.id, number=f"RD-{at.today().year}-{sequence:04d}", member=claim.payer,
            organisation=claim.organisation, amount_cents=given.amount_cents, reason=given.reason,
            explanation=given.explanation, proposed_by=work.actor.person,
        )  # fmt: skip
    demand.amount_cents, demand.reason = given.amount_cents, given.reason
    demand.explanation, demand.proposed_by = given.explanation, work.actor.person
    tx.add(demand)
    return facts.RecoveryProposed(amount_cents=given.amount_cents, reason=given.reason)


@rule(CLAIM, "order_recovery")
async def order_recovery(work: Work[Claim], given: Nothing, at: Moment) -> facts.RecoveryOrdered:
    """RECEIVABLE / SUPPORT: from now on the recipient owes it."""
    claim, tx = work.row, work.tx
    not_the_claimant(work)
    demand = await open_demand(tx, claim.id)
    if demand is None:
        raise DomainError("no-recovery-proposed", status=409)
    if demand.proposed_by == work.actor.person:
        raise DomainError("recovery-by-another", status=403)
    due_on = at.today() + timedelta(days=PAY_BACK_DAYS)
    demand.ordered_by, demand.ordered_on = work.actor.person, at.today()
    demand.first_due_on = demand.due_on = due_on
    tx.add(demand)
    await tx.locked(Budget, claim.budget)
    await ledger.order_recovery(tx.session, occasion_of(claim, "recovery", at), owed_back(claim, demand))
    return facts.RecoveryOrdered(
        number=demand.number,
        amount_cents=demand.amount_cents,
        reason=demand.reason,  # pyright: ignore[reportArgumentType]
        due_on=due_on,
    )


@rule(CLAIM, "ask_waiver")
async def ask_waiver(work: Work[Claim], given: AskWaiver, at: Moment) -> facts.WaiverAsked:
    claim, tx = work.row, work.tx
    not_the_claimant(work)
    demand = await _ordered(tx, claim)
    (document,) = await kept(tx, [given.document], work.actor.person, "document")
    demand.waiver_reason, demand.waiver_document = given.reason, document.id
    demand.waiver_asked_by = work.actor.person
    tx.add(demand)
    return facts.WaiverAsked(open_cents=demand.open_cents)


@rule(CLAIM, "waive_recovery")
async def waive_recovery(work: Work[Claim], given: Nothing, at: Moment) -> facts.RecoveryWaived:
    """WRITTEN_OFF / RECEIVABLE for what is still open; the funder's share stays owed to the funder."""
    claim, tx = work.row, work.tx
    not_the_claimant(work)
    demand = await _ordered(tx, claim)
    if demand.waiver_asked_by is None:
        raise DomainError("no-waiver-asked", status=409)
    if demand.waiver_asked_by == work.actor.person:
        raise DomainError("waiver-by-another", status=403)
    rest, occasion = demand.open_cents, occasion_of(claim, "waiver", at)
    await tx.locked(Budget, claim.budget)
    borne = await regain(tx, claim, occasion.id, rest, at)
    share = await _owed_on(tx, claim, demand, rest - borne)
    await ledger.waive(tx.session, occasion, owed_back(claim, demand, rest), share)
    demand.waived_by, demand.waived_cents = work.actor.person, demand.waived_cents + rest
    demand.settled_on = at.today()
    tx.add(demand)
    return facts.RecoveryWaived(waived_cents=rest)


@rule(CLAIM, "match_recovery")
async def match_recovery(work: Work[Claim], given: MatchRecovery, at: Moment) -> facts.RecoveryMatched:
    """A treasurer says which credit of the bank, not explained so far, pays a demand back."""
    claim, tx = work.row, work.tx
    not_the_claimant(work)
    demand = await _ordered(tx, claim)
    entry = await _credit(tx, claim, given.entry)
    if entry.cents > demand.open_cents:
        raise DomainError("more-than-open", "entry", open=amount(demand.open_cents))
    demand.matched, demand.matched_by = entry.id, work.actor.person
    tx.add(demand)
    return facts.RecoveryMatched(amount_cents=entry.cents)


@rule(CLAIM, "confirm_recovery")
async def confirm_recovery(
    work: Work[Claim], given: Nothing, at: Moment
) -> facts.PartRecovered | facts.Recovered:
    """Another treasurer confirms it: the money leaves SUSPENSE and pays back what is receivable."""
    claim, tx = work.row, work.tx
    not_the_claimant(work)
    demand = await _ordered(tx, claim)
    if demand.matched is None:
        raise DomainError("no-credit-matched", status=409)
    if demand.matched_by == work.actor.person:
        raise DomainError("match-by-another", status=403)
    entry = await _credit(tx, claim, demand.matched)
    occasion = Occasion(
        named_id("posting", "recovered", entry.id), entry.value_on, case=claim.case_id, claim=claim.id
    )
    entry.how, entry.reason = "recovery", demand.number
    entry.explained_by, entry.settled_by = demand.matched_by, work.actor.person
    work.beside(suspense, entry, "settle", suspense_facts.Settled(how="recovery"))
    received = Received(occasion, entry.account, entry.cents, explains=entry.posting)
    return await receive(tx, claim, demand, received, at, work.cause.of_a_step())


async def receive(
    tx: Tx, claim: Claim, demand: Demand, received: Received, at: Moment, cause: Cause
) -> facts.PartRecovered | facts.Recovered:
    """What pays a demand back, in part or in full. Within the action it can be granted again, and who waits is served;
    after it the funder's part is owed on, unless it has cut it before. The recipient got so much less, which counts on
    its limits."""
    line = await tx.locked(Budget, claim.budget)
    cents, value_on = received.cents, received.occasion.on
    inside = line.action_start <= value_on <= line.action_end
    borne = await regain(tx, claim, received.occasion.id, cents, at)
    share = 0 if inside else await _owed_on(tx, claim, demand, cents - borne)
    await ledger.recover(
        tx.session, received.occasion, received.bank_account, owed_back(claim, demand, cents), inside=inside,
        share_cents=share, explains=received.explains,
    )  # fmt: skip
    await limits.lower(tx, claim.case_id, received.occasion.id, cents, at)
    demand.received_cents += cents
    demand.matched = demand.matched_by = None
    if demand.open_cents == 0:
        demand.settled_on = value_on
    tx.add(demand)
    if inside:
        await serve_queue(tx, line, at, cause)
    if demand.open_cents:
        return facts.PartRecovered(received_cents=cents, open_cents=demand.open_cents)
    return facts.Recovered(received_cents=cents)


async def open_credits(tx: Tx, member: UUID) -> list[SuspenseLine]:
    """Credits on the member's accounts that nobody has explained, newest first."""
    statement = (
        select(SuspenseLine)
        .where(SuspenseLine.member == member, SuspenseLine.state == "open", SuspenseLine.cents > 0)
        .order_by(col(SuspenseLine.id).desc())
        .limit(100)
    )
    return list((await tx.session.exec(statement)).all())


async def _credit(tx: Tx, claim: Claim, id: UUID) -> SuspenseLine:
    """A credit that waits, locked; whoever explains it otherwise meets the same lock."""
    line = await tx.session.get(SuspenseLine, id, with_for_update=True, populate_existing=True)
    if line is None or line.member != claim.payer or line.state != "open" or line.cents <= 0:
        raise DomainError("no-such-credit", "entry")
    return line


async def _owed_on(tx: Tx, claim: Claim, demand: Demand, cents: int) -> int:
    """What of this sum is owed on to the funder, by the programme's rate for support to third parties. Rounded on the
    whole of what is not recovered within the action, so that parts owe no cent more or less than the whole."""
    action = await tx.get(KnownAction, claim.partnership)
    if action is None:
        raise NotKnownYet("partnership", claim.partnership)
    whole = share_of(programme_of(action.programme), demand.outside_cents + cents)
    share, demand.outside_cents, demand.funder_cents = (
        whole - demand.funder_cents,
        demand.outside_cents + cents,
        whole,
    )
    return share


async def dun(tx: Tx, at: Moment, cause: Cause) -> int:
    """Reminds every debtor whose time is over, a level a fortnight, three in all. Repeatable; how many it was."""
    late = select(Demand).where(
        col(Demand.ordered_by).is_not(None),
        col(Demand.settled_on).is_(None),
        col(Demand.due_on) < at.today(),
        Demand.level < LEVELS,
    )
    told = 0
    for demand in (await tx.session.exec(late.order_by(col(Demand.id)).limit(500))).all():
        claim = await claims.locked(tx, demand.claim)
        await tx.session.refresh(demand)
        if claim.state != "recovering" or demand.due_on is None or demand.due_on >= at.today():
            continue
        demand.level += 1
        demand.due_on = at.today() + timedelta(days=DUNNING_DAYS)
        tx.add(demand)
        body = facts.Dunned(
            number=demand.number, level=demand.level, open_cents=demand.open_cents, due_on=demand.due_on
        )
        await claims.record(tx, claim, "dun", body, at, cause)
        told += 1
    return told


async def open_demand(tx: Tx, claim: UUID) -> Demand | None:
    """The demand on a claim that is proposed or not settled."""
    statement = select(Demand).where(Demand.claim == claim, col(Demand.settled_on).is_(None))
    return (await tx.session.exec(statement)).one_or_none()


async def _ordered(tx: Tx, claim: Claim) -> Demand:
    demand = await open_demand(tx, claim.id)
    if demand is None or demand.ordered_by is None:
        raise DomainError("no-recovery-proposed", status=409)
    return demand


def owed_back(claim: Claim, demand: Demand, cents: int | None = None) -> ledger.Payout:
    """What the ledger moves for a demand; RECEIVABLE is kept for the claim."""
    return ledger.Payout(
        line=claim.budget,
        reservation=claim.reservation,
        member=claim.payer,
        claim=claim.id,
        cents=demand.amount_cents if cents is None else cents,
    )
