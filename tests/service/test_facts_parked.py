"""What is parked can be looked through and redriven: in order, by the reader's own handlers, once."""

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import text

from contracts import person
from contracts.errors import DomainError
from contracts.ids import new_id
from services.chassis.database import Database
from services.chassis.facts.discard import discard
from services.chassis.facts.parked import Filter
from services.chassis.facts.redrive import redrive
from tests.facts import a_fact, deliver, record_of
from tests.service.ear import Ear, confirmed, waiting
from tests.service.poison import poisons


async def _with_an_error(listener: Database, ear: Ear, subject: UUID, failures: int = 3) -> None:
    """Version 2 failed by itself, versions 3 and 4 wait behind it."""
    facts = confirmed(subject, 1, 2, 3, 4)
    ear.fail(facts[1], *[RuntimeError("broken")] * failures)
    await deliver(ear.reader, listener, *facts)
    assert await ear.heard(listener, subject) == [1]


async def test_redriving_the_error_lets_the_others_follow(listener: Database) -> None:
    ear, subject = Ear(), new_id()
    await _with_an_error(listener, ear, subject)
    outcome = await redrive(ear.reader, listener, Filter(reason="error"), by="operator")
    assert [each.result for each in outcome] == ["applied"]
    assert await ear.heard(listener, subject) == [1, 2, 3, 4]
    assert await waiting(listener) == []


async def test_redriving_by_filter_goes_in_order(listener: Database) -> None:
    ear, subject, other = Ear(), new_id(), new_id()
    await _with_an_error(listener, ear, subject)
    await _with_an_error(listener, ear, other)
    outcome = await redrive(ear.reader, listener, Filter(subject=subject), by="operator")
    assert [each.result for each in outcome] == ["applied"] * 3
    assert await ear.heard(listener, subject) == [1, 2, 3, 4]
    assert await ear.heard(listener, other) == [1]


async def test_what_fails_again_stays_parked_with_its_reason(listener: Database) -> None:
    ear, subject = Ear(), new_id()
    await _with_an_error(listener, ear, subject, failures=4)
    outcome = await redrive(ear.reader, listener, Filter(), by="operator")
    assert [each.result for each in outcome] == ["error", "gap", "gap"]
    assert "broken" in (outcome[0].error or "")
    assert await ear.heard(listener, subject) == [1]
    assert [reason for reason, _, _ in await waiting(listener)] == ["error", "gap", "gap"]


async def test_a_dry_run_tells_the_outcome_and_changes_nothing(listener: Database) -> None:
    ear, subject = Ear(), new_id()
    await _with_an_error(listener, ear, subject)
    before = await waiting(listener)
    outcome = await redrive(ear.reader, listener, Filter(), by="operator", dry_run=True)
    assert [each.result for each in outcome] == ["applied"] * 3
    assert await ear.heard(listener, subject) == [1]
    assert await waiting(listener) == before


async def test_a_dry_run_of_what_would_fail_says_so(listener: Database) -> None:
    ear, subject = Ear(), new_id()
    await _with_an_error(listener, ear, subject, failures=9)
    outcome = await redrive(ear.reader, listener, Filter(), by="operator", dry_run=True)
    assert [each.result for each in outcome] == ["error", "gap", "gap"]
    assert await ear.heard(listener, subject) == [1]


async def test_a_record_that_arrived_again_meanwhile_is_not_applied_twice(listener: Database) -> None:
    ear, subject = Ear(), new_id()
    one, two = confirmed(subject, 1, 2)
    ear.fail(two, *[RuntimeError("broken")] * 3)
    await deliver(ear.reader, listener, one, two)
    again = replace(record_of(two), partition=1, offset=77)
    await deliver(ear.reader, listener, again)
    await redrive(ear.reader, listener, Filter(), by="operator")
    assert await ear.heard(listener, subject) == [1, 2]
    assert await waiting(listener) == []


async def test_every_redrive_is_on_record(listener: Database) -> None:
    ear, subject = Ear(), new_id()
    await _with_an_error(listener, ear, subject)
    await redrive(ear.reader, listener, Filter(subject=subject), by="operator", dry_run=True)
    await redrive(ear.reader, listener, Filter(subject=subject), by="operator")
    async with listener.transaction() as tx:
        rows = (await tx.execute(text("SELECT by, filter, dry_run, outcome FROM redrives ORDER BY id"))).all()
    assert [(row.by, row.filter, row.dry_run, row.outcome) for row in rows] == [
        ("operator", {"subject": str(subject)}, True, {"applied": 3}),
        ("operator", {"subject": str(subject)}, False, {"applied": 3}),
    ]


@pytest.mark.parametrize(
    ("filter", "versions"),
    [
        (Filter(reason="error"), [2]),
        (Filter(reason="gap"), [3, 4]),
        (Filter(topic="relais.applications"), [2, 3, 4]),
        (Filter(topic="relais.persons"), []),
        (Filter(type="relais.visit.confirmed.v1"), [2, 3, 4]),
        (Filter(reader="ear"), [2, 3, 4]),
        (Filter(reader="another"), []),
    ],
)
async def test_what_is_parked_can_be_narrowed(
    listener: Database, filter: Filter, versions: list[int]
) -> None:
    await _with_an_error(listener, Ear(), new_id())
    assert [version for _, version, _ in await waiting(listener, filter)] == versions


async def test_what_is_parked_of_a_person_goes_with_the_person(listener: Database) -> None:
    ear, subject = Ear(), new_id()
    described = a_fact(person.Described(status="active", name="Ada", email="ada@example.org"), subject)
    ear.fail(described, *[RuntimeError("broken")] * 3)
    await deliver(ear.reader, listener, described)
    assert len(await waiting(listener)) == 1
    await deliver(ear.reader, listener, a_fact(person.Described(status="erased"), subject, 2))
    assert await waiting(listener) == []


async def _id_of(listener: Database, reason: str) -> int:
    async with listener.transaction() as tx:
        statement = text("SELECT min(id) FROM parked WHERE reason = :reason")
        return (await tx.execute(statement, {"reason": reason})).scalar_one()


async def test_what_can_never_be_read_is_given_up_and_what_waits_behind_it_goes_on(
    listener: Database,
) -> None:
    ear, subject = Ear(), new_id()
    await _with_an_error(listener, ear, subject, failures=9)
    await discard(
        ear.reader, listener, await _id_of(listener, "error"), by="operator", reason="A bug wrote it."
    )
    assert await ear.heard(listener, subject) == [1, 3, 4]
    assert [version for _, version, _ in await waiting(listener)] == [2], "it is kept"
    await deliver(ear.reader, listener, *confirmed(subject, 2, 5))
    await redrive(ear.reader, listener, Filter(), by="operator")
    assert await ear.heard(listener, subject) == [1, 3, 4, 5], "and never taken in"
    async with listener.transaction() as tx:
        row = (await tx.execute(text("SELECT discarded_by, discarded_because FROM parked"))).one()
        audit = (await tx.execute(text("SELECT outcome FROM redrives ORDER BY id LIMIT 1"))).scalar_one()
    assert (tuple(row), audit) == (("operator", "A bug wrote it."), {"discarded": 1})


@pytest.mark.parametrize("name", ["no headers", "not JSON", "version far too high"])
async def test_poison_is_given_up_once(listener: Database, name: str) -> None:
    ear = Ear()
    await deliver(ear.reader, listener, poisons()[name])
    id = await _id_of(listener, "error")
    await discard(ear.reader, listener, id, by="operator", reason="Nobody knows who wrote it.")
    with pytest.raises(DomainError) as refusal:
        await discard(ear.reader, listener, id, by="operator", reason="Again.")
    assert refusal.value.slug == "discarded-before"


async def test_nothing_is_given_up_before_what_comes_earlier(listener: Database) -> None:
    ear, subject = Ear(), new_id()
    await _with_an_error(listener, ear, subject, failures=9)
    with pytest.raises(DomainError) as refusal:
        await discard(ear.reader, listener, await _id_of(listener, "gap"), by="operator", reason="No.")
    assert refusal.value.slug == "discard-not-yet"
    assert await ear.heard(listener, subject) == [1]


async def test_what_was_given_up_of_a_person_goes_with_the_person(listener: Database) -> None:
    ear, subject = Ear(), new_id()
    described = a_fact(person.Described(status="active", name="Ada", email="ada@example.org"), subject)
    ear.fail(described, *[RuntimeError("broken")] * 3)
    await deliver(ear.reader, listener, described)
    await discard(ear.reader, listener, await _id_of(listener, "error"), by="operator", reason="Broken.")
    await deliver(ear.reader, listener, a_fact(person.Described(status="erased"), subject, 2))
    assert await waiting(listener) == []
