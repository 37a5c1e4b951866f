"""Showing the second factor: after the first one, and again for acts of money and roles (stepping up)."""

import json
from typing import Any, cast
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from contracts.errors import DomainError
from contracts.tables import Input
from services.chassis.database import Tx
from services.chassis.identity.tokens import LIFETIME, TOKEN_COOKIE
from services.chassis.service import Service
from services.chassis.web.look import forms
from services.chassis.web.request import correlation
from services.chassis.web.sentences import refusal
from services.chassis.web.who import Who
from services.directory.models import Person
from services.directory.signing_in import factors, passkeys
from services.directory.signing_in.entering import WAITING_COOKIE, Entrance, said
from services.directory.signing_in.links import count, own_path
from services.directory.signing_in.sessions import Opened

REFUSED = ("passkey-refused", "code-wrong", "too-many-links", "reset-once")


class Code(Input):
    code: str = Field(
        "",
        title="Recovery code",
        description="One of the ten that you were shown with your passkey. Each works once.",
        max_length=40,
    )


class Shown(Code):
    """A recovery code, or what the browser says of a passkey."""

    answer: dict[str, Any] | None = None


class Second(Shown):
    waiting: str = Field(max_length=200)


def routes(service: Service, entrance: Entrance) -> APIRouter:
    """All routes of this file."""
    router = APIRouter()
    _Second(service, entrance).add_to(router)
    return router


class _Second:
    def __init__(self, service: Service, entrance: Entrance) -> None:
        self._service = service
        self._database = service.database
        self._entrance = entrance
        self._site = passkeys.Site(service.settings.web_url)

    def add_to(self, router: APIRouter) -> None:

        @router.get("/sign-in/second", include_in_schema=False)
        async def second(request: Request) -> Response:
            return self._page(request, "second.html")

        @router.post("/sign-in/second/options", include_in_schema=False)
        async def options(request: Request) -> Response:
            self._service.reception.same_site(request)
            async with self._database.transaction() as tx:
                waits = await factors.waiting(tx, request.cookies.get(WAITING_COOKIE, ""))
                return JSONResponse(await passkeys.ask_to_show(tx, self._site, waits.person))

        @router.post("/sign-in/second", include_in_schema=False)
        async def shown(request: Request) -> Response:
            self._service.reception.same_site(request)
            given = await _posted(request)
            secret = request.cookies.get(WAITING_COOKIE, "")
            try:
                opened, next = await self._opened(request, secret, given)
                return self._entrance.lead(opened, next)
            except DomainError as reason:
                return self._again(request, "second.html", reason)

        @router.post("/sign-in/second/lost", include_in_schema=False)
        async def lost(request: Request) -> Response:
            self._service.reception.same_site(request)
            try:
                async with self._database.transaction() as tx:
                    waits = await factors.waiting(tx, request.cookies.get(WAITING_COOKIE, ""))
                    person = await tx.found(Person, waits.person)
                    await factors.ask_reset(tx, person, self._service.clock.moment(), correlation(request))
            except DomainError as reason:
                if reason.slug != "reset-once":
                    return self._again(request, "second.html", reason)
            return self._page(request, "lost.html")

        @router.post("/api/v1/sign-in/second", tags=["sign_in"], summary="Show the second factor")
        async def by_api(request: Request, given: Second) -> dict[str, str]:
            opened, _next = await self._opened(request, given.waiting, given)
            return said(opened)

        @router.get("/step-up", include_in_schema=False)
        async def step_up(request: Request, actor: Who, next: str = "/") -> Response:
            async with self._database.transaction() as tx:
                has = await factors.needed(tx, actor.person)
            return self._page(request, "step_up.html", has=has, next=self._own(next))

        @router.post("/step-up/options", include_in_schema=False)
        async def step_up_options(actor: Who) -> Response:
            async with self._database.transaction() as tx:
                return JSONResponse(await passkeys.ask_to_show(tx, self._site, actor.person))

        @router.post("/step-up", include_in_schema=False)
        async def stepped_up(request: Request, actor: Who) -> Response:
            given, next = await _posted(request), self._own(str((await request.form()).get("next", "/")))
            try:
                token = await self._step_up(request, actor.person, actor.sign_in, given)
            except DomainError as reason:
                return self._again(request, "step_up.html", reason, has=True, next=next)
            request.state.fresh_token = None
            answer = RedirectResponse(next, 303)
            self._entrance.keep(answer, TOKEN_COOKIE, token, LIFETIME)
            return answer

        @router.post("/api/v1/sessions/step-up", tags=["sign_in"], summary="Show the second factor again")
        async def step_up_by_api(request: Request, actor: Who, given: Shown) -> dict[str, str]:
            """The answer is a token that acts of money and roles take for fifteen minutes."""
            return {"token": await self._step_up(request, actor.person, actor.sign_in, given)}

    async def _opened(self, request: Request, secret: str, given: Shown) -> tuple[Opened, str]:
        """The try counts also when it was wrong, so it is counted in a transaction of its own."""
        async with self._database.transaction() as tx:
            waits = await factors.waiting(tx, secret)
        await self._count(waits.person, request)
        async with self._database.transaction() as tx:
            await self._check(tx, waits.person, given)
            await factors.stop_waiting(tx, secret)
            person = await tx.found(Person, waits.person)
            return await self._entrance.open(tx, request, person, stepped_up=True), waits.next

    async def _step_up(self, request: Request, person: UUID, sign_in: UUID | None, given: Shown) -> str:
        await self._count(person, request)
        async with self._database.transaction() as tx:
            await self._check(tx, person, given)
            return await self._entrance.sessions.stepped_up(tx, sign_in, request.state.csrf)

    async def _count(self, person: UUID, request: Request) -> None:
        client = request.client.host if request.client else ""
        await count(self._database, f"second/{person}", client)

    async def _check(self, tx: Tx, person: UUID, given: Shown) -> None:
        if given.answer is not None:
            await passkeys.show(tx, self._site, person, given.answer)
        else:
            await factors.spend_code(tx, person, given.code)

    def _page(
        self,
        request: Request,
        template: str,
        errors: dict[str, str] | None = None,
        problem: str = "",
        status: int = 200,
        **values: Any,
    ) -> Response:
        fields = forms.fields(Code, {}, errors or {})
        return self._service.pages.page(
            request, template, status, fields=fields, errors=errors or {}, problem=problem, **values
        )

    def _again(self, request: Request, template: str, reason: DomainError, **values: Any) -> Response:
        """The page with the reason; who has waited too long begins anew."""
        if reason.slug not in REFUSED:
            raise reason
        words = refusal(reason.slug, reason.params)
        errors = {reason.field: words} if reason.field else None
        return self._page(request, template, errors, "" if errors else words, reason.status, **values)

    def _own(self, next: str) -> str:
        return own_path(next, self._service.settings.web_url)


async def _posted(request: Request) -> Shown:
    """A form's fields; the script puts the browser's answer into one of them."""
    form = await request.form()
    try:
        answer = json.loads(str(form.get("answer") or "null"))
    except ValueError:
        answer = {}
    shown = cast("dict[str, Any]", answer) if isinstance(answer, dict) else None
    return Shown(code=str(form.get("code", ""))[:40], answer=shown)
