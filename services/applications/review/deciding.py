"""Answers of people: recorded as decisions, counted on their stage, and the officer's decision that ends the review."""

from typing import Any, Literal

from pydantic import Field
from sqlmodel import col, select

from contracts import application as application_facts
from contracts import decision as decision_facts
from contracts import stage as facts
from contracts.errors import DomainError
from contracts.ids import new_id
from contracts.stage import STAGE
from contracts.tables import Input
from contracts.workdays import Moment
from services.applications.application import document_scopes, rules_of
from services.applications.kinds import decisions, stages
from services.applications.models import Application, Decision
from services.applications.review.closing import is_decided_apart
from services.applications.review.conflicts import without_own
from services.applications.review.models import Stage
from services.applications.review.opening import HIDDEN_FROM, is_scored, stages_of
from services.applications.sent_files import named_files
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.chassis.files import relied_on
from services.chassis.identity.actor import Actor

Said = Literal["opinion", "decision", "check", "panel", "score", "consensus"]


class Judge(Input):
    """The answer of one who holds a task of the review."""

    favourable: Literal["yes", "no"] = Field(title="Are you in favour?")
    remark: str = Field("", title="Your reasons, for those who decide", max_length=2000)


@rule(STAGE, "judge")
async def judge(work: Work[Stage], given: Judge, at: Moment) -> facts.Judged:
    stage = work.row
    case = await work.tx.found(Application, stage.application)
    if is_scored(stage) or is_decided_apart(stage, rules_of(case)):
        raise DomainError("stage-answered-apart", status=409)
    if work.parties.isdisjoint(stage.parties):
        raise DomainError("stage-of-another", status=403)
    await without_own(work.tx, case, work.actor)
    await relied_on(work.tx, named_files(case.answers))
    await _another_answers(work, case, stage)
    kind: Any = stage.kind
    say(work, case, kind, given.favourable == "yes", given.remark, at, stage)
    return facts.Judged(round=stage.round)


def say(
    work: Work[Any],
    case: Application,
    kind: Said,
    favourable: bool,
    remark: str,
    at: Moment,
    stage: Stage | None = None,
) -> None:
    """Beside an act: one person's answer, counted on its stage. What evaluators say stays with the officers."""
    scopes = document_scopes(case)
    if stage is not None:
        stage.answers += 1
        stage.favourable += favourable
        scopes = {name: scope for name, scope in stage.scopes.items() if name not in HIDDEN_FROM}
    row = Decision(
        id=new_id(),
        application=case.id,
        stage=stage.key if stage else "",
        kind=kind,
        favourable=favourable,
        round=case.round,
        decider=work.actor.person,
        behalf_of=work.actor.behalf_of,
        remark=remark,
        made_at=at.now,
        scopes=scopes,
    )
    body = decision_facts.Made(application=case.id, kind=kind, favourable=favourable, round=case.round)
    work.beside(decisions, row, "make", body)


async def decide(
    work: Work[Application], favourable: bool, remark: str, at: Moment
) -> application_facts.FirstDecided | None:
    """The officer's decision on a case with stages: once all else is over, by as many people as the call asks for.
    FirstDecided while another person has to decide alike; None once it counts."""
    case = work.row
    stage = await _decision_stage(work.tx, case)
    if work.parties.isdisjoint(stage.parties):
        raise DomainError("stage-of-another", status=403)
    await _another_answers(work, case, stage)
    alike = [one for one in await decided_by(work.tx, case) if one.favourable == favourable]
    say(work, case, "decision", favourable, remark, at, stage)
    if len(alike) + 1 < stage.quorum:
        return application_facts.FirstDecided(round=case.round)
    case.earlier_deciders = [*case.earlier_deciders, *(str(id) for one in alike for id in one.eyes)]
    stage.closed_at = at.now
    body = (facts.Met if favourable else facts.Refused)(by="quorum", round=case.round)
    work.beside(stages, stage, "close", body)
    return None


async def decided_by(tx: Tx, case: Application) -> list[Decision]:
    """The decisions of this round so far."""
    statement = select(Decision).where(
        Decision.application == case.id, Decision.round == case.round, Decision.kind == "decision"
    )
    return list((await tx.session.exec(statement.order_by(col(Decision.id)))).all())


async def _decision_stage(tx: Tx, case: Application) -> Stage:
    """The open stage that a decision ends; DomainError while anything else is open, or where a ranking decides."""
    if rules_of(case).intake.mode == "cut_off":
        raise DomainError("ranking-decides", status=409)
    rows = [one for one in await stages_of(tx, case.id, case.round, lock=True) if one.state == "open"]
    stage = next((one for one in rows if one.kind == "decision"), None)
    if stage is None or len(rows) > 1:
        raise DomainError("stages-open", status=409)
    return stage


async def before_appeal(tx: Tx, case: Application, actor: Actor) -> None:
    """DomainError("decided-before") for who decided on this case, or for whom it was decided: another decides on the
    appeal."""
    statement = select(Decision).where(Decision.application == case.id, Decision.kind == "decision")
    if any(actor.people & one.eyes for one in (await tx.session.exec(statement)).all()):
        raise DomainError("decided-before", status=403)


async def _another_answers(work: Work[Any], case: Application, stage: Stage) -> None:
    """DomainError("decision-once"): an officer and their deputy answer once in a task, since they count as one."""
    statement = select(Decision).where(
        Decision.application == case.id,
        Decision.round == stage.round,
        Decision.stage == stage.key,
        col(Decision.superseded).is_(False),
    )
    if any(work.actor.people & one.eyes for one in (await work.tx.session.exec(statement)).all()):
        raise DomainError("decision-once", status=409)
