"""What a person is told of an amount: each line of a calculation with its numbers, each refusal with its limit."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from contracts.amounts import (
    ExchangeRate,
    LumpSum,
    Mode,
    Support,
    check_stay,
    clusterxchange_rates,
    countries_of,
    daily_rates,
    lowered,
    lump_sum,
    sum_of_case,
    travel_bands,
    unit_costs,
)
from contracts.amounts.again import Estimate, lump_sum_of_case, support_of
from contracts.amounts.calculation import Item, Line, line_of
from contracts.amounts.exchange import month_of
from contracts.amounts.rates import Band, Rate
from contracts.errors import DomainError
from contracts.money import Money
from contracts.programmes import AidBasis, Programme, aid_bases, programme_of, programmes, years_before
from contracts.terms import Terms
from contracts.workdays import days_between

TERMS = Terms()
MONDAY = date(2026, 9, 14)
BANDS = {table.version: table for table in travel_bands()}["erasmus-2024"]

ENDS = {
    "erasmus-2021": (7, Band(10, 99, 23_00, None), Band(8_000, None, 1_500_00, None)),
    "erasmus-2024": (7, Band(10, 99, 28_00, 56_00), Band(8_000, None, 1_735_00, 1_735_00)),
    "commission-2021-35": (12, Band(400, 600, 196_00, None), Band(10_001, None, 1_101_00, None)),
    "commission-2023-4928": (12, Band(400, 600, 245_00, None), Band(10_001, None, 1_376_00, None)),
}
"""Of each table of travel units: how many bands, the first and the last."""


def refused(act: Callable[[], object]) -> tuple[str, str | None, dict[str, object]]:
    with pytest.raises(DomainError) as reason:
        act()
    return reason.value.slug, reason.value.field, reason.value.params


def week(support: Support, **more: Any) -> dict[str, Any]:
    """A case as frozen, from Monday to Friday in Estonia."""
    return {
        "terms": asdict(TERMS),
        "host_country": "EE",
        "days": [day.isoformat() for day in days_between(MONDAY, MONDAY + timedelta(days=4))],
        "distance_km": 1_026,
        "mode": "physical",
        "support": {
            **asdict(support),
            "green": True,
            "travel": {"version": BANDS.version, "bands": BANDS.published()},
            "daily": {"version": "per-diem", "cents": 18_700, "basis": "confirmed"},
        },
        **more,
    }


def test_a_stay_out_of_its_limits_is_refused_with_the_days_that_it_has() -> None:
    def stay(*days: date, mode: Mode = Mode.PHYSICAL) -> tuple[str, str | None, dict[str, object]]:
        return refused(lambda: check_stay(days, "PT", mode, TERMS))

    short = {"days": 2, "min_days": 3}
    weekend = [MONDAY + timedelta(days=n) for n in (3, 4, 5, 6)]
    assert stay(*weekend) == ("stay-too-short", "last_day", short), "Saturday and Sunday do not count"
    assert stay(*weekend, mode=Mode.VIRTUAL) == ("stay-too-short", "days", short)
    long = [MONDAY + timedelta(days=n) for n in range(32)]
    assert stay(*long) == ("stay-too-long", "last_day", {"days": 32, "max_days": 31})
    gap = [day for day in long[:9] if day not in (long[1], long[3])]
    assert stay(*gap) == ("stay-interrupted", "last_day", {"missing": long[1]})


def test_a_holiday_counts_in_the_country_where_it_is_one() -> None:
    """10 June is Portugal Day; the same three days are enough in Estonia."""
    days = [date(2026, 6, 9), date(2026, 6, 10), date(2026, 6, 11)]
    check_stay(days, "EE", Mode.PHYSICAL, TERMS)
    assert refused(lambda: check_stay(days, "PT", Mode.PHYSICAL, TERMS))[0] == "stay-too-short"


def test_lowering_is_refused_with_the_entry_and_the_most_that_it_may_be() -> None:
    table = daily_rates().published()
    assert refused(lambda: lowered(table, {"EE": 18_701})) == (
        "rate-only-lower", "rates", {"key": "EE", "most": "187.00"},
    )  # fmt: skip
    assert refused(lambda: lowered(table, {"EE": -1}))[0] == "rate-only-lower"
    assert refused(lambda: lowered(table, {"US": 1})) == ("rate-unknown", "rates", {"key": "US"})
    for cents in (0, 1, 18_700):
        assert lowered(table, {"EE": cents})["EE"] == {"cents": cents, "basis": "lowered"}
    green = lowered(BANDS.published(), {"00500": 15_451})["00500"]["green_cents"]
    assert (green, type(green)) == (20_851, int), "in proportion, rounded down to the cent"


def test_units_with_intensity_and_costs_are_told_line_by_line() -> None:
    case = week(Support(kind="unit_cost", intensity_percent=75, claimable_cents=50_000))
    rate = {"country": "EE", "rate": "187.00", "table": "per-diem"}
    travel = {"km": 1_026, "table": "erasmus-2024", "from_km": 500, "to_km": 1_999}
    assert sum_of_case(case) == Estimate(
        87_375 + 50_000,
        (
            Line("travel-band-green", travel, cents=41_700),
            Line("daily-whole", {**rate, "days": 3}, cents=56_100),
            Line("daily-edge", {**rate, "days": 2, "percent": 50}, cents=18_700),
            Line("intensity", {"percent": 75}),
            Line("claimable", {}, cents=50_000),
        ),
        (Item("travel_unit", 31_275), Item("daily_unit", 56_100)),
    )


def test_costs_alone_and_vouchers_are_their_ceiling() -> None:
    costs = Support(kind="actual_cost", claimable_cents=50_000)
    assert sum_of_case(week(costs)) == Estimate(50_000, (Line("claimable", {}, cents=50_000),), ())
    voucher = Support(kind="voucher", claimable_cents=400_000)
    assert sum_of_case(week(voucher)) == Estimate(400_000, (Line("voucher", {}, cents=400_000),), ())


def test_what_comes_to_nothing_says_why() -> None:
    units = Support(kind="unit_cost")
    assert sum_of_case(week(units), 0) == Estimate(0, (Line("days-none", {}, cents=0),), ())
    near = unit_costs(BANDS, daily_rates().rate("EE"), km=9, days=0, green=True, mode=Mode.PHYSICAL)
    assert near.lines == (Line("travel-too-near", {"km": 9, "table": BANDS.version}, cents=0),)
    virtual = unit_costs(BANDS, daily_rates().rate("EE"), km=900, days=3, green=False, mode=Mode.VIRTUAL)
    assert (virtual.lines, virtual.items) == ((Line("units-virtual", {}, cents=0),), ())


def test_days_done_end_where_the_last_counted_day_ends() -> None:
    """Of nine days from Thursday on, the third day done is Monday; all that are planned pay all that is spanned."""
    days = days_between(MONDAY + timedelta(days=3), MONDAY + timedelta(days=11))
    case = week(Support(kind="unit_cost"), days=[day.isoformat() for day in days])
    assert sum_of_case(case, 3).amount_cents == 41_700 + 4 * 18_700
    assert sum_of_case(case, 7).amount_cents == sum_of_case(case).amount_cents == 41_700 + 8 * 18_700
    weekend = days_between(MONDAY, MONDAY + timedelta(days=6))
    case = week(Support(kind="unit_cost"), days=[day.isoformat() for day in weekend])
    assert sum_of_case(case, 5) == sum_of_case(case), "all is done that was planned, the weekend too"
    at_home = week(
        Support(kind="unit_cost", edge_percent=100), host_country="PT",
        days=[day.isoformat() for day in days_between(date(2026, 6, 8), date(2026, 6, 12))],
    )  # fmt: skip
    assert sum_of_case(at_home, 2).amount_cents == 41_700 + 2 * 18_700
    assert sum_of_case(at_home, 3).amount_cents >= 41_700 + 4 * 18_700, "Portugal Day does not count as done"


def test_a_lump_sum_is_told_with_its_factors() -> None:
    rate = clusterxchange_rates().rate("PT")
    days = days_between(MONDAY, MONDAY + timedelta(days=2))
    told = lump_sum(rate, days, 100, Mode.PHYSICAL, TERMS)
    assert (told.amount_cents, told.distance_km, told.working_days) == (39_000, 100, 3)
    way: dict[str, int | str] = {"km": 100, "full_km": TERMS.full_km}
    assert told.lines == (
        Line("rate-confirmed", {"country": "PT", "table": rate.table}, "1"),
        Line("days-short", {"days": 3, "full_days": TERMS.full_days}, "1/2"),
        Line("distance-near-too", way, "1"),
    )
    whole = days_between(MONDAY, MONDAY + timedelta(days=4))
    assert lump_sum(rate, whole, 100, Mode.PHYSICAL, TERMS).lines[1:] == (
        Line("days-full", {"days": 5, "full_days": TERMS.full_days}, "1"),
        Line("distance-near", way, "1/2"),
    )


def test_a_lump_sum_is_the_same_again_from_what_was_frozen() -> None:
    frozen = {
        "terms": asdict(TERMS), "host_country": "PT", "distance_km": 1_000, "mode": "virtual",
        "rate_cents": 78_000, "rate_basis": "confirmed", "rate_version": "v",
        "days": [day.isoformat() for day in (date(2026, 6, 9), date(2026, 6, 10), date(2026, 6, 11))],
    }  # fmt: skip
    again = sum_of_case(frozen)
    assert isinstance(again, LumpSum)
    assert (again.amount_cents, again.working_days) == (0, 2), "virtual, and Portugal Day does not count"
    longer = [day.isoformat() for day in days_between(date(2026, 6, 8), date(2026, 6, 19))]
    virtual = lump_sum_of_case({**frozen, "days": longer}, 3)
    assert (virtual.amount_cents, virtual.working_days) == (0, 3), "three of the days that count"
    assert lump_sum_of_case({**frozen, "days": longer, "mode": "physical"}).amount_cents == 78_000


def test_what_was_frozen_is_read_as_it_was() -> None:
    given = Support(kind="actual_cost", categories=("travel", "meals"), claimable_cents=1)
    stored = {**asdict(given), "categories": ["travel", "meals"], "unknown": 1}
    assert support_of({"support": stored}) == given
    assert support_of({}) == Support()
    assert line_of({"code": "share", "params": {"percent": 5}}) == Line("share", {"percent": 5})
    full = Line("virtual", {}, "0", 7)
    assert line_of(asdict(full)) == full
    again = countries_of("v1", {"EE": {"cents": 1, "basis": "lowered"}})
    assert (again.version, again.source, again.rate("EE").table) == ("v1", "", "v1")


def test_money_keeps_its_currency() -> None:
    five, three = Money(5, "CHF"), Money(3, "CHF")
    results = (five + three, five - three, -five, five.times(2), *five.split([1, 2]))
    assert [one.cents for one in results] == [8, 2, -5, 10, 2, 3]
    assert {one.currency for one in results} == {"CHF"}
    assert (five < Money(5, "CHF"), five > Money(5, "CHF"), three < five) == (False, False, True)


@pytest.mark.parametrize("weights", [[0, 0], [-1, 2], [-3, 1], []])
def test_nothing_is_split_over_weights_that_are_none(weights: list[int]) -> None:
    with pytest.raises(ValueError, match=r"^weights must be zero or more, and not all zero$"):
        Money(100).split(weights)


def test_what_is_no_money_and_no_rate_is_said() -> None:
    with pytest.raises(TypeError, match=r"whole cents, not 1\.5"):
        Money(1.5)  # pyright: ignore[reportArgumentType]
    with pytest.raises(ValueError, match=r"."):
        ExchangeRate("CHF", Decimal(0), MONDAY, "ecb")
    assert month_of(date(2026, 9, 30)) == date(2026, 9, 1)


def test_the_data_files_are_read_row_by_row() -> None:
    """As a new process reads them."""
    for read in (programmes, aid_bases, clusterxchange_rates, daily_rates, travel_bands):
        read.cache_clear()
    assert set(programmes()) == {"COSME", "Interreg", "Interreg Central Europe", "Single Market"}
    interreg = programmes()["Interreg"]
    assert interreg == Programme(
        "Interreg", 60, 60, 0, 0, 60_000_00, "de_minimis", "inferred", interreg.source
    )
    assert programmes()["COSME"].max_grant_cents == 360_000_00
    basis = aid_bases()["de_minimis"]
    assert basis == AidBasis(
        "de_minimis", 300_000_00, date(2024, 1, 1), date(2030, 12, 31), ("01", "03"), 365, basis.source
    )
    assert basis.source.startswith("Regulation (EU) 2023/2831")
    assert interreg.source.startswith("Interreg North-West Europe: 60 %")
    assert clusterxchange_rates().rate("PT") == Rate("PT", 78_000, "confirmed", "eye-2014-2022")
    assert clusterxchange_rates().rate("EE").basis == "inferred"
    assert daily_rates().rate("EE") == Rate("EE", 18_700, "confirmed", "per-diem-2024-11")
    ends = {table.version: (len(table.bands), table.bands[0], table.bands[-1]) for table in travel_bands()}
    assert ends == ENDS
    assert all(table.source for table in (clusterxchange_rates(), daily_rates(), *travel_bands()))


def test_programmes_by_the_beginning_of_their_title() -> None:
    assert programme_of("COSME ESCP-4x").support_percent == 100
    assert programme_of("Interreg NWE").support_percent == 60
    assert programme_of("Another").name == ""
    assert years_before(date(2028, 2, 29), 3) == date(2025, 2, 28)
    assert years_before(date(2026, 5, 1), 3) == date(2023, 5, 1)
