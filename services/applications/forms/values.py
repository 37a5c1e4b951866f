"""Answers read as what they mean: a number, cents, a day. What cannot be read is None, never an error."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from contracts.expressions import Value
from services.applications.forms.definition import Definition, Question


def rows_of(answer: Any) -> list[dict[str, Any]]:
    """The rows of a group's answer; anything else counts as none."""
    given = cast("list[Any]", answer) if isinstance(answer, list) else []
    return [cast("dict[str, Any]", row) for row in given if isinstance(row, dict)]


def persons_in(definition: Definition, answers: Mapping[str, Any]) -> Iterator[str]:
    """The names of all people that answers give, those in repeated groups too."""
    for _page, question in definition.questions:
        rows = rows_of(answers.get(question.key)) if question.repeats else [answers]
        for one in question.questions if question.repeats else (question,):
            given = [row.get(one.key) for row in rows] if one.kind == "person" else []
            yield from (
                str(cast("dict[str, Any]", person).get("name", ""))
                for person in given
                if isinstance(person, dict)
            )


def simple(question: Question, answer: Any) -> Value | None:
    """An answer as expressions compare it; None where it is missing or not understood."""
    match question.kind:
        case "number":
            return number(answer)
        case "money":
            return cents(answer)
        case "date":
            return day(answer)
        case "yes_no" | "declaration":
            return answer if isinstance(answer, bool) else None
        case "choices":
            return tuple(str(one) for one in cast("list[Any]", answer)) if isinstance(answer, list) else None
        case _:
            return answer if isinstance(answer, str) and answer else None


def number(answer: Any) -> Decimal | None:
    if isinstance(answer, bool) or not isinstance(answer, int | float | str):
        return None
    try:
        value = Decimal(str(answer))
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def cents(answer: Any) -> int | None:
    given = cast("dict[str, Any]", answer).get("cents") if isinstance(answer, dict) else None
    return given if isinstance(given, int) and not isinstance(given, bool) else None


def day(answer: Any) -> date | None:
    try:
        return date.fromisoformat(answer) if isinstance(answer, str) else None
    except ValueError:
        return None
