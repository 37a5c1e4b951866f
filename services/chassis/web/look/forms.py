"""Forms from pydantic models: what to show for each field, and what was posted as the model validates it.
Nothing typed is ever lost: what cannot be understood goes to the model as it is and comes back with a reason.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, cast
from zoneinfo import ZoneInfo

from babel.numbers import format_decimal
from pydantic import BaseModel
from starlette.datastructures import ImmutableMultiDict, UploadFile

from contracts.workdays import BUSINESS_ZONE
from services.chassis.web.look.reasons import errors
from services.chassis.web.look.shapes import Asks, Cents, Choice, Kind, Minor, Shape, Upload, shapes
from services.chassis.web.look.words import gettext as _
from services.chassis.web.look.words import locale

__all__ = [
    "Asks",
    "Cents",
    "Field",
    "Minor",
    "Option",
    "Posted",
    "Upload",
    "asked",
    "errors",
    "fields",
    "parse",
    "read",
]

Posted = ImmutableMultiDict[str, UploadFile | str]
"""A posted form, as Starlette reads it."""
DATE_PARTS = ("day", "month", "year")
LONGEST_AMOUNT = 15
"""Characters before the decimals, with the signs of its groups."""
AMOUNT = re.compile(r"(-?)([1-9]\d{0,2}(?:([.,'’])\d{3})(?:\3\d{3})*|\d+)(?:([.,])(\d{1,2}))?")


@dataclass(frozen=True)
class Option:
    """One choice: the value that is posted, its words, whether it is chosen."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Field:
    """One field as a page shows it. value is what stands or was typed; a date has three parts instead, a file the
    options of what was sent before. inside: the fields of one that is searched for.
    """

    name: str
    label: str
    hint: str
    kind: Kind
    value: str
    parts: Mapping[str, str]
    options: tuple[Option, ...]
    error: str
    required: bool
    many: bool
    max_length: int | None
    accept: str
    unit: str = ""
    clears: bool = False
    inside: tuple["Field", ...] = ()

    @property
    def target(self) -> str:
        """Id of the element that the error summary leads to."""
        if self.inside:
            return self.inside[0].target
        return f"{self.name}-day" if self.kind == "date" else self.name


def fields(
    model: type[BaseModel],
    values: Mapping[str, Any] | Posted,
    errors: Mapping[str, str] | None = None,
    choices: Mapping[str, Sequence[Choice]] | None = None,
) -> list[Field]:
    """The fields of a form, worded for the reader.

    values   what stands (the model's values by name), or what was posted, to be shown again as typed
    errors   reasons by field
    choices  (value, label) pairs by field, where the type alone does not list them
    """
    return asked(shapes(model, choices or {}), values, errors)


def asked(
    shapes: Sequence[Shape], values: Mapping[str, Any] | Posted, errors: Mapping[str, str] | None = None
) -> list[Field]:
    """The same for shapes that come from no model: the questions of a form that is data."""
    return [_field(shape, values, (errors or {}).get(shape.name, "")) for shape in shapes]


def parse(model: type[BaseModel], posted: Posted) -> dict[str, Any]:
    """What was posted, as the model validates it. A field left empty is left out, so its default holds.

    Files come as UploadFile, or as the id of one that was stored when the form was refused before (a list where
    the field is one): the caller stores them and puts their ids there.
    """
    return read(shapes(model, {}), posted)


def read(shapes: Sequence[Shape], posted: Posted) -> dict[str, Any]:
    """The same for shapes that come from no model."""
    parsed = {shape.name: _parsed(shape, posted) for shape in shapes}
    return {name: value for name, value in parsed.items() if value is not None}


def _field(shape: Shape, values: Mapping[str, Any] | Posted, error: str) -> Field:
    given = _given(shape.name, values)
    chosen = {_plain(value) for value in given}
    kept = shape.kind == "file"
    choices = ((True, _("Yes")), (False, _("No"))) if shape.kind == "yes_no" else shape.choices
    return Field(
        name=shape.name,
        label=shape.label,
        hint=shape.hint,
        kind=shape.kind,
        value="\n".join(_shown(shape.kind, value) for value in given),
        parts=_date_parts(shape.name, values, given) if shape.kind == "date" else {},
        options=tuple(
            Option(_plain(value), label if kept else _capital(label), kept or _plain(value) in chosen)
            for value, label in choices
        ),
        error=error,
        required=shape.required,
        many=shape.many,
        max_length=shape.max_length,
        accept=shape.accept,
        unit=shape.unit,
        clears=shape.clears,
    )


def _capital(label: str) -> str:
    """A choice stands on a line of its own, also where its words are written for the middle of a sentence. A name that
    is written otherwise ("bioPmed") stays as it is."""
    first_word = label.partition(" ")[0]
    return label if first_word[1:] != first_word[1:].lower() else label[:1].upper() + label[1:]


def _given(name: str, values: Mapping[str, Any] | Posted) -> list[Any]:
    if isinstance(values, ImmutableMultiDict):
        return [value for value in values.getlist(name) if isinstance(value, str)]
    value = values.get(name)
    if value is None:
        return []
    return (
        list(cast("Iterable[Any]", value)) if isinstance(value, list | tuple | set | frozenset) else [value]
    )


def _plain(value: object) -> str:
    """A value as it is posted."""
    match value:
        case bool():
            return "yes" if value else "no"
        case Enum():
            return str(value.value)
        case _:
            return str(value)


def _shown(kind: Kind, value: object) -> str:
    """A value as it stands in its input; a string is shown as it was typed."""
    match value:
        case int() if kind == "money":
            return format_decimal(Decimal(value).scaleb(-2), "0.00", locale=locale())
        case datetime() if kind == "datetime":
            return value.astimezone(ZoneInfo(BUSINESS_ZONE)).strftime("%Y-%m-%dT%H:%M")
        case _:
            return _plain(value)


def _date_parts(name: str, values: Mapping[str, Any] | Posted, given: list[Any]) -> dict[str, str]:
    match given:
        case [date() as day]:
            return {"day": str(day.day), "month": str(day.month), "year": str(day.year)}
        case [str() as text] if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return _date_parts(name, values, [date.fromisoformat(text)])
        case _:
            return {part: str(values.get(f"{name}-{part}", "")) for part in DATE_PARTS}


def _parsed(shape: Shape, posted: Posted) -> Any:
    """The value that was posted for one field, None if it was left empty."""
    if shape.kind == "file":
        sent = [one for one in posted.getlist(shape.name) if one and (isinstance(one, str) or one.filename)]
        return (sent or None) if shape.many else next(reversed(sent), None)
    if shape.kind == "date":
        return _date(*(str(posted.get(f"{shape.name}-{part}", "")).strip() for part in DATE_PARTS))
    typed = [
        value.replace("\r\n", "\n").strip() for value in posted.getlist(shape.name) if isinstance(value, str)
    ]
    if shape.kind == "checkbox":
        return True if "yes" in typed else None if shape.required else False
    if shape.many:
        items = [line.strip() for text in typed for line in text.splitlines() if line.strip()]
        return [_item(shape, item) for item in items] or ([] if shape.required else None)
    return _item(shape, typed[-1]) if typed and typed[-1] else None


def _item(shape: Shape, text: str) -> Any:
    match shape.kind:
        case "radios" | "select" | "checkboxes":
            return next((value for value, _label in shape.choices if _plain(value) == text), text)
        case "yes_no":
            return {"yes": True, "no": False}.get(text, text)
        case "money":
            return _cents(text)
        case "number":
            return re.sub(r"\s", "", text)
        case "decimal":
            return re.sub(r"\s", "", text).replace(",", ".")
        case "datetime":
            return _moment(text)
        case _:
            return text


def _date(day: str, month: str, year: str) -> str | None:
    """An ISO date; what is none keeps its parts in that order, for the reason to name the part that lacks."""
    if not (day or month or year):
        return None
    if day.isdecimal() and month.isdecimal() and year.isdecimal():
        return f"{year}-{int(month):02}-{int(day):02}"
    return f"{year}-{month}-{day}"


def _moment(text: str) -> str:
    """A local time of the business zone with its offset."""
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        return f"?{text}"
    return (local if local.tzinfo else local.replace(tzinfo=ZoneInfo(BUSINESS_ZONE))).isoformat()


def _cents(text: str) -> int | str:
    """Cents of an amount however it is punctuated: "1,100.00", "1.100,00", "1 100", "1100".

    With two decimals at most, three digits after a sign can only be a group. What is no amount stays text, and so
    does one that no budget of the world has.
    """
    match = AMOUNT.fullmatch(re.sub(r"[\s\u00a0\u202f]|EUR|€", "", text))
    if match is None or (match[3] and match[3] == match[4]) or len(match[2]) > LONGEST_AMOUNT:
        return text if not re.fullmatch(r"-?\d+", text) else f"?{text}"
    cents = int(re.sub(r"\D", "", match[2])) * 100 + int((match[5] or "0").ljust(2, "0"))
    return -cents if match[1] else cents
