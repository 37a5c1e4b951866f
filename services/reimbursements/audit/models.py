"""Tables of the audit pack: what others said of a case, and who fetched a pack."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field, SQLModel

from services.chassis.database import instant, json_column
from services.reimbursements.models import APPEND_ONLY


class CaseFact(SQLModel, table=True):
    """A fact of another service about a case: its road, its decisions, its signatures."""

    __tablename__ = "reimbursements_case_facts"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (APPEND_ONLY,)

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(index=True)
    type: str
    subject: UUID
    version: int
    state: str
    actor: str
    at: datetime = instant()
    body: dict[str, Any] = Field(sa_column=json_column())


class PackDownload(SQLModel, table=True):
    """Who fetched the audit pack of a case, and which bytes; only ever added."""

    __tablename__ = "audit_pack_downloads"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (APPEND_ONLY,)

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(index=True)
    person: UUID
    sha256: str
    at: datetime = instant()
