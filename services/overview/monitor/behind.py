"""How many records each service has still to read: the broker knows both ends, so no service is asked.

It is only looked at: when Kafka is away the monitor shows no number, and everything else stays as it is.
"""

import asyncio
from collections.abc import Collection, Mapping
from time import monotonic

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from contracts.topics import TOPICS

log = structlog.get_logger(__name__)

FRESH_SECONDS = 4.0
PATIENCE_SECONDS = 3.0


class Behind:
    """Several operators looking at once cost one look."""

    def __init__(self, kafka: str) -> None:
        self._kafka = kafka.split(",")
        self._last: Mapping[str, int] = {}
        self._looked_at = 0.0
        self._looking = asyncio.Lock()

    async def look(self, services: Collection[str]) -> Mapping[str, int]:
        """Service → records behind, over all its readers; empty when Kafka does not answer."""
        async with self._looking:
            if monotonic() - self._looked_at > FRESH_SECONDS:
                self._last = await self._fresh(services)
                self._looked_at = monotonic()
            return self._last

    async def _fresh(self, services: Collection[str]) -> Mapping[str, int]:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                read = await self._read(services)
                ends = await self._ends({part for offsets in read.values() for part in offsets})
        except (KafkaError, OSError, TimeoutError) as reason:
            log.warning("Kafka does not answer", reason=str(reason))
            return {}
        return {
            service: sum(max(0, ends[part] - offset) for part, offset in offsets.items())
            for service, offsets in read.items()
        }

    async def _read(self, services: Collection[str]) -> Mapping[str, Mapping[TopicPartition, int]]:
        """How far each service's readers have acknowledged."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self._kafka, client_id="monitor")
        try:
            await admin.start()
            read: dict[str, dict[TopicPartition, int]] = {service: {} for service in services}
            for service, offsets in read.items():
                for topic in TOPICS:
                    committed = await admin.list_consumer_group_offsets(f"{service}.{topic.noun}")
                    offsets.update({part: one.offset for part, one in committed.items()})
            return read
        finally:
            await admin.close()

    async def _ends(self, parts: Collection[TopicPartition]) -> Mapping[TopicPartition, int]:
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._kafka, client_id="monitor", enable_auto_commit=False
        )
        try:
            await consumer.start()
            return await consumer.end_offsets(list(parts)) if parts else {}
        finally:
            await consumer.stop()
