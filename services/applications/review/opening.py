"""Opening stages: the tasks of a group that this application needs, each with its holder and its due date in working
days where the holder's office sits. Where nothing of a group applies, the next one opens.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import col, select

from contracts import assessment as assessment_facts
from contracts import stage as facts
from contracts.call_rules import SCORED, CallRules, Track
from contracts.call_rules import Stage as Group
from contracts.ids import new_id
from contracts.workdays import Moment
from services.applications.application import document_scopes, rules_of
from services.applications.applying.drafts import loaded
from services.applications.applying.ground import filled
from services.applications.forms.answers import Filled
from services.applications.kinds import assessments, stages
from services.applications.models import Application
from services.applications.projections import KnownOrganisation, KnownPartnership
from services.applications.review.models import Assessment, Stage
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause

HIDDEN_FROM = ("VO", "HO")
"""Parties that read nothing of a review."""


def has_stages(case: Application) -> bool:
    """Whether the call says how it is reviewed; an exchange without a form of its own has one fixed review."""
    return case.form is not None and bool(rules_of(case).stages)


def promised(rules: CallRules, at: Moment) -> datetime:
    """When a decision is promised: the longest task of each group, one group after the other."""
    days = sum(max((track.days or 0 for track in group.tracks), default=0) for group in rules.stages)
    return at.plus_working_days(days)


async def stages_of(tx: Tx, case: UUID, round: int, *, lock: bool = False) -> list[Stage]:
    """The stages of a round in the order of their opening."""
    statement = select(Stage).where(Stage.application == case, Stage.round == round).order_by(col(Stage.id))
    return list((await tx.session.exec(statement.with_for_update() if lock else statement)).all())


async def open_next(tx: Tx, case: Application, at: Moment, cause: Cause) -> list[Stage]:
    """Opens the first group of this round that has not been opened and has something to do; empty when all are over."""
    rules = rules_of(case)
    there = {one.group for one in await stages_of(tx, case.id, case.round)}
    after = max((n for n, group in enumerate(rules.stages) if group.key in there), default=-1)
    form = await _answers(tx, case, at)
    for group in rules.stages[after + 1 :]:
        if opened := [
            await _open(tx, case, rules, group, track, at, cause)
            for track in group.tracks
            if form.is_open(track.when)
        ]:
            return opened
    return []


async def _answers(tx: Tx, case: Application, at: Moment) -> Filled:
    """What was submitted, for the conditions of tasks."""
    draft = await loaded(tx, case)
    return Filled(draft.definition, case.answers, (await filled(tx, draft, at)).ground)


async def _open(
    tx: Tx, case: Application, rules: CallRules, group: Group, track: Track, at: Moment, cause: Cause
) -> Stage:
    assert track.holder is not None and track.days is not None, "a call without them is not published"
    calendar = await office_of(tx, case, track.holder)
    scopes = {name: scope for name, scope in document_scopes(case).items() if name not in HIDDEN_FROM}
    quorum = max(track.quorum, 2) if track.kind == "decision" and rules.second_decider else track.quorum
    stage = Stage(
        id=new_id(),
        application=case.id,
        round=case.round,
        group=group.key,
        key=track.key,
        kind=track.kind,
        holder=track.holder,
        parties=["VOP" if track.holder == "EVALUATOR" else track.holder],
        scopes={**scopes, "AGENCY": str(case.visitor_partnership)},
        calendar=calendar,
        quorum=quorum,
        days=track.days,
        silence=track.silence,
        remind=list(track.remind),
        opened_at=at.now,
        due_at=at.plus_working_days(track.days, calendar or None),
    )
    stage.reminders = reminders_over(stage, at)
    evaluators = await _scored_by(tx, case) if track.kind == "consensus" else []
    if evaluators:
        stage.quorum, stage.lead = len(evaluators), evaluators[0]
    body = facts.Opened.model_validate(
        {**stage.model_dump(include=set(facts.Opened.model_fields)), "stage": group.key}
    )
    await stages.record(tx, stage, "open", body, at, cause)
    for evaluator in evaluators:
        await _join(tx, stage, evaluator, at, cause)
    return stage


def reminders_over(stage: Stage, at: Moment) -> int:
    """How many reminders of a stage lie before this moment: what has just begun is not reminded of."""
    return sum(stage.due_at - timedelta(days=days) <= at.now for days in stage.remind)


async def _scored_by(tx: Tx, case: Application) -> list[UUID]:
    """Who has scored in this round, in the order of assignment."""
    statement = (
        select(Assessment)
        .where(
            Assessment.application == case.id,
            Assessment.round == case.round,
            Assessment.state == "submitted",
        )
        .order_by(col(Assessment.id))
    )
    return list(dict.fromkeys(one.evaluator for one in (await tx.session.exec(statement)).all()))


async def _join(tx: Tx, stage: Stage, evaluator: UUID, at: Moment, cause: Cause) -> None:
    """Who has scored has declared already, and goes on to the consensus."""
    row = Assessment(
        id=new_id(),
        application=stage.application,
        stage=stage.id,
        round=stage.round,
        evaluator=evaluator,
        scopes=stage.scopes,
        made_at=at.now,
        due_at=stage.due_at,
        declared_at=at.now,
    )
    body = assessment_facts.Assigned(
        stage=stage.id, evaluator=evaluator, round=stage.round, due_at=stage.due_at
    )
    await assessments.record(tx, row, "join", body, at, cause)


async def office_of(tx: Tx, case: Application, holder: str) -> str:
    """Where the office sits whose public holidays count: the paying member's, else that of the partnership's
    coordinating organisation; its region where it has said one, else its country. Empty where it is not known yet:
    then only weekends do not count."""
    if holder == "PAY":
        organisation: UUID | None = case.payer
    else:
        scope = case.host_partnership if holder == "HOP" else case.visitor_partnership
        partnership = await tx.get(KnownPartnership, scope) if scope else None
        organisation = partnership.coordinator if partnership else None
    known = await tx.get(KnownOrganisation, organisation) if organisation else None
    return (known.region or known.country) if known else ""


def is_scored(stage: Stage) -> bool:
    """Whether it is done by assessments."""
    return stage.kind in SCORED
