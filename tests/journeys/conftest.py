"""Whole stacks on a fast clock: one for the demo, which is played once, and one for each other file."""

from collections.abc import Generator, Mapping
from typing import Any

import pytest

from deploy.demo.play import play
from deploy.local.stack import Stack
from tests.stacks import fast_stack

A_DAY_IN_TWO_SECONDS = 43_200
FIRST = "first"
"""The run that all journeys look at."""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Generator[Stack]:
    """A stack for the journeys of one file: on a clock that others have hurried on for years, an action is over."""
    with fast_stack(tmp_path_factory.mktemp("journeys"), A_DAY_IN_TWO_SECONDS) as stack:
        yield stack


@pytest.fixture(scope="package")
def played(tmp_path_factory: pytest.TempPathFactory) -> Generator[Stack]:
    """The stack that the demo is played on."""
    with fast_stack(tmp_path_factory.mktemp("demo"), A_DAY_IN_TWO_SECONDS) as stack:
        yield stack


@pytest.fixture(scope="package")
async def outcome(played: Stack) -> Mapping[str, Any]:
    """How the demo ended on a fresh stack."""
    return await play(played.running_state.layout, FIRST, quiet=True)
