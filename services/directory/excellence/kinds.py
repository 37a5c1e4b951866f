"""The aggregates of cluster excellence, and whose they are."""

from contracts.indicator_set import INDICATOR_SET
from contracts.self_assessment import SELF_ASSESSMENT
from services.chassis.acts.aggregate import Aggregate
from services.directory.excellence.models import IndicatorSet, SelfAssessment


def _nobodys_case(row: object) -> None:
    """What is assessed belongs to no case."""


indicator_sets = Aggregate(IndicatorSet, INDICATOR_SET, scopes={}, case=_nobodys_case)
self_assessments = Aggregate(
    SelfAssessment, SELF_ASSESSMENT, scopes={"MEMBER": lambda row: row.organisation}, case=_nobodys_case
)
