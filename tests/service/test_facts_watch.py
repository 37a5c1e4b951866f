"""A reader that is behind and stands still ends its process; one that waits in an outage does not."""

import asyncio

import pytest

from contracts import visit
from contracts.errors import TransientError
from contracts.facts import Fact
from contracts.ids import new_id
from contracts.topics import APPLICATIONS
from services.chassis import metrics
from services.chassis.database import Database, Tx
from services.chassis.facts.acknowledging import LONGEST_PAUSE_SECONDS
from services.chassis.facts.broker import make_broker
from services.chassis.facts.reader import Reader
from services.chassis.facts.watch import Stuck
from tests.service.ear import Ear, confirmed
from tests.service.wire import record, relaying, running, settings_of, until


def behind(reader: Reader) -> float:
    return metrics.reader_behind.labels(reader.name, APPLICATIONS.name)._value.get()  # pyright: ignore[reportPrivateUsage]


async def test_a_reader_that_hangs_ends_its_process(writer: Database, listener: Database, kafka: str) -> None:
    reader, for_ever = Reader(str(new_id())), asyncio.Event()

    @reader.hears(visit.Confirmed)
    async def hang(tx: Tx, fact: Fact, body: visit.Confirmed) -> None:
        await for_ever.wait()

    broker = make_broker(settings_of(listener, kafka), reader.name)
    reader.subscribe(broker, listener, patience=2)
    await record(writer, *confirmed(new_id(), 1))
    async with running(relaying(writer, kafka)):
        with pytest.raises(ExceptionGroup) as ended:
            await asyncio.wait_for(reader.run(), 60)
    assert ended.value.subgroup(Stuck)
    assert behind(reader) >= 1
    for_ever.set()  # here the process goes on, and with it what hung
    await broker.kafka.stop()


@pytest.mark.slow
async def test_a_reader_that_waits_in_an_outage_goes_on(
    writer: Database, listener: Database, kafka: str
) -> None:
    """For longer than the watch has patience; then it reads on, and is not behind any more."""
    ear, subject = Ear(str(new_id())), new_id()
    (fact,) = confirmed(subject, 1)
    ear.fail(fact, *[TransientError("the database is away")] * 7)
    patience = LONGEST_PAUSE_SECONDS + 1
    broker = make_broker(settings_of(listener, kafka), ear.reader.name)
    ear.reader.subscribe(broker, listener, patience)
    await record(writer, fact)

    async def caught_up() -> bool:
        return await ear.heard(listener, subject) == [1] and behind(ear.reader) == 0

    async with running(relaying(writer, kafka), ear.reader.run):
        await until(caught_up, within=150)
