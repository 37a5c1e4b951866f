"""A programme's rates: indirect costs and the funder's part of a plan, rounded once per sum."""

from datetime import date

from contracts.programmes import aid_bases, plan, programme_of, share_of, years_before


def test_cosme_pays_three_quarters_of_own_costs_and_all_support() -> None:
    planned = plan(programme_of("COSME ESCP-4x"), own=100_000_00, support=55_000_00)
    assert planned.indirect == 7_000_00, "7 % of direct costs without support to third parties"
    assert planned.funded == 80_250_00 + 55_000_00
    assert (planned.total, planned.borne) == (162_000_00, 26_750_00)


def test_interreg_pays_sixty_per_cent_of_everything() -> None:
    interreg = programme_of("Interreg North-West Europe")
    assert plan(interreg, own=10_000_00, support=5_000_00).funded == 9_000_00
    assert share_of(interreg, 333) == 200


def test_the_longest_name_that_a_title_begins_with_is_its_programme() -> None:
    assert programme_of("Interreg Central Europe 2021-2027").name == "Interreg Central Europe"
    assert programme_of("Interreg").name == "Interreg"


def test_half_a_cent_is_rounded_up() -> None:
    assert plan(programme_of("COSME"), own=50, support=0).indirect == 4
    assert plan(programme_of("COSME"), own=7, support=0).indirect == 0, "0.49 is less than half a cent"


def test_a_programme_that_nobody_knows_pays_nothing() -> None:
    assert plan(programme_of("Another"), own=100, support=100).funded == 0


def test_three_years_before_a_leap_day() -> None:
    assert years_before(date(2028, 2, 29), 3) == date(2025, 2, 28)


def test_aid_is_granted_between_the_first_and_the_last_day_of_its_basis() -> None:
    de_minimis, exempted = aid_bases()["de_minimis"], aid_bases()["gber_20a"]
    assert (de_minimis.ceiling_cents, exempted.ceiling_cents) == (300_000_00, 22_000_00)
    assert de_minimis.excluded == ("01", "03") and exempted.excluded == ()
    days = (date(2023, 12, 31), date(2024, 1, 1), date(2030, 12, 31), date(2031, 1, 1))
    assert [de_minimis.in_force(day) for day in days] == [False, True, True, False]
    assert not exempted.in_force(date(2027, 1, 1))
    assert (de_minimis.name, "2023/2831" in de_minimis.source) == ("de_minimis", True)
