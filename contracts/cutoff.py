"""Cut-off: one deadline of a call that ranks. Submissions are assessed, ranked together by two people, and announced.

What is ranked is read by officers until it is announced.
"""

from datetime import datetime
from typing import Literal
from uuid import UUID

from contracts.tables import BESIDE, SYSTEM, Body, End, Table, act
from contracts.topics import CALLS

Outcome = Literal["fund", "reserve", "refuse"]


class Opened(Body):
    """key is the cut-off's in the rules of its call; without announce_at officers announce."""

    call: UUID
    key: str
    partnership: UUID
    closes_at: datetime
    announce_at: datetime | None = None


class Moved(Body):
    """The call was corrected."""

    closes_at: datetime
    announce_at: datetime | None


class Closed(Body):
    """applications: how many came in time."""

    call: UUID
    applications: int


class Placed(Body):
    """One application in the ranking. place counts from 1; who joined later stands between two of them."""

    application: UUID
    round: int
    place: float
    outcome: Literal["fund", "reserve"]
    amount_cents: int


class Proposed(Body):
    """One person has settled the ranking; it stands once a second one agrees to the same."""

    call: UUID
    budget: UUID
    ranked: int


class Ranked(Body):
    """Who is to be served from the line, in this order; nobody overtakes. settled_by: the two people."""

    call: UUID
    budget: UUID
    settled_by: tuple[UUID, ...]
    ranking: tuple[Placed, ...]


class Announced(Body):
    call: UUID


class Cancelled(Body):
    call: UUID


_WAKE = "cut-off/{subject}"

CUTOFF = Table(
    "cutoff",
    service="applications",
    topic=CALLS.name,
    workflow=_WAKE,
    open_in="open assessing ranked",
    movers={"assessing": "OFFICER COORD", "ranked": "OFFICER COORD"},
    acts=(
        act("open", BESIDE, "", "open", Opened, wakes=_WAKE),
        act("move", BESIDE, "open", "", Moved, wakes=_WAKE),
        act("close_cutoff", SYSTEM, "open", "assessing", Closed),
        act(
            "settle",
            "OFFICER COORD",
            "assessing",
            "ranked",
            Ranked,
            wakes=_WAKE,
            also=(End("", Proposed, (_WAKE,)),),
        ),
        act("announce", "OFFICER COORD", "ranked", "announced", Announced, wakes=_WAKE),
        act("cancel", BESIDE, "open assessing", "cancelled", Cancelled, wakes=_WAKE),
    ),
)
