"""The builder in the browser: a form's parts with buttons that add, move, copy and remove them, one page per part,
translations side by side. Everything works without JavaScript; every change can be taken back.
"""

from typing import Any, cast
from uuid import UUID

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from contracts.errors import DomainError
from services.applications.calls.models import Form
from services.applications.forms import building, menus, versions
from services.applications.forms.checking import check, gaps
from services.applications.forms.definition import Check, Definition, Language, Page, Question
from services.applications.forms.edits import (
    AddCheck,
    AddPage,
    AddQuestion,
    Copy,
    Edit,
    Move,
    PutCheck,
    PutPage,
    PutQuestion,
    Remove,
)
from services.applications.forms.form_views import tag_of
from services.applications.forms.lacking import lacking
from services.chassis.identity.actor import Actor
from services.chassis.service import Service
from services.chassis.web.look.forms import Posted, asked
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import refusal
from services.chassis.web.who import Who


def add_builder(service: Service) -> None:
    """Routes of the builder."""
    app, database, pages, clock = service.app, service.database, service.pages, service.clock

    @app.get("/forms/{id}", include_in_schema=False)
    async def overview(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            form = await versions.seen(tx, id, actor)
        return overview_page(service, request, form)

    @app.post("/forms/{id}/edits", include_in_schema=False)
    async def edits(request: Request, actor: Who, id: UUID) -> Response:
        posted = await request.form()
        edit = _edit_of(posted)
        try:
            async with database.transaction() as tx:
                form, key = await versions.edit(tx, id, edition_of(posted), edit, actor, clock.moment())
        except DomainError as reason:
            return await refused(service, request, actor, id, reason)
        added = isinstance(edit, AddPage | AddQuestion | AddCheck)
        return RedirectResponse(f"/forms/{form.id}/parts/{key}" if added else f"/forms/{form.id}#{key}", 303)

    @app.post("/forms/{id}/undo", include_in_schema=False)
    async def undo(request: Request, actor: Who, id: UUID) -> Response:
        posted = await request.form()
        try:
            async with database.transaction() as tx:
                await versions.undo(tx, id, edition_of(posted), actor, clock.moment())
        except DomainError as reason:
            return await refused(service, request, actor, id, reason)
        return RedirectResponse(f"/forms/{id}", 303)

    @app.post("/forms/{id}/versions", include_in_schema=False)
    async def next_version(actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            form = await versions.next_version(tx, id, actor, clock.moment())
        return RedirectResponse(f"/forms/{form.id}", 303)

    @app.get("/forms/{id}/parts/{key}", include_in_schema=False)
    async def part(request: Request, actor: Who, id: UUID, key: str) -> Response:
        async with database.transaction() as tx:
            form = await versions.seen(tx, id, actor)
        return _part(request, form, key)

    def _part(
        request: Request, form: Form, key: str, posted: Any = None, errors: dict[str, str] | None = None,
        problem: str = "",
    ) -> Response:  # fmt: skip
        definition = Definition.model_validate(form.definition)
        found = find(definition, key)
        shapes, values = _asked(definition, found, key)
        rows = menus.condition_rows(definition, _tests(found) + 1)
        given = values if posted is None else posted
        conditional = "." not in key
        return pages.page(
            request, "forms/part.html", status=422 if errors or problem else 200, form=form, key=key,
            title=_heading(found), part=found, problem=problem, errors=errors or {}, label=_label,
            fields=asked(shapes, given, errors or {}), language=definition.languages[0], kinds=building.KINDS,
            join=asked([menus.join_shape()], given)[0] if conditional else None,
            tests=[asked(row, given, errors or {}) for row in rows] if conditional else [],
            columns=found.questions if isinstance(found, Question) and found.repeats else None,
            column_kinds=_column_kinds(found),
        )  # fmt: skip

    @app.post("/forms/{id}/parts/{key}", include_in_schema=False)
    async def put(request: Request, actor: Who, id: UUID, key: str) -> Response:
        posted = await request.form()
        try:
            async with database.transaction() as tx:
                form = await versions.seen(tx, id, actor)
                edit = _put_of(Definition.model_validate(form.definition), key, posted)
                form, key = await versions.edit(tx, id, edition_of(posted), edit, actor, clock.moment())
        except ValidationError as reason:
            errors = {str(one["loc"][0]): _sentence(str(one["loc"][0])) for one in reason.errors()}
            async with database.transaction() as tx:
                return _part(request, await versions.seen(tx, id, actor), key, posted, errors)
        except DomainError as reason:
            if reason.status in (401, 403, 404):
                raise
            words = refusal(reason.slug, reason.params)
            async with database.transaction() as tx:
                form = await versions.seen(tx, id, actor)
            return _part(request, form, key, posted, {reason.field: words} if reason.field else {}, words)
        again = f"/forms/{id}/parts/{key}" if posted.get("do") == "again" else f"/forms/{id}#{key}"
        return RedirectResponse(again, 303)


def overview_page(service: Service, request: Request, form: Form, problem: str = "") -> Response:
    """The form's page, perhaps with why something could not be done."""
    definition = Definition.model_validate(form.definition)
    findings = check(definition)

    def place(at: str) -> str:
        return f"parts/{at}" if at else ""

    def called(key: str) -> str:
        part = _part_of(definition, key)
        return _label(part, definition.languages[0]) if isinstance(part, Page | Question) else key

    return service.pages.page(
        request, "forms/form.html", status=422 if problem else 200, title=form.title, form=form,
        definition=definition, language=definition.languages[0], kinds=building.KINDS, problem=problem,
        findings=lacking(findings, place, lambda language: f"translations/{language}", called),
        missing=len(list(gaps(definition))), languages=building.LANGUAGES, label=_label,
        state_tag=tag_of(form),
    )  # fmt: skip


async def refused(
    service: Service, request: Request, actor: Actor, id: UUID, reason: DomainError
) -> Response:
    """What cannot be done now is said on the form's page, which shows how it stands."""
    if reason.status in (401, 403, 404):
        raise reason
    async with service.database.transaction() as tx:
        form = await versions.seen(tx, id, actor)
    return overview_page(service, request, form, refusal(reason.slug, reason.params))


def find(form: Definition, key: str) -> Page | Question | Check:
    """A part by its key; DomainError("not-found")."""
    found = _part_of(form, key)
    if found is None:
        raise DomainError("not-found", status=404)
    return found


def _part_of(form: Definition, key: str) -> Page | Question | Check | None:
    home, _point, inner = key.rpartition(".")
    question = form.question(home or key)
    if home:
        question = next((one for one in question.questions if one.key == inner), None) if question else None
    return question or form.page(key) or next((one for one in form.checks if one.key == key), None)


def edition_of(posted: Posted) -> int:
    edition = str(posted.get("edition", ""))
    return int(edition) if edition.isdecimal() else -1


def _edit_of(posted: Posted) -> Edit:
    """The edit behind a button of the form's page; DomainError("not-found") for what no button says."""
    do, _colon, key = str(posted.get("do", "")).partition(":")
    match do:
        case "page":
            return AddPage()
        case "check":
            return AddCheck()
        case "question":
            kind = str(posted.get(f"kind-{key}", ""))
            if kind not in building.KINDS:
                raise DomainError("form-kind", "kind")
            return AddQuestion(to=key, kind=cast("Any", kind))
        case "up" | "down":
            return Move(key=key, by=do)
        case "copy":
            return Copy(key=key)
        case "remove":
            return Remove(key=key)
        case _:
            raise DomainError("not-found", status=404)


def _put_of(definition: Definition, key: str, posted: Posted) -> Edit:
    found = find(definition, key)
    if isinstance(found, Page):
        return PutPage(key=key, page=building.page_from(definition, found, posted))
    if isinstance(found, Check):
        return PutCheck(key=key, check=building.check_from(definition, found, posted))
    return PutQuestion(key=key, question=building.question_from(definition, found, posted, column="." in key))


def _asked(
    definition: Definition, found: Page | Question | Check, key: str
) -> tuple[list[Any], dict[str, Any]]:
    language = definition.languages[0]
    known = menus.known(definition)
    if isinstance(found, Page):
        return building.page_shapes(), building.page_values(found, language, known)
    if isinstance(found, Check):
        return building.check_shapes(definition), building.check_values(found, language, known)
    shapes = building.question_shapes(definition, found, column="." in key)
    return shapes, building.question_values(found, language, known)


def _tests(found: Page | Question | Check) -> int:
    condition = found.must if isinstance(found, Check) else found.when
    return len(condition.tests) if condition else 0


def _column_kinds(found: Page | Question | Check) -> list[str]:
    if not isinstance(found, Question) or not found.repeats:
        return []
    return building.column_kinds(found.kind)


def _label(part: Page | Question, language: Language) -> str:
    words = part.title if isinstance(part, Page) else part.label
    return words.get(language) or part.key


def _heading(found: Page | Question | Check) -> str:
    if isinstance(found, Page):
        return _("Page")
    return _("Check between answers") if isinstance(found, Check) else _(building.KINDS[found.kind])


def _sentence(field: str) -> str:
    if field == "key":
        return _("A key has small letters, digits and underscores, and begins with a letter.")
    return _("This is not in the form that is needed.")
