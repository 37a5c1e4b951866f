"""Nothing in the tables is without words, and nobody is refused without a sentence that says what to do."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest

from contracts import words
from contracts.catalogue import FACTS, TABLES
from contracts.tables import BESIDE, HEARS, PARTIES, Input

ROOT = Path(__file__).parents[2]
ROOMS = ("contracts", "services")

for owner in sorted({table.service for table in TABLES.values()}):
    import_module(f"services.{owner}.app")

NAMING = ("DomainError", "Condition")
"""Calls whose first argument is the slug of a refusal; a condition refuses later, when it is not met."""
NAMED_ELSEWHERE = {
    "services/chassis/database.py",  # by the constraint that was broken
    "services/directory/participation.py",  # by its conditions
}
"""Files that refuse with a slug which is not written where it is raised."""


def test_every_fact_has_a_sentence_and_no_sentence_is_left_over() -> None:
    facts = {f"{fact.table.name}.{type.split('.')[2]}" for type, fact in FACTS.items()}
    assert words.FACTS.keys() == facts


def test_every_act_of_a_person_has_a_title_and_a_button() -> None:
    acts = {f"{table.name}.{act.name}" for table in TABLES.values() for act in table.acts if act.by_person}
    assert words.ACTS.keys() == acts
    assert not [name for name, act in words.ACTS.items() if not (act.title and act.button)]


def test_every_state_has_a_word() -> None:
    states = {
        f"{table.name}.{state}"
        for table in TABLES.values()
        for act in table.acts
        for state in (*act.sources, *(end.to for end in act.ends))
        if state
    }
    assert words.STATES.keys() == states


def test_every_party_whose_move_it_can_be_has_a_name() -> None:
    movers = {
        party for table in TABLES.values() for state in table.movers for party in table.movers_in(state)
    }
    assert movers <= words.PARTIES.keys()
    assert words.PARTIES.keys() <= {*PARTIES, "SYS", "PERSON", HEARS, BESIDE}


def _inputs(base: type[Input]) -> Iterator[type[Input]]:
    for kind in base.__subclasses__():
        yield kind
        yield from _inputs(kind)


def _codes(kind: Any) -> Iterator[str]:
    """The texts of a Literal, wherever it stands in a type."""
    for inner in get_args(kind):
        if get_origin(kind) is not Literal:
            yield from _codes(inner)
        elif isinstance(inner, str):
            yield inner


def test_every_reason_that_a_fact_gives_has_words() -> None:
    """As the road and the mails look for them: of this fact, else of the code."""
    for type, fact in FACTS.items():
        key = type.removeprefix("relais.").rpartition(".")[0]
        reason = fact.body.model_fields.get("reason")
        for code in _codes(reason.annotation if reason else None):
            assert f"{key}.{code}" in words.CODES or code in words.CODES, (key, code)


INPUTS = [
    (input, name, code)
    for input in _inputs(Input)
    for name, field in input.model_fields.items()
    for code in _codes(field.annotation)
]


def test_every_choice_of_a_form_has_words() -> None:
    assert len(INPUTS) > 30
    for input, name, code in INPUTS:
        known = {f"{name}.{code}", f"event_{name}.{code}", code} & words.CODES.keys()
        assert known, (input.__name__, name, code)


@dataclass(frozen=True)
class Refusal:
    """One place where somebody is refused: the slug, as a pattern where part of it is computed."""

    place: str
    slug: str
    params: frozenset[str] | None


def _refusals() -> Iterator[Refusal]:
    for room in ROOMS:
        for file in sorted((ROOT / room).rglob("*.py")):
            path = str(file.relative_to(ROOT))
            for node in ast.walk(ast.parse(file.read_text())):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Name)
                    and node.func.id == "DomainError"
                ):
                    for slug in _slugs(node.args[0], path):
                        params = _params(node) if node.func.id == "DomainError" else None
                        yield Refusal(f"{path}:{node.lineno}", slug, params)


def _slugs(argument: ast.expr, path: str) -> Iterator[str]:
    match argument:
        case ast.Constant(value=str(slug)):
            yield re.escape(slug)
        case ast.JoinedStr(values=parts):
            yield "".join(
                re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+" for part in parts
            )
        case ast.IfExp(body=one, orelse=other):
            yield from _slugs(one, path)
            yield from _slugs(other, path)
        case _:
            assert path in NAMED_ELSEWHERE, (
                f"{path}:{argument.lineno} refuses with a slug that cannot be read there"
            )


def _params(call: ast.Call) -> frozenset[str] | None:
    names = [keyword.arg for keyword in call.keywords if keyword.arg not in ("field", "status")]
    return None if None in names else frozenset(name for name in names if name)


REFUSALS = list(_refusals())


def test_refusals_are_found() -> None:
    """Else the tests below would hold of nothing."""
    assert len(REFUSALS) > 100


@pytest.mark.parametrize("slug", sorted({refusal.slug for refusal in REFUSALS}))
def test_every_refusal_has_a_sentence(slug: str) -> None:
    if slug.endswith(re.escape("-not-now")):
        return  # a state refuses it, which one sentence says for all
    where = [refusal.place for refusal in REFUSALS if refusal.slug == slug]
    assert any(re.fullmatch(slug, known) for known in words.REFUSALS), where


def test_no_sentence_names_what_its_refusal_does_not_know() -> None:
    """A value that is missing would break the page that should explain."""
    wrong = [
        (refusal.place, slug, name)
        for refusal in REFUSALS
        if refusal.params is not None
        for slug, sentence in words.REFUSALS.items()
        if re.fullmatch(refusal.slug, slug)
        for name in re.findall(r"%\((\w+)\)", sentence)
        if name not in refusal.params
    ]
    assert wrong == []


def test_every_refusal_is_a_whole_sentence() -> None:
    """Or a list at its end."""
    assert not [slug for slug, text in words.REFUSALS.items() if not text.endswith((".", "!", "?", ")s"))]
