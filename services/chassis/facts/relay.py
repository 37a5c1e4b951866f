"""The relay publishes what stands in the outbox: all of it, in order per subject, until it is acknowledged.

One process per service leads, by an advisory lock that ends with its connection. It reads the side table
`unpublished` and never an id cursor: a row that was committed late by a slow transaction is simply found
later.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import psycopg
import structlog
from aiokafka import TopicPartition
from aiokafka.errors import KafkaError
from psycopg.rows import namedtuple_row

from contracts.catalogue import TABLES
from contracts.facts import Fact
from services.chassis import metrics
from services.chassis.database import Database
from services.chassis.facts.outbox import fact_of
from services.chassis.facts.publishing import Publisher
from services.chassis.facts.refeed import refeed
from services.chassis.settings import Settings

log = structlog.get_logger(__name__)

Connection: TypeAlias = "psycopg.AsyncConnection[Any]"

BATCH = 500
LOCK = 0x72656C6179
"""Key of the advisory lock; locks are per database, so each service has its own."""
POLL_SECONDS = 1.0
LOOK_SECONDS = 5.0
PAUSES = (0.5, 1.0, 2.0, 5.0)
_CONNECTION: Mapping[str, Any] = {
    "autocommit": True,
    "row_factory": namedtuple_row,
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "options": "-c timezone=UTC -c statement_timeout=30s",
}


class Relay:
    """The relay of one service; run it in each of its processes."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._url = settings.database_url.get_secret_value()
        self._service = database.source
        self._kafka = settings.kafka
        self._topics = sorted({table.topic for table in TABLES.values() if table.service == database.source})
        self._looked = 0.0

    async def run(self) -> None:
        """Leads or waits to lead, until it is cancelled. After any failure it begins again."""
        failures = 0
        while self._topics:
            began = time.monotonic()
            try:
                await self._begin()
            except Exception as reason:  # whatever it is, giving up would hold back every fact
                known = isinstance(reason, (psycopg.Error, KafkaError, OSError))
                log.warning("cannot publish now", reason=repr(reason), exc_info=not known)
            finally:
                metrics.relay_leads.set(0)
            failures = 1 if time.monotonic() - began > 30 else failures + 1
            await asyncio.sleep(PAUSES[min(failures, len(PAUSES)) - 1])

    async def _begin(self) -> None:
        name = f"{self._service} relay"
        async with await psycopg.AsyncConnection.connect(
            self._url, application_name=name, **_CONNECTION
        ) as connection:
            await _measure(connection)
            while not await _takes_the_lead(connection):  # noqa: ASYNC110, another process decides
                await asyncio.sleep(POLL_SECONDS)
            await connection.execute("LISTEN outbox")
            metrics.relay_leads.set(1)
            async with Publisher(self._kafka, f"{self._service}-relay") as publisher:
                log.info("publishes")
                await self._lead(connection, publisher)

    async def _lead(self, connection: Connection, publisher: Publisher) -> None:
        acknowledged = await _acknowledged(connection)
        self._looked = 0.0
        while True:
            if time.monotonic() - self._looked > LOOK_SECONDS:
                await self._look(connection, publisher, acknowledged)
            batch = await self._batch(connection)
            if batch:
                await self._publish(connection, publisher, batch, acknowledged)
            else:
                async for _ in connection.notifies(timeout=POLL_SECONDS, stop_after=1):
                    pass

    async def _look(
        self, connection: Connection, publisher: Publisher, acknowledged: dict[TopicPartition, int]
    ) -> None:
        """Measures, and compares what was acknowledged with what is there: less means a loss."""
        await _measure(connection)
        for topic in await publisher.lost(acknowledged):
            await self._feed_again(connection, topic, acknowledged)
        self._looked = time.monotonic()

    async def _batch(self, connection: Connection) -> Sequence[tuple[int, Fact]]:
        """What is unpublished, oldest first. Positions of one subject rise with its versions: both are taken
        under the lock of its row."""
        rows = await connection.execute(
            "SELECT outbox.*, coalesce(feeds.feed, 0) AS feed FROM unpublished"
            " JOIN outbox USING (position) LEFT JOIN feeds ON feeds.topic = outbox.topic"
            " ORDER BY position LIMIT %s",
            [BATCH],
        )
        return [(row.position, fact_of(row, self._service, row.feed)) for row in await rows.fetchall()]

    async def _publish(
        self,
        connection: Connection,
        publisher: Publisher,
        batch: Sequence[tuple[int, Fact]],
        acknowledged: dict[TopicPartition, int],
    ) -> None:
        """Publishes a batch, and unmarks what was acknowledged: a version only with all lower ones."""
        outcome = await publisher.publish([fact for _, fact in batch])
        lost = outcome.topics_that_went_back(acknowledged)
        held_back = {fact.subject for _, fact in batch if fact.topic in lost}
        done: list[int] = []
        offsets: dict[TopicPartition, int] = {}
        for position, fact in batch:
            place = outcome.acknowledged.get(fact.id)
            if place is None or fact.subject in held_back:
                held_back.add(fact.subject)
                continue
            done.append(position)
            offsets[place.partition] = place.offset
            metrics.facts_published.labels(fact.topic).inc()
        await _unmark(connection, done, offsets)
        acknowledged.update(offsets)
        for topic in lost:
            await self._feed_again(connection, topic, acknowledged)
        if outcome.failure is not None:
            raise outcome.failure

    async def _feed_again(
        self, connection: Connection, topic: str, acknowledged: dict[TopicPartition, int]
    ) -> None:
        feed = await refeed(connection, topic)
        for place in [place for place in acknowledged if place.topic == topic]:
            del acknowledged[place]
        metrics.refeeds.labels(topic).inc()
        log.error("the broker lost records: the topic is published again", topic=topic, feed=feed)


async def _takes_the_lead(connection: Connection) -> bool:
    row = await (await connection.execute("SELECT pg_try_advisory_lock(%s) AS leads", [LOCK])).fetchone()
    return bool(row and row.leads)


async def _acknowledged(connection: Connection) -> dict[TopicPartition, int]:
    """Last acknowledged offset per partition."""
    rows = await connection.execute("SELECT topic, partition, acknowledged_offset FROM relayed")
    return {
        TopicPartition(row.topic, row.partition): row.acknowledged_offset for row in await rows.fetchall()
    }


async def _unmark(
    connection: Connection, positions: Sequence[int], offsets: Mapping[TopicPartition, int]
) -> None:
    if not positions:
        return
    async with connection.transaction(), connection.cursor() as cursor:
        await cursor.execute("DELETE FROM unpublished WHERE position = ANY(%s)", [list(positions)])
        await cursor.executemany(
            "INSERT INTO relayed (topic, partition, acknowledged_offset) VALUES (%s, %s, %s)"
            " ON CONFLICT (topic, partition)"
            " DO UPDATE SET acknowledged_offset = excluded.acknowledged_offset",
            [(place.topic, place.partition, offset) for place, offset in offsets.items()],
        )


async def _measure(connection: Connection) -> None:
    rows = await connection.execute(
        "SELECT count(*) AS number,"
        " coalesce(extract(epoch FROM clock_timestamp() - min(outbox.recorded_at)), 0) AS age"
        " FROM unpublished JOIN outbox USING (position)"
    )
    row = await rows.fetchone()
    if row is not None:
        metrics.outbox_unpublished.set(row.number)
        metrics.outbox_oldest.set(float(row.age))
