"""The middleware that acknowledges: a record counts as heard once its handler has returned, and its offset is
committed soon after, with others. Until then the partition waits, however long an outage lasts.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.abc import ConsumerRebalanceListener
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError
from faststream import BaseMiddleware, ContextRepo
from faststream.message import StreamMessage

from services.chassis.facts.watch import Life

log = structlog.get_logger(__name__)

COMMIT_RECORDS = 100
COMMIT_SECONDS = 0.25
COMMIT_PATIENCE_SECONDS = 10
FIRST_PAUSE_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 5.0


class StartAgain(Exception):
    """Raised by a handler: read this record's partition from its beginning, once `remember` has noted why."""

    def __init__(self, remember: Callable[[], Awaitable[None]]) -> None:
        super().__init__("the topic is fed again")
        self.remember = remember


class Acknowledging:
    """Offsets that were heard but not committed yet, per topic. FastStream calls it for every record."""

    def __init__(self) -> None:
        self.life = Life(self._assigned)
        self._heard: dict[str, dict[TopicPartition, int]] = defaultdict(dict)
        self._number: dict[str, int] = defaultdict(int)
        self._consumers: dict[str, AIOKafkaConsumer] = {}
        self._locks: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._timers: dict[str, asyncio.Task[None]] = {}

    def __call__(self, message: Any, /, *, context: ContextRepo) -> "_Scope":
        return _Scope(message, context=context, acknowledging=self)

    def _assigned(self, topic: str) -> Collection[TopicPartition]:
        consumer = self._consumers.get(topic)
        return consumer.assignment() if consumer else ()

    async def heard(self, consumer: AIOKafkaConsumer, place: TopicPartition, offset: int) -> None:
        """The record was dealt with: its offset may be committed."""
        topic = place.topic
        self._consumers[topic] = consumer
        self._heard[topic][place] = offset + 1
        self._number[topic] += 1
        if self._number[topic] >= COMMIT_RECORDS:
            await self.flush(topic)
        elif topic not in self._timers:
            self._timers[topic] = asyncio.create_task(self._flush_soon(topic))

    async def start_again(self, consumer: AIOKafkaConsumer, place: TopicPartition, wish: StartAgain) -> None:
        """Reads a partition from its beginning: at any point at which this breaks off, it is begun again."""
        async with self._locks[place.topic]:
            self._heard[place.topic].pop(place, None)
            async with asyncio.timeout(COMMIT_PATIENCE_SECONDS):
                await consumer.commit({place: 0})
            await wish.remember()
            consumer.seek(place, 0)
        log.info("starts again, since the topic is fed again", topic=place.topic, partition=place.partition)

    async def flush(self, topic: str | None = None) -> None:
        """Commits what was heard; what cannot be committed now is committed later, or heard again by whoever
        took over."""
        for name in [topic] if topic else list(self._heard):
            async with self._locks[name]:
                await self._commit(name)

    async def _commit(self, topic: str) -> None:
        self._number[topic] = 0
        heard = self._heard[topic]
        consumer = self._consumers.get(topic)
        mine = consumer.assignment() if consumer else frozenset[TopicPartition]()
        offsets = {place: offset for place, offset in heard.items() if place in mine}
        if not offsets or consumer is None:
            heard.clear()
            return
        try:
            async with asyncio.timeout(COMMIT_PATIENCE_SECONDS):
                await consumer.commit(offsets)
        except (CommitFailedError, IllegalStateError):
            log.info("another process took over partitions", topic=topic)
        except (KafkaError, TimeoutError) as reason:
            log.warning("could not acknowledge", topic=topic, reason=repr(reason))
            return
        self._heard[topic] = {
            place: offset for place, offset in heard.items() if offset > offsets.get(place, 0)
        }

    async def _flush_soon(self, topic: str) -> None:
        try:
            while self._heard[topic]:
                await asyncio.sleep(COMMIT_SECONDS)
                await self.flush(topic)
        finally:
            del self._timers[topic]


class Revoked(ConsumerRebalanceListener):
    """Commits before another process takes partitions over, so that it hears little twice."""

    def __init__(self, acknowledging: Acknowledging, topic: str) -> None:
        self._acknowledging = acknowledging
        self._topic = topic

    async def on_partitions_revoked(self, revoked: Any) -> None:
        await self._acknowledging.flush(self._topic)

    async def on_partitions_assigned(self, assigned: Any) -> None:
        pass


class _Scope(BaseMiddleware[Any, Any]):
    """Around one record: again until it was dealt with."""

    def __init__(self, message: Any, /, *, context: ContextRepo, acknowledging: Acknowledging) -> None:
        super().__init__(message, context=context)
        self._acknowledging = acknowledging

    async def consume_scope(
        self, call_next: Callable[[StreamMessage[Any]], Awaitable[Any]], msg: StreamMessage[Any]
    ) -> None:
        consumer: AIOKafkaConsumer = self.context.get_local("handler_").consumer
        place = TopicPartition(msg.raw_message.topic, msg.raw_message.partition)
        pause = FIRST_PAUSE_SECONDS
        while True:
            self._acknowledging.life.sign(place.topic)
            try:
                await call_next(msg)
                await self._acknowledging.heard(consumer, place, msg.raw_message.offset)
                return
            except StartAgain as wish:
                if await self._started_again(consumer, place, wish):
                    return
            except Exception as reason:  # an outage; a record that fails by itself was parked by its reader
                log.warning("waits", topic=place.topic, partition=place.partition, reason=str(reason))
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)

    async def _started_again(
        self, consumer: AIOKafkaConsumer, place: TopicPartition, wish: StartAgain
    ) -> bool:
        """False in an outage. A partition that is not ours any more starts again where it is read now."""
        try:
            await self._acknowledging.start_again(consumer, place, wish)
        except (CommitFailedError, IllegalStateError):
            log.info("another process took over partitions", topic=place.topic)
        except Exception as reason:
            log.warning("cannot start again yet", topic=place.topic, reason=str(reason))
            return False
        return True
