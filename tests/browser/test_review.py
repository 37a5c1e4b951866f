"""A review in the browser: an evaluator on a phone declares and scores, the officer assigns, reads and decides."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest
import uvicorn
from playwright.async_api import Browser

from deploy.local.program import free_port
from services.chassis.identity.tokens import Identity, sign
from services.chassis.service import Service
from tests.browser.window import Window
from tests.conftest import FreshDatabase
from tests.people import KEY, Person
from tests.service.applying import applying
from tests.service.test_review import CHECK, DECIDE, SCORE, Reviewing

pytestmark = pytest.mark.browser


def token(who: Person) -> str:
    return sign(Identity(who.id, who.id, 2, who.name, "en", who.csrf, 2**31), KEY, 3600)


@pytest.fixture
async def review(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Reviewing]:
    async with applying(await fresh_database("applications"), tmp_path) as played:
        yield Reviewing(played)


@pytest.fixture
async def address(review: Reviewing) -> AsyncGenerator[str]:
    """The service alone, served for a browser."""
    port = free_port()
    service: Service = review.desk.stage.service
    server = uvicorn.Server(uvicorn.Config(service.app, "127.0.0.1", port, lifespan="off", log_config=None))
    serving = asyncio.create_task(server.serve())
    url = f"http://127.0.0.1:{port}"
    async with httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(retries=20)) as client:
        assert (await client.get(f"{url}/health/live")).status_code == 200
    yield url
    server.should_exit = True
    await serving


@pytest.mark.parametrize("width", [1280, 390])
async def test_every_page_is_judged(review: Reviewing, address: str, browser: Browser, width: int) -> None:
    await review.begin([SCORE, CHECK], [DECIDE])
    desk, assigned = review.desk, (await review.assign(review.anna)).json()["id"]
    stages, part = await review.stages(), f"/assessments/{assigned}"

    def window(who: Person) -> Window:
        return Window(browser, address, token=token(who), width=width)

    async with window(review.anna) as evaluator:
        await evaluator.open("/assessments")
        await evaluator.follow("A text")
        await evaluator.says("Before you read the application")
        await evaluator.follow("Declare your interests")
        await evaluator.choose("Apart from these, no interest of mine conflicts")
        await evaluator.press("Declare")
        await evaluator.follow("Score this application")
        await evaluator.fill(**{"score-plan": "9", "score-effect": "4"})
        await evaluator.press("Submit the score sheet")
        await evaluator.says("within its range")
        await evaluator.fill(**{"score-plan": "4"})
        await evaluator.press("Submit the score sheet")
    score, look = stages["score"]["id"], stages["look"]["id"]
    async with window(desk.officer) as officer:
        for path in (
            f"/applications/{desk.case}/review",
            f"/stages/{score}",
            part,
            f"{part}/reopen",
            f"/assessments/assign?stage={score}",
            f"/stages/{score}/reassign",
            f"/applications/{desk.case}",
            f"/applications/{desk.case}/rounds",
            f"/calls/{desk.call}/edit/rubric",
            "/decisions",
        ):
            await officer.open(path)
    async with window(desk.payer) as payer:
        await payer.open(f"/stages/{look}/judge")
