"""Visit: granted, it takes place, is reported and validated. Counted once, for the visitor's partnership (CX-49)."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from contracts.tables import BESIDE, SYSTEM, Body, End, Table, act
from contracts.topics import APPLICATIONS

ReturnReason = Literal["evidence_missing", "days_unclear", "report_incomplete", "other"]


class Planned(Body):
    first_day: date
    last_day: date


class Rescheduled(Body):
    """A signed amendment has moved it."""

    first_day: date
    last_day: date


class Started(Body):
    pass


class Ended(Body):
    due_at: datetime


class Confirmed(Body):
    """The host says that the visit took place."""

    days: int


class Reported(Body):
    """due_at: until when the officer looks at the report."""

    days: int
    evidence: tuple[str, ...]
    due_at: datetime | None = None


class Revised(Body):
    days: int
    evidence: tuple[str, ...]
    due_at: datetime | None = None


class Returned(Body):
    reason: ReturnReason
    due_at: datetime


class Escalated(Body):
    due_at: datetime


class Validated(Body):
    """What reimbursements opens a claim from: the days actually done; validated_on starts the payment clock."""

    days: int
    first_day: date
    last_day: date
    validated_on: date
    completed_on: date
    last_evidence_on: date
    amount_cents: int


class NotCompleted(Body):
    days: int
    due_at: datetime


class Cancelled(Body):
    by: Literal["visitor", "officer"]


class Finalised(Body):
    pass


class Closed(Body):
    counted_for: UUID
    claim_state: str


class Appealed(Body):
    due_at: datetime


class Reopened(Body):
    """reported: whether there is a report to look at again."""

    reported: bool
    due_at: datetime


class AppealRefused(Body):
    pass


class Reminded(Body):
    stage: str
    number: int


_WAKE = "exchange-visit/{case}"
_OPEN = "planned ongoing report_due report_submitted report_changes validated"

VISIT = Table(
    "visit",
    service="applications",
    topic=APPLICATIONS.name,
    workflow=_WAKE,
    open_in=f"{_OPEN} not_completed!",
    movers={"report_due": "VO", "report_changes": "VO", "report_submitted": "VOP"},
    acts=(
        act("plan", BESIDE, "", "planned", Planned, wakes=_WAKE),
        act("reschedule", BESIDE, "planned", "", Rescheduled, wakes=_WAKE),
        act("start", SYSTEM, "planned", "ongoing", Started),
        act("check_in", "VO", "planned", "ongoing", Started, wakes=_WAKE),
        act("end", SYSTEM, "ongoing", "report_due", Ended),
        act("confirm", "HO", "ongoing report_due report_submitted report_changes", "", Confirmed),
        act("report", "VO", "report_due", "report_submitted", Reported, wakes=_WAKE),
        act("revise", "VO", "report_changes", "report_submitted", Revised, wakes=_WAKE),
        act("return", "VOP", "report_submitted", "report_changes", Returned, wakes=_WAKE),
        act("escalate", SYSTEM, "report_due report_changes", "", Escalated),
        act(
            "validate",
            "VOP",
            "report_submitted",
            "validated",
            Validated,
            wakes=_WAKE,
            also=(End("not_completed", NotCompleted, (_WAKE,)),),
        ),
        act("give_up", "VOP", "report_due report_changes", "not_completed", NotCompleted, wakes=_WAKE),
        act(
            "cancel",
            BESIDE,
            "planned ongoing report_due report_submitted report_changes",
            "cancelled",
            Cancelled,
            wakes=_WAKE,
        ),
        act("appeal", "VO", "not_completed", "", Appealed, wakes=_WAKE),
        act(
            "grant_appeal",
            "COORD",
            "not_completed",
            "report_due",
            Reopened,
            wakes=_WAKE,
            also=(End("report_submitted", Reopened, (_WAKE,), when=("reported", True)),),
        ),
        act("refuse_appeal", "COORD", "not_completed", "", AppealRefused, wakes=_WAKE),
        act("finalise", SYSTEM, "not_completed", "", Finalised),
        act("close", SYSTEM, "validated", "closed", Closed),
        act("remind", SYSTEM, _OPEN, "", Reminded),
    ),
)
