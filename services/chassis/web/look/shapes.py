"""How a field of a pydantic model is asked for on a page: read from its type, its limits and three markers.
Form and JSON body of an act come from one model, so a marker never changes what the model validates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import MaxLen, MinLen
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from services.chassis.web.look.words import coded, gettext, humanised

Kind = Literal[
    "text", "textarea", "lines", "number", "decimal", "money", "date", "datetime",
    "yes_no", "checkbox", "radios", "select", "checkboxes", "file", "hidden", "search",
]  # fmt: skip
Choice = tuple[object, str]
LONG_TEXT = 200
FEW_CHOICES = 5


class Cents:
    """`Annotated[int, Cents]`: whole cents of euro, typed and shown as an amount."""


class Minor:
    """`Annotated[int, Minor]`: hundredths of the currency that another field of the form names."""


@dataclass(frozen=True)
class Upload:
    """`Annotated[UUID, Upload(…)]`: a file; the page that takes it in stores it and validates its id."""

    accept: str = ".pdf,.jpg,.jpeg,.png"


@dataclass(frozen=True)
class Asks:
    """`Annotated[date, Asks("Enter the first day")]`: what a reader is told who left the field empty."""

    empty: str


@dataclass(frozen=True)
class Shape:
    """One field as it is asked for.

    choices  the values it may take, with their words; empty where anything may be typed
    many     a list of values
    unit     what stands behind a number; of an amount its currency, nothing where another field names it
    clears   whether one of few choices can be taken back, so that none is chosen
    """

    name: str
    label: str
    hint: str = ""
    kind: Kind = "text"
    choices: tuple[Choice, ...] = ()
    required: bool = True
    many: bool = False
    max_length: int | None = None
    accept: str = ""
    empty: str = ""
    unit: str = ""
    clears: bool = False


def shapes(model: type[BaseModel], choices: Mapping[str, Sequence[Choice]]) -> list[Shape]:
    """The model's fields in order, worded for the reader. choices: where only the page knows the values."""
    return [_shape(name, info, choices.get(name)) for name, info in model.model_fields.items()]


def shape_of(model: type[BaseModel], name: str) -> Shape | None:
    """One field, or None if the model has none of that name."""
    info = model.model_fields.get(name)
    return _shape(name, info, None) if info else None


def _shape(name: str, info: FieldInfo, given: Sequence[Choice] | None) -> Shape:
    kept, marks, optional = _unwrap(info.annotation, list(info.metadata))
    many = get_origin(kept) in (list, tuple, set, frozenset)
    item, item_marks, _ = _unwrap(get_args(kept)[0], []) if many else (kept, [], False)
    marks += item_marks
    choices = tuple(given) if given is not None else _choices(name, item)
    longest = (
        next((mark.max_length for mark in marks if isinstance(mark, MaxLen)), None) if not many else None
    )
    required = info.is_required() and not (optional and not info.is_required())
    upload = next((mark for mark in marks if isinstance(mark, Upload)), None)
    asks = next((mark for mark in marks if isinstance(mark, Asks)), None)
    nothing = not upload and given is not None and not choices
    hint = gettext(info.description) if info.description else ""
    at_least_one = many and any(isinstance(mark, MinLen) and mark.min_length for mark in info.metadata)
    return Shape(
        name=name,
        label=gettext(info.title or humanised(name)),
        hint=f"{hint} {gettext('There is nothing to choose from yet.')}".strip() if nothing else hint,
        kind="file"
        if upload
        else _kind(item, marks, choices if choices or nothing else None, many, required, longest),
        choices=choices,
        required=required or at_least_one,
        many=many,
        max_length=longest,
        accept=upload.accept if upload else "",
        empty=asks.empty if asks else "",
        clears=optional and not required,
        unit="EUR" if Cents in marks else "",
    )


def _unwrap(annotation: Any, marks: list[Any]) -> tuple[Any, list[Any], bool]:
    """The type inside Annotated and Optional, every marker met on the way, and whether None is allowed."""
    if get_origin(annotation) is Annotated:
        inner, *more = get_args(annotation)
        return _unwrap(inner, marks + _flat(more))
    if get_origin(annotation) in (Union, UnionType):
        kinds = [kind for kind in get_args(annotation) if kind is not type(None)]
        if len(kinds) == 1:
            inner, marks, _ = _unwrap(kinds[0], marks)
            return inner, marks, True
    return annotation, marks, False


def _flat(marks: list[Any]) -> list[Any]:
    return [deep for mark in marks for deep in (mark.metadata if isinstance(mark, FieldInfo) else [mark])]


def _choices(name: str, kind: Any) -> tuple[Choice, ...]:
    if get_origin(kind) is Literal and get_args(kind) != (True,):
        return tuple((value, coded(name, value)) for value in get_args(kind))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return tuple((member, coded(name, member.value)) for member in kind)
    return ()


def _kind(
    kind: Any,
    marks: list[Any],
    choices: tuple[Choice, ...] | None,
    many: bool,
    required: bool,
    longest: int | None,
) -> Kind:
    """choices: None where anything may be typed. Where there are none yet, nobody is asked to type an id instead."""
    if choices is not None:
        return "checkboxes" if many else "radios" if 0 < len(choices) <= FEW_CHOICES else "select"
    if many:
        return "lines"
    if Cents in marks or Minor in marks:
        return "money"
    if get_args(kind) == (True,):
        return "checkbox"
    match kind:
        case type() if issubclass(kind, bool):
            return "yes_no" if required else "checkbox"
        case type() if issubclass(kind, datetime):
            return "datetime"
        case type() if issubclass(kind, date):
            return "date"
        case type() if issubclass(kind, int):
            return "number"
        case type() if issubclass(kind, float | Decimal):
            return "decimal"
        case _:
            return "textarea" if longest and longest > LONG_TEXT else "text"
