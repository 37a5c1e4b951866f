"""Amounts: what is paid in each of the four modes of a scheme, as pure calculations of frozen data.

applications shows and freezes an amount, reimbursements computes it again from what was frozen and what was
actually done; both call this package, so the promise and the payment cannot differ."""

from contracts.amounts.again import (
    Estimate,
    estimate,
    lump_sum_of_case,
    sum_of_case,
    support_of,
    units_of_case,
)
from contracts.amounts.calculation import COMPUTED, COVERED, LINE_TEXTS, Calculation, Category, Item, Line
from contracts.amounts.exchange import ExchangeRate, RateSource, month_of
from contracts.amounts.lump_sum import LumpSum, lump_sum
from contracts.amounts.rates import (
    Band,
    BandTable,
    Rate,
    RateTable,
    bands_of,
    clusterxchange_rates,
    countries_of,
    daily_rates,
    lowered,
    travel_bands,
)
from contracts.amounts.stay import Mode, check_stay, counted_days, distance_km, latest_last_day, paid_by
from contracts.amounts.support import Settled, Support, settle
from contracts.amounts.unit_cost import UnitCosts, unit_costs

__all__ = [
    "COMPUTED",
    "COVERED",
    "LINE_TEXTS",
    "Band",
    "BandTable",
    "Calculation",
    "Category",
    "Estimate",
    "ExchangeRate",
    "Item",
    "Line",
    "LumpSum",
    "Mode",
    "Rate",
    "RateSource",
    "RateTable",
    "Settled",
    "Support",
    "UnitCosts",
    "bands_of",
    "check_stay",
    "clusterxchange_rates",
    "counted_days",
    "countries_of",
    "daily_rates",
    "distance_km",
    "estimate",
    "latest_last_day",
    "lowered",
    "lump_sum",
    "lump_sum_of_case",
    "month_of",
    "paid_by",
    "settle",
    "sum_of_case",
    "support_of",
    "travel_bands",
    "unit_costs",
    "units_of_case",
]
