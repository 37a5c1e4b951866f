"""The ranking of a cut-off, pure: order by score, equal ones by the call's rule, a budget line drawn through it, a
reserve list below. Nobody overtakes: from the first that does not fit on, all are reserve.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from contracts.cutoff import Outcome

Tie: TypeAlias = Literal["submitted_first", "amount_least"]


@dataclass(frozen=True)
class Entry:
    """What the ranking needs to know of one assessed application. score: in hundredths of a percent; passed: it is
    above the call's thresholds."""

    application: UUID
    round: int
    score: int | None
    passed: bool
    amount_cents: int
    submitted_at: datetime


@dataclass(frozen=True)
class Placed:
    """An entry with its place, from 1, and what it leads to."""

    entry: Entry
    place: float
    outcome: Outcome


def key_of(entry: Entry, tie: Tie) -> tuple[bool, int, int, datetime, str]:
    """Smaller is better. What no rule parts goes by its time, and at the same instant by its id."""
    least = entry.amount_cents if tie == "amount_least" else 0
    return (not entry.passed, -(entry.score or 0), least, entry.submitted_at, str(entry.application))


def ranked(entries: Iterable[Entry], tie: Tie, room_cents: int) -> list[Placed]:
    """All in their order. room_cents is what the paying line has left to give."""
    rest, full = room_cents, False
    placed: list[Placed] = []
    for place, entry in enumerate(sorted(entries, key=lambda one: key_of(one, tie)), start=1):
        if not entry.passed:
            placed.append(Placed(entry, place, "refuse"))
            continue
        full = full or entry.amount_cents > rest
        rest -= 0 if full else entry.amount_cents
        placed.append(Placed(entry, place, "reserve" if full else "fund"))
    return placed


def joined(entry: Entry, placed: Sequence[Placed], tie: Tie) -> Placed:
    """Who is scored again after the ranking joins the reserve list by its score, below all that are to be funded: what
    was given is not taken back. Its place lies between those of its neighbours."""
    if not entry.passed:
        return Placed(entry, max((one.place for one in placed), default=0.0) + 1, "refuse")
    others = sorted(placed, key=lambda one: one.place)
    before = [one.place for one in others if one.outcome == "fund"]
    before += [
        one.place
        for one in others
        if one.outcome == "reserve" and key_of(one.entry, tie) < key_of(entry, tie)
    ]
    above = max(before, default=0.0)
    below = min((one.place for one in others if one.place > above), default=above + 2)
    return Placed(entry, (above + below) / 2, "reserve")
