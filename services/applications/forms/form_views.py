"""Forms as lists, as JSON for machines, as a page to try out, and as a print; the same definition is behind all."""

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from pydantic import Field, ValidationError
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from contracts.errors import DomainError
from contracts.expressions import Value
from contracts.tables import Input
from services.applications.calls.models import Form
from services.applications.forms import versions
from services.applications.forms.answers import Filled, Ground
from services.applications.forms.asking import Asking, listed_blocks, rows_changed
from services.applications.forms.checking import check, gaps
from services.applications.forms.definition import Definition
from services.applications.forms.edits import Edit
from services.applications.forms.schema import answers_schema
from services.applications.forms.sentences import sentences
from services.applications.projections import KnownPartnership
from services.chassis.database import Tx
from services.chassis.identity.actor import Actor
from services.chassis.service import Service
from services.chassis.web.look import forms as look
from services.chassis.web.look.context import reader
from services.chassis.web.look.parts import Cell, Column, Tag
from services.chassis.web.look.words import gettext as _
from services.chassis.web.request import idempotency_key
from services.chassis.web.sentences import refusal, state_word
from services.chassis.web.who import Who


class Change(Input):
    """One edit over the API, on the edition that its author has seen."""

    edition: int
    edit: Edit = Field(discriminator="op")


def add_forms(service: Service) -> None:
    """Routes that read forms, and the builder's acts for machines."""
    app, database, pages, clock = service.app, service.database, service.pages, service.clock

    @app.get("/api/v1/forms")
    async def listed(actor: Who, after: UUID | None = None) -> list[dict[str, Any]]:
        """The newest version of each form of your partnerships; `after` is the last series of the page before."""
        async with database.transaction() as tx:
            rows = await versions.mine(tx, actor, after)
        return [row.model_dump(mode="json", exclude={"definition", "undo", "trial"}) for row in rows]

    @app.post("/api/v1/forms", status_code=201)
    async def begin(request: Request, actor: Who, given: versions.Begin) -> dict[str, Any]:
        """The draft of a new form. The same idempotency key makes it once."""
        async with database.transaction() as tx:
            return _json(await versions.begin(tx, given, actor, idempotency_key(request), clock.moment()))

    @app.get("/api/v1/forms/{id}")
    async def one(actor: Who, id: UUID) -> dict[str, Any]:
        """A version with its definition, what keeps it from going live, and the texts that lack."""
        async with database.transaction() as tx:
            return _json(await versions.seen(tx, id, actor))

    @app.get("/api/v1/forms/{id}/schema")
    async def schema(actor: Who, id: UUID, language: str = "en") -> dict[str, Any]:
        """The JSON Schema of the answers."""
        async with database.transaction() as tx:
            form = await versions.seen(tx, id, actor)
        return answers_schema(Definition.model_validate(form.definition), language)

    @app.post("/api/v1/forms/{id}/edits")
    async def edit(actor: Who, id: UUID, change: Change) -> dict[str, Any]:
        """One edit; 409 if somebody else has changed the form meanwhile."""
        async with database.transaction() as tx:
            form, key = await versions.edit(tx, id, change.edition, change.edit, actor, clock.moment())
            return {**_json(form), "key": key}

    @app.post("/api/v1/forms/{id}/undo")
    async def undo(actor: Who, id: UUID, edition: int) -> dict[str, Any]:
        """Takes the last edit back."""
        async with database.transaction() as tx:
            return _json(await versions.undo(tx, id, edition, actor, clock.moment()))

    @app.post("/api/v1/forms/{id}/versions", status_code=201)
    async def next_version(actor: Who, id: UUID) -> dict[str, Any]:
        """The draft of the next version; repeat it as often as you like."""
        async with database.transaction() as tx:
            return _json(await versions.next_version(tx, id, actor, clock.moment()))

    @app.get("/forms", include_in_schema=False)
    async def forms_page(request: Request, actor: Who) -> Response:
        return await _list(request, actor, {})

    @app.post("/forms", include_in_schema=False)
    async def begin_page(request: Request, actor: Who) -> Response:
        posted = await request.form()
        try:
            given = versions.Begin.model_validate(look.parse(versions.Begin, posted))
        except ValidationError as reason:
            return await _list(request, actor, look.errors(reason, versions.Begin), posted)
        async with database.transaction() as tx:
            key = idempotency_key(request, str(posted.get("idempotency_key", "")))
            form = await versions.begin(tx, given, actor, key, clock.moment())
        return RedirectResponse(f"/forms/{form.id}", 303)

    async def _list(
        request: Request, actor: Actor, errors: Mapping[str, str], posted: Any = None
    ) -> Response:
        async with database.transaction() as tx:
            rows = await versions.mine(tx, actor)
            choices = await partnerships(tx, actor)
        start: dict[str, Any] = {"partnership": choices[0][0] if choices else "", "language": "en"}
        fields = look.fields(versions.Begin, posted or start, errors, {"partnership": choices})
        return pages.page(
            request, "forms/forms.html", 422 if errors else 200, title=_("Forms"), fields=fields, errors=errors,
            columns=[Column(_("Form")), Column(_("Version"), number=True), Column(_("Standing"))],
            rows=[[Cell(row.title, href=f"/forms/{row.id}"), str(row.number), Cell(tag=tag_of(row))] for row in rows],
            key=idempotency_key(request),
        )  # fmt: skip

    @app.get("/forms/{id}/trial/{page}", include_in_schema=False)
    async def trial(request: Request, actor: Who, id: UUID, page: str) -> Response:
        async with database.transaction() as tx:
            form = await versions.seen(tx, id, actor)
        return _trial(request, form, page, judged=False)

    @app.post("/forms/{id}/trial/{page}", include_in_schema=False)
    async def tried(request: Request, actor: Who, id: UUID, page: str) -> Response:
        """Test mode: answers are kept with the form for its authors alone, and are never an application."""
        posted = await request.form(max_part_size=12 * 1024 * 1024)
        async with database.transaction() as tx:
            await versions.seen(tx, id, actor)
            form = await tx.locked(Form, id)
            asking = _asking(form)
            found = asking.definition.page(page)
            if found is None:
                raise DomainError("not-found", status=404)
            given = {key: _without_uploads(one) for key, one in asking.answers_of(found, posted).items()}
            form.trial = rows_changed({**form.trial, **given}, str(posted.get("do", "")))
            tx.add(form)
        return _trial(request, form, page, judged="do" not in posted)

    def _asking(form: Form, errors: Mapping[str, str] | None = None) -> Asking:
        definition = Definition.model_validate(form.definition)
        return Asking(Filled(definition, form.trial, _ground()), reader().language, errors or {})

    def _ground() -> Ground:
        known: dict[str, Value | None] = {"today": clock.moment().today()}
        return Ground(call=known)

    def _trial(request: Request, form: Form, key: str, *, judged: bool) -> Response:
        definition = Definition.model_validate(form.definition)
        if any(finding.slug in ("form-cycle", "form-empty") for finding in check(definition)):
            raise DomainError("form-not-to-be-tried", status=409)
        page = definition.page(key)
        if page is None:
            raise DomainError("not-found", status=404)
        filled = Filled(definition, form.trial, _ground())
        said = sentences(filled, filled.findings(page), reader().language) if judged else {}
        asking = _asking(form, said)
        blocks = asking.blocks(page)
        return pages.page(
            request, "forms/trial.html", title=asking.say(page.title), lead=asking.say(page.lead), form=form,
            page_=page, blocks=blocks, said=listed_blocks(blocks), judged=judged,
            steps=[(one.key, asking.say(one.title), filled.is_open(one.when)) for one in definition.pages],
        )  # fmt: skip

    @app.get("/forms/{id}/print", include_in_schema=False)
    async def printed(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            form = await versions.seen(tx, id, actor)
        definition = Definition.model_validate(form.definition)
        say = Asking(Filled(definition, {}), reader().language).say
        return pages.page(
            request,
            "forms/print.html",
            title=say(definition.title),
            form=form,
            definition=definition,
            say=say,
        )


def _json(form: Form) -> dict[str, Any]:
    definition = Definition.model_validate(form.definition)
    return {
        **form.model_dump(mode="json", exclude={"undo", "trial"}),
        "findings": [
            {"slug": one.slug, "at": one.at, "sentence": refusal(one.slug, one.params)}
            for one in check(definition)
        ],
        "gaps": [{"at": gap.at, "path": gap.path, "language": gap.language} for gap in gaps(definition)],
    }


def _without_uploads(answer: Any) -> Any:
    """Test mode keeps no files."""
    given = cast("list[Any]", answer) if isinstance(answer, list) else []
    return None if any(isinstance(one, UploadFile) for one in given) else cast("object", answer)


def tag_of(form: Form) -> Tag:
    return Tag(state_word("form", form.state), "good" if form.state == "published" else "plain")


async def partnerships(tx: Tx, actor: Actor) -> list[tuple[str, str]]:
    """The partnerships whose forms and calls the reader writes, by name."""
    found = [
        await tx.get(KnownPartnership, id) for id in actor.scopes("coordinator") | actor.scopes("officer")
    ]
    return sorted(((str(one.id), one.name) for one in found if one is not None), key=lambda one: one[1])
