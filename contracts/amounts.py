"""The ClusterXchange lump sum: one pure calculation, its limits, and the last day that can still be paid.

applications shows and freezes an amount, reimbursements computes it again from what was frozen and the days
actually done; both call this module, so the promise and the payment cannot differ."""

import csv
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Literal

from geographiclib.geodesic import Geodesic

from contracts.errors import DomainError
from contracts.money import Money
from contracts.terms import Terms
from contracts.words.kinds import mark as _
from contracts.workdays import is_working_day, plus_working_days, working_days


class Mode(StrEnum):
    PHYSICAL = "physical"
    VIRTUAL = "virtual"


@dataclass(frozen=True)
class Rate:
    """The full lump sum for one host country, as frozen with a case."""

    host_country: str
    cents: int
    basis: Literal["confirmed", "inferred"]
    table: str


@dataclass(frozen=True)
class RateTable:
    """A version of the lump sums per host country; never changed once it is in use."""

    version: str
    source: str
    rates: Mapping[str, Rate]

    def rate(self, host_country: str) -> Rate:
        """The rate of a country, or the refusal no-rate."""
        if host_country not in self.rates:
            raise DomainError("no-rate", "host_country", country=host_country, table=self.version)
        return self.rates[host_country]


@dataclass(frozen=True)
class Line:
    """One step of a calculation: LINE_TEXTS[code] with these params, and its factor."""

    code: str
    params: dict[str, int | str]
    factor: Literal["1", "1/2", "0"]


@dataclass(frozen=True)
class LumpSum:
    """An amount in cents with the lines that lead to it: rate times every factor is the amount."""

    amount_cents: int
    rate: Rate
    working_days: int
    distance_km: int
    lines: tuple[Line, ...]


LINE_TEXTS = {
    "rate-confirmed": _("Lump sum of the host country %(country)s, as published (table %(table)s)"),
    "rate-inferred": _("Lump sum of the host country %(country)s, inferred (table %(table)s)"),
    "virtual": _("Virtual exchange: no travel, no lump sum"),
    "days-too-few": _("Working days at the host: %(days)s (fewer than %(min_days)s: no lump sum)"),
    "days-short": _("Working days at the host: %(days)s (fewer than %(full_days)s: halved)"),
    "days-full": _("Working days at the host: %(days)s (%(full_days)s or more: not halved)"),
    "distance-near": _("Distance: %(km)s km (less than %(full_km)s km: halved)"),
    "distance-near-too": _("Distance: %(km)s km (less than %(full_km)s km, but halved only once)"),
    "distance-full": _("Distance: %(km)s km (%(full_km)s km or more: not halved)"),
}


@cache
def clusterxchange_rates() -> RateTable:
    """The lump sums per host country, in cents.

    The official table was not published. Portugal (780) and the maximum (1,100) are documented and equal the
    monthly ceilings of Erasmus for Young Entrepreneurs 2014-2022; the other countries are inferred."""
    version = "eye-2014-2022"
    text = files("contracts").joinpath("data/clusterxchange_lump_sums.csv").read_text("utf-8")
    rates = {
        row["host_country"]: Rate(
            row["host_country"],
            int(row["full_eur"]) * 100,
            "confirmed" if row["basis"] == "confirmed" else "inferred",
            version,
        )
        for row in csv.DictReader(text.splitlines())
    }
    return RateTable(version, "open-eye.net/what-is-the-amount-of-funding; clamtex.eu/faq-page", rates)


@lru_cache(maxsize=4096)
def distance_km(from_lat: float, from_lon: float, to_lat: float, to_lon: float) -> int:
    """The shortest way over the earth between two towns (WGS 84), rounded down to whole kilometres."""
    metres: float = Geodesic.WGS84.Inverse(from_lat, from_lon, to_lat, to_lon)["s12"]
    return int(metres // 1000)


def counted_days(days: Collection[date], host_country: str) -> list[date]:
    """Of the days with agenda at the host, those that count: weekdays that are no public holiday there."""
    return sorted(day for day in set(days) if is_working_day(day, host_country))


def check_stay(days: Collection[date], host_country: str, mode: Mode, terms: Terms) -> None:
    """Refuses a stay outside of the scheme's limits; days are those with agenda at the host, travel excluded.

    A physical stay is long enough, at most a month, and has agenda on every working day in between."""
    counted = counted_days(days, host_country)
    if len(counted) < terms.min_days:
        raise DomainError("stay-too-short", "last_day", days=len(counted), min_days=terms.min_days)
    if mode is Mode.VIRTUAL:
        return
    first, last = min(days), max(days)
    if (last - first).days + 1 > terms.max_days:
        raise DomainError("stay-too-long", "last_day", days=(last - first).days + 1, max_days=terms.max_days)
    if missing := set(working_days(first, last, host_country)) - set(counted):
        raise DomainError("stay-interrupted", "last_day", missing=min(missing))


def lump_sum(rate: Rate, days: Collection[date], distance_km: int, mode: Mode, terms: Terms) -> LumpSum:
    """What a visiting organisation gets for these days at the host, whatever the number of its people.

    Halved once if the stay is shorter than full_days working days, or the two towns are nearer than full_km,
    or both; nothing for a virtual exchange or fewer working days than the scheme asks for."""
    counted = len(counted_days(days, rate.host_country))
    lines = [Line(f"rate-{rate.basis}", {"country": rate.host_country, "table": rate.table}, "1")]
    if mode is Mode.VIRTUAL:
        lines.append(Line("virtual", {}, "0"))
    elif counted < terms.min_days:
        lines.append(Line("days-too-few", {"days": counted, "min_days": terms.min_days}, "0"))
    else:
        short, near = counted < terms.full_days, distance_km < terms.full_km
        length: dict[str, int | str] = {"days": counted, "full_days": terms.full_days}
        way: dict[str, int | str] = {"km": distance_km, "full_km": terms.full_km}
        lines.append(Line("days-short", length, "1/2") if short else Line("days-full", length, "1"))
        if near and short:
            lines.append(Line("distance-near-too", way, "1"))
        else:
            lines.append(Line("distance-near", way, "1/2") if near else Line("distance-full", way, "1"))
    amount = Money(rate.cents)
    for line in lines:
        amount = amount.times(Fraction(line.factor))
    return LumpSum(amount.cents, rate, counted, distance_km, tuple(lines))


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


def sum_of_case(frozen: Mapping[str, Any], days_done: int | None = None) -> LumpSum:
    """The lump sum of a case again, from what was frozen with it and, after the visit, the days done."""
    terms = Terms(**frozen["terms"])
    rate = Rate(frozen["host_country"], frozen["rate_cents"], frozen["rate_basis"], frozen["rate_version"])
    planned = counted_days([date.fromisoformat(str(day)) for day in frozen["days"]], rate.host_country)
    done = planned if days_done is None else planned[:days_done]
    return lump_sum(rate, done, frozen["distance_km"], Mode(frozen["mode"]), terms)
