"""How a cell of a table is read: a choice by its code or its words, capitals and accents aside; a day as people in
Europe write it or as programs do; several values with semicolons between. And what may stand in a column, in words."""

import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from services.chassis.finding import plain
from services.chassis.web.look.reasons import errors
from services.chassis.web.look.shapes import Shape, shape_of
from services.chassis.web.look.words import gettext as _

_DAY = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})")


class Unreadable(Exception):
    """A cell that cannot be read, as a sentence with its column."""


def read(model: type[BaseModel], row: Mapping[str, str]) -> Any:
    """What a row says, as the model takes it."""
    shapes = {name: shape for name in row if row[name] and (shape := shape_of(model, name))}
    try:
        return model.model_validate({name: _value(shape, row[name]) for name, shape in shapes.items()})
    except ValidationError as reason:
        found = errors(reason, model)
        said = {
            name: _one_of(shapes[name]) if _offers(shapes, name) else words for name, words in found.items()
        }
        raise Unreadable("; ".join(f"{name}: {words}" for name, words in said.items())) from reason


def meaning(model: type[BaseModel], column: str) -> str:
    """What may stand in the column."""
    shape = shape_of(model, column)
    if shape is None:
        return ""
    if shape.choices:
        return _one_of(shape)
    if shape.kind == "date":
        return _("a day, such as 2027-03-31 or 31.3.2027")
    return (
        _("%(what)s; several with semicolons between") % {"what": shape.label} if shape.many else shape.label
    )


def _value(shape: Shape, cell: str) -> Any:
    if shape.many:
        return [_chosen(shape, part.strip()) for part in cell.split(";") if part.strip()]
    if shape.kind == "date" and (found := _DAY.fullmatch(cell)):
        day, month, year = found.groups()
        return f"{year}-{month:0>2}-{day:0>2}"
    return _chosen(shape, cell)


def _chosen(shape: Shape, cell: str) -> Any:
    """The value of the choice that the cell names; the cell itself where it names none."""
    wanted = plain(cell)
    return next(
        (value for value, label in shape.choices if wanted in (plain(str(value)), plain(label))), cell
    )


def _offers(shapes: Mapping[str, Shape], name: str) -> bool:
    return name in shapes and bool(shapes[name].choices)


def _one_of(shape: Shape) -> str:
    listed = ", ".join(f"{value} ({label})" for value, label in shape.choices)
    told = _("one or several, with semicolons between, of %(these)s") if shape.many else _("one of %(these)s")
    return told % {"these": listed}
