"""Conditions and calculations as rows of menus, and what was chosen in them. A constant is read as the kind of value
it is compared with.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias, cast, get_args

from contracts.errors import DomainError
from contracts.expressions import (
    Calculation,
    Condition,
    Kind,
    Operand,
    Operator,
    Reckoning,
    Source,
    Test,
)
from services.applications.forms.checking import types
from services.applications.forms.definition import Definition, parts
from services.chassis.web.look.forms import Posted, read
from services.chassis.web.look.shapes import Kind as FieldKind
from services.chassis.web.look.shapes import Shape
from services.chassis.web.look.values import amount
from services.chassis.web.look.words import gettext as _

MOST_TESTS = 10
Known: TypeAlias = Mapping[str, Kind]
"""What expressions may name, and how it compares."""

OPERATORS: Mapping[Operator, str] = {
    "is": _("is"),
    "is_not": _("is not"),
    "less": _("is less than"),
    "at_most": _("is at most"),
    "more": _("is more than"),
    "at_least": _("is at least"),
    "contains": _("contains"),
    "answered": _("is answered"),
    "not_answered": _("is not answered"),
}
RECKONINGS: Mapping[Reckoning, str] = {
    "sum": _("the sum of"),
    "difference": _("the first less the others"),
    "product": _("the product of"),
    "share": _("the first in percent of the second"),
    "least": _("the least of"),
    "most": _("the most of"),
}
PARTS: Mapping[str, str] = {
    "first": _("first day"),
    "last": _("last day"),
    "days": _("number of days"),
    "rows": _("number of rows"),
    "country": _("country"),
}
FIELDS: Mapping[str, str] = {
    "profile.name": _("Profile: name of the organisation"),
    "profile.kind": _("Profile: kind of organisation"),
    "profile.town": _("Profile: town"),
    "profile.country": _("Profile: country"),
    "profile.in_cluster": _("Profile: member of a cluster"),
    "call.cap": _("Call: most that one applicant gets"),
    "call.first_day": _("Call: first day"),
    "call.last_day": _("Call: last day"),
    "call.latest_last_day": _("Call: latest day that can still be paid"),
    "call.today": _("Call: today"),
}


def known(form: Definition) -> Known:
    return types(form)


def shape(name: str, label: str, kind: FieldKind = "text", **more: Any) -> Shape:
    given: dict[str, Any] = {"required": False, **more}
    return Shape(name=name, label=label, kind=kind, **given)


def chosen(words: Mapping[Any, str]) -> tuple[tuple[object, str], ...]:
    return tuple((value, _(label)) for value, label in words.items())


def sources(form: Definition) -> list[tuple[object, str]]:
    """What a condition may rest on, by the words of the form's first language."""
    language = form.languages[0]
    found: list[tuple[object, str]] = []
    for _page, question in form.questions:
        label = question.label.get(language) or question.key
        if question.kind == "computed":
            found.append((f"answer.{question.key}", label))
        for name, _kind in parts(question):
            part = name.partition(".")[2]
            column = next((one for one in question.questions if one.key == part), None)
            said = column.label.get(language, part) if column else _(PARTS[part]) if part in PARTS else ""
            found.append((f"answer.{name}", f"{label}: {said}" if said else label))
    return [*found, *chosen(FIELDS)]


def condition_rows(form: Definition, rows: int) -> list[list[Shape]]:
    """The menus of so many tests."""
    offered = tuple(sources(form))
    return [
        [
            shape(f"when-{n}-left", _("What"), "select", choices=offered, required=True),
            shape(f"when-{n}-op", _("Test"), "select", choices=chosen(OPERATORS), required=True),
            shape(f"when-{n}-value", _("This value"), required=True),
            shape(f"when-{n}-right", _("Or another answer"), "select", choices=offered, required=True),
        ]
        for n in range(min(rows, MOST_TESTS))
    ]


def join_shape() -> Shape:
    choices = (("all", _("All of them")), ("any", _("One of them is enough")))
    return shape("when-join", _("Which of these must hold?"), "radios", choices=choices)


def condition_values(condition: Condition | None, known: Known) -> dict[str, Any]:
    values: dict[str, Any] = {"when-join": condition.join if condition else "all"}
    for n, test in enumerate(condition.tests if condition else ()):
        values[f"when-{n}-left"] = _named(test.left)
        values[f"when-{n}-op"] = test.op
        if test.right is not None:
            values[f"when-{n}-right"] = _named(test.right.source) if test.right.source else ""
            values[f"when-{n}-value"] = _shown(test.right.value, known.get(_named(test.left)))
    return values


def condition_told(condition: Condition, form: Definition) -> str:
    """What must hold, in the words of the menus."""
    words, kinds = dict(sources(form)), types(form)
    said: list[str] = []
    for test in condition.tests:
        left, right = _named(test.left), ""
        if test.right is not None:
            other = test.right.source
            right = words.get(_named(other), "") if other else _shown(test.right.value, kinds.get(left))
        said.append(f"{words.get(left, test.left.name)} {_(OPERATORS[test.op])} {right}".strip())
    if len(said) < 2:
        return "".join(said)
    joined = _("all of: %(tests)s") if condition.join == "all" else _("one of: %(tests)s")
    return joined % {"tests": "; ".join(said)}


def condition_from(form: Definition, posted: Posted) -> Condition | None:
    """The condition that the menus make, None where they are empty; DomainError at the constant that does not fit."""
    kinds = types(form)
    tests: list[Test] = []
    for n in range(MOST_TESTS):
        left = str(posted.get(f"when-{n}-left", ""))
        if left:
            tests.append(_test(n, left, kinds.get(left), posted))
    if not tests:
        return None
    return Condition(join="any" if posted.get("when-join") == "any" else "all", tests=tuple(tests))


def _test(n: int, left: str, kind: Kind | None, posted: Posted) -> Test:
    op = cast("Operator", str(posted.get(f"when-{n}-op", "")) or "answered")
    if op not in get_args(Operator):
        raise DomainError("form-operator", f"when-{n}-op")
    right: Operand | None = None
    if op not in ("answered", "not_answered"):
        if other := str(posted.get(f"when-{n}-right", "")):
            right = Operand(source=_source(other))
        else:
            right = Operand(
                value=_constant(str(posted.get(f"when-{n}-value", "")).strip(), kind, f"when-{n}-value")
            )
    return Test(left=_source(left), op=op, right=right)


def _constant(text: str, kind: Kind | None, field: str) -> bool | int | float | str:
    """Yes or no, a number, cents or a day, as the kind compared with needs it."""
    match kind:
        case "yes_no":
            answers = {"yes": True, "no": False, _("Yes").lower(): True, _("No").lower(): False}
            if text.lower() not in answers:
                raise DomainError("form-constant-yes-no", field)
            return answers[text.lower()]
        case "number":
            plain = text.replace(" ", "").replace(",", ".")
            if not re.fullmatch(r"-?\d+(\.\d+)?", plain):
                raise DomainError("form-constant-number", field)
            return float(plain) if "." in plain else int(plain)
        case "money":
            cents = read([shape("cents", "", "money")], Posted([("cents", text)])).get("cents")
            if not isinstance(cents, int):
                raise DomainError("form-constant-amount", field)
            return cents
        case "date":
            if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
                raise DomainError("form-constant-date", field)
            return text
        case _:
            return text


def calculation_shapes(form: Definition, calculation: Calculation | None) -> Iterator[Shape]:
    yield shape("calc-op", _("Computed as"), "select", choices=chosen(RECKONINGS), required=True)
    for n in range(len(calculation.of if calculation else ()) + 2):
        yield shape(
            f"calc-{n}-source", _("Part %(n)s") % {"n": n + 1}, "select", choices=tuple(sources(form))
        )
        yield shape(f"calc-{n}-value", _("Or this number"))


def calculation_values(calculation: Calculation | None) -> dict[str, Any]:
    values: dict[str, Any] = {"calc-op": calculation.op if calculation else ""}
    for n, operand in enumerate(calculation.of if calculation else ()):
        values[f"calc-{n}-source"] = _named(operand.source) if operand.source else ""
        values[f"calc-{n}-value"] = _shown(operand.value)
    return values


def calculation_from(posted: Posted) -> Calculation | None:
    op = str(posted.get("calc-op", ""))
    operands: list[Operand] = []
    for n in range(50):
        if source := str(posted.get(f"calc-{n}-source", "")):
            operands.append(Operand(source=_source(source)))
        elif text := str(posted.get(f"calc-{n}-value", "")).strip():
            operands.append(Operand(value=_constant(text, "number", f"calc-{n}-value")))
    if op not in RECKONINGS or not operands:
        return None
    return Calculation(op=cast("Reckoning", op), of=tuple(operands))


def _source(named: str) -> Source:
    of, _point, name = named.partition(".")
    return Source.model_validate({"of": of, "name": name})


def _named(source: Source) -> str:
    return f"{source.of}.{source.name}"


def _shown(value: object, kind: Kind | None = None) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if kind == "money" and isinstance(value, int):
        return amount(value)
    return "" if value is None else str(value)
