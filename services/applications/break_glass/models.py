"""The table of acts that are done in somebody's place."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.chassis.acts.aggregate import Root
from services.chassis.database import instant

OPEN = ("requested", "consented")


class BreakGlass(Root, table=True):
    """act is "aggregate.act", thing the row it is done on, party in whose place; due_at until when it waits for
    consent, and then until when it may be done."""

    __tablename__ = "break_glasses"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index(
            "break_glass_open_once", "thing", "act", unique=True,
            postgresql_where=text("state in ('requested','consented')"),
        ),
        CheckConstraint(
            "case when state in ('consented','used') then consented_by is not null and consented_by <> requested_by"
            " else true end",
            name="break_glass_second_person",
        ),
    )  # fmt: skip

    application: UUID = Field(index=True)
    scopes: dict[str, str] = Field(sa_column=Column(JSONB, nullable=False))
    act: str
    thing: UUID
    party: str
    reason: str
    explanation: str
    requested_by: UUID
    requested_at: datetime = instant()
    consented_by: UUID | None = None
    due_at: datetime = instant()

    def stands_at(self, now: datetime) -> str:
        """Its state: over by its date, swept or not."""
        return "expired" if self.state in OPEN and self.due_at < now else self.state
