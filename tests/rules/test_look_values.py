"""Dates, amounts and names as people of each language write them."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from contracts.money import Money
from services.chassis.web.look import values
from services.chassis.web.look.context import PageContext, reading
from services.chassis.web.look.gather import marked
from services.chassis.web.look.words import coded, gettext, humanised, read

NOW = datetime(2027, 2, 24, 9, 30, tzinfo=UTC)
DEADLINE = datetime(2027, 3, 5, 22, 59, 59, tzinfo=UTC)


def reader(language: str = "en") -> PageContext:
    return PageContext(language=language, now=NOW)


@pytest.mark.parametrize(
    ("language", "day", "period", "amount", "left"),
    [
        ("en", "Friday 5 March", "12–16 April 2027", "1,100.00\u00a0EUR", "in 9 days"),
        ("de", "Freitag, 5. März", "12.–16. April 2027", "1.100,00\u00a0EUR", "in 9 Tagen"),
        ("fr", "vendredi 5 mars", "12–16 avril 2027", "1\u202f100,00\u00a0EUR", "dans 9 jours"),
        ("pl", "piątek, 5 marca", "12–16 kwietnia 2027", "1\u00a0100,00\u00a0EUR", "za 9 dni"),
        ("xx", "Friday 5 March", "12–16 April 2027", "1,100.00\u00a0EUR", "in 9 days"),
    ],
)
def test_values_in_each_language(language: str, day: str, period: str, amount: str, left: str) -> None:
    with reading(reader(language)):
        assert values.day(DEADLINE) == day
        assert values.days(date(2027, 4, 12), date(2027, 4, 16)) == period
        assert values.money(110000) == amount == values.money(Money(110000))
        assert values.ago(DEADLINE) == left


def test_a_deadline_is_told_in_the_business_zone_and_names_it_where_asked() -> None:
    with reading(reader()):
        assert values.moment(DEADLINE) == "Friday 5 March, 23:59"
        assert values.moment(DEADLINE, named=True) == "Friday 5 March, 23:59 (Brussels time)"
        assert (
            values.moment(DEADLINE, "Europe/Helsinki", named=True)
            == "Saturday 6 March, 00:59 (Helsinki time)"
        )


def test_another_year_is_named() -> None:
    with reading(reader()):
        assert values.short_day(date(2027, 3, 5)) == "5 March"
        assert values.short_day(date(2028, 3, 5)) == "5 March 2028"


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=4), "4 seconds"),
        (timedelta(minutes=75), "75 minutes"),
        (timedelta(hours=30), "30 hours"),
        (timedelta(days=9), "9 days"),
        (timedelta(days=92), "3 months"),
    ],
)
def test_a_span_is_told_in_the_unit_that_people_count_in(span: timedelta, words: str) -> None:
    assert values.duration(span) == words


def test_days_left_are_counted_on_the_calendar() -> None:
    with reading(PageContext(now=datetime(2027, 3, 3, 22, 58, tzinfo=UTC))):
        assert values.ago(DEADLINE) == "in 2 days"


def test_sizes_shares_and_countries() -> None:
    assert values.file_size(400) == "1\u00a0kB"
    assert values.file_size(84_123) == "84\u00a0kB"
    assert values.file_size(1_234_567) == "1.2\u00a0MB"
    assert values.percent(0.94) == "94%"
    assert values.country("EL") == values.country("GR") == "Greece"
    assert values.working_days(1) == "1 working day"
    assert values.working_days(5) == "5 working days"


def test_codes_have_words_even_where_nobody_wrote_any() -> None:
    assert coded("reason", "no_such_code_yet") == "No such code yet"
    assert humanised("host-programme") == "Host programme"


def test_a_catalogue_is_read_from_its_source(tmp_path: Path) -> None:
    file = tmp_path / "relais.po"
    file.write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 ? 1 : 2);\\n"\n\n'
        'msgid "Sign out"\nmsgstr "Wyloguj się"\n\n'
        'msgid "%(n)s day"\nmsgid_plural "%(n)s days"\n'
        'msgstr[0] "%(n)s dzień"\nmsgstr[1] "%(n)s dni"\nmsgstr[2] "%(n)s dni"\n'
    )
    polish = read(file, "pl")
    assert polish.gettext("Sign out") == "Wyloguj się"
    assert polish.ngettext("%(n)s day", "%(n)s days", 1) == "%(n)s dzień"
    assert polish.gettext("Not there") == "Not there"
    assert gettext("") == ""


def test_texts_of_models_are_gathered_for_the_catalogues(tmp_path: Path) -> None:
    source = tmp_path / "forms.py"
    source.write_text(
        'first: Annotated[date, Asks("Enter the first day")] = Field(\n'
        '    title="First day", description="At the " "host"\n'
        ")\n"
        'label = _("Sign out")\n'
        'other = print("not a text")\n'
    )
    with source.open("rb") as file:
        found = {message for _line, _function, message, _comments in marked(file, {"_": None}, [], {})}
    assert found == {"Enter the first day", "First day", "At the host", "Sign out"}
