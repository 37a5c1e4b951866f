"""Relays and readers at work between test databases and a real broker, and what is on the wire."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from time import monotonic
from typing import Any
from uuid import UUID

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from pydantic import SecretStr
from sqlalchemy import text

from contracts.facts import Fact
from services.chassis.database import Database
from services.chassis.facts.broker import make_broker
from services.chassis.facts.reader import Reader
from services.chassis.facts.record import Record
from services.chassis.facts.relay import Relay
from services.chassis.settings import Settings
from tests.facts import say

Job = Callable[[], Awaitable[None]]


def settings_of(database: Database, kafka: str) -> Settings:
    url = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    return Settings(service=database.source, database_url=SecretStr(url), kafka=kafka)


def relaying(database: Database, kafka: str) -> Job:
    """A relay of the service."""
    return Relay(database, settings_of(database, kafka)).run


def hearing(reader: Reader, database: Database, kafka: str) -> Job:
    """The reader at work. Make one per run: a broker is started once."""
    reader.subscribe(make_broker(settings_of(database, kafka), reader.name), database)
    return reader.run


@asynccontextmanager
async def running(*jobs: Job) -> AsyncGenerator[Sequence["asyncio.Future[None]"]]:
    """Runs jobs beside the test; none of them may end by itself."""
    tasks = [asyncio.ensure_future(job()) for job in jobs]
    try:
        yield tasks
        assert not any(task.done() and not task.cancelled() for task in tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def until(condition: Callable[[], Awaitable[object]], within: float = 30) -> None:
    """Waits for a condition, in vain only until the deadline."""
    deadline = monotonic() + within
    while not await condition():
        assert monotonic() < deadline, "this did not come about in time"
        await asyncio.sleep(0.05)


async def record(database: Database, *facts: Fact) -> None:
    """One act's transaction."""
    async with database.transaction() as tx:
        await say(tx, *facts)


async def unpublished(database: Database) -> int:
    async with database.transaction() as tx:
        return (await tx.execute(text("SELECT count(*) FROM unpublished"))).scalar_one()


async def all_published(database: Database) -> None:
    async def none_left() -> bool:
        return await unpublished(database) == 0

    await until(none_left)


async def on_the_wire(kafka: str, topic: str) -> list["ConsumerRecord[bytes, bytes]"]:
    """Every record of a topic, partition after partition."""
    async with AIOKafkaConsumer(
        bootstrap_servers=kafka, enable_auto_commit=False, auto_offset_reset="earliest"
    ) as consumer:
        partitions = [TopicPartition(topic, number) for number in range(3)]
        consumer.assign(partitions)
        ends = await consumer.end_offsets(partitions)
        records: dict[TopicPartition, list[Any]] = defaultdict(list)
        for partition in partitions:
            while await consumer.position(partition) < ends[partition]:
                for place, found in (await consumer.getmany(timeout_ms=500)).items():
                    records[place] += found
        return [record for partition in partitions for record in records[partition]]


async def versions_on_the_wire(kafka: str, topic: str) -> dict[UUID, list[tuple[int, int]]]:
    """Per subject its (partition, version) pairs as they stand in the topic."""
    found: dict[UUID, list[tuple[int, int]]] = defaultdict(list)
    for each in await on_the_wire(kafka, topic):
        headers = dict(each.headers)
        if headers.get("ce_subject") and headers.get("ce_version"):
            pair = (each.partition, int(headers["ce_version"] or b""))
            found[UUID((headers["ce_subject"] or b"").decode())].append(pair)
    return found


async def publish_raw(kafka: str, *records: Record) -> None:
    """Puts records on the broker as they are, whatever they hold."""
    async with AIOKafkaProducer(bootstrap_servers=kafka, max_request_size=4 * 1024 * 1024) as producer:
        for each in records:
            await producer.send_and_wait(
                each.topic, each.value, key=each.key, partition=each.partition, headers=list(each.headers)
            )
