"""Tables of calls, their corrections, and the versions of forms."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from services.chassis.acts.aggregate import Root
from services.chassis.database import instant, json_column


class Form(Root, table=True):
    """One version of a form. `undo` holds the definitions before the last edits, `trial` what its authors try out."""

    __tablename__ = "forms"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index("form_version_once", "series", "number", unique=True),
        Index("form_draft_once", "series", unique=True, postgresql_where=text("state = 'draft'")),
    )

    series: UUID
    number: int
    partnership: UUID = Field(index=True)
    title: str
    definition: dict[str, Any] = Field(sa_column=json_column())
    undo: list[dict[str, Any]] = Field(default_factory=list, sa_column=json_column("[]"))
    trial: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    edition: int = 0
    edited_by: UUID
    edited_at: datetime = instant()
    published_at: datetime | None = instant(default=None, nullable=True)


class Call(Root, table=True):
    """pending: the correction of a published call that is not public yet; note: what everybody is told of the last."""

    __tablename__ = "calls"  # pyright: ignore[reportAssignmentType]

    programme: str
    title: str
    edition: str
    partnership: UUID
    budget: UUID
    payer: UUID
    first_day: date
    last_day: date
    terms: dict[str, Any] = Field(sa_column=json_column())
    support: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    summary: dict[str, str] = Field(default_factory=dict, sa_column=json_column())
    rules: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    form: UUID | None = None
    revision: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    pending: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    note: str = Field(default="", sa_column_kwargs={"server_default": ""})
    edited_by: UUID | None = None
    edited_at: datetime | None = instant(default=None, nullable=True)
    published_at: datetime | None = instant(default=None, nullable=True)


class CallRevision(SQLModel, table=True):
    """What a call said from one correction to the next; kept for ever."""

    __tablename__ = "call_revisions"  # pyright: ignore[reportAssignmentType]

    call: UUID = Field(primary_key=True)
    revision: int = Field(primary_key=True)
    title: str
    summary: dict[str, str] = Field(sa_column=json_column())
    first_day: date
    last_day: date
    rules: dict[str, Any] = Field(sa_column=json_column())
    terms: dict[str, Any] = Field(sa_column=json_column())
    form: UUID | None = None
    note: str = ""
    made_at: datetime = instant()
