"""The worker and the bridge run as processes run them, and what they say of themselves."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from time import monotonic

import httpx

from services.chassis.settings import Settings

PATIENCE_SECONDS = 30.0


@asynccontextmanager
async def running(main: Callable[[Settings], Awaitable[None]], settings: Settings) -> AsyncGenerator[None]:
    """The process's main until the block ends; then it is cancelled, as SIGTERM does."""
    task = asyncio.ensure_future(main(settings))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    deadline = monotonic() + PATIENCE_SECONDS
    while not await holds():
        assert monotonic() < deadline, "did not come true"
        await asyncio.sleep(0.1)


async def is_ready(settings: Settings) -> bool:
    return (await _asked(settings, "/health/ready"))[0] == 200


async def waits_for(settings: Settings, what: str) -> bool:
    """Whether it answers that it is not ready, and names what it waits for."""
    status, text = await _asked(settings, "/health/ready")
    return status == 503 and what in text


async def metrics(settings: Settings) -> str:
    return (await _asked(settings, "/metrics"))[1]


async def _asked(settings: Settings, path: str) -> tuple[int, str]:
    async with httpx.AsyncClient() as http:
        try:
            answer = await http.get(f"http://{settings.host}:{settings.port}{path}")
        except httpx.ConnectError:
            return 0, ""
    return answer.status_code, answer.text
