"""A stack at the pace of production and a real Chromium, once for all browser tests; skipped where there is none."""

import shutil
from collections.abc import AsyncGenerator, Generator

import pytest
from playwright.async_api import Browser, async_playwright

from deploy.local.layout import PORTS, Layout
from deploy.local.program import free_port
from deploy.local.stack import Stack, running_stack

ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("no Chromium here: `apt-get install chromium` brings it")
    return found


@pytest.fixture(scope="session")
async def browser(chromium: str) -> AsyncGenerator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
def stack(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Generator[Stack]:
    layout = Layout(tmp_path_factory.mktemp("browser") / "stack", free_port(row=PORTS))
    with running_stack(layout) as stack:
        yield stack
