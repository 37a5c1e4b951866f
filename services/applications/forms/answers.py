"""Answers against a definition: which questions are asked, what is computed, what is wrong, what is submitted.

Pure. What is hidden stays in the draft as it is and is neither checked nor submitted.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, cast

from contracts.errors import Finding
from contracts.expressions import Condition, Source, Value, all_answered, holds, reckon
from services.applications.forms.currencies import OF_CALLS, currency_of
from services.applications.forms.definition import Definition, Page, Question
from services.applications.forms.judging import is_empty, judge
from services.applications.forms.values import day, rows_of, simple

Answers = Mapping[str, Any]


@dataclass(frozen=True)
class Ground:
    """What conditions may rest on beside the answers (contracts/expressions.py names the fields)."""

    profile: Mapping[str, Value | None] = field(default_factory=dict[str, "Value | None"])
    call: Mapping[str, Value | None] = field(default_factory=dict[str, "Value | None"])


class Filled:
    """A form that somebody is filling in. The definition has been checked: it has no cycles."""

    def __init__(self, definition: Definition, answers: Answers, ground: Ground | None = None) -> None:
        self.definition = definition
        self.answers = answers
        self.ground = ground or Ground()
        self._known: dict[str, Value | None] = {}
        self._asked: dict[str, bool] = {}

    @cached_property
    def _homes(self) -> Mapping[str, tuple[Page, Question]]:
        return {question.key: (page, question) for page, question in self.definition.questions}

    @property
    def pages(self) -> list[Page]:
        """The pages that are asked now."""
        return [page for page in self.definition.pages if self.is_open(page.when) and self.asked_on(page)]

    def asked_on(self, page: Page) -> list[Question]:
        """The questions that a page asks now."""
        return [question for question in page.questions if self.is_asked(question.key)]

    def is_asked(self, key: str) -> bool:
        """Whether a question is asked, by its own condition and its page's."""
        if key not in self._asked:
            page, question = self._homes[key]
            self._asked[key] = self.is_open(page.when) and self.is_open(question.when)
        return self._asked[key]

    def is_open(self, condition: Condition | None) -> bool:
        return holds(condition, self.look)

    def look(self, source: Source) -> Value | None:
        """What a source stands for now; None if it is not answered, hidden, or not understood."""
        if source.of == "profile":
            return self.ground.profile.get(source.name)
        if source.of == "call":
            return self.ground.call.get(source.name)
        if source.name not in self._known:
            self._known[source.name] = self._answer(source.name)
        return self._known[source.name]

    def computed(self, question: Question) -> Decimal | int | None:
        """The value of a computed question: cents, a number, or None while something is missing."""
        assert question.calculation is not None
        return reckon(question.calculation, self.look)

    def column_sum(self, question: Question, column: Question) -> Decimal | int | None:
        """The sum of a table's column over its rows; what is not understood counts as nothing."""
        rows = rows_of(self.answers.get(question.key))
        values = [simple(column, row.get(column.key)) for row in rows]
        numbers = [value for value in values if isinstance(value, Decimal | int)]
        if column.kind == "money":
            return sum(int(value) for value in numbers)
        return sum((Decimal(value) for value in numbers), Decimal(0))

    def findings(self, page: Page | None = None) -> list[Finding]:
        """What is wrong: on one page, or on all that are asked. Nothing hidden is looked at."""
        pages = self.pages if page is None else [page]
        now = self.ground.call.get("today")
        today = now if isinstance(now, date) else None
        found = [
            finding
            for one in pages
            for question in self.asked_on(one)
            for finding in judge(question, self.answers.get(question.key), today)
        ]
        wrong = {finding.at.partition(".")[0] for finding in found}
        here = {question.key for one in pages for question in self.asked_on(one)}
        for check in self.definition.checks:
            if check.at not in here or check.at in wrong or not all_answered(check.must, self.look):
                continue
            if not holds(check.must, self.look):
                found.append(Finding("answer-check", check.at, {"check": check.key}))
        return found

    def submitted(self) -> dict[str, Any]:
        """The answers that count: those of asked questions, with what was computed from them."""
        kept: dict[str, Any] = {}
        for page in self.pages:
            for question in self.asked_on(page):
                if question.kind == "computed":
                    currency = currency_of(self.definition, question.key) or OF_CALLS
                    kept[question.key] = _as_json(self.computed(question), currency)
                elif not is_empty(answer := self.answers.get(question.key)):
                    kept[question.key] = answer
        return kept

    def _answer(self, name: str) -> Value | None:
        key, _, part = name.partition(".")
        home = self._homes.get(key)
        if home is None or not self.is_asked(key):
            return None
        question, answer = home[1], self.answers.get(key)
        if question.kind == "computed":
            return self.computed(question)
        if part:
            return self._part(question, answer, part)
        return simple(question, answer)

    def _part(self, question: Question, answer: Any, part: str) -> Value | None:
        if part == "rows":
            return Decimal(len(cast("list[Any]", answer))) if isinstance(answer, list) else Decimal(0)
        if question.repeats:
            column = next((one for one in question.questions if one.key == part), None)
            return None if column is None else self.column_sum(question, column)
        given = cast("dict[str, Any]", answer) if isinstance(answer, dict) else {}
        if question.kind == "region":
            return str(given["country"]) if given.get("country") else None
        first, last = day(given.get("first")), day(given.get("last"))
        if part == "days":
            return Decimal((last - first).days + 1) if first and last and first <= last else None
        return first if part == "first" else last


def _as_json(value: Decimal | int | None, currency: str) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return None if value is None else {"cents": value, "currency": currency}


def places(findings: list[Finding]) -> Iterator[str]:
    """Where something is wrong, each place once."""
    yield from dict.fromkeys(finding.at for finding in findings)
