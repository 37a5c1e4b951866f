"""The words of a form in its languages, side by side, and the form as a file that is exported and imported."""

from uuid import UUID

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from contracts.errors import DomainError
from services.applications.forms import building, versions
from services.applications.forms.builder import edition_of, refused
from services.applications.forms.building import LANGUAGES
from services.applications.forms.checking import texts
from services.applications.forms.definition import Definition, Language, read, written
from services.applications.forms.edits import PutForm, Replace, Said, Translate
from services.chassis.service import Service
from services.chassis.web.look.words import gettext as _
from services.chassis.web.who import Who


def add_translating(service: Service) -> None:
    """Routes of languages, translations, export and import."""
    app, database, pages, clock = service.app, service.database, service.pages, service.clock

    @app.post("/forms/{id}/languages", include_in_schema=False)
    async def languages(request: Request, actor: Who, id: UUID) -> Response:
        posted = await request.form()
        async with database.transaction() as tx:
            form = await versions.seen(tx, id, actor)
            first = Definition.model_validate(form.definition).languages[0]
            chosen: list[Language] = [
                one for one in LANGUAGES if one in posted.getlist("language") and one != first
            ]
            title = str(posted.get("title", "")).strip()
            edit = PutForm(title={first: title} if title else {}, languages=(first, *chosen))
            await versions.edit(tx, id, edition_of(posted), edit, actor, clock.moment())
        return RedirectResponse(f"/forms/{id}", 303)

    @app.get("/forms/{id}/translations/{language}", include_in_schema=False)
    async def translations(request: Request, actor: Who, id: UUID, language: Language) -> Response:
        async with database.transaction() as tx:
            form = await versions.seen(tx, id, actor)
        definition = Definition.model_validate(form.definition)
        first = definition.languages[0]
        rows = [
            (at, path, words.get(first, ""), words.get(language, ""))
            for at, path, words, needed in texts(definition)
            if needed or words.get(first)
        ]
        return pages.page(
            request, "forms/translations.html", title=_("Translations"), form=form, rows=rows, first=LANGUAGES[first],
            language=language, name=LANGUAGES[language], missing=sum(1 for row in rows if not row[3]),
        )  # fmt: skip

    @app.post("/forms/{id}/translations/{language}", include_in_schema=False)
    async def translate(request: Request, actor: Who, id: UUID, language: Language) -> Response:
        posted = await request.form()
        said = [
            Said(at=at, path=path, text=str(text))
            for name, text in posted.items()
            if name.startswith("text:")
            for at, path in [name.removeprefix("text:").split(":", 1)]
        ]
        async with database.transaction() as tx:
            edit = Translate(language=language, texts=tuple(said))
            await versions.edit(tx, id, edition_of(posted), edit, actor, clock.moment())
        return RedirectResponse(f"/forms/{id}", 303)

    @app.get("/forms/{id}/definition", include_in_schema=False)
    async def export(actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            form = await versions.seen(tx, id, actor)
        name = f"{building.slug(form.title)}-{form.number}.json"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        content = written(Definition.model_validate(form.definition))
        return Response(content, media_type="application/json", headers=headers)

    @app.post("/forms/{id}/import", include_in_schema=False)
    async def import_(request: Request, actor: Who, id: UUID) -> Response:
        posted = await request.form()
        file = posted.get("file")
        try:
            content = await file.read(2_000_000) if isinstance(file, UploadFile) else b""
            edit = Replace(definition=read(content))
            async with database.transaction() as tx:
                await versions.edit(tx, id, edition_of(posted), edit, actor, clock.moment())
        except DomainError as reason:
            return await refused(service, request, actor, id, reason)
        return RedirectResponse(f"/forms/{id}", 303)
