"""Acting for somebody: a sign-in takes up one of the person's mandates, and lays it down again."""

from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from contracts.errors import DomainError
from services.chassis.database import Tx
from services.chassis.identity.actor import Actor
from services.chassis.identity.tokens import LIFETIME, TOKEN_COOKIE
from services.chassis.service import Service
from services.chassis.web.request import STOP
from services.chassis.web.sentences import code
from services.chassis.web.who import Who
from services.directory.models import Mandate, Person
from services.directory.signing_in.entering import Entrance
from services.directory.signing_in.sessions import Sessions


def routes(service: Service, entrance: Entrance, sessions: Sessions) -> APIRouter:
    """All routes of this file."""
    router, database = APIRouter(), service.database

    @router.get("/mandates/{id}/act-for", include_in_schema=False)
    async def page(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            mandate = await _running(service, tx, actor, id)
            principal = await tx.found(Person, mandate.principal)
        kind = code(f"mandate.{mandate.kind}")
        return service.pages.page(
            request, "act_for.html", mandate=mandate, principal=principal.name, kind=kind
        )

    @router.post("/mandates/{id}/act-for", include_in_schema=False)
    async def begin(request: Request, actor: Who, id: UUID) -> Response:
        return _led(request, await _token(request, actor, id), "/worklist")

    @router.post(STOP, include_in_schema=False)
    async def stop(request: Request, actor: Who) -> Response:
        return _led(request, await _token(request, actor, None), "/mandates")

    @router.post("/api/v1/mandates/{id}/act-for", tags=["mandate"], summary="A token to act for somebody")
    async def begin_by_api(request: Request, actor: Who, id: UUID) -> dict[str, str]:
        """It and those that renew it act for that person, until /mandates/stop."""
        return {"token": await _token(request, actor, id)}

    async def _token(request: Request, actor: Actor, mandate: UUID | None) -> str:
        async with database.transaction() as tx:
            if mandate is not None:
                await _running(service, tx, actor, mandate)
            return await sessions.act_for(tx, actor.sign_in, mandate, request.state.csrf)

    def _led(request: Request, token: str, page: str) -> Response:
        request.state.fresh_token = None
        answer = RedirectResponse(page, 303)
        entrance.keep(answer, TOKEN_COOKIE, token, LIFETIME)
        return answer

    _routes = (page, begin, stop, begin_by_api)
    return router


async def _running(service: Service, tx: Tx, actor: Actor, id: UUID) -> Mandate:
    """A mandate of the person's that holds today."""
    mandate = await tx.get(Mandate, id)
    if mandate is None or mandate.agent != actor.person:
        raise DomainError("not-found", status=404)
    today = service.clock.moment().today()
    if mandate.state != "granted" or not mandate.first_day <= today <= mandate.last_day:
        raise DomainError("mandate-not-now", status=409)
    return mandate
