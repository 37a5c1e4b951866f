"""Dates, amounts, numbers, countries and sizes as the reader writes them; the filters of the templates.
Days and times are those of the business zone unless another is named."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import inf
from typing import Literal, cast
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, format_timedelta, get_timezone_location
from babel.numbers import format_compact_decimal, format_decimal, format_percent

from contracts.money import Money
from contracts.workdays import BUSINESS_ZONE
from services.chassis.web.look.context import reader
from services.chassis.web.look.words import gettext as _
from services.chassis.web.look.words import locale, ngettext

Unit = Literal["second", "minute", "hour", "day", "month", "year"]
NO_BREAK = "\u00a0"
COUNTRY_OF = {"EL": "GR", "UK": "GB"}
"""Codes that the European institutions use instead of ISO 3166."""
UNITS: tuple[tuple[Unit, float], ...] = (
    ("second", 60),
    ("minute", 90 * 60),
    ("hour", 36 * 3600),
    ("day", 60 * 86400),
    ("month", 730 * 86400),
    ("year", inf),
)
"""A span shorter than so many seconds is told in this unit."""


def day(value: date, zone: str = BUSINESS_ZONE) -> str:
    """ "Friday 5 March"; with the year if it is not the current one."""
    return _written(_local_day(value, zone), "MMMEd")


def short_day(value: date, zone: str = BUSINESS_ZONE) -> str:
    """ "5 March"; with the year if it is not the current one."""
    return _written(_local_day(value, zone), "MMMd")


def days(first: date, last: date) -> str:
    """A period, both ends included: "12–16 April 2027"."""
    if first == last:
        return format_date(first, "long", locale=locale())
    patterns: dict[str, list[str]] = locale().interval_formats["yMMMd"]
    differs = "y" if first.year != last.year else "M" if first.month != last.month else "d"
    start, end = (
        format_date(at, _full(pattern), locale())
        for at, pattern in zip((first, last), patterns[differs], strict=True)
    )
    return start + end


def month(value: date) -> str:
    """ "April 2027"."""
    return format_date(value, _full(str(locale().datetime_skeletons["yMMMM"].pattern)), locale())


def clock_time(value: datetime, zone: str = BUSINESS_ZONE) -> str:
    """ "23:59"."""
    return format_time(value.astimezone(ZoneInfo(zone)), "short", locale=locale())


def moment(value: datetime, zone: str = BUSINESS_ZONE, *, named: bool = False) -> str:
    """ "Friday 5 March, 23:59"; named adds the zone, for readers who may be in another one."""
    when = {"day": day(value, zone), "time": clock_time(value, zone)}
    if not named:
        return _("%(day)s, %(time)s") % when
    return _("%(day)s, %(time)s (%(place)s time)") % {**when, "place": place(zone)}


def place(zone: str = BUSINESS_ZONE) -> str:
    """The town a zone is named after: "Brussels"."""
    return get_timezone_location(ZoneInfo(zone), locale=locale(), return_city=True)


def duration(value: timedelta | float) -> str:
    """How long, in words: "4 seconds", "9 days"."""
    return _in_words(value if isinstance(value, timedelta) else timedelta(seconds=value), directed=False)


def ago(value: datetime) -> str:
    """How long ago, or how long until: "3 days ago", "in 4 minutes". Days are counted on the calendar."""
    delta = value - reader().now
    if abs(delta) > timedelta(hours=36):
        delta = _local_day(value, BUSINESS_ZONE) - _local_day(reader().now, BUSINESS_ZONE)
    return _in_words(delta, directed=True)


def amount(cents: int) -> str:
    """Cents without their currency: "1,100.00"."""
    return format_decimal(Decimal(cents).scaleb(-2), "#,##0.00", locale=locale())


def money(value: int | Money, currency: str = "EUR") -> str:
    """ "1,100.00 EUR" (cents and their currency, or Money)."""
    cents, code = (value.cents, value.currency) if isinstance(value, Money) else (value, currency)
    return f"{amount(cents)}{NO_BREAK}{code}"


def number(value: float | Decimal) -> str:
    """ "1,284"."""
    return format_decimal(value, locale=locale())


def compact(value: float, largest: float) -> str:
    """A number as short as the scale of a chart up to its largest needs it: "40K"."""
    return (
        number(value)
        if largest < 10_000
        else format_compact_decimal(value, locale=locale(), fraction_digits=1)
    )


def percent(share: float | Decimal) -> str:
    """A share of one: 0.94 → "94%"."""
    return format_percent(share, locale=locale())


def country(code: str) -> str:
    """The name of a country by its code (ISO 3166 alpha-2, or EL and UK)."""
    names = cast("Mapping[str, str]", locale().territories)
    return names.get(COUNTRY_OF.get(code, code), code)


def file_size(size: int) -> str:
    """Bytes as "84 kB" or "1.2 MB"."""
    if size < 1_000_000:
        return f"{number(max(1, round(size / 1000)))}{NO_BREAK}kB"
    return f"{number(round(size / 1_000_000, 1))}{NO_BREAK}MB"


def working_days(n: int) -> str:
    """ "5 working days"."""
    return ngettext("%(n)s working day", "%(n)s working days", n) % {"n": number(n)}


def _local_day(value: date, zone: str) -> date:
    return value.astimezone(ZoneInfo(zone)).date() if isinstance(value, datetime) else value


def _written(local: date, skeleton: str) -> str:
    """A day by the locale's own pattern, months and weekdays in full."""
    if local.year != _local_day(reader().now, BUSINESS_ZONE).year:
        skeleton = f"y{skeleton}"
    return format_date(local, _full(str(locale().datetime_skeletons[skeleton].pattern)), locale())


def _full(pattern: str) -> str:
    """The pattern with its weekday and month spelt out."""
    return re.sub("E+", "EEEE", re.sub("MMM+", "MMMM", re.sub("LLL+", "LLLL", pattern)))


def _in_words(delta: timedelta, *, directed: bool) -> str:
    seconds = abs(delta.total_seconds())
    unit = next(unit for unit, limit in UNITS if seconds < limit)
    return format_timedelta(delta, cast("Unit", unit), threshold=inf, add_direction=directed, locale=locale())
