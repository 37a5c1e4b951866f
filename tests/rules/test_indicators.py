"""What a cluster's answers come to: level, score, gap, and its place among others, never shown of too few."""

from typing import Any

from services.directory.excellence.indicators import FEWEST, HEADINGS, Measure, benchmark, measure, result


def a_set(**changed: Any) -> Measure:
    """One indicator under each heading: 10 for bronze, 20 for silver, 30 for gold, 40 is all."""
    rows = [
        {
            "key": heading, "heading": heading, "title": heading, "help": "", "unit": "number", "bronze": 10,
            "silver": 20, "gold": 30, "full": 40,
        }
        for heading in HEADINGS
    ]  # fmt: skip
    return measure(rows, **{"silver_score": 50, "gold_score": 80, **changed})


def answers(number: int, **but: int) -> dict[str, int]:
    return {**dict.fromkeys(HEADINGS, number), **but}


def test_a_level_needs_every_indicator_and_its_score_over_all() -> None:
    assert result(a_set(), answers(9)).reached == "none"
    assert result(a_set(), answers(10)).reached == "bronze"
    assert result(a_set(), answers(20)).reached == "silver"
    assert result(a_set(), answers(30)).reached == "silver", "all thresholds of gold, but 75 per cent"
    assert result(a_set(), answers(32)).reached == "gold"
    assert result(a_set(), answers(40, financing=29)).reached == "silver"
    assert result(a_set(silver_score=60), answers(20)).reached == "bronze"


def test_the_gap_names_what_the_next_level_asks_for() -> None:
    found = result(a_set(), answers(20, services=12, contacts=3))
    assert (found.reached, found.next_level) == ("none", "bronze")
    assert [(one.indicator.key, one.answer, one.needed) for one in found.missing] == [("contacts", 3, 10)]
    found = result(a_set(), answers(30))
    assert (found.next_level, found.missing, found.score, found.score_needed) == ("gold", (), 75, 80)
    top = result(a_set(), answers(90))
    assert (top.score, top.next_level, top.missing) == (100, None, ())


def test_no_answer_counts_as_nothing_and_more_than_all_as_all() -> None:
    found = result(a_set(), {"structure": 400})
    assert (found.headings["structure"], found.headings["services"], found.score) == (100, 0, 16)


def test_a_benchmark_shows_the_middle_half_of_the_others_and_nothing_of_too_few() -> None:
    others = [answers(number) for number in (4, 8, 12, 16, 20)]
    assert benchmark(a_set(), answers(24), others[: FEWEST - 1]) == []
    place = benchmark(a_set(), answers(24), others)[0]
    assert (place.own, place.low, place.middle, place.high) == (60, 20, 30, 40)
