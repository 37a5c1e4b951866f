"""The definition of a form: pages of questions, worded per language. A published one never changes.

What may be set for which type of question stands in SETTINGS; the builder and the checks read it from there.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field, StringConstraints, ValidationError

from contracts.errors import DomainError
from contracts.expressions import Calculation, Condition, Kind, Model

Language: TypeAlias = Literal["en", "de", "fr", "pl"]
Key: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[a-z][a-z0-9_]*$")]
Words: TypeAlias = dict[Language, Annotated[str, StringConstraints(max_length=4000)]]
QuestionKind: TypeAlias = Literal[
    "short_text", "long_text", "number", "money", "date", "period", "yes_no", "choice", "choices", "country",
    "region", "organisation", "person", "file", "declaration", "group", "table", "computed",
]  # fmt: skip

MOST_BYTES = 1_000_000
LONGEST_ANSWER = 20_000

SETTINGS: Mapping[QuestionKind, frozenset[str]] = {
    "short_text": frozenset({"max_length", "prefill"}),
    "long_text": frozenset({"max_length"}),
    "number": frozenset({"unit", "decimals", "least", "most"}),
    "money": frozenset({"currencies", "least", "most"}),
    "date": frozenset({"future"}),
    "period": frozenset({"future", "least", "most"}),
    "yes_no": frozenset(),
    "choice": frozenset({"options"}),
    "choices": frozenset({"options", "least", "most"}),
    "country": frozenset({"prefill"}),
    "region": frozenset(),
    "organisation": frozenset({"among"}),
    "person": frozenset(),
    "file": frozenset({"most"}),
    "declaration": frozenset(),
    "group": frozenset({"questions", "least", "most"}),
    "table": frozenset({"questions", "least", "most"}),
    "computed": frozenset({"calculation", "unit"}),
}
"""Type of question → what may be set for it beside label, help, required and when."""

COLUMNS: frozenset[QuestionKind] = frozenset({"short_text", "number", "money", "date", "choice", "country"})
"""What a column of a table may be; a repeated group asks anything but another group."""
NESTED: frozenset[QuestionKind] = frozenset({"group", "table", "computed"})


class Choice(Model):
    """One answer to choose: what is stored, and its words."""

    value: Key
    label: Words


class Question(Model):
    """One question. Amounts in `least` and `most` are cents; of a period they are days, of files and rows a count.

    when     asked only while this holds; its answer is kept when it is hidden, but neither checked nor submitted
    prefill  field of the organisation's profile that the first answer is taken from
    among    which organisations may be chosen: all, knowledge providers registered with the call's partnership, or
             hosts, with whichever partnership they are
    """

    key: Key
    kind: QuestionKind
    label: Words
    help: Words = {}
    required: bool = True
    when: Condition | None = None
    max_length: int | None = Field(default=None, ge=1, le=LONGEST_ANSWER)
    unit: str = Field(default="", max_length=20)
    decimals: int = Field(default=0, ge=0, le=6)
    least: int | None = None
    most: int | None = None
    future: bool = False
    currencies: tuple[Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")], ...] = ("EUR",)
    options: tuple[Choice, ...] = ()
    questions: tuple["Question", ...] = ()
    calculation: Calculation | None = None
    prefill: Literal["", "name", "town", "country"] = ""
    among: Literal["", "providers", "hosts"] = ""

    @property
    def repeats(self) -> bool:
        """Whether it is answered by rows of answers."""
        return self.kind in ("group", "table")

    @property
    def summed(self) -> tuple["Question", ...]:
        """The columns of a table that have a sum: numbers, and amounts in one currency."""
        return tuple(
            one for one in self.questions
            if one.kind == "number" or (one.kind == "money" and len(one.currencies) == 1)
        )  # fmt: skip


class Page(Model):
    """One page, with the questions it asks; skipped unless `when` holds."""

    key: Key
    title: Words
    lead: Words = {}
    when: Condition | None = None
    questions: tuple[Question, ...] = ()


class Check(Model):
    """What must hold between answers, said at a question when it does not; judged once all of it is answered."""

    key: Key
    at: Key
    must: Condition
    text: Words


class Definition(Model):
    """A whole form. The first language is the one the others are translated from."""

    format: Literal["relais-form/1"] = "relais-form/1"
    languages: tuple[Language, ...] = Field(default=("en",), min_length=1)
    title: Words
    pages: tuple[Page, ...] = ()
    checks: tuple[Check, ...] = ()

    @property
    def questions(self) -> Iterator[tuple[Page, Question]]:
        """Every question with its page, in the order they are asked."""
        for page in self.pages:
            for question in page.questions:
                yield page, question

    @property
    def size(self) -> int:
        """How many questions there are, those of groups and tables counted too."""
        return sum(1 + len(question.questions) for _, question in self.questions)

    def question(self, key: str) -> Question | None:
        return next((question for _, question in self.questions if question.key == key), None)

    def page(self, key: str) -> Page | None:
        return next((page for page in self.pages if page.key == key), None)


def read(content: bytes | str) -> Definition:
    """A definition from its JSON; DomainError("form-too-large") or ("form-unreadable") says where it is wrong."""
    if len(content) > MOST_BYTES:
        raise DomainError("form-too-large", "definition", most=MOST_BYTES // 1000)
    try:
        return Definition.model_validate_json(content)
    except ValidationError as reason:
        first = reason.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "JSON"
        raise DomainError("form-unreadable", "definition", where=where, why=first["msg"]) from None
    except RecursionError:
        raise DomainError("form-unreadable", "definition", where="JSON", why="nested too deeply") from None


def written(definition: Definition) -> str:
    """The definition as JSON, the same for the same form, without what is only default."""
    content = definition.model_dump(mode="json", exclude_defaults=True)
    return json.dumps({"format": definition.format, **content}, ensure_ascii=False, indent=2) + "\n"


def as_data(definition: Definition) -> dict[str, Any]:
    """The definition as it is kept in a row."""
    return definition.model_dump(mode="json", exclude_defaults=True)


def worded(words: Mapping[Any, str], language: str, languages: tuple[str, ...] = ()) -> str:
    """The text in this language, else in the first one that the form has."""
    return (
        words.get(language)
        or next((words[one] for one in languages if words.get(one)), "")
        or next(iter(words.values()), "")
    )


COMPARED: Mapping[QuestionKind, Kind] = {
    "short_text": "text",
    "long_text": "text",
    "number": "number",
    "money": "money",
    "date": "date",
    "yes_no": "yes_no",
    "declaration": "yes_no",
    "choice": "choice",
    "choices": "choices",
    "country": "choice",
    "organisation": "text",
}
"""Type of question → what its answer can be compared as; others are compared by their parts."""


def parts(question: Question) -> Iterator[tuple[str, Kind]]:
    """The names under which expressions find a question's answer, and what they compare as."""
    match question.kind:
        case "period":
            yield f"{question.key}.first", "date"
            yield f"{question.key}.last", "date"
            yield f"{question.key}.days", "number"
        case "region":
            yield f"{question.key}.country", "choice"
        case "file":
            yield f"{question.key}.rows", "number"
        case "group" | "table":
            yield f"{question.key}.rows", "number"
            for column in question.summed:
                yield f"{question.key}.{column.key}", "money" if column.kind == "money" else "number"
        case "computed" | "person":
            return
        case _:
            yield question.key, COMPARED[question.kind]
