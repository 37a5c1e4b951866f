"""Conditions, calculations and checks as data: chosen from menus over answers, profile and call data, typed, and
evaluated here alone. Nobody types a formula or a pattern, so nothing that is published can run away.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

from contracts.money import half_up

Kind: TypeAlias = Literal["text", "number", "money", "date", "yes_no", "choice", "choices"]
"""What can be compared: money in cents, dates as dates, choices by their values."""
Value: TypeAlias = str | Decimal | int | date | bool | tuple[str, ...]
Look: TypeAlias = Callable[["Source"], Value | None]
"""Finds what a source stands for; None while it is not answered, or hidden."""

Operator: TypeAlias = Literal[
    "is", "is_not", "less", "at_most", "more", "at_least", "contains", "answered", "not_answered"
]
Reckoning: TypeAlias = Literal["sum", "difference", "product", "share", "least", "most"]

PROFILE: Mapping[str, Kind] = {
    "name": "text",
    "kind": "choice",
    "town": "text",
    "country": "choice",
    "in_cluster": "yes_no",
}
"""What an organisation's profile says."""
CALL: Mapping[str, Kind] = {
    "cap": "money",
    "first_day": "date",
    "last_day": "date",
    "latest_last_day": "date",
    "today": "date",
}
"""What a call says; latest_last_day is the last day of an activity that can still be paid within the action."""

_ORDERED = ("less", "at_most", "more", "at_least")
_ALONE = ("answered", "not_answered")
OPERATORS: Mapping[Kind, tuple[Operator, ...]] = {
    "text": ("is", "is_not", "answered", "not_answered"),
    "number": ("is", "is_not", *_ORDERED, *_ALONE),
    "money": ("is", "is_not", *_ORDERED, *_ALONE),
    "date": ("is", "is_not", *_ORDERED, *_ALONE),
    "yes_no": ("is", "is_not", *_ALONE),
    "choice": ("is", "is_not", *_ALONE),
    "choices": ("contains", *_ALONE),
}
"""Which tests a kind of value allows."""


class Model(BaseModel):
    """Data that never changes and knows no field beyond its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(Model):
    """Where a value comes from: an answer by its question's key, a field of the profile, or of the call.

    Parts of an answer have a point: "trip.first", "trip.days" of a period, "costs.amount" the sum of a column,
    "costs.rows" how many rows were given.
    """

    of: Literal["answer", "profile", "call"]
    name: str


class Operand(Model):
    """A source, or a constant: a number, cents, an ISO date, yes or no, the value of a choice."""

    source: Source | None = None
    value: bool | int | float | str | None = None


class Test(Model):
    left: Source
    op: Operator
    right: Operand | None = None

    @property
    def sources(self) -> Iterator[Source]:
        yield self.left
        if self.right is not None and self.right.source is not None:
            yield self.right.source


class Condition(Model):
    """Tests that must all hold, or of which one is enough."""

    join: Literal["all", "any"] = "all"
    tests: tuple[Test, ...]

    @property
    def sources(self) -> Iterator[Source]:
        for test in self.tests:
            yield from test.sources


class Calculation(Model):
    """A number or an amount made from others. `share` is the first in percent of the second."""

    op: Reckoning
    of: tuple[Operand, ...]

    @property
    def sources(self) -> Iterator[Source]:
        for operand in self.of:
            if operand.source is not None:
                yield operand.source


def holds(condition: Condition | None, look: Look) -> bool:
    """Whether a condition holds; none at all always does."""
    if condition is None:
        return True
    results = (test_holds(test, look) for test in condition.tests)
    return all(results) if condition.join == "all" else any(results)


def test_holds(test: Test, look: Look) -> bool:
    """What is not answered is neither more nor less than anything, and is not what it is compared with."""
    left = look(test.left)
    if test.op == "answered":
        return left not in (None, "", ())
    if test.op == "not_answered":
        return left in (None, "", ())
    right = operand_value(test.right, look, like=left)
    if left is None or right is None:
        return test.op == "is_not"
    return _COMPARISONS[test.op](left, right)


def all_answered(condition: Condition, look: Look) -> bool:
    """Whether everything that a condition asks for has been answered."""
    return all(look(source) is not None for source in condition.sources)


def reckon(calculation: Calculation, look: Look) -> Decimal | int | None:
    """The result: cents if money takes part (a share is always a number), None while an operand is missing."""
    values: list[Decimal | int] = []
    for operand in calculation.of:
        value = look(operand.source) if operand.source else Decimal(str(operand.value))
        if not isinstance(value, Decimal | int) or isinstance(value, bool):
            return None
        values.append(value)
    money = any(isinstance(value, int) for value in values)
    result = _reckoned(calculation.op, [Decimal(value) for value in values])
    if result is None or not money or calculation.op == "share":
        return result
    return half_up(result)


def operand_value(operand: Operand | None, look: Look, like: Value | None) -> Value | None:
    """A constant is read as the kind of value it is compared with."""
    if operand is None:
        return None
    if operand.source is not None:
        return look(operand.source)
    return constant(operand.value, like)


def constant(value: bool | int | float | str | None, like: Value | None) -> Value | None:
    """None where the constant cannot be of that kind."""
    try:
        match like:
            case None:
                return None
            case bool():
                return value if isinstance(value, bool) else None
            case Decimal():
                return Decimal(str(value))
            case int():
                return int(str(value))
            case date():
                return date.fromisoformat(str(value))
            case _:
                return str(value)
    except (ValueError, ArithmeticError):
        return None


def _reckoned(op: Reckoning, values: list[Decimal]) -> Decimal | None:
    match op:
        case "sum":
            return sum(values, Decimal(0))
        case "difference":
            return values[0] - sum(values[1:], Decimal(0))
        case "product":
            result = Decimal(1)
            for value in values:
                result *= value
            return result
        case "share":
            return None if values[1] == 0 else (values[0] * 100 / values[1]).quantize(Decimal("0.01"))
        case "least":
            return min(values)
        case "most":
            return max(values)


_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "is": lambda left, right: left == right,
    "is_not": lambda left, right: left != right,
    "less": lambda left, right: left < right,
    "at_most": lambda left, right: left <= right,
    "more": lambda left, right: left > right,
    "at_least": lambda left, right: left >= right,
    "contains": lambda left, right: right in left,
}
