"""Tables of notifications: what is known, what there is to tell, and each delivery of it. Personal data
stands only in the chassis' projection of people: a mail is written when it is sent, and kept nowhere.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel

from services.chassis.acts.aggregate import Root
from services.chassis.database import instant


def _texts() -> Any:
    return Field(default_factory=list, sa_column=Column(ARRAY(Text), nullable=False, server_default="{}"))


def _json() -> Any:
    return Field(
        default_factory=dict, sa_column=Column(JSONB, nullable=False, server_default=text("'{}'::jsonb"))
    )


class Known(SQLModel, table=True):
    """A thing that mails name or are about, as its facts leave it.

    moved_by  whose act led into this state: a person's id, or "system"
    said    everything its facts have said, the last word of each
    due_at  until when it waits in this state, business time
    done    parties that have done their part in this state (signed, given an opinion)
    """

    __tablename__ = "notifications_known_things"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index("notifications_known_of_case", "case_id", "aggregate"),
        Index(
            "notifications_known_of_event",
            text("(said ->> 'event')"),
            postgresql_where=text("aggregate = 'registration'"),
        ),
    )

    id: UUID = Field(primary_key=True)
    aggregate: str
    case_id: UUID | None = None
    state: str
    version: int
    moved_by: str = ""
    due_at: datetime | None = instant(default=None, nullable=True)
    said: dict[str, Any] = _json()
    done: list[str] = _texts()


class Told(SQLModel, table=True):
    """A fact that somebody must hear of; kept because a role may be heard of later than the fact.

    key  the fact as notices know it ("application.awarded")
    at   business time; recorded_at is real time
    """

    __tablename__ = "told_facts"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (Index("told_facts_recorded", "recorded_at"),)

    id: UUID = Field(primary_key=True)
    key: str
    subject: UUID
    case_id: UUID | None = None
    state: str
    at: datetime = instant()
    recorded_at: datetime = instant()
    actor: str
    audience: list[str] = _texts()
    body: dict[str, Any] = _json()


class Delivery(Root, table=True):
    """One mail to one person about one fact. Its id is made of the three, so a repeat is the same mail.

    about      the fact; template: which notice of it
    page       the thing that its button leads to
    queued_at  and try_at: real time; not tried before try_at, which is also when a sender's hold on it ends
    tries      since it was queued or sent again; resent: how often an operator had it sent again
    code       why the last try failed, or why it was not sent at all
    """

    __tablename__ = "deliveries"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index("deliveries_queued", "try_at", postgresql_where=text("state = 'queued'")),
        Index("deliveries_log", "queued_at", "id"),
        Index("deliveries_person", "person", "queued_at"),
    )

    person: UUID
    about: UUID = Field(foreign_key="told_facts.id", index=True)
    template: str
    page: UUID
    queued_at: datetime = instant()
    try_at: datetime = instant()
    tries: int = 0
    resent: int = 0
    code: str = ""
