"""How long a review in stages waits, and for whom: the next due date or reminder of whatever is open."""

from datetime import datetime, timedelta

from contracts import assessment as assessment_facts
from contracts import stage as facts
from contracts.steps import Standing
from contracts.workdays import Moment
from services.applications.application import rules_of
from services.applications.kinds import assessments, stages
from services.applications.models import Application
from services.applications.review.closing import assessments_of, is_ripe
from services.applications.review.models import Stage
from services.applications.review.opening import is_scored, stages_of
from services.chassis.clock import Clock
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause

THIRD = "third_needed"


async def review_standing(tx: Tx, case: Application, clock: Clock) -> Standing:
    """Due at once where a stage can be closed, or none is open and the next can be."""
    at, rules = clock.moment(), rules_of(case)
    rows = [one for one in await stages_of(tx, case.id, case.round) if one.state == "open"]
    ripe = not rows or any(is_ripe(one, rules, at) for one in rows)
    due_at = at.now if ripe else min(one.due_at for one in rows)
    reminder = min((when for one in rows if (when := reminder_at(one)) is not None), default=None)
    waits_for = " ".join(THIRD if is_widened(one) else party for one in rows for party in one.parties)
    return Standing(
        state=case.state,
        open=True,
        round=case.round,
        waits_for=" ".join(dict.fromkeys(waits_for.split())),
        remind_in=None if reminder is None else clock.real_seconds_until(reminder),
        due_in=clock.real_seconds_until(due_at),
        reminder=case.reminders,
    )


def is_widened(stage: Stage) -> bool:
    """Whether a third evaluator is awaited, since two are too far apart."""
    return stage.kind == "score" and stage.answers == 2 and stage.quorum == 3


def reminder_at(stage: Stage) -> datetime | None:
    """When whoever holds an open stage is reminded next; None when that is over."""
    if stage.state != "open" or stage.reminders >= len(stage.remind):
        return None
    return stage.due_at - timedelta(days=stage.remind[stage.reminders])


async def remind_stages(tx: Tx, case: Application, at: Moment, cause: Cause) -> None:
    """Reminds the holders of all stages whose moment it is, and evaluators who have not said anything yet."""
    for stage in await stages_of(tx, case.id, case.round, lock=True):
        when = reminder_at(stage)
        if when is None or at.now < when:
            continue
        stage.reminders += 1
        case.reminders += 1
        await stages.record(tx, stage, "remind", facts.Reminded(number=stage.reminders), at, cause)
        if not is_scored(stage):
            continue
        for row in await assessments_of(tx, stage):
            if row.state in ("assigned", "accepted"):
                body = assessment_facts.Reminded(number=stage.reminders)
                await assessments.record(tx, row, "remind", body, at, cause)
