"""The bridge: facts ring the bells of workflows. It reads headers only and keeps no state of its own.

A wake may be late, doubled or reordered, and is never lost: offsets are committed after Temporal took it.
When Temporal or the broker is away, everything waits, and begins again at the last committed offset.
"""

import asyncio
from collections.abc import Iterable, Mapping

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import CommitFailedError, IllegalStateError
from prometheus_client import Counter
from temporalio.client import Client

from contracts.topics import TOPICS, Topic
from services.chassis.clock import Clock
from services.chassis.facts.distances import group_of
from services.chassis.facts.watch import Life, Watch
from services.chassis.settings import Settings
from services.chassis.steps import persist
from workflows.headers import Headers, headers_of
from workflows.process import Readiness, serve
from workflows.rebuild import Picture, is_rebuilt, pace, rebuild_with
from workflows.wake import wake_all

log = structlog.get_logger(__name__)
wakes_total = Counter("relais_bridge_wakes_total", "Workflows woken by facts", ["topic"])
rebuilds_total = Counter("relais_bridge_rebuilds_total", "Times that all workflows were rebuilt")

READER = "bridge"
LOOK_AFTER_SCHEDULES_SECONDS = 60.0
LOOK_AT_CLOCK_SECONDS = 1.0
DAY_MS = 24 * 60 * 60 * 1000
"""Time between two polls that the broker tolerates: Temporal may be away for long."""


class Bridge:
    """One connection's work: a reader per topic, and a look now and then whether Temporal was emptied."""

    def __init__(self, client: Client, kafka: str, clock: Clock) -> None:
        self._client = client
        self._kafka = kafka
        self._clock = clock
        self._picture = Picture()
        self._life = Life()
        self._rebuilding = asyncio.Lock()

    async def run(self, ready: Readiness) -> None:
        await self._rebuild_if_emptied()
        feeds = await _known_feeds(self._kafka)
        async with asyncio.TaskGroup() as tasks:
            for topic in TOPICS:
                tasks.create_task(self._read(topic, feeds.get(topic.name, 0)))
            tasks.create_task(self._look_after_schedules())
            tasks.create_task(self._follow_clock())
            tasks.create_task(Watch(self._kafka, READER, TOPICS, self._life).run())
            ready.yes()

    async def _read(self, topic: Topic, feed: int) -> None:
        """Wakes for each record of the topic. A higher feed number means that the broker lost records and
        is told everything again: that is no news to replay, so it rebuilds and goes on behind."""
        async with _consumer(self._kafka, topic) as consumer:
            while True:
                batches = await consumer.getmany(timeout_ms=1000, max_records=500)
                self._life.sign(topic.name)
                facts = [headers_of(record) for records in batches.values() for record in records]
                if not facts:
                    continue
                newest = max(fact.feed for fact in facts)
                try:
                    if newest > feed:
                        feed = newest
                        offsets = await self._go_behind_rebuilt(topic, feed, consumer)
                    else:
                        await self._wake(topic, facts)
                        offsets = {part: records[-1].offset + 1 for part, records in batches.items()}
                    await consumer.commit({part: (offset, str(feed)) for part, offset in offsets.items()})
                except (CommitFailedError, IllegalStateError):
                    log.info("another bridge took over partitions", topic=topic.name)

    async def _wake(self, topic: Topic, facts: Iterable[Headers]) -> None:
        wakes = {workflow_id: fact for fact in facts for workflow_id in fact.wakes}
        await wake_all(self._client, wakes)
        wakes_total.labels(topic.name).inc(len(wakes))

    async def _go_behind_rebuilt(
        self, topic: Topic, feed: int, consumer: AIOKafkaConsumer
    ) -> Mapping[TopicPartition, int]:
        """Rebuilds unless that was done in this feed already, and seeks to where the topics ended then."""
        async with self._rebuilding:
            if self._picture.feeds.get(topic.name, 0) < feed:
                await self._rebuild()
        offsets = {part: end for part, end in self._picture.ends.items() if part in consumer.assignment()}
        for part, end in offsets.items():
            consumer.seek(part, end)
        return offsets

    async def _rebuild_if_emptied(self) -> None:
        async with self._rebuilding:
            if not await is_rebuilt(self._client):
                await self._rebuild()

    async def _rebuild(self) -> None:
        self._picture = await rebuild_with(self._client, self._kafka, self._clock.rate)
        rebuilds_total.inc()

    async def _look_after_schedules(self) -> None:
        while True:
            await asyncio.sleep(LOOK_AFTER_SCHEDULES_SECONDS)
            await self._rebuild_if_emptied()

    async def _follow_clock(self) -> None:
        """Whoever lets business time run faster lets its days come sooner, and with them the sweeps."""
        paced = 0.0
        while True:
            if (rate := self._clock.rate) != paced:
                await pace(self._client, rate)
                paced = rate
            await asyncio.sleep(LOOK_AT_CLOCK_SECONDS)


def _consumer(kafka: str, topic: Topic) -> AIOKafkaConsumer:
    return AIOKafkaConsumer(
        topic.name,
        bootstrap_servers=kafka,
        client_id="bridge",
        group_id=group_of(READER, topic),
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        session_timeout_ms=6000,
        heartbeat_interval_ms=2000,
        retry_backoff_ms=500,
        max_poll_interval_ms=DAY_MS,
    )


async def _known_feeds(kafka: str) -> Mapping[str, int]:
    """The feed that each topic was last read in: it is kept with the committed offsets."""
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka, client_id="bridge")
    await admin.start()
    try:
        feeds: dict[str, int] = {}
        for topic in TOPICS:
            committed = await admin.list_consumer_group_offsets(group_of(READER, topic))
            notes = (offset.metadata for offset in committed.values())
            feeds[topic.name] = max((int(note) for note in notes if note.isdecimal()), default=0)
        return feeds
    finally:
        await admin.close()


async def main(settings: Settings) -> None:
    """Runs until the process is told to stop."""
    ready = Readiness("Temporal or Kafka does not answer yet")

    async def work(client: Client) -> None:
        try:
            await Bridge(client, settings.kafka, Clock(settings.clock)).run(ready)
        finally:
            ready.no("Temporal or Kafka does not answer")

    await serve(settings, "bridge", ready, persist(settings, "bridge", work))
