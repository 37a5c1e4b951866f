"""Signing in by password, and at an OpenID provider."""

from fastapi import APIRouter
from pydantic import Field, ValidationError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from contracts.errors import DomainError
from contracts.tables import Input
from services.chassis.identity.actor import Actor
from services.chassis.service import Service
from services.chassis.web.look import forms
from services.chassis.web.sentences import refusal
from services.chassis.web.who import Guest, Who
from services.directory.models import Person
from services.directory.people import Address, person_at
from services.directory.signing_in import factors, links, passwords, provider
from services.directory.signing_in.entering import Entrance, Opened, Waits, said
from services.directory.signing_in.mailer import Mailer
from services.directory.signing_in.pages import Ask
from services.directory.signing_in.provider import PROVIDER_COOKIE, Provider


class ByPassword(Input):
    email: Address = Field(title="Your mail address")
    password: str = Field(title="Password", max_length=passwords.MOST)


class Link(Input):
    email: Address = Field(title="Your mail address", description="As you are registered with Relais.")


def routes(service: Service, entrance: Entrance, mailer: Mailer, at_provider: Provider) -> APIRouter:
    """All routes of this file."""
    router = APIRouter()
    _Others(service, entrance, mailer, at_provider).add_to(router)
    return router


class _Others:
    def __init__(self, service: Service, entrance: Entrance, mailer: Mailer, at_provider: Provider) -> None:
        self._service = service
        self._database = service.database
        self._entrance = entrance
        self._mailer = mailer
        self._provider = at_provider

    def add_to(self, router: APIRouter) -> None:

        @router.get("/sign-in/password", include_in_schema=False)
        async def password(request: Request) -> Response:
            return self._form(request, "password.html", ByPassword)

        @router.post("/sign-in/password", include_in_schema=False)
        async def by_password(request: Request) -> Response:
            form = await request.form()
            next = links.own_path(str(form.get("next", "/")), self._service.settings.web_url)
            try:
                given = ByPassword.model_validate(forms.parse(ByPassword, form))
                return self._entrance.lead(await self._checked(request, given, next), next)
            except ValidationError as reason:
                return self._form(request, "password.html", ByPassword, forms.errors(reason, ByPassword))
            except DomainError as reason:
                if reason.slug not in ("password-wrong", "too-many-links"):
                    raise
                words = refusal(reason.slug, reason.params)
                return self._form(request, "password.html", ByPassword, problem=words)

        @router.post("/api/v1/sign-in/password", tags=["sign_in"], summary="Sign in by password")
        async def by_api(request: Request, given: ByPassword) -> dict[str, str]:
            """`waiting` instead of a token where a second factor is to be shown."""
            return said(await self._checked(request, given, "/"))

        @router.get("/sign-in/provider", include_in_schema=False)
        async def at_provider(request: Request, next: str = "/") -> Response:
            async with self._database.transaction() as tx:
                path = links.own_path(next, self._service.settings.web_url)
                return self._sent(*await self._provider.begin(tx, path))

        @router.get("/account/identities/link", include_in_schema=False)
        async def link(request: Request, actor: Who) -> Response:
            async with self._database.transaction() as tx:
                await factors.fresh(tx, actor)
                return self._sent(*await self._provider.begin(tx, "/account/security", actor.person))

        @router.get("/sign-in/provider/back", include_in_schema=False)
        async def back(request: Request, actor: Guest) -> Response:
            try:
                return await self._back(request, actor)
            except DomainError as reason:
                if reason.slug != "provider-refused" or actor is not None:
                    raise
                return self._form(request, "sign_in.html", Ask, problem=refusal(reason.slug, {}))

        @router.post("/sign-in/provider/link", include_in_schema=False)
        async def by_mail(request: Request) -> Response:
            """The identity is linked when the mailed link is used: an address that only looks alike is nothing."""
            try:
                given = Link.model_validate(forms.parse(Link, await request.form()))
                await self._mail(request, given)
            except ValidationError as reason:
                return self._form(request, "not_linked.html", Link, forms.errors(reason, Link))
            except DomainError as reason:
                if reason.slug != "too-many-links":
                    raise
                words = refusal(reason.slug, reason.params)
                return self._form(request, "not_linked.html", Link, problem=words)
            answer = RedirectResponse("/sign-in/sent", 303)
            secret = request.cookies[PROVIDER_COOKIE]
            self._entrance.keep(answer, PROVIDER_COOKIE, secret, int(links.VALID.total_seconds()))
            return answer

    async def _back(self, request: Request, actor: Actor | None) -> Response:
        """An identity is linked only where whoever began it is still signed in in this browser."""
        secret = request.cookies.get(PROVIDER_COOKIE, "")
        async with self._database.transaction() as tx:
            visit = await self._provider.named(tx, secret, request.query_params)
            if visit.person is not None:
                if actor is None or actor.person != visit.person:
                    raise DomainError("provider-refused", status=409)
                await provider.link(tx, visit, visit.person)
                return RedirectResponse(visit.next, 303)
            known = await provider.linked(tx, visit)
            if known is not None:
                entered = await self._entrance.enter(tx, request, await tx.found(Person, known), visit.next)
                return self._entrance.lead(entered, visit.next)
        return self._form(request, "not_linked.html", Link)

    async def _checked(self, request: Request, given: ByPassword, next: str) -> Opened | Waits:
        self._service.reception.same_site(request)
        await links.count(self._database, f"password/{given.email}", _client(request))
        async with self._database.transaction() as tx:
            person = await passwords.check(tx, await person_at(tx, given.email), given.password)
            return await self._entrance.enter(tx, request, person, next)

    async def _mail(self, request: Request, given: Link) -> None:
        self._service.reception.same_site(request)
        await links.count(self._database, given.email, _client(request))
        async with self._database.transaction() as tx:
            visit = await provider.found(tx, request.cookies.get(PROVIDER_COOKIE, ""))
            links.ask(tx, given.email, visit.next, identity=visit.id)
        self._mailer.wake()

    def _sent(self, address: str, secret: str) -> Response:
        answer = RedirectResponse(address, 303)
        self._entrance.keep(answer, PROVIDER_COOKIE, secret, int(provider.VALID.total_seconds()))
        return answer

    def _form(
        self,
        request: Request,
        template: str,
        model: type[Input],
        errors: dict[str, str] | None = None,
        problem: str = "",
    ) -> Response:
        return self._service.pages.page(
            request,
            template,
            422 if errors or problem else 200,
            fields=forms.fields(model, {}, errors or {}),
            errors=errors or {},
            problem=problem,
            provider=self._provider.name,
            next=links.own_path(request.query_params.get("next", "/"), self._service.settings.web_url),
        )


def _client(request: Request) -> str:
    return request.client.host if request.client else ""
