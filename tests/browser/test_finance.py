"""The work list of finance people and a claim beside its receipts, worked by keys alone; each page is judged."""

from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, Route

from tests.browser.office import office, press
from tests.browser.window import Window
from tests.conftest import FreshDatabase
from tests.people import Person
from tests.service.claiming import ACTUAL, Claiming, claiming
from tests.service.money import Finance
from tests.service.test_reimbursements_checks import play_the_picture

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
async def costs(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Claiming]:
    async with claiming(await fresh_database("reimbursements"), tmp_path, ACTUAL) as played:
        yield played


async def test_the_work_list_is_worked_by_keys_alone(money: Finance, browser: Browser) -> None:
    claims = [(await money.play_to_claim())[1] for _ in range(3)]
    async with office(money, browser) as at, at.window(money.verifier) as verifier:
        await verifier.open("/claims")
        await press(verifier, "j", "x", "j", "j", "k", "x")
        await verifier.picture("claims", width=1000, height=560)
        boxes = verifier.page.locator("main [data-row] input[type=checkbox]")
        assert [await box.is_checked() for box in await boxes.all()] == [True, True, False]
        async with verifier.page.expect_navigation():
            await press(verifier, "j", "Enter")
        assert verifier.page.url.rpartition("/")[2] in claims
        await verifier.open("/claims")
        await verifier.page.get_by_role("button", name="Switch the keys off or on").click()
        await press(verifier, "j", "x")
        assert not any([await box.is_checked() for box in await boxes.all()])
        await verifier.page.get_by_role("button", name="Switch the keys off or on").click()
        await press(verifier, "j", "x", "j", "x")
        await verifier.press("Verify those chosen, send to approver")
        listed = [(await money.state(claim))["state"] for claim in claims]
        assert sorted(listed) == ["filed", "verified", "verified"]


async def gives_files(shown: Window, who: Person) -> None:
    """Files come from an origin of their own, which is not served here: what it would answer."""

    async def answer(route: Route) -> None:
        file = await who.fetch(httpx.URL(route.request.url).path)
        await route.fulfill(body=file.content, content_type=file.headers["content-type"])

    await shown.context.route("**/receipts/*", answer)


async def test_a_claim_is_checked_by_keys_beside_its_receipts(costs: Claiming, browser: Browser) -> None:
    claim = await play_the_picture(costs)
    async with office(costs, browser) as at, at.window(costs.verifier) as verifier:
        await gives_files(verifier, costs.verifier)
        await verifier.open(f"/claims/{claim}")
        receipt = verifier.page.get_by_role("img", name="Photo of the receipt")
        table = verifier.page.locator("main .rl-lines")
        places = [await box.bounding_box() for box in (table, receipt)]
        assert places[0] and places[1] and places[1]["x"] > places[0]["x"] + places[0]["width"], (
            "side by side"
        )
        assert await receipt.evaluate("image => image.complete && image.naturalWidth > 0")
        async with verifier.page.expect_navigation():
            await press(verifier, "j")
        assert "Hôtel des Canuts" in await table.locator("[aria-current]").inner_text()
        await verifier.picture("claim", width=1280, height=900)
        await press(verifier, "c")
        await verifier.page.keyboard.type("450.00")
        await verifier.fill(reason="Personal, not for the purpose")
        await verifier.press("Accept that much")
        await verifier.says("450.00", "Personal")
        async with verifier.page.expect_navigation():
            await press(verifier, "a")
        await verifier.judge()
        reasons = [one["reason"] for one in await costs.lines(claim)]
        assert (reasons.count("personal"), reasons.count("in_order")) == (1, 1), reasons
