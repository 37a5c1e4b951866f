"""Tables of reimbursements. Constraints state the duties (who must not also be whom) and that nothing is paid twice;
the ledger's own tables stand in ledger_tables.py.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel

from services.chassis.acts.aggregate import Root
from services.chassis.database import instant


def _json(default: str = "{}") -> Any:
    return Column(JSONB, nullable=False, server_default=text(f"'{default}'::jsonb"))


class PublishedRates(Root, table=True):
    __tablename__ = "rate_tables"

    scheme: str
    rate_version: str
    source: str
    valid_from: date
    rates: dict[str, Any] = Field(sa_column=_json())


class PayingAccount(SQLModel, table=True):
    """An account of a paying member; its number is encrypted, its hash finds it again."""

    __tablename__ = "paying_accounts"

    id: UUID = Field(primary_key=True)
    member: UUID = Field(index=True)
    holder: str
    town: str
    country: str
    iban_cipher: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    iban_hash: str = Field(unique=True)


class Budget(Root, table=True):
    """A line; its balances are the ledger's."""

    __tablename__ = "budgets"

    partnership: UUID
    member: UUID
    account: UUID
    name: str
    action_start: date
    action_end: date
    opened_at: datetime = instant()


class Case(SQLModel, table=True):
    """Projection of one exchange: what was frozen, its round, how far it is. Locked before any money of it moves."""

    __tablename__ = "reimbursements_known_cases"

    id: UUID = Field(primary_key=True)
    organisation: UUID
    payer: UUID
    budget: UUID
    partnership: UUID
    applicant: UUID
    round: int
    amount_cents: int
    frozen: dict[str, Any] = Field(sa_column=_json())
    granted: bool = False
    ended: bool = False
    validated: dict[str, Any] = Field(default_factory=dict, sa_column=_json())
    deciders: list[UUID] = Field(
        default_factory=list, sa_column=Column(ARRAY(Uuid), nullable=False, server_default="{}")
    )


class Reservation(Root, table=True):
    __tablename__ = "reservations"
    __table_args__ = (
        Index(
            "reservation_live_once",
            "case_id",
            "purpose",
            unique=True,
            postgresql_where=text("state in ('queued','made','committed')"),
        ),
        Index("reservation_queue", "budget", "queued_at", postgresql_where=text("state = 'queued'")),
    )

    case_id: UUID
    round: int
    purpose: str
    budget: UUID
    payer: UUID
    partnership: UUID
    amount_cents: int
    queued_at: datetime = instant()


class Payee(Root, table=True):
    """The account an organisation is paid to. A change re-opens the check by a second person (FS-40)."""

    __tablename__ = "payees"
    __table_args__ = (
        CheckConstraint("checked_by is null or checked_by <> entered_by", name="payee_second_person"),
        Index("payee_of", "organisation", unique=True),
    )

    organisation: UUID
    members: list[UUID] = Field(
        default_factory=list, sa_column=Column(ARRAY(Uuid), nullable=False, server_default="{}")
    )
    holder: str
    town: str
    country: str
    iban_cipher: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    iban_hash: str = Field(index=True)
    iban_masked: str
    entered_by: UUID
    checked_by: UUID | None = None
    outcome: str = ""
    remark: str = ""


class Claim(Root, table=True):
    __tablename__ = "claims"
    __table_args__ = (
        CheckConstraint(
            "verified_by is null or filed_by is null or verified_by <> filed_by",
            name="verifier_is_not_claimant",
        ),
        CheckConstraint(
            "approved_by is null or (approved_by <> verified_by and (filed_by is null or approved_by <> filed_by)"
            " and not approved_by = any(deciders))",
            name="approver_is_another",
        ),
        Index("claim_live_once", "case_id", unique=True, postgresql_where=text("replaces is null")),
        Index("claims_due", "state", "pay_by"),
    )

    number: str = Field(unique=True)
    case_id: UUID
    organisation: UUID
    payer: UUID
    partnership: UUID
    budget: UUID
    reservation: UUID
    amount_cents: int
    accepted_cents: int = 0
    paid_cents: int = 0
    lines: list[dict[str, Any]] = Field(sa_column=_json("[]"))
    facts: dict[str, Any] = Field(default_factory=dict, sa_column=_json())
    pay_by: date
    due_at: datetime | None = instant(default=None, nullable=True)
    reminders: int = 0
    attempt: int = 1
    deciders: list[UUID] = Field(
        default_factory=list, sa_column=Column(ARRAY(Uuid), nullable=False, server_default="{}")
    )
    filed_by: UUID | None = None
    verified_by: UUID | None = None
    approved_by: UUID | None = None
    reason: str = ""
    explanation: str = ""
    appeal: str = "none"
    appeal_text: str = ""
    final: bool = False
    replaces: UUID | None = None
    booked_on: date | None = None
    opened_at: datetime = instant()


class Payment(Root, table=True):
    """One attempt; its end-to-end id is never used twice."""

    __tablename__ = "payments"
    __table_args__ = (UniqueConstraint("claim", "attempt", name="payment_once"),)

    claim: UUID
    case_id: UUID
    organisation: UUID
    member: UUID
    attempt: int
    end_to_end_id: str = Field(unique=True)
    amount_cents: int
    payee: UUID
    batch: UUID | None = Field(default=None, index=True)
    approved_by: UUID
    inside: bool | None = None
    due_on: date


class Batch(Root, table=True):
    """Payments of one member; two people authorise, neither of whom approved any payment in it."""

    __tablename__ = "batches"
    __table_args__ = (
        CheckConstraint("second is null or first <> second", name="batch_two_people"),
        CheckConstraint(
            "(first is null or not first = any(approvers)) and (second is null or not second = any(approvers))",
            name="authoriser_is_not_approver",
        ),
    )

    member: UUID
    account: UUID
    message_id: str = Field(unique=True)
    execution_date: date
    sum_cents: int
    payments: int
    approvers: list[UUID] = Field(sa_column=Column(ARRAY(Uuid), nullable=False, server_default="{}"))
    first: UUID | None = None
    second: UUID | None = None
    proposed_at: datetime = instant()
    file_hash: str = ""


class PaymentFile(SQLModel, table=True):
    """The bytes that were authorised, made once; append-only."""

    __tablename__ = "payment_files"
    __table_args__ = {"info": {"rights": "SELECT, INSERT"}}

    batch: UUID = Field(primary_key=True)
    sha256: str
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    changes: list[dict[str, Any]] = Field(sa_column=_json("[]"))


class Statement(Root, table=True):
    """A bank statement that was read; each continues the one before."""

    __tablename__ = "statements"
    __table_args__ = (UniqueConstraint("account", "statement_id", name="statement_once"),)

    member: UUID
    account: UUID
    statement_id: str
    booked_to: date
    opening_cents: int
    closing_cents: int
    entries: int
    imported_at: datetime = instant()


class StatementEntry(SQLModel, table=True):
    """One booked entry, identified by the bank's own reference; posted once, in whatever message it comes again."""

    __tablename__ = "statement_entries"
    __table_args__ = (
        UniqueConstraint("account", "identity", name="entry_once"),
        {"info": {"rights": "SELECT, INSERT"}},
    )

    id: UUID = Field(primary_key=True)
    account: UUID
    statement: UUID
    identity: str
    cents: int
    booked_on: date
    value_on: date
    end_to_end_id: str = ""
    posted_as: str


class KnownParty(SQLModel, table=True):
    """Projection of organisation.registered: names and places for payment files and pages."""

    __tablename__ = "reimbursements_known_organisations"

    id: UUID = Field(primary_key=True)
    name: str
    town: str
    country: str


class KnownAction(SQLModel, table=True):
    """Projection of partnership.formed."""

    __tablename__ = "reimbursements_known_partnerships"

    id: UUID = Field(primary_key=True)
    name: str
    members: list[UUID] = Field(sa_column=Column(ARRAY(Uuid), nullable=False))
    first_day: date
    last_day: date
