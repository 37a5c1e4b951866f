"""What a benchmark tells: its figures, the floor measured in the same run, and the ratio of the two."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from statistics import quantiles
from typing import Any


@dataclass(frozen=True)
class Outcome:
    """floor and figures are per second or milliseconds, as the benchmark says; ratio is measured / floor."""

    name: str
    figures: dict[str, Any] = field(default_factory=dict[str, Any])
    floor: float = 0.0
    ratio: float = 0.0

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def percentile(values: Sequence[float], percent: int) -> float:
    """The value that so many percent of them do not exceed."""
    return quantiles(sorted(values), n=100, method="inclusive")[percent - 1]


def milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 2)
