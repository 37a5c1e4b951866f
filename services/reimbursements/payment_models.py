"""Tables of payments, batches and what the bank said. An attempt is paid once; what was written to the bank or read
from it is never changed: the service's login has no right to.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, ForeignKey, UniqueConstraint, Uuid
from sqlmodel import Field, SQLModel

from services.chassis.acts.aggregate import Root
from services.chassis.database import instant
from services.reimbursements.models import APPEND_ONLY, KEPT, ids, json_column, sealed


class PayingAccount(SQLModel, table=True):
    """An account of a paying member; its number is encrypted, its keyed hash finds it again."""

    __tablename__ = "paying_accounts"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (UniqueConstraint("iban_hash", name="account_once"), KEPT)

    id: UUID = Field(primary_key=True)
    member: UUID = Field(index=True)
    holder: str
    town: str
    country: str
    iban_cipher: bytes = sealed()
    iban_hash: str


class Payment(Root, table=True):
    """One attempt to pay one claim. Whom and how much it pays cannot be changed, only how far it is.

    barred         who filed and who approved the claim: neither may authorise
    first, second  who authorised it, from then on
    inside         whether the bank booked it within the action"""

    __tablename__ = "payments"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        UniqueConstraint("claim", "attempt", name="payment_once"),
        UniqueConstraint("end_to_end_id", name="end_to_end_id_once"),
        CheckConstraint(
            "first <> second and not first = any(barred) and not second = any(barred)",
            name="payment_authorised_by_others",
        ),
        CheckConstraint(
            "state in ('proposed','batched','withdrawn') or (first is not null and second is not null)",
            name="payment_authorised_by_two",
        ),
        {"info": {"rights": "SELECT, INSERT, UPDATE (state, version, batch, first, second, inside)"}},
    )

    claim: UUID
    case_id: UUID
    organisation: UUID
    member: UUID
    attempt: int
    end_to_end_id: str
    amount_cents: int
    payee: UUID
    approval: UUID = Field(
        sa_column=Column(Uuid, ForeignKey("approvals.id", name="payment_approved_first"), nullable=False)
    )
    barred: list[UUID] = ids()
    due_on: date
    batch: UUID | None = Field(default=None, index=True)
    first: UUID | None = None
    second: UUID | None = None
    inside: bool | None = None


class Batch(Root, table=True):
    """Payments from one account. Two people authorise it, and two take it back once it was authorised."""

    __tablename__ = "batches"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        UniqueConstraint("message_id", name="message_id_once"),
        CheckConstraint("first <> second", name="batch_two_people"),
        CheckConstraint(
            "state <> 'authorised' or (first is not null and second is not null and file_hash <> '')",
            name="batch_authorised_by_two",
        ),
        CheckConstraint(
            "state <> 'withdrawn' or second is null"
            " or (asked_by is not null and withdrawn_by is not null and asked_by <> withdrawn_by)",
            name="batch_withdrawn_by_two",
        ),
        KEPT,
    )

    member: UUID
    account: UUID
    message_id: str
    execution_date: date
    sum_cents: int
    payments: int
    first: UUID | None = None
    second: UUID | None = None
    asked_by: UUID | None = None
    withdrawn_by: UUID | None = None
    proposed_at: datetime = instant()
    file_hash: str = ""


class PaymentFile(SQLModel, table=True):
    """The bytes that were authorised, made once, encrypted; sha256 is that of the bytes themselves."""

    __tablename__ = "payment_files"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (APPEND_ONLY,)

    batch: UUID = Field(primary_key=True)
    sha256: str
    content: bytes = sealed()
    changes: list[dict[str, Any]] = Field(sa_column=json_column("[]"))


class Statement(Root, table=True):
    """A bank statement that was read; each continues the one before.

    bank_number: the number of the newest entry of the account in the ledger once it was posted"""

    __tablename__ = "statements"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (UniqueConstraint("account", "statement_id", name="statement_once"), APPEND_ONLY)

    member: UUID
    account: UUID
    statement_id: str
    booked_to: date
    opening_cents: int
    closing_cents: int
    bank_number: int = 0
    entries: int
    imported_at: datetime = instant()


class StatementEntry(SQLModel, table=True):
    """One booked entry under the bank's own reference; posted once, in whatever statement it comes again.

    cents are signed; posted_as: payment, return, charge or suspense."""

    __tablename__ = "statement_entries"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (UniqueConstraint("account", "identity", name="entry_once"), APPEND_ONLY)

    id: UUID = Field(primary_key=True)
    account: UUID
    statement: UUID = Field(index=True)
    identity: str
    cents: int
    booked_on: date
    value_on: date
    end_to_end_id: str = ""
    posted_as: str
