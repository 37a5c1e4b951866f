"""Money for an amendment: an increase is set aside on a reservation of its own before anybody signs. With the last
signature it joins the grant's; on any other end it goes back. A decrease gives back what is not claimed.
"""

from uuid import UUID

from sqlmodel import Field, SQLModel, col, select

from contracts import reservation as facts
from contracts.amendment import InForce, Refusal
from contracts.errors import NotKnownYet
from contracts.ids import named_id
from contracts.steps import Standing
from contracts.workdays import Moment
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause
from services.reimbursements.budgets import aid, limits
from services.reimbursements.budgets import reservations as held
from services.reimbursements.claims.sums import taken_of
from services.reimbursements.kinds import reservations
from services.reimbursements.ledger import acts as ledger
from services.reimbursements.ledger.posting import Occasion, balances_of
from services.reimbursements.ledger.tables import Account
from services.reimbursements.models import KEPT, Budget, Case, Reservation


class KnownAmendment(SQLModel, table=True):
    """Projection of an amendment that was agreed: open until it is in force, refused, withdrawn or lapsed."""

    __tablename__ = "reimbursements_known_amendments"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (KEPT,)

    id: UUID = Field(primary_key=True)
    case_id: UUID
    amount_cents: int
    open: bool = True


async def set_aside(tx: Tx, id: UUID, at: Moment) -> Standing:
    """Sets an increase aside, or says why it cannot be; never queued, for nobody waits with a signature. Repeatable."""
    known = await tx.get(KnownAmendment, id)
    if known is None:
        raise NotKnownYet("amendment", id)
    case = await tx.locked(Case, known.case_id)
    await tx.session.refresh(known)
    if not known.open:
        return Standing(state="ended", open=False)
    if case.ended:
        return _refused("case_ended")
    more = known.amount_cents - case.amount_cents
    if more < 0 and known.amount_cents < await taken_of(tx, case.id):
        return _refused("below_claimed")
    if more <= 0 or await _own_of(tx, id) is not None:
        return Standing(state="made", open=True)
    line = await tx.locked(Budget, case.budget)
    row = Reservation(
        id=_id_of(id),
        case_id=case.id,
        round=case.round,
        purpose="amendment",
        budget=line.id,
        payer=case.payer,
        partnership=case.partnership,
        organisation=case.organisation,
        amount_cents=more,
        queued_at=at.now,
    )
    if not await held.fits_now(tx, line, row):
        return _refused("no_budget")
    if refused := await limits.hold(tx, case, row, at):
        return _refused(refused)
    await held.set_aside(tx, row, at)
    await reservations.record(tx, row, "reserve", held.made(row), at, held.BY_STEP)
    return Standing(state="made", open=True)


async def put_in_force(tx: Tx, case: Case, id: UUID, body: InForce, at: Moment, cause: Cause) -> None:
    """The new terms hold: what was set aside joins the grant, or what is less goes back to the line. Of a case that
    has ended meanwhile nothing is committed any more."""
    await _over(tx, id)
    line = await tx.locked(Budget, case.budget)
    own, grant = await _own_of(tx, id), await held.live_of(tx, case.id)
    if case.ended or grant is None:
        await give_up(tx, case, id, at, cause)
        return
    less = case.amount_cents - body.amount_cents
    case.amount_cents, case.frozen = body.amount_cents, {**case.frozen, **body.changed}
    grant = await tx.locked(Reservation, grant.id)
    if own is not None and own.state == "made":
        await ledger.release(
            tx.session, _occasion("release", id, at, case), line.id, own.id, own.amount_cents
        )
        await ledger.amend(tx.session, _occasion("amend", id, at, case), line.id, grant.id, own.amount_cents)
        grant.amount_cents += own.amount_cents
        await aid.granted(tx, case, own, await limits.grant(tx, own, at), at, cause)
        committed = facts.Committed(amount_cents=own.amount_cents)
        await reservations.record(tx, own, "commit", committed, at, cause)
    elif less > 0:
        lowered = min(less, (await balances_of(tx.session, grant.id))[Account.COMMITTED])
        if lowered:
            await ledger.amend(tx.session, _occasion("amend", id, at, case), line.id, grant.id, -lowered)
            await limits.lower(tx, case.id, id, lowered, at)
            grant.amount_cents -= lowered
            await held.serve_queue(tx, line, at, cause)
    tx.add(grant)


async def give_up(tx: Tx, case: Case, id: UUID, at: Moment, cause: Cause) -> None:
    """Refused, withdrawn or lapsed: what was set aside for it goes back."""
    await _over(tx, id)
    if (own := await _own_of(tx, id)) is not None:
        await held.release(tx, own.id, at, cause)


async def _over(tx: Tx, id: UUID) -> None:
    known = await tx.get(KnownAmendment, id)
    if known is not None:
        known.open = False
        tx.add(known)


async def _own_of(tx: Tx, id: UUID) -> Reservation | None:
    statement = select(Reservation).where(col(Reservation.id) == _id_of(id))
    return (await tx.session.exec(statement)).one_or_none()


def _id_of(amendment: UUID) -> UUID:
    return named_id("reservation", amendment)


def _refused(reason: Refusal) -> Standing:
    return Standing(state="refused", open=False, reason=reason)


def _occasion(act: str, id: UUID, at: Moment, case: Case) -> Occasion:
    """An amendment comes into force once."""
    return Occasion(named_id("posting", f"amendment_{act}", id), at.today(), case=case.id)
