"""Score sheets: results are whole numbers from nothing to everything, means lie between, thresholds hold."""

from hypothesis import given
from hypothesis import strategies as st

from contracts.rubric import WHOLE, Criterion, Rubric

CRITERIA = (
    Criterion(key="plan", least=1, most=5, weight=3, threshold=3),
    Criterion(key="effect", most=10),
    Criterion(key="cost", most=4, weight=2),
)
RUBRIC = Rubric(criteria=CRITERIA, threshold=50, apart=25)
SHEET = st.fixed_dictionaries({one.key: st.integers(one.least, one.most) for one in CRITERIA})
SHEETS = st.lists(SHEET, min_size=1, max_size=4)


def test_the_least_is_nothing_and_the_most_everything() -> None:
    assert RUBRIC.result({one.key: one.least for one in CRITERIA}) == 0
    assert RUBRIC.result({one.key: one.most for one in CRITERIA}) == WHOLE
    assert Rubric().result({}) == 0


@given(SHEET, st.sampled_from(CRITERIA))
def test_a_point_more_is_never_worth_less(sheet: dict[str, int], one: Criterion) -> None:
    more = {**sheet, one.key: min(sheet[one.key] + 1, one.most)}
    assert 0 <= RUBRIC.result(sheet) <= RUBRIC.result(more) <= WHOLE
    assert RUBRIC.passes([more]) or not RUBRIC.passes([sheet])


@given(SHEETS)
def test_several_sheets_come_to_their_mean_in_any_order(sheets: list[dict[str, int]]) -> None:
    results = [RUBRIC.result(sheet) for sheet in sheets]
    assert min(results) <= RUBRIC.joined(sheets) <= max(results)
    assert RUBRIC.joined(sheets) == RUBRIC.joined(sheets[::-1])
    assert RUBRIC.too_far_apart(sheets) == (max(results) - min(results) > 2_500)


def test_a_criterion_below_its_threshold_fails_the_whole() -> None:
    assert not RUBRIC.passes([{"plan": 2, "effect": 10, "cost": 4}])
    assert RUBRIC.passes([{"plan": 2, "effect": 10, "cost": 4}, {"plan": 4, "effect": 10, "cost": 4}])


def test_what_is_missing_or_out_of_range_is_named() -> None:
    assert list(RUBRIC.wrong({"plan": 0, "effect": 3})) == ["plan", "cost"]
