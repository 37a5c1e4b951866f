"""Partnership: cluster organisations that run a programme together. It has no account: a member pays."""

from datetime import date
from uuid import UUID

from contracts.tables import Body, Table, act
from contracts.topics import DIRECTORY


class Formed(Body):
    """first_day to last_day is the action: only payments with a value date inside it are eligible (FS-04)."""

    name: str
    title: str
    programme: str
    coordinator: UUID
    members: tuple[UUID, ...]
    themes: tuple[str, ...] = ()
    first_day: date
    last_day: date


PARTNERSHIP = Table(
    "partnership",
    service="directory",
    topic=DIRECTORY.name,
    acts=(act("form", "OPERATOR", "", "active", Formed),),
)
