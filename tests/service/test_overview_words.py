"""Nothing that waits for somebody, and no status a case can have, is without words on its page."""

import pytest

from contracts.catalogue import FACTS, TABLES
from contracts.words.moves import MOVES, move_words
from services.overview.standing import ENDS, KINDS, RANK, STAGE_OF
from services.overview.words import DETOURS, NOBODY, ROADS, STAGES, road_of

SPEAKING = (*KINDS, *RANK)
STATES = sorted(
    {f"{name}.{end.to}" for name in SPEAKING for act in TABLES[name].acts for end in act.ends if end.to}
)
FACT_KEYS = {f"{fact.table.name}.{type.split('.')[2]}" for type, fact in FACTS.items()}


def test_every_move_says_what_to_do() -> None:
    for name, table in TABLES.items():
        for state in table.movers:
            for party in table.movers_in(state):
                words = move_words(f"{name}.{state}", party)
                assert words.what and words.awaited and words.what != words.awaited, (name, state, party)


@pytest.mark.parametrize("state", STATES)
def test_every_status_has_a_place_on_the_road_or_is_an_end(state: str) -> None:
    aggregate, _, name = state.partition(".")
    ended = state in ENDS or (aggregate in RANK and name in ("cancelled", "replaced"))
    assert ended or STAGE_OF.get(state, "claim" if aggregate == "claim" else "") in STAGES


@pytest.mark.parametrize("state", STATES)
def test_every_status_that_waits_for_nobody_says_what_goes_on(state: str) -> None:
    aggregate, _, name = state.partition(".")
    if not TABLES[aggregate].movers_in(name) and name not in ("draft", "replaced"):
        assert state in NOBODY or (aggregate, name) == ("visit", "cancelled")


def test_words_name_only_facts_and_states_there_are() -> None:
    reached = {fact for road in ROADS.values() for one in road for fact in one.reached}
    assert (reached | DETOURS) <= FACT_KEYS
    for key in MOVES:
        aggregate, state = key.split(".")[:2]
        appealed = state in ("rejected", "expired", "not_completed")
        assert TABLES[aggregate].movers_in(state) or appealed, key


@pytest.mark.parametrize(
    ("kind", "fulfilment", "passed", "left_out"),
    [
        ("exchange", "visit", {"visit", "report", "validation"}, {"use"}),
        ("grant", "visit", {"visit", "report", "validation"}, {"use", "matched"}),
        ("grant", "voucher", {"use"}, {"visit"}),
        ("exchange", "voucher", {"use"}, {"visit"}),
    ],
)
def test_the_road_leads_by_what_the_call_grants(
    kind: str, fulfilment: str, passed: set[str], left_out: set[str]
) -> None:
    posts = {post.key for post in road_of(kind, {"rules": {"fulfilment": {"kind": fulfilment}}})}
    assert passed <= posts and not left_out & posts
