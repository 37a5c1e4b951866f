"""One person at a browser: opens pages, fills in, presses. Every page that is shown is judged: axe finds nothing
against WCAG 2.2 AA, and the console is silent (errors of scripts and reports of the content policy land there).
"""

import asyncio
import os
import re
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from playwright.async_api import Browser, BrowserContext, Locator, Page, Response
from playwright.async_api import TimeoutError as Slow

AXE = (Path(__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa")
PATIENCE = 15.0
MOST_TABS = 60
PICTURES = os.environ.get("RELAIS_PICTURES", "")
"""The folder of the pictures of the guides; without one none is taken."""
REFUSED = re.compile(r"the server responded with a status of (403|404|409|422)")
"""The browser says so of every page that says no; the tests ask for those."""


class Window:
    """A browser of one person's own. Without scripts it is judged by its answers alone."""

    page: Page
    context: BrowserContext

    def __init__(
        self, browser: Browser, url: str, *, token: str = "", scripts: bool = True, width: int = 1280
    ) -> None:
        self._browser = browser
        self._url = url
        self._token = token
        self._scripts = scripts
        self._width = width
        self.complaints: list[str] = []

    async def __aenter__(self) -> "Window":
        self.context = await self._browser.new_context(
            base_url=self._url,
            java_script_enabled=self._scripts,
            viewport={"width": self._width, "height": 900},
        )
        if self._token:
            await self.context.add_cookies([{"name": "relais_token", "value": self._token, "url": self._url}])
        self.context.set_default_timeout(PATIENCE * 1000)
        self.page = await self.context.new_page()
        self.page.on("console", lambda said: self._heard(said.type, said.text))
        self.page.on("pageerror", lambda error: self._heard("error", str(error)))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.context.close()
        if error is None:
            assert self.complaints == [], "\n".join(self.complaints)

    async def open(self, path: str) -> None:
        """A page by its address."""
        await self._answered(await self.page.goto(path))

    async def open_until(self, path: str, text: str) -> None:
        """A page, opened again until it says this: what other services have done arrives in moments."""
        deadline = time.monotonic() + PATIENCE
        while True:
            await self.page.goto(path)
            if text in await self.text():
                return await self.judge()
            assert time.monotonic() < deadline, f"{path} does not say {text!r} but {await self.text()!r}"
            await asyncio.sleep(0.2)

    async def go(self, label: str) -> None:
        """To the start page, and from there by an entry of the header; it is there once a role has been heard of."""
        entry = self.page.locator("header a").filter(has_text=label)
        await self.open("/")
        deadline = time.monotonic() + PATIENCE
        while not await entry.count():
            assert time.monotonic() < deadline, f"the header has no {label!r}"
            await asyncio.sleep(0.2)
            await self.page.reload()
        shown = entry.locator("visible=true")
        if not await shown.count():
            await self.page.locator(":is(.rl-nav__narrow, .rl-nav__more) summary >> visible=true").click()
        await self._moved(shown.first.click)

    async def act(self, label: str) -> None:
        """An act by its link and by the button of its form, which are called the same."""
        await self.follow(label)
        await self.press(label)

    async def follow(self, label: str, *, within: str = "main") -> None:
        """A link, or what looks like a button and is one."""
        link = self.page.locator(within).locator("a").filter(has_text=label).first
        await self._moved(link.click)

    async def press(self, label: str, *, twice: bool = False, within: str = "main") -> None:
        """A button of a form; twice as an impatient person does."""
        button = self.page.locator(within).get_by_role("button", name=label, exact=True)
        await self._moved(button.dblclick if twice else button.click)

    async def fill(self, **answers: str) -> None:
        """Fields by name: text, a choice or a radio button by its words, or a date as d.m.yyyy in its three parts."""
        for name, given in answers.items():
            if await self.field(f"{name}-day").count():
                for part, value in zip(("day", "month", "year"), given.split("."), strict=True):
                    await self.field(f"{name}-{part}").fill(value)
            elif await self.page.locator(f"select[name={name!r}]").count():
                await self.page.locator(f"select[name={name!r}]").select_option(label=given)
            elif await self.field(name).first.get_attribute("type") == "radio":
                await self.field(name).and_(self.page.get_by_label(given, exact=True)).check()
            else:
                await self.field(name).fill(given)

    async def choose(self, *labels: str) -> None:
        """Radio buttons and checkboxes by their words."""
        for label in labels:
            await self.page.get_by_label(label, exact=True).check()

    async def tick(self, **boxes: Sequence[str]) -> None:
        """Checkboxes by name and words, where several groups of a page have the same words."""
        for name, labels in boxes.items():
            for label in labels:
                await self.field(name).and_(self.page.get_by_label(label, exact=True)).check()

    def field(self, name: str) -> Locator:
        return self.page.locator(f"main [name={name!r}]:not([type=hidden])")

    async def tab_to(self, target: Locator) -> None:
        """With the Tab key alone, however many stand before it."""
        for _ in range(MOST_TABS):
            if await target.evaluate("element => element === document.activeElement"):
                return
            await self.page.keyboard.press("Tab")
        raise AssertionError(f"{target} is not reached with Tab on {self.page.url}")

    async def enter(self, target: Locator) -> None:
        """Reaches a link or button with Tab and presses Enter; it leads to another page."""
        await self.tab_to(target)
        await self._moved(lambda: self.page.keyboard.press("Enter"))

    async def type(self, **answers: str) -> None:
        """Fields by name, reached with Tab and typed into; of a list by its first letters, of radios with the space
        bar."""
        for name, given in answers.items():
            field = self.field(name)
            if given == " ":
                await self.tab_to(field.first)
                await self.page.keyboard.press("Space")
            else:
                await self.tab_to(field)
                await self.page.keyboard.type(given)

    async def text(self) -> str:
        """What the page says."""
        return await self.page.locator("main").inner_text()

    async def says(self, *texts: str) -> None:
        said = " ".join((await self.text()).split())
        assert [text for text in texts if text not in said] == [], said

    async def picture(self, name: str, *, width: int = 760, height: int) -> None:
        """What the window shows, as a guide shows it."""
        if PICTURES:
            own = self.page.viewport_size
            await self.page.set_viewport_size({"width": width, "height": height})
            await self.page.screenshot(path=f"{PICTURES}/{name}.png", animations="disabled")
            assert own is not None
            await self.page.set_viewport_size(own)

    async def judge(self) -> None:
        """What axe finds on this page, and whether it can be read without sliding sideways."""
        if not self._scripts:
            return
        if await self.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            self.complaints.append(f"{self.page.url} is wider than {self._width} px")
        await self.page.evaluate(AXE)
        options: dict[str, Any] = {"runOnly": list(RULES), "resultTypes": ["violations"]}
        found = await self.page.evaluate("options => axe.run(document, options)", options)
        for violation in found["violations"]:
            at = [node["html"][:200] for node in violation["nodes"]]
            self.complaints.append(f"{self.page.url}: {violation['id']}: {at}")

    async def _moved(self, click: Any) -> None:
        """After a click that leads to another page."""
        try:
            async with self.page.expect_navigation(wait_until="load") as moving:
                await click()
        except Slow as reason:
            raise AssertionError(f"nothing happened on {self.page.url}: {await self.text()}") from reason
        await self._answered(await moving.value)

    async def _answered(self, answer: Response | None) -> None:
        assert answer is None or answer.status < 500, f"{answer.url}: {answer.status}"
        await self.judge()

    def _heard(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and not REFUSED.search(text):
            self.complaints.append(f"{self.page.url}: {kind}: {text}")
