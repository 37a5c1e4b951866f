"""Pages of one service: a template, the reader, the values; and the headers that every page carries."""

from pathlib import Path
from typing import Any, cast

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from contracts.navigation import ENTRIES
from services.chassis.clock import Clock
from services.chassis.identity.actor import Actor
from services.chassis.settings import Settings
from services.chassis.web import sentences
from services.chassis.web.look import environment, render
from services.chassis.web.look.context import NavItem, PageContext, reader
from services.chassis.web.look.words import gettext

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}


class Pages:
    """Renders for whoever asks. `templates` is the service's own folder, looked in before the chassis'."""

    def __init__(self, service: str, templates: Path | None, clock: Clock, settings: Settings) -> None:
        self.environment = environment(service, [templates] if templates else [])
        self._names = frozenset(self.environment.list_templates())
        offered = cast("dict[str, Any]", self.environment.globals)
        offered.update(party=sentences.party, state_word=sentences.state_word)
        self._clock = clock
        self._web_url = settings.web_url
        self._unscanned = not settings.scanner
        policy = (
            f"default-src 'self'; img-src 'self' data: {settings.files_url}; object-src 'self' {settings.files_url};"
            " frame-ancestors 'none'; form-action 'self'"
        )
        self._headers = {**HEADERS, "Content-Security-Policy": policy}

    def context(self, request: Request) -> PageContext:
        """What the page knows about its reader."""
        actor: Actor | None = getattr(request.state, "actor", None)
        path = request.url.path
        roles = {role for role, _ in actor.roles} if actor else set[str]()
        nav = [
            NavItem(gettext(entry.label), entry.href, current=path.startswith(entry.href))
            for entry in ENTRIES
            if actor and (not entry.roles or entry.roles & roles)
        ]
        menu = [NavItem(gettext("Your account"), "/account")] if actor else []
        return PageContext(
            language=actor.language if actor else "en",
            person_name=actor.name if actor else None,
            principal=actor.principal if actor else "",
            nav=nav,
            menu=menu,
            clock_rate=self._clock.rate,
            csrf=getattr(request.state, "csrf", ""),
            path=path,
            web_url=self._web_url,
            now=self._clock.now(),
            unscanned=self._unscanned,
            grant=reader().grant,
        )

    def page(self, request: Request, template: str, status: int = 200, **values: Any) -> Response:
        """The page as an answer."""
        html = render(self.environment, template, self.context(request), **values)
        return HTMLResponse(html, status_code=status, headers=self._headers)

    def error(self, request: Request, status: int, sentence: str) -> Response:
        """A page that says what is wrong and what to do."""
        return self.page(request, "error.html", status, code=status, sentence=sentence)

    def has(self, template: str) -> bool:
        """Whether a service brings a template of its own."""
        return template in self._names
