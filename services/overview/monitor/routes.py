"""The operators' pages: where everything is (live), what is parked and its redrive, one case as a trace of
messages."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import Field, ValidationError
from sqlmodel import col, or_, select
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from contracts.catalogue import TABLES
from contracts.errors import DomainError
from contracts.tables import Input
from services.chassis.identity.actor import Actor
from services.chassis.identity.tokens import TOKEN_COOKIE
from services.chassis.service import Service
from services.chassis.web.look import forms
from services.chassis.web.look.context import reading
from services.chassis.web.look.parts import Link
from services.chassis.web.look.values import clock_time
from services.overview.models import Case, Line, Subject
from services.overview.monitor import worded
from services.overview.monitor.behind import Behind
from services.overview.monitor.elsewhere import Elsewhere
from services.overview.monitor.figures import figures
from services.overview.monitor.workflows import Workflows
from services.overview.moves import is_operator


class Discard(Input):
    """What an operator says who gives a parked record up."""

    reason: str = Field(
        title="Why can it never be read?",
        description="Kept with the record, and shown in the list.",
        min_length=3,
        max_length=500,
    )


def pages(service: Service, workflows: Workflows) -> APIRouter:
    """Routes under /monitor, for operators only; for everybody else they are not there."""
    elsewhere = Elsewhere(
        service.settings.services or {service.name: f"http://{service.settings.host}:{service.settings.port}"}
    )

    behind = Behind(service.settings.kafka)

    async def operator(request: Request, actor: Annotated[Actor, Depends(service.reception.actor)]) -> Actor:
        if not is_operator(actor):
            raise DomainError("not-found", status=404)
        return actor

    router = APIRouter(prefix="/monitor", include_in_schema=False, dependencies=[Depends(operator)])

    async def gathered(request: Request, template: str) -> Response:
        async with service.database.transaction() as tx:
            numbers = await figures(tx, service.clock.now())
        states, look = await elsewhere.states(), await workflows.look()
        lag = await behind.look([*(one.name for one in states), worded.BRIDGE])
        now = datetime.now(UTC)
        with reading(service.pages.context(request)):
            values = worded.live(numbers, states, lag, look, now)
            values["links"] = worded.links(workflows.screen, service.settings.mail_web_url)
            updated = f"{clock_time(now)}:{now:%S}"
        return service.pages.page(request, template, updated=updated, **values)

    @router.get("")
    async def monitor(request: Request) -> Response:
        return await gathered(request, "monitor.html")

    @router.get("/live")
    async def live(request: Request) -> Response:
        return await gathered(request, "monitor_live.html")

    @router.get("/parked")
    async def parked(request: Request) -> Response:
        records = await elsewhere.parked(_token(request))
        with reading(service.pages.context(request)):
            values: dict[str, Any] = {
                "columns": worded.parked_columns(),
                "rows": worded.parked_cells(records),
            }
        return service.pages.page(request, "parked.html", **values)

    @router.get("/parked/{owner}/{id}")
    async def try_out(request: Request, owner: str, id: int) -> Response:
        """What would become of the record: the dry run, always shown before it is done."""
        outcome = await elsewhere.redrive(_token(request), owner, id, dry_run=True)
        with reading(service.pages.context(request)):
            asked = forms.fields(Discard, {})
        return service.pages.page(
            request, "redrive.html", owner=owner, id=id, outcome=outcome, fields=asked, errors={}
        )

    @router.post("/parked/{owner}/{id}")
    async def redrive(request: Request, owner: str, id: int) -> Response:
        await elsewhere.redrive(_token(request), owner, id, dry_run=False)
        return RedirectResponse("/monitor/parked", status_code=303)

    @router.post("/parked/{owner}/{id}/discard")
    async def discard(request: Request, owner: str, id: int) -> Response:
        posted = await request.form()
        try:
            why = Discard.model_validate(forms.parse(Discard, posted))
        except ValidationError as wrong:
            outcome = await elsewhere.redrive(_token(request), owner, id, dry_run=True)
            with reading(service.pages.context(request)):
                errors = forms.errors(wrong, Discard)
                asked = forms.fields(Discard, posted, errors)
            return service.pages.page(
                request,
                "redrive.html",
                status=422,
                owner=owner,
                id=id,
                outcome=outcome,
                fields=asked,
                errors=errors,
            )
        await elsewhere.discard(_token(request), owner, id, why.reason)
        return RedirectResponse("/monitor/parked", status_code=303)

    @router.get("/cases/{id}")
    async def trace(request: Request, id: UUID) -> Response:
        async with service.database.transaction() as tx:
            case = await tx.found(Case, id)
            mine = or_(col(Line.case_id) == id, col(Line.subject).in_(case.joined))
            lines = (await tx.session.exec(select(Line).where(mine).order_by(col(Line.recorded_at)))).all()
            of_case = or_(col(Subject.case_id) == id, col(Subject.id).in_(case.joined))
            subjects = (await tx.session.exec(select(Subject).where(of_case))).all()
        with reading(service.pages.context(request)):
            values: dict[str, Any] = {
                "columns": worded.message_columns(),
                "rows": worded.message_cells(lines),
                "stories": _stories(subjects, workflows),
            }
        return service.pages.page(request, "trace.html", number=case.number or str(id), id=id, **values)

    return router


def _token(request: Request) -> str:
    """The operator's own token, handed on: each service judges by its own roles."""
    fresh = getattr(request.state, "fresh_token", None)
    scheme, _space, bearer = request.headers.get("authorization", "").partition(" ")
    return fresh or (bearer if scheme.lower() == "bearer" else request.cookies.get(TOKEN_COOKIE, ""))


def _stories(subjects: Sequence[Subject], workflows: Workflows) -> list[Link]:
    """The workflows that stand behind the case's subjects, on Temporal's screen."""
    ids = {
        TABLES[one.aggregate].workflow.format(subject=one.id, case=one.case_id)
        for one in subjects
        if one.aggregate in TABLES and TABLES[one.aggregate].workflow
    }
    return [Link(id, href) for id in sorted(ids) if (href := workflows.href(id))]
