"""One time-skipping server for all plays."""

from collections.abc import AsyncGenerator

import pytest

from tests.workflows.stage import Theatre, theatre


@pytest.fixture(scope="package")
async def house() -> AsyncGenerator[Theatre]:
    async with theatre() as opened:
        yield opened
