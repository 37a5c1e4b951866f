"""Answers as people read them: on the case's page, beside a decision, in a conflict, in print."""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from services.applications.forms.answers import Filled
from services.applications.forms.currencies import OF_CALLS, currency_of
from services.applications.forms.definition import Question, worded
from services.applications.forms.values import cents, day, number, rows_of
from services.chassis.web.look import values
from services.chassis.web.look.words import gettext as _

Told = list[tuple[str, str]]


class Printing:
    """One form's answers in the reader's language; `names` says who or what an id stands for (files, organisations)."""

    def __init__(self, filled: Filled, language: str, names: Mapping[str, str] | None = None) -> None:
        self.filled = filled
        self.language = language
        self.names = names or {}

    def say(self, words: Mapping[Any, str]) -> str:
        return worded(words, self.language, self.filled.definition.languages)

    def pages(self) -> list[tuple[str, Told]]:
        """Page by page what was asked and answered; what is hidden does not show."""
        answers = self.filled.answers
        return [
            (
                self.say(page.title),
                [
                    (self.say(one.label), self.text(one, answers.get(one.key)))
                    for one in self.filled.asked_on(page)
                ],
            )
            for page in self.filled.pages
        ]

    def text(self, question: Question, answer: Any) -> str:
        """One answer; "–" where there is none."""
        if question.kind == "computed":
            return self._number(question, self.filled.computed(question))
        if answer in (None, "", [], {}):
            return "–"
        if question.repeats:
            return ";\n".join(self._row(question, row) for row in rows_of(answer))
        return self._simple(question, answer)

    def _row(self, question: Question, row: Mapping[str, Any]) -> str:
        """One row of a table or group: what each column is called, and what stands there."""
        told: list[str] = []
        for column in question.questions:
            if row.get(column.key) not in (None, "", []):
                label = self.say(column.label)
                asked = label if label.endswith("?") else f"{label}:"
                told.append(f"{asked} {self.text(column, row.get(column.key))}")
        return ", ".join(told)

    def _simple(self, question: Question, answer: object) -> str:
        plain, given, several = str(answer), _parts(answer), _several(answer)
        match question.kind:
            case "money":
                found = cents(answer)
                return (
                    str(given.get("cents", ""))
                    if found is None
                    else values.money(found, str(given.get("currency")))
                )
            case "number":
                found = number(answer)
                return plain if found is None else f"{values.number(found)} {question.unit}".strip()
            case "date":
                return self._day(answer)
            case "period":
                return f"{self._day(given.get('first'))} – {self._day(given.get('last'))}"
            case "yes_no" | "declaration":
                return _("Yes") if answer is True else _("No")
            case "choice" | "choices":
                chosen = (
                    [str(one) for one in cast("list[Any]", answer)]
                    if isinstance(answer, list)
                    else [str(answer)]
                )
                said = {one.value: self.say(one.label) for one in question.options}
                return ", ".join(said.get(one, one) for one in chosen)
            case "country":
                return values.country(str(answer))
            case "region":
                return ", ".join(
                    filter(None, (str(given.get("region", "")), values.country(str(given.get("country")))))
                )
            case "person":
                return ", ".join(
                    filter(None, (str(given.get(part, "")) for part in ("name", "function", "email")))
                )
            case "file":
                return ", ".join(self.names.get(one, one[:12]) for one in several)
            case "organisation":
                return self.names.get(plain, _("an organisation"))
            case _:
                return plain

    def _number(self, question: Question, result: Any) -> str:
        if result is None:
            return "–"
        if isinstance(result, int):
            return values.money(result, currency_of(self.filled.definition, question.key) or OF_CALLS)
        return f"{values.number(result)} {question.unit}".strip()

    def _day(self, answer: Any) -> str:
        found = day(answer)
        return values.day(found) if isinstance(found, date) else str(answer or "–")


def _parts(answer: Any) -> dict[str, Any]:
    return cast("dict[str, Any]", answer) if isinstance(answer, dict) else {}


def _several(answer: Any) -> list[str]:
    return [str(one) for one in cast("list[Any]", answer)] if isinstance(answer, list) else [str(answer)]
