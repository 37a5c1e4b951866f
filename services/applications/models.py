"""Tables of applications. Constraints state the business keys: one visit per identity and edition, one open
proposal per pair, one agreement of a kind per round.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Date, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from services.chassis.acts.aggregate import Root
from services.chassis.database import instant, json_column


class Proposal(Root, table=True):
    """A visitor asks a host; contacts are the persons whom mails go to."""

    __tablename__ = "proposals"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index(
            "proposal_open_once",
            "visitor",
            "host",
            unique=True,
            postgresql_where=text("state = 'open'"),
        ),
    )

    call: UUID
    visitor: UUID
    host: UUID
    visitor_partnership: UUID
    host_partnership: UUID
    visitor_contact: UUID
    host_contact: UUID
    group_visit: UUID | None = None
    message: str = ""
    made_at: datetime = instant()
    due_at: datetime = instant()
    reminders: int = 0


class Application(Root, table=True):
    """A case. Drafts have answers only; everything below `frozen` is written by submit and revise.

    An exchange follows from a proposal and has its own questions; under any other call the form's version is pinned,
    its draft stands in sections, and `answers` are those that were submitted. left_over: answers without a place.
    counted_cents is what its call's counter holds for it; waiting: it came when all of the call's money was asked for.
    decide_by: when a decision is promised; days_left: working days that remained when the applicant got it back.
    score: the review's result in hundredths of a percent; passed: whether it is good enough; both once assessed.
    Of a call that ranks: its cut-off, place and outcome in the ranking, and whether that is announced.
    removed_on: when what is personal in its records was removed.
    """

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
        Index("applications_call", "call", "id"),
        Index("applications_call_state", "call", "state", "id"),
        Index("applications_ranking", "cut_off", "place"),
    )

    number: str = Field(unique=True)
    call: UUID
    call_revision: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    proposal: UUID | None = Field(default=None, unique=True)
    form: UUID | None = None
    answers: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    left_over: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    edition: str
    applicant: UUID
    visitor: UUID
    host: UUID | None = None
    visitor_partnership: UUID
    host_partnership: UUID | None = None
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

    frozen: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    amount_cents: int = 0
    counted_cents: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    waiting: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    group_visit: UUID | None = Field(default=None, index=True)
    group_place: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    agenda_version: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    cut_off: UUID | None = None
    place: float | None = None
    outcome: str = Field(default="", sa_column_kwargs={"server_default": ""})
    announced: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
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
    rules: list[dict[str, Any]] = Field(default_factory=list, sa_column=json_column("[]"))
    decide_by: datetime | None = instant(default=None, nullable=True)
    days_left: int | None = None
    score: int | None = None
    passed: bool | None = None
    appeal: str = "none"
    appeal_text: str = ""
    appeal_answer: str = ""
    final: bool = False
    removed_on: date | None = None

    @property
    def escalated(self) -> bool:
        """Whether its officer was silent in review, and whoever is named deputy may answer too."""
        return self.state == "in_review" and self.stage == "escalated"

    @property
    def held(self) -> bool:
        """Whether its result is not announced yet: officers know it, and it waits."""
        return self.cut_off is not None and not self.announced and self.state in ("assessed", "selected")

    @property
    def told(self) -> str:
        """The state as the applicant and the host read it."""
        return "in_review" if self.held else self.state


class DraftSection(SQLModel, table=True):
    """One version of one page's answers; all versions are kept until the draft is deleted."""

    __tablename__ = "draft_sections"  # pyright: ignore[reportAssignmentType]

    application: UUID = Field(primary_key=True)
    section: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    answers: dict[str, Any] = Field(sa_column=json_column())
    saved_by: UUID
    saved_at: datetime = instant()


class Decision(Root, table=True):
    """An answer, score or decision of one person; the text stays here, the fact says only which way. stage: the key of
    the task it answers; superseded: its sheet was opened again, and another decision follows; behalf_of: the officer
    whose deputy decided."""

    __tablename__ = "decisions"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index(
            "decision_once",
            "application",
            "round",
            "kind",
            "stage",
            "decider",
            unique=True,
            postgresql_where=text("not superseded"),
        ),
    )

    application: UUID
    stage: str = Field(default="", sa_column_kwargs={"server_default": ""})
    superseded: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    kind: str
    favourable: bool
    round: int
    decider: UUID
    behalf_of: UUID | None = None
    remark: str = ""
    made_at: datetime = instant()
    scopes: dict[str, str] = Field(sa_column=json_column())

    @property
    def eyes(self) -> frozenset[UUID]:
        """Whose decision it is: of a deputy, the officer's too."""
        return frozenset((self.decider, self.behalf_of or self.decider))


class Agreement(Root, table=True):
    """A signing set over one document: its text and the text's hash stand here for as long as the case. amendment: the
    one that this is the new version of. papers: signed ones that were handed in and wait to be compared. refusal: who
    does not sign, and why."""

    __tablename__ = "agreements"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index(
            "agreement_once", "application", "round", "kind", unique=True,
            postgresql_where=text("amendment is null and state <> 'voided'"),
        ),
        Index("agreement_amended_once", "amendment", "kind", unique=True),
    )  # fmt: skip

    application: UUID
    round: int
    amendment: UUID | None = None
    kind: str
    document: str
    content: str
    parties: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    signatures: list[dict[str, str]] = Field(default_factory=list, sa_column=json_column("[]"))
    papers: list[dict[str, str]] = Field(default_factory=list, sa_column=json_column("[]"))
    refusal: dict[str, str] = Field(default_factory=dict, sa_column=json_column())
    scopes: dict[str, str] = Field(sa_column=json_column())
    opened_at: datetime = instant()


class Visit(Root, table=True):
    __tablename__ = "visits"  # pyright: ignore[reportAssignmentType]

    application: UUID = Field(unique=True)
    scopes: dict[str, str] = Field(sa_column=json_column())
    first_day: date
    last_day: date
    due_at: datetime | None = instant(default=None, nullable=True)
    reminders: int = 0
    escalated: bool = False
    reporters: list[str] = Field(default_factory=list[str], sa_column=json_column("[]"))
    days_reported: int = 0
    days_done: int = 0
    report: str = ""
    helpful: int | None = None
    evidence: list[dict[str, Any]] = Field(default_factory=list, sa_column=json_column("[]"))
    evidence_at: datetime | None = instant(default=None, nullable=True)
    host_days: int | None = None
    host_feedback: str = ""
    reason: str = ""
    explanation: str = ""
    validator: UUID | None = None
    validated_on: date | None = None
    appeal: str = "none"
    appeal_text: str = ""
    appeal_answer: str = ""
    final: bool = False
    claim_state: str = ""


class Voucher(Root, table=True):
    """claim_until is the last day on which something may be claimed. claims: claim → what was paid of it in cents once
    it has come to its end, as reimbursements says; None while it is under way."""

    __tablename__ = "vouchers"  # pyright: ignore[reportAssignmentType]

    application: UUID = Field(unique=True)
    scopes: dict[str, str] = Field(sa_column=json_column())
    amount_cents: int
    valid_from: date
    valid_until: date
    claim_until: date
    in_parts: bool = True
    reminders: int = 0
    claims: dict[str, int | None] = Field(default_factory=dict, sa_column=json_column())

    @property
    def paid_cents(self) -> int:
        return sum(paid or 0 for paid in self.claims.values())

    @property
    def is_claimed(self) -> bool:
        """Whether a claim on it is under way."""
        return None in self.claims.values()


class Report(Root, table=True):
    """One report that a call asks for of a visit or a voucher; `answers` are those that were submitted last."""

    __tablename__ = "reports"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (Index("report_once", "application", "key", unique=True),)

    application: UUID
    scopes: dict[str, str] = Field(sa_column=json_column())
    key: str
    title: dict[str, str] = Field(sa_column=json_column())
    form: UUID
    fulfilment: str
    answers: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    due_at: datetime = instant()
    submitted_at: datetime | None = instant(default=None, nullable=True)
    explanation: str = ""
