"""What the sections of a call's rules share: fields, rows of fields, and the choices of their menus."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from contracts.call_rules import CallRules, texts
from contracts.tables import PARTIES
from services.applications.forms.building import slug
from services.applications.forms.definition import Definition, worded
from services.applications.forms.menus import sources
from services.chassis.web.look.shapes import Kind, Shape
from services.chassis.web.look.words import coded
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import party

MOST_ROWS = 40
SECTION_OF = {
    "rule": "eligibility",
    "task": "stages",
    "criterion": "rubric",
    "cut": "intake",
    "report": "reports",
}
"""Name of a list's rows → the section of the rules that they are."""
Choices = Sequence[tuple[object, str]]


@dataclass(frozen=True)
class Ground:
    """What a section's menus offer: forms that are published, and what the call's form asks."""

    forms: Choices
    form: Definition | None
    language: str

    @property
    def amounts(self) -> Choices:
        return [one for one in self._asked if self.form is not None]

    @property
    def organisations(self) -> Choices:
        """The questions that ask for an organisation."""
        asked = [] if self.form is None else [one for _page, one in self.form.questions]
        return [(one.key, worded(one.label, self.language)) for one in asked if one.kind == "organisation"]

    @property
    def _asked(self) -> Choices:
        if self.form is None:
            return []
        named = [(str(value).removeprefix("answer."), label) for value, label in sources(self.form)]
        return [(value, label) for value, label in named if not value.startswith(("profile.", "call."))]


@dataclass(frozen=True)
class Section:
    """key in the address; shapes and values of its plain fields; rows of its lists."""

    key: str
    title: str
    shapes: Callable[[CallRules, Ground], list[list[Shape]]]
    values: Callable[[CallRules, str], dict[str, Any]]
    put: Callable[[CallRules, dict[str, Any], str], dict[str, Any]]


def shape_of(name: str, label: str, kind: Kind = "text", **more: Any) -> Shape:
    given: dict[str, Any] = {"required": True, **more}
    return Shape(name=name, label=label, kind=kind, **given)


def named(kind: str, values: Sequence[str]) -> Choices:
    return tuple((value, coded(kind, value)) for value in values)


def parties(names: Sequence[str]) -> Choices:
    return tuple((name, party(name) if name in PARTIES else coded("holder", name)) for name in names)


def rows_of(name: str, filled: int, columns: Callable[[str], list[Shape]]) -> list[list[Shape]]:
    return [columns(f"{name}-{n}") for n in range(min(filled + 1, MOST_ROWS))]


def each(name: str, given: dict[str, Any], rules: CallRules, by: str = "title") -> Iterator[dict[str, Any]]:
    """The rows in which the field `by` is filled in, each with its own fields. A new row's key is made of it, unlike
    the keys of the call's other sections.
    """
    rows: list[dict[str, Any]] = []
    for n in range(MOST_ROWS):
        prefix = f"{name}-{n}-"
        row = {key.removeprefix(prefix): value for key, value in given.items() if key.startswith(prefix)}
        if row.get(by):
            rows.append(row)
    elsewhere = {key for section, key, _words in texts(rules) if section != SECTION_OF[name]}
    taken = elsewhere | {row["key"] for row in rows if "key" in row}
    for row in rows:
        if "key" not in row:
            row["key"] = unused(slug(str(row[by])), taken)
            taken.add(row["key"])
        yield row


def unused(key: str, taken: Collection[str]) -> str:
    """The key, or the first of key_2, key_3, … that is not taken."""
    numbered = (f"{key}_{n}" for n in count(2))
    return key if key not in taken else next(one for one in numbered if one not in taken)


def row_named(at: str, name: str, label: str, kind: Kind = "text", **more: Any) -> list[Shape]:
    """The field that a row is known by, and its key, which says on which row this was typed."""
    hint = _("A row without it is left out.")
    return [
        Shape(f"{at}-key", "", kind="hidden", required=False),
        shape_of(f"{at}-{name}", label, kind, hint=hint, **more),
    ]


def filled(name: str, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {f"{name}-{n}-{key}": value for n, row in enumerate(rows) for key, value in row.items()}


def words_of(before: Mapping[str, Mapping[str, str]], key: str, language: str, text: str) -> dict[str, str]:
    return {**before.get(key, {}), language: text}
