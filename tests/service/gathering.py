"""One event on the events service in process: CELIS invites to Leuven, people register, wait and come."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import text

from contracts import partnership, person
from contracts.asks import Event, Vacancy
from contracts.facts import Fact
from contracts.ids import new_id
from contracts.steps import Standing, Step, Subject
from services.chassis.database import Database
from services.events.app import make_service
from tests.facts import a_fact, said
from tests.people import Person, Stage, stage

EVENT: dict[str, Any] = {
    "kind": "event_xchange",
    "title": "Companion diagnostics",
    "description": "Two days with the clusters of Leuven and Tartu.",
    "venue": "Bio-Incubator",
    "town": "Leuven",
    "country": "BE",
    "starts_at": "2026-12-10T09:00",
    "ends_at": "2026-12-11T16:00",
    "registration_until": "2026-12-03T23:59",
}
TOPICS = ("relais.events", "relais.registrations")


class Gathering:
    """An event with its organiser. Steps are asked as the workflows ask them."""

    stage: Stage
    organiser: Person
    celis: UUID
    event: str

    async def publish(self, places: int = 3, **changed: Any) -> str:
        body = {**EVENT, "partnership": str(self.celis), "places": places, **changed}
        answer = await self.organiser.post("/api/v1/events", body)
        assert answer.status_code == 201, answer.text
        self.event = answer.json()["id"]
        return self.event

    async def guest(self, name: str) -> Person:
        """Somebody who has an account and no role."""
        guest = await self.stage.person(name)
        told = person.Described(status="active", name=name, email=f"{name.lower()}@example.org")
        await self.stage.hear(a_fact(told, guest.id))
        return guest

    async def register(self, who: Person) -> dict[str, Any]:
        answer = await who.post("/api/v1/registrations", {"event": self.event})
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def guests(self, *names: str) -> list[tuple[Person, str]]:
        """Registers them in this order."""
        people = [await self.guest(name) for name in names]
        return [(who, (await self.register(who))["id"]) for who in people]

    async def act(self, who: Person, registration: str, act: str, body: Any = None) -> dict[str, Any]:
        answer = await who.post(f"/api/v1/registrations/{registration}/{act}", body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def ask(self, step: Step, subject: str = "", number: int = 0) -> Standing:
        return await self.stage.service.offers.perform(step, Subject(subject or self.event, number=number))

    async def offer_all(self) -> None:
        """What PlaceOffer does when it finds a vacancy open."""
        for vacancy in await self.vacancies("open"):
            await self.ask(Vacancy.offer_place, vacancy)

    async def play_to_end(self) -> None:
        """By date: registration closes, the event begins and ends, feedback is asked for."""
        for step, days in ((Event.close_registration, 11), (Event.start, 7), (Event.end, 2)):
            self.stage.clock.forward(timedelta(days=days))
            await self.ask(step)
        await self.ask(Event.ask_feedback)

    async def vacancies(self, state: str) -> list[str]:
        rows = await self.rows("select id, state from vacancies where event = :event order by id")
        return [str(row.id) for row in rows if row.state == state]

    async def states(self) -> list[str]:
        """Of the registrations, in the order of the line."""
        query = "select state from registrations where event = :event order by number"
        return [row.state for row in await self.rows(query)]

    async def counted(self) -> tuple[int, int, int]:
        """Places, confirmed and held, after checking that the counters tell what the rows do."""
        counts = """
            select places, confirmed, held,
                (select count(*) from registrations r
                    where r.event = p.id and r.state = 'confirmed') as seated,
                (select count(*) from vacancies v
                    where v.event = p.id and v.state in ('open', 'offered')) as kept
            from pools p where p.id = :event
        """
        (row,) = await self.rows(counts)
        assert (row.confirmed, row.held) == (row.seated, row.kept)
        return row.places, row.confirmed, row.held

    async def rows(self, query: str) -> list[Any]:
        """About this event."""
        statement = text(query).bindparams(event=UUID(self.event))
        async with self.stage.database.transaction() as tx:
            return list((await tx.execute(statement)).all())

    async def facts(self, *of: str) -> list[Fact]:
        """Everything said, or only what was said about these aggregates."""
        return [fact for fact in await said(self.stage.database, TOPICS) if not of or fact.aggregate in of]

    async def story(self, *of: str) -> list[str]:
        return [f"{fact.aggregate}.{fact.participle}" for fact in await self.facts(*of)]


@asynccontextmanager
async def gathering(database: Database, folder: Path) -> AsyncGenerator[Gathering]:
    """The stage with CELIS known and its organiser signed in; nothing is published yet."""
    async with stage(make_service, database, folder) as on:
        self = Gathering()
        self.stage = on
        self.celis, cluster = new_id(), new_id()
        formed = partnership.Formed(
            name="CELIS", title="Cluster Excellence in Life Sciences", programme="COSME", coordinator=cluster,
            members=(cluster,), first_day=date(2026, 1, 1), last_day=date(2027, 12, 31),
        )  # fmt: skip
        await on.hear(a_fact(formed, self.celis))
        self.organiser = await on.person("Anna", ("organiser", self.celis))
        yield self
