"""Tables of budget lines, cases, reservations and claims. Constraints state the duties (who must not also be whom) and
the business keys; nothing here is ever deleted. Payees, payments and receipts stand in the models of their rooms, the
ledger in ledger/tables.py.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from services.chassis.acts.aggregate import Root
from services.chassis.database import instant, json_column

KEPT = {"info": {"rights": "SELECT, INSERT, UPDATE"}}
"""What the service's login may do with rows that move on."""
APPEND_ONLY = {"info": {"rights": "SELECT, INSERT"}}
"""… and with rows that are never changed."""


def ids() -> Any:
    """A list of ids (people, organisations)."""
    return Field(default_factory=list, sa_column=Column(ARRAY(Uuid), nullable=False, server_default="{}"))


def sealed() -> Any:
    """Bytes under the vault's key."""
    return Field(sa_column=Column(LargeBinary, nullable=False))


class PublishedRates(Root, table=True):
    """A version of a rate table; a partnership's own is confirmed by another coordinator than proposed it."""

    __tablename__ = "rate_tables"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        CheckConstraint(
            "state <> 'published' or partnership is null or confirmed_by <> proposed_by", name="rates_by_two"
        ),
        KEPT,
    )

    scheme: str
    rate_version: str
    source: str
    valid_from: date
    rates: dict[str, Any] = Field(sa_column=json_column())
    partnership: UUID | None = None
    lowered_from: UUID | None = None
    proposed_by: UUID | None = None
    confirmed_by: UUID | None = None


class Budget(Root, table=True):
    """A line of a paying member; its balances are the ledger's."""

    __tablename__ = "budgets"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (KEPT,)

    partnership: UUID
    member: UUID
    account: UUID
    name: str
    category: str = "support"
    action_start: date
    action_end: date
    opened_at: datetime = instant()


class Transfer(Root, table=True):
    """Money that goes from one line to another, by two people."""

    __tablename__ = "transfers"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        CheckConstraint("giver <> taker", name="transfer_to_itself"),
        CheckConstraint("made_by <> proposed_by", name="transfer_by_another"),
        CheckConstraint("state <> 'made' or made_by is not null", name="transfer_by_two"),
        KEPT,
    )

    partnership: UUID
    giver: UUID
    giving_member: UUID
    taker: UUID
    amount_cents: int
    reason: str
    proposed_by: UUID
    proposed_at: datetime = instant()
    made_by: UUID | None = None


class Case(SQLModel, table=True):
    """Projection of one case: what was frozen, its round, how far it is. Locked before any money of it moves.

    voucher is what voucher.issued said, with the last day to claim as it stands; overdue are the reports that are;
    ranked_round is the round in which it was ranked last."""

    __tablename__ = "reimbursements_known_cases"  # pyright: ignore[reportAssignmentType]

    id: UUID = Field(primary_key=True)
    organisation: UUID
    payer: UUID
    budget: UUID
    partnership: UUID
    applicant: UUID
    round: int
    amount_cents: int
    frozen: dict[str, Any] = Field(sa_column=json_column())
    granted: bool = False
    granted_on: date | None = None
    ended: bool = False
    ranked_round: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    validated: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    voucher: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    overdue: list[UUID] = ids()
    deciders: list[UUID] = ids()


class Reservation(Root, table=True):
    """Money set aside for a case; a queued one waits in line (`queued_at`, then its place in a ranking, then id). held:
    the results of its cut-off are not announced yet."""

    __tablename__ = "reservations"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index(
            "reservation_live_once",
            "case_id",
            unique=True,
            postgresql_where=text("purpose = 'grant' and state in ('queued','made','committed')"),
        ),
        Index("reservation_queue", "budget", "queued_at", postgresql_where=text("state = 'queued'")),
        KEPT,
    )

    case_id: UUID
    round: int
    purpose: str
    budget: UUID
    payer: UUID
    partnership: UUID
    organisation: UUID
    amount_cents: int
    queued_at: datetime = instant()
    place: float = Field(default=0.0, sa_column_kwargs={"server_default": "0"})
    held: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})


OPEN_STATES = ("opened", "filed", "returned", "verified", "approved", "ordered", "paid")
OPEN_CLAIMS = f"state in {OPEN_STATES}"
"""Claims that somebody still has to do something for; few among many, so lists of them have an index of their own."""


class Claim(Root, table=True):
    """What is owed for a case. From its approval on it names who approved it (Approval), until it is returned.

    lines is how the computed part came about; what is claimed stands in claim_models.ClaimLine. remark is the
    verifier's for the approver, explanation is finance's for the claimant. part counts the claims on a voucher,
    passed_by is the first of two approvers, trip what makes the trip the same ("" until it is filed)."""

    __tablename__ = "claims"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        CheckConstraint("verified_by <> filed_by", name="verifier_is_not_claimant"),
        CheckConstraint("passed_by <> verified_by and passed_by <> filed_by", name="first_approver_is_another"),
        CheckConstraint("accepted_cents between 0 and amount_cents", name="accepted_within_claimed"),
        CheckConstraint(
            "state not in ('approved','ordered','paid','closed','replaced','recovering','recovered')"
            " or (filed_by is not null and verified_by is not null and approval is not null and accepted_cents > 0)",
            name="claim_approved_first",
        ),
        Index("claim_live_once", "case_id", "part", unique=True, postgresql_where=text("replaces is null")),
        Index(
            "claim_trip_once", "organisation", "trip", "amount_cents", unique=True,
            postgresql_where=text("trip <> '' and state not in ('rejected','expired','replaced')"),
        ),
        UniqueConstraint("replaces", name="claim_replaced_once"),
        UniqueConstraint("number", name="claim_number"),
        *(
            Index(f"claims_due_{of}", of, "pay_by", "number")
            for of in ("payer", "organisation", "partnership")
        ),
        *(
            Index(f"claims_open_{of}", of, "pay_by", "number", postgresql_where=text(OPEN_CLAIMS))
            for of in ("payer", "organisation", "partnership")
        ),
        Index("claims_case", "case_id"),
        KEPT,
    )  # fmt: skip

    number: str
    case_id: UUID
    organisation: UUID
    payer: UUID
    partnership: UUID
    budget: UUID
    reservation: UUID
    amount_cents: int
    accepted_cents: int = 0
    paid_cents: int = 0
    lines: list[dict[str, Any]] = Field(sa_column=json_column("[]"))
    pay_by: date
    due_at: datetime | None = instant(default=None, nullable=True)
    reminders: int = 0
    attempt: int = 1
    deciders: list[UUID] = ids()
    prepared_by: list[UUID] = ids()
    filed_by: UUID | None = None
    verified_by: UUID | None = None
    passed_by: UUID | None = None
    approval: UUID | None = None
    remark: str = ""
    reason: str = ""
    explanation: str = ""
    appeal: str = "none"
    appeal_text: str = ""
    appeal_answer: str = ""
    final: bool = False
    replaces: UUID | None = None
    part: int = 1
    takes_receipts: bool = False
    trip: str = ""
    booked_on: date | None = None
    opened_at: datetime = instant()


class Approval(SQLModel, table=True):
    """Between whom a claim's four eyes lay when it was approved; only ever added, and every payment names its own."""

    __tablename__ = "approvals"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        CheckConstraint(
            "approved_by <> verified_by and approved_by <> filed_by and verified_by <> filed_by"
            " and not approved_by = any(deciders)",
            name="approver_is_another",
        ),
        CheckConstraint(
            "(not two_levels or passed_by is not null) and (passed_by is null or (passed_by <> approved_by"
            " and passed_by <> verified_by and passed_by <> filed_by and not passed_by = any(deciders)))",
            name="two_approvers_above_the_threshold",
        ),
        APPEND_ONLY,
    )

    id: UUID = Field(primary_key=True)
    claim: UUID = Field(index=True)
    accepted_cents: int
    filed_by: UUID
    verified_by: UUID
    two_levels: bool = False
    passed_by: UUID | None = None
    approved_by: UUID
    deciders: list[UUID] = ids()
    approved_at: datetime = instant()


class KnownParty(SQLModel, table=True):
    """Projection of organisation.registered: names and places for payment files and pages."""

    __tablename__ = "reimbursements_known_organisations"  # pyright: ignore[reportAssignmentType]

    id: UUID = Field(primary_key=True)
    name: str
    town: str
    country: str
    identity: UUID = Field(index=True)


class KnownAction(SQLModel, table=True):
    """Projection of partnership.formed: its members, and the days between which payments are eligible."""

    __tablename__ = "reimbursements_known_partnerships"  # pyright: ignore[reportAssignmentType]

    id: UUID = Field(primary_key=True)
    name: str
    programme: str
    members: list[UUID] = ids()
    first_day: date
    last_day: date
