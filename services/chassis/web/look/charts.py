"""Charts worked out on the server: positions in per cent, so that lines stretch with a page and words do not.
Their macros put the table beside them; colour is never the only difference between two series."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log10

LINES_OF_SCALE = 4
BAR_SHARE = 70
"""The longest bar takes so many per cent of its cell; its figures stand behind it."""


@dataclass(frozen=True)
class Bar:
    """One line of a bar chart. late is the part of the count past its date; href opens the list behind it."""

    label: str
    count: int
    late: int = 0
    href: str = ""


@dataclass(frozen=True)
class DrawnBar:
    """A bar with its width, and the width of its part in time, in per cent of the cell and of the bar."""

    bar: Bar
    width: float
    in_time: float


@dataclass(frozen=True)
class Series:
    """Values over the labels of a chart; None where nothing is known yet. planned draws it dashed."""

    label: str
    values: Sequence[float | None]
    planned: bool = False


@dataclass(frozen=True)
class Tick:
    """A line of the scale."""

    value: float
    at: float


@dataclass(frozen=True)
class Label:
    """A word on the axis; anchor keeps the outer ones inside the picture."""

    text: str
    at: float
    anchor: str


@dataclass(frozen=True)
class Line:
    """A series as a line: its points, and where its own words stand (below where another line runs above)."""

    series: Series
    points: str
    end_x: float
    end_y: float
    below: bool


@dataclass(frozen=True)
class Column:
    """One column: a rectangle in per cent of the picture."""

    x: float
    y: float
    width: float
    height: float
    value: float
    planned: bool


@dataclass(frozen=True)
class Plot:
    """A picture of series over labels, and all its figures for the table beside it."""

    labels: Sequence[str]
    series: Sequence[Series]
    ticks: Sequence[Tick]
    axis: Sequence[Label]
    lines: Sequence[Line] = ()
    columns: Sequence[Column] = ()


def bars(rows: Sequence[Bar]) -> list[DrawnBar]:
    """Horizontal bars on one scale."""
    longest = max((bar.count for bar in rows), default=0) or 1
    return [
        DrawnBar(
            bar,
            _percent(bar.count * BAR_SHARE / 100, longest),
            _percent(bar.count - bar.late, bar.count or 1),
        )
        for bar in rows
    ]


def lines(labels: Sequence[str], series: Sequence[Series]) -> Plot:
    """Series as lines from the first label to the last."""
    scale = _scale(series)
    last = max(len(labels) - 1, 1)
    highest = max(series, key=lambda one: _last(one)[1], default=None)
    drawn: list[Line] = []
    for one in series:
        known = [(_percent(at, last), 100 - _percent(value, scale[-1])) for at, value in _known(one)]
        end_x, end_y = known[-1] if known else (0.0, 100.0)
        points = " ".join(f"{x:g},{y:g}" for x, y in known)
        drawn.append(Line(one, points, end_x, end_y, below=one is not highest))
    axis = [Label(labels[at], _percent(at, last), _anchor(at, last)) for at in _shown(len(labels))]
    return Plot(labels, series, _ticks(scale), axis, lines=drawn)


def columns(labels: Sequence[str], series: Sequence[Series]) -> Plot:
    """Series as columns side by side at each label."""
    scale = _scale(series)
    room = 100 / max(len(labels), 1)
    width = room * 0.7 / max(len(series), 1)
    drawn = [
        Column(
            x=round(at * room + room * 0.15 + width * place, 2),
            y=100 - _percent(value, scale[-1]),
            width=round(width * 0.92, 2),
            height=_percent(value, scale[-1]),
            value=value,
            planned=one.planned,
        )
        for place, one in enumerate(series)
        for at, value in _known(one)
    ]
    axis = [Label(labels[at], round((at + 0.5) * room, 2), "middle") for at in _shown(len(labels))]
    return Plot(labels, series, _ticks(scale), axis, columns=drawn)


def burn_down(labels: Sequence[str], left: Series, planned: Series, total: float) -> Plot:
    """What is left of a total over time, against the straight way down to nothing."""
    last = max(len(labels) - 1, 1)
    straight = [total * (1 - at / last) for at in range(len(labels))]
    return lines(labels, [left, Series(planned.label, straight, planned=True)])


def share(part: float, whole: float) -> float:
    """Part of a whole in per cent, between 0 and 100: a capacity bar."""
    return min(100.0, max(0.0, _percent(part, whole or 1)))


def _known(series: Series) -> list[tuple[int, float]]:
    return [(at, value) for at, value in enumerate(series.values) if value is not None]


def _last(series: Series) -> tuple[int, float]:
    return next(iter(reversed(_known(series))), (0, 0.0))


def _scale(series: Sequence[Series]) -> list[float]:
    """Round steps from 0 to at least the highest value."""
    top = max((value for one in series for _at, value in _known(one)), default=0) or 1
    size = 10.0 ** (ceil(log10(top / LINES_OF_SCALE)) - 1)
    step = next(size * n for n in (1, 2, 2.5, 5, 10, 20) if size * n * LINES_OF_SCALE >= top)
    return [step * n for n in range(ceil(top / step) + 1)]


def _ticks(scale: Sequence[float]) -> list[Tick]:
    return [Tick(value, 100 - _percent(value, scale[-1])) for value in scale]


def _shown(n: int) -> list[int]:
    """Which labels the axis has room for: all of a few, else first, middle and last."""
    return list(range(n)) if n <= LINES_OF_SCALE else [0, (n - 1) // 2, n - 1]


def _anchor(at: int, last: int) -> str:
    return "start" if at == 0 else "end" if at == last else "middle"


def _percent(part: float, whole: float) -> float:
    return round(100 * part / whole, 2)
