"""The gateway: everything passes through as it is, once; what breaks is told apart from what is away."""

import asyncio
import re
from collections.abc import AsyncGenerator, Iterable, Iterator
from contextlib import asynccontextmanager
from functools import partial

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from contracts.catalogue import TABLES
from deploy.built import built
from deploy.gateway import PATHS, gateway, service_of
from deploy.local.program import answers, free_port
from services.chassis.serving import serve
from tests.deploy.waiting import eventually

_went_away = asyncio.Event()
_OWN = re.compile("/(static|kept|health|metrics|openapi.json|api/v1/parked)")
"""What every service has, for operators and the stack."""


@asynccontextmanager
async def served(app: Starlette) -> AsyncGenerator[str]:
    port = free_port()
    serving = asyncio.create_task(serve(app, "127.0.0.1", port))
    await eventually(partial(answers, port))
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


def behind() -> Starlette:
    """A service that tells what reached it."""

    async def mirror(request: Request) -> Response:
        headers = [(name.decode(), value.decode()) for name, value in request.headers.raw]
        body = (await request.body()).decode()
        told = {"path": request.scope["raw_path"].decode(), "query": request.url.query, "headers": headers}
        answer = JSONResponse({**told, "method": request.method, "body": body}, status_code=201)
        answer.set_cookie("one", "1")
        answer.set_cookie("two", "2")
        return answer

    async def moved(request: Request) -> Response:
        return Response(status_code=303, headers={"Location": "/elsewhere"})

    async def ticks(request: Request) -> Response:
        async def body() -> AsyncGenerator[str]:
            try:
                for number in range(1_000_000):
                    yield f"data: {number}\n\n"
                    await asyncio.sleep(0.01)
            finally:
                _went_away.set()

        return StreamingResponse(body(), media_type="text/event-stream")

    return Starlette(
        routes=[
            Route("/events/moved", moved),
            Route("/events/ticks", ticks),
            Route("/{path:path}", mirror, methods=["GET", "POST", "PUT", "DELETE"]),
        ]
    )


async def half_answering(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A service that dies after it has read a request."""
    await reader.readuntil(b"\r\n\r\n")
    writer.close()


@pytest.fixture
async def web() -> AsyncGenerator[httpx.AsyncClient]:
    async with served(behind()) as service:
        dying = await asyncio.start_server(half_answering, "127.0.0.1", 0)
        port = dying.sockets[0].getsockname()[1]
        addresses = {
            "events": service,
            "overview": service,
            "directory": f"http://127.0.0.1:{port}",
            "applications": f"http://127.0.0.1:{free_port()}",
        }
        async with (
            dying,
            served(gateway(addresses)) as address,
            httpx.AsyncClient(base_url=address) as client,
        ):
            yield client


@pytest.mark.parametrize(
    ("path", "service"),
    [
        ("/", "overview"),
        ("/cases/1", "overview"),
        ("/sign-in", "directory"),
        ("/.well-known/jwks.json", "directory"),
        ("/applications/1/return", "applications"),
        ("/api/v1/applications/1/return", "applications"),
        ("/api/v1/claims", "reimbursements"),
        ("/registrations/1", "events"),
        ("/deliveries", "notifications"),
    ],
)
def test_first_segment_says_who_answers(path: str, service: str) -> None:
    assert service_of(path) == service


def test_every_aggregate_is_answered_by_its_owner() -> None:
    assert {table.path: service_of(f"/{table.path}") for table in TABLES.values()} == {
        table.path: table.service for table in TABLES.values()
    }


@pytest.mark.parametrize("service", [*PATHS, "overview"])
def test_every_page_of_a_service_is_reached(service: str) -> None:
    paths = {path for path in _paths(built(service).app.routes) if not _OWN.match(path)}
    assert paths
    assert {path: service_of(path) for path in paths} == dict.fromkeys(paths, service)


def _paths(routes: Iterable[BaseRoute]) -> Iterator[str]:
    for route in routes:
        router = getattr(route, "original_router", None)
        if router is None:
            yield getattr(route, "path", "/")
        else:
            yield from _paths(router.routes)


async def test_request_and_answer_pass_as_they_are(web: httpx.AsyncClient) -> None:
    answer = await web.post("/events/a%2Fb%20c?q=%C3%A9&q=2", content=b"x=1", headers={"X-One": "1"})

    told = answer.json()
    assert (told["method"], told["path"], told["query"], told["body"]) == (
        "POST",
        "/events/a%2Fb%20c",
        "q=%C3%A9&q=2",
        "x=1",
    )
    headers = dict(told["headers"])
    assert headers["host"] == web.base_url.netloc.decode()
    assert headers["x-one"] == "1"
    assert headers["x-correlation-id"]
    assert answer.status_code == 201
    assert len(answer.headers.get_list("set-cookie")) == 2


async def test_nobody_is_given_the_cookies_of_whoever_came_before(web: httpx.AsyncClient) -> None:
    await web.get("/events")
    web.cookies.clear()
    stranger = (await web.get("/events")).json()
    assert "cookie" not in dict(stranger["headers"])


async def test_pages_keep_their_style_while_a_service_is_away(web: httpx.AsyncClient) -> None:
    assert (await web.get("/proposals")).status_code == 503
    style = await web.get("/static/relais.css")
    assert (style.status_code, "immutable" in style.headers["cache-control"]) == (200, True)


async def test_a_redirect_is_the_browsers_business(web: httpx.AsyncClient) -> None:
    answer = await web.get("/events/moved")
    assert (answer.status_code, answer.headers["location"]) == (303, "/elsewhere")


async def test_server_sent_events_come_as_they_are_sent_and_end_with_the_reader(
    web: httpx.AsyncClient,
) -> None:
    _went_away.clear()
    async with web.stream("GET", "/events/ticks") as answer:
        lines = answer.aiter_lines()
        assert await anext(lines) == "data: 0"
    async with asyncio.timeout(10):
        await _went_away.wait()


@pytest.mark.parametrize(("path", "status"), [("/proposals", 503), ("/people", 502)])
async def test_away_and_broken_are_told_apart(web: httpx.AsyncClient, path: str, status: int) -> None:
    page = await web.post(path, content=b"x")
    assert (page.status_code, page.headers["retry-after"]) == (status, "2")
    assert "<h1>" in page.text

    machine = await web.get(f"/api/v1{path}")
    assert machine.status_code == status
    assert machine.headers["content-type"] == "application/problem+json"


async def test_the_origin_of_files_knows_signed_addresses_alone_and_no_cookie_passes_it() -> None:
    async with (
        served(behind()) as service,
        served(gateway({"applications": service}, only_files=True)) as origin,
        httpx.AsyncClient(base_url=origin) as client,
    ):
        who = {"Cookie": "relais_token=secret", "Authorization": "Bearer secret"}
        answer = await client.get("/kept/applications/token", headers=who)
        reached = {name for name, _value in answer.json()["headers"]}
        assert answer.json()["path"] == "/kept/applications/token"
        assert not reached & {"cookie", "authorization"} and "set-cookie" not in answer.headers
        for path in ("/", "/applications/1", "/kept/elsewhere/token", "/kept/applications/token/more"):
            assert (await client.get(path, headers=who)).status_code == 404
        assert (await client.post("/kept/applications/token")).status_code == 405
