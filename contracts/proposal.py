"""Proposal: a visitor asks a host for an exchange; accepted means matched (CX-43, CX-44, CX-60)."""

from datetime import datetime
from uuid import UUID

from contracts.tables import SYSTEM, Body, Table, act
from contracts.topics import APPLICATIONS


class Made(Body):
    visitor: UUID
    host: UUID
    visitor_partnership: UUID
    host_partnership: UUID
    due_at: datetime


class Accepted(Body):
    visitor: UUID
    host: UUID


class Joined(Body):
    """A visitor joins a group visit, whose host has accepted once for all."""

    group: UUID
    visitor: UUID
    host: UUID


class Declined(Body):
    pass


class Withdrawn(Body):
    pass


class Expired(Body):
    pass


class Reminded(Body):
    stage: str
    number: int


_WAKE = "proposal/{subject}"

PROPOSAL = Table(
    "proposal",
    service="applications",
    topic=APPLICATIONS.name,
    workflow=_WAKE,
    open_in="open",
    movers={"open": "HO", "accepted": "VO"},
    acts=(
        act("make", "VO", "", "open", Made, wakes=_WAKE),
        act("join", "VO", "", "accepted", Joined),
        act("accept", "HO", "open", "accepted", Accepted, wakes=_WAKE),
        act("decline", "HO", "open", "declined", Declined, wakes=_WAKE),
        act("withdraw", "VO", "open", "withdrawn", Withdrawn, wakes=_WAKE),
        act("expire", SYSTEM, "open", "expired", Expired),
        act("remind", SYSTEM, "open", "", Reminded),
    ),
)
