"""Who gets a place. Every function here works under the pool's lock, and every change of its counters is
relative, so that the table's CHECK would refuse a place too many even if somebody forgot the lock.
"""

import secrets
from datetime import timedelta
from typing import Literal

from sqlalchemy import func, update
from sqlmodel import col, select

from contracts import registration as facts
from contracts import vacancy as vacancy_facts
from contracts.ids import new_id
from contracts.workdays import Moment
from services.chassis.acts.perform import Beside
from services.chassis.database import Tx
from services.events.kinds import registrations, vacancies
from services.events.models import LIVE, WITHOUT_PLACE, Event, Pool, Registration, Vacancy

OFFER = timedelta(hours=48)
"""How long an offered place is held, at most until the event begins."""
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Of check-in codes: nothing that is read wrongly at a door (I, L, O, U are left out)."""


async def changed(
    tx: Tx, pool: Pool, *, confirmed: int = 0, held: int = 0, places: int = 0, line: int = 0
) -> None:
    """Adds to the pool's counters; DomainError("places-taken") when there are not so many places."""
    statement = (
        update(Pool)
        .where(col(Pool.id) == pool.id)
        .values(
            confirmed=col(Pool.confirmed) + confirmed,
            held=col(Pool.held) + held,
            places=col(Pool.places) + places,
            line=col(Pool.line) + line,
        )
        .returning(Pool)
    )
    (await tx.session.exec(statement, execution_options={"populate_existing": True})).one()


def confirm(row: Registration, at: Moment) -> facts.Confirmed:
    """The place is theirs, and with it a code for the door."""
    row.code = "".join(secrets.choice(ALPHABET) for _ in range(8))
    row.confirmed_at = at.now
    row.due_at = row.remind_at = None
    return facts.Confirmed(event=row.event, person=row.person, code=row.code)


async def queue(tx: Tx, row: Registration) -> facts.Queued:
    """A place in the line."""
    return facts.Queued(event=row.event, person=row.person, position=await position(tx, row))


async def position(tx: Tx, row: Registration) -> int:
    """How far ahead in the line: 1 is next."""
    statement = select(func.count()).where(
        col(Registration.event) == row.event,
        col(Registration.state) == "waiting",
        col(Registration.number) < row.number,
    )
    return (await tx.session.exec(statement)).one() + 1


async def fill(tx: Tx, event: Event, pool: Pool, at: Moment) -> list[Beside]:
    """Opens a vacancy for every free place that somebody waits for; more would only be spent again."""
    if at.now >= event.starts_at:
        return []
    in_line = select(func.count()).where(
        col(Registration.event) == event.id, col(Registration.state) == "waiting"
    )
    opened = select(func.count()).where(col(Vacancy.event) == event.id, col(Vacancy.state) == "open")
    waiting = (await tx.session.exec(in_line)).one() - (await tx.session.exec(opened)).one()
    number = max(0, min(pool.free, waiting))
    await changed(tx, pool, held=number)
    return [
        Beside(
            vacancies,
            Vacancy(id=new_id(), event=event.id, partnership=event.partnership, opened_at=at.now),
            "open",
            vacancy_facts.Opened(event=event.id),
        )
        for _ in range(number)
    ]


async def reopened(tx: Tx, row: Registration, reason: vacancy_facts.ReopenReason) -> Beside:
    """The place that was offered is offered again: it was never free."""
    assert row.vacancy is not None
    vacancy = await tx.locked(Vacancy, row.vacancy)
    vacancy.registration = vacancy.due_at = None
    row.due_at = row.remind_at = None
    return Beside(vacancies, vacancy, "reopen", vacancy_facts.Reopened(reason=reason))


async def offered(tx: Tx, event: Event, pool: Pool, vacancy: Vacancy, at: Moment) -> list[Beside]:
    """The open vacancy goes to the first in line, or is spent when nobody waits or the event has begun."""
    first = None if at.now >= event.starts_at else await _first_in_line(tx, event)
    if first is None:
        await changed(tx, pool, held=-1)
        reason = "event_over" if at.now >= event.starts_at else "nobody_waits"
        return [Beside(vacancies, vacancy, "offer", vacancy_facts.Spent(reason=reason))]
    due_at = min(at.now + OFFER, event.starts_at)
    vacancy.registration, vacancy.due_at = first.id, due_at
    first.vacancy, first.due_at = vacancy.id, due_at
    first.remind_at = at.now + (due_at - at.now) / 2
    told = facts.Offered(event=event.id, person=first.person, vacancy=vacancy.id, due_at=due_at)
    return [
        Beside(vacancies, vacancy, "offer", vacancy_facts.Offered(registration=first.id, due_at=due_at)),
        Beside(registrations, first, "offer", told),
    ]


async def cleared(
    tx: Tx, event: Event, pool: Pool, at: Moment, by: Literal["event", "start"]
) -> list[Beside]:
    """Ends the line and its vacancies: at the start for those without a place, on cancelling for all."""
    states = LIVE if by == "event" else WITHOUT_PLACE
    rows = await tx.session.exec(
        select(Registration)
        .where(col(Registration.event) == event.id, col(Registration.state).in_(states))
        .order_by(col(Registration.id))
        .with_for_update()
    )
    held = await tx.session.exec(
        select(Vacancy)
        .where(col(Vacancy.event) == event.id, col(Vacancy.state).in_(("open", "offered")))
        .order_by(col(Vacancy.id))
        .with_for_update()
    )
    done = [_fallen(row, at, by) for row in rows]
    reason = "event_cancelled" if by == "event" else "event_over"
    done += [Beside(vacancies, row, "spend", vacancy_facts.Spent(reason=reason)) for row in held]
    await changed(tx, pool, confirmed=-pool.confirmed if by == "event" else 0, held=-pool.held)
    return done


def _fallen(row: Registration, at: Moment, by: Literal["event", "start"]) -> Beside:
    row.ended_at, row.ended_by = at.now, by
    row.due_at = row.remind_at = None
    return Beside(registrations, row, "fall", facts.Cancelled(by=by))


async def _first_in_line(tx: Tx, event: Event) -> Registration | None:
    statement = (
        select(Registration)
        .where(col(Registration.event) == event.id, col(Registration.state) == "waiting")
        .order_by(col(Registration.number))
        .limit(1)
        .with_for_update()
    )
    return (await tx.session.exec(statement)).one_or_none()
