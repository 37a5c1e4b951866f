"""Voucher: a grant that is claimed within a time, in parts or at once. It stays issued while a claim is open, or while
its time runs and value is left.
"""

from datetime import date
from typing import Literal
from uuid import UUID

from contracts.tables import BESIDE, HEARS, SYSTEM, Body, End, Table, act
from contracts.topics import APPLICATIONS


class Issued(Body):
    """valid_until is the last day on which costs may arise, claim_until the last on which one may claim them."""

    amount_cents: int
    currency: str
    valid_from: date
    valid_until: date
    claim_until: date | None = None
    in_parts: bool = True


class Changed(Body):
    """A signed amendment has changed it: value and last days as they stand from now on."""

    amount_cents: int
    valid_until: date
    claim_until: date


class Settled(Body):
    """A claim on it has come to its end: what was paid of it, and what is left of the grant."""

    claim: UUID
    paid_cents: int
    left_cents: int


class Surrendered(Body):
    """What was not claimed yet is given back; nothing more can be claimed."""

    left_cents: int
    claim_until: date


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
        act("change", BESIDE, "issued", "", Changed, wakes=_WAKE),
        act("settle", HEARS, "issued", "", Settled, wakes=_WAKE),
        act("surrender", "OWNER SIGNATORY", "issued", "", Surrendered, wakes=_WAKE),
        act("close", SYSTEM, "issued", "used_up", UsedUp, also=(End("expired", Expired),)),
        act("cancel", BESIDE, "issued", "cancelled", Cancelled, wakes=_WAKE),
        act("remind", SYSTEM, "issued", "", Reminded),
    ),
)
