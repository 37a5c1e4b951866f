"""The worker and the bridge as processes: work in the background, and an answer to whoever asks if it is ready."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.chassis.settings import Settings


class Readiness:
    """Whether a process does its work, and if not, why not."""

    def __init__(self, reason: str) -> None:
        self.reason: str | None = reason

    def yes(self) -> None:
        self.reason = None

    def no(self, reason: str) -> None:
        self.reason = reason


async def serve(settings: Settings, ready: Readiness, work: Coroutine[None, None, None]) -> None:
    """Does the work until SIGTERM or SIGINT, then lets it end cleanly. Work that fails takes the process along."""

    async def is_ready(request: Request) -> Response:
        status = 503 if ready.reason else 200
        return JSONResponse({"ready": ready.reason is None, "reason": ready.reason}, status)

    async def is_alive(request: Request) -> Response:
        return JSONResponse({"alive": True})

    async def metrics(request: Request) -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        task = asyncio.create_task(work)
        task.add_done_callback(lambda task: setattr(server, "should_exit", True))
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    app = Starlette(
        routes=[
            Route("/health/ready", is_ready),
            Route("/health/live", is_alive),
            Route("/metrics", metrics),
        ],
        lifespan=lifespan,
    )
    server = uvicorn.Server(
        uvicorn.Config(app, host=settings.host, port=settings.port, log_config=None, access_log=False)
    )
    await server.serve()
