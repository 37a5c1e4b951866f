"""Real servers for the tests above the rules floor: started once per run, when a test asks for them."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest

from deploy.local.servers import kafka_server, postgres_server
from services.chassis.database import Database
from tests.databases import Databases

FreshDatabase = Callable[[str], Awaitable[Database]]


@pytest.fixture(scope="session")
async def postgres(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Databases]:
    """A PostgreSQL server; `databases.fresh(service)` makes a migrated database on it."""
    async with postgres_server(tmp_path_factory.mktemp("postgres")) as server:
        databases = Databases(server)
        await databases.hurry()
        yield databases


@pytest.fixture(scope="session")
async def kafka(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[str]:
    """Apache Kafka with all topics; its bootstrap address."""
    async with kafka_server(tmp_path_factory.mktemp("kafka")) as address:
        yield address


@pytest.fixture
async def fresh_database(postgres: Databases) -> AsyncGenerator[FreshDatabase]:
    """Makes empty, migrated databases of services; they are dropped after the test."""
    async with AsyncExitStack() as stack:

        async def fresh(service: str) -> Database:
            return await stack.enter_async_context(postgres.fresh(service))

        yield fresh
