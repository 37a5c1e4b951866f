"""The lump sum of ClusterXchange: a rate of the host country, halved once for a short stay or a near host."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from contracts.amounts.calculation import Item, Line
from contracts.amounts.rates import Rate
from contracts.amounts.stay import Mode, counted_days
from contracts.money import Money
from contracts.terms import Terms


@dataclass(frozen=True)
class LumpSum:
    """An amount in cents with the lines that lead to it: rate times every factor is the amount."""

    amount_cents: int
    rate: Rate
    working_days: int
    distance_km: int
    lines: tuple[Line, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        return (Item("lump_sum", self.amount_cents),)


def lump_sum(rate: Rate, days: Collection[date], distance_km: int, mode: Mode, terms: Terms) -> LumpSum:
    """What a visiting organisation gets for these days at the host, whatever the number of its people.

    Halved once if the stay is shorter than full_days working days, or the two towns are nearer than full_km,
    or both; nothing for a virtual exchange or fewer working days than the scheme asks for."""
    counted = len(counted_days(days, rate.host_country))
    lines = [Line(f"rate-{rate.basis}", {"country": rate.host_country, "table": rate.table}, "1")]
    if mode is Mode.VIRTUAL:
        lines.append(Line("virtual", {}, "0"))
    elif counted < terms.min_days:
        lines.append(Line("days-too-few", {"days": counted, "min_days": terms.min_days}, "0"))
    else:
        short, near = counted < terms.full_days, distance_km < terms.full_km
        length: dict[str, int | str] = {"days": counted, "full_days": terms.full_days}
        way: dict[str, int | str] = {"km": distance_km, "full_km": terms.full_km}
        lines.append(Line("days-short", length, "1/2") if short else Line("days-full", length, "1"))
        if near and short:
            lines.append(Line("distance-near-too", way, "1"))
        else:
            lines.append(Line("distance-near", way, "1/2") if near else Line("distance-full", way, "1"))
    amount = Money(rate.cents)
    for line in lines:
        amount = amount.times(Fraction(line.factor))
    return LumpSum(amount.cents, rate, counted, distance_km, tuple(lines))
