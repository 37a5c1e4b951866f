"""Forms lose nothing: what a model holds comes back from the browser as it was, what was typed stays on the
page, and every reason says how to mend it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, ValidationError, field_validator
from starlette.datastructures import FormData, UploadFile

from services.chassis.web.look.components import component
from services.chassis.web.look.forms import Asks, Cents, Upload, errors, fields, parse
from services.chassis.web.look.forms import Field as Shown

HOSTS = [(uuid4(), f"Host {n}") for n in range(7)]
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=30)


class Visit(BaseModel):
    first_day: Annotated[date, Asks("Enter the first day")] = Field(title="First day")
    last_day: date = Field(title="Last day", ge=date(2020, 1, 1))
    arrival: datetime = Field(title="Arrival")
    mode: Literal["physical", "virtual"]
    host: UUID
    purpose: str = Field(title="Purpose", min_length=3, max_length=500)
    hotel: Annotated[int, Cents] = Field(title="Hotel", ge=100)
    deposit: Annotated[int, Cents] | None = None
    people: int = Field(title="People", le=20)
    rooms: Literal[1, 2, 3]
    topics: list[Literal["diagnostics", "software"]] = Field(min_length=1)
    partners: list[str] = Field(default_factory=list)
    insured: bool = Field(title="Insured")
    news: bool = True
    truth: Literal[True] = Field(title="This is true")


def posted(shown: Sequence[Shown]) -> FormData:
    """What a browser sends for fields as they stand."""
    pairs: list[tuple[str, str | UploadFile]] = []
    for field in shown:
        if field.kind == "date":
            pairs += [(f"{field.name}-{part}", value) for part, value in field.parts.items()]
        elif field.kind == "checkbox":
            pairs += [(field.name, "yes")] if field.value == "yes" else []
        elif field.options:
            pairs += [(field.name, option.value) for option in field.options if option.chosen]
        else:
            pairs.append((field.name, "\r\n".join(field.value.splitlines())))
    return FormData(pairs)


visits = st.builds(
    Visit,
    first_day=st.dates(min_value=date(1000, 1, 1)),
    last_day=st.dates(min_value=date(2020, 1, 1)),
    arrival=st.datetimes(
        min_value=datetime(2020, 1, 1), max_value=datetime(2090, 1, 1), timezones=st.just(UTC)
    ).map(lambda at: at.replace(second=0, microsecond=0, hour=12)),
    host=st.sampled_from([host for host, _ in HOSTS]),
    purpose=TEXT.map(lambda text: f"for {text}"),
    hotel=st.integers(100, 10**9),
    deposit=st.none() | st.integers(-(10**6), 10**6),
    people=st.integers(-5, 20),
    topics=st.lists(st.sampled_from(["diagnostics", "software"]), min_size=1, unique=True).map(sorted),
    partners=st.lists(TEXT, max_size=3),
    truth=st.just(True),
)


@given(visits)
def test_what_stands_comes_back_from_the_browser(visit: Visit) -> None:
    shown = fields(Visit, visit.model_dump(), choices={"host": HOSTS})
    assert Visit.model_validate(parse(Visit, posted(shown))) == visit


@given(visits)
def test_what_was_typed_is_shown_again(visit: Visit) -> None:
    typed = posted(fields(Visit, visit.model_dump(), choices={"host": HOSTS}))
    assert posted(fields(Visit, typed, choices={"host": HOSTS})) == typed


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("1100", 110000), ("1,100.00", 110000), ("1.100,00", 110000), ("1 100,5", 110050), ("0,99", 99),
        ("1'100.05", 110005), ("1\u00a0100", 110000), ("12.5 EUR", 1250), ("€ 12", 1200), ("-3.10", -310),
        ("1,234,567", 123456700),
    ],
)  # fmt: skip
def test_an_amount_is_understood_however_it_is_punctuated(typed: str, cents: int) -> None:
    assert parse(Visit, FormData([("hotel", typed)]))["hotel"] == cents


@pytest.mark.parametrize(
    "typed", ["12.345,6789", "1.100.50", "0.125", "1e5", "ten", "12..5", "1,10,000", "--5", "9" * 20]
)
def test_what_is_no_amount_is_refused_and_never_guessed(typed: str) -> None:
    reasons = _errors({"hotel": typed})
    assert reasons["hotel"] == "“Hotel” must be an amount with two decimals at most, for example 1,100.00"


def test_empty_fields_are_asked_for_in_words_that_fit_them() -> None:
    reasons = _errors({})
    assert reasons["first_day"] == "Enter the first day"
    assert reasons["last_day"] == "Enter a date for “Last day”"
    assert reasons["mode"] == "Choose an answer for “Mode”"
    assert reasons["topics"] == "Choose at least one answer for “Topics”"
    assert reasons["purpose"] == "Fill in “Purpose”"
    assert reasons["hotel"] == "Enter an amount for “Hotel”"
    assert reasons["insured"] == "Choose an answer for “Insured”"
    assert reasons["truth"] == "Tick “This is true” to go on"
    assert not {"deposit", "partners", "news"} & set(reasons)


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"last_day-day": "6", "last_day-year": "2027"}, "last_day", "“Last day” must include a month"),
        ({"last_day-day": "6", "last_day-month": "4"}, "last_day", "“Last day” must include a year"),
        (
            {"last_day-day": "31", "last_day-month": "4", "last_day-year": "2027"},
            "last_day",
            "“Last day” must be a real date, for example 5 3 2027",
        ),
        (
            {"last_day-day": "31", "last_day-month": "12", "last_day-year": "2019"},
            "last_day",
            "“Last day” must be Wednesday, 1 January 2020 or later",
        ),
        ({"hotel": "0.50"}, "hotel", "“Hotel” must be 1.00 or more"),
        ({"people": "21"}, "people", "“People” must be 20 or less"),
        ({"people": "two"}, "people", "“People” must be a whole number, for example 12"),
        ({"mode": "by pigeon"}, "mode", "Choose one of the answers given for “Mode”"),
        ({"purpose": "x"}, "purpose", "“Purpose” must have at least 3 characters"),
        ({"purpose": "x" * 501}, "purpose", "“Purpose” must have 500 characters at most"),
        (
            {"arrival": "tomorrow"},
            "arrival",
            "“Arrival” must be a day and a time, for example 5 March 2027, 14:30",
        ),
    ],
)
def test_a_reason_says_how_to_mend_it(typed: dict[str, str], field: str, sentence: str) -> None:
    assert _errors(typed)[field] == sentence


def test_a_reason_of_our_own_is_said_as_it_is() -> None:
    class Period(BaseModel):
        first: date
        last: date

        @field_validator("last")
        @classmethod
        def after(cls, last: date, info: Any) -> date:
            if last <= info.data["first"]:
                raise ValueError("The last day must be after the first day")
            return last

    with pytest.raises(ValidationError) as refused:
        Period.model_validate({"first": "2027-04-12", "last": "2027-04-06"})
    assert errors(refused.value, Period) == {"last": "The last day must be after the first day"}


def test_few_choices_are_radios_and_many_are_a_select() -> None:
    kinds = {field.name: field.kind for field in fields(Visit, {}, choices={"host": HOSTS})}
    assert kinds["mode"] == "radios"
    assert kinds["host"] == "select"
    assert kinds["topics"] == "checkboxes"
    assert kinds["purpose"] == "textarea"


def test_where_nothing_can_be_chosen_yet_nobody_is_asked_to_type_it() -> None:
    class Choosing(BaseModel):
        host: UUID = Field(title="Host", description="Who receives you.")

    [shown] = fields(Choosing, {}, {}, {"host": []})
    assert (shown.kind, shown.options) == ("select", ())
    assert shown.hint == "Who receives you. There is nothing to choose from yet."


def test_a_local_time_is_that_of_the_business_zone() -> None:
    given = parse(Visit, FormData([("arrival", "2027-07-05T14:30")]))
    assert datetime.fromisoformat(given["arrival"]) == datetime(2027, 7, 5, 12, 30, tzinfo=UTC)


def test_files_come_as_they_were_sent_and_an_empty_one_not_at_all() -> None:
    class Report(BaseModel):
        agenda: Annotated[UUID, Upload()]
        photos: list[Annotated[UUID, Upload(".jpg")]] = Field(default_factory=list)

    photo = UploadFile(None, filename="a.jpg")  # type: ignore[arg-type]
    empty = UploadFile(None, filename="")  # type: ignore[arg-type]
    assert parse(Report, FormData([("photos", photo), ("agenda", empty)])) == {"photos": [photo]}
    assert [field.kind for field in fields(Report, {})] == ["file", "file"]


def _errors(typed: dict[str, str]) -> dict[str, str]:
    with pytest.raises(ValidationError) as refused:
        Visit.model_validate(parse(Visit, FormData(list(typed.items()))))
    return errors(refused.value, Visit)


class Reviewed(BaseModel):
    peer: Literal["first", "second"] | None = None
    kind: Literal["short", "long"] = "short"


def test_one_of_few_choices_can_be_taken_back_where_none_is_needed() -> None:
    peer, kind = fields(Reviewed, {"peer": "first"})
    _name, shown = component(peer)
    assert [one["text"] for one in shown["items"]] == ["First", "Second", "None of these"]
    assert parse(Reviewed, FormData([("peer", shown["items"][-1]["value"])])) == {}
    assert "None of these" not in str(component(replace(peer, required=True))), "asked for after all"
    assert "None of these" not in str(component(kind)), "nothing chosen would be the default again"
