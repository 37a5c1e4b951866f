"""A letter in a browser: chosen, filled in, looked at, sent; on a telephone too, and axe finds nothing."""

from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.browser.serving import served, token
from tests.browser.window import Window
from tests.conftest import FreshDatabase
from tests.service.exchange import exchange
from tests.service.test_conversations import say

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("width", [390, 1280])
async def test_an_officer_looks_at_a_letter_before_it_is_sent(
    fresh_database: FreshDatabase, tmp_path: Path, browser: Browser, width: int
) -> None:
    async with (
        exchange(await fresh_database("applications"), tmp_path) as play,
        served(play.stage.service) as url,
    ):
        await play.play_to_grant()
        asked = "My colleague from Kyiv comes along. She needs a letter for her visa."
        await say(play, play.visitor, text=asked)
        await say(
            play, play.officer, "note-call", caller="Kadri Tamm", text="The host expects both on Monday."
        )
        async with Window(browser, url, token=token(play.officer), width=width) as window:
            await window.open(f"/conversations/of/{play.case}/letters")
            await window.says("A stay is confirmed after its last day.")
            await window.follow("Invitation for a visa")
            await window.fill(address="Riia 23\n51010 Tartu\nEstonia")
            await window.press("Look at the letter")
            await window.says("This letter needs this.")
            await window.fill(name="EWA MARIA NOWAK")
            await window.choose("The host pays for all of it")
            await window.press("Look at the letter")
            await window.says("This is the letter as it will be sent.", "invites EWA MARIA NOWAK")
            await window.press("Send the letter")
            await window.says("sent a letter", "Invitation for a visa (PDF)")
            await window.picture("conversation", height=762)
