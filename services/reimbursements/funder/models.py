"""Tables of what the funder is told, and of what it pays. A version that was sent is never changed, and an entry of the
ledger is reported once."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from services.chassis.acts.aggregate import Root
from services.chassis.database import instant, json_column
from services.reimbursements.models import APPEND_ONLY, KEPT, sealed


class FunderReport(Root, table=True):
    """One member's report of one reporting period.

    versions  how many were sent
    remarks   what the funder wrote when it sent the last one back, or cut costs
    row_cuts  what it did not accept of single rows: "cost/3" or "claim/<number>" → cents and the reason
    cuts      what it did not accept, in cents by category, rows included
    asked_back_cents  what of its earlier payments it wants to have back because of the cuts
    """

    __tablename__ = "funder_reports"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        UniqueConstraint("partnership", "member", "since", name="funder_report_once"),
        CheckConstraint("since <= until", name="funder_report_days"),
        CheckConstraint("submitted_by <> prepared_by", name="funder_report_by_another"),
        CheckConstraint(
            "state not in ('submitted', 'accepted') or (prepared_by is not null and submitted_by is not null"
            " and versions > 0)",
            name="funder_report_by_two",
        ),
        CheckConstraint("cut_cents between 0 and greatest(total_cents, 0)", name="funder_cut_within_costs"),
        CheckConstraint("asked_back_cents between 0 and cut_cents", name="funder_asks_back_its_cut"),
        CheckConstraint("cuts_confirmed_by <> cuts_noted_by", name="funder_cuts_by_another"),
        CheckConstraint(
            "state <> 'accepted' or cut_cents = 0 or (cuts_noted_by is not null and cuts_confirmed_by is not null)",
            name="funder_cuts_by_two",
        ),
        KEPT,
    )

    partnership: UUID
    member: UUID
    since: date
    until: date
    versions: int = 0
    total_cents: int = Field(default=0, sa_type=BigInteger)
    cut_cents: int = Field(default=0, sa_type=BigInteger)
    asked_back_cents: int = Field(default=0, sa_type=BigInteger)
    row_cuts: dict[str, Any] = Field(default_factory=dict[str, Any], sa_column=json_column())
    cuts: dict[str, Any] = Field(default_factory=dict[str, Any], sa_column=json_column())
    cuts_noted_by: UUID | None = None
    cuts_confirmed_by: UUID | None = None
    remarks: str = ""
    prepared_by: UUID | None = None
    submitted_by: UUID | None = None


class OwnCost(SQLModel, table=True):
    """A cost of the member's own, as its books say; amount in hundredths of its currency."""

    __tablename__ = "funder_costs"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="own_cost_positive"),
        Index("funder_costs_of", "report", "number"),
        Index(
            "own_cost_once", "report", "reference", unique=True, postgresql_where=text("not removed"),
        ),
        KEPT,
    )  # fmt: skip

    id: UUID = Field(primary_key=True)
    report: UUID
    number: int
    category: str
    description: str
    reference: str
    spent_on: date
    currency: str = "EUR"
    amount_minor: int
    removed: bool = False
    entered_by: UUID


class ReportVersion(SQLModel, table=True):
    """A report as it was sent to the funder. Its sentences are sealed apart, under a key that goes with the records;
    sha256 is that of content and sentences together."""

    __tablename__ = "funder_report_versions"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (APPEND_ONLY,)

    report: UUID = Field(primary_key=True)
    number: int = Field(primary_key=True)
    content: dict[str, Any] = Field(sa_column=json_column())
    sentences: bytes = sealed()
    sha256: str
    prepared_by: UUID
    submitted_by: UUID
    submitted_at: datetime = instant()


class ReportedEntry(SQLModel, table=True):
    """In which report, and from which version on, an entry of the ledger was told to the funder."""

    __tablename__ = "funder_reported_entries"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        ForeignKeyConstraint(
            ["posting", "position"], ["ledger_entry.transaction", "ledger_entry.position"],
            name="reported_entry_known",
        ),
        APPEND_ONLY,
    )  # fmt: skip

    posting: UUID = Field(primary_key=True)
    position: int = Field(primary_key=True)
    report: UUID = Field(index=True)
    version: int


class SupportCut(SQLModel, table=True):
    """What the funder did not accept of the support that was paid on a claim, in cents; the member bears it."""

    __tablename__ = "funder_support_cuts"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (CheckConstraint("cents > 0", name="support_cut_positive"), APPEND_ONLY)

    report: UUID = Field(primary_key=True)
    claim: UUID = Field(primary_key=True, index=True)
    budget: UUID = Field(index=True)
    cents: int


class CutRegained(SQLModel, table=True):
    """Money of a claim that came back, or was waived, by its posting: how much of it the member had borne since the
    funder cut it. So much is neither deducted from a report nor owed to the funder."""

    __tablename__ = "funder_cuts_regained"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (CheckConstraint("cents > 0", name="cut_regained_positive"), APPEND_ONLY)

    posting: UUID = Field(primary_key=True)
    claim: UUID = Field(index=True)
    budget: UUID = Field(index=True)
    cents: int


class Instalment(Root, table=True):
    """Money from the funder, passed on, or back to it; line: the entry of the bank that it is."""

    __tablename__ = "instalments"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        CheckConstraint("amount_cents > 0", name="instalment_positive"),
        CheckConstraint("settled_by <> matched_by", name="instalment_by_another"),
        CheckConstraint(
            "state <> 'settled' or (line is not null and matched_by is not null and settled_by is not null"
            " and value_on is not null)",
            name="instalment_by_two",
        ),
        Index("instalment_line_once", "line", unique=True, postgresql_where=text("line is not null")),
        Index(
            "instalment_final_once", "partnership", "member", unique=True,
            postgresql_where=text("kind = 'final' and state <> 'dropped'"),
        ),
        KEPT,
    )  # fmt: skip

    partnership: UUID
    member: UUID
    kind: str
    amount_cents: int = Field(sa_type=BigInteger)
    note: str = ""
    line: UUID | None = None
    value_on: date | None = None
    announced_by: UUID
    matched_by: UUID | None = None
    settled_by: UUID | None = None
