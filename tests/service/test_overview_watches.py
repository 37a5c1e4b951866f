"""What the monitor learns from the real servers: steps that keep failing, and records that wait to be read."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from pydantic import SecretStr
from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import Worker

from deploy.local.servers import temporal_server
from services.chassis.settings import Settings
from services.overview.monitor.behind import Behind
from services.overview.monitor.workflows import STUBBORN, Look, Workflows

T = TypeVar("T")
TOPIC = "relais.calls"


@activity.defn(name="reimbursements.reservation.reserve")
async def refuse() -> None:
    raise RuntimeError("the budget line is closed")


@workflow.defn(sandboxed=False)
class Waiting:
    """A story whose step never succeeds."""

    @workflow.run
    async def run(self) -> None:
        await workflow.execute_activity(
            "reimbursements.reservation.reserve",
            start_to_close_timeout=timedelta(seconds=5),
        )


async def until(look: Callable[[], Awaitable[T]], good: Callable[[T], bool]) -> T:
    """Looks again until it is good, for half a minute at most."""
    async with asyncio.timeout(30):
        while not good(found := await look()):  # noqa: ASYNC110 - servers ring no bell here
            await asyncio.sleep(0.2)
    return found


@asynccontextmanager
async def watching(settings: Settings) -> AsyncGenerator[Workflows]:
    workflows = Workflows(settings)
    held = asyncio.create_task(workflows.run())
    try:
        yield workflows
    finally:
        held.cancel()
        await asyncio.gather(held, return_exceptions=True)


async def test_a_step_that_keeps_failing_is_shown_with_its_reason(tmp_path: Path) -> None:
    async with temporal_server(tmp_path) as address:
        settings = Settings(
            database_url=SecretStr("postgresql://nowhere"),
            temporal=address,
            temporal_web_url="http://temporal.test",
        )
        client = await Client.connect(address)
        worker = Worker(client, task_queue="stories", workflows=[Waiting], activities=[refuse])
        async with worker, watching(settings) as workflows:
            await client.start_workflow(Waiting.run, id="grant-approval/1", task_queue="stories")

            def shown(look: Look) -> bool:
                return bool(look.stuck)

            look = await until(workflows.look, shown)
    assert look.open == 1
    assert (look.stuck[0].id, look.stuck[0].step) == (
        "grant-approval/1",
        "reimbursements.reservation.reserve",
    )
    assert look.stuck[0].why == "the budget line is closed" and look.stuck[0].attempts >= STUBBORN
    assert look.stuck[0].href == "http://temporal.test/namespaces/default/workflows/grant-approval%2F1"


async def test_a_service_is_behind_by_what_it_has_not_acknowledged(kafka: str) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=kafka)
    consumer = AIOKafkaConsumer(
        TOPIC,
        bootstrap_servers=kafka,
        group_id="overview.calls",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    await producer.start()
    await consumer.start()
    try:
        sent = [await (await producer.send(TOPIC, b"fact")) for _ in range(5)]

        async def assigned() -> bool:
            return bool(await consumer.getmany(timeout_ms=200) or consumer.assignment())

        await until(assigned, bool)
        (part,) = consumer.assignment()
        await consumer.commit({part: sent[1].offset + 1})
        assert await Behind(kafka).look(["overview", "events"]) == {"overview": 3, "events": 0}
    finally:
        await consumer.stop()
        await producer.stop()


async def test_no_broker_is_no_number() -> None:
    assert await Behind("127.0.0.1:9").look(["overview"]) == {}
