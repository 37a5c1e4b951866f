"""From one service's outbox over Apache Kafka into another service's database: everything, once, in order."""

import asyncio
import random
from dataclasses import replace
from time import monotonic
from uuid import UUID

from sqlalchemy import text
from starlette.requests import Request

from contracts.ids import new_id
from contracts.topics import APPLICATIONS
from services.chassis import metrics
from services.chassis.database import Database
from services.chassis.facts.parked import Filter
from tests.databases import Databases
from tests.facts import record_of, say
from tests.service.ear import Ear, confirmed, waiting
from tests.service.poison import poisons
from tests.service.wire import (
    all_published,
    hearing,
    publish_raw,
    record,
    relaying,
    running,
    unpublished,
    until,
    versions_on_the_wire,
)

TOPIC = APPLICATIONS.name


async def _heard(ear: Ear, listener: Database, subject: UUID, *versions: int) -> None:
    async def so() -> bool:
        return await ear.heard(listener, subject) == list(versions)

    await until(so)


async def test_facts_arrive_once_and_in_order(writer: Database, listener: Database, kafka: str) -> None:
    ear, subjects = Ear(str(new_id())), [new_id() for _ in range(20)]
    async with running(relaying(writer, kafka), hearing(ear.reader, listener, kafka)):

        async def act(subject: UUID) -> None:
            for version in range(1, 11):
                await record(writer, *confirmed(subject, version))

        await asyncio.gather(*(act(subject) for subject in subjects))
        for subject in subjects:
            await _heard(ear, listener, subject, *range(1, 11))
            assert await waiting(listener, Filter(subject=subject)) == []


async def test_on_the_wire_a_subject_is_in_order_and_in_one_partition(writer: Database, kafka: str) -> None:
    subjects = [new_id() for _ in range(30)]

    async def act(subject: UUID) -> None:
        for version in range(1, 6):
            await record(writer, *confirmed(subject, version))

    async with running(relaying(writer, kafka)):
        await asyncio.gather(*(act(subject) for subject in subjects))
        await all_published(writer)
    wire = await versions_on_the_wire(kafka, TOPIC)
    for subject in subjects:
        assert [version for _, version in wire[subject]] == [1, 2, 3, 4, 5]
        assert len({partition for partition, _ in wire[subject]}) == 1


async def test_a_transaction_that_commits_late_is_not_skipped(writer: Database, kafka: str) -> None:
    late, early = new_id(), [new_id() for _ in range(50)]
    async with running(relaying(writer, kafka)):
        async with writer.transaction() as slow:
            await say(slow, *confirmed(late, 1))  # its position is taken, and lower than all others
            for subject in early:
                await record(writer, *confirmed(subject, 1))
            await all_published(writer)
        await all_published(writer)
    wire = await versions_on_the_wire(kafka, TOPIC)
    assert len(wire[late]) == 1
    assert all(len(wire[subject]) == 1 for subject in early)


async def test_of_two_relays_one_leads_and_the_other_takes_over(writer: Database, kafka: str) -> None:
    subject = new_id()
    async with running(relaying(writer, kafka), relaying(writer, kafka)) as relays:
        for version in range(1, 21):
            await record(writer, *confirmed(subject, version))
        await all_published(writer)
        assert await _leaders(writer) == 1
        wire = await versions_on_the_wire(kafka, TOPIC)
        assert [version for _, version in wire[subject]] == list(range(1, 21))
        relays[0].cancel()
        await asyncio.wait([relays[0]])
        await record(writer, *confirmed(subject, 21))
        await all_published(writer)
        assert await _leaders(writer) == 1


async def test_a_relay_that_lost_its_connection_goes_on(
    writer: Database, postgres: Databases, kafka: str
) -> None:
    subject = new_id()
    async with running(relaying(writer, kafka)):
        await record(writer, *confirmed(subject, 1))
        await all_published(writer)
        await postgres.cut(writer)
        await record(writer, *confirmed(subject, 2))
        await all_published(writer)
    wire = await versions_on_the_wire(kafka, TOPIC)
    assert [version for _, version in wire[subject]] == [1, 2]


async def test_records_that_the_broker_holds_twice_have_one_effect(listener: Database, kafka: str) -> None:
    ear, subject = Ear(str(new_id())), new_id()
    records = [replace(record_of(fact), partition=1) for fact in confirmed(subject, 1, 2, 3, 4)]
    mixed = [*records, *records, *random.sample(records, 4)]
    random.shuffle(mixed)
    async with running(hearing(ear.reader, listener, kafka)):
        await publish_raw(kafka, *mixed)
        await _heard(ear, listener, subject, 1, 2, 3, 4)
    assert await waiting(listener, Filter(subject=subject)) == []


async def test_poison_is_parked_within_ten_seconds_while_the_partition_moves_on(
    listener: Database, kafka: str
) -> None:
    ear, subject = Ear(str(new_id()), everything=True), new_id()
    kinds = poisons()
    async with running(hearing(ear.reader, listener, kafka)):
        await publish_raw(kafka, replace(record_of(confirmed(subject, 1)[0]), partition=2))
        await _heard(ear, listener, subject, 1)
        await publish_raw(kafka, *(replace(poison, partition=2) for poison in kinds.values()))
        await publish_raw(kafka, replace(record_of(confirmed(subject, 2)[0]), partition=2))
        began = monotonic()
        await _heard(ear, listener, subject, 1, 2)
        assert monotonic() - began < 10
    parked = await waiting(listener, Filter(reason="error"))
    assert len(parked) == len(kinds)
    assert all(error for _, _, error in parked)


async def test_a_reader_waits_out_an_outage_of_its_database(
    writer: Database, listener: Database, postgres: Databases, kafka: str
) -> None:
    ear, subject = Ear(str(new_id())), new_id()
    async with running(relaying(writer, kafka), hearing(ear.reader, listener, kafka)):
        await record(writer, *confirmed(subject, 1))
        await _heard(ear, listener, subject, 1)
        async with postgres.away(listener):
            for version in range(2, 12):
                await record(writer, *confirmed(subject, version))
            await all_published(writer)
            await asyncio.sleep(2)  # long enough for every attempt that there may be to fail
        await _heard(ear, listener, subject, *range(1, 12))
    assert await waiting(listener, Filter(subject=subject)) == []


async def test_a_restarted_reader_begins_where_it_was(
    writer: Database, listener: Database, kafka: str
) -> None:
    name, subject = str(new_id()), new_id()
    first, second = Ear(name), Ear(name)
    async with running(relaying(writer, kafka)):
        async with running(hearing(first.reader, listener, kafka)):
            await record(writer, *confirmed(subject, 1, 2))
            await _heard(first, listener, subject, 1, 2)
        async with listener.transaction() as tx:  # whatever were heard again would have its effect again
            await tx.execute(text("DELETE FROM inbox WHERE subject = :subject"), {"subject": subject})
        async with running(hearing(second.reader, listener, kafka)):
            other = new_id()
            await record(writer, *confirmed(other, 1))
            await _heard(second, listener, other, 1)
    assert await second.heard(listener, subject) == [1, 2]


async def test_a_new_reader_hears_everything_from_the_first_record(
    writer: Database, listener: Database, kafka: str
) -> None:
    subject = new_id()
    async with running(relaying(writer, kafka)):
        await record(writer, *confirmed(subject, 1, 2, 3))
        await all_published(writer)
        late = Ear(str(new_id()))
        async with running(hearing(late.reader, listener, kafka)):
            await _heard(late, listener, subject, 1, 2, 3)


async def test_two_processes_of_a_reader_share_the_work_and_take_over(
    writer: Database, listener: Database, kafka: str
) -> None:
    name, subjects = str(new_id()), [new_id() for _ in range(30)]
    ears = [Ear(name) for _ in range(3)]

    async def go_on(version: int) -> None:
        for subject in subjects:
            await record(writer, *confirmed(subject, version))

    async with running(relaying(writer, kafka), hearing(ears[0].reader, listener, kafka)):
        await go_on(1)
        async with running(hearing(ears[1].reader, listener, kafka)):
            await go_on(2)
            async with running(hearing(ears[2].reader, listener, kafka)):
                await go_on(3)
            await go_on(4)
        await go_on(5)
        for subject in subjects:
            await _heard(ears[0], listener, subject, 1, 2, 3, 4, 5)
            assert await waiting(listener, Filter(subject=subject)) == []


async def test_people_can_act_while_the_broker_is_away_and_operators_see_what_waits(writer: Database) -> None:
    subject = new_id()
    async with running(relaying(writer, "127.0.0.1:1")):
        await record(writer, *confirmed(subject, 1, 2))
        assert await unpublished(writer) == 2

        async def shown() -> bool:
            answer = await metrics.show(Request({"type": "http"}))
            return b"relais_outbox_unpublished 2.0" in bytes(answer.body)

        await until(shown)


async def _leaders(database: Database) -> int:
    statement = text(
        "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database"
        " WHERE locktype = 'advisory' AND granted AND datname = current_database()"
    )
    async with database.transaction() as tx:
        return (await tx.execute(statement)).scalar_one()
