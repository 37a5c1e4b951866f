"""A signatory who is no user, on their telephone and at a desk: the mailed link, the text, the signature, without an
account; axe finds nothing on any of the pages.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn
from playwright.async_api import Browser

from deploy.local.program import free_port
from services.chassis.identity.tokens import Identity, sign
from tests.browser.window import Window
from tests.conftest import FreshDatabase
from tests.people import KEY, Person
from tests.service.test_signing_by_link import Post, posting

pytestmark = pytest.mark.browser


def token(who: Person) -> str:
    return sign(Identity(who.id, who.id, 2, who.name, "en", who.csrf, 2**31), KEY, 3600)


@asynccontextmanager
async def served(post: Post) -> AsyncGenerator[str]:
    """Its service at an address of its own."""
    port = free_port()
    app = post.play.stage.service.app
    server = uvicorn.Server(uvicorn.Config(app, "127.0.0.1", port, lifespan="off", log_config=None))
    serving = asyncio.create_task(server.serve())
    url = f"http://127.0.0.1:{port}"
    async with httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(retries=20)) as client:
        assert (await client.get(f"{url}/health/live")).status_code == 200
    yield url
    server.should_exit = True
    await serving


@pytest.mark.parametrize("width", [1280, 390])
async def test_a_signatory_without_account_reads_and_signs(
    fresh_database: FreshDatabase, tmp_path: Path, browser: Browser, width: int
) -> None:
    async with posting(await fresh_database("applications"), tmp_path) as post, served(post) as url:
        paper = (await post.play.papers())["quality"]["id"]
        async with Window(browser, url, token=token(post.play.visitor), width=width) as window:
            await window.open(f"/agreements/{paper}")
            await window.follow("Mail a link to the legal signatory")
            await window.fill(
                name="Dr Anna Nowak", function="Managing Director", email="anna@helixon.example"
            )
            await window.open(f"/agreements/{paper}/name-signatory")
        await post.name()
        mailed = await post.token()
        async with Window(browser, url, width=width) as window:
            await window.open(f"/agreements/link?token={mailed}")
            await window.says("Dr Anna Nowak, you are named to sign this text for Helixon.")
            await window.fill(name="Dr Anna Nowak")
            await window.press("Sign")
            await window.says("Choose an answer for")
            await window.choose("Yes")
            await window.press("Sign")
            await window.says("You have signed this text")
            await window.open("/agreements/link?token=another")
        async with Window(browser, url, token=token(post.play.officer), width=width) as window:
            await window.open(f"/agreements/{paper}")
            await window.says("by a mailed link", "anna@helixon.example")
