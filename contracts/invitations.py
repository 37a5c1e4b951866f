"""The calendar file of a registration (RFC 5545), the same on the page and in the mail. Its UID stays; a
higher sequence tells a calendar that what it has is out of date.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event
from icalendar.enums import STATUS

CONTENT_TYPE = "text/calendar; charset=utf-8"
FILE_NAME = "event.ics"
YEAR = timedelta(days=366)
"""How far before and after the event the rules of its time zone are written out."""


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """What stands in somebody's calendar.

    sequence   the event's version plus the registration's: each only grows, so their sum does
    timezone   IANA name of the zone at the event, in which the times are written
    cancelled  the registration or the event: it is taken out again
    """

    registration: UUID
    sequence: int
    title: str
    venue: str
    town: str
    country: str
    timezone: str
    starts_at: datetime
    ends_at: datetime
    url: str
    cancelled: bool = False

    def calendar(self, stamp: datetime) -> bytes:
        """The file, as of `stamp`."""
        zone, uid = ZoneInfo(self.timezone), f"{self.registration}@relais"
        event = Event.new(
            uid=uid,
            sequence=self.sequence,
            stamp=stamp,
            start=self.starts_at.astimezone(zone),
            end=self.ends_at.astimezone(zone),
            summary=self.title,
            location=f"{self.venue}, {self.town}, {self.country}",
            description=self.url,
            url=self.url,
            status=STATUS.CANCELLED if self.cancelled else STATUS.CONFIRMED,
        )
        calendar = Calendar.new(
            uid=uid,
            prodid="-//Relais//Events//EN",
            method="CANCEL" if self.cancelled else "PUBLISH",
            subcomponents=[event],
        )
        calendar.add_missing_timezones(self.starts_at.date() - YEAR, self.ends_at.date() + YEAR)
        return calendar.to_ical()
