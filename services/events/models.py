"""Tables of events. The constraints state that no event has more places taken or held than it has, that
nobody stands in one event twice, and that nobody is checked in twice on one day.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from services.chassis.acts.aggregate import Root
from services.chassis.database import instant

WITHOUT_PLACE = ("pending", "waiting", "offered")
LIVE = (*WITHOUT_PLACE, "confirmed")
"""States in which a registration still stands."""


class Event(Root, table=True):
    """What people attend. Its places are in its pool.

    due_at      ended: until when feedback is taken; None before it was asked for
    reminders   of the start, and after the end of the feedback
    """

    __tablename__ = "events"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        CheckConstraint("starts_at < ends_at and registration_until <= starts_at", name="event_dates"),
        Index("events_by_start", "starts_at", "id"),
    )

    kind: str
    title: str
    description: str = ""
    partnership: UUID = Field(index=True)
    venue: str
    town: str
    country: str
    timezone: str
    starts_at: datetime = instant()
    ends_at: datetime = instant()
    registration_until: datetime = instant()
    approval: bool = False
    due_at: datetime | None = instant(default=None, nullable=True)
    reminders: int = 0


class Pool(SQLModel, table=True):
    """The places of one event, and the lock under which they are given away; its id is the event's.

    held   places of vacancies that are open or offered
    line   number of the last registration: who registered earlier stands before
    """

    __tablename__ = "pools"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        CheckConstraint("confirmed >= 0 and held >= 0 and confirmed + held <= places", name="places_taken"),
    )

    id: UUID = Field(primary_key=True)
    places: int
    confirmed: int = 0
    held: int = 0
    line: int = 0

    @property
    def free(self) -> int:
        return self.places - self.confirmed - self.held


class Registration(Root, table=True):
    """One person's place, or place in the line.

    number             in the order of registering, within the event
    code               what its holder is checked in by, once confirmed
    vacancy, due_at    the place that is offered, and until when it is held
    remind_at          when an offer without an answer is mentioned again, once
    ended_by           who cancelled it: the person, the organiser, the event, or its start
    helpful, remark    the feedback, 5 (very helpful) to 1
    """

    __tablename__ = "registrations"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index(
            "registration_once", "event", "person", unique=True,
            postgresql_where=text("state in ('pending', 'waiting', 'offered', 'confirmed')"),
        ),
        UniqueConstraint("event", "number", name="registration_number"),
        UniqueConstraint("event", "code", name="registration_code"),
        Index("registrations_line", "event", "state", "number"),
        Index("registrations_person", "person", "id"),
    )  # fmt: skip

    event: UUID
    person: UUID
    partnership: UUID
    number: int
    registered_at: datetime = instant()
    confirmed_at: datetime | None = instant(default=None, nullable=True)
    ended_at: datetime | None = instant(default=None, nullable=True)
    ended_by: str = ""
    code: str | None = None
    vacancy: UUID | None = None
    due_at: datetime | None = instant(default=None, nullable=True)
    remind_at: datetime | None = instant(default=None, nullable=True)
    helpful: int | None = None
    remark: str = ""


class Vacancy(Root, table=True):
    """One place that was freed or added while people waited; held until it is taken or spent."""

    __tablename__ = "vacancies"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (Index("vacancies_of_event", "event", "state"),)

    event: UUID
    partnership: UUID
    opened_at: datetime = instant()
    registration: UUID | None = None
    due_at: datetime | None = instant(default=None, nullable=True)


class Attendance(Root, table=True):
    """Somebody was seen at the door on a day of the event."""

    __tablename__ = "attendances"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (UniqueConstraint("registration", "day", name="attendance_once"),)

    event: UUID = Field(index=True)
    registration: UUID
    person: UUID
    partnership: UUID
    day: date
    how: str
    at: datetime = instant()
    recorded_by: UUID


class KnownPartnership(SQLModel, table=True):
    """Projection of partnership.formed: who organises."""

    __tablename__ = "events_known_partnerships"  # pyright: ignore[reportAssignmentType]

    id: UUID = Field(primary_key=True)
    name: str
    title: str
