"""A review in the browser: an evaluator on a phone declares and scores, the officer assigns, reads and decides."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.browser.serving import served, token
from tests.browser.window import Window
from tests.conftest import FreshDatabase
from tests.people import Person
from tests.service.applying import applying
from tests.service.reviewing import CHECK, DECIDE, SCORE, Reviewing

pytestmark = pytest.mark.browser


@pytest.fixture
async def review(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Reviewing]:
    async with applying(await fresh_database("applications"), tmp_path) as played:
        yield Reviewing(played)


@pytest.fixture
async def address(review: Reviewing) -> AsyncGenerator[str]:
    """The service alone, served for a browser."""
    async with served(review.desk.stage.service) as url:
        yield url


@pytest.mark.parametrize("width", [390, pytest.param(1280, marks=pytest.mark.slow)])
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
