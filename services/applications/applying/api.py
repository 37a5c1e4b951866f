"""Applying for machines, and what both share: drafts begun, saved by section, copied, deleted; and the
pre-check that anybody may use.
"""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from contracts.call_rules import CallRules
from contracts.countries import CODES
from contracts.errors import DomainError
from contracts.organisation import Kind
from contracts.tables import Input
from services.applications.applying import drafts
from services.applications.applying.choosing import Find, found
from services.applications.applying.drafts import Conflict, Draft
from services.applications.applying.eligibility import Result, told
from services.applications.applying.freezing import as_it_stands
from services.applications.applying.ground import filled
from services.applications.applying.looking import files_of
from services.applications.calls.models import Call
from services.applications.forms.definition import worded
from services.applications.forms.schema import answers_schema
from services.applications.forms.sentences import sentences
from services.applications.kinds import applications
from services.applications.models import Application
from services.chassis.files import opened
from services.chassis.service import Service
from services.chassis.web.look import forms as look
from services.chassis.web.look.context import reader
from services.chassis.web.look.values import country
from services.chassis.web.look.words import gettext as _
from services.chassis.web.request import idempotency_key
from services.chassis.web.sentences import code, refusal
from services.chassis.web.who import Guest, Who

ORGANISATION_KINDS: tuple[Kind, ...] = ("cluster", "network", "support", "sme", "large", "public", "training")


class Apply(Input):
    organisation: UUID = Field(title="Organisation", description="Yours, as a member.")


class Section(Input):
    """One page's answers. version: the section's version that these were made from (0 for none yet)."""

    version: int = Field(ge=0)
    answers: dict[str, Any]


class Asked(Input):
    """What the pre-check asks; nothing of it is kept."""

    country: str = Field(default="", title="Where is your organisation registered?")
    kind: str = Field(default="", title="What kind of organisation is it?")
    in_cluster: bool = Field(default=False, title="It is a member of a cluster organisation")


def add_api(service: Service) -> None:
    """Routes."""
    app, database, pages, clock = service.app, service.database, service.pages, service.clock

    @app.post("/api/v1/calls/{id}/applications", status_code=201)
    async def begin(request: Request, actor: Who, id: UUID, given: Apply) -> dict[str, Any]:
        """A draft under a call with a form. The same idempotency key makes it once."""
        async with database.transaction() as tx:
            case = await drafts.begin(
                tx, id, given.organisation, actor, idempotency_key(request), clock.moment()
            )
        return {"id": str(case.id), "number": case.number, "state": case.state}

    @app.get("/api/v1/applications/{id}/draft")
    async def draft_json(actor: Who, id: UUID) -> dict[str, Any]:
        """The draft with its sections, its findings, the sum as it stands, and the schema of its answers."""
        async with database.transaction() as tx:
            draft = await drafts.own(tx, id, actor)
            return await _json(tx, draft)

    @app.get("/api/v1/applications/{id}/organisations")
    async def organisations_json(
        actor: Who,
        id: UUID,
        question: Annotated[str, Query(max_length=200)],
        words: Annotated[str, Query(max_length=100)],
    ) -> list[dict[str, str]]:
        """The first organisations with these words that the form's question offers; `question` is its place."""
        async with database.transaction() as tx:
            draft = await drafts.own(tx, id, actor)
            asked = await found(tx, draft.definition, draft.case.visitor_partnership, Find(question, words))
        return [{"id": one, "name": name} for one, name in asked]

    async def _json(tx: Any, draft: Draft) -> dict[str, Any]:
        form = await filled(tx, draft, clock.moment())
        stands = await as_it_stands(tx, draft, form, clock.moment())
        return {
            "id": str(draft.case.id),
            "state": draft.case.state,
            "saved_at": draft.case.saved_at.isoformat(),
            "call_revision": draft.case.call_revision,
            "newest_revision": draft.call.revision,
            "left_over": draft.case.left_over,
            "sections": {
                page.key: {
                    "version": draft.version_of(page.key),
                    "answers": draft.sections[page.key].answers if page.key in draft.sections else {},
                    "asked": [question.key for question in form.asked_on(page)],
                }
                for page in form.pages
            },
            "findings": sentences(form, form.findings(), reader().language),
            "amount_cents": stands["amount_cents"],
            "schema": answers_schema(draft.definition, reader().language),
        }

    @app.put("/api/v1/applications/{id}/sections/{page}")
    async def save(actor: Who, id: UUID, page: str, given: Section) -> Response:
        """Keeps one page's answers, good or not, and answers its new version. Where somebody else changed the same
        answers since `version`, nothing is written: 409 section-changed with `theirs`, the present version, and
        `joined`: the answers of both, yours where you differ."""
        try:
            async with database.transaction() as tx:
                draft, version = await drafts.save(
                    tx, id, page, given.version, given.answers, actor, clock.moment()
                )
                form = await filled(tx, draft, clock.moment())
        except Conflict as reason:
            words = refusal("section-changed", {})
            content = {
                "type": "urn:relais:section-changed", "slug": "section-changed", "title": words, "status": 409,
                "version": reason.version, "theirs": reason.theirs, "mine": given.answers, "joined": reason.joined,
            }  # fmt: skip
            return JSONResponse(content, 409, media_type="application/problem+json")
        found = draft.definition.page(page)
        wrong = form.findings(found) if found is not None else []
        return JSONResponse({
            "version": version, "saved_at": draft.case.saved_at.isoformat(),
            "findings": sentences(form, wrong, reader().language),
        })  # fmt: skip

    @app.post("/api/v1/applications/{id}/move")
    async def move(actor: Who, id: UUID) -> dict[str, Any]:
        """Takes the draft to the call's present revision; `left_over` lists the answers without a place."""
        async with database.transaction() as tx:
            return await _json(tx, await drafts.move(tx, id, actor, clock.moment()))

    @app.post("/api/v1/applications/{id}/copy", status_code=201)
    async def copy(request: Request, actor: Who, id: UUID) -> dict[str, Any]:
        """A new draft with the same answers."""
        async with database.transaction() as tx:
            case = await drafts.copy(tx, id, actor, idempotency_key(request), clock.moment())
        return {"id": str(case.id), "number": case.number, "state": case.state}

    @app.delete("/api/v1/applications/{id}", status_code=204)
    async def remove(actor: Who, id: UUID) -> None:
        """Deletes a draft that was never submitted."""
        async with database.transaction() as tx:
            await drafts.remove(tx, id, actor)

    @app.post("/applications/{id}/copy", include_in_schema=False)
    async def copied(request: Request, actor: Who, id: UUID) -> Response:
        posted = await request.form()
        async with database.transaction() as tx:
            key = idempotency_key(request, str(posted.get("idempotency_key", "")))
            case = await drafts.copy(tx, id, actor, key, clock.moment())
        return RedirectResponse(f"/applications/{case.id}/form", 303)

    @app.get("/applications/{id}/delete", include_in_schema=False)
    async def ask_delete(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            draft = await drafts.own(tx, id, actor)
        return pages.page(request, "applying/delete.html", title=_("Delete this draft?"), case=draft.case)

    @app.post("/applications/{id}/delete", include_in_schema=False)
    async def deleted(actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            draft = await drafts.own(tx, id, actor)
            await drafts.remove(tx, id, actor)
        return RedirectResponse(f"/calls/{draft.call.id}", 303)

    @app.get("/applications/{id}/files/{file}", include_in_schema=False)
    async def one_file(actor: Who, id: UUID, file: str) -> Response:
        """A file of an application, for everybody who takes part in it; always a download."""
        async with database.transaction() as tx:
            case = await tx.found(Application, id)
            if case.form is None or not applications.parties(actor, case):
                raise DomainError("not-found", status=404)
            draft = await drafts.loaded(tx, case)
            if file not in files_of(draft):
                raise DomainError("not-found", status=404)
            return service.downloads.give(await opened(tx, file, actor.person))

    @app.get("/api/v1/calls/{id}/eligibility")
    async def precheck_json(id: UUID, asked: Annotated[Asked, Query()]) -> list[dict[str, Any]]:
        """What each rule of the call makes of such an applicant; met is null where only an application can tell."""
        _call, found = await _told(id, asked)
        return [
            {"rule": one.rule.key, "met": one.met, "text": one.rule.text, "source": one.rule.source}
            for one in found
        ]

    @app.get("/calls/{id}/eligibility", include_in_schema=False)
    async def precheck(
        request: Request, reader_: Guest, id: UUID, asked: Annotated[Asked, Query()]
    ) -> Response:
        call, found = await _told(id, asked)
        countries = sorted(((one, country(one)) for one in CODES), key=lambda one: one[1])
        kinds = [(one, code(f"kind.{one}")) for one in ORGANISATION_KINDS]
        fields = look.fields(Asked, asked.model_dump(), {}, {"country": countries, "kind": kinds})
        refused = [one for one in found if one.met is False]
        verdict = (
            _("By these answers you may not apply.") if refused else _("By these answers you may apply.")
        )
        language = reader().language
        return pages.page(
            request, "applying/eligibility.html", title=_("May we apply?"), call=call, fields=fields,
            asked=bool(request.query_params), verdict=verdict,
            found=[(one, worded(one.rule.text, language)) for one in found],
        )  # fmt: skip

    async def _told(id: UUID, asked: Asked) -> tuple[Call, list[Result]]:
        async with database.transaction() as tx:
            call = await tx.found(Call, id)
        if call.state != "published":
            raise DomainError("not-found", status=404)
        profile = {"country": asked.country, "kind": asked.kind, "in_cluster": asked.in_cluster}
        known = {name: value for name, value in profile.items() if value != ""}
        return call, told(known, CallRules.model_validate(call.rules))
