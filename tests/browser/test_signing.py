"""A signatory who is no user, on their telephone and at a desk: the mailed link, the text, the signature, without an
account; axe finds nothing on any of the pages.
"""

from pathlib import Path

import pytest
from playwright.async_api import Browser

from services.chassis.identity.tokens import Identity, sign
from tests.browser.serving import served, token
from tests.browser.window import Window
from tests.conftest import FreshDatabase
from tests.people import KEY
from tests.service.test_acting import mandated
from tests.service.test_signing_by_link import posting

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [390, pytest.param(1280, marks=pytest.mark.slow)])
async def test_a_signatory_without_account_reads_and_signs(
    fresh_database: FreshDatabase, tmp_path: Path, browser: Browser, width: int
) -> None:
    async with (
        posting(await fresh_database("applications"), tmp_path) as post,
        served(post.play.stage.service) as url,
    ):
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
        zofia, mandate = await mandated(post.play, "power_of_attorney")
        acting = Identity(zofia.id, zofia.id, 2, "Zofia", "en", zofia.csrf, 0, mandate, "Ewa")
        async with Window(browser, url, token=sign(acting, KEY, 3600), width=width) as window:
            await window.open(f"/agreements/{(await post.play.papers())['financial']['id']}")
            banner = window.page.get_by_label("Acting for somebody")
            assert "Zofia for Ewa." in await banner.inner_text()
            await window.follow("Read and sign")
