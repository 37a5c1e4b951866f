"""Tables of what the bank has sent: statements with their entries, advices, and what nobody has explained yet. What was
read is never changed: the service's login has no right to.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from services.chassis.acts.aggregate import Root
from services.chassis.database import instant, json_column
from services.reimbursements.models import APPEND_ONLY, KEPT, sealed


class Statement(Root, table=True):
    """A bank statement that was read; each continues the one before.

    bank_number: the number of the newest entry of the account in the ledger once it was posted"""

    __tablename__ = "statements"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (UniqueConstraint("account", "statement_id", name="statement_once"), APPEND_ONLY)

    member: UUID
    account: UUID
    statement_id: str
    number: int | None = Field(default=None, sa_type=BigInteger)
    booked_to: date
    opening_cents: int = Field(sa_type=BigInteger)
    closing_cents: int = Field(sa_type=BigInteger)
    bank_number: int = 0
    entries: int
    imported_at: datetime = instant()


class StatementEntry(SQLModel, table=True):
    """One booked entry. Its identity on the account is the bank's own reference or, where the bank gives none or
    has given it before, statement and position; never the end-to-end id, which a second debit has as well.

    cents are signed; posted_as: payment, return, charge or suspense; order_id: whose whole sum it is."""

    __tablename__ = "statement_entries"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (UniqueConstraint("account", "identity", name="entry_once"), APPEND_ONLY)

    id: UUID = Field(primary_key=True)
    account: UUID
    statement: UUID = Field(index=True)
    position: int
    identity: str
    cents: int = Field(sa_type=BigInteger)
    booked_on: date
    value_on: date
    end_to_end_id: str = ""
    order_id: str = ""
    posted_as: str


class BankFile(SQLModel, table=True):
    """A file that the bank sent, encrypted under the key of the member whose account it is about."""

    __tablename__ = "bank_files"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (APPEND_ONLY,)

    id: UUID = Field(primary_key=True)
    of: UUID = Field(index=True)
    member: UUID
    sha256: str
    content: bytes = sealed()


class Advice(Root, table=True):
    """An advice that was read."""

    __tablename__ = "advices"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (UniqueConstraint("account", "advice_id", name="advice_once"), APPEND_ONLY)

    member: UUID
    account: UUID
    advice_id: str
    entries: int
    imported_at: datetime = instant()


class AdviceEntry(SQLModel, table=True):
    """The single payments of one entry, as the bank named them; kept for the statement that gives only their sum."""

    __tablename__ = "advice_entries"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        UniqueConstraint("account", "advice", "position", name="advice_entry_once"),
        APPEND_ONLY,
    )

    id: UUID = Field(primary_key=True)
    account: UUID
    advice: UUID = Field(index=True)
    position: int
    reference: str = Field(default="", index=True)
    order_id: str = Field(default="", index=True)
    cents: int = Field(sa_type=BigInteger)
    items: list[dict[str, Any]] = Field(sa_column=json_column("[]"))


class SuspenseLine(Root, table=True):
    """A booked entry that is not explained yet; its sum stands in SUSPENSE under the posting's id.

    told     what the bank wrote of the other side, encrypted; emptied once its period is closed, if not ours
    payments end-to-end ids of those that it paid or brought back, as the first person says"""

    __tablename__ = "suspense_lines"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        UniqueConstraint("posting", name="suspense_once"),
        CheckConstraint(
            "state <> 'settled' or how = 'advice' or (explained_by is not null and settled_by is not null"
            " and explained_by <> settled_by and reason <> '')",
            name="suspense_settled_by_two",
        ),
        KEPT,
    )

    member: UUID
    account: UUID
    statement: UUID
    posting: UUID
    identity: str
    order_id: str = ""
    cents: int = Field(sa_type=BigInteger)
    booked_on: date
    value_on: date
    why: str
    told: bytes = sealed()
    how: str = ""
    payments: list[str] = Field(
        default_factory=list, sa_column=Column(ARRAY(Text), nullable=False, server_default="{}")
    )
    fee_cents: int = 0
    reason: str = ""
    explained_by: UUID | None = None
    settled_by: UUID | None = None
    opened_at: datetime = instant()
