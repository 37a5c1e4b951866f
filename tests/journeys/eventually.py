"""What a person repeats until the service has heard what others have said."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from deploy.demo.client import Refused

T = TypeVar("T")
PATIENCE = 60.0


async def eventually(act: Callable[[], Awaitable[T]]) -> T:
    """The answer, once nothing is refused any more; the last refusal after a minute."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return await act()
        except Refused:
            if time.monotonic() > deadline:
                raise
        await asyncio.sleep(0.5)
