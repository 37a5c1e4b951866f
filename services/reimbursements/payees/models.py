"""Tables of payees: their account as it is and was, the accounts of staff, and the lists of whom nobody may pay.
Rows are only ever added.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from services.chassis.acts.aggregate import Root
from services.chassis.database import instant
from services.reimbursements.models import APPEND_ONLY, KEPT, ids, sealed


class PayeeVersion(SQLModel, table=True):
    """An account as it was given: each change is one more. Holder and number are sealed under this key."""

    __tablename__ = "payee_versions"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (UniqueConstraint("payee", "number", name="payee_version_once"), APPEND_ONLY)

    id: UUID = Field(primary_key=True)
    payee: UUID
    number: int
    key: UUID
    holder_cipher: bytes = sealed()
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


class Payee(Root, table=True):
    """The account an organisation is paid to. A change re-opens the check by a second person (FS-40).

    key        whose key in the vault seals it; a new one after it was removed
    members    the paying members that have a case of this organisation; theirs it is to check
    contact    who gave the account before, so that nobody changes it unheard
    blocked    why it is known for somebody else; two people may excuse that
    screening  what the comparison with the sanctions lists said: clear, hit, cleared; "" before the first
    is_iban    whether the number is an IBAN; bank_country: where the account is held"""

    __tablename__ = "payees"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        UniqueConstraint("organisation", name="payee_once"),
        Index(
            "account_known_elsewhere",
            "iban_hash",
            unique=True,
            postgresql_where=text("state not in ('blocked', 'refused', 'removed') and excused_by is null"),
        ),
        CheckConstraint("checked_by <> entered_by", name="payee_second_person"),
        CheckConstraint(
            "state <> 'checked' or (checked_by is not null and (outcome = 'match' or remark <> ''))",
            name="payee_checked",
        ),
        CheckConstraint(
            "blocked = '' or state in ('blocked','refused') or (excused_by is not null and released_by is not null"
            " and excuse <> '')",
            name="payee_excused_by_two",
        ),
        CheckConstraint(
            "excused_by <> released_by and excused_by <> entered_by", name="payee_excused_by_others"
        ),
        CheckConstraint(
            "screening <> 'cleared' or (cleared_by <> entered_by and cleared_because <> '')",
            name="payee_cleared_by_another",
        ),
        KEPT,
    )

    organisation: UUID
    key: UUID
    members: list[UUID] = ids()
    holder: str
    street: str = ""
    building: str = ""
    postcode: str = ""
    town: str
    country: str
    iban_cipher: bytes = sealed()
    iban_hash: str
    iban_masked: str
    bic_cipher: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    bank_country: str = ""
    is_iban: bool = True
    entered_by: UUID
    contact: UUID | None = None
    checked_by: UUID | None = None
    outcome: str = ""
    remark: str = ""
    blocked: str = ""
    excuse: str = ""
    excused_by: UUID | None = None
    released_by: UUID | None = None
    screening: str = ""
    hits: list[str] = Field(
        sa_column=Column(ARRAY(Text), nullable=False, server_default="{}"), default_factory=list
    )
    screened_at: datetime | None = instant(default=None, nullable=True)
    screened_by: UUID | None = None
    cleared_by: UUID | None = None
    cleared_because: str = ""
