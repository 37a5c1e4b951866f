"""Attendance: who was there, recorded at the door by the code on the confirmation, or by hand."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from contracts.tables import Body, Table, act
from contracts.topics import REGISTRATIONS


class Recorded(Body):
    """day is the calendar day at the event; at is when it was written down."""

    event: UUID
    registration: UUID
    day: date
    present: bool
    how: Literal["code", "list"]
    at: datetime


ATTENDANCE = Table(
    "attendance",
    service="events",
    topic=REGISTRATIONS.name,
    acts=(act("record", "ORGANISER", "", "recorded", Recorded),),
)
