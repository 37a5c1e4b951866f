"""The stack as people reach it: windows by person, and mails."""

import asyncio
import re
from typing import Any

from playwright.async_api import Browser

from deploy.commands.token import bearer
from deploy.local.stack import Stack
from tests.browser.window import Window
from tests.deploy.waiting import until
from tests.stacks import mails


class House:
    """The stack as people reach it."""

    def __init__(self, browser: Browser, stack: Stack) -> None:
        self.browser = browser
        self.stack = stack
        self.layout = stack.running_state.layout
        self.url = self.layout.url("gateway")

    def window(self, person: str = "", **how: Any) -> Window:
        """A browser of a person by seed key or mail address, or of a guest."""
        token = bearer(self.layout, person) if person else ""
        return Window(self.browser, self.url, token=token, **how)

    async def mailed(self, address: str, subject: str) -> None:
        """Waits until somebody has got a mail with these words in its subject."""

        def found() -> bool:
            return any(subject in str(mail["subject"]) for mail in mails(self.stack, address))

        await asyncio.to_thread(until, found)

    async def mailed_link(self, address: str) -> str:
        """The path of the newest link to sign in by."""

        def found() -> list[str]:
            texts = "\n".join(str(mail["text"]) for mail in mails(self.stack, address))
            return re.findall(r"/sign-in/confirm\?token=[\w~.-]+", texts)

        await asyncio.to_thread(until, lambda: bool(found()))
        return found()[-1]
