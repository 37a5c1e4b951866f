"""Waiting for something to come to hold, with a deadline instead of a guess."""

import asyncio
import time
from collections.abc import Awaitable, Callable

DEADLINE_SECONDS = 40.0


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, "it did not come to hold in time"
        time.sleep(0.05)


async def eventually(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(DEADLINE_SECONDS):
        while True:
            if await holds():
                return
            await asyncio.sleep(0.02)
