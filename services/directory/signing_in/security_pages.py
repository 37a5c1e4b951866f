"""How one signs in: password, passkeys, recovery codes, the identity of another provider. All of it is changed
only shortly after signing in, or after showing the second factor that there is.
"""

import json
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field, ValidationError
from sqlalchemy import delete
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from contracts.errors import DomainError
from contracts.tables import Input
from services.chassis.identity.actor import Actor
from services.chassis.service import Service
from services.chassis.web.look import forms
from services.chassis.web.look.values import moment
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import refusal
from services.chassis.web.who import Who
from services.directory.models import Person
from services.directory.sign_in_models import Passkey, Password, ProviderIdentity, RecoveryCode
from services.directory.signing_in import factors, passkeys, passwords
from services.directory.signing_in.provider import Provider


class NewPassword(Input):
    password: str = Field(
        title="New password",
        description="At least 12 characters. Three or four words that nobody would put together are good.",
        min_length=passwords.LEAST,
        max_length=passwords.MOST,
    )


class PasskeyName(Input):
    name: str = Field(
        title="What do you call this passkey?",
        description="Such as: my telephone.",
        min_length=1,
        max_length=60,
    )


class NewPasskey(PasskeyName):
    answer: dict[str, Any]


def routes(service: Service, provider: Provider) -> APIRouter:
    """All routes of this file."""
    router = APIRouter()
    _Security(service, provider).add_to(router)
    return router


class _Security:
    def __init__(self, service: Service, provider: Provider) -> None:
        self._service = service
        self._database = service.database
        self._provider = provider
        self._site = passkeys.Site(service.settings.web_url)

    def add_to(self, router: APIRouter) -> None:

        @router.get("/account/security", include_in_schema=False)
        async def security(request: Request, actor: Who) -> Response:
            return await self._page(request, actor)

        @router.post("/account/password", include_in_schema=False)
        async def password(request: Request, actor: Who) -> Response:
            try:
                given = NewPassword.model_validate(forms.parse(NewPassword, await request.form()))
                await self._set_password(actor, given)
            except ValidationError as reason:
                return await self._page(request, actor, forms.errors(reason, NewPassword))
            except DomainError as reason:
                return await self._refused(request, actor, reason)
            return _back()

        @router.post("/api/v1/account/password", tags=["sign_in"], summary="Set a password")
        async def password_by_api(actor: Who, given: NewPassword) -> dict[str, bool]:
            await self._set_password(actor, given)
            return {"set": True}

        @router.post("/account/passkeys/options", include_in_schema=False)
        async def options(actor: Who) -> Response:
            async with self._database.transaction() as tx:
                await factors.fresh(tx, actor)
                person = await tx.found(Person, actor.person)
                return JSONResponse(await passkeys.ask_to_add(tx, self._site, person))

        @router.post("/account/passkeys", include_in_schema=False)
        async def add(request: Request, actor: Who) -> Response:
            """The first passkey brings ten recovery codes, shown once."""
            form = await request.form()
            try:
                answer = json.loads(str(form.get("answer") or "{}"))
                given = NewPasskey.model_validate({"name": str(form.get("name", "")), "answer": answer})
                codes = await self._add(actor, given)
            except ValidationError as reason:
                return await self._page(request, actor, forms.errors(reason, PasskeyName))
            except ValueError:
                return await self._refused(request, actor, DomainError("passkey-refused"))
            except DomainError as reason:
                return await self._refused(request, actor, reason)
            return self._service.pages.page(request, "codes.html", codes=codes) if codes else _back()

        @router.post("/account/passkeys/{id}/remove", include_in_schema=False)
        async def remove(request: Request, actor: Who, id: UUID) -> Response:
            try:
                await self._remove(actor, id)
            except DomainError as reason:
                return await self._refused(request, actor, reason)
            return _back()

        @router.post("/account/codes", include_in_schema=False)
        async def codes(request: Request, actor: Who) -> Response:
            try:
                async with self._database.transaction() as tx:
                    await factors.fresh(tx, actor)
                    fresh = await factors.new_codes(tx, actor.person)
            except DomainError as reason:
                return await self._refused(request, actor, reason)
            return self._service.pages.page(request, "codes.html", codes=fresh)

        @router.post("/account/identities/unlink", include_in_schema=False)
        async def unlink(request: Request, actor: Who) -> Response:
            try:
                async with self._database.transaction() as tx:
                    await factors.fresh(tx, actor)
                    mine = col(ProviderIdentity.person) == actor.person
                    await tx.execute(delete(ProviderIdentity).where(mine))
            except DomainError as reason:
                return await self._refused(request, actor, reason)
            return _back()

    async def _set_password(self, actor: Actor, given: NewPassword) -> None:
        async with self._database.transaction() as tx:
            await factors.fresh(tx, actor)
            await passwords.keep(tx, await tx.found(Person, actor.person), given.password)

    async def _add(self, actor: Actor, given: NewPasskey) -> list[str]:
        async with self._database.transaction() as tx:
            await factors.fresh(tx, actor)
            first = not await factors.needed(tx, actor.person)
            await passkeys.add(tx, self._site, actor.person, given.name, given.answer)
            return await factors.new_codes(tx, actor.person) if first else []

    async def _remove(self, actor: Actor, id: UUID) -> None:
        """With the last passkey its recovery codes go."""
        async with self._database.transaction() as tx:
            await factors.fresh(tx, actor)
            mine = col(Passkey.person) == actor.person
            await tx.execute(delete(Passkey).where(mine, col(Passkey.id) == id))
            if not await factors.needed(tx, actor.person):
                await tx.execute(delete(RecoveryCode).where(col(RecoveryCode.person) == actor.person))

    async def _page(
        self, request: Request, actor: Actor, errors: dict[str, str] | None = None, problem: str = ""
    ) -> Response:
        async with self._database.transaction() as tx:
            keys = await passkeys.of_person(tx, actor.person)
            left = await factors.codes_left(tx, actor.person)
            password = await tx.get(Password, actor.person)
            identities = select(ProviderIdentity).where(ProviderIdentity.person == actor.person)
            linked = (await tx.session.exec(identities)).first()
        return self._service.pages.page(
            request,
            "security.html",
            422 if errors or problem else 200,
            password_fields=forms.fields(NewPassword, {}, errors or {}),
            passkey_fields=forms.fields(PasskeyName, {}, errors or {}),
            errors=errors or {},
            problem=problem,
            has_password=password is not None,
            passkeys=[(one, _("added %(when)s") % {"when": moment(one.added_at)}) for one in keys],
            codes_left=left,
            provider=self._provider.name if self._provider.there else "",
            linked=linked is not None,
        )

    async def _refused(self, request: Request, actor: Actor, reason: DomainError) -> Response:
        if reason.status in (401, 403, 404):
            raise reason
        words = refusal(reason.slug, reason.params)
        errors = {reason.field: words} if reason.field else None
        return await self._page(request, actor, errors, "" if errors else words)


def _back() -> Response:
    return RedirectResponse("/account/security", 303)
