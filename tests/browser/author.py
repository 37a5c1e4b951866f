"""A programme owner at a browser: builds forms and writes a call by links and buttons alone, in two languages."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import NamedTuple

from tests.browser.window import Window

GERMAN = {
    "Travel grant": "Reisezuschuss",
    "Your trip": "Ihre Reise",
    "When do you go?": "Wann reisen Sie?",
    "Have you found a partner there?": "Haben Sie dort einen Partner gefunden?",
    "Who is it?": "Wer ist es?",
    "Your costs": "Ihre Kosten",
    "What will it cost?": "Was wird es kosten?",
    "What is it for?": "Wofür?",
    "How much?": "Wie viel?",
    "How much do you ask for?": "Wie viel beantragen Sie?",
    "Why is it more than 500 euro?": "Warum sind es mehr als 500 Euro?",
    "Does anybody else pay for it?": "Zahlt noch jemand anderes dafür?",
    "You cannot ask for more than it costs.": "Sie können nicht mehr beantragen, als es kostet.",
    "Final report": "Abschlussbericht",
    "What has come of it?": "Was ist daraus geworden?",
    "Scores": "Bewertung",
    "Decision": "Entscheidung",
    "Two experts score it": "Zwei Fachleute bewerten",
    "The payer looks at the costs": "Die Zahlstelle prüft die Kosten",
    "The partnership decides": "Die Partnerschaft entscheidet",
    "A plan that can work": "Ein tragfähiger Plan",
    "What it leads to": "Die Wirkung",
}
"""Every text of the forms and the call."""


class When(NamedTuple):
    """A condition as its menus are chosen: what is looked at, the test, and a constant or another answer."""

    left: str
    test: str
    value: str = ""
    right: str = ""

    @property
    def menus(self) -> dict[str, str]:
        named = {"left": self.left, "op": self.test, "value": self.value, "right": self.right}
        return {f"when-0-{name}": chosen for name, chosen in named.items() if chosen}


class Author:
    """Builds one form after the other in one window."""

    def __init__(self, window: Window) -> None:
        self.window = window

    async def begin(self, title: str) -> None:
        await self.window.go("Forms")
        await self.window.fill(title=title)
        await self.window.press("Begin the form")

    async def page(self, key: str, title: str) -> None:
        await self.window.press("Add a page")
        await self.window.fill(title=title, key=key)
        await self.window.press("Save")

    async def ask(
        self, page: str, kind: str, key: str, label: str, *choose: str, when: When | None = None, **typed: str
    ) -> None:
        """A question at the end of a page that must be answered, perhaps only when something holds."""
        await self.window.fill(**{f"kind-{page}": kind})
        await self.window.press("Add a question", within=f"#{page}")
        await self._put(key, label, *choose, **typed, **(when.menus if when else {}))

    async def column(self, table: str, kind: str, key: str, label: str, *of: str) -> None:
        """A column of a table; `of` is the table's own question."""
        await self.window.follow(of[0])
        await self.window.fill(**{f"kind-{table}": kind})
        await self.window.press("Add")
        await self._put(key, label)

    async def check(self, key: str, text: str, at: str, must: When) -> None:
        await self.window.press("Add a check")
        await self.window.fill(text=text, key=key, at=at, **must.menus)
        await self.window.press("Save")

    async def translate(self) -> None:
        """Into German; until then the page says what is missing."""
        await self.window.choose("German")
        await self.window.press("Save", within="form[action$=languages]")
        await self.window.says("What is missing before it can be published")
        await self.window.follow("Translate into German")
        await in_german(self.window)

    async def publish(self) -> None:
        await self.window.follow("Publish this version")
        await self.window.press("Publish the form")

    async def _put(self, key: str, label: str, *choose: str, **typed: str) -> None:
        await self.window.fill(label=label, key=key, **typed)
        await self.window.choose("Must be answered", *choose)
        await self.window.press("Save")


class Editor:
    """Writes one call, section by section."""

    def __init__(self, window: Window) -> None:
        self.window = window

    @asynccontextmanager
    async def section(self, name: str) -> AsyncGenerator[Window]:
        await self.window.follow(name)
        yield self.window
        await self.window.press("Save")

    async def rows(self, of: str, *rows: dict[str, str]) -> None:
        """The rows of a list: its page has one empty row more after each save."""
        for number, row in enumerate(rows):
            if number:
                await self.window.press("Save and stay here")
            await self.window.fill(**{f"{of}-{number}-{name}": value for name, value in row.items()})


async def in_german(window: Window) -> None:
    """Fills in every translation that is missing, from the text that stands beside it."""
    for row in await window.page.locator("tbody tr:has([data-missing])").all():
        source = (await row.locator("td").first.inner_text()).split("\n")[0]
        await row.locator("textarea").fill(GERMAN[source])
    await window.press("Save the translations")
