"""Who was there: written once per person and day, from the code on the confirmation or from the list.
Nobody writes that somebody was absent: whoever has a place and was not seen is.
"""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import Field
from sqlmodel import col, select

from contracts import attendance as facts
from contracts.attendance import ATTENDANCE
from contracts.errors import DomainError
from contracts.ids import new_id
from contracts.tables import Input
from contracts.words.kinds import mark as _
from contracts.workdays import Moment, days_between
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.events.kinds import events
from services.events.models import Attendance, Event, Registration

_MISREAD = str.maketrans("OILU", "011V", " -")


class Record(Input):
    """By code, or by registration for somebody who left the code at home."""

    event: UUID = Field(title=_("Event"))
    code: str = Field("", title=_("Code on the confirmation"), max_length=20)
    registration: UUID | None = Field(None, title=_("Registration"))
    day: date | None = Field(None, title=_("Day"), description=_("Empty: today."))


@rule(ATTENDANCE, "record")
async def record(work: Work[Attendance], given: Record, at: Moment) -> facts.Recorded:
    event = await work.tx.found(Event, given.event)
    if "ORGANISER" not in events.parties(work.actor, event):
        raise DomainError("not-found", status=404)
    day = _day(event, given.day, at)
    if not given.code and not given.registration:
        raise DomainError("code-missing", "code")
    row = await find(work.tx, given, lock=True)
    if row is None:
        raise DomainError("code-unknown", "code")
    if row.state != "confirmed":
        raise DomainError("code-without-place", "code", status=409)
    earlier = await work.tx.session.exec(
        select(Attendance).where(col(Attendance.registration) == row.id, col(Attendance.day) == day)
    )
    if (seen := earlier.one_or_none()) is not None:
        time = seen.at.astimezone(ZoneInfo(event.timezone))
        raise DomainError("attendance-once", "code", status=409, time=f"{time:%H:%M}")
    how = "code" if given.code else "list"
    work.row = Attendance(
        id=new_id(),
        event=event.id,
        registration=row.id,
        person=row.person,
        partnership=event.partnership,
        day=day,
        how=how,
        at=at.now,
        recorded_by=work.actor.person,
    )
    return facts.Recorded(event=event.id, registration=row.id, day=day, present=True, how=how, at=at.now)


async def find(tx: Tx, given: Record, *, lock: bool = False) -> Registration | None:
    """Who is meant. Locked, two scans of one code come one after the other."""
    if given.code:
        which = col(Registration.code) == given.code.upper().translate(_MISREAD)
    else:
        which = col(Registration.id) == given.registration
    statement = select(Registration).where(col(Registration.event) == given.event, which)
    return (await tx.session.exec(statement.with_for_update() if lock else statement)).one_or_none()


def readable(code: str) -> str:
    """A code as it is printed: in two halves."""
    return f"{code[:4]}-{code[4:]}"


def days_of(event: Event) -> list[date]:
    """The calendar days of the event, where it takes place."""
    return days_between(_local_day(event.starts_at, event), _local_day(event.ends_at, event))


def _day(event: Event, given: date | None, at: Moment) -> date:
    """The day it is recorded for: one that has come; by default the last that has."""
    days = days_of(event)
    today = at.today(event.timezone)
    if event.state in ("closed", "cancelled"):
        raise DomainError("check-in-over", status=409)
    if today < days[0] or (given is not None and given > today):
        raise DomainError("check-in-too-early", "code", status=409)
    if given is not None and given not in days:
        raise DomainError("not-a-day-of-the-event", "day")
    return given or min(today, days[-1])


def _local_day(moment: datetime, event: Event) -> date:
    return moment.astimezone(ZoneInfo(event.timezone)).date()
