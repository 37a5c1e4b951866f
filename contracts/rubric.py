"""How a call has applications scored: criteria with range, weight and threshold, and what counts as apart.

A sheet's result is its weighted points in hundredths of a percent of the most possible (0 to 10,000), so that results
of several sheets are averaged and ranked as whole numbers.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from pydantic import Field

from contracts.errors import Finding
from contracts.expressions import Model
from contracts.money import half_up

WHOLE = 10_000
"""The result of a sheet that gives the most on every criterion."""
Scores = Mapping[str, int]


class Criterion(Model):
    """One thing that is scored, in whole points from `least` to `most`; below `threshold` it is not good enough."""

    key: str
    title: dict[str, str] = {}
    least: int = Field(default=0, ge=0, le=100)
    most: int = Field(default=5, ge=1, le=100)
    weight: int = Field(default=1, ge=1, le=100)
    threshold: int | None = Field(default=None, ge=0, le=100)


class Rubric(Model):
    """threshold and apart are percent of the most possible: the least result that passes, and the distance of two
    results from which a third evaluator is asked. anonymous: evaluators never learn who applies. same_partnership:
    an evaluator of an organisation that takes part in the partnership is refused, not only warned of."""

    criteria: tuple[Criterion, ...] = ()
    threshold: int | None = Field(default=None, ge=0, le=100)
    apart: int | None = Field(default=None, ge=1, le=100)
    anonymous: bool = False
    same_partnership: bool = False

    def wrong(self, scores: Scores) -> Iterator[str]:
        """Criteria that lack a score, or have one outside their range."""
        for one in self.criteria:
            score = scores.get(one.key)
            if score is None or not one.least <= score <= one.most:
                yield one.key

    def result(self, scores: Scores) -> int:
        """A sheet's result in hundredths of a percent."""
        most = sum(one.weight * (one.most - one.least) for one in self.criteria)
        given = sum(one.weight * (scores[one.key] - one.least) for one in self.criteria)
        return half_up(Fraction(given * WHOLE, most)) if most else 0

    def joined(self, sheets: Sequence[Scores]) -> int:
        """The result of several sheets: the mean of theirs."""
        return half_up(Fraction(sum(self.result(sheet) for sheet in sheets), len(sheets)))

    def passes(self, sheets: Sequence[Scores]) -> bool:
        """Whether the sheets together reach the threshold, and on each criterion its own."""
        enough = self.threshold is None or self.joined(sheets) >= self.threshold * 100
        return enough and all(
            one.threshold is None
            or Fraction(sum(sheet[one.key] for sheet in sheets), len(sheets)) >= one.threshold
            for one in self.criteria
        )

    def too_far_apart(self, sheets: Sequence[Scores]) -> bool:
        """Whether two sheets differ by more than the call allows."""
        if self.apart is None or len(sheets) < 2:
            return False
        results = [self.result(sheet) for sheet in sheets]
        return max(results) - min(results) > self.apart * 100


def findings(rubric: Rubric, *, scored: bool) -> Iterator[Finding]:
    """What keeps a rubric from going live; scored: the call has a task that scores."""
    if scored and not rubric.criteria:
        yield Finding("call-criteria-missing", "rubric")
    keys = [one.key for one in rubric.criteria]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield Finding("call-criterion-twice", "rubric", {"criterion": key})
    for one in rubric.criteria:
        if one.least >= one.most:
            yield Finding("call-criterion-range", "rubric", {"criterion": one.key})
        if one.threshold is not None and not one.least <= one.threshold <= one.most:
            yield Finding("call-criterion-threshold", "rubric", {"criterion": one.key})
