"""The review in the browser, for officers: the tasks of a case, one task, who evaluates, what changed."""

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from contracts.acting import DEPUTY, judging
from contracts.errors import DomainError
from contracts.workdays import Moment
from services.applications.application import rules_of
from services.applications.calls.models import Form
from services.applications.forms.answers import Filled
from services.applications.forms.definition import Definition
from services.applications.forms.printing import Printing
from services.applications.kinds import applications, stages
from services.applications.models import Application
from services.applications.review.closing import is_decided_apart
from services.applications.review.evaluators import Candidate, candidates
from services.applications.review.models import Stage, Submission
from services.applications.review.opening import is_scored
from services.applications.review.reading import (
    answered,
    holders,
    sheets,
    stage_columns,
    stage_row,
    tag_of,
    text_of,
    title_of,
)
from services.applications.review.views import all_stages, read_by_officers
from services.applications.review.waiting import is_widened
from services.chassis.acts.aggregate import Root
from services.chassis.database import Tx
from services.chassis.identity.actor import Actor
from services.chassis.service import Service
from services.chassis.web.faces import Prepared
from services.chassis.web.look.context import reader
from services.chassis.web.look.parts import Cell, Change, Column, Link, Tag
from services.chassis.web.look.values import money
from services.chassis.web.look.words import coded
from services.chassis.web.look.words import gettext as _
from services.chassis.web.request import idempotency_key
from services.chassis.web.sentences import act_words
from services.chassis.web.who import Who

HOLDERS = ("VOP", "HOP", "PAY", "COORD", "AGENCY")


def add_pages(service: Service) -> None:
    """Pages of officers, and the difference between rounds for all who take part."""
    app, database, pages, clock = service.app, service.database, service.pages, service.clock

    @app.get("/stages/{id}", include_in_schema=False)
    async def stage_page(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            stage = await tx.found(Stage, id)
            case = await read_by_officers(tx, actor, stage.application)
            told = await text_of(tx, case, clock.moment())
            said = await (sheets(tx, case, stage, actor) if is_scored(stage) else answered(tx, stage))
        rules, parties = rules_of(case), stages.parties(actor, stage)
        columns = (
            (_("Evaluator"), _("Standing"), _("Result"), _("Until"))
            if is_scored(stage)
            else (_("Who"), _("Answer"), _("Reasons"), _("When"))
        )
        return pages.page(
            request, "review/stage.html", title=title_of(rules, stage), case=case, stage=stage, tag=tag_of(stage),
            holders=holders(stage), told=told, third=stage.state == "open" and is_widened(stage), said=said,
            columns=[Column(one) for one in columns],
            links=_links(case, stage, parties, actor), key=idempotency_key(request),
            assigns=stage.kind == "score" and stage.state == "open" and "VOP" in judging(actor.mandate, parties),
        )  # fmt: skip

    @app.get("/applications/{id}/review", include_in_schema=False)
    async def review_page(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            case = await read_by_officers(tx, actor, id)
            rows = await all_stages(tx, case)
        rules = rules_of(case)
        rounds = sorted({row.round for row in rows}, reverse=True)
        return pages.page(
            request, "review/review.html", case=case, columns=stage_columns(),
            rounds=[(one, [stage_row(rules, row) for row in rows if row.round == one]) for one in rounds],
        )  # fmt: skip

    @app.get("/applications/{id}/rounds", include_in_schema=False)
    async def rounds_page(request: Request, actor: Who, id: UUID, round: int = 0) -> Response:
        async with database.transaction() as tx:
            case = await tx.found(Application, id)
            if not applications.parties(actor, case):
                raise DomainError("not-found", status=404)
            sent = await _submissions(tx, case)
            form = await tx.get(Form, case.form) if case.form else None
        chosen = round if any(one.round == round for one in sent[1:]) else case.round
        pair = [one for one in sent if one.round <= chosen][-2:]
        changes = _changes(pair[0], pair[1], form) if len(pair) == 2 else []
        return pages.page(
            request, "review/rounds.html", case=case, changes=changes, chosen=chosen,
            rounds=[one.round for one in sent[1:]],
        )  # fmt: skip


async def _submissions(tx: Tx, case: Application) -> list[Submission]:
    statement = select(Submission).where(Submission.application == case.id).order_by(col(Submission.round))
    return list((await tx.session.exec(statement)).all())


def _changes(before: Submission, after: Submission, form: Form | None) -> list[Change]:
    """Every answer of two rounds side by side, and the sum."""
    found = [Change(_("Sum"), money(before.amount_cents), money(after.amount_cents))]
    if form is None:
        for key, label in _PLAN.items():
            texts = [_said(one.answers.get(key)) for one in (before, after)]
            found.append(Change(_(label), texts[0], texts[1]))
        return found
    definition = Definition.model_validate(form.definition)
    told = [Printing(Filled(definition, one.answers), reader().language) for one in (before, after)]
    for _page, question in definition.questions:
        texts = [one.text(question, one.filled.answers.get(question.key)) for one in told]
        if texts != ["–", "–"]:
            found.append(Change(told[0].say(question.label), texts[0], texts[1]))
    return found


_PLAN: Mapping[str, str] = {
    "mode": _("How"),
    "first_day": _("First day"),
    "last_day": _("Last day"),
    "days": _("Days"),
    "activities": _("Activities"),
    "objectives": _("Objectives"),
    "agenda": _("Agenda"),
}


def _said(value: Any) -> str:
    several = cast("list[Any]", value) if isinstance(value, list) else [value]
    return ", ".join(str(one) for one in several if one) or "–"


def _links(case: Application, stage: Stage, parties: frozenset[str], actor: Actor) -> list[Link]:
    """What the reader may do in an open task, for themselves or as a deputy; the first is the task itself."""
    if stage.state != "open":
        return []
    found: list[Link] = []
    judges = judging(actor.mandate, parties)
    holds = not judges.isdisjoint(stage.parties)
    officer = not judges.isdisjoint(("VOP", "COORD"))
    if stage.kind == "score" and officer:
        link = f"/assessments/assign?stage={stage.id}"
        found.append(Link(_("Assign an evaluator"), link))
    elif holds and is_decided_apart(stage, rules_of(case)):
        found += [
            Link(act_words("application", act).button, f"/applications/{case.id}/{act}")
            for act in ("select", "refuse")
        ]
    elif holds and not is_scored(stage):
        found.append(Link(act_words("stage", "judge").title, f"/stages/{stage.id}/judge"))
    if "VOP" in judges or (holds and case.escalated and DEPUTY in judges):
        found.append(Link(act_words("application", "return").title, f"/applications/{case.id}/return"))
    if officer:
        found.append(Link(act_words("stage", "reassign").title, f"/stages/{stage.id}/reassign"))
    return found


async def prepare_judgement(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """Who answers reads the application beside."""
    assert isinstance(row, Stage)
    return Prepared(beside=await _beside(tx, row))


async def prepare_reassignment(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    assert isinstance(row, Stage)
    case = await tx.found(Application, row.application)
    people = await candidates(tx, case, row) if row.kind == "consensus" else []
    leads = [
        (str(one.person), one.name or str(one.person))
        for one in people
        if one.here not in ("", "declined", "conflict")
    ]
    there = [(name, coded("holder", name)) for name in HOLDERS if name in row.scopes]
    return Prepared(choices={"lead": leads, "holder": there}, beside=await _beside(tx, row))


async def prepare_assignment(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """Everybody who could evaluate, the fittest chosen: free of ties, knowing the field, with little to do."""
    stage = await tx.found(Stage, _id(query.get("stage", "")))
    case = await read_by_officers(tx, actor, stage.application)
    found, blocks = await candidates(tx, case, stage), rules_of(case).rubric.same_partnership
    free = [one for one in found if one.free and not (blocks and one.ties.partner)]
    return Prepared(
        values={"stage": str(stage.id), "evaluator": str(free[0].person) if free else ""},
        choices={
            "stage": [(str(stage.id), title_of(rules_of(case), stage))],
            "evaluator": [(str(one.person), one.name or str(one.person)) for one in free],
        },
        beside={
            "columns": [
                Column(_("Evaluator")), Column(_("Waiting for them"), number=True), Column(_("Knows")),
                Column(_("Ties")),
            ],
            "rows": [_candidate(one, blocks) for one in found],
            "case": case,
        },
    )  # fmt: skip


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise DomainError("not-found", status=404) from None


def _candidate(one: Candidate, blocks: bool) -> list[Any]:
    tie = (
        Tag(_("belongs to a side: cannot be assigned"), "bad")
        if one.ties.own
        else Tag(_("of the same partnership"), "bad" if blocks else "wait")
        if one.ties.partner
        else None
    )
    said = {"": "", "declined": _("declined"), "conflict": _("declared a conflict")}
    here = said.get(one.here, _("takes part already"))
    before = _("scored an earlier round") if one.before else ""
    return [
        Cell(one.name or "–", note=", ".join(filter(None, (here, before)))),
        str(one.load),
        ", ".join(one.known) or "–",
        Cell("" if tie else _("none known"), tag=tie),
    ]


async def _beside(tx: Tx, stage: Stage) -> dict[str, Any]:
    case = await tx.found(Application, stage.application)
    return {"case": case, "told": [] if case.form is None else await text_of(tx, case, Moment(case.saved_at))}
