"""Tables of applications. Constraints state the business keys: one visit per identity and edition, one open
proposal per pair, one agreement of a kind per round.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Date, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel

from services.chassis.acts.aggregate import Root
from services.chassis.database import instant


def _json(default: str = "{}") -> Any:
    return Column(JSONB, nullable=False, server_default=text(f"'{default}'::jsonb"))


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
    definition: dict[str, Any] = Field(sa_column=_json())
    undo: list[dict[str, Any]] = Field(default_factory=list, sa_column=_json("[]"))
    trial: dict[str, Any] = Field(default_factory=dict, sa_column=_json())
    edition: int = 0
    edited_by: UUID
    edited_at: datetime = instant()
    published_at: datetime | None = instant(default=None, nullable=True)


class Call(Root, table=True):
    __tablename__ = "calls"  # pyright: ignore[reportAssignmentType]

    programme: str
    title: str
    edition: str
    partnership: UUID
    budget: UUID
    payer: UUID
    first_day: date
    last_day: date
    terms: dict[str, Any] = Field(sa_column=_json())
    support: dict[str, Any] = Field(default_factory=dict, sa_column=_json())
    published_at: datetime = instant()


class Proposal(Root, table=True):
    """A visitor asks a host; contacts are the persons whom mails go to."""

    __tablename__ = "proposals"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index(
            "proposal_open_once",
            "visitor",
            "host",
            unique=True,
            postgresql_where=text("state in ('open','accepted')"),
        ),
    )

    call: UUID
    visitor: UUID
    host: UUID
    visitor_partnership: UUID
    host_partnership: UUID
    visitor_contact: UUID
    host_contact: UUID
    message: str = ""
    made_at: datetime = instant()
    due_at: datetime = instant()
    reminders: int = 0


class Application(Root, table=True):
    """A case. Drafts have answers only; everything below `frozen` is written by submit and revise."""

    __tablename__ = "applications"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index(
            "visit_once",
            "edition",
            "identity_at_award",
            unique=True,
            postgresql_where=text("state in ('awarded','granted','closed','not_completed') and uses_visit"),
        ),
        Index("applications_visitor", "visitor"),
    )

    number: str = Field(unique=True)
    call: UUID
    proposal: UUID = Field(unique=True)
    edition: str
    applicant: UUID
    visitor: UUID
    host: UUID
    visitor_partnership: UUID
    host_partnership: UUID
    payer: UUID
    budget: UUID
    created_at: datetime = instant()
    saved_at: datetime = instant()

    mode: str = "physical"
    green: bool = False
    first_day: date | None = None
    last_day: date | None = None
    days: list[date] = Field(
        default_factory=list, sa_column=Column(ARRAY(Date), nullable=False, server_default="{}")
    )
    activities: list[str] = Field(
        default_factory=list, sa_column=Column(ARRAY(Text), nullable=False, server_default="{}")
    )
    objectives: str = ""
    agenda: str = ""
    declarations: list[str] = Field(
        default_factory=list, sa_column=Column(ARRAY(Text), nullable=False, server_default="{}")
    )

    frozen: dict[str, Any] = Field(default_factory=dict, sa_column=_json())
    amount_cents: int = 0
    identity_at_award: UUID | None = None
    uses_visit: bool = False
    round: int = 1
    submitted_at: datetime | None = instant(default=None, nullable=True)
    stage: str = ""
    due_at: datetime | None = instant(default=None, nullable=True)
    reminders: int = 0
    reason: str = ""
    explanation: str = ""
    opinion: str = ""
    decider: UUID | None = None
    earlier_deciders: list[str] = Field(
        default_factory=list, sa_column=Column(ARRAY(Text), nullable=False, server_default="{}")
    )
    rules: list[dict[str, Any]] = Field(default_factory=list, sa_column=_json("[]"))
    appeal: str = "none"
    appeal_text: str = ""
    final: bool = False


class Decision(Root, table=True):
    """An opinion or decision; the text stays here, the fact says only which way."""

    __tablename__ = "decisions"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (Index("decision_once", "application", "round", "kind", "decider", unique=True),)

    application: UUID
    kind: str
    favourable: bool
    round: int
    decider: UUID
    remark: str = ""
    made_at: datetime = instant()
    scopes: dict[str, str] = Field(sa_column=_json())


class Agreement(Root, table=True):
    """A signing set over one document: its text and the text's hash stand here for as long as the case."""

    __tablename__ = "agreements"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (Index("agreement_once", "application", "round", "kind", unique=True),)

    application: UUID
    round: int
    kind: str
    document: str
    content: str
    parties: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    signatures: list[dict[str, str]] = Field(default_factory=list, sa_column=_json("[]"))
    scopes: dict[str, str] = Field(sa_column=_json())
    opened_at: datetime = instant()


class Visit(Root, table=True):
    __tablename__ = "visits"  # pyright: ignore[reportAssignmentType]

    application: UUID = Field(unique=True)
    scopes: dict[str, str] = Field(sa_column=_json())
    first_day: date
    last_day: date
    due_at: datetime | None = instant(default=None, nullable=True)
    reminders: int = 0
    escalated: bool = False
    days_reported: int = 0
    days_done: int = 0
    report: str = ""
    helpful: int | None = None
    evidence: list[dict[str, Any]] = Field(default_factory=list, sa_column=_json("[]"))
    evidence_at: datetime | None = instant(default=None, nullable=True)
    host_days: int | None = None
    host_feedback: str = ""
    reason: str = ""
    explanation: str = ""
    validator: UUID | None = None
    validated_on: date | None = None
    appeal: str = "none"
    appeal_text: str = ""
    final: bool = False
    claim_state: str = ""


class KnownOrganisation(SQLModel, table=True):
    """Projection of organisation.registered."""

    __tablename__ = "applications_known_organisations"  # pyright: ignore[reportAssignmentType]

    id: UUID = Field(primary_key=True)
    name: str
    kind: str
    town: str
    country: str
    latitude: float
    longitude: float
    identity: UUID
    cluster: UUID | None = None


class KnownPartnership(SQLModel, table=True):
    """Projection of partnership.formed."""

    __tablename__ = "applications_known_partnerships"  # pyright: ignore[reportAssignmentType]

    id: UUID = Field(primary_key=True)
    name: str
    programme: str
    coordinator: UUID
    first_day: date
    last_day: date


class KnownParticipation(SQLModel, table=True):
    """Projection of participation.*: the catalogue that visitors search."""

    __tablename__ = "applications_known_participations"  # pyright: ignore[reportAssignmentType]

    id: UUID = Field(primary_key=True)
    organisation: UUID = Field(index=True)
    partnership: UUID
    side: str
    contact: UUID
    activities: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    sectors: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    languages: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    validated: bool


class KnownBudget(SQLModel, table=True):
    """Projection of budget.opened: who pays in a partnership, and until when."""

    __tablename__ = "applications_known_budgets"  # pyright: ignore[reportAssignmentType]

    id: UUID = Field(primary_key=True)
    partnership: UUID
    member: UUID
    name: str
    action_start: date
    action_end: date


class KnownRates(SQLModel, table=True):
    """Projection of rate_table.published."""

    __tablename__ = "applications_known_rates"  # pyright: ignore[reportAssignmentType]

    id: UUID = Field(primary_key=True)
    scheme: str
    version: str
    valid_from: date
    partnership: UUID | None = None
    rates: dict[str, Any] = Field(sa_column=_json())
