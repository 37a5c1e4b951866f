"""Reservations: money set aside for a case before it is awarded; the queue of those that are short.

Committing and releasing happen on hearing facts, with Temporal switched off as well. AVAILABLE is guarded by a
constraint of the database: whatever this module forgets, no line is overspent.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlmodel import col, select

from contracts import reservation as facts
from contracts.errors import DomainError, NotKnownYet
from contracts.ids import named_id, new_id
from contracts.steps import Standing
from contracts.workdays import Moment
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause
from services.reimbursements.budgets import aid, aid_checks, limits
from services.reimbursements.kinds import reservations
from services.reimbursements.ledger import acts as ledger
from services.reimbursements.ledger.posting import Occasion, Side, balance
from services.reimbursements.ledger.tables import Account
from services.reimbursements.models import OPEN_STATES, Budget, Case, Claim, Reservation

BY_STEP = Cause("system", via="system")
LIVE = ("queued", "made", "committed")


async def reserve(tx: Tx, case_id: UUID, round: int, at: Moment) -> Standing:
    """Sets a case's sum aside, or queues it, or says where it stands. Repeatable.

    An unknown case, or a round not heard of yet, is asked again; a case that has ended, or whose round is over, is
    told so; one whose recipient may not get so much is refused. Money of an earlier round goes back first, and those
    who waited for it are served before this case. Under a call that ranks the ranking has reserved already.
    """
    case = await tx.session.get(Case, case_id, with_for_update=True)
    if case is None or case.round < round:
        raise NotKnownYet("case", case_id)
    if case.ended or case.round > round:
        return Standing(state="ended", open=False)
    if case.amount_cents == 0:
        return Standing(state="made", open=False)
    line = await tx.locked(Budget, case.budget)
    live = await live_of(tx, case_id)
    if live is not None and live.round == round:
        return Standing(state="made" if live.state == "committed" else live.state, open=True, round=round)
    if case.frozen.get("cut_off") and case.ranked_round != round:
        raise NotKnownYet("ranking", case_id)
    if live is not None:
        await _release(tx, line, live, at, BY_STEP)
    return await enter(tx, case, line, Turn(round, at.now), at, BY_STEP)


@dataclass(frozen=True)
class Turn:
    """Whose turn it is: who waits longer comes first, of the same moment who was ranked higher. held: its applicant
    does not know yet."""

    round: int
    since: datetime
    place: float = 0.0
    held: bool = False


async def enter(tx: Tx, case: Case, line: Budget, turn: Turn, at: Moment, cause: Cause) -> Standing:
    """Sets the case's sum aside or puts it in line; the caller holds the locks of the case and the line."""
    row = Reservation(
        id=new_id(),
        case_id=case.id,
        round=turn.round,
        purpose="grant",
        budget=line.id,
        payer=case.payer,
        partnership=case.partnership,
        organisation=case.organisation,
        amount_cents=case.amount_cents,
        queued_at=turn.since,
        place=turn.place,
        held=turn.held,
    )
    await aid_checks.must_be_declared(tx, case, at)
    if refused := await limits.hold(tx, case, row, at):
        return Standing(state="refused", open=False, reason=refused, round=turn.round)
    if await fits_now(tx, line, row):
        await set_aside(tx, row, at)
        await reservations.record(tx, row, "reserve", made(row), at, cause)
    else:
        body = facts.Queued(budget=line.id, amount_cents=row.amount_cents, round=turn.round, purpose="grant")
        await reservations.record(tx, row, "reserve", body, at, cause)
    return Standing(state=row.state, open=True, round=turn.round)


async def serve_queue(tx: Tx, line: Budget, at: Moment, cause: Cause) -> None:
    """Serves the head of the queue until it does not fit; whoever raised the available sum calls this, and holds
    the line's lock."""
    while (head := await _head_of(tx, line)) and await _fits(tx, line, head):
        await set_aside(tx, head, at)
        await reservations.record(tx, head, "serve", made(head), at, cause)


async def commit(tx: Tx, case: Case, at: Moment, cause: Cause) -> None:
    """The case is granted: what was reserved is committed. A grant without a reservation is nobody's to mend by
    waiting: its fact is parked for an operator."""
    if case.amount_cents == 0:
        return
    row = await live_of(tx, case.id)
    if row is None or row.state == "queued":
        raise DomainError("granted-without-reservation", status=409)
    if row.state == "made":
        await tx.locked(Budget, row.budget)
        await ledger.commit(tx.session, _occasion("commit", row, at), row.budget, row.id, row.amount_cents)
        await aid.granted(tx, case, row, await limits.grant(tx, row, at), at, cause)
        body = facts.Committed(amount_cents=row.amount_cents)
        await reservations.record(tx, row, "commit", body, at, cause)


async def end(tx: Tx, case: Case, at: Moment, cause: Cause) -> None:
    """The case has ended: the open rest goes back to the line, and the queue is served from it. What is still claimed
    keeps its money until that claim has come to its end."""
    row = await live_of(tx, case.id)
    if row is not None and not await _is_claimed(tx, row.id):
        await release(tx, row.id, at, cause)


async def release_after(tx: Tx, case: Case, claim: Claim, at: Moment, cause: Cause) -> None:
    """A claim has come to its end: a reservation of its own, or of a case that has ended, is needed no more."""
    if (claim.replaces is not None or case.ended) and not await _is_claimed(tx, claim.reservation):
        await release(tx, claim.reservation, at, cause)


async def _is_claimed(tx: Tx, reservation: UUID) -> bool:
    """Whether something may still be paid from it."""
    await tx.session.flush()
    state = col(Claim.state)
    under_way = state.in_(OPEN_STATES) | (state.in_(("rejected", "expired")) & ~col(Claim.final))
    statement = select(Claim.id).where(Claim.reservation == reservation, under_way).limit(1)
    return (await tx.session.exec(statement)).first() is not None


async def leave_queue(tx: Tx, case: Case, at: Moment, cause: Cause) -> None:
    """A rejected case leaves the queue at once; what is made stays until the rejection is final."""
    row = await live_of(tx, case.id)
    if row is not None and row.state == "queued":
        line = await tx.locked(Budget, row.budget)
        row = await tx.locked(Reservation, row.id)
        if row.state == "queued":  # it may have been served while the line was locked
            await _release(tx, line, row, at, cause)


async def release(tx: Tx, id: UUID, at: Moment, cause: Cause) -> None:
    """Gives a reservation's open rest back, if it lives still."""
    line = await tx.locked(Budget, (await tx.found(Reservation, id)).budget)
    row = await tx.locked(Reservation, id)
    if row.state in LIVE:
        await _release(tx, line, row, at, cause)


async def announce(tx: Tx, case: Case) -> None:
    """What comes of its reservation from now on, the applicant reads too."""
    if (row := await live_of(tx, case.id)) is not None:
        row.held = False


async def live_of(tx: Tx, case_id: UUID) -> Reservation | None:
    """The case's live grant; steady while the caller holds the case's lock, but for being served."""
    statement = select(Reservation).where(
        Reservation.case_id == case_id,
        Reservation.purpose == "grant",
        col(Reservation.state).in_(LIVE),
    )
    return (await tx.session.exec(statement.execution_options(populate_existing=True))).one_or_none()


async def available(tx: Tx, line: UUID) -> int:
    """What the line has left, in cents."""
    return await balance(tx.session, Side(Account.AVAILABLE, line, line))


async def _release(tx: Tx, line: Budget, row: Reservation, at: Moment, cause: Cause) -> None:
    """The caller holds the locks of the line and the case; a queued one frees a place, a made one money."""
    rest = 0
    if row.state != "queued":
        rest = await ledger.end_of_case(tx.session, _occasion("release", row, at), row.budget, row.id)
    await limits.give_back(tx, row, rest, at)
    await reservations.record(tx, row, "release", facts.Released(amount_cents=rest), at, cause)
    await serve_queue(tx, line, at, cause)


async def fits_now(tx: Tx, line: Budget, row: Reservation) -> bool:
    """Whether the line has enough, and nobody who came before waits for it."""
    return await _head_of(tx, line) is None and await _fits(tx, line, row)


async def _head_of(tx: Tx, line: Budget) -> Reservation | None:
    statement = (
        select(Reservation)
        .where(Reservation.budget == line.id, Reservation.state == "queued")
        .order_by(col(Reservation.queued_at), col(Reservation.place), col(Reservation.id))
        .limit(1)
    )
    return (await tx.session.exec(statement)).one_or_none()


async def _fits(tx: Tx, line: Budget, row: Reservation) -> bool:
    return await available(tx, line.id) >= row.amount_cents


async def set_aside(tx: Tx, row: Reservation, at: Moment) -> None:
    await ledger.reserve(tx.session, _occasion("reserve", row, at), row.budget, row.id, row.amount_cents)


def made(row: Reservation) -> facts.Made:
    return facts.Made(
        budget=row.budget,
        amount_cents=row.amount_cents,
        round=row.round,
        purpose=cast("facts.Purpose", row.purpose),
    )


def _occasion(act: str, row: Reservation, at: Moment) -> Occasion:
    """The same act on the same reservation is the same posting."""
    return Occasion(named_id("posting", act, row.id), at.today(), case=row.case_id)
