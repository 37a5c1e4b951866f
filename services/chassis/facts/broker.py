"""FastStream's broker with every option written out, and how a record is acknowledged: after the transaction
that holds its effect, by explicit offsets. A record that was not dealt with is never passed over.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from typing import Any, TypeAlias

import structlog
from aiokafka import ConsumerRecord
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.message import FAKE_CONSUMER, KafkaAckableMessage
from faststream.message import StreamMessage

from contracts.topics import Topic
from services.chassis.facts.acknowledging import Acknowledging, Revoked
from services.chassis.facts.record import Record
from services.chassis.facts.watch import Watch
from services.chassis.settings import Settings

log = structlog.get_logger(__name__)

Hear: TypeAlias = Callable[[Record], Awaitable[None]]

SESSION_MS = 6_000
"""After this long without a heartbeat another process takes over the partitions."""
STOP_SECONDS = 5.0
DAY_MS = 24 * 60 * 60 * 1000


class Broker:
    """The broker of one process, for readers only: facts are published by the relay alone."""

    def __init__(self, settings: Settings, client: str) -> None:
        self.acknowledging = Acknowledging()
        self._bootstrap = settings.kafka
        self.kafka = KafkaBroker(
            settings.kafka.split(","),
            client_id=client,
            request_timeout_ms=15_000,
            retry_backoff_ms=200,
            metadata_max_age_ms=10_000,
            consumer_only=True,
            allow_auto_create_topics=False,
            ack_policy=AckPolicy.MANUAL,
            graceful_timeout=5.0,
            parser=_parse,
            decoder=_decode,
            middlewares=[self.acknowledging],
            apply_types=False,
            logger=logging.getLogger("relais.faststream"),
            log_level=logging.DEBUG,
        )

    def listen(self, topic: str, group: str, hear: Hear) -> None:
        """Hears every record of a topic, in order per partition. When `hear` raises, it is asked again."""
        subscriber = self.kafka.subscriber(
            topic,
            group_id=group,
            auto_offset_reset="earliest",
            ack_policy=AckPolicy.MANUAL,
            session_timeout_ms=SESSION_MS,
            heartbeat_interval_ms=SESSION_MS // 3,
            rebalance_timeout_ms=30_000,
            max_poll_interval_ms=DAY_MS,  # an outage of the reader's database may be long
            fetch_max_wait_ms=500,
            fetch_min_bytes=1,
            max_partition_fetch_bytes=2 * 1024 * 1024,
            isolation_level="read_uncommitted",
            listener=Revoked(self.acknowledging, topic),
            no_reply=True,
        )
        subscriber(hear)

    def watch(self, reader: str, topics: Collection[Topic], patience: float) -> Watch:
        """What notices that a reader on this broker stands still."""
        return Watch(self._bootstrap, reader, topics, self.acknowledging.life, patience)

    async def run(self) -> None:
        """Listens until it is cancelled, from the moment that Kafka answers."""
        try:
            while not await self._started():  # noqa: ASYNC110, another process decides
                await asyncio.sleep(1)
            await asyncio.Event().wait()
        finally:
            await self._stop()

    async def _started(self) -> bool:
        try:
            await self.kafka.start()
        except (
            Exception
        ) as reason:  # most often KafkaConnectionError; whatever it is, hearing is not given up
            log.warning("waits for Kafka", reason=repr(reason))
            await self._stop()
            return False
        log.info("listens")
        return True

    async def _stop(self) -> None:
        """Ends soon, also while Kafka is away: what is not acknowledged now is heard again, and known."""
        for last in (self.acknowledging.flush, self.kafka.stop):
            try:
                async with asyncio.timeout(STOP_SECONDS):
                    await last()
            except TimeoutError:
                log.warning("Kafka does not answer at the end")


def make_broker(settings: Settings, client: str) -> Broker:
    """The broker of one process; `client` names it in the cluster's own logs."""
    return Broker(settings, client)


async def _parse(message: "ConsumerRecord[Any, Any]") -> "StreamMessage[ConsumerRecord[Any, Any]]":
    """Never raises, whatever the record holds: FastStream would lose what its own parser cannot read."""
    return KafkaAckableMessage(  # pyright: ignore[reportReturnType]
        raw_message=message,
        body=message.value or b"",
        headers={},
        content_type=None,
        message_id=f"{message.partition}-{message.offset}",
        correlation_id=f"{message.partition}-{message.offset}",
        consumer=FAKE_CONSUMER,
    )


async def _decode(message: "StreamMessage[ConsumerRecord[Any, Any]]") -> Record:
    return Record.of(message.raw_message)
