"""A stack at the pace of production and a real Chromium, once for all browser tests; skipped where there is none."""

import asyncio
import shutil
from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import httpx
import pytest
import uvicorn
from playwright.async_api import Browser, async_playwright

from deploy.local.layout import PORTS, Layout
from deploy.local.program import free_port
from deploy.local.stack import Stack, running_stack
from tests.conftest import FreshDatabase
from tests.service.house import House, house
from tests.service.money import Finance, finance

ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")


@pytest.fixture(scope="package")
def chromium() -> str:
    """The path of the browser."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("no Chromium here: `apt-get install chromium` brings it")
    return found


@pytest.fixture(scope="package")
async def browser(chromium: str) -> AsyncGenerator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest.fixture(scope="package")
def stack(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Generator[Stack]:
    layout = Layout(tmp_path_factory.mktemp("browser") / "stack", free_port(row=PORTS))
    with running_stack(layout) as stack:
        yield stack


@pytest.fixture
async def named(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[House]:
    """Directory alone, served under a name: authenticators know no numbers."""
    web_url = f"http://localhost:{free_port()}"
    async with house(await fresh_database("directory"), tmp_path, web_url=web_url) as played:
        port = int(web_url.rpartition(":")[2])
        server = uvicorn.Server(
            uvicorn.Config(played.service.app, "127.0.0.1", port, lifespan="off", log_config=None)
        )
        serving = asyncio.create_task(server.serve())
        async with httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(retries=20)) as client:
            assert (await client.get(f"{web_url}/health/live")).status_code == 200
        yield played
        server.should_exit = True
        await serving


@pytest.fixture
async def money(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Finance]:
    async with finance(await fresh_database("reimbursements"), tmp_path) as played:
        yield played
