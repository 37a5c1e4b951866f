"""Call: where one can apply, and the terms a case is frozen with."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field

from contracts.tables import Body, Table, act
from contracts.topics import CALLS


class Published(Body):
    """edition is the span of the visit-once rule; terms are the scheme's rules as data (contracts/terms.py),
    support is what it pays and how (contracts/amounts/support.py; empty: the lump sum)."""

    programme: str
    title: str
    edition: str
    partnership: UUID
    budget: UUID
    payer: UUID
    first_day: date
    last_day: date
    terms: dict[str, Any]
    support: dict[str, Any] = Field(default_factory=dict[str, Any])


CALL = Table(
    "call",
    service="applications",
    topic=CALLS.name,
    acts=(act("publish", "COORD", "", "published", Published),),
)
