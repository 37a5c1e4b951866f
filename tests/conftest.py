"""Real servers for the tests above the rules floor: started once per run, when a test asks for them."""

import os
import shutil
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from deploy.local.servers import kafka_server, postgres_server
from services.chassis.database import Database
from tests.databases import Databases

FreshDatabase = Callable[[str], Awaitable[Database]]
WITH_STACKS = ("journeys", "faults", "browser", "containers", "deploy")
OWN_FOLDER = pytest.StashKey[Path]()


# how fast examples are made says something about the machine only
settings.register_profile("relais", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("relais")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Each run writes in a folder of its own. The one that pytest shares between runs is closed again by each of
    them to the user that PostgreSQL runs as, and old parts of it are deleted under those that still run.
    """
    if not config.option.basetemp:
        own = tempfile.mkdtemp(prefix="relais-tests-", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT"))
        config.option.basetemp = Path(own) / "run"
        config.stash[OWN_FOLDER] = Path(own)


class ByFloor(LoadFileScheduling):
    """One worker runs the floors with stacks, one stack at a time; elsewhere the tests of a file stay together."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return "stacks" if file.split("/")[1] in WITH_STACKS else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFloor:
    return ByFloor(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first."""
    items.sort(key=lambda item: item.nodeid.split("/")[1] not in WITH_STACKS)


def pytest_report_header(config: pytest.Config) -> str:
    return f"files: {config.option.basetemp} (kept when a test fails)"


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    own = session.config.stash.get(OWN_FOLDER, None)
    if own and exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        shutil.rmtree(own, ignore_errors=True)


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
