"""The map of the public directory, in the user units of its SVG: coast, tenth degrees, where an organisation stands.

Longitude and latitude grow evenly, in the proportion that they have in the middle of the map. The coast is Natural
Earth's (public domain), simplified to what can be seen at this size.
"""

import json
from collections.abc import Sequence
from functools import lru_cache
from math import cos, radians
from pathlib import Path

WEST, EAST, SOUTH, NORTH = -25.0, 45.0, 33.0, 72.0
WIDTH = 700.0
_SHRINK = cos(radians((SOUTH + NORTH) / 2))
"""How much a degree of longitude is shorter than one of latitude in the middle of the map."""
HEIGHT = WIDTH * (NORTH - SOUTH) / ((EAST - WEST) * _SHRINK)

Point = tuple[float, float]


def place(longitude: float, latitude: float) -> Point:
    """Where a place is on the map; outside of Europe at its edge."""
    return _x(min(max(longitude, WEST), EAST)), _y(min(max(latitude, SOUTH), NORTH))


@lru_cache
def coast() -> str:
    """The land as the path of one SVG shape; it reaches beyond the edges."""
    rings: Sequence[Sequence[Point]] = json.loads((Path(__file__).parent / "europe.json").read_text())[
        "rings"
    ]
    return "".join(f"M{' '.join(f'{_x(x)},{_y(y)}' for x, y in ring)}Z" for ring in rings)


def graticule() -> list[tuple[float, float, float, float, str]]:
    """Every tenth degree: from, to, and its name."""
    meridians = [(_x(one), 0.0, _x(one), round(HEIGHT, 1), f"{one}°") for one in range(-20, 41, 10)]
    return [*meridians, *((0.0, _y(one), WIDTH, _y(one), f"{one}°") for one in range(40, 71, 10))]


def _x(longitude: float) -> float:
    return round((longitude - WEST) / (EAST - WEST) * WIDTH, 1)


def _y(latitude: float) -> float:
    return round((NORTH - latitude) / (NORTH - SOUTH) * HEIGHT, 1)
