"""Assessment: one evaluator's part in a stage that scores or agrees on scores. The application's text is shown only
after the evaluator has declared that no interest conflicts. Applicants read none of its facts, so no name reaches them.
"""

from datetime import datetime
from typing import Literal
from uuid import UUID

from contracts.tables import BESIDE, SYSTEM, Body, End, Table, act
from contracts.topics import APPROVALS

Conflict = Literal["same_organisation", "family_or_economic", "contract_within_three_years", "other_conflict"]
DeclineReason = Literal[
    "same_organisation",
    "family_or_economic",
    "contract_within_three_years",
    "other_conflict",
    "no_time",
    "time_over",
    "stage_ended",
]
ReopenReason = Literal["mistake_in_sheet", "criterion_overlooked", "lead_rewrites", "other"]


class Assigned(Body):
    """stage is the task that the evaluator takes part in."""

    stage: UUID
    evaluator: UUID
    round: int
    due_at: datetime


class Accepted(Body):
    pass


class Declined(Body):
    reason: DeclineReason


class Submitted(Body):
    """The scores are read at their owner; they are in no fact."""

    round: int


class Reopened(Body):
    reason: ReopenReason


class Reminded(Body):
    number: int


ASSESSMENT = Table(
    "assessment",
    service="applications",
    topic=APPROVALS.name,
    movers={"assigned": "EVALUATOR", "accepted": "EVALUATOR"},
    acts=(
        act("assign", "VOP COORD", "", "assigned", Assigned),
        act("declare", "EVALUATOR", "assigned", "accepted", Accepted, also=(End("declined", Declined),)),
        act("decline", "EVALUATOR", "assigned accepted", "declined", Declined),
        act("submit", "EVALUATOR", "accepted", "submitted", Submitted),
        act("reopen", "VOP COORD", "submitted", "accepted", Reopened),
        act("lapse", SYSTEM, "assigned accepted", "declined", Declined),
        act("end", BESIDE, "assigned accepted", "declined", Declined),
        act("join", BESIDE, "", "accepted", Assigned),
        act("remind", SYSTEM, "assigned accepted", "", Reminded),
    ),
)
