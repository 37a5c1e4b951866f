"""Group visits and calls for vouchers in a browser: axe finds nothing, on a telephone too; the host signs for all."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.browser.serving import served, token
from tests.browser.window import Window
from tests.conftest import FreshDatabase
from tests.people import Person
from tests.service.exchange import exchange
from tests.service.test_groups import Group

pytestmark = pytest.mark.browser


@pytest.fixture
async def group(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Group]:
    async with exchange(await fresh_database("applications"), tmp_path) as on:
        yield Group(on, await on.stage.person("Giulia", ("organiser", on.partnership)))


@pytest.mark.parametrize("width", [390, pytest.param(1280, marks=pytest.mark.slow)])
async def test_every_page_is_judged(group: Group, browser: Browser, width: int) -> None:
    await group.open(places=3)
    members = [await group.member(name) for name in ("Biosens", "Proteon")]
    for one in members:
        await group.award(*one)
    late, _taking = await group.visitor("Genovia")
    on, path = group.on, f"/groups/{group.id}"
    async with served(on.stage.service) as url:

        def window(who: Person) -> Window:
            return Window(browser, url, token=token(who), width=width)

        async with window(group.organiser) as organiser:
            for page in ("/groups", "/groups/plan", path, f"{path}/change-agenda", f"{path}/name-delegate"):
                await organiser.open(page)
        async with window(late) as joining:
            await joining.open(path)
            await joining.act("Join the group")
            await joining.follow("Fill in the application")
            await joining.says("Days and agenda are your group")
        async with window(on.host) as host:
            await host.open(path)
            await host.follow("Sign for the whole group")
            await host.press("Sign all that are chosen")
            await host.says("Enter your function")
            await host.fill(function="Director")
            await host.choose("I may sign for my organisation and have read the documents")
            await host.press("Sign all that are chosen")
            await host.says("done")
        async with window(on.officer) as officer:
            await officer.open("/calls/vouchers")
            await officer.press("Make a call: Insight voucher")
            await officer.says("Nothing is missing")
