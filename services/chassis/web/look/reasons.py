"""What is wrong with what was typed: pydantic's findings in sentences of our own that say how to mend it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ValidationError

from contracts.words import REFUSALS
from services.chassis.web.look.shapes import Shape, shape_of
from services.chassis.web.look.values import amount, day, moment, number
from services.chassis.web.look.words import gettext as _
from services.chassis.web.look.words import ngettext

EMPTY = ("missing", "string_too_short", "too_short", "bool_type")


def errors(error: ValidationError, model: type[BaseModel]) -> dict[str, str]:
    """The first reason for each field that has one; "" holds a reason that belongs to no single field."""
    reasons: dict[str, str] = {}
    for finding in error.errors(include_url=False):
        name = str(finding["loc"][0]) if finding["loc"] else ""
        shape = shape_of(model, name)
        reasons.setdefault(name if shape else "", _reason(shape, name, finding))
    return reasons


def _reason(shape: Shape | None, name: str, finding: Mapping[str, Any]) -> str:
    kind, given = finding["type"], finding.get("ctx", {})
    if kind in REFUSALS:
        return _(REFUSALS[kind]) % given
    if kind == "value_error":
        return _(str(given["error"]))
    if kind == "extra_forbidden":
        return _("There is no field called “%(name)s”") % {"name": name}
    if shape is None:
        return _("Check what you entered")
    if _is_empty(kind, given, finding["input"]):
        return _empty(shape)
    return _limit(shape, kind, given) or _malformed(shape, str(finding["input"]))


def _is_empty(kind: str, given: Mapping[str, Any], typed: object) -> bool:
    return kind in EMPTY and (typed is None or typed in ("", []) or kind == "missing")


def _empty(shape: Shape) -> str:
    if shape.empty:
        return _(shape.empty)
    field = {"field": shape.label}
    match shape.kind:
        case "checkboxes":
            return _("Choose at least one answer for “%(field)s”") % field
        case "radios" | "select" | "yes_no":
            return _("Choose an answer for “%(field)s”") % field
        case "checkbox":
            return _("Tick “%(field)s” to go on") % field
        case "file":
            return _("Choose a file for “%(field)s”") % field
        case "date":
            return _("Enter a date for “%(field)s”") % field
        case "money":
            return _("Enter an amount for “%(field)s”") % field
        case _:
            return _("Fill in “%(field)s”") % field


def _limit(shape: Shape, kind: str, given: Mapping[str, Any]) -> str:
    """The reason where a limit was passed, "" where it is something else."""
    field = {"field": shape.label}
    match kind:
        case "string_too_long":
            n = int(given["max_length"])
            text = ngettext(
                "“%(field)s” must have %(n)s character at most",
                "“%(field)s” must have %(n)s characters at most",
                n,
            )
            return text % {**field, "n": number(n)}
        case "string_too_short":
            n = int(given["min_length"])
            text = ngettext(
                "“%(field)s” must have at least %(n)s character",
                "“%(field)s” must have at least %(n)s characters",
                n,
            )
            return text % {**field, "n": number(n)}
        case "too_long":
            n = int(given["max_length"])
            text = ngettext("“%(field)s”: choose %(n)s at most", "“%(field)s”: choose %(n)s at most", n)
            return text % {**field, "n": number(n)}
        case "too_short":
            n = int(given["min_length"])
            text = ngettext("“%(field)s”: choose at least %(n)s", "“%(field)s”: choose at least %(n)s", n)
            return text % {**field, "n": number(n)}
        case "greater_than" | "greater_than_equal" | "less_than" | "less_than_equal":
            return _bound(shape, kind, next(iter(given.values())))
        case _:
            return ""


def _bound(shape: Shape, kind: str, limit: object) -> str:
    named = {"field": shape.label, "limit": _limited(shape, limit)}
    if shape.kind in ("date", "datetime"):
        match kind:
            case "greater_than":
                return _("“%(field)s” must be after %(limit)s") % named
            case "greater_than_equal":
                return _("“%(field)s” must be %(limit)s or later") % named
            case "less_than":
                return _("“%(field)s” must be before %(limit)s") % named
            case _:
                return _("“%(field)s” must be %(limit)s or earlier") % named
    match kind:
        case "greater_than":
            return _("“%(field)s” must be more than %(limit)s") % named
        case "greater_than_equal":
            return _("“%(field)s” must be %(limit)s or more") % named
        case "less_than":
            return _("“%(field)s” must be less than %(limit)s") % named
        case _:
            return _("“%(field)s” must be %(limit)s or less") % named


def _limited(shape: Shape, limit: object) -> str:
    """A limit as the field itself is written; pydantic hands dates over as text."""
    match limit:
        case str() if shape.kind == "date":
            return day(date.fromisoformat(limit))
        case str() if shape.kind == "datetime":
            return moment(datetime.fromisoformat(limit))
        case int() if shape.kind == "money":
            return amount(limit)
        case int() | float():
            return number(limit)
        case _:
            return str(limit)


def _malformed(shape: Shape, typed: str) -> str:
    field = {"field": shape.label}
    match shape.kind:
        case "date":
            return _date(shape, typed)
        case "datetime":
            return _("“%(field)s” must be a day and a time, for example 5 March 2027, 14:30") % field
        case "number":
            return _("“%(field)s” must be a whole number, for example 12") % field
        case "decimal":
            return _("“%(field)s” must be a number, for example 12.5") % field
        case "money":
            return _("“%(field)s” must be an amount with two decimals at most, for example 1,100.00") % field
        case "radios" | "select" | "checkboxes" | "yes_no":
            return _("Choose one of the answers given for “%(field)s”") % field
        case "checkbox":
            return _empty(shape)
        case _:
            return _("“%(field)s” is not in the form that is needed") % field


def _date(shape: Shape, typed: str) -> str:
    """A date lacks a part, or is no day of the calendar."""
    field = {"field": shape.label}
    match typed.split("-"):
        case [_year, _month, ""]:
            return _("“%(field)s” must include a day") % field
        case [_year, "", _day]:
            return _("“%(field)s” must include a month") % field
        case ["", _month, _day]:
            return _("“%(field)s” must include a year") % field
        case _:
            return _("“%(field)s” must be a real date, for example 5 3 2027") % field
