"""Voucher: a grant that is claimed within a time, in parts or at once. It stays issued while a claim is open, or while
its time runs and value is left.
"""

from datetime import date
from typing import Literal

from contracts.tables import BESIDE, SYSTEM, Body, End, Table, act
from contracts.topics import APPLICATIONS


class Issued(Body):
    """valid_until: the last day on which costs may arise; due_at of the claims is the claim window after it."""

    amount_cents: int
    currency: str
    valid_from: date
    valid_until: date


class UsedUp(Body):
    paid_cents: int


class Expired(Body):
    paid_cents: int


class Cancelled(Body):
    by: Literal["visitor", "officer"]


class Reminded(Body):
    stage: str
    number: int


_WAKE = "voucher/{case}"

VOUCHER = Table(
    "voucher",
    service="applications",
    topic=APPLICATIONS.name,
    workflow=_WAKE,
    open_in="issued",
    movers={"issued": "VO"},
    acts=(
        act("issue", BESIDE, "", "issued", Issued, wakes=_WAKE),
        act("close", SYSTEM, "issued", "used_up", UsedUp, also=(End("expired", Expired),)),
        act("cancel", BESIDE, "issued", "cancelled", Cancelled, wakes=_WAKE),
        act("remind", SYSTEM, "issued", "", Reminded),
    ),
)
