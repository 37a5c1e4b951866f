"""From one service's outbox over Apache Kafka into another service's database: everything, once, in order."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from time import monotonic
from typing import Any

from pydantic import SecretStr
from sqlalchemy import text

from contracts.ids import new_id
from services.chassis.database import Database
from services.chassis.facts.broker import make_broker
from services.chassis.facts.reader import Reader
from services.chassis.facts.relay import Relay
from services.chassis.settings import Settings
from tests.facts import say
from tests.service.ear import Ear, confirmed


def settings_of(database: Database, kafka: str) -> Settings:
    url = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    return Settings(service=database.source, database_url=SecretStr(url), kafka=kafka)


@asynccontextmanager
async def running(*jobs: Callable[[], Awaitable[None]]) -> AsyncGenerator[None]:
    tasks = [asyncio.ensure_future(job()) for job in jobs]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def relay(database: Database, kafka: str) -> Relay:
    return Relay(database, settings_of(database, kafka))


def hearing(reader: Reader, database: Database, kafka: str) -> Callable[[], Awaitable[None]]:
    reader.subscribe(make_broker(settings_of(database, kafka), reader.name), database)
    return reader.run


async def until(condition: Callable[[], Awaitable[Any]], within: float = 30) -> None:
    deadline = monotonic() + within
    while not await condition():
        assert monotonic() < deadline, "did not come about in time"
        await asyncio.sleep(0.05)


async def published(database: Database) -> bool:
    async with database.transaction() as tx:
        return (await tx.execute(text("SELECT count(*) FROM unpublished"))).scalar_one() == 0


async def test_facts_arrive(writer: Database, listener: Database, kafka: str) -> None:
    ear, subject = Ear(), new_id()
    async with running(relay(writer, kafka).run, hearing(ear.reader, listener, kafka)):
        async with writer.transaction() as tx:
            await say(tx, *confirmed(subject, 1, 2, 3))

        async def arrived() -> bool:
            return await ear.heard(listener, subject) == [1, 2, 3]

        await until(arrived)
        await until(lambda: published(writer))
