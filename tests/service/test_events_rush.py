"""Two hundred people at once: never more confirmed than places, but without lock and constraint."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from contracts.errors import DomainError
from contracts.ids import new_id
from services.chassis.acts.perform import perform
from services.chassis.database import Database, Row, Tx
from services.chassis.identity.actor import Actor
from services.events.kinds import registrations
from services.events.models import Pool
from services.events.registration import Register
from tests.conftest import FreshDatabase
from tests.databases import Databases
from tests.service.gathering import Gathering, gathering

PEOPLE, PLACES = 200, 30


class LocklessTx(Tx):
    """Reads the pool without locking it, as one does who has not thought of others."""

    async def locked(self, model: type[Row], id: UUID) -> Row:
        return await self.found(model, id) if model is Pool else await super().locked(model, id)


class Lockless(Database):
    """A database for the control: everything as it is, but for the pool's lock."""

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Tx]:
        async with super().transaction() as tx:
            yield LocklessTx(tx.session, self.source, self.tools)


@pytest.fixture
async def leuven(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Gathering]:
    async with gathering(await fresh_database("events"), tmp_path) as played:
        yield played


async def rush(leuven: Gathering, database: Database) -> Counter[str]:
    """Everybody registers at the same moment: what they were told."""

    async def one() -> str:
        actor, given = Actor(person=new_id()), Register(event=UUID(leuven.event))
        at = leuven.stage.clock.moment()
        try:
            fact = await perform(
                database, registrations, "register", None, given, actor=actor, key="once", at=at
            )
        except DomainError as refusal:
            return refusal.slug
        return fact.state

    return Counter(await asyncio.gather(*(one() for _ in range(PEOPLE))))


async def test_two_hundred_people_at_once_get_as_many_places_as_there_are(leuven: Gathering) -> None:
    await leuven.publish(PLACES)
    told = await rush(leuven, leuven.stage.service.database)
    assert told == {"confirmed": PLACES, "waiting": PEOPLE - PLACES}
    assert await leuven.counted() == (PLACES, PLACES, 0)
    assert Counter(await leuven.states()) == told
    numbers = await leuven.rows("select number from registrations where event = :event order by number")
    assert [row.number for row in numbers] == list(range(1, PEOPLE + 1))


async def test_without_the_lock_the_constraint_still_keeps_places_from_being_given_twice(
    leuven: Gathering,
) -> None:
    await leuven.publish(PLACES)
    async with lockless(leuven) as database:
        told = await rush(leuven, database)
    assert told["confirmed"] == PLACES
    assert told["places-taken"] > 0, "the control must reach the last place by several at once"
    assert await leuven.counted() == (PLACES, PLACES, 0)


async def test_without_lock_and_constraint_places_are_given_twice(
    leuven: Gathering, postgres: Databases
) -> None:
    """The control: this test is able to oversell, so the one above it proves something. A rush that a busy machine
    serves one after the other proves nothing, so some are tried.
    """
    await leuven.publish(PLACES)
    await drop_constraint(leuven, postgres)
    confirmed: list[int] = []
    async with lockless(leuven) as database:
        while len(confirmed) < 5 and max(confirmed, default=0) <= PLACES:
            confirmed.append((await rush(leuven, database))["confirmed"])
            await leuven.publish(PLACES)
    assert max(confirmed) > PLACES


async def test_cancelling_accepting_and_registering_at_once_keeps_every_place_single(
    leuven: Gathering,
) -> None:
    await leuven.publish(5)
    guests = await leuven.guests(*(f"Guest {number}" for number in range(12)))
    for who, id in guests[:3]:
        await leuven.act(who, id, "cancel")
    await leuven.offer_all()
    late = [await leuven.guest(f"Late {number}") for number in range(6)]
    answers = await asyncio.gather(
        *(who.post(f"/api/v1/registrations/{id}/cancel") for who, id in guests[3:5]),
        *(who.post(f"/api/v1/registrations/{id}/accept") for who, id in guests[5:7]),
        guests[7][0].post(f"/api/v1/registrations/{guests[7][1]}/decline"),
        *(who.post("/api/v1/registrations", {"event": leuven.event}) for who in late),
        leuven.organiser.post(f"/api/v1/events/{leuven.event}/add-places", {"places": 2}),
        leuven.offer_all(),
    )
    assert {answer.status_code for answer in answers if answer} <= {200, 201, 409}
    for _ in range(3):
        await leuven.offer_all()
    places, confirmed, held = await leuven.counted()
    assert confirmed + held == places == 7


async def test_a_double_click_registers_once_and_is_told_the_same(leuven: Gathering) -> None:
    await leuven.publish(1)
    ewa = await leuven.guest("Ewa")
    body = {"event": leuven.event}
    answers = await asyncio.gather(*(ewa.post("/api/v1/registrations", body, "click") for _ in range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    again = await ewa.post("/api/v1/registrations", body, "another click")
    assert (again.status_code, again.json()["slug"]) == (409, "registration-once")
    assert await leuven.states() == ["confirmed"]


@asynccontextmanager
async def lockless(leuven: Gathering) -> AsyncGenerator[Database]:
    url = leuven.stage.database.engine.url.render_as_string(hide_password=False)
    database = Lockless(SecretStr(url), "events")
    try:
        yield database
    finally:
        await database.close()


async def drop_constraint(leuven: Gathering, postgres: Databases) -> None:
    """As the owner of the tables: the service itself may not."""
    name = leuven.stage.database.engine.url.database
    assert name is not None
    owner = Database(SecretStr(postgres.url("events", name, owner=True)), "events")
    try:
        async with owner.transaction() as tx:
            await tx.execute(text("alter table pools drop constraint places_taken"))
    finally:
        await owner.close()
