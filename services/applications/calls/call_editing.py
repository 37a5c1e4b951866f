"""Writing a call in the browser, section by section, as a draft or as the correction of a published one."""

from collections.abc import Mapping
from typing import Any, get_args
from uuid import UUID

from pydantic import ValidationError
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from contracts.call_rules import CallRules
from contracts.errors import DomainError
from services.applications.calls import acts
from services.applications.calls.acts import Begin, Change
from services.applications.calls.call_pages import corrections, rules_of, tag_of
from services.applications.calls.fields import Ground, Section, named
from services.applications.calls.models import Call, Form
from services.applications.calls.presets import Preset
from services.applications.calls.sections import PAGE_OF, SECTIONS, read_section
from services.applications.forms.building import LANGUAGES
from services.applications.forms.definition import Definition
from services.applications.forms.form_views import partnerships
from services.applications.forms.lacking import lacking
from services.applications.projections import KnownBudget
from services.applications.supporting import Pays
from services.chassis.database import Tx
from services.chassis.identity.actor import Actor
from services.chassis.service import Service
from services.chassis.web.look import forms as look
from services.chassis.web.look.shapes import Shape
from services.chassis.web.look.words import gettext as _
from services.chassis.web.request import idempotency_key
from services.chassis.web.sentences import refusal
from services.chassis.web.who import Who


def add_editing(service: Service) -> None:
    """Routes for authors of calls."""
    app, database, pages, clock = service.app, service.database, service.pages, service.clock

    @app.get("/calls/begin", include_in_schema=False)
    async def begin_page(request: Request, actor: Who) -> Response:
        return await _begin(request, actor, {})

    @app.post("/calls/begin", include_in_schema=False)
    async def begin_posted(request: Request, actor: Who) -> Response:
        posted = await request.form()
        try:
            given = Begin.model_validate(look.parse(Begin, posted))
            async with database.transaction() as tx:
                key = idempotency_key(request, str(posted.get("idempotency_key", "")))
                call = await acts.begin(tx, given, actor, key, clock.moment())
        except ValidationError as reason:
            return await _begin(request, actor, look.errors(reason, Begin), posted)
        except DomainError as reason:
            return await _begin(
                request, actor, {reason.field or "": refusal(reason.slug, reason.params)}, posted
            )
        return RedirectResponse(f"/calls/{call.id}/edit", 303)

    async def _begin(
        request: Request, actor: Actor, errors: Mapping[str, str], posted: Any = None
    ) -> Response:
        async with database.transaction() as tx:
            offered = await partnerships(tx, actor)
            scopes = [UUID(id) for id, _name in offered]
            lines = (
                await tx.session.exec(select(KnownBudget).where(col(KnownBudget.partnership).in_(scopes)))
            ).all()
        choices = {
            "partnership": offered,
            "budget": [(str(line.id), line.name) for line in lines],
            "preset": named("preset", get_args(Preset)),
        }
        start: dict[str, Any] = {"partnership": offered[0][0] if offered else "", "preset": "travel"}
        fields = look.fields(Begin, posted or start, errors, choices)
        return pages.page(
            request, "calls/begin.html", 422 if errors else 200, title=_("A new call"), errors=errors,
            fields=[one for one in fields if one.name not in Pays.model_fields],
            pays=[one for one in fields if one.name in Pays.model_fields], key=idempotency_key(request),
        )  # fmt: skip

    @app.get("/calls/{id}/edit", include_in_schema=False)
    async def edit(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            call = await acts.seen(tx, id, actor)
            shown = acts.corrected(call) if call.pending else call
            found = await acts.call_findings(tx, shown, clock.moment())
            changed = await corrections(tx, call) if call.pending else {}
        return pages.page(
            request, "calls/edit.html", title=shown.title, call=call, shown=shown, tag=tag_of(call),
            sections=[(key, _(section.title)) for key, section in SECTIONS.items()], pending=bool(call.pending),
            findings=lacking(found, lambda at: PAGE_OF.get(at, at), lambda language: "translations"),
            second=call.edited_by != actor.person, **changed,
        )  # fmt: skip

    @app.get("/calls/{id}/edit/{section}", include_in_schema=False)
    async def section_page(request: Request, actor: Who, id: UUID, section: str) -> Response:
        return await _section(request, actor, id, section)

    async def _section(
        request: Request,
        actor: Actor,
        id: UUID,
        key: str,
        posted: Any = None,
        errors: dict[str, str] | None = None,
    ) -> Response:
        async with database.transaction() as tx:
            call = await acts.seen(tx, id, actor)
            shown = acts.corrected(call) if call.pending else call
            ground = await _ground(tx, shown)
        rules, section = rules_of(shown), _found(key)
        if section is None:
            groups, values = [_basics_shapes(rules, ground)], _basics_values(shown, rules)
            title = _("Title, dates, form and texts")
        else:
            groups, values = section.shapes(rules, ground), section.values(rules, ground.language)
            title = _(section.title)
        return pages.page(
            request, "calls/section.html", 422 if errors else 200, title=title, call=call, section=key,
            errors=errors or {},
            groups=[look.asked(group, values if posted is None else posted, errors or {}) for group in groups],
        )  # fmt: skip

    @app.post("/calls/{id}/edit/{section}", include_in_schema=False)
    async def put(request: Request, actor: Who, id: UUID, section: str) -> Response:
        posted = await request.form()
        try:
            async with database.transaction() as tx:
                call = await acts.seen(tx, id, actor)
                shown = acts.corrected(call) if call.pending else call
                ground, found = await _ground(tx, shown), _found(section)
                if found is None:
                    given = _basics_from(shown, rules_of(shown), ground, posted)
                else:
                    given = Change(rules=read_section(found, rules_of(shown), ground, posted))
                await acts.change(tx, id, given, actor, clock.moment())
        except ValidationError as reason:
            first = str(reason.errors()[0]["loc"][-1])
            return await _section(
                request, actor, id, section, posted, {first: _("This is not in the form needed.")}
            )
        except DomainError as reason:
            if reason.status in (401, 403, 404):
                raise
            said = {reason.field or "": refusal(reason.slug, reason.params)}
            return await _section(request, actor, id, section, posted, said)
        again = f"/calls/{id}/edit/{section}" if posted.get("do") == "again" else f"/calls/{id}/edit"
        return RedirectResponse(again, 303)


def _found(key: str) -> Section | None:
    if key == "basics":
        return None
    if key not in SECTIONS:
        raise DomainError("not-found", status=404)
    return SECTIONS[key]


async def _ground(tx: Tx, call: Call) -> Ground:
    statement = select(Form).where(Form.partnership == call.partnership, Form.state == "published")
    forms = (await tx.session.exec(statement.order_by(col(Form.title)).limit(200))).all()
    form = await tx.get(Form, call.form) if call.form else None
    offered = [(str(one.id), f"{one.title} ({one.number})") for one in forms]
    definition = Definition.model_validate(form.definition) if form else None
    return Ground(offered, definition, rules_of(call).languages[0])


def _basics_shapes(rules: CallRules, ground: Ground) -> list[Shape]:
    offered, asked = tuple(ground.forms), _("What it is for (%(language)s)")
    return [
        Shape("title", _("Title"), max_length=160),
        Shape("first_day", _("Open from"), kind="date"),
        Shape("last_day", _("Open until"), kind="date"),
        Shape("form", _("Form that applicants fill in"), kind="select", choices=offered, required=False),
        *(
            Shape(f"summary-{one}", asked % {"language": _said(one)}, kind="textarea", max_length=1000)
            for one in rules.languages
        ),
    ]


def _said(language: str) -> str:
    return next((_(name) for one, name in LANGUAGES.items() if one == language), language)


def _basics_values(call: Call, rules: CallRules) -> dict[str, Any]:
    texts = {f"summary-{one}": call.summary.get(one, "") for one in rules.languages}
    return {**call.model_dump(), "form": str(call.form or ""), **texts}


def _basics_from(call: Call, rules: CallRules, ground: Ground, posted: look.Posted) -> Change:
    values = look.read(_basics_shapes(rules, ground), posted)
    summary = {one: str(values.pop(f"summary-{one}", "")) for one in rules.languages}
    given: dict[str, Any] = {**values, "summary": {**call.summary, **summary}}
    given.setdefault("form", None)
    return Change.model_validate(given)
