"""What must be right before a form goes live. Every finding has a slug, a sentence and the place it is at, so that
the builder lists them all and publishing refuses with the first.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, product

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
    Value,
    test_holds,
)
from services.applications.forms.definition import (
    COLUMNS,
    NESTED,
    Definition,
    Page,
    Question,
    Words,
    parts,
)

MOST_QUESTIONS = 500
MOST_PAGES = 60
MOST_OPTIONS = 300
MOST_TRIED = 20_000
"""Combinations of choices that are tried to find out whether a page can be reached at all."""


@dataclass(frozen=True)
class Gap:
    """A text that a language lacks: path names it within its page, question or check."""

    at: str
    path: str
    language: str
    source: str


def check(definition: Definition) -> list[Finding]:
    """Everything that keeps a form from going live, in the order of the form."""
    found = [*_too_much(definition), *_keys(definition)]
    if found:
        return found
    known = types(definition)
    found += [one for _, question in definition.questions for one in _settings(question)]
    found += [one for at, source in _sources(definition) for one in _source(at, source, known)]
    found += [one for at, condition in conditions(definition) for one in _condition(at, condition, known)]
    found += [one for at, sum_ in _calculations(definition) for one in _calculation(at, sum_, known)]
    if not found:
        found += [*_cycles(definition), *_order(definition)]
    if not found:
        found += _unreachable(definition, known)
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
    kinds = {known.get(_name(source)) for source in calculation.sources}
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


def _too_much(definition: Definition) -> Iterator[Finding]:
    if not any(page.questions for page in definition.pages):
        yield Finding("form-empty", "")
    if definition.size > MOST_QUESTIONS:
        yield Finding("form-too-many-questions", "", {"questions": definition.size, "most": MOST_QUESTIONS})
    if len(definition.pages) > MOST_PAGES:
        yield Finding("form-too-many-pages", "", {"pages": len(definition.pages), "most": MOST_PAGES})
    for page in definition.pages:
        if not page.questions:
            yield Finding("form-page-empty", page.key, {"page": page.key})


def _keys(definition: Definition) -> Iterator[Finding]:
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
    if _name(source) not in known:
        yield Finding("form-reference-dangling", at, {"at": at, "name": source.name})


def _condition(at: str, condition: Condition, known: Mapping[str, Kind]) -> Iterator[Finding]:
    if not condition.tests:
        yield Finding("form-condition-empty", at, {"at": at})
    for test in condition.tests:
        kind = known.get(_name(test.left))
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
        given = known.get(_name(test.right.source))
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
    kinds = [known.get(_name(one.source)) if one.source else "number" for one in calculation.of]
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


def _name(source: Source) -> str:
    return f"{source.of}.{source.name}"


def _root(source: Source) -> str | None:
    """The question that a source rests on."""
    return source.name.partition(".")[0] if source.of == "answer" else None


def _needs(definition: Definition) -> Mapping[str, set[str]]:
    """Question → the questions that must be known to show or compute it."""
    needs: dict[str, set[str]] = {}
    for page, question in definition.questions:
        sources: list[Source] = []
        for condition in (page.when, question.when):
            sources += condition.sources if condition else ()
        sources += question.calculation.sources if question.calculation else ()
        needs[question.key] = {root for source in sources if (root := _root(source))}
    return needs


def _cycles(definition: Definition) -> Iterator[Finding]:
    """The first loop of questions that wait for each other, named in its order."""
    needs = _needs(definition)
    done: set[str] = set()

    def walk(start: str) -> list[str] | None:
        path: list[str] = [start]
        branches = [iter(sorted(needs[start]))]
        while branches:
            following = next(branches[-1], None)
            if following is None:
                branches.pop()
                done.add(path.pop())
            elif following in path:
                return [*path[path.index(following) :], following]
            elif following in needs and following not in done:
                path.append(following)
                branches.append(iter(sorted(needs[following])))
        return None

    for key in needs:
        if key not in done and (loop := walk(key)):
            yield Finding("form-cycle", loop[0], {"loop": " → ".join(loop)})
            return


def _order(definition: Definition) -> Iterator[Finding]:
    """What is shown may depend only on what was asked before; sums may come at any place."""
    before: set[str] = set()
    for page in definition.pages:
        yield from _later(page.key, page.when, before)
        for question in page.questions:
            yield from _later(question.key, question.when, before)
            before.add(question.key)


def _later(at: str, condition: Condition | None, before: set[str]) -> Iterator[Finding]:
    for source in condition.sources if condition else ():
        root = _root(source)
        if root is not None and root not in before:
            yield Finding("form-asked-later", at, {"at": at, "name": root})


def _unreachable(definition: Definition, known: Mapping[str, Kind]) -> Iterator[Finding]:
    """Pages that no combination of answers leads to: the choices and yes-or-no questions that their conditions
    rest on are tried through; whatever else a condition asks counts as possible."""
    for page in definition.pages:
        needed = _all_of(definition, page)
        if needed and not _possible(definition, needed, known):
            yield Finding("form-page-unreachable", page.key, {"page": page.key})


def _all_of(definition: Definition, page: Page) -> list[Condition]:
    """The page's condition, and those of the questions and pages that it rests on."""
    waiting, found, seen = [page.when], list[Condition](), set[str]()
    homes = {question.key: (of, question) for of, question in definition.questions}
    while waiting:
        condition = waiting.pop()
        if condition is None or condition in found:
            continue
        found.append(condition)
        roots = {root for source in condition.sources if (root := _root(source))}
        # an `any` may hold by another of its tests: only what it surely rests on is followed
        if condition.join == "all" or len(roots) == 1:
            for root in roots - seen:
                seen.add(root)
                if root in homes and _asks_for_answer(condition, root):
                    waiting += [homes[root][0].when, homes[root][1].when]
    return found


def _asks_for_answer(condition: Condition, root: str) -> bool:
    tests = [test for test in condition.tests if any(_root(source) == root for source in test.sources)]
    return any(test.op not in ("not_answered", "is_not") for test in tests)


def _possible(definition: Definition, needed: list[Condition], known: Mapping[str, Kind]) -> bool:
    finite: dict[str, list[Value | None]] = {}
    for source in (source for condition in needed for source in condition.sources):
        values = _values_of(definition, source, known)
        if values is not None:
            finite[_name(source)] = [*values, None]
    for values in islice(product(*finite.values()), MOST_TRIED):
        given = dict(zip(finite, values, strict=True))
        if all(_may_hold(condition, given) for condition in needed):
            return True
    size = 1
    for values in finite.values():
        size *= len(values)
    return size > MOST_TRIED


def _values_of(definition: Definition, source: Source, known: Mapping[str, Kind]) -> list[Value] | None:
    """All values of a source that has few; None where anything is possible."""
    if source.of != "answer":
        return None
    question = definition.question(source.name)
    if question is None:
        return None
    if known.get(_name(source)) == "yes_no":
        return [True, False]
    if question.kind == "choice":
        return [option.value for option in question.options]
    return None


def _may_hold(condition: Condition, given: Mapping[str, Value | None]) -> bool:
    def possible(test: Test) -> bool:
        if any(_name(source) not in given for source in test.sources):
            return True
        return test_holds(test, lambda source: given[_name(source)])

    results = (possible(test) for test in condition.tests)
    return all(results) if condition.join == "all" else any(results)
