"""The table of amendments: one open per case."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.chassis.acts.aggregate import Root
from services.chassis.database import instant


class Amendment(Root, table=True):
    """A change of what was granted. frozen is all that the case is frozen with once it is in force, changed what of it
    differs, before what stood there; agenda and agenda_before stand where an exchange gets another one, agenda_version
    where it is a group's; provider and answers where a grant is to be used with another one. scopes are those of the
    case as it would be; signing says whether its documents are open; remark is the officer's."""

    __tablename__ = "amendments"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index(
            "amendment_open_once", "application", unique=True,
            postgresql_where=text("state in ('requested','agreed')"),
        ),
        Index("amendment_number", "application", "number", unique=True),
    )  # fmt: skip

    application: UUID
    scopes: dict[str, str] = Field(sa_column=Column(JSONB, nullable=False))
    number: int
    requested_by: UUID
    explanation: str
    remark: str = ""
    frozen: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    changed: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    before: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    agenda: str = ""
    agenda_before: str = ""
    agenda_version: int = 0
    provider: UUID | None = None
    provider_before: UUID | None = None
    answers: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    amount_cents: int
    before_cents: int
    signing: bool = False
    due_at: datetime = instant()
    reminders: int = 0
