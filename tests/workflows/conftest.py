"""One time-skipping server for all plays."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.workflows.stage import Theatre, theatre


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def house() -> AsyncIterator[Theatre]:
    async with theatre() as opened:
        yield opened
