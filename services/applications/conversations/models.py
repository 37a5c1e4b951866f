"""Tables of conversations: one per case, its messages in order, and how far each person has read."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from services.chassis.acts.aggregate import Root
from services.chassis.database import instant, json_column


class Conversation(Root, table=True):
    """messages counts them; due_at is until when the support office is to answer, while it has the conversation."""

    __tablename__ = "conversations"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (Index("conversation_once", "application", unique=True),)

    application: UUID
    scopes: dict[str, str] = Field(sa_column=Column(JSONB, nullable=False))
    messages: int = 0
    last_at: datetime | None = instant(default=None, nullable=True)
    due_at: datetime | None = instant(default=None, nullable=True)


class Message(SQLModel, table=True):
    """One thing that was said.

    number   its place in the conversation, from 1
    party    as whom the author takes part
    behalf_of  the person for whom the author wrote it, by a mandate
    via      page, mail, call, letter; filed, of a mail that an officer filed; hand_over and give_back for what goes
             with these acts
    caller   with whom an officer spoke, of a call; the sender, of a mail that was filed
    mail_id  the Message-ID of a mail; one mail lands once
    files    id and name of each attachment
    letter   of a letter from a template: its kind, and what it says
    """

    __tablename__ = "messages"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index("message_number", "conversation", "number", unique=True),
        Index("message_mail_once", "mail_id", unique=True, postgresql_where=text("mail_id <> ''")),
        CheckConstraint(
            "via in ('page','mail','call','letter','filed','hand_over','give_back')", name="message_via"
        ),
    )

    id: UUID = Field(primary_key=True)
    conversation: UUID
    number: int
    author: UUID
    party: str
    behalf_of: UUID | None = None
    via: str
    text: str
    caller: str = ""
    mail_id: str = ""
    files: list[dict[str, Any]] = Field(sa_column=Column(JSONB, nullable=False))
    letter: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    at: datetime = instant()


class ReadUpTo(SQLModel, table=True):
    """The number of the last message that a person has seen."""

    __tablename__ = "conversations_read"  # pyright: ignore[reportAssignmentType]

    conversation: UUID = Field(primary_key=True)
    person: UUID = Field(primary_key=True)
    number: int


class StrayMail(Root, table=True):
    """A mail that belongs to no conversation for sure. partnership: whose tray it lies in, the operators' if none;
    application: the case that its address names, or that it was filed to; told_on: the day on which its officers were
    told that it waits. Once dropped it has no words any more."""

    __tablename__ = "stray_mails"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (Index("stray_mail_once", "mail_id", unique=True),)

    mail_id: str
    sender: str
    subject: str
    text: str
    files: list[dict[str, Any]] = Field(sa_column=Column(JSONB, nullable=False))
    reason: str
    partnership: UUID | None = None
    application: UUID | None = None
    told_on: date | None = None
    at: datetime = instant()
