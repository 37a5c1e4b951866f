"""The pages of organisations, people, imports and labels in a real browser: axe finds nothing, on a telephone too."""

import pytest
from playwright.async_api import Browser

from services.chassis.identity.tokens import Identity, sign
from tests.browser.window import Window
from tests.people import KEY, Person
from tests.service.house import KRAKOW, House
from tests.service.test_directory_import import ORGANISATIONS, two, upload

pytestmark = pytest.mark.browser


def token(who: Person) -> str:
    return sign(Identity(who.id, who.id, 2, who.name, "en", who.csrf, 2**31), KEY, 3600)


@pytest.mark.parametrize("width", [1280, 360])
async def test_every_page_is_judged(named: House, browser: Browser, width: int) -> None:
    coordinator, first, second = await two(named)
    officer, owner = named.person("ce4big-officer"), named.person("krakow-payer")
    run = (await upload(officer, "organisations", ORGANISATIONS)).json()["id"]
    claimed = {"organisation": str(KRAKOW), "label": "ECEI/silver"}
    label = (await owner.post("/api/v1/recognitions", claimed)).json()["id"]
    mine = (await owner.get("/api/v1/memberships")).json()[0]["id"]
    for who, paths in (
        (officer, ("/imports", f"/imports/{run}", f"/recognitions/{label}", f"/recognitions/{label}/award")),
        (coordinator, (f"/organisations/{first}", f"/organisations/{first}/merge?into={second}")),
        (
            owner,
            (
                f"/organisations/{KRAKOW}",
                f"/organisations/{KRAKOW}/describe",
                f"/memberships/{mine}",
                "/memberships/invite",
                "/participations/submit",
                "/mandates",
                "/mandates/give",
                "/recognitions",
                "/directory?country=PL",
                "/account/security",
            ),
        ),
    ):
        async with Window(browser, named.settings.web_url, token=token(who), width=width) as window:
            for path in paths:
                await window.open(path)
