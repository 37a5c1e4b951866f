"""One whole stack for all journeys, on a fast clock."""

from collections.abc import Generator

import pytest

from deploy.local.stack import Stack
from tests.stacks import fast_stack

A_DAY_IN_TWO_SECONDS = 43_200


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Generator[Stack]:
    with fast_stack(tmp_path_factory.mktemp("journeys"), A_DAY_IN_TWO_SECONDS) as stack:
        yield stack
