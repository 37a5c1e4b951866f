"""European towns with their coordinates (WGS 84, centre of the town): where an organisation can say that it
is.

Distances between two organisations, and so the halving of a lump sum, are measured between these points.
"""

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from contracts.errors import DomainError
from services.chassis.finding import plain

FILE = Path(__file__).parent / "towns.csv"


@dataclass(frozen=True)
class Town:
    name: str
    country: str
    latitude: float
    longitude: float

    @property
    def key(self) -> str:
        """How forms and the API name it: "Kraków, PL"."""
        return f"{self.name}, {self.country}"


@lru_cache
def towns() -> dict[str, Town]:
    """All towns by key, in the order of their names."""
    with FILE.open(newline="", encoding="utf-8") as file:
        rows = [
            Town(row["town"], row["country"], float(row["latitude"]), float(row["longitude"]))
            for row in csv.DictReader(file)
        ]
    return {town.key: town for town in sorted(rows, key=lambda town: town.key)}


def town(name: str, field: str) -> Town:
    """The town of a key, or of a name that only one has, accents aside; DomainError("town-unknown") at the field."""
    wanted = plain(name)
    found = [one for one in towns().values() if wanted in (plain(one.key), plain(one.name))]
    if len(found) != 1:
        raise DomainError("town-unknown", field)
    return found[0]
