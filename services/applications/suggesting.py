"""Which hosts suit a visitor, and why: each reason is a fact of both profiles, and counts for so many points.

Pure. Nothing is hidden: the order is the sum of the points of the reasons that are shown.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from contracts.amounts import distance_km
from services.applications.projections import KnownOrganisation, KnownParticipation

Taking: TypeAlias = tuple[KnownParticipation, KnownOrganisation]
"""A profile and whose it is."""
Why = Literal["topics", "activities", "wanted", "wanted_there", "dates", "languages", "first", "far"]

POINTS: dict[Why, int] = {
    "topics": 4,
    "activities": 3,
    "dates": 4,
    "wanted": 3,
    "wanted_there": 3,
    "languages": 2,
    "first": 2,
    "far": 1,
}
"""Of each reason; topics and activities count for each one that is shared, three at most."""
MOST = 3
SHORTEST_STAY = 3
"""Days that both must have at least (CX-21)."""
NOT_HALVED_KM = 200
"""From this distance on the lump sum is not halved for it (CX-32)."""


@dataclass(frozen=True)
class Reason:
    """why with what both share: codes, topics, a country, days or kilometres."""

    why: Why
    points: int
    shared: tuple[str, ...] = ()
    first_day: date | None = None
    last_day: date | None = None
    km: int = 0


@dataclass(frozen=True)
class Suggestion:
    """A host with the reasons that speak for it, the strongest first."""

    profile: KnownParticipation
    host: KnownOrganisation
    reasons: tuple[Reason, ...]

    @property
    def points(self) -> int:
        return sum(reason.points for reason in self.reasons)


def ranked(
    visitor: Taking, hosts: Iterable[Taking], pairs: Collection[tuple[str, str]], today: date
) -> list[Suggestion]:
    """Hosts in other countries by points, then by name; whom only dates and distance speak for is left out.

    pairs  (visitor's country, host's country) of the exchanges that were granted so far
    """
    organisation = visitor[1]
    found = [
        Suggestion(there, host, reasons(visitor, (there, host), pairs, today))
        for there, host in hosts
        if host.country != organisation.country and host.identity != organisation.identity
    ]
    shared = [
        one for one in found if any(reason.why not in ("dates", "first", "far") for reason in one.reasons)
    ]
    return sorted(shared, key=lambda one: (-one.points, one.host.name, one.profile.id))


def reasons(
    visitor: Taking, host: Taking, pairs: Collection[tuple[str, str]], today: date
) -> tuple[Reason, ...]:
    """What speaks for this pair, the strongest first."""
    (mine, from_here), (theirs, to_there) = visitor, host
    found: list[Reason] = []

    def add(why: Why, shared: Iterable[str] = (), times: int = 1, **more: object) -> None:
        found.append(Reason(why, POINTS[why] * times, tuple(shared), **more))  # pyright: ignore[reportArgumentType]

    if topics := shared_topics(mine.sectors, theirs.sectors):
        add("topics", topics, min(len(topics), MOST))
    if same := [one for one in mine.activities if one in theirs.activities]:
        add("activities", same, min(len(same), MOST))
    if days := common_days(mine, theirs, today):
        add("dates", first_day=days[0], last_day=days[1])
    if to_there.country in mine.countries:
        add("wanted", [to_there.country])
    if from_here.country in theirs.countries:
        add("wanted_there", [from_here.country])
    if languages := [one for one in mine.languages if one in theirs.languages]:
        add("languages", languages)
    if (from_here.country, to_there.country) not in pairs:
        add("first", [from_here.country, to_there.country])
    km = distance_km(from_here.latitude, from_here.longitude, to_there.latitude, to_there.longitude)
    if km >= NOT_HALVED_KM:
        add("far", km=km)
    return tuple(sorted(found, key=lambda reason: -reason.points))


def shared_topics(mine: Iterable[str], theirs: Iterable[str]) -> list[str]:
    """Topics of the first that are the same as, a part of, or wider than one of the second, whatever the case."""
    known = [one.casefold() for one in theirs]
    return [one for one in mine if any(_alike(one.casefold(), other) for other in known)]


def common_days(
    mine: KnownParticipation, theirs: KnownParticipation, today: date
) -> tuple[date, date] | None:
    """The days on which both can, from today on; None where they are too few, or where neither named any."""
    named = (mine.first_day, mine.last_day, theirs.first_day, theirs.last_day)
    if not any(named):
        return None
    first = max(day for day in (today, mine.first_day, theirs.first_day) if day)
    last = min((day for day in (mine.last_day, theirs.last_day) if day), default=None)
    if last is None or (last - first).days + 1 < SHORTEST_STAY:
        return None
    return first, last


def _alike(one: str, other: str) -> bool:
    """Whole words only: "health" is a part of "digital health", not of "healthcare"."""
    a, b = set(one.split()), set(other.split())
    return bool(a) and bool(b) and (a <= b or b <= a)
