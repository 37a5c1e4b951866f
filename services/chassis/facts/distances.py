"""How far groups have read: the broker knows both ends, so whoever asks disturbs no reader."""

import asyncio
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import NamedTuple, Self

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from contracts.errors import TransientError
from contracts.topics import Topic

ANSWER_SECONDS = 10.0


def group_of(reader: str, topic: Topic) -> str:
    """The group in which a reader reads a topic."""
    return f"{reader}.{topic.noun}"


class Distance(NamedTuple):
    """One partition: up to where a group has acknowledged (None: it never did), and where it ends."""

    read: int | None
    end: int

    @property
    def behind(self) -> int:
        """Records still to be read."""
        return max(0, self.end - (self.read or 0))


class Distances:
    """Two connections to the broker, from `async with` to its end. TransientError when it does not answer."""

    def __init__(self, kafka: str, client: str) -> None:
        servers = kafka.split(",")
        self._admin = AIOKafkaAdminClient(bootstrap_servers=servers, client_id=client)
        self._consumer = AIOKafkaConsumer(
            bootstrap_servers=servers, client_id=client, enable_auto_commit=False
        )

    async def of(self, reader: str, topic: Topic) -> Mapping[TopicPartition, Distance]:
        """All partitions of a topic."""
        places = [TopicPartition(topic.name, number) for number in range(topic.partitions)]
        with _failures():
            async with asyncio.timeout(ANSWER_SECONDS):
                read = await self._admin.list_consumer_group_offsets(group_of(reader, topic))
                ends = await self._consumer.end_offsets(places)
        return {
            place: Distance(read[place].offset if place in read else None, ends[place]) for place in places
        }

    async def __aenter__(self) -> Self:
        try:
            with _failures():
                await self._admin.start()
                await self._consumer.start()
        except BaseException:
            await self._close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, reason: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._close()

    async def _close(self) -> None:
        await self._admin.close()
        await self._consumer.stop()


@contextmanager
def _failures() -> Generator[None]:
    try:
        yield
    except (KafkaError, OSError, TimeoutError) as reason:
        raise TransientError(f"Kafka does not answer: {reason!r}") from reason
