"""Member service: what a cluster organisation does for its members; planned, piloted, offered. The list is public."""

from datetime import date
from typing import Literal
from uuid import UUID

from contracts.tables import Body, Table, act
from contracts.topics import DIRECTORY

About = Literal[
    "training", "internationalisation", "innovation", "funding", "networking", "digital", "green", "visibility",
    "other",
]  # fmt: skip


class Public(Body):
    """origin: the event or the exchange that it was learned at, if it was."""

    organisation: UUID
    title: str
    about: About
    origin: UUID | None = None


class Planned(Public):
    pass


class Described(Public):
    pass


class Piloted(Body):
    since: date


class Offered(Body):
    since: date


class Withdrawn(Body):
    pass


MEMBER_SERVICE = Table(
    "member_service",
    service="directory",
    topic=DIRECTORY.name,
    acts=(
        act("plan", "MEMBER", "", "planned", Planned),
        act("describe", "MEMBER", "planned piloted offered", "", Described),
        act("pilot", "MEMBER", "planned", "piloted", Piloted),
        act("offer", "MEMBER", "planned piloted", "offered", Offered),
        act("withdraw", "MEMBER", "planned piloted offered", "withdrawn", Withdrawn),
    ),
)
