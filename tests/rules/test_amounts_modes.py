"""Units, costs, vouchers and currencies: published examples, both ends of each band, and sums that always add up."""

from dataclasses import asdict
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.amounts import (
    LINE_TEXTS,
    ExchangeRate,
    Mode,
    Support,
    UnitCosts,
    bands_of,
    countries_of,
    daily_rates,
    lowered,
    settle,
    sum_of_case,
    travel_bands,
    unit_costs,
)
from contracts.amounts.again import units_of_case
from contracts.countries import EU
from contracts.errors import DomainError
from contracts.money import half_up
from contracts.terms import Terms
from contracts.workdays import days_between

TABLES = {table.version: table for table in travel_bands()}
MONDAY = date(2026, 9, 14)


def units(km: int, days: int = 0, table: str = "erasmus-2024", green: bool = False) -> UnitCosts:
    return unit_costs(
        TABLES[table], daily_rates().rate("EE"), km=km, days=days, green=green, mode=Mode.PHYSICAL
    )


@pytest.mark.parametrize(
    ("table", "km", "green", "euro"),
    [
        ("erasmus-2024", 9, False, 0),  # below 10 km nothing
        ("erasmus-2024", 10, False, 28),
        ("erasmus-2024", 99, True, 56),
        ("erasmus-2024", 100, False, 211),
        ("erasmus-2024", 499, True, 285),
        ("erasmus-2024", 500, False, 309),
        ("erasmus-2024", 1_999, True, 417),
        ("erasmus-2024", 8_000, False, 1_735),
        ("erasmus-2024", 19_000, True, 1_735),
        ("erasmus-2021", 1_539, False, 275),  # Heidelberg to Tartu, calls 2021 to 2023
        ("erasmus-2021", 1_539, True, 320),
        ("erasmus-2021", 50, True, 23),  # no unit of its own for low-emission travel
        ("commission-2021-35", 399, False, 0),
        ("commission-2021-35", 400, False, 196),  # both ends belong to the band
        ("commission-2021-35", 600, False, 196),
        ("commission-2021-35", 601, False, 209),
        ("commission-2023-4928", 400, False, 245),
        ("commission-2021-35", 10_001, False, 1_101),
    ],
)
def test_the_travel_unit_of_a_distance(table: str, km: int, green: bool, euro: int) -> None:
    assert units(km, table=table, green=green).amount_cents == euro * 100


@pytest.mark.parametrize(
    ("days", "euro"),
    [(0, "0"), (1, "93.50"), (2, "187"), (3, "374"), (5, "748")],
)
def test_the_first_and_the_last_day_count_half(days: int, euro: str) -> None:
    """Estonia: 187 a day."""
    assert units(0, days).amount_cents == Decimal(euro) * 100


def test_units_read_line_by_line() -> None:
    result = units(1_539, 5, green=True)
    assert [(LINE_TEXTS[line.code] % line.params, line.cents) for line in result.lines] == [
        (
            "Low-emission travel there and back, 1539 km one way: band of 500 to 1999 km (table erasmus-2024)",
            41_700,
        ),
        ("Daily rate of EE, 187.00 EUR, for 3 whole days (table per-diem-2024-11)", 56_100),
        (
            "Daily rate of EE, 187.00 EUR, for 2 days of arrival and departure, 50 per cent each (table "
            "per-diem-2024-11)",
            18_700,
        ),
    ]


@given(
    km=st.integers(0, 20_000),
    days=st.integers(0, 40),
    table=st.sampled_from(sorted(TABLES)),
    green=st.booleans(),
    country=st.sampled_from(sorted(EU)),
    edge=st.integers(0, 100),
)
def test_lines_and_items_of_units_add_up(
    km: int, days: int, table: str, green: bool, country: str, edge: int
) -> None:
    rate = daily_rates().rate(country)
    result = unit_costs(
        TABLES[table], rate, km=km, days=days, green=green, mode=Mode.PHYSICAL, edge_percent=edge
    )
    assert sum(line.cents or 0 for line in result.lines) == result.amount_cents
    assert sum(item.cents for item in result.items) == result.amount_cents
    assert all(LINE_TEXTS[line.code] % line.params for line in result.lines)


@pytest.mark.parametrize(
    ("table", "km", "green", "code"),
    [
        ("erasmus-2024", 600, False, "travel-band"),
        ("erasmus-2024", 600, True, "travel-band-green"),
        ("erasmus-2024", 9_000, False, "travel-far"),
        ("erasmus-2021", 50, True, "travel-band"),
    ],
)
def test_low_emission_travel_is_told_only_where_it_is_paid(
    table: str, km: int, green: bool, code: str
) -> None:
    assert units(km, table=table, green=green).lines[0].code == code


def test_bands_leave_no_kilometre_out() -> None:
    for table in TABLES.values():
        for band, following in zip(table.bands, table.bands[1:], strict=False):
            assert following.from_km == (band.to_km or 0) + 1 or (
                band.to_km == 600 and following.from_km == 601
            )
        assert table.bands[-1].to_km is None


def test_a_published_table_is_the_table_again() -> None:
    for table in TABLES.values():
        assert bands_of(table.version, table.published()).bands == table.bands
    assert countries_of(daily_rates().version, daily_rates().published()).rates == daily_rates().rates


def frozen(support: Support, **more: Any) -> dict[str, Any]:
    days = days_between(MONDAY, MONDAY + timedelta(days=4))
    travel, daily = TABLES["erasmus-2024"], daily_rates()
    return {
        "terms": asdict(Terms()),
        "host_country": "EE",
        "days": [day.isoformat() for day in days],
        "distance_km": 1_026,
        "mode": "physical",
        "support": {
            **asdict(support),
            "green": True,
            "travel": {"version": travel.version, "bands": travel.published()},
            "daily": {"version": daily.version, "cents": 18_700, "basis": "confirmed"},
        },
        **more,
    }


def test_units_are_computed_again_from_what_was_frozen_and_the_days_done() -> None:
    case = frozen(Support(kind="unit_cost"))
    assert sum_of_case(case).amount_cents == 41_700 + 4 * 18_700
    assert sum_of_case(case, 3).amount_cents == 41_700 + 2 * 18_700
    assert sum_of_case(case, 9).amount_cents == sum_of_case(case).amount_cents
    assert sum_of_case(case, 0).amount_cents == 0
    assert sum_of_case(case | {"mode": "virtual"}).amount_cents == 0
    assert units_of_case(case, [MONDAY]).amount_cents == 41_700 + 9_350


def test_intensity_is_the_recipients_and_applies_to_the_sum() -> None:
    case = frozen(Support(kind="unit_cost", intensity_percent=75, claimable_cents=50_000))
    result = sum_of_case(case)
    assert result.amount_cents == half_up(Fraction(116_500 * 75, 100)) + 50_000
    assert [line.code for line in result.lines][-2:] == ["intensity", "claimable"]
    assert sum(item.cents for item in result.items) == result.amount_cents - 50_000


def test_a_voucher_is_worth_its_value_and_costs_their_ceiling() -> None:
    assert sum_of_case(frozen(Support(kind="voucher", claimable_cents=400_000))).amount_cents == 400_000
    assert sum_of_case(frozen(Support(kind="actual_cost", claimable_cents=50_000))).amount_cents == 50_000


def test_the_claim_of_the_picture() -> None:
    """Accepted 802.15 of 1,412.80 at 75 per cent: 601.61, which the voucher of 1,000 holds."""
    accepted = [45_000, 31_120, 3_860, 0, 235]
    assert settle(accepted, 75, 100_000).total_cents == 60_161
    assert settle([48_600, 31_120, 3_860, 57_465, 235], 75, 100_000).total_cents == 100_000


costs = st.lists(st.integers(0, 10**7), max_size=30)


@given(costs, st.integers(1, 100), st.none() | st.integers(-(10**6), 10**8))
def test_shares_add_up_and_none_exceeds_its_line(
    lines: list[int], intensity: int, ceiling: int | None
) -> None:
    settled = settle(lines, intensity, ceiling)
    assert sum(settled.shares) == settled.total_cents
    assert all(0 <= share <= cost for share, cost in zip(settled.shares, lines, strict=True))
    whole = half_up(Fraction(sum(lines) * intensity, 100))
    assert settled.total_cents == (whole if ceiling is None else max(0, min(whole, ceiling)))


@given(st.lists(st.lists(st.integers(0, 10**6), min_size=1, max_size=6), min_size=1, max_size=6), st.data())
def test_the_four_amounts_add_up_on_every_level(claims: list[list[int]], data: st.DataObject) -> None:
    """Lines to claim, claims to case: claimed and accepted, each never above the one before."""
    left = {"claimed": 10**6, "accepted": 10**6}
    for lines in claims:
        accepted_costs = [data.draw(st.integers(0, cost)) for cost in lines]
        claimed = settle(lines, 75, left["claimed"])
        accepted = settle(accepted_costs, 75, min(left["claimed"], claimed.total_cents))
        assert accepted.total_cents <= claimed.total_cents
        assert sum(accepted.shares) == accepted.total_cents
        assert sum(claimed.shares) == claimed.total_cents
        left["claimed"] -= accepted.total_cents
        assert left["claimed"] >= 0


@pytest.mark.parametrize(
    ("minor", "units_for_one_euro", "cents"),
    [
        (55_000, "0.9571", 57_465),  # CHF 550.00 at InforEuro 0.9571
        (100_00, "4.25", 2_353),
        (1, "2", 1),  # half a cent goes up
        (0, "7.45", 0),
        (100_000_00, "1", 100_000_00),
    ],
)
def test_a_foreign_amount_is_divided_by_its_rate_and_rounded_half_up(
    minor: int, units_for_one_euro: str, cents: int
) -> None:
    rate = ExchangeRate("CHF", Decimal(units_for_one_euro), date(2027, 2, 1), "inforeuro")
    assert rate.to_cents(minor) == cents


def test_a_rate_of_nothing_is_no_rate() -> None:
    with pytest.raises(ValueError):
        ExchangeRate("CHF", Decimal(0), MONDAY, "ecb")


def test_a_partnership_may_only_lower() -> None:
    table = daily_rates().published()
    lower = lowered(table, {"EE": 15_000})
    assert lower["EE"] == {"cents": 15_000, "basis": "lowered"}
    assert lower["PT"] == table["PT"]
    assert table["EE"]["cents"] == 18_700, "the version in use stays as it is"
    for changes, slug in (({"EE": 18_701}, "rate-only-lower"), ({"US": 1}, "rate-unknown")):
        with pytest.raises(DomainError) as refused:
            lowered(table, changes)
        assert refused.value.slug == slug


def test_a_lowered_band_lowers_low_emission_travel_in_proportion() -> None:
    lower = lowered(TABLES["erasmus-2024"].published(), {"00500": 15_450})
    assert (lower["00500"]["cents"], lower["00500"]["green_cents"]) == (15_450, 20_850)
