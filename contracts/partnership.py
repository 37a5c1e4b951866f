"""Partnership: cluster organisations that run a programme together. It has no account: a member pays.

It has planned so many exchanges and events; how many there were is counted from what happened, never typed.
"""

from datetime import date
from uuid import UUID

from contracts.tables import Body, Table, act
from contracts.topics import DIRECTORY


class Public(Body):
    """first_day to last_day is the action: only payments with a value date inside it are eligible (FS-04)."""

    name: str
    title: str
    programme: str
    coordinator: UUID
    members: tuple[UUID, ...]
    themes: tuple[str, ...] = ()
    first_day: date
    last_day: date


class Formed(Public):
    pass


class Revised(Public):
    pass


class Planned(Body):
    """How many of each the partnership has promised over the action."""

    exchanges: int = 0
    event_xchange: int = 0
    training: int = 0
    study_visit: int = 0
    matchmaking: int = 0
    info_session: int = 0


PARTNERSHIP = Table(
    "partnership",
    service="directory",
    topic=DIRECTORY.name,
    acts=(
        act("form", "OPERATOR", "", "active", Formed),
        act("revise", "COORD", "active", "", Revised),
        act("plan", "COORD", "active", "", Planned),
    ),
)
