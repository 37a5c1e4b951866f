"""Evaluators at work: assigned by an officer, free of conflicts, then with the text before them and a sheet to fill in.

The lead of a consensus submits its scores and its text; all others who scored agree to exactly that.
"""

from typing import Literal
from uuid import UUID

from pydantic import Field
from sqlmodel import col, select

from contracts import assessment as facts
from contracts.assessment import ASSESSMENT
from contracts.errors import DomainError
from contracts.ids import new_id
from contracts.tables import Input
from contracts.workdays import Moment
from services.applications.application import rules_of
from services.applications.kinds import assessments
from services.applications.models import Application, Decision
from services.applications.review.closing import assessments_of
from services.applications.review.conflicts import ties_of
from services.applications.review.deciding import say
from services.applications.review.declaring import declared
from services.applications.review.evaluators import CONFLICTS, is_evaluator
from services.applications.review.models import Assessment, Stage
from services.applications.sent_files import named_files
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.chassis.files import relied_on


class Assign(Input):
    stage: UUID = Field(title="Task of the review")
    evaluator: UUID = Field(title="Who evaluates?")


class Declare(Input):
    """For an anonymous call the organisations of the list that one is bound to; else a word on this application."""

    conflicts: list[UUID] = Field(
        default_factory=list[UUID],
        title="With which of these do you have a conflict of interest?",
        description="Choose every organisation that you, your family or your employer are bound to.",
    )
    none: bool = Field(False, title="Apart from these, no interest of mine conflicts")


class Decline(Input):
    reason: Literal[
        "same_organisation", "family_or_economic", "contract_within_three_years", "other_conflict", "no_time"
    ] = Field(title="Why can you not evaluate it?")


class Submit(Input):
    """Scores by criterion; comments by criterion are for the applicant, the internal one is for the officers."""

    scores: dict[str, int] = Field(default_factory=dict[str, int])
    comments: dict[str, str] = Field(default_factory=dict[str, str])
    internal: str = Field("", title="Remarks for the officers only", max_length=4000)
    seen: int | None = None


class Reopen(Input):
    reason: facts.ReopenReason = Field(title="Why is the sheet opened again?")


@rule(ASSESSMENT, "assign")
async def assign(work: Work[Assessment], given: Assign, at: Moment) -> facts.Assigned:
    """Refused for whoever belongs to a side of the case; of the same partnership, where the call says so."""
    tx = work.tx
    stage = await tx.found(Stage, given.stage)
    case = await tx.locked(Application, stage.application)
    stage = await tx.locked(Stage, stage.id)
    work.row = row = Assessment(
        id=new_id(),
        application=case.id,
        stage=stage.id,
        round=stage.round,
        evaluator=given.evaluator,
        scopes=stage.scopes,
        made_at=at.now,
        due_at=stage.due_at,
    )
    assessments.permit(work.actor, ASSESSMENT.act("assign"), row)
    if stage.state != "open" or stage.kind != "score":
        raise DomainError("stage-not-scored-now", "stage", status=409)
    if not await is_evaluator(tx, stage, given.evaluator):
        raise DomainError("evaluator-unknown", "evaluator")
    ties = (await ties_of(tx, case, [given.evaluator]))[given.evaluator]
    tied = ties.own or (ties.partner and rules_of(case).rubric.same_partnership)
    if tied or await declared_before(tx, case, given.evaluator):
        raise DomainError("evaluator-conflict", "evaluator")
    return facts.Assigned(stage=stage.id, evaluator=row.evaluator, round=row.round, due_at=row.due_at)


async def declared_before(tx: Tx, case: Application, evaluator: UUID) -> bool:
    """Whether this evaluator has declared a conflict with this case already."""
    statement = select(Assessment.id).where(
        Assessment.application == case.id,
        Assessment.evaluator == evaluator,
        col(Assessment.reason).in_(CONFLICTS),
    )
    return (await tx.session.exec(statement.limit(1))).first() is not None


@rule(ASSESSMENT, "declare")
async def declare(work: Work[Assessment], given: Declare, at: Moment) -> facts.Accepted | facts.Declined:
    """Before any text is shown. In an anonymous call every other part with a declared organisation is declined too."""
    row = work.row
    if not given.none:
        raise DomainError("declare-missing", "none")
    case = await work.tx.found(Application, row.application)
    conflicts = await declared(work.tx, case, row.evaluator, given.conflicts, at)
    row.declared_at = at.now
    for other in await _elsewhere(work.tx, row, case, conflicts):
        other.reason = "other_conflict"
        work.beside(assessments, other, "decline", facts.Declined(reason="other_conflict"))
    if case.visitor in conflicts or case.host in conflicts:
        row.reason = "other_conflict"
        return facts.Declined(reason="other_conflict")
    return facts.Accepted()


async def _elsewhere(tx: Tx, row: Assessment, case: Application, conflicts: set[UUID]) -> list[Assessment]:
    """The evaluator's other parts in the same call with an organisation that it has declared."""
    if not conflicts:
        return []
    statement = (
        select(Assessment)
        .join(Application, col(Application.id) == col(Assessment.application))
        .where(
            Assessment.evaluator == row.evaluator,
            Assessment.id != row.id,
            col(Assessment.state).in_(("assigned", "accepted")),
            Application.call == case.call,
            col(Application.visitor).in_(conflicts),
        )
        .order_by(col(Assessment.id))
        .with_for_update(of=Assessment)
    )
    return list((await tx.session.exec(statement)).all())


@rule(ASSESSMENT, "decline")
def decline(row: Assessment, given: Decline, at: Moment) -> facts.Declined:
    row.reason = given.reason
    return facts.Declined(reason=given.reason)


@rule(ASSESSMENT, "submit")
async def submit(work: Work[Assessment], given: Submit, at: Moment) -> facts.Submitted:
    row, tx = work.row, work.tx
    case = await tx.found(Application, row.application)
    stage = await tx.locked(Stage, row.stage)
    if stage.state != "open":
        raise DomainError("stage-over", status=409)
    await relied_on(tx, named_files(case.answers))
    rubric = rules_of(case).rubric
    follows = stage.kind == "consensus" and stage.lead != row.evaluator
    if follows:
        lead = await _lead_sheet(tx, stage)
        if given.seen != lead.version:
            raise DomainError("consensus-changed", status=409)
        row.seen, favourable = given.seen, rubric.passes([lead.scores])
    else:
        for key in rubric.wrong(given.scores):
            raise DomainError("score-missing", key)
        names = {one.key for one in rubric.criteria}
        row.scores = {key: score for key, score in given.scores.items() if key in names}
        row.comments = {key: text for key, text in given.comments.items() if key in names and text}
        row.internal, favourable = given.internal, rubric.passes([row.scores])
    row.submitted_at = at.now
    say(work, case, "consensus" if stage.kind == "consensus" else "score", favourable, "", at, stage)
    return facts.Submitted(round=row.round)


async def _lead_sheet(tx: Tx, stage: Stage) -> Assessment:
    """What all others agree to; DomainError while the lead has not written it."""
    rows = await assessments_of(tx, stage)
    sheet = next((one for one in rows if one.evaluator == stage.lead and one.state == "submitted"), None)
    if sheet is None:
        raise DomainError("consensus-not-written", status=409)
    return sheet


@rule(ASSESSMENT, "reopen")
async def reopen(work: Work[Assessment], given: Reopen, at: Moment) -> facts.Reopened:
    """Before its stage is over. Of a consensus the agreements to the lead's text fall with it."""
    row, tx = work.row, work.tx
    stage = await tx.locked(Stage, row.stage)
    if stage.state != "open":
        raise DomainError("stage-over", status=409)
    body = facts.Reopened(reason=given.reason)
    await _take_back(tx, stage, row)
    if stage.lead == row.evaluator:
        for other in await assessments_of(tx, stage):
            if other.id != row.id and other.state == "submitted":
                await _take_back(tx, stage, other)
                work.beside(assessments, other, "reopen", body)
    return body


async def _take_back(tx: Tx, stage: Stage, row: Assessment) -> None:
    """The sheet counts no more; the decision that stands behind it is kept, and another follows."""
    statement = select(Decision).where(
        Decision.application == row.application,
        Decision.round == row.round,
        Decision.stage == stage.key,
        Decision.decider == row.evaluator,
        col(Decision.superseded).is_(False),
    )
    for decision in (await tx.session.exec(statement)).all():
        decision.superseded = True
        stage.answers -= 1
        stage.favourable -= decision.favourable
    row.seen, row.submitted_at = None, None
