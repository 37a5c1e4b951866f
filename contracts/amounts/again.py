"""An amount once more, from what was frozen with its case alone: no table of today is asked."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from contracts.amounts.calculation import Calculation, Item, Line
from contracts.amounts.lump_sum import LumpSum, lump_sum
from contracts.amounts.rates import Rate, bands_of
from contracts.amounts.stay import Mode, counted_days
from contracts.amounts.support import Support, settle
from contracts.amounts.unit_cost import UnitCosts, unit_costs
from contracts.terms import Terms


@dataclass(frozen=True)
class Estimate:
    """The most that a case may cost: computed items, their intensity, and what may be claimed with receipts."""

    amount_cents: int
    lines: tuple[Line, ...]
    items: tuple[Item, ...]


def support_of(frozen: Mapping[str, Any]) -> Support:
    """The scheme's support as frozen; a case of before there were four modes has the lump sum."""
    given = {name: value for name, value in frozen.get("support", {}).items() if name in _NAMES}
    if "categories" in given:
        given["categories"] = tuple(given["categories"])
    return Support(**given)


_NAMES = frozenset(asdict(Support()))


def estimate(support: Support, computed: UnitCosts | None) -> Estimate:
    """What is set aside where the lump sum is not the rule."""
    items = computed.items if computed else ()
    settled = settle([item.cents for item in items], support.intensity_percent)
    lines = list(computed.lines) if computed else []
    if support.intensity_percent != 100:
        lines.append(Line("intensity", {"percent": support.intensity_percent}))
    if support.claimable_cents:
        code = "voucher" if support.kind == "voucher" else "claimable"
        lines.append(Line(code, {}, cents=support.claimable_cents))
    shares = tuple(
        Item(item.category, share) for item, share in zip(items, settled.shares, strict=True) if share
    )
    return Estimate(settled.total_cents + support.claimable_cents, tuple(lines), shares)


def units_of_case(frozen: Mapping[str, Any], days: Collection[date]) -> UnitCosts:
    """Travel and daily units for these days on the spot, by the tables frozen with the case."""
    support, tables = support_of(frozen), frozen["support"]
    country = str(frozen["host_country"])
    daily = tables["daily"]
    rate = Rate(country, daily["cents"], daily["basis"], daily["version"])
    bands = bands_of(tables["travel"]["version"], tables["travel"]["bands"])
    span = (max(days) - min(days)).days + 1 if days else 0
    return unit_costs(
        bands,
        rate,
        km=int(frozen["distance_km"]),
        days=span,
        green=bool(tables.get("green")),
        mode=Mode(frozen["mode"]),
        edge_percent=support.edge_percent,
    )


def lump_sum_of_case(frozen: Mapping[str, Any], days_done: int | None = None) -> LumpSum:
    """The lump sum again."""
    terms = Terms(**frozen["terms"])
    rate = Rate(frozen["host_country"], frozen["rate_cents"], frozen["rate_basis"], frozen["rate_version"])
    planned = counted_days(_days(frozen), rate.host_country)
    done = planned if days_done is None else planned[:days_done]
    return lump_sum(rate, done, frozen["distance_km"], Mode(frozen["mode"]), terms)


def sum_of_case(frozen: Mapping[str, Any], days_done: int | None = None) -> Calculation:
    """The amount of a case again, from what was frozen with it and, after the visit, the days done."""
    support = support_of(frozen)
    match support.kind:
        case "lump_sum":
            return lump_sum_of_case(frozen, days_done)
        case "unit_cost":
            days = _days(frozen)
            if days_done is not None:
                counted = counted_days(days, frozen["host_country"])
                if days_done < len(counted):
                    days = [day for day in days if day <= counted[days_done - 1]] if days_done else []
            if not days:
                return Estimate(0, (Line("days-none", {}, cents=0),), ())
            return estimate(support, units_of_case(frozen, days))
        case "actual_cost" | "voucher":
            return estimate(support, None)


def _days(frozen: Mapping[str, Any]) -> list[date]:
    return sorted(date.fromisoformat(str(day)) for day in frozen["days"])
