"""The words of a call's rules in its languages, side by side: what stands in the first, and what the others say."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from contracts.call_rules import CallRules, texts
from services.applications.calls import acts
from services.applications.calls.acts import Change
from services.applications.calls.call_pages import rules_of
from services.applications.forms.building import LANGUAGES
from services.chassis.service import Service
from services.chassis.web.look.words import gettext as _
from services.chassis.web.who import Who


def add_translating(service: Service) -> None:
    """The page of a call's translations."""
    app, database, pages, clock = service.app, service.database, service.pages, service.clock

    @app.get("/calls/{id}/edit/translations", include_in_schema=False)
    async def translations(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            call = await acts.seen(tx, id, actor)
        rules = rules_of(acts.corrected(call) if call.pending else call)
        names = {code: _(name) for code, name in LANGUAGES.items()}
        return pages.page(
            request, "calls/translations.html", title=_("Translations"), call=call, first=rules.languages[0],
            others=rules.languages[1:], names=names, rows=[(at, key, words) for at, key, words in texts(rules)],
        )  # fmt: skip

    @app.post("/calls/{id}/edit/translations", include_in_schema=False)
    async def translate(request: Request, actor: Who, id: UUID) -> Response:
        posted = await request.form()
        async with database.transaction() as tx:
            call = await acts.seen(tx, id, actor)
            rules = rules_of(acts.corrected(call) if call.pending else call)
            given = {name: str(text).strip() for name, text in posted.items() if name.startswith("text:")}
            await acts.change(tx, id, Change(rules=translated(rules, given)), actor, clock.moment())
        return RedirectResponse(f"/calls/{id}/edit", 303)


def translated(rules: CallRules, given: Mapping[str, str]) -> CallRules:
    """The rules with these texts, named "text:<key>:<language>"; every key of a call's texts is its own."""

    def say(data: Any) -> Any:
        if isinstance(data, list):
            return [say(one) for one in data]  # pyright: ignore[reportUnknownVariableType]
        if not isinstance(data, dict):
            return data
        part: dict[str, Any] = {name: say(value) for name, value in data.items()}  # pyright: ignore[reportUnknownVariableType]
        for words in ("title", "text"):
            if words in part and isinstance(part.get("key"), str):
                said = {
                    one: text
                    for one in rules.languages
                    if (text := given.get(f"text:{part['key']}:{one}")) is not None
                }
                part[words] = {**part[words], **said}
        return part

    return CallRules.model_validate(say(rules.model_dump(mode="json")))
