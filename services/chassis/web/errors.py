"""Every failure as an answer: problem details for machines, a page with a sentence for people; never a stack trace."""

from contextlib import suppress
from urllib.parse import quote

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from sqlalchemy.exc import DataError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from contracts.errors import DomainError, NotKnownYet, TransientError
from services.chassis.web.pages import Pages
from services.chassis.web.request import READING, is_api
from services.chassis.web.sentences import refusal

log = structlog.get_logger(__name__)
BODY_LIMIT = 25 * 1024 * 1024
"""Bytes of one request."""
_SLUG_OF_STATUS = {404: "not-found", 405: "not-found", 413: "request-too-large"}


def problem(slug: str, status: int, *, detail: str, errors: dict[str, str] | None = None) -> JSONResponse:
    """An RFC 9457 answer. `slug` is stable; `errors` has a sentence per field."""
    content: dict[str, object] = {
        "type": f"urn:relais:{slug}",
        "slug": slug,
        "title": detail,
        "status": status,
    }
    if errors:
        content["errors"] = errors
    headers = {"Retry-After": "2"} if slug in ("not-known-yet", "unavailable") else None
    return JSONResponse(content, status_code=status, headers=headers, media_type="application/problem+json")


async def _who_reads(request: Request, status: int) -> None:
    """A page that no handler was found for has not asked yet who reads it, and would offer to sign in once more.
    Where the service itself is in trouble nothing else is asked."""
    unknown = getattr(request.state, "actor", None) is None
    if unknown and status < 500 and request.method in READING and not is_api(request):
        with suppress(DomainError, TransientError):
            await request.app.state.reception.guest(request)


def field_errors(reason: ValidationError | RequestValidationError) -> dict[str, str]:
    """Field → pydantic's words, for machines."""
    return {".".join(str(part) for part in error["loc"]) or "body": error["msg"] for error in reason.errors()}


def install(app: FastAPI, pages: Pages) -> None:
    """Registers the handlers of all failures."""

    async def answer(
        request: Request, slug: str, status: int, params: dict[str, object], field: str | None
    ) -> Response:
        await _who_reads(request, status)
        sentence = refusal(slug, params)
        if is_api(request):
            return problem(slug, status, detail=sentence, errors={field: sentence} if field else None)
        if status == 401 or slug == "step-up-needed":
            query = f"?{request.url.query}" if request.url.query else ""
            here = f"{request.url.path}{query}"
            target = here if request.method == "GET" else request.headers.get("referer", "/")
            door = "/sign-in" if status == 401 else "/step-up"
            return RedirectResponse(f"{door}?next={quote(target, safe='/')}", status_code=303)
        return pages.error(request, status, sentence)

    @app.exception_handler(DomainError)
    async def domain(request: Request, reason: DomainError) -> Response:
        return await answer(request, reason.slug, reason.status, reason.params, reason.field)

    @app.exception_handler(NotKnownYet)
    async def not_known_yet(request: Request, reason: NotKnownYet) -> Response:
        return await answer(request, "not-known-yet", 409, {}, None)

    @app.exception_handler(TransientError)
    async def transient(request: Request, reason: TransientError) -> Response:
        log.warning("unavailable", path=request.url.path, reason=str(reason))
        return await answer(request, "unavailable", 503, {}, None)

    @app.exception_handler(DataError)
    async def not_storable(request: Request, reason: DataError) -> Response:
        """A character or a number that no column can hold; the transaction was taken back."""
        log.warning("not storable", path=request.url.path, reason=str(reason.orig))
        return await answer(request, "not-storable", 422, {}, None)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, reason: RequestValidationError) -> Response:
        if is_api(request):
            return problem("invalid", 422, detail=refusal("invalid", {}), errors=field_errors(reason))
        return await answer(request, "not-found", 404, {}, None)

    @app.exception_handler(HTTPException)
    async def http(request: Request, reason: HTTPException) -> Response:
        slug = _SLUG_OF_STATUS.get(reason.status_code, "not-found")
        return await answer(request, slug, reason.status_code, {"limit": BODY_LIMIT // 1024 // 1024}, None)

    @app.exception_handler(Exception)
    async def unexpected(request: Request, reason: Exception) -> Response:
        log.error("unexpected", path=request.url.path, exc_info=reason)
        return await answer(request, "unavailable", 500, {}, None)
