"""One address for all services: passes each request on by the first segment of its path, as it is, once.

No logic lives here: in production an ordinary reverse proxy takes its place. It repeats nothing, and serves the
styles of the pages itself, so that none is bare while a service is away.
"""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from uuid import uuid4

import anyio
import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Mount, Route

from services.chassis.downloads import PREFIX
from services.chassis.settings import Settings
from services.chassis.web.assets import Assets

PATHS: dict[str, tuple[str, ...]] = {
    "directory": (
        ".well-known",
        "account",
        "deliverables",
        "directory",
        "factor-resets",
        "imports",
        "indicator-sets",
        "mandates",
        "member-services",
        "memberships",
        "organisations",
        "participations",
        "partnerships",
        "people",
        "profile-files",
        "providers",
        "recognitions",
        "role-grants",
        "self-assessments",
        "sessions",
        "sign-in",
        "sign-ins",
        "sign-out",
        "step-up",
        "work-packages",
    ),
    "applications": (
        "agreements",
        "applications",
        "assessments",
        "calls",
        "catalogue",
        "conversations",
        "cutoffs",
        "decisions",
        "files",
        "forms",
        "groups",
        "proposals",
        "reports",
        "stages",
        "stray-mails",
        "break-glasses",
        "visits",
        "amendments",
        "vouchers",
    ),
    "events": ("attendances", "events", "registrations", "vacancies"),
    "reimbursements": (
        "advices",
        "aid-declarations",
        "aid-checks",
        "aid-entries",
        "audit-packs",
        "batches",
        "books-exports",
        "budgets",
        "charts",
        "claims",
        "demands",
        "exchange-tables",
        "finance-files",
        "funder-reports",
        "instalments",
        "late-payments",
        "limits",
        "payees",
        "payments",
        "periods",
        "rate-tables",
        "reservations",
        "retentions",
        "sanctions-lists",
        "staff-lists",
        "statements",
        "suspense",
        "transfers",
    ),
    "notifications": ("deliveries",),
}
"""First segment of the path (after /api/v1, if it begins so) → who answers. The overview has all the rest."""

_HOP_BY_HOP = frozenset(
    (
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    )
)
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
_TIMEOUT = httpx.Timeout(60.0, connect=2.0, pool=None)
_AWAY = "The service “{service}” is not available at the moment. Please try again in a few seconds."
_BROKEN = "The service “{service}” stopped while it answered. Look whether your request arrived."
_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Not available · Relais</title>
<style>
  body {{ color: #16202a; font: 1.1875rem/1.5 "Atkinson Hyperlegible Next", Arial, sans-serif; margin: 0 }}
  header {{ background: #083a44; border-bottom: 6px solid #f2a900; color: #fff; font-weight: 700 }}
  header, main {{ padding: 0.7rem max(1rem, calc(50% - 34rem)) }}
  a {{ color: #0a5b7a }}
</style>
<header>Relais</header>
<main>
<h1>Not available at the moment</h1>
<p>{sentence}</p>
<p><a href="/worklist">Go to my worklist</a></p>
</main>
</html>
"""


def service_of(path: str) -> str:
    """Who answers this path."""
    first = path.removeprefix("/api/v1").lstrip("/").partition("/")[0]
    return next((service for service, segments in PATHS.items() if first in segments), "overview")


def make_app(settings: Settings) -> Starlette:
    """The gateway of the services that the settings name."""
    return gateway(settings.services)


def make_files_app(settings: Settings) -> Starlette:
    """The origin of files that people sent in: it knows signed addresses alone, and no cookie passes it."""
    return gateway(settings.services, only_files=True)


def gateway(addresses: Mapping[str, str], *, only_files: bool = False) -> Starlette:
    """addresses: service → http://host:port. It keeps no cookie: each belongs to one reader's browser.

    only_files   passes on nothing but /kept/<service>/…, and neither cookies nor who somebody is
    """
    travels = _anonymous if only_files else _travels
    client = httpx.AsyncClient(
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
        timeout=_TIMEOUT,
        limits=httpx.Limits(max_connections=None, max_keepalive_connections=100, keepalive_expiry=20),
        follow_redirects=False,
        trust_env=False,
    )

    async def ready(request: Request) -> Response:
        return PlainTextResponse("ready")

    async def passed_on(request: Request) -> Response:
        service = request.path_params["service"] if only_files else service_of(request.url.path)
        if service not in addresses:
            return PlainTextResponse("Nothing is here.", 404)
        target = httpx.URL(addresses[service]).copy_with(raw_path=_raw_path(request))
        content = request.stream() if _has_body(request) else None
        onward = client.build_request(
            request.method, target, headers=_headers(request, travels), content=content
        )
        try:
            answer = await client.send(onward, stream=True)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            return _trouble(request, 503, _AWAY.format(service=service))
        except httpx.HTTPError:
            return _trouble(request, 502, _BROKEN.format(service=service))
        response = StreamingResponse(_body(answer), status_code=answer.status_code)
        response.raw_headers = [(name.lower(), value) for name, value in answer.headers.raw if travels(name)]
        return response

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncGenerator[None]:
        async with client:
            yield

    all_paths = [Mount("/static", Assets()), Route("/{path:path}", passed_on, methods=_METHODS)]
    files = [Route(f"/{PREFIX}/{{service}}/{{token}}", passed_on, methods=["GET"])]
    routes = [Route("/health/ready", ready), *(files if only_files else all_paths)]
    return Starlette(routes=routes, lifespan=lifespan)


async def _body(answer: httpx.Response) -> AsyncGenerator[bytes]:
    """What the service sends, as it comes; its connection ends when the reader goes away."""
    try:
        async for piece in answer.aiter_raw():
            yield piece
    finally:
        with anyio.CancelScope(shield=True):
            await answer.aclose()


def _raw_path(request: Request) -> bytes:
    """Path and query exactly as they came, percent signs included."""
    path: bytes = request.scope["raw_path"].partition(b"?")[0]
    query: bytes = request.scope["query_string"]
    return path + b"?" + query if query else path


def _has_body(request: Request) -> bool:
    return "content-length" in request.headers or "transfer-encoding" in request.headers


def _headers(request: Request, travels: Callable[[bytes], bool]) -> list[tuple[bytes, bytes]]:
    """The request's headers; the click gets its correlation id here."""
    headers = [(name, value) for name, value in request.headers.raw if travels(name)]
    headers += [
        (b"x-forwarded-for", request.client.host.encode() if request.client else b""),
        (b"x-forwarded-proto", request.url.scheme.encode()),
    ]
    if "x-correlation-id" not in request.headers:
        headers.append((b"x-correlation-id", str(uuid4()).encode()))
    return headers


def _travels(header: bytes) -> bool:
    return header.lower() not in _HOP_BY_HOP


def _anonymous(header: bytes) -> bool:
    """Of a file's origin: whoever asks is nobody."""
    return _travels(header) and header.lower() not in (b"cookie", b"set-cookie", b"authorization")


def _trouble(request: Request, status: int, sentence: str) -> Response:
    headers = {"Retry-After": "2", "Cache-Control": "no-store"}
    if not request.url.path.startswith("/api/"):
        return HTMLResponse(_PAGE.format(sentence=sentence), status, headers)
    slug = "unavailable"
    problem = {"type": f"urn:relais:{slug}", "slug": slug, "title": sentence, "status": status}
    return JSONResponse(problem, status, headers, media_type="application/problem+json")
