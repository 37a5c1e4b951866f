"""Due dates and working days as a calendar on the wall would count them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.amounts import clusterxchange_rates
from contracts.countries import CODES, ELIGIBLE
from contracts.workdays import (
    Moment,
    is_target_day,
    plus_target_days,
    plus_working_days,
    public_holiday,
    target_day,
    working_days,
)

days = st.dates(date(2020, 1, 1), date(2040, 12, 31))
BRUSSELS = ZoneInfo("Europe/Brussels")


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Moment(datetime(2026, 3, 2, 9, 0))


def test_today_is_a_matter_of_the_zone() -> None:
    late = Moment(datetime(2026, 3, 2, 23, 30, tzinfo=UTC))
    assert late.today() == date(2026, 3, 3)
    assert late.today("Atlantic/Azores") == date(2026, 3, 2)


def test_fourteen_days_last_until_the_end_of_the_day_over_the_change_of_clocks() -> None:
    due = Moment(datetime(2026, 3, 20, 8, 0, tzinfo=UTC)).plus_days(14)
    assert due.astimezone(BRUSSELS) == datetime(2026, 4, 3, 23, 59, 59, tzinfo=BRUSSELS)
    same_hour = Moment(datetime(2026, 3, 20, 8, 0, tzinfo=UTC)).plus_days(14, end_of_day=False)
    assert same_hour.astimezone(BRUSSELS).hour == 9  # 08:00 UTC was 09:00 there, and stays so in summer


def test_ten_working_days_skip_weekends_and_the_countrys_holidays() -> None:
    wednesday = Moment(datetime(2026, 4, 29, 10, 0, tzinfo=UTC))
    assert wednesday.plus_working_days(2).date() == date(2026, 5, 1)
    assert wednesday.plus_working_days(2, "PL").date() == date(
        2026, 5, 4
    )  # 1 and 3 May are holidays, 3 a Sunday


@pytest.mark.parametrize(
    ("first", "last", "country", "count"),
    [
        (date(2026, 6, 1), date(2026, 6, 5), "PT", 4),  # Corpus Christi on Thursday 4 June
        (date(2026, 6, 1), date(2026, 6, 5), "DK", 5),  # which is no holiday in Denmark
        (date(2026, 6, 8), date(2026, 6, 12), "EE", 5),
        (date(2026, 6, 12), date(2026, 6, 16), "EE", 3),  # over a weekend
        (date(2026, 5, 1), date(2026, 5, 8), "FR", 4),  # 1 and 8 May
    ],
)
def test_working_days_at_the_host(first: date, last: date, country: str, count: int) -> None:
    assert len(working_days(first, last, country)) == count


def test_every_country_that_can_host_has_a_calendar() -> None:
    for country in ELIGIBLE | clusterxchange_rates().rates.keys():
        assert country in CODES
        assert public_holiday(date(2020, 1, 1), country), country  # Ukraine has none under martial law


@pytest.mark.parametrize(
    "closed",
    [
        date(2026, 1, 1),
        date(2026, 4, 3),  # Good Friday
        date(2026, 4, 6),  # Easter Monday
        date(2026, 5, 1),
        date(2026, 12, 25),
        date(2028, 12, 26),
        date(2027, 3, 26),  # Good Friday
        date(2026, 8, 1),  # Saturday
        date(2026, 8, 2),  # Sunday
    ],
)
def test_banks_do_not_settle(closed: date) -> None:
    assert not is_target_day(closed)
    assert is_target_day(target_day(closed))
    assert target_day(closed) > closed


def test_banks_settle_on_national_holidays() -> None:
    for day in (date(2026, 7, 14), date(2026, 7, 21), date(2026, 11, 11), date(2026, 5, 14)):
        assert target_day(day) == day


def test_over_easter_two_bank_days_take_six_days() -> None:
    assert plus_target_days(date(2026, 4, 1), 2) == date(2026, 4, 7)


@given(days, st.integers(0, 40))
def test_target_days_there_and_back(day: date, n: int) -> None:
    start = target_day(day)
    assert plus_target_days(plus_target_days(start, n), -n) == start


@given(days, st.integers(0, 60))
def test_so_many_working_days_lie_in_between(day: date, n: int) -> None:
    later = plus_working_days(day, n, "DE")
    assert len(working_days(day + timedelta(days=1), later, "DE")) == n


@pytest.mark.parametrize(
    ("day", "region", "elsewhere"),
    [
        (date(2027, 1, 6), "DE-BY", "DE-BE"),  # Epiphany is a holiday in Bavaria, not in Berlin
        (date(2026, 9, 11), "ES-CT", "ES-MD"),  # the National Day of Catalonia
        (date(2026, 11, 30), "GB-SCT", "GB-ENG"),  # Saint Andrew's Day
    ],
)
def test_a_regions_own_holidays_count_where_the_office_sits(day: date, region: str, elsewhere: str) -> None:
    before = day - timedelta(days=1)
    assert public_holiday(day, region) and not public_holiday(day, elsewhere)
    assert plus_working_days(before, 1, elsewhere) == plus_working_days(before, 1, region[:2]) == day
    assert plus_working_days(before, 1, region) > day


def test_a_region_has_its_countrys_holidays_too_and_one_without_a_calendar_has_only_these() -> None:
    for region in ("DE-BY", "PL-12", "IT-25", "FR-GES", "EE-79", "DE-XX"):
        assert public_holiday(date(2026, 12, 25), region), region
