"""Work package: a part of a partnership's action, led by one of its members."""

from datetime import date
from uuid import UUID

from contracts.tables import Body, Table, act
from contracts.topics import DIRECTORY


class Promised(Body):
    """first_day to last_day, both included."""

    partnership: UUID
    number: int
    title: str
    lead: UUID
    first_day: date
    last_day: date


class Planned(Promised):
    pass


class Replanned(Promised):
    pass


class Dropped(Body):
    pass


WORK_PACKAGE = Table(
    "work_package",
    service="directory",
    topic=DIRECTORY.name,
    acts=(
        act("plan", "COORD", "", "planned", Planned),
        act("replan", "COORD", "planned", "", Replanned),
        act("drop", "COORD", "planned", "dropped", Dropped),
    ),
)
