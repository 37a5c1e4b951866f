"""Unit costs: travel by distance band there and back, and a daily rate; nothing of it is proved by receipts.

The bands are those of Erasmus+ or of the Commission's unit costs, by scheme; the first and the last day count half,
as the common rule for the Commission's per diems says."""

from dataclasses import dataclass

from contracts.amounts.calculation import Item, Line
from contracts.amounts.rates import BandTable, Rate
from contracts.amounts.stay import Mode
from contracts.money import Money


@dataclass(frozen=True)
class UnitCosts:
    """A sum of units in cents: the lines add up to it, and so do the items."""

    lines: tuple[Line, ...]
    items: tuple[Item, ...]

    @property
    def amount_cents(self) -> int:
        return sum(item.cents for item in self.items)


def unit_costs(
    bands: BandTable, daily: Rate, *, km: int, days: int, green: bool, mode: Mode, edge_percent: int = 50
) -> UnitCosts:
    """Travel and daily rates of one person: km one way, days on the spot with arrival and departure.

    A band without a unit of its own for low-emission travel pays the ordinary one."""
    if mode is Mode.VIRTUAL:
        return UnitCosts((Line("units-virtual", {}, cents=0),), ())
    journey = _journey(bands, km, green)
    stay = _stay(daily, days, edge_percent)
    items = (
        Item("travel_unit", journey.cents or 0),
        Item("daily_unit", sum(line.cents or 0 for line in stay)),
    )
    return UnitCosts((journey, *stay), tuple(item for item in items if item.cents))


def _journey(bands: BandTable, km: int, green: bool) -> Line:
    band = bands.band(km)
    where: dict[str, int | str] = {"km": km, "table": bands.version}
    if band is None:
        return Line("travel-too-near", where, cents=0)
    low_emission = green and band.green_cents is not None
    code = ("travel-far" if band.to_km is None else "travel-band") + ("-green" if low_emission else "")
    where["from_km"] = band.from_km
    if band.to_km is not None:
        where["to_km"] = band.to_km
    return Line(code, where, cents=band.green_cents if low_emission else band.cents)


def _stay(daily: Rate, days: int, edge_percent: int) -> list[Line]:
    edges = min(days, 2)
    rate: dict[str, int | str] = {
        "country": daily.host_country,
        "rate": f"{Money(daily.cents).decimal:.2f}",
        "table": daily.table,
    }
    lines: list[Line] = []
    if days > edges:
        whole = days - edges
        lines.append(Line("daily-whole", {**rate, "days": whole}, cents=daily.cents * whole))
    if edges:
        half = Money(daily.cents * edges).times(edge_percent).cents // 100
        lines.append(Line("daily-edge", {**rate, "days": edges, "percent": edge_percent}, cents=half))
    return lines
