"""Calendar arithmetic about cases: due dates, working days at a host, bank business days.

Pure: the moment is always an argument, holidays come from the tables of the `holidays` library, and
dates are judged in the business zone, so that every service counts the same days."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

BUSINESS_ZONE = "Europe/Brussels"
END_OF_DAY = time(23, 59, 59)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Moment:
    """Business time at which an act is judged; rules get it as an argument and read no clock.

    closed: days on which nobody works beside weekends and public holidays, where somebody asks what they would change.
    """

    now: datetime
    closed: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if self.now.tzinfo is None:
            raise ValueError("a moment needs a time zone")

    def today(self, zone: str = BUSINESS_ZONE) -> date:
        """The calendar day it is there now."""
        return self.now.astimezone(ZoneInfo(zone)).date()

    def plus_days(self, days: int, *, end_of_day: bool = True) -> datetime:
        """The moment so many calendar days later: the last second of that day, or the same time of day."""
        return self._on(self.today() + days * DAY, end_of_day)

    def plus_working_days(self, days: int, place: str | None = None, *, end_of_day: bool = True) -> datetime:
        """So many working days later; today does not count, the place's public holidays do not either."""
        return self._on(plus_working_days(self.today(), days, place, self.closed), end_of_day)

    def plus_target_days(self, days: int, *, end_of_day: bool = True) -> datetime:
        """So many bank business days (TARGET) later; today does not count."""
        return self._on(plus_target_days(self.today(), days), end_of_day)

    def _on(self, day: date, end_of_day: bool) -> datetime:
        zone = ZoneInfo(BUSINESS_ZONE)
        wall = END_OF_DAY if end_of_day else self.now.astimezone(zone).time()
        return datetime.combine(day, wall, zone).astimezone(self.now.tzinfo)


def end_of_day(day: date) -> datetime:
    """The last second of a day where the business is."""
    return datetime.combine(day, END_OF_DAY, ZoneInfo(BUSINESS_ZONE))


def public_holiday(day: date, place: str) -> str | None:
    """The name of the public holiday that this day is in that place, else None.

    A place is a country (ISO 3166, "DE"), whose nationwide holidays count, or a region of it (ISO 3166-2, "DE-BY"),
    whose own holidays count as well."""
    return _holidays(place, day.year).get(day)


def is_working_day(day: date, place: str | None = None) -> bool:
    """Monday to Friday, and no public holiday of the place if one is named."""
    return day.weekday() < 5 and (place is None or public_holiday(day, place) is None)


def days_between(first: date, last: date) -> list[date]:
    """Every calendar day from the first to the last, both included."""
    return [first + n * DAY for n in range((last - first).days + 1)]


def working_days(first: date, last: date, place: str | None = None) -> list[date]:
    """The working days of a period, both ends included.

    For a visit the period is that of the agenda at the host, so travel days lie outside of it."""
    return [day for day in days_between(first, last) if is_working_day(day, place)]


def plus_working_days(
    day: date, days: int, place: str | None = None, closed: frozenset[date] = frozenset()
) -> date:
    """The working day that lies so many working days after this day (which does not count itself)."""
    return _later(day, days, lambda later: later not in closed and is_working_day(later, place))


def is_target_day(day: date) -> bool:
    """Whether the euro payment system settles on this day: no weekend, no TARGET closing day."""
    return day.weekday() < 5 and day not in _target_closing_days(day.year)


def target_day(day: date) -> date:
    """This day if banks settle on it, else the next one on which they do."""
    return day if is_target_day(day) else plus_target_days(day, 1)


def plus_target_days(day: date, days: int) -> date:
    """The bank business day that lies so many bank business days after (or, negative, before) this day."""
    return _later(day, days, is_target_day)


def _later(day: date, days: int, counts: Callable[[date], bool]) -> date:
    if days == 0:
        return day
    return next(later for n, later in _counted(day, DAY if days > 0 else -DAY, counts) if n == abs(days))


def _counted(day: date, step: timedelta, counts: Callable[[date], bool]) -> Iterator[tuple[int, date]]:
    n = 0
    while True:
        day += step
        if counts(day):
            n += 1
            yield n, day


@lru_cache(maxsize=1024)
def _holidays(place: str, year: int) -> dict[date, str]:
    country, _dash, region = place.partition("-")
    subdivision = region if region in _with_own_calendar().get(country, ()) else None
    return dict(holidays.country_holidays(country, subdivision, years=year, language="en_US"))


@lru_cache(maxsize=1)
def _with_own_calendar() -> Mapping[str, list[str]]:
    """Country → its regions whose holidays are known; elsewhere the nationwide ones are all there is."""
    return holidays.list_supported_countries()


@lru_cache(maxsize=64)
def _target_closing_days(year: int) -> frozenset[date]:
    return frozenset(holidays.financial_holidays("ECB", years=year))
