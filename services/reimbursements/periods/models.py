"""Tables of a member's months, and of what it exports to its own bookkeeping."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from services.chassis.acts.aggregate import Root
from services.chassis.database import instant, json_column
from services.reimbursements.models import APPEND_ONLY, KEPT, sealed


class Period(Root, table=True):
    """A month of a paying member's books.

    snapshot    which transactions of the database were over when it was closed: the entries that chain_head is of
    chain_head  one digest over the newest entry of every account at that moment
    """

    __tablename__ = "periods"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        UniqueConstraint("member", "first_day", name="period_once"),
        CheckConstraint("extract(day from first_day) = 1 and last_day > first_day", name="period_is_a_month"),
        CheckConstraint("closed_by <> proposed_by", name="period_closed_by_another"),
        CheckConstraint(
            "state <> 'closed' or (proposed_by is not null and closed_by is not null and closed_at is not null"
            " and chain_head <> '' and snapshot <> '')",
            name="period_closed_by_two",
        ),
        KEPT,
    )

    member: UUID
    first_day: date
    last_day: date
    remark: str = ""
    proposed_by: UUID | None = None
    closed_by: UUID | None = None
    closed_at: datetime | None = instant(default=None, nullable=True)
    postings: int = 0
    snapshot: str = ""
    chain_head: str = ""


class PeriodPosting(SQLModel, table=True):
    """In which closed month of a member a posting stands: in one, whatever is recorded later."""

    __tablename__ = "period_postings"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        ForeignKeyConstraint(["posting"], ["ledger_transaction.id"], name="period_posting_known"),
        APPEND_ONLY,
    )

    member: UUID = Field(primary_key=True)
    posting: UUID = Field(primary_key=True)
    period: UUID = Field(index=True)


class Chart(Root, table=True):
    """The member's numbers for the accounts of its cash, by account."""

    __tablename__ = "charts"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (UniqueConstraint("member", name="chart_once"), KEPT)

    member: UUID
    edition: int = 1
    numbers: dict[str, Any] = Field(sa_column=json_column())
    changed_by: UUID


class BooksExport(Root, table=True):
    """A closed month as it was handed to the member's bookkeeping; never made a second time.

    content  the file's bytes, encrypted under the member's key; sha256 is that of the bytes themselves"""

    __tablename__ = "books_exports"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        UniqueConstraint("period", name="books_export_once"),
        UniqueConstraint("member", "number", name="books_export_number"),
        APPEND_ONLY,
    )

    member: UUID
    period: UUID
    number: int
    edition: int
    entries: int
    sha256: str
    content: bytes = sealed()
    made_by: UUID
    made_at: datetime = instant()
