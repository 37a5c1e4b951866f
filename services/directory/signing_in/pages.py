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
from services.chassis.identity.tokens import LIFETIME, SESSION_COOKIE, TOKEN_COOKIE, BadToken
from services.chassis.service import Service
from services.chassis.web.look import forms
from services.chassis.web.request import correlation
from services.chassis.web.sentences import refusal
from services.chassis.web.who import Guest
from services.directory.kinds import sign_ins
from services.directory.people import Address, Language, Name
from services.directory.signing_in import links
from services.directory.signing_in.mailer import Mailer
from services.directory.signing_in.sessions import LONGEST, Opened, Sessions


class Ask(Input):
    email: Address = Field(title="Your mail address", description="We send you a link; there is no password.")


class Join(Input):
    name: Name = Field(title="Your full name")
    email: Address = Field(
        title="Your mail address", description="We send a link there to make sure it is yours."
    )
    language: Language = Field("en", title="In which language do you want to read Relais and its mail?")


class Confirm(Input):
    token: str = Field(max_length=200)


_START = {"language": "en"}


def routes(service: Service, sessions: Sessions, mailer: Mailer) -> APIRouter:
    """All routes of this file."""
    router = APIRouter()
    _Door(service, sessions, mailer).add_to(router)
    return router


class _Door:
    def __init__(self, service: Service, sessions: Sessions, mailer: Mailer) -> None:
        self._service = service
        self._database = service.database
        self._settings = service.settings
        self._reception = service.reception
        self._sessions = sessions
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
            return self._service.pages.page(request, "confirm.html", token=token)

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
            opened, _next = await self._opened(request, given.token)
            return {"token": opened.token, "session": opened.session, "person": str(opened.person)}

        @router.post("/api/v1/sessions/renew", tags=["sign_in"], summary="A fresh token for a session")
        async def renew(request: Request) -> dict[str, str]:
            try:
                return {"token": await self._sessions.renewed(request.cookies.get(SESSION_COOKIE, ""))}
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

    async def _opened(self, request: Request, token: str) -> tuple[Opened, str]:
        """The fresh sign-in of a mailed token, and where its link leads."""
        self._reception.same_site(request)
        at, click = self._service.clock.moment(), correlation(request)
        async with self._database.transaction() as tx:
            link = await links.spend(tx, token)
            person = await links.person_of(tx, link, at, click)
            client = request.headers.get("user-agent", "")
            return await self._sessions.open(tx, person, client, at, click), link.next

    async def _confirmed_on_page(self, request: Request) -> Response:
        posted = await request.form()
        try:
            opened, next = await self._opened(request, str(posted.get("token", "")))
        except DomainError as reason:
            if reason.slug != "link-spent":
                raise
            return self._form(request, "sign_in.html", Ask, problem=refusal(reason.slug, {}), status=410)
        answer = RedirectResponse(next, 303)
        self._keep(answer, SESSION_COOKIE, opened.session, int(LONGEST.total_seconds()))
        self._keep(answer, TOKEN_COOKIE, opened.token, LIFETIME)
        return answer

    async def _signed_out(self, request: Request, actor: Actor | None) -> Response:
        """Ends the sign-in and forgets the cookies; it does not matter whether it had ended before."""
        if actor is not None and actor.sign_in is not None:
            try:
                await perform(
                    self._database, sign_ins, "revoke", actor.sign_in, Nothing(),
                    actor=actor, key=f"sign-out/{actor.sign_in}", at=self._service.clock.moment(),
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

    def _keep(self, answer: Response, cookie: str, value: str, seconds: int) -> None:
        answer.set_cookie(
            cookie,
            value,
            max_age=seconds,
            path="/",
            secure=self._settings.secure_cookies,
            httponly=True,
            samesite="lax",
        )
