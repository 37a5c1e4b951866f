"""Attendance: who was there, recorded at the door by the code on the confirmation, or by hand."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from contracts.tables import Body, Table, act
from contracts.topics import REGISTRATIONS


class Recorded(Body):
    event: UUID
    registration: UUID
    present: bool
    how: Literal["code", "list"]
    at: datetime


ATTENDANCE = Table(
    "attendance",
    service="events",
    topic=REGISTRATIONS.name,
    acts=(act("record", "ORGANISER", "", "recorded", Recorded),),
)
