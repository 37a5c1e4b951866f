"""The ranking of a cut-off: a total order, nobody overtakes, and who joins later stands where its score says."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.applications.intake.ranking import Entry, Tie, joined, key_of, ranked

NOON = datetime(2027, 1, 15, 12, tzinfo=UTC)
entries = st.builds(
    Entry,
    application=st.uuids(),
    round=st.integers(1, 3),
    score=st.one_of(st.none(), st.integers(0, 10_000), st.sampled_from([5_000, 7_500])),
    passed=st.booleans(),
    amount_cents=st.integers(0, 1_000_000),
    submitted_at=st.integers(0, 100).map(lambda seconds: NOON - timedelta(seconds=seconds)),
)
many = st.lists(entries, max_size=30, unique_by=lambda one: one.application)
ties: st.SearchStrategy[Tie] = st.sampled_from(["submitted_first", "amount_least"])
rooms = st.integers(0, 5_000_000)


def an_entry(n: int, score: int, cents: int = 100, seconds: int = 0, passed: bool = True) -> Entry:
    return Entry(UUID(int=n), 1, score, passed, cents, NOON + timedelta(seconds=seconds))


@given(many, ties, rooms)
def test_the_order_of_arrival_does_not_matter(found: list[Entry], tie: Tie, room: int) -> None:
    assert ranked(found, tie, room) == ranked(list(reversed(found)), tie, room)


@given(many, ties, rooms)
def test_everybody_has_a_place_of_their_own(found: list[Entry], tie: Tie, room: int) -> None:
    placed = ranked(found, tie, room)
    assert [one.place for one in placed] == list(range(1, len(found) + 1))
    assert {one.entry for one in placed} == set(found)


@given(many, ties, rooms)
def test_who_scores_more_never_stands_below(found: list[Entry], tie: Tie, room: int) -> None:
    passed = [one.entry.score or 0 for one in ranked(found, tie, room) if one.entry.passed]
    assert passed == sorted(passed, reverse=True)


@given(many, ties, rooms)
def test_the_budget_line_parts_the_ranking_once(found: list[Entry], tie: Tie, room: int) -> None:
    placed = ranked(found, tie, room)
    outcomes = [one.outcome for one in placed]
    assert outcomes == sorted(outcomes, key=["fund", "reserve", "refuse"].index)
    funded = sum(one.entry.amount_cents for one in placed if one.outcome == "fund")
    assert funded <= room
    if first := next((one for one in placed if one.outcome == "reserve"), None):
        assert funded + first.entry.amount_cents > room, "the first of the reserve list does not fit"
    assert all((one.outcome == "refuse") is not one.entry.passed for one in placed)


@given(many, ties, rooms, st.lists(entries, max_size=5))
def test_who_joins_stands_by_its_score_below_all_that_are_funded(
    found: list[Entry], tie: Tie, room: int, late: list[Entry]
) -> None:
    placed = ranked(found, tie, room)
    known = {one.entry.application for one in placed}
    for entry in late:
        if entry.application in known:
            continue
        known.add(entry.application)
        placed.append(joined(entry, placed, tie))
    assert len({one.place for one in placed if one.outcome != "refuse"}) == len(
        [one for one in placed if one.outcome != "refuse"]
    )
    ordered = sorted((one for one in placed if one.outcome != "refuse"), key=lambda one: one.place)
    outcomes = [one.outcome for one in ordered]
    assert outcomes == sorted(outcomes), "fund before reserve"
    reserve = [key_of(one.entry, tie) for one in ordered if one.outcome == "reserve"]
    assert reserve == sorted(reserve)


def test_equal_scores_go_by_the_rule_of_the_call() -> None:
    early, cheap = an_entry(1, 80, cents=300, seconds=0), an_entry(2, 80, cents=200, seconds=5)
    by_time = ranked([cheap, early], "submitted_first", 1_000)
    assert [one.entry for one in by_time] == [early, cheap]
    by_sum = ranked([early, cheap], "amount_least", 1_000)
    assert [one.entry for one in by_sum] == [cheap, early]


def test_a_smaller_one_does_not_overtake_the_first_that_does_not_fit() -> None:
    found = [
        an_entry(1, 90, 600),
        an_entry(2, 80, 500),
        an_entry(3, 70, 100),
        an_entry(4, 95, 100, passed=False),
    ]
    placed = ranked(found, "submitted_first", 1_000)
    assert [one.outcome for one in placed] == ["fund", "reserve", "reserve", "refuse"]
    late = joined(an_entry(5, 75, 100), placed, "submitted_first")
    assert (late.place, late.outcome) == (2.5, "reserve")
    assert joined(an_entry(6, 99, 100), placed, "submitted_first").place == 1.5
