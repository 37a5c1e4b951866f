"""An application from the call's page to its receipt with the keyboard alone; back, again, twice, in two windows."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.browser.serving import served, token
from tests.browser.window import Window
from tests.conftest import FreshDatabase
from tests.service.applying import Applying, applying
from tests.service.house import House

pytestmark = pytest.mark.browser


@pytest.fixture
async def desk(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Applying]:
    async with applying(await fresh_database("applications"), tmp_path) as played:
        await played.publish_call()
        yield played


async def cases(desk: Applying) -> list[tuple[str, str]]:
    """Every application with its state."""
    rows = (await desk.officer.get(f"/api/v1/calls/{desk.call}/applications")).json()
    return [(row["id"], row["state"]) for row in rows]


async def test_one_applies_with_the_keyboard_alone(desk: Applying, browser: Browser) -> None:
    async with (
        served(desk.stage.service) as url,
        Window(browser, url, token=token(desk.ewa)) as ewa,
    ):
        page = ewa.page
        await ewa.open(f"/calls/{desk.call}")
        await ewa.enter(page.get_by_role("link", name="May we apply? Find out in two minutes"))
        await ewa.type(country="Pol", kind="Sma")
        await ewa.enter(page.get_by_role("button", name="Find out"))
        await ewa.says("Yes")
        await page.go_back()
        await page.go_back()
        await ewa.enter(page.get_by_role("link", name="Begin an application"))
        await ewa.enter(page.get_by_role("button", name="Begin the application"))
        desk.case = page.url.split("/")[4]
        await ewa.type(**{
            "purpose": "Meet the host.", "dates-first-day": "1", "dates-first-month": "3", "dates-first-year": "2027",
            "dates-last-day": "5", "dates-last-month": "3", "dates-last-year": "2027", "destination-country": "Est",
            "destination-region": "Tartu",
        })  # fmt: skip
        await ewa.tab_to(ewa.field("abroad_before").first)
        await page.keyboard.press("ArrowDown")
        await ewa.enter(page.get_by_role("button", name="Save and continue"))
        assert page.url.endswith("/form/money"), await ewa.text()
        await ewa.type(**{"costs.0.what": "Flight", "costs.0.amount": "800"})
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("alert")).to_be_visible()
        await expect(ewa.field("costs.0.what")).to_have_value("Flight")
        await ewa.tab_to(ewa.field("other_money").first)
        await page.keyboard.press("ArrowDown")
        await ewa.type(requested="800")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/form/declare")
        await ewa.type(no_double_funding=" ")
        await ewa.enter(page.get_by_role("button", name="Save and continue"))
        assert page.url.endswith("/form/check"), await ewa.text()
        await page.go_back()
        await expect(ewa.field("no_double_funding")).to_be_checked()
        await page.go_forward()
        await ewa.tab_to(page.get_by_role("button", name="Submit"))
        await page.keyboard.press("Enter")
        await page.keyboard.press("Enter")
        await page.wait_for_url(f"**/cases/{desk.case}*")
        assert await cases(desk) == [(desk.case, "submitted")], "pressed twice, submitted once"
        await page.reload()
        await page.go_back()
        again = page.get_by_role("button", name="Submit")
        if await again.count():  # the page as the browser has kept it
            await ewa.enter(again)
        assert await cases(desk) == [(desk.case, "submitted")]


async def test_what_another_window_has_submitted_is_said_and_nothing_typed_is_lost(
    desk: Applying, browser: Browser
) -> None:
    await desk.begin()
    await desk.fill()
    async with (
        served(desk.stage.service) as url,
        Window(browser, url, token=token(desk.ewa)) as ewa,
    ):
        await ewa.open(f"/applications/{desk.case}/form/trip")
        assert (await desk.act(desk.ewa, "submit")).status_code == 200
        await ewa.fill(purpose="Another purpose.")
        await ewa.press("Save and continue")
        await ewa.says("There is a problem")
        await expect(ewa.field("purpose")).to_have_value("Another purpose.")


async def test_one_signs_in_with_the_keyboard_alone(named: House, browser: Browser) -> None:
    await named.registered("Ewa")
    async with Window(browser, named.settings.web_url) as ewa:
        await ewa.open("/sign-in")
        await ewa.type(email="ewa@helixon.example")
        await ewa.page.keyboard.press("Enter")
        await ewa.page.wait_for_url("**/sign-in/sent*")
        await ewa.open(f"/sign-in/confirm?token={await named.mailed_token('ewa@helixon.example')}")
        button = ewa.page.locator("main").get_by_role("button")
        await ewa.tab_to(button)
        await ewa.page.keyboard.press("Enter")
        await ewa.page.keyboard.press("Enter")
        await ewa.page.wait_for_url(lambda url: "/sign-in" not in url)
        await ewa.open("/account")
        await ewa.says("Ewa")
