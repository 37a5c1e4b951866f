"""A form's page as it is asked: each question as the fields it takes, and what was posted as the answers it means.

What cannot be understood is kept as it was typed, so that nothing is lost and the judge can say what is wrong.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from starlette.datastructures import UploadFile

from contracts.countries import CODES
from services.applications.forms.answers import Filled
from services.applications.forms.currencies import OF_CALLS, currency_of
from services.applications.forms.definition import Definition, Page, Question, worded
from services.applications.forms.values import rows_of
from services.chassis.files import KINDS
from services.chassis.web.look.forms import Field, Posted, asked, read
from services.chassis.web.look.offering import Offer, words_at
from services.chassis.web.look.shapes import Kind, Shape
from services.chassis.web.look.values import country, money, number
from services.chassis.web.look.words import gettext as _

_PLAIN: Mapping[str, Kind] = {
    "short_text": "text",
    "long_text": "textarea",
    "number": "decimal",
    "date": "date",
    "yes_no": "yes_no",
    "declaration": "checkbox",
    "file": "file",
}
FEW = 6


@dataclass(frozen=True)
class Row:
    """One row of a group or table: what removes it, and its blocks."""

    number: int
    remove: str
    blocks: list["Block"]


@dataclass(frozen=True)
class Block:
    """One question on the page."""

    question: Question
    label: str
    help: str
    fields: list[Field]
    error: str = ""
    rows: list[Row] = field(default_factory=list[Row])
    sums: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    value: str = ""
    files: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    add: str = ""
    search: str = ""

    @property
    def target(self) -> str:
        """Id of the element that the error summary leads to."""
        return self.fields[0].target if self.fields else f"block-{self.question.key}"


@dataclass(frozen=True)
class Asking:
    """What asking needs beside the form.

    language        of the reader; where the form lacks it, its first is read
    errors          sentence by place ("costs.2.amount")
    organisations   what a question offers at its place, beside what is chosen there
    files           name by id, of those that are kept
    """

    filled: Filled
    language: str
    errors: Mapping[str, str] = field(default_factory=dict[str, str])
    organisations: Callable[[Question, str, Any], Offer] = lambda _question, _at, _chosen: Offer()
    files: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def definition(self) -> Definition:
        return self.filled.definition

    def say(self, words: Mapping[Any, str]) -> str:
        return worded(words, self.language, self.definition.languages)

    def blocks(self, page: Page) -> list[Block]:
        """The questions of a page that are asked now."""
        answers = self.filled.answers
        return [self._block(one, one.key, answers.get(one.key)) for one in self.filled.asked_on(page)]

    def _block(self, question: Question, at: str, answer: Any) -> Block:
        label, help = self.say(question.label), self.say(question.help)
        error = self.errors.get(at, "")
        if question.kind == "computed":
            return Block(question, label, help, [], value=self._computed(question))
        if question.repeats:
            return self._group(question, at, answer, label, help, error)
        offer = self.organisations(question, at, answer) if question.kind == "organisation" else Offer()
        shapes = list(self.shapes(question, at, offer))
        values = {
            shape.name: value for shape in shapes for value in [_part(question, at, shape.name, answer)]
        }
        values |= {words_at(at): offer.words} if offer.searched else {}
        fields = asked(shapes, values, {shapes[0].name: error} if error else {})
        files = [(id, self.files.get(id, id[:12])) for id in _ids(answer)] if question.kind == "file" else []
        return Block(question, label, help, fields, error, files=files, search=at if offer.searched else "")

    def _group(self, question: Question, at: str, answer: Any, label: str, help: str, error: str) -> Block:
        rows = rows_of(answer) or [{} for _n in range(question.least or 1)]
        return Block(
            question, label, help, [], error,
            rows=[
                Row(n + 1, f"remove:{at}:{n}",
                    [self._block(column, f"{at}.{n}.{column.key}", row.get(column.key))
                     for column in question.questions])
                for n, row in enumerate(rows)
            ],
            sums=[(self.say(column.label), self._sum(question, column)) for column in question.summed],
            add=f"add:{at}",
        )  # fmt: skip

    def _sum(self, question: Question, column: Question) -> str:
        total = self.filled.column_sum(question, column) or 0
        if column.kind == "money":
            return money(int(total), column.currencies[0])
        return f"{number(total)} {column.unit}".strip()

    def _computed(self, question: Question) -> str:
        result = self.filled.computed(question)
        if result is None:
            return "–"
        if isinstance(result, int):
            return money(result, currency_of(self.definition, question.key) or OF_CALLS)
        return f"{number(result)} {question.unit}".strip()

    def shapes(self, question: Question, at: str, offer: Offer) -> Iterator[Shape]:
        """The fields of one simple question."""
        label, hint = self.say(question.label), self.say(question.help)
        common: dict[str, Any] = {
            "hint": hint,
            "required": question.required,
            "clears": not question.required,
        }
        match question.kind:
            case "money":
                single = question.currencies[0] if len(question.currencies) == 1 else ""
                yield Shape(at, label, kind="money", unit=single, **common)
                if not single:
                    offered = tuple((one, one) for one in question.currencies)
                    yield Shape(f"{at}-currency", _("Currency"), kind="select", choices=offered)
            case "period":
                yield Shape(
                    f"{at}-first", _("%(label)s: first day") % {"label": label}, kind="date", **common
                )
                last: dict[str, Any] = {**common, "hint": ""}
                yield Shape(f"{at}-last", _("%(label)s: last day") % {"label": label}, kind="date", **last)
            case "choice":
                few: Kind = "radios" if len(question.options) <= FEW else "select"
                yield Shape(at, label, kind=few, choices=self._options(question), **common)
            case "choices":
                yield Shape(
                    at, label, kind="checkboxes", many=True, choices=self._options(question), **common
                )
            case "country":
                yield Shape(at, label, kind="select", choices=_countries(), **common)
            case "region":
                yield Shape(f"{at}-country", label, kind="select", choices=_countries(), **common)
                yield Shape(f"{at}-region", _("Region or town"), max_length=120, required=question.required)
            case "organisation":
                yield from offer.shapes(at, label, common)
            case "person":
                yield Shape(f"{at}-name", _("%(label)s: name") % {"label": label}, max_length=300, **common)
                yield Shape(f"{at}-email", _("Mail address"), max_length=300, required=question.required)
                yield Shape(f"{at}-function", _("Function"), max_length=300, required=False)
            case "file":
                yield Shape(at, label, kind="file", many=True, accept=",".join(KINDS), **common)
            case kind:
                most = question.max_length or (300 if kind == "short_text" else 20_000)
                long = most if kind in ("short_text", "long_text") else None
                yield Shape(at, label, kind=_PLAIN[kind], max_length=long, unit=question.unit, **common)

    def _options(self, question: Question) -> tuple[tuple[object, str], ...]:
        return tuple((one.value, self.say(one.label)) for one in question.options)

    def answers_of(self, page: Page, posted: Posted) -> dict[str, Any]:
        """What was posted for the questions that the page asks now; of a file the uploads and the ids to keep."""
        return {
            question.key: self._answer(question, question.key, posted)
            for question in self.filled.asked_on(page)
            if question.kind != "computed"
        }

    def _answer(self, question: Question, at: str, posted: Posted) -> Any:
        if question.repeats:
            return [self._row(question, f"{at}.{n}", posted) for n in _row_numbers(at, posted)]
        given = read(list(self.shapes(question, at, Offer())), posted)
        match question.kind:
            case "money":
                if at not in given:
                    return None
                currency = given.get(f"{at}-currency", question.currencies[0])
                return {"cents": given[at], "currency": currency}
            case "number":
                return _number(given.get(at))
            case "period" | "region" | "person":
                parts: dict[str, Any] = {name.rpartition("-")[2]: value for name, value in given.items()}
                return parts or None
            case "file":
                kept_ids = [str(one) for one in posted.getlist(f"{at}-keep")]
                uploads = cast("list[UploadFile]", given.get(at, []))
                return [*kept_ids, *uploads] or None
            case "declaration":
                return bool(given.get(at))
            case "choices":
                return given.get(at) or None
            case _:
                return given.get(at)

    def _row(self, question: Question, at: str, posted: Posted) -> dict[str, Any]:
        given = {one.key: self._answer(one, f"{at}.{one.key}", posted) for one in question.questions}
        return {key: value for key, value in given.items() if value not in (None, False)}


def listed_blocks(blocks: Sequence[Block]) -> list[dict[str, str]]:
    """Every reason for the summary above the page, with a link to its question."""
    found: list[dict[str, str]] = []
    for block in blocks:
        if block.error:
            found.append({"text": f"{block.label}: {block.error}", "href": f"#{block.target}"})
        for row in block.rows:
            found += listed_blocks(row.blocks)
    return found


def _part(question: Question, at: str, name: str, answer: Any) -> Any:
    """The part of an answer that a field shows."""
    part = name[len(at) + 1 :] if name != at else ""
    given = cast("dict[str, Any]", answer) if isinstance(answer, dict) else {}
    if question.kind == "money":
        return given.get("currency") if part else given.get("cents")
    if question.kind == "file":
        return None
    return given.get(part) if part else cast("object", answer)


def _ids(answer: Any) -> list[str]:
    return (
        [one for one in cast("list[Any]", answer) if isinstance(one, str)] if isinstance(answer, list) else []
    )


def _row_numbers(at: str, posted: Posted) -> list[int]:
    """The rows that were posted, whatever their numbers."""
    found: set[int] = set()
    for name in posted:
        if name.startswith(f"{at}."):
            index = name[len(at) + 1 :].partition(".")[0]
            if index.isdecimal() and len(index) < 4:
                found.add(int(index))
    return sorted(found)


def _number(typed: Any) -> Any:
    """A number where it is one, else what was typed."""
    if not isinstance(typed, str):
        return typed
    try:
        return float(typed) if "." in typed else int(typed)
    except ValueError:
        return typed


def _countries() -> tuple[tuple[object, str], ...]:
    return tuple(sorted(((code, country(code)) for code in CODES), key=lambda one: one[1]))


def rows_changed(answers: Mapping[str, Any], do: str) -> dict[str, Any]:
    """The answers after a button added a row to a group ("add:costs") or removed one ("remove:costs:1"). Elsewhere rows
    in which nothing stands are left out, but not while somebody searches ("search:costs.1.provider")."""
    act, _colon, rest = do.partition(":")
    key, _colon, index = rest.partition(":")
    if act == "search":
        return dict(answers)
    rows = rows_of(answers.get(key))
    if act == "remove" and index.isdecimal():
        rows = [row for n, row in enumerate(rows) if n != int(index)]
    changed = {name: _without_empty_rows(answer) for name, answer in answers.items()}
    if act in ("add", "remove"):
        changed[key] = [*rows, {}] if act == "add" else rows
    return changed


def _without_empty_rows(answer: Any) -> Any:
    if not isinstance(answer, list):
        return answer
    return [one for one in cast("list[Any]", answer) if one != {}] or None
