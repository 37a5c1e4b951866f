"""The pages that people read: start, my worklist, my exchanges, one case. Each is a query and a template.

`?done=<subject>:<version>`, put there after an act, makes a page wait until overview has read what was done.
"""

from typing import Annotated, Any, TypeAlias
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from contracts.amounts import clusterxchange_rates
from contracts.terms import Terms
from services.chassis.service import Service
from services.chassis.web.look.context import reading, speak_of
from services.chassis.web.sheet import Ending, saved
from services.chassis.web.who import Guest, Who
from services.overview import cells, listing
from services.overview.case_page import case_page
from services.overview.listing import Wanted
from services.overview.moves import is_operator
from services.overview.saving import cases_listing
from services.overview.tasks import tasks_of

SHORT_LIST = 5
Asked: TypeAlias = Annotated[Wanted, Query()]


def pages(service: Service) -> APIRouter:
    """Routes of all pages that are not the operators'."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    async def start(request: Request, actor: Guest) -> Response:
        if actor is None:
            rates = [rate.cents for rate in clusterxchange_rates().rates.values()]
            return service.pages.page(
                request, "start.html", terms=Terms(), least=min(rates) // 2, most=max(rates)
            )
        now = service.clock.now()
        async with service.database.transaction() as tx:
            tasks, total = await tasks_of(tx, actor, now, SHORT_LIST)
            rows, more = await listing.cases(tx, actor, now, Wanted(which="open"), SHORT_LIST)
            looked_after = await listing.partnerships(tx, actor)
        with reading(service.pages.context(request)):
            given: dict[str, Any] = {
                "task_columns": cells.task_columns(),
                "tasks": cells.task_cells(tasks),
                "columns": cells.case_columns(),
                "rows": cells.case_cells(rows),
            }
        return service.pages.page(
            request,
            "home.html",
            name=actor.name,
            newcomer=not actor.roles,
            applies=bool(actor.scopes("member")),
            partnerships=looked_after,
            total=total,
            more=more,
            **given,
        )

    @router.get("/worklist")
    async def worklist(request: Request, actor: Who, done: str = "") -> Response:
        await listing.heard(service.database, done)
        async with service.database.transaction() as tx:
            tasks, total = await tasks_of(tx, actor, service.clock.now())
        with reading(service.pages.context(request)):
            given: dict[str, Any] = {
                "columns": cells.task_columns(),
                "rows": cells.task_cells(tasks),
                "figures": cells.task_figures(tasks, total),
            }
        return service.pages.page(request, "worklist.html", total=total, shown=len(tasks), **given)

    @router.get("/cases")
    async def cases(request: Request, actor: Who, wanted: Asked) -> Response:
        async with service.database.transaction() as tx:
            rows, more = await listing.cases(tx, actor, service.clock.now(), wanted)
        with reading(service.pages.context(request)):
            given: dict[str, Any] = {
                "columns": cells.case_columns(),
                "rows": cells.case_cells(rows),
                "narrowed": cells.narrowed(wanted),
                "stages": cells.stage_choices(),
                "whiches": cells.which_choices(),
                "applies": bool(actor.scopes("member")),
            }
        following = f"?{request.url.include_query_params(after=rows[-1].case.id).query}" if more else ""
        query = urlencode(wanted.model_dump(exclude_defaults=True, exclude={"after"}))
        return service.pages.page(
            request, "cases.html", following=following, query=query, wanted=wanted.model_dump(), **given
        )

    @router.get("/cases/list.{ending}")
    async def cases_file(actor: Who, ending: Ending, wanted: Asked) -> Response:
        now = service.clock.now()
        return await saved(service.database, cases_listing(actor, now, wanted), ending, now)

    @router.get("/cases/{id}")
    async def case(request: Request, actor: Who, id: UUID, done: str = "") -> Response:
        if not await listing.heard(service.database, done):
            return service.pages.page(request, "not_heard.html")
        async with service.database.transaction() as tx:
            scene = await listing.scene(tx, id, actor, service.clock.now())
        speak_of(grant=scene.case.kind == "grant")
        with reading(service.pages.context(request)):
            given = case_page(scene)
        return service.pages.page(request, "case.html", operator=is_operator(actor), id=id, **given)

    return router
