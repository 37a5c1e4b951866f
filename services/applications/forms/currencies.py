"""The currency that an amount of a form is in, found by the name that expressions have for it."""

from collections.abc import Iterator

from contracts.errors import Finding
from contracts.expressions import CALL, Calculation, Condition, Source
from services.applications.forms.definition import Definition

OF_CALLS = "EUR"
"""What a call's own amounts are in."""


def currency_of(form: Definition, name: str) -> str:
    """ISO code of an answer's or a computed question's amount; "" where it may be one of several, or none."""
    found = _of(form, Source(of="answer", name=name), frozenset())
    return next(iter(found)) if len(found) == 1 else ""


def mixed(form: Definition, at: str, of: Calculation | Condition) -> Iterator[Finding]:
    """Amounts of different currencies that are reckoned or compared with each other."""
    if isinstance(of, Condition):
        groups = [list(test.sources) for test in of.tests if test.right is not None]
    else:
        groups = [list(of.sources)]
    for sources in groups:
        found = frozenset[str]().union(*(_of(form, one, frozenset()) for one in sources))
        if len(found) > 1:
            yield Finding("form-currencies-mixed", at, {"at": at, "currencies": ", ".join(sorted(found))})


def _of(form: Definition, source: Source, within: frozenset[str]) -> frozenset[str]:
    """All currencies that it may be in; `within` are the computed questions on the way, which may run in a circle."""
    if source.of != "answer":
        return frozenset({OF_CALLS} if source.of == "call" and CALL.get(source.name) == "money" else ())
    key, _point, part = source.name.partition(".")
    question = form.question(key)
    if question is None or key in within:
        return frozenset()
    if question.calculation is not None:
        if question.calculation.op == "share":
            return frozenset()
        parts = (_of(form, one, within | {key}) for one in question.calculation.sources)
        return frozenset[str]().union(*parts)
    asked = next((one for one in question.questions if one.key == part), None) if part else question
    return frozenset(asked.currencies) if asked is not None and asked.kind == "money" else frozenset()
