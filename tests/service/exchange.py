"""One exchange on the applications service in process: what others have said, and how far it is played."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from contracts import asks, budget, organisation, participation, partnership, rate_table
from contracts.amounts import clusterxchange_rates, daily_rates, travel_bands
from contracts.ids import new_id
from contracts.steps import Standing, Step, Subject
from services.applications.app import make_service
from services.chassis.database import Database
from tests.facts import a_fact
from tests.people import Person, Stage, stage

FIRST, LAST = "2027-01-11", "2027-01-15"
DRAFT: dict[str, Any] = {
    "mode": "physical",
    "first_day": FIRST,
    "last_day": LAST,
    "activities": ["networking"],
    "objectives": "Learn how the host brings diagnostics to market.",
    "agenda": "Monday: laboratory. Tuesday to Friday: meetings with members.",
    "declarations": ["sme", "no_double_funding", "no_exclusion", "no_restrictive_measures"],
}


class Exchange:
    """Helixon of Kraków wants to visit Tartu; every role is played by a person of its own."""

    stage: Stage
    visitor: Person
    host: Person
    officer: Person
    host_officer: Person
    coordinator: Person
    payer: Person
    stranger: Person
    case: str
    call: str
    call_form: dict[str, Any]
    partnership: UUID
    proposal: str
    visitor_organisation: UUID
    visiting: UUID
    hosting: UUID

    async def publish(self, **pays: Any) -> None:
        """A call that pays this way; it is the one that is applied to from now on."""
        drafted = await self.coordinator.post("/api/v1/calls", {**self.call_form, **pays})
        assert drafted.status_code == 201, drafted.text
        self.call = drafted.json()["id"]
        published = await self.officer.post(f"/api/v1/calls/{self.call}/publish")
        assert published.status_code == 200, published.text

    async def play_matching(self) -> None:
        made = await self.visitor.post(
            "/api/v1/proposals",
            {
                "call": self.call,
                "visitor": str(self.visiting),
                "host": str(self.hosting),
                "message": "May we come?",
            },
        )
        assert made.status_code == 201, made.text
        self.proposal = made.json()["id"]
        assert (await self.host.post(f"/api/v1/proposals/{self.proposal}/accept")).status_code == 200

    async def play_draft(self, **changed: Any) -> httpx.Response:
        answer = await self.visitor.put(
            f"/api/v1/proposals/{self.proposal}/application", {**DRAFT, **changed}
        )
        if answer.status_code == 200:
            self.case = answer.json()["id"]
        return answer

    async def act(self, who: Person, act: str, body: Any = None, key: str | None = None) -> httpx.Response:
        return await who.post(f"/api/v1/applications/{self.case}/{act}", body, key)

    async def step(self, step: Step, reason: str = "", number: int = 0) -> Standing:
        return await self.stage.service.offers.perform(step, Subject(self.case, reason, number))

    async def play_to_review(self, **changed: Any) -> None:
        await self.play_matching()
        assert (await self.play_draft(**changed)).status_code == 200
        submitted = await self.act(self.visitor, "submit")
        assert submitted.status_code == 200, submitted.text
        assert (await self.step(asks.Application.check_eligibility)).state == "in_review"

    async def play_to_award(self, **changed: Any) -> None:
        await self.play_to_review(**changed)
        assert (await self.act(self.host_officer, "opine", {"favourable": "yes"})).status_code == 200
        assert (await self.act(self.officer, "select")).status_code == 200
        assert (await self.step(asks.Application.award)).state == "awarded"

    async def papers(self) -> dict[str, dict[str, Any]]:
        seen = await self.visitor.get(f"/api/v1/applications/{self.case}")
        return {paper["kind"]: paper for paper in seen.json()["agreements"]}

    async def sign(self, who: Person, kind: str) -> httpx.Response:
        paper = (await self.papers())[kind]
        body = {"document": paper["document"], "function": "Director", "power": True}
        return await who.post(f"/api/v1/agreements/{paper['id']}/sign", body)

    async def play_to_grant(self, **changed: Any) -> None:
        await self.play_to_award(**changed)
        for who in (self.visitor, self.host, self.officer, self.host_officer):
            assert (await self.sign(who, "quality")).status_code == 200
        if "financial" in await self.papers():
            for who in (self.visitor, self.payer):
                assert (await self.sign(who, "financial")).status_code == 200


@asynccontextmanager
async def exchange(database: Database, folder: Path, **told: Any) -> AsyncGenerator[Exchange]:
    """The stage with everything that others have said already; told: further settings."""
    async with stage(make_service, database, folder, **told) as on:
        self = Exchange()
        self.stage = on
        partnerships = [new_id(), new_id()]
        cluster, smes = new_id(), [new_id(), new_id()]
        self.visitor_organisation = smes[0]
        self.visiting, self.hosting, line = new_id(), new_id(), new_id()
        first, last = date(2026, 1, 1), date(2027, 12, 31)
        towns = [
            ("Helixon", "Kraków", "PL", 50.06, 19.94),
            ("Tartu Diagnostics", "Tartu", "EE", 58.38, 26.73),
        ]
        await on.hear(
            a_fact(
                organisation.Registered(
                    name="Klaster LifeScience Kraków", kind="cluster", town="Kraków", country="PL", latitude=50.06,
                    longitude=19.94, identity=cluster,
                ),
                cluster,
            ),
            *(
                a_fact(
                    organisation.Registered(
                        name=name, kind="sme", town=town, country=country, latitude=latitude, longitude=longitude,
                        identity=sme, cluster=cluster,
                    ),
                    sme,
                )
                for sme, (name, town, country, latitude, longitude) in zip(smes, towns, strict=True)
            ),
            *(
                a_fact(
                    partnership.Formed(
                        name=name, title=name, programme="COSME", coordinator=cluster, members=(cluster,),
                        first_day=first, last_day=last,
                    ),
                    id,
                )
                for name, id in zip(("CE4BIG", "CELIS"), partnerships, strict=True)
            ),
            _validated(self.visiting, smes[0], partnerships[0], "visitor"),
            _validated(self.hosting, smes[1], partnerships[1], "host"),
            a_fact(
                budget.Opened(
                    partnership=partnerships[0], member=cluster, name="Exchanges", amount_cents=500_000,
                    action_start=first, action_end=last,
                ),
                line,
            ),
            *_rates(),
        )  # fmt: skip
        self.visitor = await on.person("Ewa", ("owner", smes[0]))
        self.host = await on.person("Kadri", ("owner", smes[1]))
        self.officer = await on.person("Jan", ("officer", partnerships[0]))
        self.host_officer = await on.person("Mart", ("officer", partnerships[1]))
        self.coordinator = await on.person("Claire", ("coordinator", partnerships[0]))
        self.payer = await on.person("Piotr", ("payer", cluster))
        self.stranger = await on.person("Nobody")
        self.partnership = partnerships[0]
        self.call_form = {
            "partnership": str(partnerships[0]), "budget": str(line), "title": "Exchanges 2026",
            "edition": "2026", "first_day": "2026-01-01", "last_day": "2027-06-30",
        }  # fmt: skip
        await self.publish()
        yield self


def _validated(id: UUID, sme: UUID, of: UUID, side: participation.Side) -> Any:
    body = participation.Validated(
        organisation=sme, partnership=of, side=side, contact=new_id(), activities=("networking",)
    )
    return a_fact(body, id)


def _rates() -> list[Any]:
    lump, daily = clusterxchange_rates(), daily_rates()
    tables = [
        ("clusterxchange", lump.version, lump.source, lump.published()),
        ("daily", daily.version, daily.source, daily.published()),
        *(("travel", table.version, table.source, table.published()) for table in travel_bands()),
    ]
    return [
        a_fact(
            rate_table.Published(
                scheme=scheme, version=version, source=source, valid_from=date(2020, 1, 1), rates=rates
            )
        )
        for scheme, version, source, rates in tables
    ]
