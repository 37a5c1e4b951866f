"""The bridge between a real broker and a real Temporal: nothing is lost, nothing is started twice."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from temporalio.client import Client

from contracts.asks import SWEEPS
from contracts.facts import Fact
from contracts.ids import new_id
from contracts.topics import APPLICATIONS, REIMBURSEMENTS
from deploy.local.program import free_port
from deploy.local.servers import kafka_server, temporal_server
from services.chassis.clock import Clock
from services.chassis.settings import Settings
from services.chassis.steps import connect
from tests.workflows.process import is_ready, metrics, running, until, waits_for
from workflows import bridge
from workflows.rebuild import OFTENEST, is_rebuilt, rebuild, schedule_id
from workflows.wake import wake


@pytest.fixture(scope="module")
async def kafka(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[str]:
    """A broker of its own: what is published here is no fact for others."""
    async with kafka_server(tmp_path_factory.mktemp("broker")) as address:
        yield address


@pytest.fixture
async def temporal(tmp_path: Path) -> AsyncGenerator[str]:
    async with temporal_server(tmp_path) as address:
        yield address


@pytest.fixture
def settings(kafka: str, temporal: str) -> Settings:
    return Settings(kafka=kafka, temporal=temporal, port=free_port(), log_json=False)


def a_fact(subject: UUID, type: str, state: str, version: int = 1, feed: int = 0, wakes: str = "") -> Fact:
    now = datetime.now(UTC)
    return Fact(
        id=new_id(), type=f"relais.{type}.v1", source="test", subject=subject, version=version, state=state,
        time=now, recordedtime=now, body={}, case=subject, wakes=tuple(wakes.split()), feed=feed,
    )  # fmt: skip


async def publish(kafka: str, *facts: Fact, topic: str = APPLICATIONS.name) -> None:
    async with AIOKafkaProducer(bootstrap_servers=kafka, acks="all") as producer:
        for fact in facts:
            key = str(fact.subject).encode()
            await producer.send_and_wait(topic, b"{}", key=key, headers=fact.headers())


async def is_open(client: Client, workflow_id: str) -> bool:
    listed = client.list_workflows(f"WorkflowId = '{workflow_id}' AND ExecutionStatus = 'Running'")
    return len([run async for run in listed]) == 1


async def signals(client: Client, workflow_id: str) -> int:
    history = await client.get_workflow_handle(workflow_id).fetch_history()
    return sum(event.HasField("workflow_execution_signaled_event_attributes") for event in history.events)


async def test_facts_wake_the_stories_they_name(settings: Settings) -> None:
    """Told before the bridge ran or while it runs: each story is started once and hears of every fact."""
    visit, case = new_id(), new_id()
    wakes = f"grant-approval/{case} exchange-visit/{visit}"
    await publish(settings.kafka, a_fact(case, "application.submitted", "submitted", wakes=wakes))
    async with connect(settings) as client, running(bridge.main, settings):
        await until(lambda: is_ready(settings))
        await until(lambda: is_open(client, f"grant-approval/{case}"))
        await until(lambda: is_open(client, f"exchange-visit/{visit}"))
        before = await signals(client, f"grant-approval/{case}")
        later = a_fact(case, "application.withdrawn", "withdrawn", 2, wakes=f"grant-approval/{case}")
        await publish(settings.kafka, later)

        async def rang_again() -> bool:
            return await signals(client, f"grant-approval/{case}") > before

        await until(rang_again)
        assert 'relais_bridge_wakes_total{topic="relais.applications"}' in await metrics(settings)
        described = await client.get_workflow_handle(f"grant-approval/{case}").describe()
        assert str(case) in str(described.typed_search_attributes)


async def test_unreadable_records_are_passed_over(settings: Settings) -> None:
    case = new_id()
    good = a_fact(case, "application.submitted", "submitted", wakes=f"grant-approval/{case}")
    poison: list[list[tuple[str, bytes | None]]] = [
        [],
        [("ce_wakes", None), ("ce_feed", b"\xff")],
        [("ce_wakes", b"grant-approval/\xff\xfe"), ("ce_version", b"many")],
        [("ce_wakes", b"grant-approval/ grant-approval/no-id no-story/%s" % str(case).encode())],
        [("ce_wakes", b" "), ("ce_type", b"nonsense")],
    ]
    async with AIOKafkaProducer(bootstrap_servers=settings.kafka) as producer:
        for headers in poison:
            await producer.send_and_wait(APPLICATIONS.name, None, key=str(case).encode(), headers=headers)
    await publish(settings.kafka, good)
    async with connect(settings) as client, running(bridge.main, settings):
        await until(lambda: is_open(client, f"grant-approval/{case}"))


async def test_bridge_waits_for_temporal(settings: Settings, tmp_path: Path) -> None:
    """Without Temporal the bridge says that it is not ready, and gives nothing up."""
    away = settings.model_copy(update={"temporal": f"127.0.0.1:{free_port()}"})
    case = new_id()
    await publish(
        settings.kafka, a_fact(case, "application.submitted", "submitted", wakes=f"grant-approval/{case}")
    )
    async with running(bridge.main, away):
        await until(lambda: waits_for(away, "Temporal"))
        port = int(away.temporal.partition(":")[2])
        async with temporal_server(tmp_path / "late", port), connect(away) as client:
            await until(lambda: is_open(client, f"grant-approval/{case}"))
            await until(lambda: is_ready(away))


async def test_emptied_temporal_is_rebuilt_by_itself(settings: Settings) -> None:
    """Every case that must be open is open again, none else, and the daily sweeps are there."""
    waiting, final, granted = new_id(), new_id(), new_id()
    claim = new_id()
    await publish(
        settings.kafka,
        a_fact(waiting, "application.rejected", "rejected", 4, wakes=f"grant-approval/{waiting}"),
        a_fact(final, "application.rejected", "rejected", 4, wakes=f"grant-approval/{final}"),
        a_fact(final, "application.finalised", "rejected", 5),
        a_fact(granted, "application.granted", "granted", 9, wakes=f"grant-approval/{granted}"),
    )
    paid = a_fact(claim, "claim.paid", "paid", 5, wakes=f"reimbursement-claim/{claim}")
    await publish(settings.kafka, paid, topic=REIMBURSEMENTS.name)
    async with connect(settings) as client:
        assert not await is_rebuilt(client)
        assert await rebuild(settings) >= 2
        assert await is_rebuilt(client)
        await until(lambda: is_open(client, f"grant-approval/{waiting}"))
        await until(lambda: is_open(client, f"reimbursement-claim/{claim}"))
        assert not await is_open(client, f"grant-approval/{final}")
        assert not await is_open(client, f"grant-approval/{granted}")
        await rebuild(settings)
        assert await signals(client, f"grant-approval/{waiting}") == 2


async def test_sweeps_come_once_a_business_day(settings: Settings, tmp_path: Path) -> None:
    """Also when somebody changes the clock while it runs, and never more often than a stack can bear."""
    settings = settings.model_copy(update={"clock": tmp_path / "clock.json"})
    clock = Clock(settings.clock)
    async with connect(settings) as client, running(bridge.main, settings):

        async def come_every(real: timedelta) -> bool:
            if not await is_rebuilt(client):
                return False
            seen = [await client.get_schedule_handle(schedule_id(step)).describe() for step in SWEEPS]
            return {one.schedule.spec.intervals[0].every for one in seen} == {real}

        await until(lambda: come_every(timedelta(days=1)))
        clock.set_rate(1_440)
        await until(lambda: come_every(timedelta(minutes=1)))
        clock.set_rate(43_200)
        await until(lambda: come_every(OFTENEST))
        clock.set_rate(1)
        await until(lambda: come_every(timedelta(days=1)))


async def test_refed_topic_is_rebuilt_and_not_replayed(settings: Settings) -> None:
    """A broker that lost records is told everything again: what is over is left in peace."""
    over, waiting = new_id(), new_id()
    facts = [
        a_fact(over, "application.submitted", "submitted", 1, wakes=f"grant-approval/{over}"),
        a_fact(over, "application.withdrawn", "withdrawn", 2, wakes=f"grant-approval/{over}"),
        a_fact(waiting, "application.submitted", "submitted", 1, wakes=f"grant-approval/{waiting}"),
    ]
    group = f"bridge.{APPLICATIONS.noun}"
    async with connect(settings) as client, running(bridge.main, settings):
        await until(lambda: is_ready(settings))
        refed = [a_fact(f.subject, f.type[7:-3], f.state, f.version, 7, " ".join(f.wakes)) for f in facts]
        await publish(settings.kafka, *refed)
        await until(lambda: is_open(client, f"grant-approval/{waiting}"))
        assert not await is_open(client, f"grant-approval/{over}")

        async def remembers_feed() -> bool:
            admin = AIOKafkaAdminClient(bootstrap_servers=settings.kafka)
            await admin.start()
            try:
                committed = await admin.list_consumer_group_offsets(group)
            finally:
                await admin.close()
            return "7" in {offset.metadata for offset in committed.values()}

        await until(remembers_feed)


async def test_twenty_wakes_at_once_start_one_run(settings: Settings) -> None:
    async with connect(settings) as client:
        await rebuild(settings)
        story = f"proposal/{new_id()}"
        await asyncio.gather(*(wake(client, story, "relais.proposal.made.v1") for _ in range(20)))
        await until(lambda: is_open(client, story))
        assert await signals(client, story) == 20
