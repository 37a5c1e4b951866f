"""The outbox is kept for ever: nobody takes back or rewrites a fact, and erasure only blanks what it said."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from contracts import person
from contracts.errors import DomainError
from contracts.ids import new_id
from contracts.topics import PERSONS
from services.chassis.database import Database
from services.chassis.facts.erase import blank
from services.chassis.facts.outbox import Cause
from tests.facts import a_fact, said
from tests.service.ear import confirmed
from tests.service.wire import record


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM outbox",
        "TRUNCATE outbox",
        "UPDATE outbox SET version = version + 1",
        "UPDATE outbox SET actor = 'somebody else'",
        "DELETE FROM redrives",
    ],
)
async def test_the_service_itself_cannot_rewrite_what_happened(writer: Database, statement: str) -> None:
    await record(writer, *confirmed(new_id(), 1))
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with writer.transaction() as tx:
            await tx.execute(text(statement))


async def test_a_version_of_a_subject_is_recorded_once(writer: Database) -> None:
    subject = new_id()
    await record(writer, *confirmed(subject, 1))
    with pytest.raises(DomainError) as refusal:
        await record(writer, *confirmed(subject, 1))
    assert refusal.value.slug == "outbox-order"


async def test_a_repeated_act_is_answered_by_the_fact_that_travels(writer: Database) -> None:
    (fact,) = confirmed(new_id(), 1)
    async with writer.transaction() as tx:
        await tx.outbox.add(fact, Cause("somebody", key="one-click"))
    async with writer.transaction() as tx:
        again = await tx.outbox.caused_by("somebody", "one-click")
    assert [again] == await said(writer, [fact.topic])
    assert again is not None
    assert again.source == "relais/applications"


async def test_a_fact_too_large_for_the_broker_is_refused_when_it_is_added(writer: Database) -> None:
    fact = a_fact(person.Described(status="active", name="x" * 300_000))
    with pytest.raises(DomainError) as refusal:
        await record(writer, fact)
    assert refusal.value.slug == "fact-too-large"
    assert await said(writer, [PERSONS.name]) == []


async def test_erasure_blanks_what_the_facts_of_a_person_said(writer: Database) -> None:
    erased, other = new_id(), new_id()
    for subject in (erased, other):
        for version in (1, 2):
            described = person.Described(status="active", name="Ada", email="ada@example.org")
            await record(writer, a_fact(described, subject, version))
    async with writer.transaction() as tx:
        await blank(tx, erased, {"status": "erased"})
    facts = await said(writer, [PERSONS.name])
    assert [fact.body for fact in facts if fact.subject == erased] == [{"status": "erased"}] * 2
    assert all(fact.body["name"] == "Ada" for fact in facts if fact.subject == other)
