"""What two people have ranked is served in that order, all in one transaction: from the first that does not fit on,
everybody waits. Applicants read nothing of it before the results are announced.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from contracts.application import Selected
from contracts.cutoff import Ranked
from contracts.errors import NotKnownYet
from contracts.workdays import Moment
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause
from services.reimbursements.budgets.reservations import Turn, enter, live_of, release
from services.reimbursements.models import Budget, Case


async def serve_ranked(tx: Tx, body: Ranked, at: Moment, cause: Cause) -> None:
    """Makes all reservations of a cut-off. A case that was not heard of yet keeps all waiting; one that has ended
    since, or is in a later round, is passed over."""
    cases = {case.id: case for case in await _locked(tx, [one.application for one in body.ranking])}
    for one in body.ranking:
        case = cases.get(one.application)
        if case is None or case.round < one.round:
            raise NotKnownYet("case", one.application)
    for one in body.ranking:
        case = cases[one.application]
        if not case.ended and case.round == one.round:
            case.deciders = sorted({*case.deciders, *body.settled_by})
            await _enter(tx, case, one.round, one.place, at.now, at, cause)


async def serve_joined(tx: Tx, case: Case, body: Selected, at: Moment, cause: Cause) -> None:
    """A case that was scored again takes its place among those that wait since its cut-off was ranked."""
    if body.joined and body.ranked_at is not None and not case.ended and case.round == body.round:
        await _enter(tx, case, body.round, body.place or 0.0, body.ranked_at, at, cause)


async def _enter(
    tx: Tx, case: Case, round: int, place: float, since: datetime, at: Moment, cause: Cause
) -> None:
    case.ranked_round = round
    if case.amount_cents == 0:
        return
    earlier = await live_of(tx, case.id)
    if earlier is not None:
        await release(tx, earlier.id, at, cause)
    line = await tx.locked(Budget, case.budget)
    await enter(tx, case, line, Turn(round, since, place, held=True), at, cause)


async def _locked(tx: Tx, ids: Sequence[UUID]) -> Sequence[Case]:
    """In the order of their ids."""
    statement = select(Case).where(col(Case.id).in_(ids)).order_by(col(Case.id)).with_for_update()
    return (await tx.session.exec(statement.execution_options(populate_existing=True))).all()
