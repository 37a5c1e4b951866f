"""A passkey in a real browser, with Chromium's own virtual authenticator: made, shown at sign-in, shown again for a
role. Directory runs alone, under a name: authenticators know no numbers.
"""

import re

import pytest
from playwright.async_api import Browser, BrowserContext

from tests.browser.window import Window
from tests.service.house import House

pytestmark = pytest.mark.browser
JAN, CLAIRE = "jan.kowal@ce4big.example", "claire.legoff@atlanpole.example"


async def authenticator(context: BrowserContext, window: Window) -> None:
    """A security key that says yes."""
    session = await context.new_cdp_session(window.page)
    await session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    await session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


async def follow_link(named: House, window: Window, email: str, next: str) -> None:
    await window.open(f"/sign-in?next={next}")
    await window.fill(email=email)
    await window.press("Send me a link")
    await window.open(f"/sign-in/confirm?token={await named.mailed_token(email)}")
    await window.press("Sign in")


async def test_a_passkey_is_made_shown_at_sign_in_and_shown_again_for_a_role(
    named: House, browser: Browser
) -> None:
    async with Window(browser, named.settings.web_url) as window:
        await authenticator(window.context, window)
        await follow_link(named, window, CLAIRE, "/account/security")
        assert "No passkey was made" not in await window.text(), "nothing was tried yet"
        await window.fill(name="This computer")
        await window.press("Add a passkey")
        await window.says("Your ten recovery codes")
        assert len(re.findall(r"\b\w{5}-\w{5}-\w{5}\b", await window.text())) == 10
        await window.follow("I have kept them")
        await window.says("This computer")
        await window.context.clear_cookies()
        await follow_link(named, window, CLAIRE, "/account")
        await window.says("Show your second factor")
        await window.press("Show my passkey")
        await window.says(CLAIRE, "this device")
        await window.open("/role-grants/grant")
        await window.says("Give a role")


async def test_a_role_leads_to_the_second_factor_first(named: House, browser: Browser) -> None:
    async with Window(browser, named.settings.web_url) as window:
        await follow_link(named, window, CLAIRE, "/role-grants/grant")
        await window.says("You have no second factor yet")


async def test_without_scripts_a_recovery_code_does_the_same(named: House, browser: Browser) -> None:
    async with Window(browser, named.settings.web_url) as window:
        await authenticator(window.context, window)
        await follow_link(named, window, JAN, "/account/security")
        await window.fill(name="This computer")
        await window.press("Add a passkey")
        code = re.findall(r"\b\w{5}-\w{5}-\w{5}\b", await window.text())[0]
    async with Window(browser, named.settings.web_url, scripts=False) as window:
        await follow_link(named, window, JAN, "/account")
        await window.fill(code=code)
        await window.press("Use this code")
        await window.says(JAN)


async def test_a_page_opened_by_a_number_says_where_passkeys_work(named: House, browser: Browser) -> None:
    address = named.settings.web_url
    async with Window(browser, address.replace("localhost", "127.0.0.1")) as window:
        await follow_link(named, window, JAN, "/account/security")
        await window.says(f"Passkeys work only at the address of Relais: {address}")
    async with Window(browser, address) as window:
        await follow_link(named, window, JAN, "/account/security")
        assert "Passkeys work only" not in await window.text()
