"""The relay's hands at the broker: an idempotent producer, and a look at where the topics end.

Only the relay publishes. What was not acknowledged in time counts as unknown and is published again.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, NamedTuple, Self
from uuid import UUID

import orjson
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError, KafkaTimeoutError, ProducerClosed

from contracts.facts import Fact

ACKNOWLEDGED_WITHIN_SECONDS = 20
REQUEST_MS = 10_000
_NO_OFFSET = -1


class Acknowledged(NamedTuple):
    """Where the broker says that a record stands."""

    partition: TopicPartition
    offset: int


@dataclass
class Outcome:
    """What became of a batch: facts by id, in the order of publication; failure if any is missing."""

    acknowledged: dict[UUID, Acknowledged] = field(default_factory=dict[UUID, Acknowledged])
    failure: Exception | None = None

    def topics_that_went_back(self, before: Mapping[TopicPartition, int]) -> set[str]:
        """Topics in which a record got an offset that had been given to another one: the broker lost that."""
        last = dict(before)
        gone_back: set[str] = set()
        for partition, offset in self.acknowledged.values():
            if offset <= last.get(partition, _NO_OFFSET):
                gone_back.add(partition.topic)
            last[partition] = offset
        return gone_back


class Publisher:
    """A producer and what it needs, from `async with` to its end. After a failure make another one."""

    def __init__(self, kafka: str, client: str) -> None:
        self._producer = AIOKafkaProducer(
            bootstrap_servers=kafka,
            client_id=client,
            acks="all",
            enable_idempotence=True,
            linger_ms=0,
            max_batch_size=512 * 1024,
            max_request_size=1024 * 1024,
            request_timeout_ms=REQUEST_MS,
            retry_backoff_ms=200,
            metadata_max_age_ms=10_000,
        )
        self._looker = AIOKafkaConsumer(
            bootstrap_servers=kafka,
            client_id=client,
            enable_auto_commit=False,
            request_timeout_ms=REQUEST_MS,
            retry_backoff_ms=200,
            metadata_max_age_ms=10_000,
        )

    async def __aenter__(self) -> Self:
        try:
            async with asyncio.timeout(REQUEST_MS / 1000):
                await self._looker.start()
                await self._producer.start()
        except BaseException:
            await self._close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, reason: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._close()

    async def publish(self, facts: Sequence[Fact]) -> Outcome:
        """Publishes in the given order and waits for the acknowledgements."""
        outcome = Outcome()
        sent: list[tuple[Fact, asyncio.Future[Any]]] = []
        for fact in facts:
            try:
                sent.append((fact, await self._send(fact)))
            except (KafkaError, TimeoutError) as reason:
                outcome.failure = reason
                break
        await asyncio.wait(
            [future for _, future in sent], timeout=ACKNOWLEDGED_WITHIN_SECONDS
        ) if sent else None
        for fact, future in sent:
            if not future.done():
                outcome.failure = outcome.failure or KafkaTimeoutError("the broker did not acknowledge")
            elif reason := future.exception():
                outcome.failure = reason if isinstance(reason, Exception) else outcome.failure
            elif future.result().offset > _NO_OFFSET:
                where = future.result()
                outcome.acknowledged[fact.id] = Acknowledged(
                    TopicPartition(where.topic, where.partition), where.offset
                )
        return outcome

    async def lost(self, acknowledged: Mapping[TopicPartition, int]) -> set[str]:
        """Topics that end at or before an offset that was acknowledged, or have lost a partition."""
        if not acknowledged:
            return set()
        missing = {
            place.topic
            for place in acknowledged
            if (there := self._looker.partitions_for_topic(place.topic)) and place.partition not in there
        }
        if missing:
            return missing
        async with asyncio.timeout(REQUEST_MS / 1000):
            ends = await self._looker.end_offsets(list(acknowledged))
        return {place.topic for place, offset in acknowledged.items() if ends[place] <= offset}

    async def _send(self, fact: Fact) -> "asyncio.Future[Any]":
        async with asyncio.timeout(ACKNOWLEDGED_WITHIN_SECONDS):
            return await self._producer.send(
                fact.topic,
                value=orjson.dumps(dict(fact.body)),
                key=str(fact.subject).encode(),
                headers=fact.headers(),
            )

    async def _close(self) -> None:
        """Ends the producer without waiting for what it still holds, which would wait out an outage: that
        stands in the outbox. Its sender goes first, so that nothing is sent behind our back."""
        await self._producer._sender.close()  # pyright: ignore[reportPrivateUsage]
        self._producer._message_accumulator.fail_all(ProducerClosed())  # pyright: ignore[reportPrivateUsage]
        await self._producer.stop()
        await self._looker.stop()
