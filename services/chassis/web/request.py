"""Who asks, and how they want to be answered: identity from bearer or cookie, language, CSRF, idempotency key.

A cookie token that is too old is renewed at directory on the way, so that no form is lost to five minutes.
"""

import time
from dataclasses import replace
from datetime import date
from hmac import compare_digest
from uuid import UUID, uuid4

from starlette.requests import Request

from contracts.errors import DomainError
from services.chassis.clock import Clock
from services.chassis.database import Database
from services.chassis.identity import grants, mandates
from services.chassis.identity.actor import Actor
from services.chassis.identity.tokens import (
    LIFETIME,
    SESSION_COOKIE,
    STEP_UP,
    TOKEN_COOKIE,
    BadToken,
    Identity,
    Keys,
)
from services.chassis.web.look.context import read_as

READING = ("GET", "HEAD", "OPTIONS")
STOP = "/mandates/stop"
"""Where somebody ends acting for another."""


def is_api(request: Request) -> bool:
    """Machines speak under /api/; everything else is a page."""
    return request.url.path.startswith("/api/")


class Reception:
    """Receives requests for one service."""

    def __init__(self, database: Database, keys: Keys, web_url: str, clock: Clock) -> None:
        self._database = database
        self._keys = keys
        self._origin = web_url
        self._clock = clock

    async def actor(self, request: Request) -> Actor:
        """The signed-in person with their roles; DomainError("not-signed-in") otherwise."""
        actor = await self.guest(request)
        if actor is None:
            ended = getattr(request.state, "sign_in_ended", False)
            raise DomainError("sign-in-ended" if ended else "not-signed-in", status=401)
        return actor

    async def guest(self, request: Request) -> Actor | None:
        """The signed-in person, or None on a page that anybody may see."""
        identity, now = await self._identity(request), self._clock.moment()
        read_as(identity.language if identity else "en", now.now)
        if identity is None:
            return None
        today = now.today()
        roles = await grants.roles_of(self._database, identity.person, identity.sign_in, today)
        if roles is None:
            request.state.sign_in_ended = True
            return None
        request.state.csrf = identity.csrf
        actor = Actor(
            person=identity.person,
            sign_in=identity.sign_in,
            assurance=identity.assurance,
            name=identity.name,
            language=identity.language,
            roles=roles,
            stepped_up=time.time() - identity.stepped_up_at < STEP_UP,
        )
        if identity.mandate is not None:
            actor = await self._for_another(request, actor, identity.mandate, identity.principal, today)
        request.state.actor = actor
        return actor

    async def _for_another(
        self, request: Request, actor: Actor, mandate: UUID, principal: str, today: date
    ) -> Actor:
        """The person as the one whom they act for. A mandate that does not hold any more lets them read as themselves;
        what they meant to do for another is refused."""
        acting = await mandates.acting_of(self._database, mandate, actor.person, today)
        if acting is not None:
            return replace(
                actor,
                roles=acting.roles,
                behalf_of=acting.principal,
                via="mandate",
                principal=principal,
                mandate=acting.kind,
            )
        if request.method in READING or request.url.path == STOP:
            return actor
        raise DomainError("mandate-ended", status=409)

    def same_site(self, request: Request) -> None:
        """DomainError("cross-site") for what another site made the browser send: fetch metadata, else the origin."""
        site = request.headers.get("sec-fetch-site")
        origin = request.headers.get("origin")
        if site not in (None, "same-origin", "none") or (site is None and origin not in (None, self._origin)):
            raise DomainError("cross-site", status=403)

    async def _identity(self, request: Request) -> Identity | None:
        scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and bearer:
            try:
                return await self._keys.identity(bearer)
            except BadToken as reason:
                raise DomainError("not-signed-in", status=401) from reason
        identity = await self._of_browser(request)
        if identity is not None and request.method not in READING:
            self.same_site(request)
            await self._own_form(request, identity)
        return identity

    async def _of_browser(self, request: Request) -> Identity | None:
        """By the token in the cookie; one that is too old or of another key is renewed by the session's cookie."""
        token, session = request.cookies.get(TOKEN_COOKIE), request.cookies.get(SESSION_COOKIE)
        if token:
            try:
                return await self._keys.identity(token)
            except BadToken:
                pass
        return await self._renewed(request, session) if session else None

    async def _renewed(self, request: Request, session: str) -> Identity | None:
        try:
            token = await self._keys.renewed(session)
            identity = await self._keys.identity(token)
        except BadToken:
            return None
        request.state.fresh_token = token
        return identity

    async def _own_form(self, request: Request, identity: Identity) -> None:
        """DomainError("cross-site") unless the form or script repeats the token that its sign-in's pages carry."""
        given = request.headers.get("x-csrf-token") or str((await request.form()).get("csrf", ""))
        if not compare_digest(given.encode(), identity.csrf.encode()):
            raise DomainError("cross-site", status=403)


def idempotency_key(request: Request, typed: str | None = None) -> str:
    """The key of this request: the form's hidden field, the header, or a fresh one that repeats nothing."""
    return (typed or request.headers.get("idempotency-key") or str(uuid4()))[:200]


def correlation(request: Request) -> UUID:
    """One click, from the gateway's header on."""
    given = request.headers.get("x-correlation-id", "")
    try:
        return UUID(given)
    except ValueError:
        return uuid4()


def keep_token(fresh: str, secure: bool) -> str:
    """The Set-Cookie header of a renewed token."""
    flags = "; Secure" if secure else ""
    return f"{TOKEN_COOKIE}={fresh}; Path=/; HttpOnly; SameSite=Lax; Max-Age={LIFETIME}{flags}"
