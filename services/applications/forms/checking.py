"""What must be right before a form goes live. Every finding has a slug, a sentence and the place it is at, so that
the builder lists them all and publishing refuses with the first.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from contracts.errors import Finding
from contracts.expressions import (
    CALL,
    OPERATORS,
    PROFILE,
    Calculation,
    Condition,
    Kind,
    Operand,
    Source,
    Test,
)
from services.applications.forms.currencies import mixed
from services.applications.forms.definition import (
    COLUMNS,
    NESTED,
    Definition,
    Question,
    Words,
    parts,
)
from services.applications.forms.reaching import cycles, name_of, order, unreachable

MOST_QUESTIONS = 500
MOST_PAGES = 60
MOST_OPTIONS = 300
FIELDS = frozenset({"csrf", "idempotency_key", "version", "do"})
"""Names of what a form's page posts beside its answers."""
PAGES = frozenset({"check"})
"""What stands at the address of a page of the form, and is none."""


@dataclass(frozen=True)
class Gap:
    """A text that a language lacks: path names it within its page, question or check."""

    at: str
    path: str
    language: str
    source: str


def check(definition: Definition) -> list[Finding]:
    """Everything that keeps a form from going live, in the order of the form."""
    found = [*too_much(definition), *_empty(definition), *_keys(definition)]
    if found:
        return found
    known = types(definition)
    found += [one for _, question in definition.questions for one in _settings(question)]
    found += [one for at, source in _sources(definition) for one in _source(at, source, known)]
    found += [one for at, condition in conditions(definition) for one in _condition(at, condition, known)]
    found += [one for at, sum_ in _calculations(definition) for one in _calculation(at, sum_, known)]
    reckoned = [*conditions(definition), *_calculations(definition)]
    found += [one for at, expression in reckoned for one in mixed(definition, at, expression)]
    if not found:
        found += [*cycles(definition), *order(definition)]
    if not found:
        found += unreachable(definition, known)
    found += [
        Finding("form-translation-missing", gap.at, {"language": gap.language, "at": gap.at})
        for gap in gaps(definition)
    ]
    return found


def refuse_unless_sound(definition: Definition) -> None:
    """DomainError of the first finding, at the place it is found."""
    for finding in check(definition):
        raise finding.refusal()


def gaps(definition: Definition) -> Iterator[Gap]:
    """Texts that are not there in every language of the form."""
    first = definition.languages[0]
    for at, path, words, needed in texts(definition):
        if needed or any(words.values()):
            for language in definition.languages:
                if not words.get(language, "").strip():
                    yield Gap(at, path, language, words.get(first, ""))


def texts(definition: Definition) -> Iterator[tuple[str, str, Words, bool]]:
    """Every text of the form: where, which, its words, and whether there must be one."""
    yield "", "title", definition.title, True
    for page in definition.pages:
        yield page.key, "title", page.title, True
        yield page.key, "lead", page.lead, False
        for question in page.questions:
            yield from _texts(question, question.key)
    for one in definition.checks:
        yield one.key, "text", one.text, True


def _texts(question: Question, at: str) -> Iterator[tuple[str, str, Words, bool]]:
    yield at, "label", question.label, True
    yield at, "help", question.help, False
    for option in question.options:
        yield at, f"options.{option.value}", option.label, True
    for column in question.questions:
        yield from _texts(column, f"{at}.{column.key}")


def types(definition: Definition) -> Mapping[str, Kind]:
    """What expressions may name, and how it compares: "answer.budget", "profile.country", "call.cap"."""
    known: dict[str, Kind] = {f"profile.{name}": kind for name, kind in PROFILE.items()}
    known |= {f"call.{name}": kind for name, kind in CALL.items()}
    computed: list[Question] = []
    for _, question in definition.questions:
        known |= {f"answer.{name}": kind for name, kind in parts(question)}
        if question.kind == "computed":
            computed.append(question)
    for _ in computed:
        for question in computed:
            known[f"answer.{question.key}"] = _result(question.calculation, known)
    return known


def _result(calculation: Calculation | None, known: Mapping[str, Kind]) -> Kind:
    if calculation is None or calculation.op == "share":
        return "number"
    kinds = {known.get(name_of(source)) for source in calculation.sources}
    return "money" if "money" in kinds else "number"


def conditions(definition: Definition) -> Iterator[tuple[str, Condition]]:
    """Every condition with the key of what it belongs to."""
    for page in definition.pages:
        if page.when is not None:
            yield page.key, page.when
        yield from ((one.key, one.when) for one in page.questions if one.when is not None)
    yield from ((one.key, one.must) for one in definition.checks)


def _calculations(definition: Definition) -> Iterator[tuple[str, Calculation]]:
    for _, question in definition.questions:
        if question.calculation is not None:
            yield question.key, question.calculation


def _sources(definition: Definition) -> Iterator[tuple[str, Source]]:
    for at, condition in conditions(definition):
        yield from ((at, source) for source in condition.sources)
    for at, calculation in _calculations(definition):
        yield from ((at, source) for source in calculation.sources)


def too_much(definition: Definition) -> Iterator[Finding]:
    """What no draft may hold either: nobody could edit it."""
    if definition.size > MOST_QUESTIONS:
        yield Finding("form-too-many-questions", "", {"questions": definition.size, "most": MOST_QUESTIONS})
    if len(definition.pages) > MOST_PAGES:
        yield Finding("form-too-many-pages", "", {"pages": len(definition.pages), "most": MOST_PAGES})


def _empty(definition: Definition) -> Iterator[Finding]:
    if not any(page.questions for page in definition.pages):
        yield Finding("form-empty", "")
    for page in definition.pages:
        if not page.questions:
            yield Finding("form-page-empty", page.key, {"page": page.key})


def _keys(definition: Definition) -> Iterator[Finding]:
    for key in (
        *(page.key for page in definition.pages if page.key in PAGES),
        *(question.key for _, question in definition.questions if question.key in FIELDS),
    ):
        yield Finding("form-key-taken", key, {"key": key})
    seen: set[str] = set()
    for key in (
        *(page.key for page in definition.pages),
        *(question.key for _, question in definition.questions),
        *(one.key for one in definition.checks),
    ):
        if key in seen:
            yield Finding("form-key-twice", key, {"key": key})
        seen.add(key)
    for _, question in definition.questions:
        for kind, inner in (
            ("column", [one.key for one in question.questions]),
            ("option", [one.value for one in question.options]),
        ):
            if len(inner) != len(set(inner)):
                yield Finding(f"form-{kind}-twice", question.key, {"at": question.key})


def _settings(question: Question, inside: str = "") -> Iterator[Finding]:
    at = f"{inside}.{question.key}" if inside else question.key
    named: dict[str, object] = {"at": at}
    if question.kind in ("choice", "choices"):
        if len(question.options) < 2:
            yield Finding("form-options-missing", at, named)
        if len(question.options) > MOST_OPTIONS:
            yield Finding("form-too-many-options", at, {**named, "most": MOST_OPTIONS})
    if question.kind == "computed" and question.calculation is None:
        yield Finding("form-calculation-missing", at, named)
    if question.least is not None and question.most is not None and question.least > question.most:
        yield Finding("form-least-above-most", at, named)
    if question.repeats:
        if not question.questions:
            yield Finding("form-columns-missing", at, named)
        for column in question.questions:
            if column.kind in NESTED or (question.kind == "table" and column.kind not in COLUMNS):
                yield Finding("form-column-kind", at, {**named, "column": column.key})
            if column.when is not None:
                yield Finding("form-column-condition", at, {**named, "column": column.key})
            yield from _settings(column, at)
    if question.kind == "money" and not question.currencies:
        yield Finding("form-currency-missing", at, named)


def _source(at: str, source: Source, known: Mapping[str, Kind]) -> Iterator[Finding]:
    if name_of(source) not in known:
        yield Finding("form-reference-dangling", at, {"at": at, "name": source.name})


def _condition(at: str, condition: Condition, known: Mapping[str, Kind]) -> Iterator[Finding]:
    if not condition.tests:
        yield Finding("form-condition-empty", at, {"at": at})
    for test in condition.tests:
        kind = known.get(name_of(test.left))
        if kind is not None and not _fits(test, kind, known):
            yield Finding("form-types-differ", at, {"at": at, "name": test.left.name})


def _fits(test: Test, kind: Kind, known: Mapping[str, Kind]) -> bool:
    if test.op not in OPERATORS[kind]:
        return False
    if test.op in ("answered", "not_answered"):
        return test.right is None
    if test.right is None:
        return False
    wanted: Kind = "choice" if kind == "choices" else kind
    if test.right.source is not None:
        given = known.get(name_of(test.right.source))
        return given is None or given == wanted or {given, wanted} == {"text", "choice"}
    return _is_constant(test.right, wanted)


def _is_constant(operand: Operand, kind: Kind) -> bool:
    value = operand.value
    match kind:
        case "yes_no":
            return isinstance(value, bool)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "money":
            return isinstance(value, int) and not isinstance(value, bool)
        case "date":
            return isinstance(value, str) and len(value) == 10 and value[4] == value[7] == "-"
        case _:
            return isinstance(value, str) and bool(value)


def _calculation(at: str, calculation: Calculation, known: Mapping[str, Kind]) -> Iterator[Finding]:
    kinds = [known.get(name_of(one.source)) if one.source else "number" for one in calculation.of]
    enough = (
        len(kinds) == 2
        if calculation.op == "share"
        else len(kinds) >= (2 if calculation.op in ("difference", "product") else 1)
    )
    if not enough:
        yield Finding("form-operands", at, {"at": at})
    money = kinds.count("money")
    alike = {
        "product": money <= 1,
        "share": money in (0, 2),
    }.get(calculation.op, money in (0, len(kinds)))
    if not alike or any(kind not in (None, "number", "money") for kind in kinds):
        yield Finding("form-types-differ", at, {"at": at, "name": calculation.op})
    if any(one.source is None and not _is_constant(one, "number") for one in calculation.of):
        yield Finding("form-operands", at, {"at": at})
