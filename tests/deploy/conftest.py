"""Worlds that `relais verify` looks at: real databases, real Temporal."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from deploy.local.servers import temporal_server
from tests.databases import Databases
from tests.deploy.verifying import World, world


@pytest.fixture(scope="module")
async def temporal(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[str]:
    async with temporal_server(tmp_path_factory.mktemp("temporal")) as address:
        yield address


@pytest.fixture(scope="module")
async def shared(
    postgres: Databases, temporal: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[World]:
    async with world(postgres, temporal, tmp_path_factory.mktemp("verify")) as made:
        yield made


@pytest.fixture
async def kept(shared: World) -> World:
    """A world in which every promise is kept."""
    await shared.begins_again()
    return shared


@pytest.fixture
async def unguarded(postgres: Databases, temporal: str, tmp_path: Path) -> AsyncGenerator[World]:
    """The same in databases of its own, for those who take constraints away."""
    async with world(postgres, temporal, tmp_path) as made:
        await made.begins_again()
        yield made
