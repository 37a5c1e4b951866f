"""The pages and routes of signing in and joining. No answer tells whether an address is known."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from pydantic import Field, ValidationError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from contracts.errors import DomainError
from contracts.tables import Input, Nothing
from services.chassis.acts.perform import perform
from services.chassis.identity.actor import Actor
from services.chassis.identity.tokens import SESSION_COOKIE, TOKEN_COOKIE, BadToken
from services.chassis.service import Service
from services.chassis.web.look import forms
from services.chassis.web.request import correlation
from services.chassis.web.sentences import refusal
from services.chassis.web.who import Guest
from services.directory.kinds import sign_ins
from services.directory.people import Address, Language, Name
from services.directory.signing_in import factors, links, provider
from services.directory.signing_in.entering import Entrance, Waits, said
from services.directory.signing_in.mailer import Mailer
from services.directory.signing_in.provider import PROVIDER_COOKIE, Provider
from services.directory.signing_in.sessions import Opened


class Ask(Input):
    email: Address = Field(title="Your mail address", description="We send you a link; you need no password.")


class Join(Input):
    name: Name = Field(title="Your full name")
    email: Address = Field(
        title="Your mail address", description="We send a link there to make sure it is yours."
    )
    language: Language = Field("en", title="In which language do you want to read Relais and its mail?")


class Confirm(Input):
    token: str = Field(max_length=200)


_START = {"language": "en"}


def routes(service: Service, entrance: Entrance, mailer: Mailer, at_provider: Provider) -> APIRouter:
    """All routes of this file."""
    router = APIRouter()
    _Door(service, entrance, mailer, at_provider).add_to(router)
    return router


class _Door:
    def __init__(self, service: Service, entrance: Entrance, mailer: Mailer, at_provider: Provider) -> None:
        self._service = service
        self._database = service.database
        self._settings = service.settings
        self._reception = service.reception
        self._entrance = entrance
        self._provider = at_provider
        self._mailer = mailer

    def add_to(self, router: APIRouter) -> None:

        @router.get("/sign-in", include_in_schema=False)
        async def sign_in(request: Request) -> Response:
            return self._form(request, "sign_in.html", Ask)

        @router.post("/sign-in", include_in_schema=False)
        async def ask(request: Request) -> Response:
            return await self._asked_on_page(request, "sign_in.html", Ask)

        @router.get("/people/join", include_in_schema=False)
        async def join(request: Request) -> Response:
            return self._form(request, "join.html", Join)

        @router.post("/people/join", include_in_schema=False)
        async def joined(request: Request) -> Response:
            return await self._asked_on_page(request, "join.html", Join)

        @router.get("/sign-in/sent", include_in_schema=False)
        async def sent(request: Request) -> Response:
            return self._service.pages.page(request, "sent.html", mail_web_url=self._settings.mail_web_url)

        @router.get("/sign-in/confirm", include_in_schema=False)
        async def confirm(request: Request, token: str = "") -> Response:
            """Asks for one more click: programs that look into mails open links, and would use it up."""
            if not token:
                return RedirectResponse("/sign-in", 303)
            async with self._database.transaction() as tx:
                visit = await links.identity_of(tx, token)
                here = visit and await provider.asked_here(tx, visit, _provider_secret(request))
            return self._service.pages.page(
                request,
                "confirm.html",
                token=token,
                provider=self._provider.name if visit else "",
                links_it=here is not None,
            )

        @router.post("/sign-in/confirm", include_in_schema=False)
        async def confirmed(request: Request) -> Response:
            return await self._confirmed_on_page(request)

        @router.post("/sign-out", include_in_schema=False)
        async def sign_out(request: Request, actor: Guest) -> Response:
            return await self._signed_out(request, actor)

        @router.post("/api/v1/sign-in", status_code=202, tags=["sign_in"], summary="Ask for a mailed link")
        async def ask_by_api(request: Request, given: Ask) -> dict[str, bool]:
            await self._asked(request, given, "/")
            return {"sent": True}

        @router.post("/api/v1/people/join", status_code=202, tags=["person"], summary="Register oneself")
        async def join_by_api(request: Request, given: Join) -> dict[str, bool]:
            await self._asked(request, given, "/")
            return {"sent": True}

        @router.post("/api/v1/sign-in/confirm", tags=["sign_in"], summary="Sign in by a mailed link")
        async def confirm_by_api(request: Request, given: Confirm) -> dict[str, str]:
            """`waiting` instead of a token where a second factor is to be shown."""
            entered, _next = await self._opened(request, given.token)
            return said(entered)

        @router.post("/api/v1/sessions/renew", tags=["sign_in"], summary="A fresh token for a session")
        async def renew(request: Request) -> dict[str, str]:
            try:
                return {
                    "token": await self._entrance.sessions.renewed(request.cookies.get(SESSION_COOKIE, ""))
                }
            except BadToken:
                raise DomainError("sign-in-ended", status=401) from None

    def _form(
        self,
        request: Request,
        template: str,
        model: type[Input],
        typed: Any = None,
        errors: Mapping[str, str] | None = None,
        problem: str = "",
        status: int = 200,
    ) -> Response:
        given = request.query_params if typed is None else typed
        return self._service.pages.page(
            request,
            template,
            status,
            fields=forms.fields(model, _START if typed is None else typed, errors or {}),
            errors=errors or {},
            problem=problem,
            provider=self._provider.name if self._provider.there else "",
            next=links.own_path(str(given.get("next", "/")), self._settings.web_url),
        )

    async def _asked_on_page(
        self, request: Request, template: str, model: type[Ask] | type[Join]
    ) -> Response:
        posted = await request.form()
        try:
            given = model.model_validate(forms.parse(model, posted))
            await self._asked(request, given, str(posted.get("next", "/")))
        except ValidationError as reason:
            return self._form(request, template, model, posted, forms.errors(reason, model), status=422)
        except DomainError as reason:
            if reason.status == 403:
                raise
            words = refusal(reason.slug, reason.params)
            return self._form(request, template, model, posted, problem=words, status=reason.status)
        return RedirectResponse("/sign-in/sent", 303)

    async def _asked(self, request: Request, given: Ask | Join, next: str) -> None:
        self._reception.same_site(request)
        await links.count(self._database, given.email, request.client.host if request.client else "")
        joining = given.model_dump(include={"name", "language"})
        async with self._database.transaction() as tx:
            links.ask(tx, given.email, links.own_path(next, self._settings.web_url), **joining)
        self._mailer.wake()

    async def _opened(self, request: Request, token: str) -> tuple[Opened | Waits, str]:
        """What a mailed token lets its holder do, and where its link leads."""
        self._reception.same_site(request)
        at, click = self._service.clock.moment(), correlation(request)
        async with self._database.transaction() as tx:
            link = await links.spend(tx, token)
            person = await links.person_of(tx, link, at, click)
            next = link.next
            if link.identity is not None:
                visit = await provider.asked_here(tx, link.identity, _provider_secret(request))
                if await factors.needed(tx, person.id):
                    next = "/account/security"  # whoever has a second factor links it there, having shown it
                elif visit is not None:
                    await provider.link(tx, visit, person.id)
            return await self._entrance.enter(tx, request, person, next), next

    async def _confirmed_on_page(self, request: Request) -> Response:
        posted = await request.form()
        try:
            entered, next = await self._opened(request, str(posted.get("token", "")))
        except DomainError as reason:
            if reason.slug != "link-spent":
                raise
            return self._form(request, "sign_in.html", Ask, problem=refusal(reason.slug, {}), status=410)
        return self._entrance.lead(entered, next)

    async def _signed_out(self, request: Request, actor: Actor | None) -> Response:
        """Ends the sign-in and forgets the cookies; it does not matter whether it had ended before."""
        if actor is not None and actor.sign_in is not None:
            try:
                await perform(
                    self._database, sign_ins, "revoke", actor.sign_in, Nothing(),
                    actor=actor.themselves(), key=f"sign-out/{actor.sign_in}", at=self._service.clock.moment(),
                    correlation=correlation(request),
                )  # fmt: skip
            except DomainError as reason:
                if reason.slug not in ("revoke-not-now", "not-found"):
                    raise
        request.state.fresh_token = None
        answer = RedirectResponse("/sign-in", 303)
        answer.delete_cookie(SESSION_COOKIE, path="/")
        answer.delete_cookie(TOKEN_COOKIE, path="/")
        return answer


def _provider_secret(request: Request) -> str:
    return request.cookies.get(PROVIDER_COOKIE, "")
