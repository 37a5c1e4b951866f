"""The paid case once more: PostgreSQL, Apache Kafka and Temporal in containers, our own processes beside them."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import httpx
import pytest
from testcontainers.core.container import DockerContainer

from deploy.demo.cast import Cast
from deploy.demo.exchange import Exchange, Ground
from deploy.demo.play import EXPECTED, ended, paid
from deploy.images.build import IMAGES
from deploy.local.layout import PORTS, Layout
from deploy.local.nursery import Nursery
from deploy.local.postgres import SUPERUSER
from deploy.local.processes import CHILDREN, TABLE
from deploy.local.program import ProcessFailed, free_port, healthy
from deploy.local.stack import set_clock_rate
from deploy.verify.evidence import Places
from deploy.verify.run import in_json, verified
from services.chassis.clock import Clock
from tests.containers.engine import needs_engine
from tests.deploy.waiting import eventually

pytestmark = [*needs_engine, pytest.mark.timeout(600)]


async def test_the_paid_case_with_servers_in_containers(tmp_path: Path) -> None:
    layout = Layout(tmp_path, free_port(row=PORTS))
    set_clock_rate(layout, 43_200)
    with servers(layout):
        async with (
            our_processes(layout),
            httpx.AsyncClient(base_url=layout.url("gateway"), timeout=30) as api,
        ):
            ground = Ground(Cast(layout, api, "contained"), Clock(layout.clock), print)
            await ground.prepare()
            exchange = Exchange(ground, "paid", print)
            await paid(exchange)

            case = await ended(exchange)
            assert {key: case[key] for key in EXPECTED["paid"]} == EXPECTED["paid"]
            assert case["paid_cents"] == 670_00
            assert in_json(await verified(Places.of(layout)))["ok"]


@contextmanager
def servers(layout: Layout) -> Generator[None]:
    """On the ports where a local stack has its servers."""
    postgres, kafka, controller = (layout.port(name) for name in ("postgres", "kafka", "kafka-controller"))
    for name in ("postgres", "kafka", "temporal"):
        if not IMAGES[name].another:
            IMAGES[name].build()
    with (
        DockerContainer(IMAGES["postgres"].tag)
        .with_env("POSTGRES_PASSWORD", layout.postgres.password(SUPERUSER))
        .with_command("-c max_connections=200")
        .with_bind_ports(5432, postgres),
        DockerContainer(IMAGES["kafka"].tag)
        .with_env("KAFKA_NODE_ID", "1")
        .with_env("KAFKA_PROCESS_ROLES", "broker,controller")
        .with_env("KAFKA_LISTENERS", f"PLAINTEXT://:{kafka},CONTROLLER://:{controller}")
        .with_env("KAFKA_ADVERTISED_LISTENERS", f"PLAINTEXT://{layout.kafka}")
        .with_env("KAFKA_CONTROLLER_LISTENER_NAMES", "CONTROLLER")
        .with_env("KAFKA_LISTENER_SECURITY_PROTOCOL_MAP", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT")
        .with_env("KAFKA_CONTROLLER_QUORUM_VOTERS", f"1@localhost:{controller}")
        .with_env("KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR", "1")
        .with_env("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
        .with_bind_ports(kafka, kafka),
        DockerContainer(IMAGES["temporal"].tag)
        .with_command("server start-dev --ip 0.0.0.0 --log-level warn")
        .with_bind_ports(7233, layout.port("temporal"))
        .with_bind_ports(8233, layout.port("temporal-web")),
    ):
        yield


@asynccontextmanager
async def our_processes(layout: Layout) -> AsyncGenerator[None]:
    """All of them, ready; gone at the end."""
    nursery = Nursery(layout, TABLE)
    zygote = await nursery.start()
    try:
        for job in ("databases", "topics", "namespace"):
            await eventually(done(nursery, job))
        for child in CHILDREN:
            if child.migrates:
                await nursery.do("migrate", child.name)
            await nursery.fork(child.name)
        for child in CHILDREN:
            await eventually(ready(layout, child.name))
        yield
    finally:
        nursery.close()
        await zygote.wait()


def done(nursery: Nursery, job: str) -> Callable[[], Awaitable[bool]]:
    """Whether a server lets the job be done: it may still be starting."""

    async def attempt() -> bool:
        try:
            await nursery.do(job)
        except ProcessFailed:
            await asyncio.sleep(0.2)
            return False
        return True

    return attempt


def ready(layout: Layout, name: str) -> Callable[[], Awaitable[bool]]:
    return lambda: healthy(layout.port(name))
