"""Tables of the review. An evaluator has one part in a stage; every round that was submitted is kept as it was."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from services.chassis.acts.aggregate import Root
from services.chassis.database import instant, json_column


class Stage(Root, table=True):
    """One task of a round. answers and favourable count its people's answers, or its evaluators' sheets; score is the
    joined result in hundredths of a percent, once it is met; lead writes the consensus. calendar: the country or the
    region whose public holidays count for it."""

    __tablename__ = "stages"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index("stage_once", "application", "round", "key", unique=True),
        CheckConstraint("favourable between 0 and answers", name="stage_counts"),
    )

    application: UUID
    round: int
    group: str
    key: str
    kind: str
    holder: str
    parties: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    scopes: dict[str, str] = Field(sa_column=json_column())
    calendar: str = ""
    quorum: int
    days: int
    silence: str
    remind: list[int] = Field(default_factory=list, sa_column=json_column("[]"))
    reminders: int = 0
    opened_at: datetime = instant()
    due_at: datetime = instant()
    closed_at: datetime | None = instant(default=None, nullable=True)
    answers: int = 0
    favourable: int = 0
    score: int | None = None
    lead: UUID | None = None


class Assessment(Root, table=True):
    """What one evaluator has to say. seen: the version of the lead's sheet that a consensus was agreed to."""

    __tablename__ = "assessments"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index(
            "assessment_once",
            "stage",
            "evaluator",
            unique=True,
            postgresql_where=text("state <> 'declined'"),
        ),
        Index("assessments_evaluator", "evaluator"),
    )

    application: UUID = Field(index=True)
    stage: UUID
    round: int
    evaluator: UUID
    scopes: dict[str, str] = Field(sa_column=json_column())
    made_at: datetime = instant()
    due_at: datetime = instant()
    declared_at: datetime | None = instant(default=None, nullable=True)
    submitted_at: datetime | None = instant(default=None, nullable=True)
    scores: dict[str, int] = Field(default_factory=dict, sa_column=json_column())
    comments: dict[str, str] = Field(default_factory=dict, sa_column=json_column())
    internal: str = ""
    reason: str = ""
    seen: int | None = None


class Interest(SQLModel, table=True):
    """What an evaluator of an anonymous call declared: the organisations that it was shown, and those in conflict."""

    __tablename__ = "interests"  # pyright: ignore[reportAssignmentType]

    evaluator: UUID = Field(primary_key=True)
    call: UUID = Field(primary_key=True)
    cut_off: str = Field(primary_key=True)
    shown: list[str] = Field(default_factory=list, sa_column=json_column("[]"))
    conflicts: list[str] = Field(default_factory=list, sa_column=json_column("[]"))
    declared_at: datetime = instant()


class Submission(SQLModel, table=True):
    """One round of an application as it was submitted."""

    __tablename__ = "submissions"  # pyright: ignore[reportAssignmentType]

    application: UUID = Field(primary_key=True)
    round: int = Field(primary_key=True)
    answers: dict[str, Any] = Field(sa_column=json_column())
    amount_cents: int
    submitted_at: datetime = instant()
