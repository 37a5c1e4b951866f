"""How many records each service has still to read: the broker knows both ends, so no service is asked.

It is only looked at: when Kafka is away the monitor shows no number, and everything else stays as it is.
"""

import asyncio
from collections.abc import Collection, Mapping
from time import monotonic

import structlog

from contracts.errors import TransientError
from contracts.topics import TOPICS
from services.chassis.facts.distances import Distances

log = structlog.get_logger(__name__)

FRESH_SECONDS = 4.0
PATIENCE_SECONDS = 3.0


class Behind:
    """Several operators looking at once cost one look."""

    def __init__(self, kafka: str) -> None:
        self._kafka = kafka
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
        """Of the topics that a service reads, so far as it has begun to."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS), Distances(self._kafka, "monitor") as distances:
                found = {
                    service: [await distances.of(service, topic) for topic in TOPICS] for service in services
                }
        except (TransientError, TimeoutError) as reason:
            log.warning("Kafka does not answer", reason=str(reason))
            return {}
        return {
            service: sum(
                distance.behind
                for topic in topics
                for distance in topic.values()
                if distance.read is not None
            )
            for service, topics in found.items()
        }
