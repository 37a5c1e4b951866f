"""What is wrong with one answer, by the type and the limits of its question. Pure; every slug has its sentence."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, TypeAlias, cast
from uuid import UUID

from contracts.countries import CODES
from contracts.errors import Finding
from services.applications.forms.definition import LONGEST_ANSWER, Question, QuestionKind
from services.applications.forms.values import cents, day, number, rows_of

SHORT = 300
MOST_ROWS = 200
MOST_FILES = 20
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_FILE = re.compile(r"[0-9a-f]{64}")

Wrong: TypeAlias = tuple[str, dict[str, object]]
Judge: TypeAlias = Callable[[Question, Any, date | None], Iterator[Wrong]]


def judge(question: Question, answer: Any, today: date | None, at: str = "") -> Iterator[Finding]:
    """The findings on one answer; of a group also those on its rows, at "costs.2.amount" (rows count from 0)."""
    at = at or question.key
    if question.kind == "computed":
        return
    if is_empty(answer) or (question.kind == "declaration" and answer is False):
        if question.required:
            yield Finding(_MISSING.get(question.kind, "answer-missing"), at)
        return
    for slug, params in _JUDGES[question.kind](question, answer, today):
        yield Finding(slug, at, params)
    if question.repeats:
        for index, row in enumerate(rows_of(answer)[:MOST_ROWS]):
            for column in question.questions:
                yield from judge(column, row.get(column.key), today, f"{at}.{index}.{column.key}")


def is_empty(answer: Any) -> bool:
    """Nothing, or only empty parts."""
    if answer is None or answer in ("", [], {}):
        return True
    if isinstance(answer, dict):
        return all(is_empty(part) for part in cast("dict[str, Any]", answer).values())
    return False


_MISSING: Mapping[QuestionKind, str] = {
    "declaration": "answer-declare",
    "choices": "answer-choose",
    "choice": "answer-choose",
    "yes_no": "answer-choose",
    "file": "answer-file-missing",
    "group": "answer-rows-missing",
    "table": "answer-rows-missing",
}


def _text(question: Question, answer: Any, today: date | None) -> Iterator[Wrong]:
    most = question.max_length or (SHORT if question.kind == "short_text" else LONGEST_ANSWER)
    if not isinstance(answer, str):
        yield "answer-unreadable", {}
    elif len(answer) > most:
        yield "answer-too-long", {"most": most, "length": len(answer)}
    elif question.kind == "short_text" and "\n" in answer:
        yield "answer-one-line", {}


def _number(question: Question, answer: Any, today: date | None) -> Iterator[Wrong]:
    value = number(answer)
    if value is None:
        yield "answer-not-number", {}
        return
    exponent = value.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > question.decimals:
        yield "answer-decimals", {"decimals": question.decimals}
    yield from _between(question, value)


def _money(question: Question, answer: Any, today: date | None) -> Iterator[Wrong]:
    value = cents(answer)
    if value is None:
        yield "answer-not-amount", {}
    elif cast("dict[str, Any]", answer).get("currency") not in question.currencies:
        yield "answer-currency", {"allowed": ", ".join(question.currencies)}
    elif value < 0 and question.least is None:
        yield "answer-below", {"least": "0"}
    else:
        for slug, params in _between(question, value):
            yield slug, {name: f"{int(str(limit)) / 100:,.2f}" for name, limit in params.items()}


def _between(question: Question, value: Any) -> Iterator[Wrong]:
    if question.least is not None and value < question.least:
        yield "answer-below", {"least": question.least}
    if question.most is not None and value > question.most:
        yield "answer-above", {"most": question.most}


def _date(question: Question, answer: Any, today: date | None) -> Iterator[Wrong]:
    value = day(answer)
    if value is None:
        yield "answer-not-date", {}
    elif question.future and today is not None and value <= today:
        yield "answer-past", {}


def _period(question: Question, answer: Any, today: date | None) -> Iterator[Wrong]:
    given = cast("dict[str, Any]", answer) if isinstance(answer, dict) else {}
    first, last = day(given.get("first")), day(given.get("last"))
    if first is None or last is None:
        yield "answer-not-period", {}
    elif last < first:
        yield "answer-period-reversed", {}
    else:
        length = (last - first).days + 1
        if question.future and today is not None and first <= today:
            yield "answer-past", {}
        if question.least is not None and length < question.least:
            yield "answer-period-short", {"least": question.least, "length": length}
        if question.most is not None and length > question.most:
            yield "answer-period-long", {"most": question.most, "length": length}


def _yes_no(question: Question, answer: Any, today: date | None) -> Iterator[Wrong]:
    if not isinstance(answer, bool):
        yield "answer-choose", {}


def _choice(question: Question, answer: Any, today: date | None) -> Iterator[Wrong]:
    if answer not in [option.value for option in question.options]:
        yield "answer-not-offered", {}


def _choices(question: Question, answer: Any, today: date | None) -> Iterator[Wrong]:
    given = cast("list[Any]", answer) if isinstance(answer, list) else [None]
    offered = {option.value for option in question.options}
    if not all(isinstance(one, str) and one in offered for one in given) or len(set(given)) != len(given):
        yield "answer-not-offered", {}
    else:
        yield from _count(question, len(given), "answer-too-few", "answer-too-many")


def _country(question: Question, answer: Any, today: date | None) -> Iterator[Wrong]:
    if not isinstance(answer, str) or answer not in CODES:
        yield "answer-not-country", {}


def _region(question: Question, answer: Any, today: date | None) -> Iterator[Wrong]:
    given = cast("dict[str, Any]", answer) if isinstance(answer, dict) else {}
    region = given.get("region")
    if given.get("country") not in CODES:
        yield "answer-not-country", {}
    elif not isinstance(region, str) or not region.strip() or len(region) > 120:
        yield "answer-region-missing", {}


def _organisation(question: Question, answer: Any, today: date | None) -> Iterator[Wrong]:
    try:
        UUID(str(answer))
    except ValueError:
        yield "answer-not-organisation", {}


def _person(question: Question, answer: Any, today: date | None) -> Iterator[Wrong]:
    given = cast("dict[str, Any]", answer) if isinstance(answer, dict) else {}
    texts = {name: given.get(name, "") for name in ("name", "email", "function")}
    if not all(isinstance(text, str) and len(text) <= SHORT for text in texts.values()):
        yield "answer-unreadable", {}
    elif not texts["name"] or not _MAIL.fullmatch(texts["email"]):
        yield "answer-person", {}


def _file(question: Question, answer: Any, today: date | None) -> Iterator[Wrong]:
    given = cast("list[Any]", answer) if isinstance(answer, list) else [answer]
    if not all(isinstance(one, str) and _FILE.fullmatch(one) for one in given):
        yield "answer-unreadable", {}
    elif len(given) > (question.most or MOST_FILES):
        yield "answer-too-many", {"most": question.most or MOST_FILES}


def _declaration(question: Question, answer: Any, today: date | None) -> Iterator[Wrong]:
    if answer is not True:
        yield "answer-declare", {}


def _rows(question: Question, answer: Any, today: date | None) -> Iterator[Wrong]:
    rows = rows_of(answer)
    if not isinstance(answer, list) or len(rows) != len(cast("list[Any]", answer)):
        yield "answer-unreadable", {}
        return
    known = {column.key for column in question.questions}
    if any(row.keys() - known for row in rows):
        yield "answer-unreadable", {}
    yield from _count(question, len(rows), "answer-rows-few", "answer-rows-many", MOST_ROWS)


def _count(
    question: Question, count: int, few: str, many: str, at_most: int | None = None
) -> Iterator[Wrong]:
    most = min(question.most or at_most or count, at_most or count) if at_most else question.most
    if question.least is not None and count < question.least:
        yield few, {"least": question.least}
    if most is not None and count > most:
        yield many, {"most": most}


_JUDGES: Mapping[QuestionKind, Judge] = {
    "short_text": _text,
    "long_text": _text,
    "number": _number,
    "money": _money,
    "date": _date,
    "period": _period,
    "yes_no": _yes_no,
    "choice": _choice,
    "choices": _choices,
    "country": _country,
    "region": _region,
    "organisation": _organisation,
    "person": _person,
    "file": _file,
    "declaration": _declaration,
    "group": _rows,
    "table": _rows,
}
