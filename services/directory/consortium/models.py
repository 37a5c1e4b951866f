"""Tables of what a partnership has promised, and of what has taken place, as heard."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from services.chassis.acts.aggregate import Root
from services.chassis.database import instant


class WorkPackage(Root, table=True):
    """A part of the action, led by a member."""

    __tablename__ = "work_packages"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index(
            "work_package_once",
            "partnership",
            "number",
            unique=True,
            postgresql_where=text("state = 'planned'"),
        ),
        CheckConstraint("first_day <= last_day", name="work_package_days"),
    )

    partnership: UUID
    number: int
    title: str
    lead: UUID
    first_day: date
    last_day: date


class Deliverable(Root, table=True):
    """What a member hands in until `due_on`. due_at: until when whoever's move it is has it; versions: how many there
    are; reminded: the stage said last."""

    __tablename__ = "deliverables"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        CheckConstraint("lead <> peer", name="peer_is_another"),
        Index("deliverables_partnership", "partnership", "due_on"),
        Index("deliverables_lead", "lead"),
        Index("deliverables_peer", "peer"),
        Index("deliverables_due", "due_on", postgresql_where=text("state in ('planned', 'returned')")),
    )

    partnership: UUID
    work_package: UUID | None = None
    title: str
    kind: str
    lead: UUID
    peer: UUID | None = None
    due_on: date
    due_at: datetime | None = instant(default=None, nullable=True)
    versions: int = 0
    reminded: str = ""


class Version(SQLModel, table=True):
    """One version of a deliverable, with what its peer and the coordinator said of it."""

    __tablename__ = "deliverable_versions"  # pyright: ignore[reportAssignmentType]

    deliverable: UUID = Field(primary_key=True)
    number: int = Field(primary_key=True)
    file: str
    file_name: str
    note: str = ""
    by: UUID
    at: datetime = instant()
    review: str = ""
    reviewed_by: UUID | None = None
    verdict: str = ""
    judged_by: UUID | None = None


class Activity(SQLModel, table=True):
    """An exchange or an event that was heard of: whose it is, and whether it took place.

    id            of the case, or of the event
    kind          exchange, or the kind of the event
    partnership   whose it counts for: the visitor's, once (CX-49)
    organisations who visits and who hosts
    state         known, planned, done or off
    """

    __tablename__ = "activities"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index("activities_partnership", "partnership", "state"),
        Index("activities_organisations", "organisations", postgresql_using="gin"),
    )

    id: UUID = Field(primary_key=True)
    kind: str
    partnership: UUID | None = None
    organisations: list[UUID] = Field(
        default_factory=list, sa_column=Column(ARRAY(Uuid), nullable=False, server_default="{}")
    )
    title: str = ""
    day: date | None = None
    state: str = "known"
