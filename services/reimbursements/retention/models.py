"""The table of records whose time runs."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from services.chassis.acts.aggregate import Root
from services.reimbursements.models import KEPT


class Retention(Root, table=True):
    """One member's records of a partnership's action.

    final_on                   value date of the funder's last payment
    removed_on                 when what is personal was removed, and
    receipts, accounts, texts  how much of it there was"""

    __tablename__ = "retentions"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        UniqueConstraint("partnership", "member", name="retention_once"),
        CheckConstraint("agreed_by <> proposed_by", name="removal_by_another"),
        CheckConstraint(
            "state not in ('agreed', 'removed') or (proposed_by is not null and agreed_by is not null)",
            name="removal_by_two",
        ),
        CheckConstraint(
            "state <> 'held' or (held_by is not null and hold_reason <> '')", name="hold_with_reason"
        ),
        KEPT,
    )

    partnership: UUID
    member: UUID = Field(index=True)
    final_on: date
    kept_until: date
    proposed_by: UUID | None = None
    agreed_by: UUID | None = None
    held_by: UUID | None = None
    hold_reason: str = ""
    removed_on: date | None = None
    receipts: int = 0
    accounts: int = 0
    texts: int = 0
