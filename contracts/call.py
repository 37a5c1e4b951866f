"""Call: where one can apply, and the rules and terms a case is frozen with. What is published is corrected openly."""

from datetime import date
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from contracts.tables import SYSTEM, Body, Table, act
from contracts.topics import CALLS

CancelReason = Literal["no_budget_left", "programme_ended", "mistake", "other"]


class Published(Body):
    """edition is the span of the visit-once rule; terms are the scheme's clocks and thresholds (contracts/terms.py),
    support is what it pays and how (contracts/amounts/support.py; empty: the lump sum), rules what this call fixes
    (contracts/call_rules.py); form is the version that applications are begun with."""

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
    rules: dict[str, Any] = Field(default_factory=dict[str, Any])
    form: UUID | None = None
    revision: int = 1


class Corrected(Body):
    """drafts: persons who have begun an application and are told; what was submitted keeps its revision."""

    title: str
    first_day: date
    last_day: date
    terms: dict[str, Any]
    rules: dict[str, Any]
    form: UUID | None
    revision: int
    drafts: tuple[UUID, ...]


class Closed(Body):
    reason: Literal["over", "budget_used"]


class Cancelled(Body):
    """drafts stay readable; each open case is ended by its own act."""

    reason: CancelReason
    drafts: tuple[UUID, ...]


CALL = Table(
    "call",
    service="applications",
    topic=CALLS.name,
    acts=(
        act("publish", "COORD OFFICER", "draft", "published", Published),
        act("correct", "COORD OFFICER", "published", "", Corrected),
        act("close", SYSTEM, "published", "closed", Closed),
        act("cancel", "COORD OFFICER", "published", "cancelled", Cancelled),
    ),
)
