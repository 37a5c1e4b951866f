"""The review in the browser, for evaluators: what waits for them, the declaration, the score sheet beside the text."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from contracts.call_rules import CallRules
from contracts.errors import DomainError
from services.applications.application import rules_of
from services.applications.calls.models import Call
from services.applications.forms.definition import worded
from services.applications.kinds import assessments
from services.applications.models import Application
from services.applications.projections import KnownOrganisation
from services.applications.review.assessing import Submit
from services.applications.review.closing import assessments_of
from services.applications.review.declaring import interest_of, listed, people_named
from services.applications.review.models import Assessment, Stage
from services.applications.review.reading import criteria, name_of, result, tag_of, text_of, title_of
from services.applications.review.views import parts_of
from services.chassis.acts.aggregate import Root
from services.chassis.acts.perform import perform
from services.chassis.database import Tx
from services.chassis.identity.actor import Actor
from services.chassis.service import Service
from services.chassis.web.faces import Prepared
from services.chassis.web.look import forms as look
from services.chassis.web.look.context import reader
from services.chassis.web.look.parts import Cell, Column
from services.chassis.web.look.shapes import Shape
from services.chassis.web.look.values import moment
from services.chassis.web.look.words import gettext as _
from services.chassis.web.request import idempotency_key
from services.chassis.web.sentences import act_words, refusal
from services.chassis.web.who import Who


def add_pages(service: Service) -> None:
    """Pages of evaluators; officers read a part too, and open a sheet again."""
    app, database, pages, clock = service.app, service.database, service.pages, service.clock

    @app.get("/assessments", include_in_schema=False)
    async def mine(request: Request, actor: Who) -> Response:
        async with database.transaction() as tx:
            rows = await _rows(tx, await parts_of(tx, actor.person))
        columns = [Column(_("Task")), Column(_("Call")), Column(_("Until")), Column(_("Standing"))]
        return pages.page(request, "review/assessments.html", rows=rows, columns=columns)

    @app.get("/assessments/{id}", include_in_schema=False)
    async def part(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            row = await tx.found(Assessment, id)
            mine = assessments.parties(actor, row)
            if not mine:
                raise DomainError("not-found", status=404)
            case, stage = await tx.found(Application, row.application), await tx.found(Stage, row.stage)
            shown = row.declared_at is not None and row.state in ("accepted", "submitted")
            officer = not mine.isdisjoint(("VOP", "COORD"))
            hides = rules_of(case).rubric.anonymous and not officer
            told = await text_of(tx, case, clock.moment(), anonymous=hides) if shown or officer else []
            agreed = await _lead_sheet(tx, stage)
            sides = [] if hides else await _sides(tx, case)
            who = await name_of(tx, row.evaluator) if officer else ""
        rules = rules_of(case)
        follows = stage.kind == "consensus" and stage.lead != row.evaluator
        sheet = agreed if follows else row if row.scores else None
        return pages.page(
            request, "review/assessment.html", title=title_of(rules, stage), row=row, stage=stage, case=case,
            tag=tag_of(row), told=told, sides=sides, who=who, officer=officer, mine="EVALUATOR" in mine,
            follows=follows, sheet=sheet, scores=criteria(rules.rubric, sheet) if sheet else [],
            total=result(rules.rubric.result(sheet.scores)) if sheet else "",
            columns=[Column(_("Criterion")), Column(_("Score"), number=True), Column(_("Weight"), number=True)],
            submit=act_words("assessment", "submit"),
        )  # fmt: skip


def add_sheet(service: Service) -> None:
    """The score sheet: criteria are data of the call, so it has a page of its own in the place of the act's."""
    app, database, pages, clock = service.app, service.database, service.pages, service.clock

    @app.get("/assessments/{id}/submit", include_in_schema=False)
    async def open_sheet(request: Request, actor: Who, id: UUID) -> Response:
        return await _sheet(request, actor, id, None, {})

    @app.post("/assessments/{id}/submit", include_in_schema=False)
    async def post_sheet(request: Request, actor: Who, id: UUID) -> Response:
        posted = await request.form()
        async with database.transaction() as tx:
            row = await _own(tx, actor, id)
            rules = rules_of(await tx.found(Application, row.application))
        values = look.read(_shapes(rules), posted)
        try:
            given = Submit.model_validate({
                "scores": _part(values, "score"),
                "comments": _part(values, "comment"),
                "internal": values.get("internal", ""),
                "seen": posted.get("seen") or None,
            })  # fmt: skip
            key = idempotency_key(request, str(posted.get("idempotency_key", "")))
            await perform(database, assessments, "submit", id, given, actor=actor, key=key, at=clock.moment())
        except ValidationError as reason:
            errors = {f"score-{one['loc'][-1]}": _("Enter a whole number.") for one in reason.errors()}
            return await _sheet(request, actor, id, posted, errors)
        except DomainError as reason:
            if reason.status in (401, 403, 404):
                raise
            at = f"score-{reason.field}" if reason.field else ""
            return await _sheet(request, actor, id, posted, {at: refusal(reason.slug, reason.params)})
        return RedirectResponse("/assessments", 303)

    async def _sheet(
        request: Request, actor: Actor, id: UUID, posted: Any, errors: dict[str, str]
    ) -> Response:
        async with database.transaction() as tx:
            row = await _own(tx, actor, id)
            case, stage = await tx.found(Application, row.application), await tx.found(Stage, row.stage)
            rules = rules_of(case)
            told = await text_of(tx, case, clock.moment(), anonymous=rules.rubric.anonymous)
            lead = await _lead_sheet(tx, stage)
        follows = stage.kind == "consensus" and stage.lead != row.evaluator
        fields = (
            [] if follows else look.asked(_shapes(rules), _values(row) if posted is None else posted, errors)
        )
        words = act_words("assessment", "submit")
        return pages.page(
            request, "assessment/submit.html", 422 if errors else 200, row=row, fields=fields, errors=errors,
            title=_("Agree to the consensus") if follows else words.title, explanation="",
            button=_("Agree to this text") if follows else words.button, told=told, follows=follows, lead=lead,
            scores=criteria(rules.rubric, lead) if follows and lead else [], problem=errors.get("", ""),
            columns=[Column(_("Criterion")), Column(_("Score"), number=True), Column(_("Weight"), number=True)],
            action=f"/assessments/{id}/submit", back=f"/assessments/{id}", key=f"{id}:{row.version}",
        )  # fmt: skip


async def _own(tx: Tx, actor: Actor, id: UUID) -> Assessment:
    """The evaluator's own part, while it is to be scored; DomainError else."""
    row = await tx.found(Assessment, id)
    if row.evaluator != actor.person:
        raise DomainError("not-found", status=404)
    if row.state != "accepted":
        raise DomainError("submit-not-now", status=409)
    return row


async def _sides(tx: Tx, case: Application) -> list[str]:
    """Who applies, and the host."""
    ids = [id for id in (case.visitor, case.host) if id is not None]
    statement = select(KnownOrganisation.name).where(col(KnownOrganisation.id).in_(ids))
    return list((await tx.session.exec(statement)).all())


async def _lead_sheet(tx: Tx, stage: Stage) -> Assessment | None:
    rows = await assessments_of(tx, stage) if stage.lead else []
    return next((one for one in rows if one.evaluator == stage.lead and one.state == "submitted"), None)


async def _rows(tx: Tx, parts: Sequence[Assessment]) -> list[list[Any]]:
    statement = (
        select(Stage, Application, Call.title)
        .join(Application, col(Application.id) == col(Stage.application))
        .join(Call, col(Call.id) == col(Application.call))
        .where(col(Stage.id).in_([part.stage for part in parts]))
    )
    known = {
        stage.id: (stage, case, title) for stage, case, title in (await tx.session.exec(statement)).all()
    }
    rows: list[list[Any]] = []
    for part in parts:
        stage, case, call = known[part.stage]
        link = Cell(title_of(rules_of(case), stage), note=case.number, href=f"/assessments/{part.id}")
        rows.append([link, call, moment(part.due_at), Cell(tag=tag_of(part))])
    return rows


def _shapes(rules: CallRules) -> list[Shape]:
    """The score sheet as fields: a score and a comment for each criterion, and a word for the officers."""
    language = reader().language
    found: list[Shape] = []
    for one in rules.rubric.criteria:
        title = worded(one.title, language)
        limits = _("From %(least)s to %(most)s.") % {"least": one.least, "most": one.most}
        weight = _("It counts %(weight)s times.") % {"weight": one.weight} if one.weight > 1 else ""
        hint = " ".join(filter(None, (limits, weight)))
        comment = _("For the applicant: %(title)s") % {"title": title}
        found += [
            Shape(f"score-{one.key}", title, hint=hint, kind="number"),
            Shape(f"comment-{one.key}", comment, kind="textarea", required=False, max_length=2000),
        ]
    officers = _("Remarks for the officers only")
    return [*found, Shape("internal", officers, kind="textarea", required=False, max_length=4000)]


def _values(row: Assessment) -> dict[str, Any]:
    return {
        **{f"score-{key}": score for key, score in row.scores.items()},
        **{f"comment-{key}": text for key, text in row.comments.items()},
        "internal": row.internal,
    }


def _part(values: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The fields of one kind, by criterion."""
    start = f"{name}-"
    return {key.removeprefix(start): value for key, value in values.items() if key.startswith(start)}


async def prepare_declaration(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """The organisations that it is about; what was declared for the same cut-off before is chosen already."""
    assert isinstance(row, Assessment)
    case = await tx.found(Application, row.application)
    kept = await interest_of(tx, case, row.evaluator)
    people = await people_named(tx, case)
    names = [(str(one.id), _with(one.name, people.get(one.id, []))) for one in await listed(tx, case)]
    return Prepared(
        values={"conflicts": kept.conflicts if kept else []},
        choices={"conflicts": names},
        beside={"anonymous": rules_of(case).rubric.anonymous},
    )


def _with(organisation: str, people: Sequence[str]) -> str:
    """An organisation with those who apply for it."""
    return f"{organisation}: {', '.join(people)}" if people else organisation
