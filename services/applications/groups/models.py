"""Table of group visits; that no more members submit than there are places is a constraint."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field

from services.chassis.acts.aggregate import Root


class GroupVisit(Root, table=True):
    """One programme. agenda_version counts its texts; members are the organisations that have joined, taken how many of
    their applications hold a place; delegates: who travels, with the organisation and at whose cost; lessons: what was
    learned, noted afterwards."""

    __tablename__ = "group_visits"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        CheckConstraint("taken BETWEEN 0 AND places", name="group_full"),
        CheckConstraint("first_day <= last_day AND join_until < first_day", name="group_days"),
    )

    call: UUID = Field(index=True)
    title: str
    partnership: UUID = Field(index=True)
    host: UUID = Field(index=True)
    host_partnership: UUID
    host_contact: UUID
    mode: str
    first_day: date
    last_day: date
    agenda: str
    agenda_version: int = 1
    places: int
    taken: int = 0
    join_until: date
    members: list[UUID] = Field(
        default_factory=list, sa_column=Column(ARRAY(Uuid), nullable=False, server_default="{}")
    )
    delegates: list[dict[str, Any]] = Field(
        default_factory=list, sa_column=Column(JSONB, nullable=False, server_default=text("'[]'::jsonb"))
    )
    lessons: str = ""
    explanation: str = ""
