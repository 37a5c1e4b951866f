"""Overview in process, hearing what a played exchange says; the same people look at it there."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from contracts import asks, organisation, partnership, person
from contracts.facts import Fact
from contracts.tables import PARTIES
from services.chassis.identity.actor import PLATFORM
from services.overview.app import make_service
from tests.databases import Databases
from tests.facts import a_fact, deliver_outbox, said
from tests.people import Person, Stage, held, stage
from tests.service.exchange import Exchange, exchange

ROLES = {
    "visitor": "VO",
    "host": "HO",
    "officer": "VOP",
    "host_officer": "HOP",
    "coordinator": "COORD",
    "payer": "PAY",
}


class Beholding:
    """An exchange on its own service, and overview beside it. `catch_up` carries the facts over."""

    exchange: Exchange
    stage: Stage
    visitor: Person
    host: Person
    officer: Person
    host_officer: Person
    coordinator: Person
    payer: Person
    stranger: Person
    operator: Person

    @property
    def case(self) -> str:
        return self.exchange.case

    async def catch_up(self) -> None:
        await deliver_outbox(self.exchange.stage.database, self.stage.service.reader, self.stage.database)

    async def play_to_award(self) -> None:
        """From the review to the papers that wait to be signed."""
        await self.exchange.act(self.exchange.host_officer, "opine", {"favourable": "yes"})
        await self.exchange.act(self.exchange.officer, "select")
        await self.exchange.step(asks.Application.award)

    async def facts(self) -> list[Fact]:
        return await said(self.exchange.stage.database, ["relais.applications", "relais.approvals"])

    async def look(self, who: Person) -> dict[str, Any]:
        """The case as somebody reads it, after everything that was said has arrived."""
        await self.catch_up()
        answer = await who.get(f"/api/v1/cases/{self.case}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def page(self, who: Person) -> str:
        await self.catch_up()
        answer = await who.open(f"/cases/{self.case}")
        assert answer.status_code == 200, answer.text
        return answer.text

    async def worklist(self, who: Person) -> list[str]:
        """The acts that wait for somebody."""
        await self.catch_up()
        return [item["act"] for item in (await who.get("/api/v1/worklist")).json()["items"]]

    async def introduce(self) -> None:
        """Everybody of the exchange, with the roles its facts are meant for, and what things are called."""
        await self.exchange.play_to_review()
        submitted = next(
            fact for fact in await self.facts() if fact.type == "relais.application.submitted.v1"
        )
        scopes = {party: UUID(scope) for party, scope in (entry.split(":") for entry in submitted.audience)}
        for name, party in ROLES.items():
            them: Person = getattr(self.exchange, name)
            setattr(self, name, Person(self.stage.client, them.name, them.id))
            role = {"member": "owner"}.get(PARTIES[party], PARTIES[party])
            await self.stage.hear(a_fact(held(them.id, role, scopes[party])))
            await self.called(them.name, them.id)
        self.stranger = await self.stage.person("Nobody")
        self.operator = await self.stage.person("Ops", ("operator", PLATFORM))
        await self.stage.hear(_formed("CE4BIG", scopes["VOP"]), _formed("CELIS", scopes["HOP"]))
        await self.stage.hear(_registered("Klaster LifeScience Kraków", scopes["PAY"]))

    async def called(self, name: str, id: UUID) -> None:
        """A person, as directory describes them."""
        body = person.Described(status="active", name=name, email=f"{name.lower()}@example.org")
        await self.stage.hear(a_fact(body, id, state="active"))


@asynccontextmanager
async def beholding(postgres: Databases, folder: Path) -> AsyncGenerator[Beholding]:
    """The case is in review, and overview has heard of nobody but its people."""
    async with (
        postgres.fresh("applications") as theirs,
        postgres.fresh("overview") as ours,
        exchange(theirs, folder / "applications") as played,
        stage(make_service, ours, folder / "overview") as on,
    ):
        self = Beholding()
        self.exchange, self.stage = played, on
        await self.introduce()
        yield self


def _formed(name: str, id: UUID) -> Fact:
    body = partnership.Formed(
        name=name, title=name, programme="COSME", coordinator=id, members=(id,),
        first_day="2026-01-01", last_day="2027-12-31",  # pyright: ignore[reportArgumentType]
    )  # fmt: skip
    return a_fact(body, id)


def _registered(name: str, id: UUID) -> Fact:
    body = organisation.Registered(
        name=name, kind="cluster", town="Kraków", country="PL", latitude=50.06, longitude=19.94, identity=id
    )
    return a_fact(body, id)
