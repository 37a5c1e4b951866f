"""RateTable: amounts by country or distance with source and validity; a case keeps the version it was frozen with.

A partnership may put a lowered version into force for itself: one coordinator proposes it, another confirms it."""

from datetime import date
from typing import Any
from uuid import UUID

from contracts.tables import SYSTEM, Body, Table, act
from contracts.topics import REIMBURSEMENTS


class Published(Body):
    """rates: country → {"cents", "basis"}, or first kilometre → {"from_km", "to_km", "cents", "green_cents"}.

    partnership: for whom alone this version counts; None for everybody."""

    scheme: str
    version: str
    source: str
    valid_from: date
    rates: dict[str, Any]
    partnership: UUID | None = None


class Lowered(Body):
    scheme: str
    version: str
    partnership: UUID


class Dropped(Body):
    pass


RATE_TABLE = Table(
    "rate_table",
    service="reimbursements",
    topic=REIMBURSEMENTS.name,
    movers={"proposed": "COORD"},
    acts=(
        act("publish", SYSTEM, "", "published", Published),
        act("lower", "COORD", "", "proposed", Lowered),
        act("confirm", "COORD", "proposed", "published", Published),
        act("drop", "COORD", "proposed", "dropped", Dropped),
    ),
)
