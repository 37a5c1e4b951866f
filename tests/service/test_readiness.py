"""A service is ready when people can work with it: its database answers, and holds what it starts with."""

import asyncio
from pathlib import Path

from contracts.errors import TransientError
from services.chassis.clock import Clock
from services.chassis.identity.tokens import Keys
from services.chassis.service import Service
from services.chassis.settings import Settings
from tests.conftest import FreshDatabase
from tests.people import Stage, stage


async def ready(on: Stage) -> tuple[int, str]:
    answer = await on.client.get("/health/ready")
    return answer.status_code, answer.json().get("reason", "")


async def test_a_service_waits_for_what_it_starts_with(fresh_database: FreshDatabase, tmp_path: Path) -> None:
    first, seeded = asyncio.Event(), asyncio.Event()

    async def seed() -> None:
        if not first.is_set():
            first.set()
            raise TransientError("the database does not answer")
        await seeded.wait()

    def make(settings: Settings, *, clock: Clock, keys: Keys) -> Service:
        service = Service("directory", settings, clock=clock, keys=keys, hears_roles=False)
        service.at_start(seed)
        return service

    async with (
        stage(make, await fresh_database("directory"), tmp_path) as on,
        on.service.app.router.lifespan_context(on.service.app),
    ):
        await first.wait()
        assert await ready(on) == (503, "what it starts with is not there yet")
        seeded.set()
        async with asyncio.timeout(10):
            while (await ready(on))[0] != 200:  # noqa: ASYNC110, the service decides
                await asyncio.sleep(0.05)
