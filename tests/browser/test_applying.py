"""Filling in a form in the browser: kept while the network is cut, and both texts shown where two have written."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest
import uvicorn
from playwright.async_api import Browser, expect

from deploy.local.program import free_port
from services.chassis.identity.tokens import Identity, sign
from tests.browser.window import Window
from tests.conftest import FreshDatabase
from tests.people import KEY, Person
from tests.service.applying import Applying, applying
from tests.service.asking import form, known

pytestmark = pytest.mark.browser


@pytest.fixture
async def desk(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Applying]:
    async with applying(await fresh_database("applications"), tmp_path) as played:
        await played.publish_call()
        await played.begin()
        yield played


@pytest.fixture
async def address(desk: Applying) -> AsyncGenerator[str]:
    """The service alone, served for a browser."""
    port = free_port()
    app = desk.stage.service.app
    server = uvicorn.Server(uvicorn.Config(app, "127.0.0.1", port, lifespan="off", log_config=None))
    serving = asyncio.create_task(server.serve())
    url = f"http://127.0.0.1:{port}"
    async with httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(retries=20)) as client:
        assert (await client.get(f"{url}/health/live")).status_code == 200
    yield url
    server.should_exit = True
    await serving


def window(browser: Browser, address: str, who: Person) -> Window:
    token = sign(Identity(who.id, who.id, 2, who.name, "en", who.csrf, 2**31), KEY, 3600)
    return Window(browser, address, token=token)


@pytest.fixture
async def asking(desk: Applying) -> Applying:
    """The draft of a form that asks for an organisation among thirty."""
    desk.form = await desk.form_of(form())
    await desk.publish_call()
    await desk.begin("with whom")
    await known(desk, 30, ("Médolab", "Gdańsk"))
    return desk


async def purpose(desk: Applying) -> str:
    sections = (await desk.draft())["sections"]
    return sections["trip"]["answers"]["purpose"]


async def test_what_is_typed_without_network_is_kept_and_sent(
    desk: Applying, address: str, browser: Browser
) -> None:
    async with window(browser, address, desk.ewa) as ewa:
        await ewa.open(f"/applications/{desk.case}/form/trip")
        receipt = ewa.page.locator("#receipt")
        await ewa.fill(purpose="Meet the clinic.")
        await expect(receipt).to_contain_text("version 1 of this page")
        await ewa.context.set_offline(True)
        await ewa.fill(purpose="Meet the clinic and its nurses.")
        await expect(receipt).to_contain_text("Not saved: no connection")
        assert await purpose(desk) == "Meet the clinic."
        await ewa.context.set_offline(False)
        await expect(receipt).to_contain_text("version 2 of this page", timeout=10_000)
        assert await purpose(desk) == "Meet the clinic and its nurses."
        ewa.complaints = [one for one in ewa.complaints if "ERR_INTERNET_DISCONNECTED" not in one]


async def test_where_two_have_written_both_texts_are_shown(
    desk: Applying, address: str, browser: Browser
) -> None:
    async with window(browser, address, desk.ewa) as ewa:
        await ewa.open(f"/applications/{desk.case}/form/trip")
        assert (await desk.save("trip", desk.adam, purpose="Adam's purpose")).status_code == 200
        await ewa.fill(purpose="Ewa's purpose")
        await ewa.press("Save and continue")
        await ewa.says("Somebody else has changed this page meanwhile", "Adam's purpose", "Ewa's purpose")
        assert await purpose(desk) == "Adam's purpose", "nothing is overwritten"


@pytest.mark.parametrize(
    "cookie",
    [
        pytest.param("", id="signed out elsewhere"),
        pytest.param("expired", marks=pytest.mark.slow, id="session over"),
    ],
)
async def test_what_is_typed_after_the_session_has_ended_is_back_after_signing_in(
    desk: Applying, address: str, browser: Browser, cookie: str
) -> None:
    async with window(browser, address, desk.ewa) as ewa:
        page = f"/applications/{desk.case}/form/trip"
        await ewa.open(page)
        receipt = ewa.page.locator("#receipt")
        await ewa.fill(purpose="Meet the clinic.")
        await expect(receipt).to_contain_text("version 1 of this page", timeout=10_000)
        signed_in = sign(
            Identity(desk.ewa.id, desk.ewa.id, 2, desk.ewa.name, "en", desk.ewa.csrf, 2**31), KEY, 3600
        )
        await ewa.context.clear_cookies()
        if cookie:
            over = Identity(desk.ewa.id, desk.ewa.id, 2, desk.ewa.name, "en", desk.ewa.csrf, 0)
            await ewa.context.add_cookies(
                [{"name": "relais_token", "value": sign(over, KEY, -60), "url": address}]
            )
        await ewa.fill(purpose="Meet the clinic and its nurses.")
        await expect(receipt).to_contain_text("Not saved: you are signed out", timeout=10_000)
        assert await purpose(desk) == "Meet the clinic."
        await ewa.context.add_cookies([{"name": "relais_token", "value": signed_in, "url": address}])
        await ewa.open(page)
        await expect(ewa.page.locator("[name=purpose]")).to_have_value("Meet the clinic and its nurses.")
        await expect(receipt).to_contain_text("version 2 of this page", timeout=10_000)
        assert await purpose(desk) == "Meet the clinic and its nurses."


async def test_an_organisation_is_found_and_chosen_with_the_keyboard_alone(
    asking: Applying, address: str, browser: Browser
) -> None:
    async with window(browser, address, asking.ewa) as ewa:
        await ewa.open(f"/applications/{asking.case}/form/who")
        field = ewa.page.get_by_role("combobox", name="partner: search by name, town or registration number")
        keys, options = ewa.page.keyboard, ewa.page.get_by_role("option")
        await field.focus()
        await keys.type("verein 0000")
        await expect(options).to_have_count(10)
        await expect(field).to_have_attribute("aria-expanded", "true")
        await expect(ewa.page.get_by_role("status").filter(has_text="10 found")).to_be_visible()
        for key in ("ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp"):
            await keys.press(key)
        chosen = ewa.page.locator("[role=option][aria-selected=true]")
        await expect(chosen).to_have_text("Verein 00009, Graz, Austria")
        assert await field.get_attribute("aria-activedescendant") == await chosen.get_attribute("id")
        await ewa.judge()
        await keys.press("Escape")
        await expect(options).to_have_count(0)
        await expect(field).to_have_value("verein 0000")
        await field.fill("gdansk")
        await expect(options).to_have_count(1)
        await keys.press("ArrowDown")
        await keys.press("Enter")
        await expect(field).to_have_value("Médolab, Gdańsk, Austria")
        await expect(ewa.page.locator("#receipt")).to_contain_text("version 1 of this page", timeout=10_000)
        answers = (await asking.draft())["sections"]["who"]["answers"]
        await ewa.fill(reason="They know the market.")
        await ewa.press("Save and continue")
        await ewa.open(f"/applications/{asking.case}/form/who")
        await expect(field).to_have_value("Médolab")
        assert (await asking.draft())["sections"]["who"]["answers"]["partner"] == answers["partner"]
        await field.fill("nobody of this name")
        await expect(
            ewa.page.get_by_role("status").filter(has_text="Nobody is called like this")
        ).to_be_visible()
        await ewa.press("Save and continue")
        await ewa.says("There is a problem")
        await ewa.page.locator(".govuk-error-summary a").first.press("Enter")
        await expect(field).to_be_focused()
