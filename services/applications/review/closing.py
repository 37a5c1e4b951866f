"""Closing stages: by their quorum, or by what silence means; the last of a group opens the next in the same
transaction, and the last of all ends the review. Asked twice or too early, nothing changes.
"""

from collections.abc import Iterable
from typing import Any, Literal

from sqlmodel import col, select

from contracts import application as application_facts
from contracts import assessment as assessment_facts
from contracts import stage as facts
from contracts.acting import DEPUTY
from contracts.call_rules import CallRules
from contracts.tables import Body
from contracts.workdays import Moment
from services.applications.application import rejected, rules_of
from services.applications.kinds import assessments, stages
from services.applications.models import Application
from services.applications.review.models import Assessment, Stage
from services.applications.review.opening import is_scored, open_next, reminders_over, stages_of
from services.chassis.acts.perform import Work
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause

COORDINATOR = "COORD"
"""Where silence escalates, the move is the coordinator's too, and of an officer's task that of a named deputy."""

OFFICERS = ("VOP", "HOP")
"""Holders who are officers of a partnership."""


def is_decided_apart(stage: Stage, rules: CallRules) -> bool:
    """Whether the officer's decision on the application itself ends this stage. Where a call ranks, a decision is one
    more answer, and the ranking decides."""
    return stage.kind == "decision" and rules.intake.mode == "first_come"


def is_ripe(stage: Stage, rules: CallRules, at: Moment) -> bool:
    """Whether closing it would move something now."""
    if stage.state != "open":
        return False
    return at.now >= stage.due_at or (stage.answers >= stage.quorum and not is_decided_apart(stage, rules))


async def close_stages(tx: Tx, case: Application, at: Moment, cause: Cause) -> Body | None:
    """Moves the stages on. What becomes of the application by that, or None while it stays in review."""
    rules = rules_of(case)
    rows = await stages_of(tx, case.id, case.round, lock=True)
    for stage in rows:
        if is_ripe(stage, rules, at):
            await _close(tx, case, rules, stage, at, cause)
    if refused := next((one for one in rows if one.state == "refused"), None):
        await end_stages(tx, case, at, cause)
        return _failed(case, rules, refused, at)
    if any(one.state == "open" for one in rows) or await open_next(tx, case, at, cause):
        note_escalation(case, rows)
        return None
    if rules.intake.mode == "first_come":
        return None
    return _assessed(case, rows, passed=True)


async def _close(tx: Tx, case: Application, rules: CallRules, stage: Stage, at: Moment, cause: Cause) -> None:
    if stage.answers < stage.quorum or is_decided_apart(stage, rules):
        await _silence(tx, stage, at, cause)
        return
    sheets = await sheets_of(tx, stage)
    if (
        stage.kind == "score"
        and stage.answers == 2
        and rules.rubric.too_far_apart([one.scores for one in sheets])
    ):
        moved, stage.quorum = stage.due_at, 3
        fresh(stage, at)
        stage.due_at = max(stage.due_at, moved)  # nobody loses time that they were given
        body = facts.ThirdNeeded(quorum=stage.quorum, due_at=stage.due_at)
        await stages.record(tx, stage, "widen", body, at, cause)
        return
    good = stage.favourable * 2 > stage.answers
    if is_scored(stage):
        scores = [one.scores for one in sheets if stage.lead in (None, one.evaluator)]
        stage.score = rules.rubric.joined(scores)
        good = rules.rubric.passes(scores) or _agreed_later(rules, stage)
    refuses = not good and stage.kind != "opinion"
    await _end(tx, stage, "quorum", at, cause, refuses=refuses)


def _agreed_later(rules: CallRules, stage: Stage) -> bool:
    """Whether a consensus follows: then its scores count against the thresholds, not these."""
    return stage.kind == "score" and any(track.kind == "consensus" for _, track in rules.tracks)


async def _silence(tx: Tx, stage: Stage, at: Moment, cause: Cause) -> None:
    if stage.silence != "escalate":
        await _end(tx, stage, "silence", at, cause, refuses=stage.silence == "refuse")
        return
    stage.parties = list(dict.fromkeys([*stage.parties, COORDINATOR]))
    officer = next((one for one in stage.parties if one in OFFICERS), "")
    if officer and not is_scored(stage):
        stage.parties = list(dict.fromkeys([*stage.parties, DEPUTY]))
        stage.scopes = {**stage.scopes, DEPUTY: stage.scopes[officer]}
    fresh(stage, at)
    body = facts.Escalated.model_validate({"parties": stage.parties, "due_at": stage.due_at})
    await stages.record(tx, stage, "escalate", body, at, cause)
    await _lapse_assessments(tx, stage, at, cause)


def note_escalation(case: Application, rows: Iterable[Stage]) -> None:
    """Whoever is named deputy takes part in the case while an open task has escalated to them."""
    mine = str(case.visitor_partnership)
    silent = any(one.state == "open" and one.scopes.get(DEPUTY) == mine for one in rows)
    case.stage = "escalated" if silent else "review"


def fresh(stage: Stage, at: Moment) -> None:
    """The task's time begins anew."""
    stage.due_at = at.plus_working_days(stage.days, stage.calendar or None)
    stage.reminders = reminders_over(stage, at)


async def _end(
    tx: Tx, stage: Stage, by: Literal["quorum", "silence"], at: Moment, cause: Cause, *, refuses: bool
) -> None:
    stage.closed_at = at.now
    body = (facts.Refused if refuses else facts.Met)(by=by, round=stage.round)
    await stages.record(tx, stage, "close", body, at, cause)
    for row in await assessments_of(tx, stage):
        if row.state in ("assigned", "accepted"):
            row.reason = "stage_ended"
            await assessments.record(
                tx, row, "end", assessment_facts.Declined(reason="stage_ended"), at, cause
            )


async def _lapse_assessments(tx: Tx, stage: Stage, at: Moment, cause: Cause) -> None:
    """Evaluators whose time is over: the officer assigns others. A consensus keeps its people."""
    if stage.kind == "consensus":
        return
    for row in await assessments_of(tx, stage):
        if row.state in ("assigned", "accepted") and row.due_at <= at.now:
            row.reason = "time_over"
            await assessments.record(
                tx, row, "lapse", assessment_facts.Declined(reason="time_over"), at, cause
            )


async def assessments_of(tx: Tx, stage: Stage) -> list[Assessment]:
    """Everybody's part in a stage, in the order of assignment."""
    statement = select(Assessment).where(Assessment.stage == stage.id).order_by(col(Assessment.id))
    return list((await tx.session.exec(statement)).all())


async def sheets_of(tx: Tx, stage: Stage) -> list[Assessment]:
    """The sheets that were submitted; of a consensus the lead's alone has scores."""
    return [one for one in await assessments_of(tx, stage) if one.state == "submitted" and one.scores]


def _failed(case: Application, rules: CallRules, stage: Stage, at: Moment) -> Body:
    """A task was refused: the application is rejected, or, where a call ranks, ranked below all."""
    if rules.intake.mode == "cut_off":
        return _assessed(case, [stage], passed=False)
    reason = "below_threshold" if is_scored(stage) else "check_failed"
    return rejected(case, reason, "", at)


def _assessed(case: Application, rows: list[Stage], *, passed: bool) -> Body:
    """The result that the ranking goes by: of the consensus, else of all that scored, averaged."""
    agreed = [one.score for one in rows if one.kind == "consensus" and one.score is not None]
    scores = agreed or [one.score for one in rows if one.score is not None]
    case.score = (2 * sum(scores) + len(scores)) // (2 * len(scores)) if scores else None
    case.passed = passed
    case.due_at, case.reminders = None, 0
    return application_facts.Assessed(round=case.round, cut_off=str(case.frozen.get("cut_off", "")))


async def end_stages(tx: Tx, case: Application, at: Moment, cause: Cause) -> None:
    """The round is over or raised: what is open is void, and what evaluators have not said is not asked any more."""
    for stage, body in await _to_void(tx, case, at):
        await stages.record(tx, stage, "void", body, at, cause)
    for row in await _unsaid(tx, case):
        await assessments.record(tx, row, "end", assessment_facts.Declined(reason="stage_ended"), at, cause)


async def void_stages(work: Work[Any], case: Application, at: Moment) -> None:
    """The same beside an act."""
    for stage, body in await _to_void(work.tx, case, at):
        work.beside(stages, stage, "void", body)
    for row in await _unsaid(work.tx, case):
        work.beside(assessments, row, "end", assessment_facts.Declined(reason="stage_ended"))


async def _to_void(tx: Tx, case: Application, at: Moment) -> list[tuple[Stage, facts.Voided]]:
    rows = [one for one in await stages_of(tx, case.id, case.round, lock=True) if one.state == "open"]
    for stage in rows:
        stage.closed_at = at.now
    return [(stage, facts.Voided(round=case.round)) for stage in rows]


async def _unsaid(tx: Tx, case: Application) -> list[Assessment]:
    statement = (
        select(Assessment)
        .where(Assessment.application == case.id, col(Assessment.state).in_(("assigned", "accepted")))
        .order_by(col(Assessment.id))
    )
    rows = list((await tx.session.exec(statement)).all())
    for row in rows:
        row.reason = "stage_ended"
    return rows
