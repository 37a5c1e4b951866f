"""Vacancy: one place that was freed or added while people wait. It counts as taken until taken or spent."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from contracts.tables import BESIDE, SYSTEM, Body, End, Table, act
from contracts.topics import REGISTRATIONS

ReopenReason = Literal["declined", "expired", "cancelled"]
SpentReason = Literal["nobody_waits", "event_over", "event_cancelled"]


class Opened(Body):
    event: UUID


class Offered(Body):
    registration: UUID
    due_at: datetime


class Reopened(Body):
    reason: ReopenReason


class Taken(Body):
    registration: UUID


class Spent(Body):
    reason: SpentReason


_WAKE = "place-offer/{subject}"

VACANCY = Table(
    "vacancy",
    service="events",
    topic=REGISTRATIONS.name,
    plural="vacancies",
    workflow=_WAKE,
    open_in="open offered",
    acts=(
        act("open", BESIDE, "", "open", Opened, wakes=_WAKE),
        act("offer", SYSTEM, "open", "offered", Offered, also=(End("spent", Spent),)),
        act("reopen", BESIDE, "offered", "open", Reopened, wakes=_WAKE),
        act("take", BESIDE, "offered", "taken", Taken, wakes=_WAKE),
        act("spend", BESIDE, "open offered", "spent", Spent, wakes=_WAKE),
    ),
)
