"""What a funding programme pays and limits, as data: its funding rates, its flat rate for indirect costs, the most that
one recipient may get, and on which basis support is State aid.

A funding rate is what the funder pays of a member's costs. It is never the intensity, which is what a scheme pays of a
recipient's costs; no calculation uses both."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal

Aid = Literal["none", "de_minimis", "gber_20a"]
Basis = Literal["found", "inferred"]


@dataclass(frozen=True)
class Programme:
    """The rules of one programme; sums in cents, 0 where there is no limit.

    own_percent          the funder's part of a member's own costs, indirect costs included
    support_percent      … of support to third parties
    indirect_percent     flat rate on direct costs without support to third parties (FS-05)
    max_grant_cents      the most the funder pays one partnership
    recipient_cap_cents  the most one legal identity may get of one partnership's action (FS-02)
    aid                  whether support is State aid, and on which basis
    basis, source        whether the figures were published, and where
    """

    name: str
    own_percent: int
    support_percent: int
    indirect_percent: int
    max_grant_cents: int
    recipient_cap_cents: int
    aid: Aid
    basis: Basis
    source: str


@dataclass(frozen=True)
class AidBasis:
    """The rules under which State aid may be granted (FS-20, FS-23).

    ceiling_cents  the most for a single undertaking: in three years and one Member State (de minimis), or of one action
    since, until   the days between which aid may be granted on this basis
    excluded       divisions of NACE whose undertakings get none
    declared_days  for how many days before the award a declaration is relied on; a year, since no regulation says"""

    name: Aid
    ceiling_cents: int
    since: date
    until: date
    excluded: tuple[str, ...]
    declared_days: int
    source: str

    def in_force(self, day: date) -> bool:
        return self.since <= day <= self.until


@dataclass(frozen=True)
class Plan:
    """A member's costs as planned, and who bears them; sums in cents."""

    own: int
    support: int
    indirect: int
    funded: int

    @property
    def total(self) -> int:
        return self.own + self.indirect + self.support

    @property
    def borne(self) -> int:
        """What the member pays itself."""
        return self.total - self.funded


NO_PROGRAMME = Programme("", 0, 0, 0, 0, 0, "none", "inferred", "not known here")


@cache
def programmes() -> Mapping[str, Programme]:
    """By name."""
    with (files("contracts") / "data" / "programmes.csv").open(encoding="utf-8") as file:
        return {row["programme"]: _programme(row) for row in csv.DictReader(file)}


@cache
def aid_bases() -> Mapping[str, AidBasis]:
    """By name; none has no basis."""
    with (files("contracts") / "data" / "aid_bases.csv").open(encoding="utf-8") as file:
        return {row["basis"]: _aid_basis(row) for row in csv.DictReader(file)}


def programme_of(title: str) -> Programme:
    """The programme under which a partnership runs ("COSME ESCP-4x" is COSME); one without rates if nobody knows it."""
    known = [programme for name, programme in programmes().items() if title.startswith(name)]
    return max(known, key=lambda programme: len(programme.name), default=NO_PROGRAMME)


def plan(programme: Programme, own: int, support: int) -> Plan:
    """Indirect costs and the funder's part, each rounded half up to the cent."""
    indirect = half_up(own * programme.indirect_percent)
    funded = half_up((own + indirect) * programme.own_percent) + half_up(support * programme.support_percent)
    return Plan(own, support, indirect, funded)


def share_of(programme: Programme, cents: int) -> int:
    """The funder's part of support to third parties."""
    return half_up(cents * programme.support_percent)


def half_up(hundredths: int) -> int:
    """Hundredths of cents to whole cents."""
    return (hundredths + 50) // 100


def years_before(day: date, years: int) -> date:
    """The same day so many years ago; 29 February counts as the 28th where there is none."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _programme(row: Mapping[str, str]) -> Programme:
    return Programme(
        name=row["programme"],
        own_percent=int(row["own_percent"]),
        support_percent=int(row["support_percent"]),
        indirect_percent=int(row["indirect_percent"]),
        max_grant_cents=int(row["max_grant_cents"]),
        recipient_cap_cents=int(row["recipient_cap_cents"]),
        aid=row["aid"],  # pyright: ignore[reportArgumentType]
        basis=row["basis"],  # pyright: ignore[reportArgumentType]
        source=row["source"],
    )


def _aid_basis(row: Mapping[str, str]) -> AidBasis:
    return AidBasis(
        name=row["basis"],  # pyright: ignore[reportArgumentType]
        ceiling_cents=int(row["ceiling_cents"]),
        since=date.fromisoformat(row["since"]),
        until=date.fromisoformat(row["until"]),
        excluded=tuple(row["excluded"].split()),
        declared_days=int(row["declared_days"]),
        source=row["source"],
    )
