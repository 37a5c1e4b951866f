"""The look of every page: one environment per service, one way to render. No page opens a connection: what it
shows is handed to it, and everything from people is escaped."""

from collections.abc import Callable
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

from jinja2 import (
    ChainableUndefined,
    Environment,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
    select_autoescape,
)
from markupsafe import Markup

from services.chassis.web.look import charts, values, words
from services.chassis.web.look.components import component, files_kept, listed
from services.chassis.web.look.context import PageContext, reader, reading

__all__ = ["STATIC", "environment", "render", "static"]

TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parents[1] / "static"
FILTERS: dict[str, Callable[..., str]] = {
    "ago": values.ago,
    "amount": values.amount,
    "clock_time": values.clock_time,
    "compact": values.compact,
    "country": values.country,
    "day": values.day,
    "duration": values.duration,
    "file_size": values.file_size,
    "moment": values.moment,
    "money": values.money,
    "number": values.number,
    "percent": values.percent,
    "short_day": values.short_day,
    "working_days": values.working_days,
}


def environment(service: str, template_folders: list[Path]) -> Environment:
    """Templates of a service: its own folders first, then the chassis'. A value nobody gave is an error."""
    env = Environment(
        loader=FileSystemLoader([*template_folders, TEMPLATES]),
        autoescape=select_autoescape(disabled_extensions=["txt"], default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    install = cast("Callable[..., None]", env.install_gettext_callables)  # type: ignore[attr-defined]
    install(words.gettext, words.ngettext, newstyle=True)
    filters = cast("dict[str, Any]", env.filters)
    filters.update(FILTERS)
    offered: dict[str, Any] = {
        "service": service,
        "static": static,
        "govuk": partial(_component, _components()),
        "charts": charts,
        "component": component,
        "files_kept": files_kept,
        "listed": listed,
        "coded": words.coded,
        "days": values.days,
        "place": values.place,
        "reader": reader,
        "zip": zip,
    }
    cast("dict[str, Any]", env.globals).update(offered)
    return env


def render(env: Environment, name: str, page: PageContext, /, **given: Any) -> str:
    """A template with its values, worded for the page's reader."""
    with reading(page):
        return env.get_template(name).render(page=page, **given)


@lru_cache
def static(path: str) -> str:
    """Address of a static file, with its content's hash: it may be cached for ever."""
    digest = sha256((STATIC / path).read_bytes()).hexdigest()[:12]
    return f"/static/{path}?v={digest}"


@lru_cache
def _components() -> Environment:
    """GOV.UK's macros take a mapping in which most is left out: the one place where undefined is empty."""
    return Environment(
        loader=PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        autoescape=True,
        undefined=ChainableUndefined,
    )


def _component(env: Environment, name: str, given: dict[str, Any]) -> Markup:
    """`govuk("date-input", {…})`: a component of GOV.UK Frontend."""
    macro = "govuk" + "".join(part.capitalize() for part in name.split("-"))
    template = env.get_template(f"govuk_frontend_jinja/components/{name}/macro.html")
    return Markup(getattr(template.module, macro)(given))  # noqa: S704, the macros escape what they are given
