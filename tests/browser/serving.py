"""One service alone, served for a browser."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx
import uvicorn

from deploy.local.program import free_port
from services.chassis.identity.tokens import Identity, sign
from services.chassis.service import Service
from tests.people import KEY, Person


@asynccontextmanager
async def served(service: Service) -> AsyncGenerator[str]:
    """Its address."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(service.app, "127.0.0.1", port, lifespan="off", log_config=None))
    serving = asyncio.create_task(server.serve())
    url = f"http://127.0.0.1:{port}"
    async with httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(retries=20)) as client:
        assert (await client.get(f"{url}/health/live")).status_code == 200
    yield url
    server.should_exit = True
    await serving


def token(who: Person) -> str:
    """What signs somebody in."""
    return sign(Identity(who.id, who.id, 2, who.name, "en", who.csrf, 2**31), KEY, 3600)
