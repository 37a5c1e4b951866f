"""Tables of payments, batches and what the bank said. An attempt is paid once; what was written to the bank or read
from it is never changed: the service's login has no right to.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, UniqueConstraint, Uuid
from sqlmodel import Field, SQLModel

from services.chassis.acts.aggregate import Root
from services.chassis.database import instant, json_column
from services.reimbursements.models import APPEND_ONLY, KEPT, ids, sealed

PROGRESS = (
    "state", "version", "batch", "account", "order_id", "execution_date", "first", "second", "inside",
    "denied_by", "denial_confirmed_by", "denial", "turned_down_for",
)  # fmt: skip
"""Of a payment only this can be written after it was proposed."""


class PayingAccount(SQLModel, table=True):
    """An account of a paying member; its number is encrypted, its keyed hash finds it again.

    outside_sepa  whether the bank executes orders outside SEPA from it as well"""

    __tablename__ = "paying_accounts"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (UniqueConstraint("iban_hash", name="account_once"), KEPT)

    id: UUID = Field(primary_key=True)
    member: UUID = Field(index=True)
    holder: str
    town: str
    country: str
    iban_cipher: bytes = sealed()
    iban_hash: str
    outside_sepa: bool = False


class Payment(Root, table=True):
    """One attempt to pay one claim. Whom and how much it pays cannot be changed, only how far it is.

    barred         who filed and who approved the claim: neither may authorise
    account        the account it is paid from, and
    order_id       the order of the payment file it stands in, both from the batch on
    first, second  who authorised it, from then on
    inside         whether the bank booked it within the action
    denied_by      the first of two who say that the bank has not executed it, denial what it rests on
    turned_down_for  why the bank refused or returned it, as its code says (ISO 20022)"""

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
        CheckConstraint("denied_by <> denial_confirmed_by", name="payment_denied_by_two"),
        CheckConstraint("denied_by is null or denial ->> 'document' <> ''", name="payment_denied_in_writing"),
        {"info": {"rights": f"SELECT, INSERT, UPDATE ({', '.join(PROGRESS)})"}},
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
    account: UUID | None = None
    order_id: str = Field(default="", index=True)
    execution_date: date | None = None
    first: UUID | None = None
    second: UUID | None = None
    inside: bool | None = None
    denied_by: UUID | None = None
    denial_confirmed_by: UUID | None = None
    denial: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    turned_down_for: str = ""


class Batch(Root, table=True):
    """Payments that are ordered with one file. Two people authorise it, and two take it back once it was authorised.

    members  the paying members; the first is the one that sends the file
    reason   why it is ordered although it is more than the bank has, by its last statement"""

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
    members: list[UUID] = ids()
    message_id: str
    execution_date: date
    sum_cents: int = Field(sa_type=BigInteger)
    payments: int
    first: UUID | None = None
    second: UUID | None = None
    asked_by: UUID | None = None
    withdrawn_by: UUID | None = None
    reason: str = ""
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


class FileDownload(SQLModel, table=True):
    """Who fetched a payment file, and when; only ever added."""

    __tablename__ = "file_downloads"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (APPEND_ONLY,)

    id: UUID = Field(primary_key=True)
    batch: UUID = Field(index=True)
    person: UUID
    sha256: str
    at: datetime = instant()
