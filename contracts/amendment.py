"""Amendment: what was granted is changed for all who signed it; until the last signature the old terms stand.

A higher sum is set aside before anybody signs; a lower one is never below what was claimed.
"""

from datetime import date, datetime
from typing import Any, Literal

from contracts.tables import BESIDE, SYSTEM, Body, Table, act
from contracts.topics import APPLICATIONS

RefuseReason = Literal["not_eligible", "not_relevant", "other"]
Refusal = Literal[
    "not_eligible",
    "not_relevant",
    "other",
    "no_budget",
    "cap",
    "aid_headroom",
    "aid_not_in_force",
    "aid_sector",
    "below_claimed",
    "case_ended",
    "party_refused",
]


LapseReason = Literal["not_decided", "not_signed", "first_day_reached", "case_ended"]


class Requested(Body):
    """sequence counts the case's amendments; before_cents is the sum that was granted; other_host: whether the exchange
    is to go to another host, who is a party of this from now on."""

    sequence: int
    first_day: date
    last_day: date
    amount_cents: int
    before_cents: int
    due_at: datetime
    other_host: bool = False


class Agreed(Body):
    """due_at: until when everybody signs."""

    amount_cents: int
    before_cents: int
    due_at: datetime


class SigningOpened(Body):
    pass


class Refused(Body):
    reason: Refusal


class Withdrawn(Body):
    pass


class Lapsed(Body):
    reason: LapseReason


class InForce(Body):
    """changed: of what the case was frozen with, the fields that hold another value from now on."""

    amount_cents: int
    before_cents: int
    first_day: date
    last_day: date
    changed: dict[str, Any]


class Reminded(Body):
    stage: str
    number: int


_WAKE = "amendment/{subject}"
_OPEN = "requested agreed"

AMENDMENT = Table(
    "amendment",
    service="applications",
    topic=APPLICATIONS.name,
    workflow=_WAKE,
    open_in=_OPEN,
    movers={"requested": "VOP"},
    acts=(
        act("request", "OWNER SIGNATORY VOP", "", "requested", Requested, wakes=_WAKE),
        act("agree", "VOP", "requested", "agreed", Agreed, wakes=_WAKE),
        act("refuse", "VOP", "requested", "refused", Refused, wakes=_WAKE),
        act("decline", SYSTEM, "agreed", "refused", Refused),
        act("open_signing", SYSTEM, "agreed", "", SigningOpened),
        act("enter", BESIDE, "agreed", "in_force", InForce, wakes=_WAKE),
        act("party_refuses", BESIDE, "agreed", "refused", Refused, wakes=_WAKE),
        act("withdraw", "OWNER SIGNATORY", _OPEN, "withdrawn", Withdrawn, wakes=_WAKE),
        act("lapse", SYSTEM, _OPEN, "lapsed", Lapsed),
        act("fall", BESIDE, _OPEN, "lapsed", Lapsed, wakes=_WAKE),
        act("remind", SYSTEM, _OPEN, "", Reminded),
    ),
)
