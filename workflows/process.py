"""The worker and the bridge as processes: work in the background, and an answer to who asks for readiness."""

import asyncio
from collections.abc import Coroutine

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.chassis import logs, metrics, serving
from services.chassis.settings import Settings


class Readiness:
    """Whether a process does its work, and if not, why not."""

    def __init__(self, reason: str) -> None:
        self.reason: str | None = reason

    def yes(self) -> None:
        self.reason = None

    def no(self, reason: str) -> None:
        self.reason = reason

    async def show(self, request: Request) -> Response:
        """The handler of /health/ready."""
        return JSONResponse({"ready": not self.reason, "reason": self.reason}, 503 if self.reason else 200)


async def serve(settings: Settings, name: str, ready: Readiness, work: Coroutine[None, None, None]) -> None:
    """Does the work until cancelled, then lets it end cleanly. Work that fails takes the process along."""
    logs.configure(name, settings.log_json)
    app = Starlette(
        routes=[
            Route("/health/ready", ready.show),
            Route("/health/live", _alive),
            Route("/metrics", metrics.show),
        ]
    )
    answers = serving.serve(app, settings.host, settings.port)
    tasks = [asyncio.create_task(work), asyncio.create_task(answers)]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    tasks[0].result()


async def _alive(request: Request) -> Response:
    return JSONResponse({"alive": True})
