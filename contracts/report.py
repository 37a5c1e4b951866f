"""Report: one that a call asks for by form, at a date after the activity. While one is overdue no claim is approved."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from contracts.tables import BESIDE, SYSTEM, Body, Table, act
from contracts.topics import APPLICATIONS

ReturnReason = Literal["report_incomplete", "evidence_missing", "other"]


class Scheduled(Body):
    """key is the report's in the call's rules, form the version it is asked with."""

    key: str
    form: UUID
    due_at: datetime


class Submitted(Body):
    answers_hash: str


class Revised(Body):
    answers_hash: str


class Returned(Body):
    reason: ReturnReason
    due_at: datetime


class Accepted(Body):
    pass


class Overdue(Body):
    pass


_WAKE = "voucher/{case}"

REPORT = Table(
    "report",
    service="applications",
    topic=APPLICATIONS.name,
    movers={"awaited": "VO", "overdue": "VO", "returned": "VO", "submitted": "VOP"},
    acts=(
        act("schedule", BESIDE, "", "awaited", Scheduled),
        act("submit", "VO", "awaited overdue", "submitted", Submitted, wakes=_WAKE),
        act("revise", "VO", "returned", "submitted", Revised, wakes=_WAKE),
        act("return", "VOP", "submitted", "returned", Returned, wakes=_WAKE),
        act("accept", "VOP", "submitted", "accepted", Accepted, wakes=_WAKE),
        act("lapse", SYSTEM, "awaited returned", "overdue", Overdue),
    ),
)
