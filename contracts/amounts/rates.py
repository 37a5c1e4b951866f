"""Rate tables: versions of amounts with their source and validity. Sums by country, sums by distance, daily rates.

A version that is in use is never changed; a partnership may put one of its own into force that is nowhere higher.
A case keeps what it was frozen with, so a later version changes nothing for it."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from contracts.errors import DomainError

Basis = Literal["confirmed", "inferred", "lowered"]


@dataclass(frozen=True)
class Rate:
    """The full lump sum, or the daily rate, for one host country, as frozen with a case."""

    host_country: str
    cents: int
    basis: Basis
    table: str


@dataclass(frozen=True)
class Band:
    """What a journey within these kilometres (one way, both ends included) brings there and back; to_km None: and
    beyond. green_cents where low-emission travel is paid differently."""

    from_km: int
    to_km: int | None
    cents: int
    green_cents: int | None = None

    def holds(self, km: int) -> bool:
        return self.from_km <= km and (self.to_km is None or km <= self.to_km)


@dataclass(frozen=True)
class RateTable:
    """A version of the lump sums, or the daily rates, per host country."""

    version: str
    source: str
    rates: Mapping[str, Rate]

    def rate(self, host_country: str) -> Rate:
        """The rate of a country, or the refusal no-rate."""
        if host_country not in self.rates:
            raise DomainError("no-rate", "host_country", country=host_country, table=self.version)
        return self.rates[host_country]

    def published(self) -> dict[str, Any]:
        """As a fact carries it."""
        return {country: {"cents": rate.cents, "basis": rate.basis} for country, rate in self.rates.items()}


@dataclass(frozen=True)
class BandTable:
    """A version of the travel units by distance."""

    version: str
    source: str
    bands: tuple[Band, ...]

    def band(self, km: int) -> Band | None:
        """The band that a distance falls in; None below the first."""
        return next((band for band in self.bands if band.holds(km)), None)

    def published(self) -> dict[str, Any]:
        """As a fact carries it: by the first kilometre of each band."""
        return {
            f"{band.from_km:05}": {"from_km": band.from_km, "to_km": band.to_km, "cents": band.cents}
            | ({} if band.green_cents is None else {"green_cents": band.green_cents})
            for band in self.bands
        }


def countries_of(version: str, published: Mapping[str, Any]) -> RateTable:
    """A table by country again, from what was published."""
    return RateTable(
        version,
        "",
        {country: Rate(country, one["cents"], one["basis"], version) for country, one in published.items()},
    )


def bands_of(version: str, published: Mapping[str, Any]) -> BandTable:
    """A table by distance again, from what was published."""
    return BandTable(version, "", tuple(Band(**published[key]) for key in sorted(published)))


def lowered(published: Mapping[str, Any], changes: Mapping[str, int]) -> dict[str, Any]:
    """A partnership's own version: these entries get these cents, all others stay.

    DomainError("rate-unknown") for an entry that the table lacks, ("rate-only-lower") for one that would rise.
    A low-emission unit is never above its lowered ordinary unit times what it was before: it falls in proportion."""
    result: dict[str, Any] = {key: dict(one) for key, one in published.items()}
    for key, cents in changes.items():
        if key not in result:
            raise DomainError("rate-unknown", "rates", key=key)
        entry = result[key]
        if not 0 <= cents <= entry["cents"]:
            raise DomainError("rate-only-lower", "rates", key=key, most=f"{entry['cents'] / 100:.2f}")
        if "green_cents" in entry and entry["cents"]:
            entry["green_cents"] = entry["green_cents"] * cents // entry["cents"]
        entry["cents"] = cents
        if "basis" in entry:
            entry["basis"] = "lowered"
    return result


@cache
def clusterxchange_rates() -> RateTable:
    """The lump sums per host country, in cents.

    The official table was not published. Portugal (780) and the maximum (1,100) are documented and equal the
    monthly ceilings of Erasmus for Young Entrepreneurs 2014-2022; the other countries are inferred."""
    version = "eye-2014-2022"
    rates = {
        row["host_country"]: Rate(
            row["host_country"],
            int(row["full_eur"]) * 100,
            "confirmed" if row["basis"] == "confirmed" else "inferred",
            version,
        )
        for row in _rows("clusterxchange_lump_sums")
    }
    return RateTable(version, "open-eye.net/what-is-the-amount-of-funding; clamtex.eu/faq-page", rates)


@cache
def daily_rates() -> RateTable:
    """Per diems aligned to Commission Decision C(2024)5405, for contracts from 8 November 2024: night, meals, local
    travel and sundry of one day."""
    version = "per-diem-2024-11"
    rates = {
        row["country"]: Rate(
            row["country"], int(row["eur_per_day_including_night"]) * 100, "confirmed", version
        )
        for row in _rows("per_diem_2024")
    }
    return RateTable(
        version, "international-partnerships.ec.europa.eu, per diem rates of 8 November 2024", rates
    )


@cache
def travel_bands() -> tuple[BandTable, ...]:
    """Travel units there and back by the straight line one way: Erasmus+ for calls 2021 to 2023 and from 2024 on,
    and the Commission's for calls opened before and from 26 July 2023 (of the latter only the first unit was seen,
    the others follow its rise by a quarter)."""
    erasmus, commission = _rows("erasmus_travel_bands"), _rows("commission_travel_units")
    return (
        _bands("erasmus-2021", "Erasmus+ calls 2021 to 2023, distance bands", erasmus, "eur_2021"),
        _bands("erasmus-2024", "Erasmus+ calls from 2024 on, distance bands", erasmus, "eur_2024"),
        _bands("commission-2021-35", "Commission Decision C(2021)35", commission, "eur_c2021_35"),
        _bands("commission-2023-4928", "Commission Decision C(2023)4928", commission, "eur_c2023_4928"),
    )


def _bands(version: str, source: str, rows: list[dict[str, str]], column: str) -> BandTable:
    def cents(row: dict[str, str], name: str) -> int | None:
        return int(row[name]) * 100 if row.get(name) else None

    plain = column if column in rows[0] else f"{column}_standard"
    return BandTable(
        version,
        source,
        tuple(
            Band(
                int(row["from_km"]),
                int(row["to_km"]) if row["to_km"] else None,
                cents(row, plain) or 0,
                cents(row, f"{column}_green"),
            )
            for row in rows
        ),
    )


def _rows(name: str) -> list[dict[str, str]]:
    text = files("contracts").joinpath(f"data/{name}.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))
