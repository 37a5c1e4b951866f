"""What people do with their registration. Each act stands under the event's pool lock, and whatever frees a
place opens or reopens a vacancy in the same transaction.
"""

from typing import Literal
from uuid import UUID

from pydantic import Field

from contracts import registration as facts
from contracts import vacancy as vacancy_facts
from contracts.errors import DomainError
from contracts.ids import new_id
from contracts.registration import REGISTRATION
from contracts.tables import Input, Nothing
from contracts.words.kinds import mark as _
from contracts.workdays import Moment
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.events.kinds import vacancies
from services.events.models import Event, Pool, Registration, Vacancy
from services.events.places import changed, confirm, fill, queue, reopened


class Register(Input):
    """Any signed-in person registers themself."""

    event: UUID = Field(title=_("Event"))


class GiveFeedback(Input):
    helpful: Literal[5, 4, 3, 2, 1] = Field(title=_("How helpful was it for your internationalisation?"))
    remark: str = Field(
        "", title=_("What should we keep, what should we change?"), max_length=2000,
        description=_("Only the organisers read this."),
    )  # fmt: skip


@rule(REGISTRATION, "register")
async def register(
    work: Work[Registration], given: Register, at: Moment
) -> facts.Confirmed | facts.Queued | facts.Submitted:
    pool = await work.tx.locked(Pool, given.event)
    event = await work.tx.found(Event, given.event)
    if event.state != "published" or at.now > event.registration_until:
        raise DomainError("registration-over", status=409)
    seated = pool.free > 0 and not event.approval
    await changed(work.tx, pool, line=1, confirmed=int(seated))
    row = work.row = Registration(
        id=new_id(),
        event=event.id,
        person=work.actor.person,
        partnership=event.partnership,
        number=pool.line,
        registered_at=at.now,
    )
    if event.approval:
        return facts.Submitted(event=event.id, person=row.person)
    return confirm(row, at) if seated else await queue(work.tx, row)


@rule(REGISTRATION, "admit")
async def admit(work: Work[Registration], given: Nothing, at: Moment) -> facts.Confirmed | facts.Queued:
    await _before_start(work, at)
    pool = await work.tx.locked(Pool, work.row.event)
    if pool.free < 1:
        return await queue(work.tx, work.row)
    await changed(work.tx, pool, confirmed=1)
    return confirm(work.row, at)


@rule(REGISTRATION, "reject")
async def reject(work: Work[Registration], given: Nothing, at: Moment) -> facts.Rejected:
    work.row.ended_at, work.row.ended_by = at.now, "organiser"
    return facts.Rejected(event=work.row.event, person=work.row.person)


@rule(REGISTRATION, "accept")
async def accept(work: Work[Registration], given: Nothing, at: Moment) -> facts.Confirmed:
    row = work.row
    await _before_start(work, at)
    assert row.vacancy is not None and row.due_at is not None
    if at.now > row.due_at:
        raise DomainError("too-late", status=409, due=row.due_at)
    vacancy = await work.tx.locked(Vacancy, row.vacancy)
    await changed(work.tx, await work.tx.locked(Pool, row.event), confirmed=1, held=-1)
    work.beside(vacancies, vacancy, "take", vacancy_facts.Taken(registration=row.id))
    return confirm(row, at)


@rule(REGISTRATION, "decline")
async def decline(work: Work[Registration], given: Nothing, at: Moment) -> facts.Declined:
    row = work.row
    assert row.vacancy is not None
    work.after.append(await reopened(work.tx, row, "declined"))
    row.ended_at, row.ended_by = at.now, "person"
    return facts.Declined(vacancy=row.vacancy)


@rule(REGISTRATION, "cancel")
async def cancel(work: Work[Registration], given: Nothing, at: Moment) -> facts.Cancelled:
    """A confirmed one frees its place; an offered one gives back what was held for it."""
    row = work.row
    event = await _before_start(work, at)
    if row.state == "confirmed":
        pool = await work.tx.locked(Pool, row.event)
        await changed(work.tx, pool, confirmed=-1)
        work.after.extend(await fill(work.tx, event, pool, at))
    elif row.state == "offered":
        work.after.append(await reopened(work.tx, row, "cancelled"))
    by = "person" if "REGISTRANT" in work.parties else "organiser"
    row.ended_at, row.ended_by = at.now, by
    return facts.Cancelled(by=by)


@rule(REGISTRATION, "give_feedback")
async def give_feedback(work: Work[Registration], given: GiveFeedback, at: Moment) -> facts.FeedbackGiven:
    """Once, from the end on until the event is closed; whether they came is not asked."""
    row = work.row
    event = await work.tx.found(Event, row.event)
    if at.now < event.ends_at:
        raise DomainError("feedback-too-early", status=409)
    if row.helpful is not None:
        raise DomainError("feedback-once", status=409)
    if event.due_at is not None and at.now > event.due_at:
        raise DomainError("too-late", status=409, due=event.due_at)
    row.helpful, row.remark = given.helpful, given.remark
    return facts.FeedbackGiven(helpful=given.helpful)


async def _before_start(work: Work[Registration], at: Moment) -> Event:
    event = await work.tx.found(Event, work.row.event)
    if at.now >= event.starts_at:
        raise DomainError("event-began", status=409)
    return event
