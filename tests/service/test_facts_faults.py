"""Servers that are killed, stay away or come back without their data: nothing is lost, and every effect is
single.
"""

import asyncio
import shutil
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from signal import SIGKILL
from uuid import UUID

import pytest
from pydantic import SecretStr

from contracts import person
from contracts.errors import TransientError
from contracts.ids import new_id
from contracts.topics import APPLICATIONS
from deploy.local import kafka as apache
from deploy.local import postgres as postgresql
from deploy.local.postgres import Postgres
from deploy.local.program import free_port, signal_group
from deploy.local.program import running as started
from services.chassis.database import Database
from tests.databases import Databases
from tests.facts import a_fact
from tests.service.conftest import CHASSIS
from tests.service.ear import Ear, confirmed, waiting
from tests.service.wire import (
    all_published,
    hearing,
    record,
    relaying,
    running,
    unpublished,
    until,
    versions_on_the_wire,
)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

TOPIC = APPLICATIONS.name


class Broker:
    """A broker of the test's own, that can be killed and robbed of its data."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "kafka"
        self.port, self.controller = free_port(), free_port()
        self.address = f"127.0.0.1:{self.port}"
        self.log = folder / "kafka.log"

    @asynccontextmanager
    async def up(self) -> AsyncGenerator[None]:
        """Serves; is killed at the end."""
        async with started(apache.program(self.folder, self.port, self.controller, self.log)) as process:
            await apache.provision(self.address)
            yield
            signal_group(process.pid, SIGKILL)
            await process.wait()


@pytest.fixture
def broker(tmp_path: Path) -> Broker:
    return Broker(tmp_path)


class Talk:
    """Many subjects that go on, one version after the other."""

    def __init__(self, writer: Database, number: int = 20) -> None:
        self.writer = writer
        self.subjects = [new_id() for _ in range(number)]
        self.version = 0

    async def go_on(self, times: int = 1) -> None:
        for _ in range(times):
            self.version += 1
            facts = [fact for subject in self.subjects for fact in confirmed(subject, self.version)]
            await record(self.writer, *facts)

    async def arrived(self, ear: Ear, listener: Database) -> None:
        """All versions of all subjects were applied, once and in order."""
        wanted = list(range(1, self.version + 1))

        async def so() -> bool:
            heard = [await ear.heard(listener, subject) for subject in self.subjects]
            return all(len(versions) >= len(wanted) for versions in heard)

        await until(so, within=60)
        for subject in self.subjects:
            assert await ear.heard(listener, subject) == wanted
        assert await waiting(listener) == []

    async def is_on_the_wire(self, address: str) -> None:
        wire = await versions_on_the_wire(address, TOPIC)
        wanted = set(range(1, self.version + 1))
        assert all({version for _, version in wire[subject]} == wanted for subject in self.subjects)


async def test_a_broker_that_is_killed_and_comes_back(
    writer: Database, listener: Database, broker: Broker
) -> None:
    ear, talk = Ear(), Talk(writer)
    async with running(relaying(writer, broker.address), hearing(ear.reader, listener, broker.address)):
        async with broker.up():
            await talk.go_on(3)
            await talk.arrived(ear, listener)
            await talk.go_on()
        await talk.go_on(3)
        async with broker.up():
            await talk.go_on(3)
            await all_published(writer)
            await talk.arrived(ear, listener)


async def test_a_broker_that_lost_everything_is_fed_again(
    writer: Database, listener: Database, broker: Broker
) -> None:
    ear, talk = Ear(), Talk(writer)
    async with running(relaying(writer, broker.address), hearing(ear.reader, listener, broker.address)):
        async with broker.up():
            await talk.go_on(5)
            await talk.arrived(ear, listener)
        shutil.rmtree(broker.folder)
        await talk.go_on()
        async with broker.up():
            await talk.go_on()
            await talk.arrived(ear, listener)
            await all_published(writer)
            await talk.is_on_the_wire(broker.address)
            late = Ear("late")
            async with running(hearing(late.reader, listener, broker.address)):
                await talk.arrived(late, listener)


async def test_a_broker_that_lost_its_last_records_is_fed_again(
    writer: Database, listener: Database, broker: Broker, tmp_path: Path
) -> None:
    ear, talk = Ear(), Talk(writer)
    async with running(relaying(writer, broker.address), hearing(ear.reader, listener, broker.address)):
        async with broker.up():
            await talk.go_on(2)
            await talk.arrived(ear, listener)
        shutil.copytree(broker.folder, tmp_path / "earlier")
        async with broker.up():
            await talk.go_on(3)
            await talk.arrived(ear, listener)
        shutil.rmtree(broker.folder)
        shutil.move(tmp_path / "earlier", broker.folder)
        async with broker.up():
            await talk.go_on()
            await talk.arrived(ear, listener)
            await all_published(writer)
            await talk.is_on_the_wire(broker.address)


async def test_a_loss_is_noticed_though_nothing_new_happens(writer: Database, broker: Broker) -> None:
    talk = Talk(writer)
    async with broker.up(), running(relaying(writer, broker.address)):
        await talk.go_on(2)
        await all_published(writer)
    shutil.rmtree(broker.folder)
    async with broker.up(), running(relaying(writer, broker.address)):

        async def there() -> bool:
            wire = await versions_on_the_wire(broker.address, TOPIC)
            return {version for _, version in wire[talk.subjects[0]]} == {1, 2}

        await until(there)
        await all_published(writer)
        await talk.is_on_the_wire(broker.address)


async def test_a_reader_that_was_away_during_the_loss_hears_all_of_it_once(
    writer: Database, listener: Database, broker: Broker
) -> None:
    ear, talk = Ear("ear"), Talk(writer)
    async with running(relaying(writer, broker.address)):
        async with broker.up():
            async with running(hearing(ear.reader, listener, broker.address)):
                await talk.go_on(2)
                await talk.arrived(ear, listener)
            await talk.go_on(2)
            await all_published(writer)
        shutil.rmtree(broker.folder)
        await talk.go_on(2)
        async with broker.up():
            await all_published(writer)
            again = Ear("ear")
            async with running(hearing(again.reader, listener, broker.address)):
                await talk.arrived(again, listener)


async def test_people_are_fed_again_too(postgres: Databases, listener: Database, broker: Broker) -> None:
    ear, subject = Ear(), new_id()
    async with postgres.fresh("directory", CHASSIS) as directory:
        described = [
            a_fact(person.Described(status="active", name=name), subject, version)
            for version, name in enumerate(("Ada", "Ada L.", "Ada Lovelace"), start=1)
        ]
        async with running(
            relaying(directory, broker.address), hearing(ear.reader, listener, broker.address)
        ):
            async with broker.up():
                await record(directory, *described[:2])
                await _applied(ear, listener, subject, [1, 2])
            shutil.rmtree(broker.folder)
            async with broker.up():
                await record(directory, described[2])
                await _applied(ear, listener, subject, [1, 2, 3])
                await all_published(directory)


async def test_a_database_server_that_is_killed_and_comes_back(tmp_path: Path, kafka: str) -> None:
    server = Postgres(tmp_path / "postgres", free_port(), tmp_path / "secrets.json")
    async with AsyncExitStack() as stack:
        async with _up(server):
            await asyncio.to_thread(postgresql.provision, server, ["applications", "overview"])
            databases = Databases(server)
            names = {name: await databases.copy(name, CHASSIS) for name in ("applications", "overview")}
            writer, listener = (
                Database(SecretStr(databases.url(service, name)), service) for service, name in names.items()
            )
            for database in (writer, listener):
                stack.push_async_callback(database.close)
            ear, talk = Ear(str(new_id())), Talk(writer)
            await stack.enter_async_context(
                running(relaying(writer, kafka), hearing(ear.reader, listener, kafka))
            )
            await talk.go_on(3)
            await talk.arrived(ear, listener)
            await talk.go_on()
        async with _up(server):
            await until(_answers(writer))
            await talk.go_on(3)
            await talk.arrived(ear, listener)
            await stack.aclose()


@asynccontextmanager
async def _up(server: Postgres) -> AsyncGenerator[None]:
    """Serves; is killed at the end."""
    async with started(postgresql.program(server, server.folder.with_suffix(".log"))) as process:
        yield
        signal_group(process.pid, SIGKILL)
        await process.wait()


def _answers(database: Database) -> Callable[[], Awaitable[bool]]:
    async def so() -> bool:
        try:
            await unpublished(database)
        except TransientError:
            return False
        return True

    return so


async def _applied(ear: Ear, listener: Database, subject: UUID, versions: list[int]) -> None:
    async def so() -> bool:
        return await ear.heard(listener, subject) == versions

    await until(so)
