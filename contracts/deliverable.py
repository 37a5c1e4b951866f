"""Deliverable: what a partnership has promised to hand in (a joint strategy, a handbook), by a day, in versions.

A member leads it, another one reviews it where the plan says so, the coordinator accepts it. The file stays with
directory; facts say which version it is.
"""

from datetime import datetime
from typing import Literal
from uuid import UUID

from contracts.tables import SYSTEM, Body, End, Table, act
from contracts.topics import DIRECTORY

Kind = Literal[
    "joint_strategy", "individual_strategy", "services_programme", "handbook", "report", "event",
    "sustainability_plan", "other",
]  # fmt: skip
Stage = Literal["month", "week", "late"]


class Promised(Body):
    """lead hands it in until due_at; peer, another member, reviews it first, if there is one."""

    partnership: UUID
    title: str
    kind: Kind
    lead: UUID
    peer: UUID | None = None
    due_at: datetime


class Planned(Promised):
    pass


class Replanned(Promised):
    pass


class Submitted(Body):
    """peered: whether a peer looks at it first; due_at: until when it is looked at."""

    version: int
    peered: bool
    due_at: datetime


class Reviewed(Body):
    version: int
    due_at: datetime


class Returned(Body):
    version: int
    due_at: datetime


class Accepted(Body):
    version: int


class Dropped(Body):
    pass


class Reminded(Body):
    """A month or a week before it is due, or when it is late."""

    stage: Stage
    due_at: datetime


DELIVERABLE = Table(
    "deliverable",
    service="directory",
    topic=DIRECTORY.name,
    movers={"planned": "LEAD", "returned": "LEAD", "in_review": "PEER", "reviewed": "COORD"},
    acts=(
        act("plan", "COORD", "", "planned", Planned),
        act("replan", "COORD", "planned returned", "", Replanned),
        act(
            "submit",
            "LEAD",
            "planned returned",
            "in_review",
            Submitted,
            also=(End("reviewed", Submitted, when=("peered", False)),),
        ),
        act("review", "PEER", "in_review", "reviewed", Reviewed),
        act("return", "PEER", "in_review", "returned", Returned),
        act("accept", "COORD", "reviewed", "accepted", Accepted),
        act("refuse", "COORD", "reviewed", "returned", Returned),
        act("drop", "COORD", "planned returned", "dropped", Dropped),
        act("remind", SYSTEM, "planned returned", "", Reminded),
    ),
)
