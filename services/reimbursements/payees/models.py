"""Tables beside the payee: what its account was before, the accounts of staff, and the lists of whom nobody may pay.
Rows are only ever added.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Column, Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from services.chassis.acts.aggregate import Root
from services.chassis.database import instant
from services.reimbursements.models import APPEND_ONLY, sealed


class PayeeVersion(SQLModel, table=True):
    """An account as it was given: each change is one more."""

    __tablename__ = "payee_versions"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (UniqueConstraint("payee", "number", name="payee_version_once"), APPEND_ONLY)

    id: UUID = Field(primary_key=True)
    payee: UUID
    number: int
    holder: str
    iban_masked: str
    iban_cipher: bytes = sealed()
    given_by: UUID
    given_at: datetime = instant()


class StaffList(Root, table=True):
    """A list of accounts of a member's own people that was imported."""

    __tablename__ = "staff_lists"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (APPEND_ONLY,)

    member: UUID
    accounts: int
    imported_by: UUID
    imported_at: datetime = instant()


class StaffAccount(SQLModel, table=True):
    """An account of somebody who works for a paying member; only the keyed hash of its number."""

    __tablename__ = "staff_accounts"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (APPEND_ONLY,)

    member: UUID = Field(primary_key=True)
    iban_hash: str = Field(primary_key=True, index=True)


class SanctionsList(Root, table=True):
    """A sanctions list that was imported: whose, of which date, from which file."""

    __tablename__ = "sanctions_lists"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (APPEND_ONLY,)

    member: UUID
    source: str
    dated: date
    sha256: str
    names: int
    imported_by: UUID
    imported_at: datetime = instant()


class SanctionedName(SQLModel, table=True):
    """One name of a list, and the words by which it is told."""

    __tablename__ = "sanctioned_names"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index("sanctioned_names_tokens", "tokens", postgresql_using="gin"),
        APPEND_ONLY,
    )

    id: UUID = Field(primary_key=True)
    of: UUID = Field(index=True)
    name: str
    tokens: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
