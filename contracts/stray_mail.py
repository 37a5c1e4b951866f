"""Stray mail: an answer that belongs to no conversation for sure. An officer files it to a case, or drops it."""

from typing import Literal
from uuid import UUID

from contracts.tables import HEARS, SYSTEM, Body, Table, act
from contracts.topics import APPLICATIONS

Stray = Literal["not_theirs", "expired", "no_address", "no_party", "no_case", "removed"]
DropReason = Literal["spam", "done_elsewhere", "not_ours"]


class Arrived(Body):
    reason: Stray


class Reminded(Body):
    """waiting: how many mails lie in its tray. Said once a day at most, of the oldest that nobody was told of."""

    waiting: int


class Filed(Body):
    application: UUID


class Dropped(Body):
    reason: DropReason


STRAY_MAIL = Table(
    "stray_mail",
    service="applications",
    topic=APPLICATIONS.name,
    movers={"waiting": "OFFICER OPERATOR"},
    acts=(
        act("arrive", HEARS, "", "waiting", Arrived),
        act("file", "OFFICER COORD OPERATOR", "waiting", "filed", Filed),
        act("drop", "OFFICER COORD OPERATOR", "waiting", "dropped", Dropped),
        act("remind", SYSTEM, "waiting", "", Reminded),
    ),
)
