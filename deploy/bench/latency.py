"""From the commit in one service to the effect in another, against bare produce and consume on the same broker."""

import asyncio
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from pydantic import SecretStr
from rich.progress import Progress

from contracts import sign_in
from contracts.facts import Fact
from contracts.ids import new_id
from contracts.sign_in import SIGN_IN
from deploy.bench.figures import Outcome, milliseconds, percentile
from deploy.local.servers import kafka_server, postgres_server
from services.chassis.database import Database, Tx
from services.chassis.facts.broker import make_broker
from services.chassis.facts.outbox import Cause, make_fact
from services.chassis.facts.reader import Reader
from services.chassis.facts.relay import Relay
from services.chassis.migrate import upgrade
from services.chassis.settings import Settings

FACTS = 600
PAUSE = 0.02


async def run(progress: Progress) -> Outcome:
    """Fifty facts a second from one database to another; then as many bare records."""
    task = progress.add_task("latency", total=3)
    with tempfile.TemporaryDirectory(prefix="relais-bench-") as name:
        folder = Path(name)
        async with postgres_server(folder) as postgres, kafka_server(folder) as kafka:
            for service in ("directory", "overview"):
                await asyncio.to_thread(upgrade, service, postgres.owner_url(service), service)
            progress.advance(task)
            ours = await _ours(postgres.url("directory"), postgres.url("overview"), kafka)
            progress.advance(task)
            bare = await _bare(kafka)
            progress.advance(task)
    figures = {
        "p50_ms": milliseconds(percentile(ours, 50)),
        "p99_ms": milliseconds(percentile(ours, 99)),
        "bare_p50_ms": milliseconds(percentile(bare, 50)),
        "bare_p99_ms": milliseconds(percentile(bare, 99)),
        "facts": FACTS,
        "floor_is": "p99 of produce to consume on the same broker, milliseconds",
    }
    floor = percentile(bare, 99)
    return Outcome("latency", figures, milliseconds(floor), round(percentile(ours, 99) / floor, 2))


async def _ours(writer_url: str, reader_url: str, kafka: str) -> list[float]:
    settings = Settings(kafka=kafka, service="directory", database_url=SecretStr(writer_url))
    writer, listener = (
        Database(SecretStr(writer_url), "directory"),
        Database(SecretStr(reader_url), "overview"),
    )
    reader = Reader("bench")
    committed: dict[UUID, float] = {}
    heard: dict[UUID, float] = {}

    @reader.hears(sign_in.Opened)
    async def opened(tx: Tx, fact: Fact, body: sign_in.Opened) -> None:
        heard[fact.subject] = time.perf_counter()

    broker = make_broker(settings, "bench")
    reader.subscribe(broker, listener)
    jobs = [asyncio.create_task(job) for job in (Relay(writer, settings).run(), reader.run())]
    try:
        await _say(writer, committed, 50)  # everything is warm before it counts
        await _until(lambda: len(heard) == 50)
        committed.clear()
        heard.clear()
        await _say(writer, committed, FACTS)
        await _until(lambda: len(heard) == FACTS)
    finally:
        for job in jobs:
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)
        await writer.close()
        await listener.close()
    return [heard[subject] - committed[subject] for subject in committed]


async def _say(writer: Database, committed: dict[UUID, float], number: int) -> None:
    """Writes facts at an even pace and remembers when each was committed."""
    for _ in range(number):
        fact = make_fact(
            topic=SIGN_IN.topic, service="directory", type=SIGN_IN.type_of(sign_in.Opened), subject=new_id(),
            version=1, state="open", at=datetime.now(UTC), body={"person": str(new_id()), "assurance": 1},
            case=None, wakes=(), audience=(), cause=Cause("bench"),
        )  # fmt: skip
        async with writer.transaction() as tx:
            await tx.outbox.add(fact, Cause("bench"))
        committed[fact.subject] = time.perf_counter()
        await asyncio.sleep(PAUSE)


async def _until(reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not reached():
        if time.monotonic() > deadline:
            raise TimeoutError("not every fact arrived within a minute")
        await asyncio.sleep(0.01)


async def _bare(kafka: str) -> list[float]:
    """One record at a time, acknowledged by the broker, read back by a consumer that waits for it."""
    producer = AIOKafkaProducer(bootstrap_servers=kafka, enable_idempotence=True, acks="all")
    consumer = AIOKafkaConsumer(
        "relais.notifications", bootstrap_servers=kafka, group_id="bench.bare", auto_offset_reset="earliest"
    )
    await producer.start()
    await consumer.start()
    seconds: list[float] = []
    try:
        for number in range(FACTS + 50):
            began = time.perf_counter()
            await producer.send_and_wait("relais.notifications", b"x" * 600, key=b"bench")
            await consumer.getone()
            if number >= 50:
                seconds.append(time.perf_counter() - began)
            await asyncio.sleep(PAUSE)
    finally:
        await consumer.stop()
        await producer.stop()
    return seconds
