"""A reader hears each fact once and in order per subject, and no record of whatever kind stops it."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from contracts import person, visit
from contracts.errors import DomainError, NotKnownYet, TransientError
from contracts.ids import new_id
from services.chassis.database import Database
from services.chassis.facts.acknowledging import StartAgain
from tests.facts import a_fact, deliver, record_of
from tests.service.ear import Ear, confirmed, waiting
from tests.service.poison import poisons


async def test_a_fact_that_comes_again_has_one_effect(listener: Database) -> None:
    ear, subject = Ear(), new_id()
    first, second = confirmed(subject, 1, 2)
    await deliver(ear.reader, listener, first, first, second, first, second)
    assert await ear.heard(listener, subject) == [1, 2]
    assert await waiting(listener) == []


async def test_facts_that_come_too_early_wait_for_the_missing_one(listener: Database) -> None:
    ear, subject = Ear(), new_id()
    one, two, three, four = confirmed(subject, 1, 2, 3, 4)
    await deliver(ear.reader, listener, one, four, three)
    assert await ear.heard(listener, subject) == [1]
    assert sorted(await waiting(listener)) == [("gap", 3, ""), ("gap", 4, "")]
    await deliver(ear.reader, listener, two)
    assert await ear.heard(listener, subject) == [1, 2, 3, 4]
    assert await waiting(listener) == []


async def test_types_that_the_reader_ignores_count_as_heard(listener: Database) -> None:
    ear, subject = Ear(), new_id()
    await deliver(ear.reader, listener, a_fact(visit.Started(), subject, 1), *confirmed(subject, 2))
    assert await ear.heard(listener, subject) == [2]


async def test_of_a_compacted_topic_the_newest_version_wins(listener: Database) -> None:
    ear, subject = Ear(), new_id()
    described = [
        a_fact(person.Described(status="active", name=f"Name {version}"), subject, version)
        for version in (1, 5, 3)
    ]
    await deliver(ear.reader, listener, *described)
    assert await ear.heard(listener, subject) == [1, 5]
    assert await waiting(listener) == []


async def test_a_record_that_fails_is_tried_again_before_it_is_parked(listener: Database) -> None:
    ear, subject = Ear(), new_id()
    one, two = confirmed(subject, 1, 2)
    ear.fail(one, RuntimeError("for once"))
    await deliver(ear.reader, listener, one, two)
    assert await ear.heard(listener, subject) == [1, 2]
    assert await waiting(listener) == []


@pytest.mark.parametrize("failure", [RuntimeError("broken"), DomainError("visit-once"), KeyError("absent")])
async def test_a_record_that_keeps_failing_is_parked_and_its_subject_waits(
    listener: Database, failure: Exception
) -> None:
    ear, subject, other = Ear(), new_id(), new_id()
    one, two, three = confirmed(subject, 1, 2, 3)
    ear.fail(two, *[failure] * 9)
    await deliver(ear.reader, listener, one, two, three, *confirmed(other, 1))
    assert await ear.heard(listener, subject) == [1]
    assert await ear.heard(listener, other) == [1]
    parked = await waiting(listener)
    assert [(reason, version) for reason, version, _ in parked] == [("error", 2), ("gap", 3)]
    assert str(failure) in parked[0][2]


async def test_a_reference_that_is_not_known_yet_is_tried_again_by_itself(listener: Database) -> None:
    ear, subject = Ear(), new_id()
    one, two = confirmed(subject, 1, 2)
    ear.fail(one, *[NotKnownYet("application", subject)] * 4)
    await deliver(ear.reader, listener, one, two)
    assert [(reason, version) for reason, version, _ in await waiting(listener)] == [("gap", 1), ("gap", 2)]
    intake = ear.reader.at_work_on(listener)
    await intake.sweep()
    assert await ear.heard(listener, subject) == []
    await intake.sweep()
    assert await ear.heard(listener, subject) == [1, 2]
    assert await waiting(listener) == []


async def test_an_outage_parks_nothing(listener: Database) -> None:
    ear, subject = Ear(), new_id()
    one, two = confirmed(subject, 1, 2)
    ear.fail(one, TransientError("a server is away"))
    with pytest.raises(TransientError):
        await deliver(ear.reader, listener, one)
    assert await waiting(listener) == []
    await deliver(ear.reader, listener, one, two)
    assert await ear.heard(listener, subject) == [1, 2]


@pytest.mark.parametrize("kind", poisons())
async def test_poison_is_parked_whole_and_others_move_on(listener: Database, kind: str) -> None:
    ear, subject = Ear(), new_id()
    poison = poisons()[kind]
    await deliver(ear.reader, listener, poison, *confirmed(subject, 1), poison)
    parked = await waiting(listener)
    assert [reason for reason, _, _ in parked] == ["error"]
    assert parked[0][2]
    assert await ear.heard(listener, subject) == [1]


async def test_a_newer_sender_may_say_more(listener: Database) -> None:
    ear, subject = Ear(), new_id()
    fact = confirmed(subject, 1)[0]
    await deliver(ear.reader, listener, replace(fact, body={"days": 3, "said_since": "last week"}))
    assert await ear.heard(listener, subject) == [1]


async def test_personal_data_of_a_record_is_not_repeated_in_its_error(listener: Database) -> None:
    ear = Ear()
    fact = a_fact(person.Described(status="active", name="Ada", email="ada@example.org"))
    await deliver(
        ear.reader, listener, replace(fact, body={"status": "ada@example.org", "email": ["ada@example.org"]})
    )
    parked = await waiting(listener)
    assert len(parked) == 1
    assert "ada@" not in parked[0][2]


async def test_a_reader_with_effects_outside_knows_what_happened_before_its_birth(listener: Database) -> None:
    ear = Ear(effects_outside=True)
    birth = datetime.now(UTC)
    old, new = confirmed(new_id(), 1, 2)
    async with listener.transaction() as tx:
        await ear.reader.born(tx, birth)
        await ear.reader.born(tx, birth + timedelta(days=1))
        assert await ear.reader.historical(tx, replace(old, recordedtime=birth - timedelta(seconds=1)))
        assert not await ear.reader.historical(tx, replace(new, recordedtime=birth))


async def test_a_higher_feed_makes_a_partition_start_again_once(listener: Database) -> None:
    ear, subject = Ear(), new_id()
    old, fed = confirmed(subject, 1)[0], replace(confirmed(subject, 2)[0], feed=1)
    await deliver(ear.reader, listener, old)
    intake = ear.reader.at_work_on(listener)
    with pytest.raises(StartAgain) as wish:
        await intake.hear(record_of(fed))
    assert await ear.heard(listener, subject) == [1]
    await wish.value.remember()
    for fact in (old, fed, replace(old, feed=1)):
        await intake.hear(record_of(fact))
    await ear.reader.at_work_on(listener).hear(record_of(fed))
    assert await ear.heard(listener, subject) == [1, 2]


async def test_each_partition_starts_again_for_itself(listener: Database) -> None:
    intake = Ear().reader.at_work_on(listener)
    for partition in range(3):
        fed = replace(record_of(replace(confirmed(new_id(), 1)[0], feed=2)), partition=partition)
        with pytest.raises(StartAgain) as wish:
            await intake.hear(fed)
        await wish.value.remember()
        await intake.hear(fed)


async def test_records_of_a_subject_that_are_taken_in_at_once_have_one_effect_each(
    listener: Database,
) -> None:
    """As when a record is redriven while its partition goes on, or two processes believe they own it."""
    ear, subjects = Ear(), [new_id() for _ in range(10)]
    for subject in subjects:
        records = [record_of(fact) for fact in confirmed(subject, 1, 2, 3)]
        intakes = [ear.reader.at_work_on(listener) for _ in range(3)]
        await asyncio.gather(*(intake.hear(record) for intake in intakes for record in records))
        assert await ear.heard(listener, subject) == [1, 2, 3]
    assert await waiting(listener) == []


async def test_two_readers_in_one_database_hear_for_themselves(listener: Database) -> None:
    one, other, subject = Ear("one"), Ear("other", everything=True), new_id()
    facts = confirmed(subject, 1, 2)
    await deliver(one.reader, listener, *facts)
    await deliver(other.reader, listener, facts[1], facts[0])
    assert await one.heard(listener, subject) == [1, 2]
    assert await other.heard(listener, subject) == [1, 2]
