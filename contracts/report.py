"""Report: one that a call asks for by form, at a date after the activity. While one is overdue no claim is approved."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from contracts.tables import BESIDE, SYSTEM, Body, End, Table, act
from contracts.topics import APPLICATIONS

ReturnReason = Literal["report_incomplete", "evidence_missing", "other"]


WaiveReason = Literal["told_otherwise", "recipient_gone", "other"]
MoveReason = Literal["activity_later", "illness", "waits_for_others", "other"]
Fulfilment = Literal["visit", "voucher"]


class OfGrant(Body):
    """fulfilment: what the grant leads to, and so which story looks at its reports."""

    fulfilment: Fulfilment = "voucher"


class Scheduled(OfGrant):
    """key is the report's in the call's rules, form the version it is asked with."""

    key: str
    form: UUID
    due_at: datetime


class Submitted(OfGrant):
    answers_hash: str


class Revised(OfGrant):
    answers_hash: str


class Returned(OfGrant):
    reason: ReturnReason
    due_at: datetime


class Accepted(OfGrant):
    pass


class Overdue(Body):
    pass


class Waived(OfGrant):
    """An officer does without it; what was paid stays with what is known."""

    reason: WaiveReason


class Dropped(Body):
    """The grant has ended before anything was to be reported."""


class Rescheduled(OfGrant):
    """An officer has given more time; was is the date before."""

    reason: MoveReason
    due_at: datetime
    was: datetime


_WAKE = "voucher/{case}"


def _of_visit(to: str, fact: type[OfGrant]) -> tuple[End, ...]:
    """The same outcome where the report is a visit's, whose story is another."""
    return (End(to, fact, ("exchange-visit/{case}",), when=("fulfilment", "visit")),)


REPORT = Table(
    "report",
    service="applications",
    topic=APPLICATIONS.name,
    movers={"awaited": "VO", "overdue": "VO", "returned": "VO", "submitted": "VOP"},
    acts=(
        act("schedule", BESIDE, "", "awaited", Scheduled),
        act(
            "submit",
            "VO",
            "awaited overdue",
            "submitted",
            Submitted,
            wakes=_WAKE,
            also=_of_visit("submitted", Submitted),
        ),
        act(
            "revise",
            "VO",
            "returned",
            "submitted",
            Revised,
            wakes=_WAKE,
            also=_of_visit("submitted", Revised),
        ),
        act(
            "return",
            "VOP",
            "submitted",
            "returned",
            Returned,
            wakes=_WAKE,
            also=_of_visit("returned", Returned),
        ),
        act(
            "accept",
            "VOP",
            "submitted",
            "accepted",
            Accepted,
            wakes=_WAKE,
            also=_of_visit("accepted", Accepted),
        ),
        act("lapse", SYSTEM, "awaited returned", "overdue", Overdue),
        act("waive", "VOP COORD", "overdue", "waived", Waived, wakes=_WAKE, also=_of_visit("waived", Waived)),
        act("drop", BESIDE, "awaited submitted returned overdue", "dropped", Dropped),
        act(
            "move",
            "VOP COORD",
            "awaited returned",
            "",
            Rescheduled,
            wakes=_WAKE,
            also=_of_visit("", Rescheduled),
        ),
    ),
)
