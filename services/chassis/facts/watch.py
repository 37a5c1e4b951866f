"""Looks how far behind the readers of a process are, and ends one that stands still though there is something to
read: its consumer died or hangs, and only a new start helps. Who waits in an outage gives signs of life.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping
from time import monotonic

import structlog
from aiokafka import TopicPartition

from contracts.errors import TransientError
from contracts.topics import Topic
from services.chassis import metrics
from services.chassis.facts.distances import Distance, Distances

log = structlog.get_logger(__name__)

PATIENCE_SECONDS = 120.0
"""Far longer than one record takes, and than two attempts at it are apart."""


class Stuck(Exception):
    """A reader has not moved for too long, and is behind."""


class Life:
    """What a reader shows of itself: per topic, when it last took up a record, and which partitions are its own
    (none where it cannot tell: then all count).
    """

    def __init__(self, assigned: Callable[[str], Collection[TopicPartition]] = lambda topic: ()) -> None:
        self.signs: dict[str, float] = {}
        self.assigned = assigned

    def sign(self, topic: str) -> None:
        """The reader is at work on this topic, or tries again."""
        self.signs[topic] = monotonic()


class Watch:
    """Watches the groups of one reader; `run` ends with Stuck, or never."""

    def __init__(
        self,
        kafka: str,
        reader: str,
        topics: Collection[Topic],
        life: Life,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        self._kafka = kafka
        self._reader = reader
        self._topics = topics
        self._life = life
        self._patience = patience
        self._last: dict[str, tuple[Mapping[TopicPartition, int | None], float]] = {}

    async def run(self) -> None:
        """Looks until it is cancelled. While Kafka does not answer, nobody can be expected to read."""
        while True:
            try:
                async with Distances(self._kafka, f"{self._reader}-watch") as distances:
                    while True:
                        await self._look(distances)
                        await asyncio.sleep(self._patience / 12)
            except TransientError as reason:
                log.info("cannot look how far it is behind", reader=self._reader, reason=str(reason))
                self._last.clear()
            await asyncio.sleep(self._patience / 12)

    async def _look(self, distances: Distances) -> None:
        for topic in self._topics:
            found = await distances.of(self._reader, topic)
            behind = sum(distance.behind for distance in found.values())
            metrics.reader_behind.labels(self._reader, topic.name).set(behind)
            self._judge(topic.name, found)

    def _judge(self, topic: str, found: Mapping[TopicPartition, Distance]) -> None:
        mine = self._life.assigned(topic) or found.keys()
        waiting = {place: found[place].read for place in mine if place in found and found[place].behind}
        last, since = self._last.get(topic, (None, 0.0))
        if not waiting or waiting != last:
            self._last[topic] = (waiting, monotonic())
            return
        silent = monotonic() - max(since, self._life.signs.get(topic, 0.0))
        if silent > self._patience:
            raise Stuck(f"{self._reader} has read nothing of {topic} for {silent:.0f} s, and is behind")
