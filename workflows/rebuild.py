"""Brings every open story back from the facts alone: Temporal's data may be lost, Kafka's copy is enough.

Repeating it does no harm, and a story that runs already is only woken. The Schedules are made last, so a
missing one means that nobody has rebuilt yet.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleSpec,
    ScheduleUpdate,
)
from temporalio.service import RPCError, RPCStatusCode

from contracts.asks import SWEEPS
from contracts.catalogue import FACTS
from contracts.steps import Step, Subject
from contracts.topics import TOPICS
from services.chassis.clock import Clock
from services.chassis.settings import Settings
from services.chassis.steps import connect
from workflows.headers import Headers, headers_of
from workflows.story import CASE, STATE, TASK_QUEUE
from workflows.sweep import Sweep
from workflows.wake import wake_all

log = structlog.get_logger(__name__)

DAY = timedelta(days=1)
OFTENEST = timedelta(seconds=5)
"""So often a sweep really runs at most, however fast business time is."""


@dataclass
class Picture:
    """What the topics said up to their ends.

    last    per subject, the headers of its last fact
    feeds   per topic, the highest number of a re-feed
    ends    per partition, the offset after the last record read
    """

    last: dict[str, Headers] = field(default_factory=dict[str, Headers])
    feeds: dict[str, int] = field(default_factory=dict[str, int])
    ends: Mapping[TopicPartition, int] = field(default_factory=dict[TopicPartition, int])

    def add(self, topic: str, headers: Headers) -> None:
        self.feeds[topic] = max(headers.feed, self.feeds.get(topic, 0))
        before = self.last.get(headers.subject)
        if headers.type in FACTS and (before is None or headers.version > before.version):
            self.last[headers.subject] = headers

    def must_be_open(self) -> Mapping[str, Headers]:
        """The workflows that the state tables want open, each with the fact that says so."""
        wanted: dict[str, Headers] = {}
        for headers in self.last.values():
            table = FACTS[headers.type].table
            if table.must_be_open(headers.state, final=headers.participle == "finalised"):
                wanted[table.workflow.format(subject=headers.subject, case=headers.case)] = headers
        return wanted


async def rebuild(settings: Settings) -> int:
    """`relais rebuild workflows`: how many stories were woken."""
    async with connect(settings) as client:
        picture = await rebuild_with(client, settings.kafka, Clock(settings.clock).rate)
        return len(picture.must_be_open())


async def rebuild_with(client: Client, kafka: str, rate: float) -> Picture:
    """Reads all facts, wakes what must be open, and at last makes the Schedules. rate: of the business clock."""
    await register_search_attributes(client)
    picture = await _read_all(kafka)
    wanted = picture.must_be_open()
    log.info("rebuilding", subjects=len(picture.last), workflows=len(wanted))
    await wake_all(client, wanted)
    for step in SWEEPS:
        with suppress(ScheduleAlreadyRunningError):
            await client.create_schedule(schedule_id(step), _schedule(step, rate))
    return picture


async def pace(client: Client, rate: float) -> None:
    """Lets all Schedules follow the business clock at this rate."""
    for step in SWEEPS:
        schedule = _schedule(step, rate)
        await client.get_schedule_handle(schedule_id(step)).update(
            lambda _, new=schedule: ScheduleUpdate(new)
        )


async def is_rebuilt(client: Client) -> bool:
    """Whether all Schedules exist; they would not if Temporal had come back empty."""
    for step in SWEEPS:
        try:
            await client.get_schedule_handle(schedule_id(step)).describe()
        except RPCError as reason:
            if reason.status == RPCStatusCode.NOT_FOUND:
                return False
            raise
    return True


async def _read_all(kafka: str) -> Picture:
    """All records up to the ends that the topics have when it begins. In no group: it has all partitions."""
    picture = Picture()
    consumer = AIOKafkaConsumer(
        *(topic.name for topic in TOPICS),
        bootstrap_servers=kafka,
        client_id="rebuild",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    async with consumer:
        picture.ends = await consumer.end_offsets(consumer.assignment())
        behind = set(picture.ends)
        while behind:
            for partition, records in (await consumer.getmany(timeout_ms=200, max_records=5000)).items():
                for record in records:
                    picture.add(partition.topic, headers_of(record))
            behind = {part for part in behind if await consumer.position(part) < picture.ends[part]}
    return picture


async def register_search_attributes(client: Client) -> None:
    """Those that are there already stay as they are."""
    keyword = IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD
    await client.operator_service.add_search_attributes(
        AddSearchAttributesRequest(
            namespace=client.namespace, search_attributes={key.name: keyword for key in (CASE, STATE)}
        )
    )


def _schedule(step: Step, rate: float) -> Schedule:
    """Once per business day, in real time at three in the night; after an outage the last one is made up for."""
    every = max(timedelta(seconds=round(DAY.total_seconds() / rate)), OFTENEST)
    return Schedule(
        action=ScheduleActionStartWorkflow(
            Sweep.__name__, Subject(step.owner), id=schedule_id(step), task_queue=TASK_QUEUE
        ),
        spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=every, offset=every // 8)]),
        policy=SchedulePolicy(
            overlap=ScheduleOverlapPolicy.SKIP, catchup_window=max(every, timedelta(minutes=1))
        ),
    )


def schedule_id(step: Step) -> str:
    return f"sweep/{step.owner}"
