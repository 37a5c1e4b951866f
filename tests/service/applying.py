"""A travel call with a form and without host, on the applications service: drafted by one, published by another."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any
from uuid import UUID

import httpx

from contracts import asks, budget, organisation, partnership
from contracts.ids import new_id
from contracts.steps import Standing, Step, Subject
from services.applications.app import make_service
from services.chassis.database import Database
from tests.facts import a_fact
from tests.people import Person, Stage, stage
from tests.rules.forms.samples import ANSWERS, compare, travel, when
from tests.service.money import Finance

TEXT = {"en": "A text", "de": "Ein Text"}
REPORT: dict[str, Any] = {
    "languages": ["en", "de"],
    "title": TEXT,
    "pages": [
        {
            "key": "result",
            "title": TEXT,
            "questions": [{"key": "outcome", "kind": "long_text", "label": TEXT, "max_length": 2000}],
        }
    ],
}
SECTIONS = {
    "trip": ("purpose", "dates", "destination", "abroad_before"),
    "money": ("costs", "other_money", "requested"),
    "declare": ("no_double_funding",),
}


class Applying:
    """Everybody who takes part in the travel call; each role is a person of its own."""

    stage: Stage
    officer: Person
    coordinator: Person
    payer: Person
    ewa: Person
    adam: Person
    stranger: Person
    partnership: UUID
    line: UUID
    helixon: UUID
    form: str
    report_form: str
    call: str
    case: str

    async def form_of(self, content: dict[str, Any]) -> str:
        """A published form."""
        body = {"partnership": str(self.partnership), "title": "A form", "language": "en"}
        begun = (await self.officer.post("/api/v1/forms", body)).json()
        edit = {"edition": 0, "edit": {"op": "replace", "definition": content}}
        assert (await self.officer.post(f"/api/v1/forms/{begun['id']}/edits", edit)).status_code == 200
        published = await self.officer.post(f"/api/v1/forms/{begun['id']}/publish")
        assert published.status_code == 200, published.text
        return begun["id"]

    def rules(self, **changed: Any) -> dict[str, Any]:
        decide = {"key": "decide", "kind": "decision", "title": TEXT, "holder": "VOP", "days": 10}
        return {
            "languages": ["en", "de"],
            "parties": ["VO", "VOP", "PAY"],
            "signing": [{"document": "financial", "parties": ["VO", "VOP", "PAY"], "ordered": True}],
            "fulfilment": {"kind": "voucher", "validity_days": 120},
            "amount": {"mode": "requested", "cap_cents": 75_000, "question": "requested", "share": 100},
            "duration": {"question": "dates", "most_days": 31},
            "eligibility": [
                {"key": "country", "what": "country", "allowed": ["PL", "EE"], "text": TEXT, "source": "call 2.1"},
                {"key": "not_home", "what": "condition", "text": TEXT, "source": "call 2.2",
                 "when": when(compare("destination.country", "is_not", "PL"))},
            ],
            "stages": [{"key": "review", "title": TEXT, "tracks": [decide]}],
            "reports": [{"key": "final", "title": TEXT, "form": self.report_form, "days_after": 30}],
            **changed,
        }  # fmt: skip

    async def draft_call(self, terms: Mapping[str, int] = MappingProxyType({}), **changed: Any) -> str:
        body = {
            "partnership": str(self.partnership), "budget": str(self.line), "title": "Travel 2027", "edition": "2027",
            "first_day": "2026-11-01", "last_day": "2027-02-28", "preset": "travel",
        }  # fmt: skip
        begun = await self.coordinator.post("/api/v1/calls", body)
        assert begun.status_code == 201, begun.text
        self.call = begun.json()["id"]
        change = {"form": self.form, "rules": self.rules(**changed), "summary": TEXT, "terms": {**terms}}
        put = await self.coordinator.put(f"/api/v1/calls/{self.call}", change)
        assert put.status_code == 200, put.text
        return self.call

    async def publish_call(self, **changed: Any) -> str:
        await self.draft_call(**changed)
        published = await self.officer.post(f"/api/v1/calls/{self.call}/publish")
        assert published.status_code == 200, published.text
        return self.call

    async def begin(self, key: str = "first") -> str:
        body = {"organisation": str(self.helixon)}
        begun = await self.ewa.post(f"/api/v1/calls/{self.call}/applications", body, key)
        assert begun.status_code == 201, begun.text
        self.case = begun.json()["id"]
        return self.case

    async def draft(self) -> dict[str, Any]:
        return (await self.ewa.get(f"/api/v1/applications/{self.case}/draft")).json()

    async def save(
        self, page: str, who: Person | None = None, version: int | None = None, **answers: Any
    ) -> httpx.Response:
        if version is None:
            version = (await self.draft())["sections"].get(page, {"version": 0})["version"]
        body = {"version": version, "answers": answers}
        return await (who or self.ewa).put(f"/api/v1/applications/{self.case}/sections/{page}", body)

    async def fill(self, **changed: Any) -> None:
        given = {**ANSWERS, **changed}
        for page, keys in SECTIONS.items():
            saved = await self.save(page, **{key: given[key] for key in keys if key in given})
            assert saved.status_code == 200, saved.text

    async def act(self, who: Person, act: str, body: Any = None) -> httpx.Response:
        return await who.post(f"/api/v1/applications/{self.case}/{act}", body)

    async def step(self, step: Step, reason: str = "", number: int = 0) -> Standing:
        return await self.stage.service.offers.perform(step, Subject(self.case, reason, number))

    async def play_to_award(self, **changed: Any) -> None:
        await self.publish_call(**changed)
        await self.begin()
        await self.fill()
        submitted = await self.act(self.ewa, "submit")
        assert submitted.status_code == 200, submitted.text
        assert (await self.step(asks.Application.check_eligibility)).state == "in_review"
        assert (await self.act(self.officer, "select")).status_code == 200
        assert (await self.step(asks.Application.award)).state == "awarded"

    async def sign(self, who: Person, which: int = 0) -> httpx.Response:
        papers = (await self.ewa.get(f"/api/v1/applications/{self.case}")).json()["agreements"]
        body = {"document": papers[which]["document"], "function": "Director", "power": True}
        return await who.post(f"/api/v1/agreements/{papers[which]['id']}/sign", body)


@asynccontextmanager
async def applying(
    database: Database, folder: Path, payer: Finance | None = None, **told: Any
) -> AsyncGenerator[Applying]:
    """The stage with the organisations, the budget line and both forms published; payer: whose line it is, if claims
    are paid from it; told: further settings."""
    async with stage(make_service, database, folder, **told) as on:
        self = Applying()
        self.stage, self.partnership, self.line, self.helixon = on, new_id(), new_id(), new_id()
        cluster = new_id()
        if payer:
            self.partnership, self.line, self.helixon = payer.partnership, UUID(payer.budget), payer.sme
            cluster = payer.member
        first, last = date(2026, 1, 1), date(2027, 12, 31)
        await on.hear(
            a_fact(
                organisation.Registered(
                    name="Helixon", kind="sme", town="Kraków", country="PL", latitude=50.06, longitude=19.94,
                    identity=self.helixon, cluster=cluster,
                ),
                self.helixon,
            ),
            a_fact(
                organisation.Registered(
                    name="Klaster", kind="cluster", town="Kraków", country="PL", latitude=50.06, longitude=19.94,
                    identity=cluster,
                ),
                cluster,
            ),
            a_fact(
                partnership.Formed(
                    name="CE4BIG", title="CE4BIG", programme="COSME", coordinator=cluster, members=(cluster,),
                    first_day=first, last_day=last,
                ),
                self.partnership,
            ),
            a_fact(
                budget.Opened(
                    partnership=self.partnership, member=cluster, name="Travel", amount_cents=500_000,
                    action_start=first, action_end=last,
                ),
                self.line,
            ),
        )  # fmt: skip
        self.officer = await on.person("Jan", ("officer", self.partnership))
        self.coordinator = await on.person("Claire", ("coordinator", self.partnership))
        self.payer = await on.person("Piotr", ("payer", cluster))
        self.ewa = await on.person("Ewa", ("owner", self.helixon), ("member", self.helixon))
        self.adam = await on.person("Adam", ("member", self.helixon))
        self.stranger = await on.person("Nobody", ("member", new_id()))
        self.form = await self.form_of(travel())
        self.report_form = await self.form_of(REPORT)
        yield self
