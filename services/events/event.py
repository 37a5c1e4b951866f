"""What organisers do with an event: publish it, move it, add places, close registration early, cancel it.
Times are given as they are read on a clock at the event.
"""

from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field

from contracts import countries
from contracts import event as facts
from contracts.errors import DomainError, NotKnownYet
from contracts.event import EVENT, Kind
from contracts.ids import new_id
from contracts.tables import Input, Nothing
from contracts.words.kinds import mark as _
from contracts.workdays import BUSINESS_ZONE, Moment
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.events.models import Event, KnownPartnership, Pool
from services.events.places import changed, cleared, fill

REMIND_BEFORE = timedelta(days=2)
"""How long before the start participants are reminded, once."""


def _time(text: str) -> str:
    try:
        return datetime.fromisoformat(text).isoformat(timespec="minutes")
    except ValueError:
        raise ValueError(_("Enter a day and a time, for example 2027-03-05T09:00")) from None


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (LookupError, ValueError, OSError):
        raise ValueError(_("Choose one of the time zones")) from None


def _country(code: str) -> str:
    if code not in countries.CODES:
        raise ValueError(_("Choose one of the countries"))
    return code


LocalTime = Annotated[str, AfterValidator(_time)]
"""ISO 8601; without an offset it is the time of a clock at the event."""


def _local(title: str) -> Any:
    return Field(title=title, description=_("Time at the event."))


class Publish(Input):
    partnership: UUID = Field(title=_("Who organises it?"))
    kind: Kind = Field(title=_("What kind of event is it?"))
    title: str = Field(title=_("Title"), min_length=3, max_length=150)
    description: str = Field(
        "", title=_("What is it about?"), max_length=4000, description=_("Everybody can read this.")
    )
    venue: str = Field(title=_("Venue"), min_length=2, max_length=120)
    town: str = Field(title=_("Town"), min_length=2, max_length=80)
    country: Annotated[str, AfterValidator(_country)] = Field(title=_("Country"))
    timezone: Annotated[str, AfterValidator(_zone)] = Field(BUSINESS_ZONE, title=_("Time zone of the event"))
    starts_at: LocalTime = _local(_("When does it start?"))
    ends_at: LocalTime = _local(_("When does it end?"))
    registration_until: LocalTime = _local(_("Until when can people register?"))
    places: int = Field(title=_("How many places are there?"), ge=1, le=100_000)
    approval: bool = Field(
        False, title=_("Each registration needs the organiser's approval"),
        description=_("Otherwise whoever registers has a place as long as there is one."),
    )  # fmt: skip


class Reschedule(Input):
    starts_at: LocalTime = _local(_("When does it start?"))
    ends_at: LocalTime = _local(_("When does it end?"))
    registration_until: LocalTime = _local(_("Until when can people register?"))


class AddPlaces(Input):
    places: int = Field(title=_("How many places do you add?"), ge=1, le=100_000)


@rule(EVENT, "publish")
async def publish(work: Work[Event], given: Publish, at: Moment) -> facts.Published:
    if await work.tx.get(KnownPartnership, given.partnership) is None:
        raise NotKnownYet("partnership", given.partnership)
    dates = _dates(given, given.timezone, at)
    said = given.model_dump(exclude={"places"}) | dict(dates)
    event = work.row = Event(id=new_id(), **said)
    event.reminders = _reminders(event, at)
    work.tx.add(Pool(id=event.id, places=given.places))
    return facts.Published.model_validate(given.model_dump(exclude={"description"}) | dict(dates))


@rule(EVENT, "reschedule")
def reschedule(event: Event, given: Reschedule, at: Moment) -> facts.Rescheduled:
    dates = _dates(given, event.timezone, at, open_=event.state == "published")
    event.starts_at, event.ends_at = dates.starts_at, dates.ends_at
    event.registration_until = dates.registration_until
    event.reminders = _reminders(event, at)
    return dates


@rule(EVENT, "add_places")
async def add_places(work: Work[Event], given: AddPlaces, at: Moment) -> facts.PlacesAdded:
    pool = await work.tx.locked(Pool, work.row.id)
    await changed(work.tx, pool, places=given.places)
    work.after.extend(await fill(work.tx, work.row, pool, at))
    return facts.PlacesAdded(places=pool.places, added=given.places)


@rule(EVENT, "close_early")
def close_early(event: Event, given: Nothing, at: Moment) -> facts.RegistrationClosed:
    return facts.RegistrationClosed()


@rule(EVENT, "cancel")
async def cancel(work: Work[Event], given: Nothing, at: Moment) -> facts.Cancelled:
    """Takes every registration and every vacancy with it."""
    pool = await work.tx.locked(Pool, work.row.id)
    work.after.extend(await cleared(work.tx, work.row, pool, at, "event"))
    return facts.Cancelled()


def _dates(given: Publish | Reschedule, zone: str, at: Moment, *, open_: bool = True) -> facts.Rescheduled:
    """The three moments, in order and ahead; DomainError at the field that breaks it."""
    starts_at = _moment(given.starts_at, zone)
    ends_at = _moment(given.ends_at, zone)
    until = _moment(given.registration_until, zone)
    if starts_at <= at.now:
        raise DomainError("starts-in-the-past", "starts_at")
    if ends_at <= starts_at:
        raise DomainError("ends-before-start", "ends_at")
    if until > starts_at:
        raise DomainError("registration-after-start", "registration_until")
    if open_ and until <= at.now:
        raise DomainError("registration-in-the-past", "registration_until")
    return facts.Rescheduled(starts_at=starts_at, ends_at=ends_at, registration_until=until)


def _moment(text: str, zone: str) -> datetime:
    time = datetime.fromisoformat(text)
    return time if time.tzinfo else time.replace(tzinfo=ZoneInfo(zone))


def _reminders(event: Event, at: Moment) -> int:
    """Nobody is reminded of what was announced later than the reminder would be."""
    return int(at.now >= event.starts_at - REMIND_BEFORE)
