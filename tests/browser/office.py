"""The reimbursements service alone, and a window on it for each of its people."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from playwright.async_api import Browser

from tests.browser.serving import served, token
from tests.browser.window import Window
from tests.people import Person
from tests.service.books import sound
from tests.service.money import Finance


class Office:
    """Finance people at their browsers."""

    def __init__(self, browser: Browser, url: str, width: int) -> None:
        self._browser, self._url, self._width = browser, url, width

    def window(self, who: Person, *, scripts: bool = True) -> Window:
        return Window(self._browser, self._url, token=token(who), scripts=scripts, width=self._width)


@asynccontextmanager
async def office(money: Finance, browser: Browser, width: int = 1280) -> AsyncGenerator[Office]:
    """At the end the books prove themselves."""
    async with served(money.stage.service) as url:
        yield Office(browser, url, width)
    await sound(money.stage.database)


async def press(shown: Window, *keys: str) -> None:
    for key in keys:
        await shown.page.keyboard.press(key)
