"""Reservations: money set aside for a case before it is awarded; the queue of those that are short.

Committing and releasing happen on hearing facts, with Temporal switched off as well. AVAILABLE is guarded by a
constraint of the database: whatever this module forgets, no line is overspent.
"""

from uuid import UUID

from sqlmodel import col, select

from contracts import reservation as facts
from contracts.errors import NotKnownYet, TransientError
from contracts.ids import named_id, new_id
from contracts.steps import Standing
from contracts.workdays import Moment
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause
from services.reimbursements import ledger
from services.reimbursements.kinds import reservations
from services.reimbursements.ledger_tables import Account
from services.reimbursements.models import Budget, Case, Reservation
from services.reimbursements.posting import Occasion, Side, balance

BY_STEP = Cause("system", via="system")
LIVE = ("queued", "made", "committed")


async def reserve(tx: Tx, case_id: UUID, round: int, at: Moment) -> Standing:
    """Sets a case's sum aside, or queues it, or says where it stands. Repeatable.

    An unknown case, or a round not heard of yet, is asked again; a case that has ended is told so.
    """
    case = await tx.session.get(Case, case_id, with_for_update=True)
    if case is None or case.round < round:
        raise NotKnownYet("case", case_id)
    if case.ended or case.round > round:
        return Standing(state="ended", open=False)
    if case.amount_cents == 0:
        return Standing(state="made", open=False)
    line = await tx.locked(Budget, case.budget)
    live = await _live(tx, case_id)
    if live is not None and live.round == round:
        return Standing(state="made" if live.state == "committed" else live.state, open=True, round=round)
    if live is not None:
        await _release(tx, live, at, BY_STEP)
        await serve_queue(tx, line, at, BY_STEP)
    row = Reservation(
        id=new_id(),
        case_id=case_id,
        round=round,
        purpose="grant",
        budget=line.id,
        payer=case.payer,
        partnership=case.partnership,
        amount_cents=case.amount_cents,
        queued_at=at.now,
    )
    said = {"budget": line.id, "amount_cents": row.amount_cents, "round": round, "purpose": "grant"}
    if await _next_in_queue(tx, line.id) is None and await available(tx, line.id) >= row.amount_cents:
        await ledger.reserve(tx.session, _occasion(row, "reserve", at), line.id, row.id, row.amount_cents)
        await reservations.record(tx, row, "reserve", facts.Made(**said), at, BY_STEP)  # pyright: ignore[reportArgumentType]
    else:
        await reservations.record(tx, row, "reserve", facts.Queued(**said), at, BY_STEP)  # pyright: ignore[reportArgumentType]
    return Standing(state=row.state, open=True, round=round)


async def serve_queue(tx: Tx, line: Budget, at: Moment, cause: Cause) -> None:
    """Serves the head of the queue until it does not fit; whoever raised the available sum calls this."""
    while head := await _next_in_queue(tx, line.id):
        if await available(tx, line.id) < head.amount_cents:
            return
        await ledger.reserve(tx.session, _occasion(head, "reserve", at), line.id, head.id, head.amount_cents)
        body = facts.Made(
            budget=line.id,
            amount_cents=head.amount_cents,
            round=head.round,
            purpose=head.purpose,  # pyright: ignore[reportArgumentType]
        )
        await reservations.record(tx, head, "serve", body, at, cause)
        await tx.session.flush()


async def commit(tx: Tx, case: Case, at: Moment, cause: Cause) -> None:
    """The case is granted: what was reserved is committed."""
    row = await _live(tx, case.id)
    if case.amount_cents == 0:
        return
    if row is None or row.state == "queued":
        raise TransientError(f"case {case.id} is granted without a reservation")
    if row.state == "made":
        await tx.locked(Budget, row.budget)
        row = await tx.locked(Reservation, row.id)
        await ledger.commit(tx.session, _occasion(row, "commit", at), row.budget, row.id, row.amount_cents)
        await reservations.record(
            tx, row, "commit", facts.Committed(amount_cents=row.amount_cents), at, cause
        )


async def end(tx: Tx, case_id: UUID, at: Moment, cause: Cause, *, purpose: str = "grant") -> None:
    """A case has ended: the open rest goes back to the line, and the queue is served from it."""
    row = await _live(tx, case_id, purpose)
    if row is None:
        return
    line = await tx.locked(Budget, row.budget)
    row = await tx.locked(Reservation, row.id)
    if row.state in LIVE:
        await _release(tx, row, at, cause)
        await serve_queue(tx, line, at, cause)


async def end_queued(tx: Tx, case_id: UUID, at: Moment, cause: Cause) -> None:
    """A rejected case leaves the queue at once; what is made stays until the rejection is final."""
    row = await _live(tx, case_id)
    if row is not None and row.state == "queued":
        await end(tx, case_id, at, cause)


async def available(tx: Tx, line: UUID) -> int:
    """What the line has left, in cents."""
    return await balance(tx.session, Side(Account.AVAILABLE, line, line))


async def live_of(tx: Tx, case_id: UUID) -> Reservation | None:
    """The case's live reservation, whatever its purpose; the newest if a claim is being replaced."""
    statement = (
        select(Reservation)
        .where(Reservation.case_id == case_id, col(Reservation.state).in_(LIVE))
        .order_by(col(Reservation.id).desc())
    )
    return (await tx.session.exec(statement)).first()


async def _release(tx: Tx, row: Reservation, at: Moment, cause: Cause) -> None:
    rest = 0
    if row.state != "queued":
        rest = await ledger.end_of_case(tx.session, _occasion(row, "release", at), row.budget, row.id)
    await reservations.record(tx, row, "release", facts.Released(amount_cents=rest), at, cause)
    await tx.session.flush()


async def _live(tx: Tx, case_id: UUID, purpose: str = "grant") -> Reservation | None:
    statement = select(Reservation).where(
        Reservation.case_id == case_id, Reservation.purpose == purpose, col(Reservation.state).in_(LIVE)
    )
    return (await tx.session.exec(statement)).one_or_none()


async def _next_in_queue(tx: Tx, line: UUID) -> Reservation | None:
    statement = (
        select(Reservation)
        .where(Reservation.budget == line, Reservation.state == "queued")
        .order_by(col(Reservation.queued_at), col(Reservation.id))
        .limit(1)
    )
    return (await tx.session.exec(statement)).one_or_none()


def _occasion(row: Reservation, act: str, at: Moment) -> Occasion:
    """The same act on the same reservation is the same posting."""
    return Occasion(named_id("posting", act, row.id), at.today(), case=row.case_id)
