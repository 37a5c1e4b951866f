"""Two places become free, the first in line gives theirs back, the second takes theirs: in every order in
which this can arrive, with every step and answer done twice. Each place ends with exactly one person.
"""

from collections.abc import AsyncGenerator, Iterator
from datetime import timedelta
from itertools import permutations
from pathlib import Path
from typing import Literal
from uuid import UUID

import pytest

from contracts.asks import Vacancy
from contracts.ids import new_id
from contracts.tables import Input, Nothing
from services.chassis.acts.perform import perform
from services.chassis.identity.actor import Actor
from services.events.kinds import registrations
from services.events.registration import Register
from tests.conftest import FreshDatabase
from tests.service.gathering import Gathering, gathering

GivenBack = Literal["declined", "cancelled", "offer_expired"]
BEFORE = (("free 1", "free 2"), ("free 1", "offer 1"), ("free 2", "offer 2"))
"""What cannot come the other way round: a place is offered after it became free."""
EVERYTHING = """
    select p.places, p.confirmed, p.held,
        (select array_agg(r.state order by r.number) from registrations r where r.event = p.id) as people,
        (select array_agg(v.state order by v.id) from vacancies v where v.event = p.id) as free,
        (select array_agg(v.id order by v.id) from vacancies v where v.event = p.id) as ids
    from pools p where p.id = :event
"""


def orders() -> Iterator[tuple[str, ...]]:
    """Answers may come at any time, also before anything is offered: then they come again later."""
    for order in permutations(("free 1", "free 2", "offer 1", "offer 2", "return", "accept")):
        if all(order.index(first) < order.index(then) for first, then in BEFORE):
            yield order


class Play:
    """One order on one event: two places, two people in them, `waiting` more in line."""

    def __init__(self, leuven: Gathering, waiting: int, how: GivenBack) -> None:
        self.leuven = leuven
        self.waiting = waiting
        self.how: GivenBack = how
        self.actors = [Actor(person=new_id()) for _ in range(2 + waiting)]
        self.ids: list[UUID] = []

    async def run(self, order: tuple[str, ...]) -> None:
        start = self.leuven.stage.clock.now() + timedelta(days=20)
        dates = {"starts_at": start, "ends_at": start + timedelta(days=1), "registration_until": start}
        await self.leuven.publish(2, **{name: date.isoformat() for name, date in dates.items()})
        for actor in self.actors:
            self.ids.append(await self.does(actor, None, "register", Register(event=UUID(self.leuven.event))))
        for arrival in order:
            await self.arrives(arrival)
            await self.check()
        while {"open", "offered"} & set((await self.check()).free):  # until nothing moves any more
            await self.arrives("offer 1")
            await self.arrives("offer 2")
            await self.arrives("return")
            await self.arrives("accept")

    async def arrives(self, arrival: str) -> None:
        """One thing, done twice."""
        now = await self.check()
        what, _, number = arrival.partition(" ")
        if what == "free":
            await self.answers(int(number) - 1, "cancel")
        elif what == "offer":
            for vacancy in now.ids[int(number) - 1 : int(number)] * 2:
                await self.leuven.ask(Vacancy.offer_place, str(vacancy))
        elif what == "return" and now.people[2] == "offered":
            await self.gives_back()
        elif what == "accept":
            for place, state in enumerate(now.people):
                if place > 2 and state == "offered":
                    await self.answers(place, "accept")

    async def gives_back(self) -> None:
        match self.how:
            case "declined":
                await self.answers(2, "decline")
            case "cancelled":
                await self.answers(2, "cancel")
            case "offer_expired":
                self.leuven.stage.clock.forward(timedelta(hours=49))
                for vacancy in (await self.check()).ids * 2:
                    await self.leuven.ask(Vacancy.expire_offer, str(vacancy))

    async def answers(self, number: int, act: str) -> None:
        for _ in range(2):
            await self.does(self.actors[number], self.ids[number], act, Nothing())

    async def does(self, actor: Actor, id: UUID | None, act: str, given: Input) -> UUID:
        on = self.leuven.stage
        at, key = on.clock.moment(), f"{act} {self.leuven.event}"
        fact = await perform(on.database, registrations, act, id, given, actor=actor, key=key, at=at)
        return fact.subject

    async def check(self) -> "Now":
        """Counters tell what the rows do, nobody is passed over, no place is idle while somebody waits."""
        (row,) = await self.leuven.rows(EVERYTHING)
        now = Now(row.people or [], row.free or [], row.ids or [])
        assert row.confirmed == now.people.count("confirmed")
        assert row.held == now.free.count("open") + now.free.count("offered")
        assert row.confirmed + row.held <= row.places
        if "waiting" in now.people:
            behind = now.people[now.people.index("waiting") :]
            assert not {"offered", "confirmed"} & set(behind), "somebody was passed over"
            idle = row.places - row.confirmed - row.held
            assert not idle or now.free.count("open") >= now.people.count("waiting")
        return now


class Now:
    """Where everybody and every vacancy stands."""

    def __init__(self, people: list[str], free: list[str], ids: list[UUID]) -> None:
        self.people = people
        self.free = free
        self.ids = ids


@pytest.fixture
async def leuven(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Gathering]:
    async with gathering(await fresh_database("events"), tmp_path) as played:
        yield played


@pytest.mark.parametrize(
    ("how", "waiting"),
    [
        ("declined", 1),
        *(
            pytest.param(how, waiting, marks=pytest.mark.slow)
            for how, waiting in (("declined", 2), ("declined", 3), ("cancelled", 2), ("offer_expired", 2))
        ),
    ],
)
async def test_two_freed_places_and_one_given_back_in_every_order(
    leuven: Gathering, how: GivenBack, waiting: int
) -> None:
    for order in orders():
        play = Play(leuven, waiting, how)
        await play.run(order)
        people = (await play.check()).people
        assert people[:3] == ["cancelled", "cancelled", how], order
        if how == "offer_expired":  # others who were asked before the two days were over are out as well
            assert set(people[3:]) <= {"confirmed", "offer_expired"}, order
        else:
            assert people[3:] == ["confirmed"] * (waiting - 1), order
