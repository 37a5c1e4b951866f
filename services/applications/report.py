"""Reports by form: filled in and submitted by the recipient, accepted or sent back by the officer."""

import hashlib
from datetime import date
from typing import Any, cast
from uuid import UUID

import orjson
from pydantic import Field
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from contracts import report as facts
from contracts.errors import DomainError
from contracts.report import REPORT
from contracts.tables import Input, Nothing
from contracts.workdays import Moment, end_of_day
from services.applications.application import terms_of
from services.applications.calls.models import Form
from services.applications.forms.answers import Filled, Ground
from services.applications.forms.asking import Asking, listed_blocks, rows_changed
from services.applications.forms.definition import Definition
from services.applications.forms.printing import Printing
from services.applications.forms.sentences import sentences
from services.applications.kinds import reports
from services.applications.models import Application, Report
from services.applications.reporting import fulfilment_of
from services.applications.sent_files import named_files, names_to_show
from services.chassis.acts.perform import Work, perform
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.chassis.files import named, none_refused, relied_on
from services.chassis.identity.actor import Actor
from services.chassis.service import Service
from services.chassis.web.look.context import reader
from services.chassis.web.look.parts import Tag
from services.chassis.web.request import idempotency_key
from services.chassis.web.sentences import act_words, refusal, state_word
from services.chassis.web.who import Who


class Submit(Input):
    answers: dict[str, Any] = Field(title="Answers to the report's form")


class Move(Input):
    due_on: date = Field(title="New last day", description="Later than the one that stands.")
    reason: facts.MoveReason = Field(title="Why is there more time?")


class Return(Input):
    reason: facts.ReturnReason = Field(title="What is missing?")
    explanation: str = Field(title="Tell the recipient what to do", min_length=3, max_length=2000)


class Waive(Input):
    reason: facts.WaiveReason = Field(title="Why can you do without it?")
    explanation: str = Field(title="Explain it, for whoever audits the case", min_length=10, max_length=2000)


@rule(REPORT, "submit")
async def submit(work: Work[Report], given: Submit, at: Moment) -> facts.Submitted:
    return facts.Submitted(**await _take(work, given, at))


@rule(REPORT, "revise")
async def revise(work: Work[Report], given: Submit, at: Moment) -> facts.Revised:
    return facts.Revised(**await _take(work, given, at))


async def _take(work: Work[Report], given: Submit, at: Moment) -> dict[str, Any]:
    report = work.row
    filled = await _filled(work.tx, report, given.answers, at)
    for finding in filled.findings():
        raise finding.refusal()
    report.answers = filled.submitted()
    await none_refused(work.tx, named_files(report.answers))
    await named(work.tx, named_files(report.answers))
    report.submitted_at = at.now
    stated = orjson.dumps(report.answers, option=orjson.OPT_SORT_KEYS)
    return {"answers_hash": hashlib.sha256(stated).hexdigest(), "fulfilment": report.fulfilment}


@rule(REPORT, "return")
async def return_(work: Work[Report], given: Return, at: Moment) -> facts.Returned:
    report = work.row
    case = await work.tx.found(Application, report.application)
    report.explanation = given.explanation
    report.due_at = at.plus_working_days(terms_of(case).revision_days, case.frozen["visitor_country"])
    return facts.Returned(reason=given.reason, due_at=report.due_at, fulfilment=fulfilment_of(report))


@rule(REPORT, "accept")
async def accept(work: Work[Report], given: Nothing, at: Moment) -> facts.Accepted:
    report = work.row
    await relied_on(work.tx, named_files(report.answers))
    return facts.Accepted(fulfilment=fulfilment_of(report))


@rule(REPORT, "move")
async def move(work: Work[Report], given: Move, at: Moment) -> facts.Rescheduled:
    """Later only, and by nobody of the organisation that reports."""
    report = work.row
    _not_own(work)
    was, due_at = report.due_at, end_of_day(given.due_on)
    if due_at <= was or due_at <= at.now:
        raise DomainError("date-later-only", "due_on", due=was)
    report.due_at = due_at
    return facts.Rescheduled(reason=given.reason, due_at=due_at, was=was, fulfilment=fulfilment_of(report))


@rule(REPORT, "waive")
async def waive(work: Work[Report], given: Waive, at: Moment) -> facts.Waived:
    """By nobody of the organisation that reports; what hangs on the report goes on without it."""
    _not_own(work)
    work.row.explanation = given.explanation
    return facts.Waived(reason=given.reason, fulfilment=fulfilment_of(work.row))


def _not_own(work: Work[Report]) -> None:
    if UUID(work.row.scopes["VO"]) in work.actor.partial_to:
        raise DomainError("own-case", status=403)


async def _filled(tx: Tx, report: Report, answers: dict[str, Any], at: Moment) -> Filled:
    form = await tx.found(Form, report.form)
    return Filled(Definition.model_validate(form.definition), answers, Ground(call={"today": at.today()}))


def add_reports(service: Service) -> None:
    """Routes of reports: the form on one page, and what was reported."""
    app, database, pages, clock = service.app, service.database, service.pages, service.clock

    async def seen(tx: Tx, id: UUID, actor: Actor) -> Report:
        report = await tx.found(Report, id)
        if not reports.parties(actor, report):
            raise DomainError("not-found", status=404)
        return report

    @app.get("/api/v1/reports/{id}")
    async def report_json(actor: Who, id: UUID) -> dict[str, Any]:
        async with database.transaction() as tx:
            return (await seen(tx, id, actor)).model_dump(mode="json")

    @app.get("/reports/{id}", include_in_schema=False)
    async def report_page(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            report = await seen(tx, id, actor)
            filled = await _filled(tx, report, report.answers, clock.moment())
            names = await names_to_show(tx, list(named_files(report.answers)))
        printing = Printing(filled, reader().language, names)
        return pages.page(
            request, "report.html", title=printing.say(report.title), report=report, told=printing.pages(),
            tag=Tag(state_word("report", report.state)), parties=reports.parties(actor, report),
        )  # fmt: skip

    @app.get("/reports/{id}/submit", include_in_schema=False)
    @app.get("/reports/{id}/revise", include_in_schema=False)
    async def fill(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            report = await seen(tx, id, actor)
            filled = await _filled(tx, report, report.answers, clock.moment())
        return _asked(request, report, filled, {})

    @app.post("/reports/{id}/submit", include_in_schema=False)
    @app.post("/reports/{id}/revise", include_in_schema=False)
    async def filled_in(request: Request, actor: Who, id: UUID) -> Response:
        posted = await request.form(max_part_size=12 * 1024 * 1024)
        async with database.transaction() as tx:
            report = await seen(tx, id, actor)
            filled = await _filled(tx, report, report.answers, clock.moment())
        asking = Asking(filled, reader().language)
        answers = {
            key: await _stored(value, actor)
            for page in filled.definition.pages
            for key, value in asking.answers_of(page, posted).items()
        }
        do = str(posted.get("do", ""))
        answers = rows_changed(answers, do)
        filled = Filled(filled.definition, answers, filled.ground)
        if do:
            return _asked(request, report, filled, {})
        if findings := filled.findings():
            return _asked(request, report, filled, sentences(filled, findings, reader().language))
        act = "revise" if report.state == "returned" else "submit"
        key = idempotency_key(request, str(posted.get("idempotency_key", "")))
        given = Submit(answers=answers)
        try:
            await perform(database, reports, act, id, given, actor=actor, key=key, at=clock.moment())
        except DomainError as reason:
            if reason.status in (401, 403, 404):
                raise
            return _asked(request, report, filled, {"": refusal(reason.slug, reason.params)})
        return RedirectResponse(f"/reports/{id}", 303)

    async def _stored(value: Any, actor: Actor) -> Any:
        if not isinstance(value, list):
            return value
        given = cast("list[Any]", value)
        kept = [
            (await service.files.keep(one, actor.person)).id for one in given if isinstance(one, UploadFile)
        ]
        return [*(one for one in given if not isinstance(one, UploadFile)), *kept] or None

    def _asked(request: Request, report: Report, filled: Filled, errors: dict[str, str]) -> Response:
        asking = Asking(filled, reader().language, errors)
        blocks = [(asking.say(page.title), asking.blocks(page)) for page in filled.pages]
        said = [one for _title, some in blocks for one in listed_blocks(some)]
        act = "revise" if report.state == "returned" else "submit"
        return pages.page(
            request, "report_form.html", 422 if errors else 200, title=asking.say(report.title), report=report,
            groups=blocks, said=said, problem=errors.get("", ""), button=act_words("report", act).button,
            action=f"/reports/{report.id}/{act}", key=f"{report.id}:{act}:{report.version}",
        )  # fmt: skip
