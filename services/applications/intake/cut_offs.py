"""Cut-offs: opened with their call, closed by time, settled by two people, announced. Until then an applicant reads
that the application is in review.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

import orjson
from pydantic import Field
from sqlalchemy import func
from sqlmodel import col, select

from contracts import application as application_facts
from contracts import cutoff as facts
from contracts.call_rules import CallRules
from contracts.cutoff import CUTOFF
from contracts.errors import DomainError
from contracts.ids import named_id
from contracts.tables import Input, Nothing
from contracts.workdays import Moment
from services.applications.calls.models import Call
from services.applications.intake.ranking import Entry, Placed, Tie, joined, ranked
from services.applications.intake_models import CutOff, KnownAllocation
from services.applications.kinds import applications, cutoffs
from services.applications.models import Application
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause

ENDED = ("withdrawn", "lapsed", "cancelled", "rejected")
"""States in which an application takes no part in the ranking; one that is reopened joins it later."""
SERVED = ("selected", "awaiting_budget", "awarded", "granted", "closed", "not_completed")
"""States in which an application counts against what its line can give."""


class Settle(Input):
    seen: str = Field(
        title="The ranking that you have seen", description="As the ranking's page and its JSON give it."
    )


def id_of(call: UUID, key: str) -> UUID:
    """The id of a call's cut-off."""
    return named_id("cut-off", call, key)


def open_with(work: Work[Call], call: Call) -> None:
    """Beside a call's publication: its cut-offs are open."""
    for body, row in _cut_offs(call):
        work.beside(cutoffs, row, "open", body)


async def move_with(work: Work[Call], call: Call) -> None:
    """Beside a correction: new cut-offs are open, those that are open still are moved, later only."""
    for body, new in _cut_offs(call):
        row = await work.tx.session.get(CutOff, new.id, with_for_update=True)
        if row is None:
            work.beside(cutoffs, new, "open", body)
        elif (row.closes_at, row.announce_at) != (new.closes_at, new.announce_at):
            if row.state != "open" or new.closes_at < row.closes_at:
                raise DomainError("cut-off-later-only", "intake", status=409, cut_off=row.key)
            row.closes_at, row.announce_at = new.closes_at, new.announce_at
            moved = facts.Moved(closes_at=row.closes_at, announce_at=row.announce_at)
            work.beside(cutoffs, row, "move", moved)


async def cancel_with(work: Work[Call], call: Call) -> None:
    """Beside a cancelled call: what was not ranked will not be."""
    for row in await cut_offs_of(work.tx, call.id):
        if row.state in CUTOFF.act("cancel").sources:
            locked = await work.tx.locked(CutOff, row.id)
            work.beside(cutoffs, locked, "cancel", facts.Cancelled(call=call.id))


def _cut_offs(call: Call) -> list[tuple[facts.Opened, CutOff]]:
    intake = CallRules.model_validate(call.rules).intake
    found: list[tuple[facts.Opened, CutOff]] = []
    for one in intake.cut_offs if intake.mode == "cut_off" else ():
        assert one.closes_at is not None, "a call without it is not published"
        row = CutOff(
            id=id_of(call.id, one.key), call=call.id, key=one.key, title=one.title, partnership=call.partnership,
            budget=call.budget, tie=intake.tie, closes_at=one.closes_at, announce_at=one.announce_at,
        )  # fmt: skip
        body = facts.Opened(
            call=call.id, key=one.key, partnership=call.partnership, closes_at=one.closes_at,
            announce_at=one.announce_at,
        )  # fmt: skip
        found.append((body, row))
    return found


async def cut_offs_of(tx: Tx, call: UUID) -> list[CutOff]:
    """A call's cut-offs by their dates."""
    statement = select(CutOff).where(CutOff.call == call).order_by(col(CutOff.closes_at))
    return list((await tx.session.exec(statement)).all())


async def close(tx: Tx, row: CutOff, at: Moment, cause: Cause) -> bool:
    """Its time is over: whether it was the last of its call."""
    if at.now < row.closes_at:
        raise DomainError("not-due", status=409)
    mine = select(func.count()).select_from(Application).where(Application.cut_off == row.id)
    row.applications = (await tx.session.exec(mine)).one()
    body = facts.Closed(call=row.call, applications=row.applications)
    await cutoffs.record(tx, row, "close_cutoff", body, at, cause)
    return all(one.state != "open" for one in await cut_offs_of(tx, row.call) if one.id != row.id)


async def ranking_of(tx: Tx, row: CutOff) -> list[Placed]:
    """The ranking as it would be settled now, of all that are assessed."""
    cases = [case for case in await _cases(tx, row) if case.state == "assessed"]
    return ranked(map(entry_of, cases), cast("Tie", row.tie), await room_of(tx, row))


def entry_of(case: Application) -> Entry:
    assert case.submitted_at is not None, "what is assessed was submitted"
    return Entry(case.id, case.round, case.score, bool(case.passed), case.amount_cents, case.submitted_at)


async def room_of(tx: Tx, row: CutOff) -> int:
    """What the line has to give: what it was given, less what is served or to be served from it, in cents."""
    given = select(func.coalesce(func.sum(KnownAllocation.cents), 0)).where(
        KnownAllocation.budget == row.budget
    )
    served = select(func.coalesce(func.sum(Application.amount_cents), 0)).where(
        Application.budget == row.budget, col(Application.state).in_(SERVED)
    )
    return int((await tx.session.exec(given)).one() - (await tx.session.exec(served)).one())


def hash_of(ranking: Sequence[Placed]) -> str:
    """Two people settle the same ranking: the same applications in the same rounds, places, outcomes and sums."""
    said = [
        [one.entry.application, one.entry.round, one.place, one.outcome, one.entry.amount_cents]
        for one in ranking
    ]
    return hashlib.sha256(orjson.dumps(said)).hexdigest()


@rule(CUTOFF, "settle")
async def settle(work: Work[CutOff], given: Settle, at: Moment) -> facts.Ranked | facts.Proposed:
    """The first person proposes, a second one agrees; what has changed in between is looked at anew."""
    row, tx = work.row, work.tx
    cases = {case.id: case for case in await _cases(tx, row, lock=True)}
    own = work.actor.partial_to
    if any(case.visitor in own for case in cases.values()):
        raise DomainError("conflict-own-organisation", status=403)
    waiting = [case for case in cases.values() if case.state not in ("assessed", *ENDED)]
    if waiting:
        raise DomainError("not-assessed-yet", status=409, count=len(waiting))
    ranking = await ranking_of(tx, row)
    if given.seen != (now := hash_of(ranking)):
        raise DomainError("ranking-changed", "seen", status=409)
    if row.proposer is None or row.proposed != now:
        row.proposer, row.proposed = work.actor.person, now
        return facts.Proposed(call=row.call, budget=row.budget, ranked=len(ranking))
    if row.proposer in (work.actor.person, work.actor.behalf_of):
        raise DomainError("ranking-second-person", status=403)
    row.ranked_at = at.now
    for one in ranking:
        case = cases[one.entry.application]
        if (body := _place(case, row, one, at.now)) is not None:
            work.beside(applications, case, "place", body)
    return facts.Ranked(
        call=row.call,
        budget=row.budget,
        settled_by=(row.proposer, work.actor.person),
        ranking=tuple(_said(one) for one in ranking if one.outcome != "refuse"),
    )


def _place(
    case: Application, row: CutOff, placed: Placed, ranked_at: datetime, *, late: bool = False
) -> application_facts.Selected | None:
    """Keeps the place; the fact where money is to be had for it, now or later."""
    case.place, case.outcome = placed.place, placed.outcome
    if placed.outcome == "refuse":
        return None
    return application_facts.Selected(
        round=case.round, amount_cents=case.amount_cents, cut_off=row.id, place=placed.place, ranked_at=ranked_at,
        joined=late,
    )  # fmt: skip


def _said(placed: Placed) -> facts.Placed:
    assert placed.outcome != "refuse"
    return facts.Placed(
        application=placed.entry.application,
        round=placed.entry.round,
        place=placed.place,
        outcome=placed.outcome,
        amount_cents=placed.entry.amount_cents,
    )


async def join(tx: Tx, case: Application, at: Moment, cause: Cause) -> None:
    """An application that is assessed when its cut-off is ranked already joins the reserve list by its score."""
    row = await tx.get(CutOff, case.cut_off) if case.cut_off else None
    if row is None or row.ranked_at is None or case.state != "assessed":
        return
    case.announced = row.state == "announced"
    others = [
        Placed(entry_of(one), one.place, cast("facts.Outcome", one.outcome))
        for one in await _cases(tx, row)
        if one.place is not None and one.id != case.id
    ]
    placed = joined(entry_of(case), others, cast("Tie", row.tie))
    if (body := _place(case, row, placed, row.ranked_at, late=True)) is not None:
        await applications.record(tx, case, "place", body, at, cause)


@rule(CUTOFF, "announce")
async def announce(work: Work[CutOff], given: Nothing, at: Moment) -> facts.Announced:
    """From now on everybody reads how it ended, and the stories of the applications go on."""
    for case in await _announced(work.tx, work.row, at):
        work.beside(applications, case, "announce", _announcement(case, work.row))
    return facts.Announced(call=work.row.call)


async def announce_due(tx: Tx, row: CutOff, at: Moment, cause: Cause) -> None:
    """The same by date."""
    if row.announce_at is None or at.now < row.announce_at:
        raise DomainError("not-due", status=409)
    cases = await _announced(tx, row, at)
    fact = await cutoffs.record(tx, row, "announce", facts.Announced(call=row.call), at, cause)
    async with tx.outbox.together():
        for case in cases:
            await applications.record(tx, case, "announce", _announcement(case, row), at, cause.beside(fact))


def _announcement(case: Application, row: CutOff) -> application_facts.Announced:
    return application_facts.Announced(cut_off=row.id, outcome=cast("facts.Outcome", case.outcome))


async def _announced(tx: Tx, row: CutOff, at: Moment) -> list[Application]:
    """Those that have waited for it, locked; whoever is back in review or has ended knows it by the row."""
    row.announced_at = at.now
    cases = await _cases(tx, row, lock=True)
    for case in cases:
        case.announced = True
    return [case for case in cases if case.state in ("assessed", "selected")]


async def _cases(tx: Tx, row: CutOff, *, lock: bool = False) -> list[Application]:
    """All that came in time for it, in the order of their ids, in which they are locked."""
    statement = select(Application).where(Application.cut_off == row.id).order_by(col(Application.id))
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return list((await tx.session.exec(statement)).all())
