"""The lump sum of ClusterXchange: published examples, both sides of each limit, and one halving only."""

import csv
from dataclasses import asdict
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.amounts import (
    LINE_TEXTS,
    LumpSum,
    Mode,
    check_stay,
    clusterxchange_rates,
    distance_km,
    latest_last_day,
    lump_sum,
    paid_by,
    sum_of_case,
)
from contracts.countries import ELIGIBLE, EU
from contracts.errors import DomainError
from contracts.terms import Terms, explained
from contracts.workdays import days_between, working_days

TERMS = Terms()
MONDAY = date(2026, 9, 14)  # a week without public holidays in the countries used here
TOWNS = {
    "Kraków": (50.062, 19.937),
    "Porto": (41.15, -8.61),
    "Leuven": (50.88, 4.701),
    "Lille": (50.629, 3.057),
    "Tartu": (58.378, 26.729),
    "Copenhagen": (55.676, 12.568),
    "Heidelberg": (49.399, 8.672),
    "Nantes": (47.218, -1.554),
    "Munich": (48.137, 11.575),
}


def sum_for(country: str, days: int, km: int, mode: Mode = Mode.PHYSICAL, first: date = MONDAY) -> LumpSum:
    stay = days_between(first, first + timedelta(days=days - 1))
    return lump_sum(clusterxchange_rates().rate(country), stay, km, mode, TERMS)


@pytest.mark.parametrize(
    ("country", "days", "km", "cents"),
    [
        ("PT", 5, 2_400, 78_000),  # published by a partnership: Portugal, 5 days
        ("PT", 3, 2_400, 39_000),  # published by a partnership: Portugal, 3 days
        ("FR", 5, 119, 45_000),  # Leuven to Lille: near
        ("DK", 4, 900, 55_000),  # Tartu to Copenhagen: short
        ("DK", 5, 900, 110_000),
        ("DE", 5, 200, 83_000),  # exactly 200 km is full
        ("DE", 5, 199, 41_500),
        ("DE", 4, 199, 41_500),  # short and near: halved once
        ("DE", 3, 5, 41_500),
        ("DE", 2, 500, 0),  # fewer than the least days
    ],
)
def test_the_lump_sum(country: str, days: int, km: int, cents: int) -> None:
    assert sum_for(country, days, km).amount_cents == cents


def test_a_virtual_exchange_costs_nothing() -> None:
    assert sum_for("PT", 5, 2_400, Mode.VIRTUAL).amount_cents == 0


def test_a_public_holiday_of_the_host_country_is_no_working_day() -> None:
    first = date(2026, 6, 1)  # 4 June is Corpus Christi
    assert sum_for("PT", 5, 2_400, first=first).working_days == 4
    assert sum_for("PT", 5, 2_400, first=first).amount_cents == 39_000


def test_the_calculation_reads_line_by_line() -> None:
    lines = sum_for("PT", 5, 2_400).lines
    assert [LINE_TEXTS[line.code] % line.params for line in lines] == [
        "Full lump sum for PT, as published (eye-2014-2022)",
        "Working days at the host: 5 (5 or more: not halved)",
        "Distance: 2400 km (200 km or more: not halved)",
    ]
    assert [line.factor for line in lines] == ["1", "1", "1"]


@given(
    country=st.sampled_from(sorted(clusterxchange_rates().rates)),
    first=st.dates(date(2024, 1, 1), date(2032, 12, 31)),
    days=st.integers(1, 40),
    km=st.integers(0, 6_000),
    mode=st.sampled_from(Mode),
)
def test_rate_times_factors_is_the_amount(country: str, first: date, days: int, km: int, mode: Mode) -> None:
    result = sum_for(country, days, km, mode, first)
    exact = Fraction(result.rate.cents)
    for line in result.lines:
        exact *= Fraction(line.factor)
        assert LINE_TEXTS[line.code] % line.params
    assert result.amount_cents == exact
    assert result.amount_cents in (0, result.rate.cents // 2, result.rate.cents)


def test_the_table_has_every_eligible_country_and_stays_under_the_ceiling() -> None:
    rates = clusterxchange_rates().rates
    assert set(rates) >= ELIGIBLE
    assert max(rate.cents for rate in rates.values()) == 110_000
    assert [country for country, rate in rates.items() if rate.basis == "confirmed"] == ["PT"]
    assert round(sum(rates[country].cents for country in EU) / len(EU) / 100) == 771


def test_a_case_is_computed_again_from_what_was_frozen() -> None:
    planned = sum_for("PT", 7, 2_400)  # Monday to Sunday: five working days
    frozen = {
        "terms": asdict(TERMS),
        "host_country": "PT",
        "rate_cents": planned.rate.cents,
        "rate_basis": planned.rate.basis,
        "rate_version": planned.rate.table,
        "days": [day.isoformat() for day in days_between(MONDAY, MONDAY + timedelta(days=6))],
        "distance_km": 2_400,
        "mode": "physical",
    }
    assert sum_of_case(frozen) == planned
    assert [sum_of_case(frozen, days).amount_cents for days in (2, 3, 4, 5, 9)] == [
        0,
        39_000,
        39_000,
        78_000,
        78_000,
    ]


def test_a_country_without_rate_is_refused() -> None:
    with pytest.raises(DomainError) as refused:
        clusterxchange_rates().rate("US")
    assert (refused.value.slug, refused.value.field) == ("no-rate", "host_country")


@pytest.mark.parametrize(
    ("a", "b", "about"),
    [
        ("Leuven", "Lille", 119),
        ("Tartu", "Copenhagen", 906),
        ("Heidelberg", "Leuven", 327),
        ("Nantes", "Munich", 987),
    ],
)
def test_distances_between_towns(a: str, b: str, about: int) -> None:
    km = distance_km(*TOWNS[a], *TOWNS[b])
    assert km == distance_km(*TOWNS[b], *TOWNS[a])
    assert abs(km - about) <= about * 0.006 + 1  # the sphere differs from the ellipsoid by half a per cent


def test_distance_is_rounded_down() -> None:
    assert distance_km(0, 0, 0, 0) == 0
    assert distance_km(0, 0, 0, 0.017) == 1  # 1.89 km


def refusal(days: list[date], mode: Mode = Mode.PHYSICAL, country: str = "PT") -> str | None:
    try:
        check_stay(days, country, mode, TERMS)
    except DomainError as error:
        return error.slug
    return None


def test_the_limits_of_a_stay() -> None:
    assert refusal(days_between(MONDAY, MONDAY + timedelta(days=2))) is None
    assert refusal(days_between(MONDAY, MONDAY + timedelta(days=1))) == "stay-too-short"
    assert refusal(days_between(MONDAY + timedelta(days=4), MONDAY + timedelta(days=7))) == "stay-too-short"
    assert refusal(days_between(MONDAY, MONDAY + timedelta(days=30))) is None
    assert refusal(days_between(MONDAY, MONDAY + timedelta(days=31))) == "stay-too-long"
    assert refusal([]) == "stay-too-short"


def test_physical_days_follow_each_other_and_virtual_ones_need_not() -> None:
    apart = [date(2026, 9, 10), date(2026, 9, 16), date(2026, 9, 17)]
    assert refusal(apart) == "stay-interrupted"
    assert refusal(apart, Mode.VIRTUAL) is None
    over_a_weekend = [date(2026, 9, 17), date(2026, 9, 18), date(2026, 9, 21)]
    assert refusal(over_a_weekend) is None


@given(st.dates(date(2024, 1, 1), date(2032, 12, 31)))
def test_the_latest_last_day_can_just_be_paid(action_end: date) -> None:
    latest = latest_last_day(action_end, TERMS)
    assert paid_by(latest, TERMS) <= action_end
    assert paid_by(latest + timedelta(days=1), TERMS) > action_end


def test_the_latest_last_day_of_an_action_that_ends_in_february() -> None:
    # Back from 28 February 2028: ten days to pay lead to Friday 18, ten working days to validate to the
    # weekend before Monday 7, thirty days to report from Sunday 6 February to 7 January.
    assert latest_last_day(date(2028, 2, 28), TERMS) == date(2028, 1, 7)


def test_terms_say_what_is_found_and_what_is_ours() -> None:
    rows = {row.name: row for row in explained(Terms(report_days=20))}
    assert rows["min_days"].basis == "found"
    assert rows["appeal_days"].basis == "inferred"
    assert (rows["report_days"].value, rows["report_days"].basis) == (20, "set")
    assert all(row.source for row in rows.values())


def test_the_data_file_names_each_country_once() -> None:
    text = Path("contracts/data/clusterxchange_lump_sums.csv").read_text("utf-8")
    countries = [row["host_country"] for row in csv.DictReader(text.splitlines())]
    assert len(countries) == len(set(countries))


def test_working_days_exclude_weekends() -> None:
    assert len(working_days(MONDAY, MONDAY + timedelta(days=13), "PT")) == 10
