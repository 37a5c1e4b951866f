"""Whatever a correction of a call changes is said in words, with what it was before."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any, cast
from uuid import UUID

import pytest

from contracts.terms import Terms
from services.applications.calls.models import Call
from services.applications.calls.told import NOTHING, Reading, changes
from services.applications.forms.definition import Definition
from tests.rules.forms.samples import compare, travel, when

FORM = Definition.model_validate(travel())
ONE, OTHER = UUID(int=1), UUID(int=2)
TEXT = {"en": "One"}
CLOSES, LATER = "2027-01-31T12:00:00Z", "2027-02-28T12:00:00Z"
RULES: dict[str, Any] = {
    "languages": ["en"],
    "parties": ["VO", "VOP", "PAY"],
    "host": "dates",
    "signing": [{"document": "financial", "parties": ["VO", "PAY"], "ordered": False}],
    "fulfilment": {"kind": "visit", "validity_days": 10, "in_parts": False, "categories": ["travel"]},
    "amount": {"mode": "requested", "fixed_cents": 1, "cap_cents": 1, "question": "requested", "share": 100},
    "duration": {"question": "dates", "least_days": 1, "most_days": 2},
    "eligibility": [
        {"key": "rule", "what": "country", "allowed": ["PL"], "question": "purpose", "text": TEXT, "source": "1",
         "when": when(compare("destination.country", "is_not", "PL"))},
    ],
    "stages": [
        {"key": "review", "title": TEXT, "tracks": [
            {"key": "task", "kind": "check", "title": TEXT, "holder": "VOP", "quorum": 1, "days": 1, "remind": [5],
             "silence": "escalate", "when": when(compare("destination.country", "is_not", "PL"))},
        ]},
    ],
    "rubric": {
        "criteria": [{"key": "c", "title": TEXT, "least": 0, "most": 5, "weight": 1, "threshold": 1}],
        "threshold": 1, "apart": 1, "anonymous": False, "same_partnership": False,
    },
    "intake": {
        "mode": "cut_off", "factor": 100, "full": "refuse", "tie": "submitted_first",
        "cut_offs": [{"key": "cut", "title": TEXT, "closes_at": CLOSES, "announce_at": CLOSES}],
    },
    "reports": [{"key": "report", "title": TEXT, "form": str(ONE), "days_after": 1}],
    "second_decider": False,
}  # fmt: skip
OTHERS: dict[str, Any] = {
    "languages": ["en", "de"], "parties": ["VO"], "host": "purpose", "document": "quality", "ordered": True,
    "kind": {"visit": "voucher", "check": "decision"}, "in_parts": True, "categories": ["other"], "mode": {
        "requested": "fixed", "cut_off": "first_come"}, "question": "costs", "what": "kind", "allowed": ["EE"],
    "source": "2", "when": when(compare("destination.country", "is_not", "EE")), "holder": "PAY", "remind": [3],
    "silence": "refuse", "anonymous": True, "same_partnership": True, "full": "wait", "tie": "amount_least",
    "closes_at": LATER, "announce_at": LATER, "form": str(OTHER), "second_decider": True, "title": {"en": "Another"},
    "text": {"en": "Another"}, "key": "another",
}  # fmt: skip
"""By the name of a field another value for it, where it is no number: by its present one, where that decides."""
FIRST_COME = {**RULES, "intake": {**RULES["intake"], "mode": "first_come"}}


def a_call(rules: dict[str, Any], **changed: Any) -> Reading:
    given: dict[str, Any] = {
        "programme": "COSME", "title": "Travel", "edition": "2027", "partnership": ONE, "budget": ONE, "payer": ONE,
        "first_day": date(2027, 1, 1), "last_day": date(2027, 2, 1), "summary": TEXT, "terms": asdict(Terms()),
        "support": {}, "form": ONE, "rules": rules, "made_at": datetime(2027, 1, 1, tzinfo=UTC), **changed,
    }  # fmt: skip
    return Reading(Call(**given), FORM if given["form"] else None, {ONE: "Report (1)", OTHER: "Report (2)"})


def fields(of: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where in the rules a value stands that can be another one."""
    if isinstance(of, dict) and (not path or path[-1] not in ("title", "text", "when")):
        for name, value in cast("dict[str, Any]", of).items():
            yield from fields(value, (*path, name))
    elif isinstance(of, list) and of and isinstance(of[0], dict):
        for n, value in enumerate(cast("list[Any]", of)):
            yield from fields(value, (*path, n))
    else:
        yield path


def with_another(of: Any, path: tuple[Any, ...]) -> Any:
    """The same rules but for one value."""
    if path:
        name, *rest = path
        copy = list(cast("list[Any]", of)) if isinstance(of, list) else dict(of)
        copy[name] = with_another(of[name], tuple(rest)) if rest else another(name, of[name])
        return copy
    return of


def another(name: str, value: Any) -> Any:
    if type(value) is int:
        return value - 1 if value == 100 and name == "share" else value + 1
    other = OTHERS[name]
    return other[value] if isinstance(value, str) and isinstance(other, dict) else other


@pytest.mark.parametrize(
    "path",
    [path for path in fields(RULES) if path != ("stages", 0, "key")],
    ids=lambda path: ".".join(map(str, path)),
)
def test_a_rule_that_changes_is_told(path: tuple[Any, ...]) -> None:
    before = FIRST_COME if path[-1] in ("factor", "full") else RULES
    found = changes(a_call(before), a_call(with_another(before, path)))
    assert found and all(one.before != one.after for one in found), path


@pytest.mark.parametrize("term", asdict(Terms()))
def test_a_clock_that_changes_is_told(term: str) -> None:
    usual = asdict(Terms())
    other = not usual[term] if isinstance(usual[term], bool) else usual[term] + 1
    (found,) = changes(a_call(RULES), a_call(RULES, terms={**usual, term: other}))
    assert found.before != found.after


def test_dates_texts_and_what_an_exchange_pays_are_told() -> None:
    for changed in ({"title": "Other"}, {"summary": {"en": "Other"}}, {"last_day": date(2027, 3, 1)}):
        assert len(changes(a_call(RULES), a_call(RULES, **changed))) == 1
    unit = {"kind": "unit_cost", "intensity_percent": 100, "claimable_cents": 5000, "categories": ["visa"]}
    paid = {
        one.label: one for one in changes(a_call(RULES, form=None), a_call(RULES, form=None, support=unit))
    }
    assert paid["Money and use: Most for costs with receipts"].before == NOTHING


def test_both_values_are_said_as_the_page_says_them() -> None:
    more = {**RULES, "amount": {**RULES["amount"], "cap_cents": 90_000}}
    (found,) = changes(a_call(RULES), a_call(more))
    assert (found.label, found.before) == ("Money and use: Limit", "At most 0.01\u00a0EUR for one applicant.")
    assert found.after == "At most 900.00\u00a0EUR for one applicant."
    (gone,) = changes(a_call(RULES), a_call({**RULES, "eligibility": []}))
    assert gone.after == NOTHING and "destination" in gone.before
    assert not changes(a_call(RULES), a_call(RULES))
