"""The steps events offers. Each is one transaction and answers where the event or the vacancy stands; asked
twice, too early or too late it changes nothing.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import distinct, func
from sqlmodel import col, select

from contracts import asks
from contracts import event as facts
from contracts import registration as registration_facts
from contracts.errors import DomainError
from contracts.event import EVENT
from contracts.steps import Standing, Subject
from contracts.tables import Body
from contracts.vacancy import VACANCY
from contracts.workdays import Moment
from services.chassis.acts.perform import Beside
from services.chassis.clock import Clock
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause
from services.chassis.steps.offers import Offers
from services.events.event import REMIND_BEFORE
from services.events.kinds import events, registrations, vacancies
from services.events.models import Attendance, Event, Pool, Registration, Vacancy
from services.events.places import cleared, offered, reopened

FEEDBACK_DAYS = 7
REMIND_OF_FEEDBACK = timedelta(days=2)
"""How long before the end of the feedback participants are reminded, once."""
BY_STEP = Cause("system", via="system")


def offer(offers: Offers, clock: Clock) -> None:
    """Registers all steps."""
    _offer_event(offers, clock)
    _offer_vacancy(offers, clock)

    @offers.step(next(step for step in asks.SWEEPS if step.owner == "events"))
    async def sweep(tx: Tx, subject: Subject, at: Moment) -> Standing:
        """No clock of an event is longer than its workflow."""
        return Standing(state="swept", open=False)


def _offer_event(offers: Offers, clock: Clock) -> None:
    @offers.standing(asks.Event.standing)
    async def standing(tx: Tx, subject: Subject, at: Moment) -> Standing:
        return event_standing(await tx.found(Event, subject.uuid), clock)

    @offers.step(asks.Event.close_registration)
    async def close_registration(tx: Tx, subject: Subject, at: Moment) -> Standing:
        event = await tx.locked(Event, subject.uuid)
        if event.state == "published":
            _is_due(event.registration_until, at)
            await _moved(tx, event, "close_registration", facts.RegistrationClosed(), at)
        return event_standing(event, clock)

    @offers.step(asks.Event.start)
    async def start(tx: Tx, subject: Subject, at: Moment) -> Standing:
        """Who has no place by now gets none: the line ends, and with it the vacancies."""
        event = await tx.locked(Event, subject.uuid)
        if event.state == "registration_closed":
            _is_due(event.starts_at, at)
            pool = await tx.locked(Pool, event.id)
            event.reminders = 0
            await _moved(tx, event, "start", facts.Started(), at, await cleared(tx, event, pool, at, "start"))
        return event_standing(event, clock)

    @offers.step(asks.Event.end)
    async def end(tx: Tx, subject: Subject, at: Moment) -> Standing:
        event = await tx.locked(Event, subject.uuid)
        if event.state == "running":
            _is_due(event.ends_at, at)
            await _moved(tx, event, "end", facts.Ended(), at)
        return event_standing(event, clock)

    @offers.step(asks.Event.ask_feedback)
    async def ask_feedback(tx: Tx, subject: Subject, at: Moment) -> Standing:
        event = await tx.locked(Event, subject.uuid)
        if event.state == "ended" and event.due_at is None:
            event.due_at = at.plus_days(FEEDBACK_DAYS)
            await _moved(tx, event, "ask_feedback", facts.FeedbackAsked(due_at=event.due_at), at)
        return event_standing(event, clock)

    @offers.step(asks.Event.close)
    async def close(tx: Tx, subject: Subject, at: Moment) -> Standing:
        event = await tx.locked(Event, subject.uuid)
        if event.state == "ended":
            _is_due(event.due_at, at)
            await _moved(tx, event, "close", await _counts(tx, event), at)
        return event_standing(event, clock)

    @offers.step(asks.Event.remind)
    async def remind(tx: Tx, subject: Subject, at: Moment) -> Standing:
        event = await tx.locked(Event, subject.uuid)
        reminder = _reminder(event)
        if reminder is not None and event.reminders == subject.number:
            stage, remind_at = reminder
            _is_due(remind_at, at)
            event.reminders += 1
            await _moved(tx, event, "remind", facts.Reminded(stage=stage, number=event.reminders), at)
        return event_standing(event, clock)


def _offer_vacancy(offers: Offers, clock: Clock) -> None:
    @offers.standing(asks.Vacancy.standing)
    async def standing(tx: Tx, subject: Subject, at: Moment) -> Standing:
        return await _vacancy_standing(tx, await tx.found(Vacancy, subject.uuid), clock)

    @offers.step(asks.Vacancy.offer_place)
    async def offer_place(tx: Tx, subject: Subject, at: Moment) -> Standing:
        vacancy = await vacancies.locked(tx, subject.uuid)
        if vacancy.state == "open":
            pool, event = await tx.locked(Pool, vacancy.event), await tx.found(Event, vacancy.event)
            await _recorded(tx, await offered(tx, event, pool, vacancy, at), at)
        return await _vacancy_standing(tx, vacancy, clock)

    @offers.step(asks.Vacancy.expire_offer)
    async def expire_offer(tx: Tx, subject: Subject, at: Moment) -> Standing:
        vacancy = await vacancies.locked(tx, subject.uuid)
        if vacancy.state == "offered" and vacancy.registration is not None:
            _is_due(vacancy.due_at, at)
            row = await tx.locked(Registration, vacancy.registration)
            row.ended_at, row.ended_by = at.now, "time"
            expired = registration_facts.OfferExpired(vacancy=vacancy.id)
            again = await reopened(tx, row, "expired")
            await _recorded(tx, [Beside(registrations, row, "expire_offer", expired), again], at)
        return await _vacancy_standing(tx, vacancy, clock)

    @offers.step(asks.Vacancy.remind)
    async def remind(tx: Tx, subject: Subject, at: Moment) -> Standing:
        """Mentions the offer once more to the person who has not answered."""
        vacancy = await vacancies.locked(tx, subject.uuid)
        if vacancy.state == "offered" and vacancy.registration is not None:
            row = await tx.locked(Registration, vacancy.registration)
            if row.remind_at is not None:
                _is_due(row.remind_at, at)
                row.remind_at = None
                reminded = registration_facts.Reminded(stage="offer", number=1)
                await _recorded(tx, [Beside(registrations, row, "remind", reminded)], at)
        return await _vacancy_standing(tx, vacancy, clock)


def event_standing(event: Event, clock: Clock) -> Standing:
    """Where an event stands, with the real seconds to its next date."""
    due_at = {
        "published": event.registration_until,
        "registration_closed": event.starts_at,
        "running": event.ends_at,
        "ended": event.due_at,
    }.get(event.state)
    reminder = _reminder(event)
    return Standing(
        state=event.state,
        open=EVENT.must_be_open(event.state, final=False),
        remind_in=clock.real_seconds_until(reminder[1]) if reminder else None,
        due_in=clock.real_seconds_until(due_at) if due_at else None,
        reminder=event.reminders,
    )


async def _vacancy_standing(tx: Tx, vacancy: Vacancy, clock: Clock) -> Standing:
    row = await tx.get(Registration, vacancy.registration) if vacancy.registration else None
    asked = row if vacancy.state == "offered" else None
    return Standing(
        state=vacancy.state,
        open=VACANCY.must_be_open(vacancy.state, final=False),
        waits_for="REGISTRANT" if asked else "",
        remind_in=clock.real_seconds_until(asked.remind_at) if asked and asked.remind_at else None,
        due_in=clock.real_seconds_until(vacancy.due_at) if asked and vacancy.due_at else None,
    )


def _reminder(event: Event) -> tuple[facts.ReminderStage, datetime] | None:
    """What participants are to be reminded of next, and when; one reminder of each."""
    if event.reminders:
        return None
    if event.state in ("published", "registration_closed"):
        return "start", event.starts_at - REMIND_BEFORE
    if event.state == "ended" and event.due_at is not None:
        return "feedback", event.due_at - REMIND_OF_FEEDBACK
    return None


async def _counts(tx: Tx, event: Event) -> facts.Closed:
    confirmed = [col(Registration.event) == event.id, col(Registration.state) == "confirmed"]
    attended = select(func.count(distinct(col(Attendance.registration)))).where(Attendance.event == event.id)
    answered = select(func.count()).where(*confirmed, col(Registration.helpful).is_not(None))
    return facts.Closed(
        registered=(await tx.session.exec(select(func.count()).where(*confirmed))).one(),
        attended=(await tx.session.exec(attended)).one(),
        answered=(await tx.session.exec(answered)).one(),
    )


async def _moved(
    tx: Tx, event: Event, name: str, body: Body, at: Moment, beside: Iterable[Beside] = ()
) -> None:
    fact = await events.record(tx, event, name, body, at, BY_STEP)
    for other in beside:
        await other.kind.record(tx, other.row, other.name, other.body, at, BY_STEP.beside(fact))


async def _recorded(tx: Tx, acts: list[Beside], at: Moment) -> None:
    """The acts of one step in order; those after the first stand beside it."""
    cause = BY_STEP
    for act in acts:
        fact = await act.kind.record(tx, act.row, act.name, act.body, at, cause)
        cause = cause if cause.causation else BY_STEP.beside(fact)


def _is_due(due_at: datetime | None, at: Moment) -> None:
    """DomainError("not-due") while there is still time: a fired timer is only a hint."""
    if due_at is None or at.now < due_at:
        raise DomainError("not-due", status=409)
