"""Calls in the browser and as JSON: the public list and page, and for their authors the draft, section by section."""

from typing import Any
from uuid import UUID

from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from contracts.call_rules import CallRules
from contracts.errors import DomainError
from services.applications.calls import acts, told
from services.applications.calls.acts import Begin, Change
from services.applications.calls.models import Call, CallRevision
from services.applications.calls.told import say
from services.applications.forms.definition import Definition
from services.applications.forms.differing import differences
from services.applications.intake.counter import asked_for
from services.applications.intake.cut_offs import cut_offs_of
from services.applications.kinds import calls
from services.chassis.database import Tx
from services.chassis.identity.actor import Actor
from services.chassis.service import Service
from services.chassis.web.faces import Prepared
from services.chassis.web.look.parts import Cell, Column, Tag
from services.chassis.web.look.words import gettext as _
from services.chassis.web.request import idempotency_key
from services.chassis.web.sentences import refusal, state_word
from services.chassis.web.who import Guest, Who

PAGE = 50


def add_calls(service: Service) -> None:
    """Routes of calls."""
    app, database, pages, clock = service.app, service.database, service.pages, service.clock

    @app.get("/api/v1/calls")
    async def calls_json() -> list[dict[str, Any]]:
        """Published calls with their rules and terms; anybody may read them."""
        async with database.transaction() as tx:
            rows = await published(tx)
        return [public(row) for row in rows]

    @app.post("/api/v1/calls", status_code=201)
    async def begin(request: Request, actor: Who, given: Begin) -> dict[str, Any]:
        """The draft of a call. The same idempotency key makes it once; a second person publishes it."""
        async with database.transaction() as tx:
            call = await acts.begin(tx, given, actor, idempotency_key(request), clock.moment())
            return await _drafted(tx, call)

    @app.get("/api/v1/calls/{id}")
    async def call_json(reader: Guest, id: UUID) -> dict[str, Any]:
        """A published call for everybody; for its authors also a draft, with what keeps it from going live."""
        async with database.transaction() as tx:
            call = await tx.found(Call, id)
            if reader is not None and acts.AUTHORS & calls.parties(reader, call):
                return await _drafted(tx, call)
            applied_for = await asked_for(tx, call)
        if call.state == "draft":
            raise DomainError("not-found", status=404)
        return {**public(call), "applied_for": applied_for and applied_for._asdict()}

    @app.put("/api/v1/calls/{id}")
    async def change(actor: Who, id: UUID, given: Change) -> dict[str, Any]:
        """Changes a draft, or prepares the correction of a published call. Repeat it as often as you like."""
        async with database.transaction() as tx:
            return await _drafted(tx, await acts.change(tx, id, given, actor, clock.moment()))

    async def _drafted(tx: Tx, call: Call) -> dict[str, Any]:
        shown = acts.corrected(call) if call.pending else call
        found = await acts.call_findings(tx, shown, clock.moment())
        findings = [
            {"slug": one.slug, "at": one.at, "sentence": refusal(one.slug, one.params)} for one in found
        ]
        applied_for = await asked_for(tx, call)
        return {
            **call.model_dump(mode="json"),
            "findings": findings,
            "applied_for": applied_for and applied_for._asdict(),
        }

    @app.get("/calls", include_in_schema=False)
    async def calls_page(request: Request, reader_: Guest) -> Response:
        async with database.transaction() as tx:
            rows = await published(tx)
            own = await _own(tx, reader_) if reader_ else []
        by_programme: dict[str, list[Call]] = {}
        for row in rows:
            by_programme.setdefault(row.programme, []).append(row)
        return pages.page(
            request, "calls/calls.html", title=_("Open calls"), programmes=by_programme, say=say, rules_of=rules_of,
            columns=[Column(_("Call")), Column(_("Programme")), Column(_("Standing"))],
            own=[[Cell(row.title, href=f"/calls/{row.id}/edit"), row.programme, Cell(tag=tag_of(row))] for row in own],
            author=bool(reader_ and (reader_.scopes("coordinator") or reader_.scopes("officer"))),
        )  # fmt: skip

    @app.get("/calls/{id}", include_in_schema=False)
    async def call_page(request: Request, reader_: Guest, id: UUID) -> Response:
        async with database.transaction() as tx:
            call = await tx.found(Call, id)
            author = reader_ is not None and bool(acts.AUTHORS & calls.parties(reader_, call))
            statement = (
                select(CallRevision)
                .where(CallRevision.call == id)
                .order_by(col(CallRevision.revision).desc())
            )
            revisions = (await tx.session.exec(statement.limit(PAGE))).all()
            read = await told.read(tx, call)
            applied_for = await asked_for(tx, call)
            ranked = await cut_offs_of(tx, id) if author else []
        if call.state == "draft" and not author:
            raise DomainError("not-found", status=404)
        rules = rules_of(call)
        return pages.page(
            request, "calls/call.html", title=call.title, call=call, rules=rules, tag=tag_of(call), author=author,
            say=say, told=told.told(read), revisions=[one for one in revisions if one.note],
            open=is_open(call, clock.moment().today()), applied_for=applied_for,
            cut_offs=[(say(one.title) or one.key, one, state_word("cutoff", one.state)) for one in ranked],
            asked=_asked_pages(read.form) if read.form else [],
        )  # fmt: skip


def rules_of(call: Call) -> CallRules:
    return CallRules.model_validate(call.rules)


def public(call: Call) -> dict[str, Any]:
    """What everybody may read of a call."""
    return call.model_dump(mode="json", exclude={"published_at", "pending", "edited_by", "edited_at"})


async def prepare_correction(tx: Tx, row: Any, actor: Actor, query: Any) -> Prepared:
    """What the correction changes, before somebody makes it public."""
    return Prepared(beside=await corrections(tx, row) if row.pending else {})


async def corrections(tx: Tx, call: Call) -> dict[str, Any]:
    """Rule by rule, and question by question of the form."""
    before, after = await told.read(tx, call), await told.read(tx, acts.corrected(call))
    return {
        "rules": told.changes(before, after),
        "differences": list(differences(before.form, after.form)),
    }


def is_open(call: Call, today: Any) -> bool:
    return call.state == "published" and call.first_day <= today <= call.last_day


def tag_of(call: Call) -> Tag:
    kinds: dict[str, Any] = {"published": "good", "cancelled": "bad"}
    return Tag(state_word("call", call.state), kinds.get(call.state, "plain"))


def _asked_pages(form: Definition) -> list[tuple[str, list[str]]]:
    """What the form asks, page by page, for those who want to know before they begin."""
    return [(say(page.title), [say(question.label) for question in page.questions]) for page in form.pages]


async def published(tx: Tx) -> list[Call]:
    statement = (
        select(Call).where(Call.state == "published").order_by(col(Call.programme), col(Call.id).desc())
    )
    return list((await tx.session.exec(statement.limit(PAGE))).all())


async def _own(tx: Tx, actor: Actor) -> list[Call]:
    scopes = actor.scopes("coordinator") | actor.scopes("officer")
    statement = (
        select(Call).where(col(Call.partnership).in_(scopes)).order_by(col(Call.id).desc()).limit(PAGE)
    )
    return list((await tx.session.exec(statement)).all())
