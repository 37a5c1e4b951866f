"""Charts worked out on the server: positions in per cent, so that lines stretch with a page and words do not.
Their macros put the table beside them; colour is never the only difference between two series."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log10

LINES_OF_SCALE = 4
LEAST = 1e-6
"""What is not higher than this is nothing, and gets a scale from 0 to 1."""
FOOT = 85.0
"""Below this much of the picture's height there is no room for a name between a line and the axis."""
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
    """A series as a line: its points, and where its name stands, clear of itself and of the other lines."""

    series: Series
    points: str
    name_x: float
    name_y: float
    below: bool
    anchor: str


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
    drawn: list[Line] = []
    for one in series:
        points = " ".join(f"{_percent(at, last):g},{_height(value, scale):g}" for at, value in _known(one))
        at, below = _clearest(one, series)
        height = _height(one.values[at] or 0.0, scale)
        below = below and height < FOOT
        drawn.append(Line(one, points, _percent(at, last), height, below, _away(one, at, below, last)))
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
            y=_height(value, scale),
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


def _clearest(series: Series, all_series: Sequence[Series]) -> tuple[int, bool]:
    """Where the other lines are farthest away, and whether they run above."""
    others = [dict(_known(other)) for other in all_series if other is not series]
    known = _known(series) or [(0, 0.0)]

    def gap(at: int, value: float) -> float:
        return min((abs(value - other[at]) for other in others if at in other), default=0.0)

    at, value = max(known, key=lambda point: (gap(*point), point[0]))
    return at, any(other.get(at, value) > value for other in others)


def _away(series: Series, at: int, below: bool, last: int) -> str:
    """Where a name leads away from its own line: to the left above a rising one, to the right below it."""
    if at in (0, last):
        return _anchor(at, last)
    known = dict(_known(series))
    rises = known.get(at + 1, known[at]) >= known.get(at - 1, known[at])
    return "start" if rises == below else "end"


def _scale(series: Sequence[Series]) -> list[float]:
    """Round steps from 0 to at least the highest value."""
    highest = max((value for one in series for _at, value in _known(one)), default=0)
    top = highest if highest > LEAST else 1
    size = 10.0 ** (ceil(log10(top / LINES_OF_SCALE)) - 1)
    step = next(size * n for n in (1, 2, 2.5, 5, 10, 20) if size * n * LINES_OF_SCALE >= top)
    return [step * n for n in range(ceil(top / step) + 1)]


def _ticks(scale: Sequence[float]) -> list[Tick]:
    return [Tick(value, _height(value, scale)) for value in scale]


def _shown(n: int) -> list[int]:
    """Which labels the axis has room for: all of a few, else first, middle and last."""
    return list(range(n)) if n <= LINES_OF_SCALE else [0, (n - 1) // 2, n - 1]


def _anchor(at: int, last: int) -> str:
    return "start" if at == 0 else "end" if at == last else "middle"


def _height(value: float, scale: Sequence[float]) -> float:
    """Distance from the top of the picture."""
    return round(100 - 100 * value / scale[-1], 2)


def _percent(part: float, whole: float) -> float:
    return round(100 * part / whole, 2)
