"""What is read about events, always with a constant number of statements. Names are for organisers alone."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import distinct, func, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from contracts.errors import DomainError
from services.chassis.database import Tx
from services.chassis.identity.people import people_of
from services.events.attendance import days_of, readable
from services.events.models import LIVE, Attendance, Event, KnownPartnership, Pool, Registration

PAGE = 50
AHEAD = ("published", "registration_closed", "running")


@dataclass(frozen=True)
class Listed:
    """An event as everybody may see it. waiting counts those in line."""

    event: Event
    pool: Pool
    organiser: str
    waiting: int

    @property
    def days(self) -> list[date]:
        return days_of(self.event)

    @property
    def taken(self) -> int:
        return self.pool.places - self.pool.free

    def json(self) -> dict[str, Any]:
        return {
            **self.event.model_dump(mode="json", exclude={"due_at", "reminders", "partnership"}),
            "organiser": {"id": str(self.event.partnership), "name": self.organiser},
            "feedback_until": self.event.due_at.isoformat() if self.event.due_at else None,
            "places": self.pool.places,
            "free": self.pool.free,
            "waiting": self.waiting,
        }


async def events_page(tx: Tx, after: UUID | None, *, past: bool, limit: int = PAGE) -> list[Listed]:
    """Events that are ahead, the next one first; or those that are over, the latest first."""
    rows = _listed().limit(limit)
    key = tuple_(col(Event.starts_at), col(Event.id))
    if past:
        rows = rows.where(col(Event.state).not_in(AHEAD)).order_by(key.desc())
    else:
        rows = rows.where(col(Event.state).in_(AHEAD)).order_by(key)
    if after is not None:
        last = await tx.found(Event, after)
        seen = tuple_(last.starts_at, last.id)
        rows = rows.where(key < seen if past else key > seen)
    return [Listed(*row) for row in (await tx.session.exec(rows)).all()]


async def event_of(tx: Tx, id: UUID) -> Listed:
    """One event; DomainError("not-found")."""
    row = (await tx.session.exec(_listed().where(col(Event.id) == id))).one_or_none()
    if row is None:
        raise DomainError("not-found", status=404)
    return Listed(*row)


async def registrations_of(
    tx: Tx, person: UUID, after: UUID | None, limit: int = PAGE
) -> list[tuple[Registration, Event]]:
    """A person's registrations with their events, the latest first."""
    statement = (
        select(Registration, Event)
        .join(Event, col(Event.id) == col(Registration.event))
        .where(col(Registration.person) == person)
        .order_by(col(Registration.id).desc())
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(col(Registration.id) < after)
    return [(row[0], row[1]) for row in (await tx.session.exec(statement)).all()]


async def live_registration(tx: Tx, event: UUID, person: UUID) -> Registration | None:
    """The registration with which a person stands in an event."""
    statement = select(Registration).where(
        col(Registration.event) == event,
        col(Registration.person) == person,
        col(Registration.state).in_(LIVE),
    )
    return (await tx.session.exec(statement)).one_or_none()


@dataclass(frozen=True)
class Participant:
    """A registration in its organiser's list; position only while it waits, seen on these days."""

    registration: Registration
    name: str
    position: int | None
    seen: list[date] = field(default_factory=list[date])

    def json(self) -> dict[str, Any]:
        row = self.registration
        return {
            "id": str(row.id), "number": row.number, "person": str(row.person), "name": self.name,
            "state": row.state, "position": self.position, "registered_at": row.registered_at.isoformat(),
            "code": readable(row.code) if row.code else None,
            "present": [day.isoformat() for day in self.seen], "helpful": row.helpful,
        }  # fmt: skip


async def participants(
    tx: Tx, event: UUID, after: UUID | None = None, limit: int = PAGE
) -> list[Participant]:
    """Everybody who registered, in that order."""
    ahead = aliased(Registration)
    in_front = (
        select(func.count())
        .where(col(ahead.event) == event, col(ahead.state) == "waiting")
        .where(col(ahead.number) <= col(Registration.number))
        .scalar_subquery()
    )
    statement = (
        select(Registration, in_front)
        .where(col(Registration.event) == event)
        .order_by(col(Registration.number))
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(col(Registration.number) > (await tx.found(Registration, after)).number)
    rows = [(row[0], int(row[1])) for row in (await tx.session.exec(statement)).all()]
    names = await people_of(tx, (row.person for row, _ in rows))
    seen = await days_seen(tx, (row.id for row, _ in rows))
    return [
        Participant(
            row,
            names[row.person].name if row.person in names else "",
            position if row.state == "waiting" else None,
            seen.get(row.id, []),
        )
        for row, position in rows
    ]


async def days_seen(tx: Tx, registrations: Iterable[UUID]) -> dict[UUID, list[date]]:
    """On which days each was checked in."""
    statement = (
        select(col(Attendance.registration), col(Attendance.day))
        .where(col(Attendance.registration).in_(list(registrations)))
        .order_by(col(Attendance.day))
    )
    seen: dict[UUID, list[date]] = {}
    for registration, day in (await tx.session.exec(statement)).all():
        seen.setdefault(registration, []).append(day)
    return seen


@dataclass(frozen=True)
class Results:
    """What came of an event. Absent is who has a place and was never seen.

    present   people seen, by day
    answers   answers by helpfulness, 5 to 1
    """

    registered: int
    attended: int
    present: dict[date, int]
    answers: dict[int, int]
    remarks: list[str]

    @property
    def answered(self) -> int:
        return sum(self.answers.values())

    @property
    def absent(self) -> int:
        return self.registered - self.attended

    def json(self) -> dict[str, Any]:
        return {
            "registered": self.registered,
            "attended": self.attended,
            "absent": self.absent,
            "present": {day.isoformat(): number for day, number in self.present.items()},
            "feedback": {
                "answered": self.answered,
                "response_rate": round(self.answered / self.registered, 4) if self.registered else None,
                "answers": {str(helpful): number for helpful, number in self.answers.items()},
                "remarks": self.remarks,
            },
        }


async def results_of(tx: Tx, event: Event) -> Results:
    """Counts of attendance and feedback, and what people wrote, without their names."""
    by_day = (
        select(col(Attendance.day), func.count())
        .where(col(Attendance.event) == event.id)
        .group_by(col(Attendance.day))
    )
    attended = select(func.count(distinct(col(Attendance.registration)))).where(Attendance.event == event.id)
    confirmed = [col(Registration.event) == event.id, col(Registration.state) == "confirmed"]
    by_answer = (
        select(col(Registration.helpful), func.count()).where(*confirmed).group_by(col(Registration.helpful))
    )
    remarks = (
        select(Registration.remark)
        .where(*confirmed, col(Registration.remark) != "")
        .order_by(col(Registration.remark))  # not in the order of people
        .limit(PAGE)
    )
    days = dict((await tx.session.exec(by_day)).all())
    answers = dict((await tx.session.exec(by_answer)).all())
    return Results(
        registered=sum(answers.values()),
        attended=(await tx.session.exec(attended)).one(),
        present={day: days.get(day, 0) for day in days_of(event)},
        answers={helpful: answers.get(helpful, 0) for helpful in (5, 4, 3, 2, 1)},
        remarks=list((await tx.session.exec(remarks)).all()),
    )


def _listed() -> Select[Event, Pool, str, int]:
    waiting = (
        select(func.count())
        .where(col(Registration.event) == col(Event.id), col(Registration.state) == "waiting")
        .scalar_subquery()
    )
    return (
        select(Event, Pool, col(KnownPartnership.name), waiting)
        .join(Pool, col(Pool.id) == col(Event.id))
        .join(KnownPartnership, col(KnownPartnership.id) == col(Event.partnership))
    )
