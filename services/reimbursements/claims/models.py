"""Tables of what claims consist of: lines with four amounts, receipts, exchange rates, demands to pay back,
payments after the end of the action.

A receipt counts once over everything that this service knows, and one trip is claimed once at one amount: both are
constraints. Nothing here is deleted; a line that is taken out stays as removed."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, Numeric, text
from sqlmodel import Field, SQLModel

from services.chassis.acts.aggregate import Root
from services.chassis.database import instant, json_column
from services.reimbursements.models import KEPT, ids


class ClaimLine(SQLModel, table=True):
    """One thing that is claimed, and what becomes of it.

    amount_minor, vat_minor  as the receipt says, in hundredths of its currency; VAT only as far as it comes back
    cost_cents               what it cost in euro, at the rate that was stored when it was first filed
    accepted_cost_cents      what of it the verifier accepts; None until it was looked at
    estimated, claimed, accepted, paid   its share of each of the claim's four amounts, after intensity and ceiling
    """

    __tablename__ = "claim_lines"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        CheckConstraint("cost_cents >= 0 and coalesce(accepted_cost_cents, 0) <= cost_cents", name="line_within_cost"),
        CheckConstraint(
            "estimated_cents >= 0 and claimed_cents between 0 and cost_cents"
            " and accepted_cents between 0 and cost_cents and paid_cents in (0, accepted_cents)",
            name="line_amounts_fall",
        ),
        Index("claim_lines_of", "claim", "number"),
        Index(
            "claim_lines_alike", "supplier_key", "spent_on", "amount_minor",
            postgresql_where=text("supplier_key <> '' and not removed"),
        ),
        KEPT,
    )  # fmt: skip

    id: UUID = Field(primary_key=True)
    claim: UUID
    case_id: UUID
    number: int
    category: str
    description: str = ""
    supplier: str = ""
    supplier_key: str = ""
    spent_on: date | None = None
    currency: str = "EUR"
    amount_minor: int
    vat_minor: int = 0
    rate_units: Decimal | None = Field(default=None, sa_column=Column(Numeric(18, 8)))
    rate_on: date | None = None
    rate_source: str = ""
    cost_cents: int = 0
    proof: str = ""
    declaration: str = ""
    travellers: str = ""
    receipts: list[UUID] = ids()
    removed: bool = False
    estimated_cents: int = 0
    claimed_cents: int = 0
    accepted_cost_cents: int | None = None
    accepted_cents: int = 0
    paid_cents: int = 0
    reason: str = ""
    note: str = ""
    checked_by: UUID | None = None


class Receipt(SQLModel, table=True):
    """A file that proves lines of one claim. The same bytes prove nothing a second time, whoever claims, also once
    they were removed because records need not be kept any longer."""

    __tablename__ = "receipts"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index("receipt_once", "file", unique=True, postgresql_where=text("live")),
        Index("receipts_of", "claim"),
        KEPT,
    )

    id: UUID = Field(primary_key=True)
    claim: UUID
    file: str
    name: str
    type: str
    size: int
    live: bool = True
    kept_at: datetime = instant()
    removed_on: date | None = None


class ExchangeTable(Root, table=True):
    """Units for one euro by currency, as a file of the Commission or the central bank says."""

    __tablename__ = "exchange_tables"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index(
            "exchange_table_once", "member", "source", "on", unique=True,
            postgresql_where=text("state = 'in_force'"),
        ),
        CheckConstraint(
            "state <> 'in_force' or (confirmed_by is not null and confirmed_by <> imported_by)",
            name="exchange_rates_by_two",
        ),
        KEPT,
    )  # fmt: skip

    member: UUID
    source: str
    on: date
    rates: dict[str, Any] = Field(sa_column=json_column())
    file: str
    imported_by: UUID
    confirmed_by: UUID | None = None


class Demand(SQLModel, table=True):
    """A numbered demand to pay back part of a paid claim: what was asked, what came, what was waived.

    outside_cents what came after the action or was waived, and
    funder_cents  what of it is owed on to the funder: its part by the programme's rate
    withdrawn     the bank has returned the payment itself, so that nothing is asked any longer"""

    __tablename__ = "demands"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index("demand_number", "number", unique=True),
        Index("demand_open_once", "claim", unique=True, postgresql_where=text("settled_on is null")),
        CheckConstraint(
            "amount_cents > 0 and received_cents >= 0 and waived_cents >= 0"
            " and received_cents + waived_cents <= amount_cents",
            name="demand_not_exceeded",
        ),
        CheckConstraint("ordered_by is null or ordered_by <> proposed_by", name="demand_by_two"),
        CheckConstraint("waived_by is null or waived_by <> waiver_asked_by", name="waiver_by_two"),
        CheckConstraint("level between 0 and 3", name="demand_three_levels"),
        KEPT,
    )

    id: UUID = Field(primary_key=True)
    claim: UUID
    number: str
    member: UUID
    organisation: UUID
    amount_cents: int
    received_cents: int = 0
    outside_cents: int = 0
    funder_cents: int = 0
    waived_cents: int = 0
    reason: str
    explanation: str
    proposed_by: UUID
    ordered_by: UUID | None = None
    ordered_on: date | None = None
    first_due_on: date | None = None
    due_on: date | None = None
    level: int = 0
    matched: UUID | None = None
    matched_by: UUID | None = None
    waiver_reason: str = ""
    waiver_document: str = ""
    waiver_asked_by: UUID | None = None
    waived_by: UUID | None = None
    settled_on: date | None = None
    withdrawn: bool = False

    @property
    def open_cents(self) -> int:
        return self.amount_cents - self.received_cents - self.waived_cents


class KnownRegistration(SQLModel, table=True):
    """Projection of registration.confirmed: whose place at which event."""

    __tablename__ = "reimbursements_known_registrations"  # pyright: ignore[reportAssignmentType]

    id: UUID = Field(primary_key=True)
    event: UUID
    person: UUID = Field(index=True)


class KnownAttendance(SQLModel, table=True):
    """Projection of attendance.recorded: whether its holder was there on a day."""

    __tablename__ = "reimbursements_known_attendances"  # pyright: ignore[reportAssignmentType]

    registration: UUID = Field(primary_key=True)
    day: date = Field(primary_key=True)
    present: bool


class LatePayment(Root, table=True):
    """A claim that is paid after the end of the action, by the reasoned consent of a second person. Refused, or taken
    back, it may be asked for once more."""

    __tablename__ = "late_payments"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index("late_payment_once", "claim", unique=True, postgresql_where=text("state <> 'refused'")),
        CheckConstraint("consented_by <> asked_by", name="late_payment_by_another"),
        CheckConstraint(
            "state <> 'consented' or (consented_by is not null and reason <> '' and remark <> '')",
            name="late_payment_by_two",
        ),
        KEPT,
    )

    claim: UUID
    case_id: UUID
    member: UUID
    organisation: UUID
    amount_cents: int
    reason: str
    remark: str = ""
    asked_by: UUID
    asked_at: datetime = instant()
    consented_by: UUID | None = None
