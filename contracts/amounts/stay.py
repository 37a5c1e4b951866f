"""A stay at the host: its days, its distance, the scheme's limits, and the last day that can still be paid."""

from collections.abc import Collection
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from geographiclib.geodesic import Geodesic

from contracts.errors import DomainError
from contracts.terms import Terms
from contracts.workdays import is_working_day, plus_working_days, working_days


class Mode(StrEnum):
    PHYSICAL = "physical"
    VIRTUAL = "virtual"


@lru_cache(maxsize=4096)
def distance_km(from_lat: float, from_lon: float, to_lat: float, to_lon: float) -> int:
    """The shortest way over the earth between two towns (WGS 84), rounded down to whole kilometres."""
    metres: float = Geodesic.WGS84.Inverse(from_lat, from_lon, to_lat, to_lon)["s12"]
    return int(metres // 1000)


def counted_days(days: Collection[date], host_country: str) -> list[date]:
    """Of the days with agenda at the host, those that count: weekdays that are no public holiday there."""
    return sorted(day for day in set(days) if is_working_day(day, host_country))


def check_stay(days: Collection[date], host_country: str, mode: Mode, terms: Terms, at: str = "") -> None:
    """Refuses a stay outside of the scheme's limits; days are those with agenda at the host, travel excluded.

    A physical stay is long enough, at most a month, and has agenda on every working day in between. at: the question
    that asks for the days, where that is not the exchange's own."""
    counted = counted_days(days, host_country)
    field = at or ("days" if mode is Mode.VIRTUAL else "last_day")
    if len(counted) < terms.min_days:
        raise DomainError("stay-too-short", field, days=len(counted), min_days=terms.min_days)
    if mode is Mode.VIRTUAL:
        return
    first, last = min(days), max(days)
    if (last - first).days + 1 > terms.max_days:
        raise DomainError("stay-too-long", field, days=(last - first).days + 1, max_days=terms.max_days)
    if missing := set(working_days(first, last, host_country)) - set(counted):
        raise DomainError("stay-interrupted", field, missing=min(missing))


def paid_by(last_day: date, terms: Terms) -> date:
    """When the money arrives at the latest, if everybody takes all the time they have after the last day."""
    reported = last_day + timedelta(days=terms.report_days)
    validated = plus_working_days(reported, terms.validation_days)
    return validated + timedelta(days=terms.payment_days)


@lru_cache(maxsize=256)
def latest_last_day(action_end: date, terms: Terms) -> date:
    """The latest last day of a stay whose payment can still be booked by the last day of the action."""
    day = action_end - timedelta(days=terms.report_days + terms.payment_days)
    while paid_by(day, terms) > action_end:
        day -= timedelta(days=1)
    return day
