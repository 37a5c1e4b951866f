"""Indicators, and what a cluster's answers to them come to: level, score, gap to the next level, place among others.

Pure. An answer is a whole number, more is better; each level asks for a least answer to every indicator, silver and
gold also for a score over all. Nobody of under five others is ever shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any, get_args

from contracts.indicator_set import Heading, Unit
from contracts.self_assessment import Reached

HEADINGS: tuple[Heading, ...] = get_args(Heading)
LEVELS: tuple[Reached, ...] = ("bronze", "silver", "gold")
FEWEST = 5
"""Others that a benchmark needs, so that no single cluster can be read from it."""


@dataclass(frozen=True)
class Indicator:
    """bronze, silver, gold: the least answer for each level; full: the answer that counts as 100 per cent."""

    key: str
    heading: Heading
    title: str
    help: str
    unit: Unit
    bronze: int
    silver: int
    gold: int
    full: int

    def least(self, level: Reached) -> int:
        return {"none": 0, "bronze": self.bronze, "silver": self.silver, "gold": self.gold}[level]


@dataclass(frozen=True)
class Measure:
    """A set of indicators with the scores that silver and gold need."""

    indicators: tuple[Indicator, ...]
    silver_score: int
    gold_score: int

    def score_of(self, level: Reached) -> int:
        return {"silver": self.silver_score, "gold": self.gold_score}.get(level, 0)


@dataclass(frozen=True)
class Missing:
    """An indicator whose answer is too small for the next level."""

    indicator: Indicator
    answer: int
    needed: int


@dataclass(frozen=True)
class Result:
    """What answers come to. next_level is None at the top; score_needed is what it asks for over all."""

    reached: Reached
    score: int
    headings: Mapping[Heading, int]
    next_level: Reached | None
    missing: tuple[Missing, ...]
    score_needed: int


@dataclass(frozen=True)
class Place:
    """One heading: the cluster's own score, and the middle of the others with the range of their middle half."""

    heading: Heading
    own: int
    low: int
    middle: int
    high: int


def measure(rows: Sequence[Mapping[str, Any]], silver_score: int, gold_score: int) -> Measure:
    """A set as it is stored."""
    return Measure(tuple(Indicator(**row) for row in rows), silver_score, gold_score)


def result(known: Measure, answers: Mapping[str, int]) -> Result:
    """What answers come to under a set; what was not answered counts as nothing."""
    headings = headings_of(known, answers)
    score = _score(known.indicators, answers)
    reached: Reached = "none"
    for level in LEVELS:
        if _missing(known, answers, level) or score < known.score_of(level):
            break
        reached = level
    ahead = LEVELS[LEVELS.index(reached) + 1 :] if reached != "none" else LEVELS
    next_level = ahead[0] if ahead else None
    return Result(
        reached,
        score,
        headings,
        next_level,
        tuple(_missing(known, answers, next_level)) if next_level else (),
        known.score_of(next_level) if next_level else 0,
    )


def headings_of(known: Measure, answers: Mapping[str, int]) -> dict[Heading, int]:
    """Per cent of what can be reached, by heading."""
    return {
        heading: _score([one for one in known.indicators if one.heading == heading], answers)
        for heading in HEADINGS
    }


def benchmark(known: Measure, own: Mapping[str, int], others: Sequence[Mapping[str, int]]) -> list[Place]:
    """The cluster among others by heading; empty where the others are too few."""
    if len(others) < FEWEST:
        return []
    mine = headings_of(known, own)
    theirs = [headings_of(known, one) for one in others]
    places: list[Place] = []
    for heading in HEADINGS:
        scores = [one[heading] for one in theirs]
        low, _middle, high = quantiles(scores, n=4, method="inclusive")
        places.append(Place(heading, mine[heading], round(low), round(median(scores)), round(high)))
    return places


def _missing(known: Measure, answers: Mapping[str, int], level: Reached) -> list[Missing]:
    return [
        Missing(one, answers.get(one.key, 0), one.least(level))
        for one in known.indicators
        if answers.get(one.key, 0) < one.least(level)
    ]


def _score(indicators: Sequence[Indicator], answers: Mapping[str, int]) -> int:
    if not indicators:
        return 0
    parts = (min(answers.get(one.key, 0) / one.full, 1) for one in indicators)
    return int(100 * sum(parts) / len(indicators) + 1e-9)
