"""Whether every question of a form can be reached: no loop, nothing that rests on a later answer, no page that no
answers lead to.
"""

from collections.abc import Iterator, Mapping
from itertools import islice, product

from contracts.errors import Finding
from contracts.expressions import Condition, Kind, Source, Test, Value, test_holds
from services.applications.forms.definition import Definition, Page

MOST_TRIED = 20_000
"""Combinations of choices that are tried to find out whether a page can be reached at all."""

LEADS_TO = " → "
"""Between the questions of a loop."""


def name_of(source: Source) -> str:
    return f"{source.of}.{source.name}"


def root_of(source: Source) -> str | None:
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
        needs[question.key] = {root for source in sources if (root := root_of(source))}
    return needs


def cycles(definition: Definition) -> Iterator[Finding]:
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
            yield Finding("form-cycle", loop[0], {"loop": LEADS_TO.join(loop)})
            return


def order(definition: Definition) -> Iterator[Finding]:
    """What is shown may depend only on what was asked before; sums may come at any place."""
    before: set[str] = set()
    for page in definition.pages:
        yield from _later(page.key, page.when, before)
        for question in page.questions:
            yield from _later(question.key, question.when, before)
            before.add(question.key)


def _later(at: str, condition: Condition | None, before: set[str]) -> Iterator[Finding]:
    for source in condition.sources if condition else ():
        root = root_of(source)
        if root is not None and root not in before:
            yield Finding("form-asked-later", at, {"at": at, "name": root})


def unreachable(definition: Definition, known: Mapping[str, Kind]) -> Iterator[Finding]:
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
        roots = {root for source in condition.sources if (root := root_of(source))}
        # an `any` may hold by another of its tests: only what it surely rests on is followed
        if condition.join == "all" or len(roots) == 1:
            for root in roots - seen:
                seen.add(root)
                if root in homes and _asks_for_answer(condition, root):
                    waiting += [homes[root][0].when, homes[root][1].when]
    return found


def _asks_for_answer(condition: Condition, root: str) -> bool:
    tests = [test for test in condition.tests if any(root_of(source) == root for source in test.sources)]
    return any(test.op not in ("not_answered", "is_not") for test in tests)


def _possible(definition: Definition, needed: list[Condition], known: Mapping[str, Kind]) -> bool:
    finite: dict[str, list[Value | None]] = {}
    for source in (source for condition in needed for source in condition.sources):
        values = _values_of(definition, source, known)
        if values is not None:
            finite[name_of(source)] = [*values, None]
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
    if known.get(name_of(source)) == "yes_no":
        return [True, False]
    if question.kind == "choice":
        return [option.value for option in question.options]
    return None


def _may_hold(condition: Condition, given: Mapping[str, Value | None]) -> bool:
    def possible(test: Test) -> bool:
        if any(name_of(source) not in given for source in test.sources):
            return True
        return test_holds(test, lambda source: given[name_of(source)])

    results = (possible(test) for test in condition.tests)
    return all(results) if condition.join == "all" else any(results)
