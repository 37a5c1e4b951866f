"""Tables of limits and State aid: which limits there are, what undertakings declared, what must be registered."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from services.chassis.acts.aggregate import Root
from services.chassis.database import instant, json_column
from services.reimbursements.models import APPEND_ONLY, KEPT, ids


class Limit(SQLModel, table=True):
    """What a legal identity may get within a scope; its balances are the ledger's, under the same id.

    kind   cap: of one partnership's action (scope: its id); de_minimis: of one Member State (scope: its code), for the
           single undertaking; gber_20a: of one action, for the single undertaking"""

    __tablename__ = "limits"  # pyright: ignore[reportAssignmentType]
    __table_args__ = ({"info": {"rights": "SELECT, INSERT, UPDATE (id)"}},)

    id: UUID = Field(primary_key=True)
    kind: str
    identity: UUID = Field(index=True)
    scope: str
    ceiling_cents: int


class AidDeclaration(Root, table=True):
    """What an undertaking said; never changed, a newer one counts instead. linked: all its legal identities."""

    __tablename__ = "aid_declarations"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (APPEND_ONLY,)

    organisation: UUID = Field(index=True)
    undertaking: UUID
    linked: list[UUID] = ids()
    nace: str
    member_state: str
    received: list[dict[str, Any]] = Field(sa_column=json_column("[]"))
    declared_by: UUID
    declared_at: datetime = instant()


class AidCheck(Root, table=True):
    """A case whose support is State aid, and whether its undertaking has declared. identity: its legal identity."""

    __tablename__ = "aid_checks"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index("aid_check_once", "case_id", unique=True),
        Index("aid_checks_asked", "identity", postgresql_where=text("state = 'asked'")),
        KEPT,
    )

    case_id: UUID
    organisation: UUID
    identity: UUID
    payer: UUID
    partnership: UUID
    basis: str
    member_state: str


class AidEntry(Root, table=True):
    """Aid that must stand in the register; with the register's reference once it does."""

    __tablename__ = "aid_entries"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        CheckConstraint(
            "state <> 'registered' or (reference <> '' and registered_by is not null)",
            name="aid_registered_with_proof",
        ),
        Index("aid_entry_once", "case_id", unique=True),
        KEPT,
    )

    case_id: UUID
    organisation: UUID
    undertaking: UUID
    payer: UUID
    partnership: UUID
    kind: str
    nace: str
    member_state: str
    amount_cents: int
    granted_on: date
    due_on: date
    reminders: int = 0
    reference: str = ""
    registered_on: date | None = None
    registered_by: UUID | None = None
