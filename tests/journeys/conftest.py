"""One whole stack for all journeys, on a fast clock, and the demo played on it once."""

from collections.abc import Generator, Mapping
from typing import Any

import pytest

from deploy.demo.play import play
from deploy.local.stack import Stack
from tests.stacks import fast_stack

A_DAY_IN_TWO_SECONDS = 43_200
FIRST = "first"
"""The run that all journeys look at."""


@pytest.fixture(scope="package")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Generator[Stack]:
    with fast_stack(tmp_path_factory.mktemp("journeys"), A_DAY_IN_TWO_SECONDS) as stack:
        yield stack


@pytest.fixture(scope="package")
async def outcome(stack: Stack) -> Mapping[str, Any]:
    """How the demo ended on a fresh stack."""
    return await play(stack.running_state.layout, FIRST, quiet=True)
