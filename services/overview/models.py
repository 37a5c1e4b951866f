"""What overview remembers: a line per fact, a row per subject and per case, the names of things.

Nothing here is a source: every row can be told again from the facts. Personal data is one name per person.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, DateTime, Index, Text, Uuid, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel

from services.chassis.database import instant


def _texts() -> Any:
    return Field(default_factory=list, sa_column=Column(ARRAY(Text), nullable=False, server_default="{}"))


def _json() -> Any:
    return Field(
        default_factory=dict, sa_column=Column(JSONB, nullable=False, server_default=text("'{}'::jsonb"))
    )


class Line(SQLModel, table=True):
    """One fact. recorded_at to applied_at is how long it took from commit there to effect here."""

    __tablename__ = "overview_lines"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index("overview_lines_case", "case_id", "at"),
        Index("overview_lines_applied", "applied_at"),
    )

    subject: UUID = Field(primary_key=True)
    version: int = Field(primary_key=True)
    case_id: UUID | None = None
    aggregate: str
    type: str
    state: str
    at: datetime = instant()
    recorded_at: datetime = instant()
    applied_at: datetime | None = Field(
        default=None,
        sa_column=Column(DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
    )
    actor: str
    via: str = "self"
    behalf_of: str | None = None
    audience: list[str] = _texts()
    body: dict[str, Any] = _json()


class Subject(SQLModel, table=True):
    """Where one thing stands.

    since     when it came into this state
    due_at    until when, if a fact has said so
    movers    "PARTY:scope" of those whose move it is
    done      parties that have done their part in this state (signed, given an opinion)
    appeal    none, open or refused
    said      everything its facts have said, the last word of each
    """

    __tablename__ = "overview_subjects"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index("overview_subjects_case", "case_id"),
        Index("overview_subjects_movers", "movers", postgresql_using="gin"),
        Index("overview_subjects_due", "due_at", postgresql_where=text("due_at is not null")),
    )

    id: UUID = Field(primary_key=True)
    aggregate: str
    case_id: UUID | None = None
    state: str = ""
    version: int = 0
    since: datetime = instant()
    due_at: datetime | None = instant(default=None, nullable=True)
    audience: list[str] = _texts()
    movers: list[str] = _texts()
    done: list[str] = _texts()
    appeal: str = "none"
    final: bool = False
    said: dict[str, Any] = _json()


class Case(SQLModel, table=True):
    """One exchange or registration across services. kind stays empty until its own first fact is heard.

    joined    subjects that belong to it though their facts came before it (its proposal)
    about     the event of a registration, whose name is the case's
    status    "aggregate.state" of the subject that speaks for the case
    stage     the post of its road where it is now; empty when it has ended
    """

    __tablename__ = "overview_cases"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index("overview_cases_audience", "audience", postgresql_using="gin"),
        Index("overview_cases_stage", "stage", "due_at"),
    )

    id: UUID = Field(primary_key=True)
    kind: str = ""
    number: str = ""
    joined: list[UUID] = Field(
        default_factory=list, sa_column=Column(ARRAY(Uuid), nullable=False, server_default="{}")
    )
    about: UUID | None = None
    origin: str = ""
    destination: str = ""
    visitor: str = ""
    status: str = ""
    stage: str = ""
    since: datetime | None = instant(default=None, nullable=True)
    due_at: datetime | None = instant(default=None, nullable=True)
    amount_cents: int = 0
    currency: str = "EUR"
    audience: list[str] = _texts()
    opened_at: datetime | None = instant(default=None, nullable=True)
    ended_at: datetime | None = instant(default=None, nullable=True)


class Name(SQLModel, table=True):
    """What a thing is called: people, organisations, partnerships, events, calls, budgets."""

    __tablename__ = "overview_names"  # pyright: ignore[reportAssignmentType]

    id: UUID = Field(primary_key=True)
    kind: str
    name: str
