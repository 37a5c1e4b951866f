"""Reservation: money set aside for one case, round and purpose. The queue of short ones is the reserve list."""

from typing import Literal
from uuid import UUID

from contracts.tables import HEARS, SYSTEM, Body, End, Table, act
from contracts.topics import REIMBURSEMENTS

Purpose = Literal["grant", "replacing_claim", "amendment"]


class Made(Body):
    budget: UUID
    amount_cents: int
    round: int
    purpose: Purpose


class Queued(Body):
    budget: UUID
    amount_cents: int
    round: int
    purpose: Purpose


class Committed(Body):
    amount_cents: int


class Released(Body):
    """amount_cents: the open rest that went back to the line; what was drawn stays."""

    amount_cents: int


_WAKE = "grant-approval/{case}"

RESERVATION = Table(
    "reservation",
    service="reimbursements",
    topic=REIMBURSEMENTS.name,
    acts=(
        act("reserve", SYSTEM, "", "made", Made, also=(End("queued", Queued),)),
        act("serve", HEARS, "queued", "made", Made, wakes=_WAKE),
        act("commit", HEARS, "made", "committed", Committed),
        act("release", HEARS, "queued made committed", "released", Released),
    ),
)
