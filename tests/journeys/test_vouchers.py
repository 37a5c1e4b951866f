"""A voucher on the whole stack: a call made with one click, a provider elsewhere, two evaluators who agree, and
two claims with invoice and proof of payment, both paid; the report is accepted and the case closed.
"""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import httpx
import pytest

from contracts.ids import named_id
from deploy.demo.cast import CE4BIG, KRAKOW, Cast, account, registration_number
from deploy.demo.client import Person
from deploy.demo.exchange import Ground, wait_until
from deploy.demo.voucher import PROVIDES
from deploy.local.stack import Stack
from services.chassis.clock import Clock
from tests.journeys.eventually import eventually
from tests.journeys.office import Bank, Office
from tests.service.claiming import photo
from tests.stacks import verified

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

EVALUATORS = {"celis-officer": "mart.saar@celis.example", "celis-coordinator": "sabine.vogt@biorn.example"}
SCORES = dict.fromkeys(("relevance", "quality", "added_value", "impact"), 4)
GRANT, PART = 2_400_00, 1_200_00
"""Both parts together stay below the sum from which a second person approves too."""


@pytest.fixture
async def office(stack: Stack, tmp_path: Path) -> AsyncGenerator[Office]:
    layout = stack.running_state.layout
    async with httpx.AsyncClient(base_url=layout.url("gateway"), timeout=30) as api:
        cast = Cast(layout, api, "vouchers")
        ground = Ground(cast, Clock(layout.clock), lambda told: None)
        await ground.open_call()
        yield Office(ground, Bank(tmp_path, cast.iban()))


class Story:
    """One company and its voucher."""

    company: Person
    organisation: str
    case: str

    def __init__(self, office: Office) -> None:
        self.office, self.cast = office, office.ground.cast
        self.officer = self.cast.seeded("ce4big-officer", "voucher")
        self.payer = self.cast.seeded("krakow-payer", "voucher")

    async def registered(self, name: str, town: str, kind: str) -> tuple[Person, str]:
        person = await self.cast.newcomer(f"Owner of {name}", name.lower().replace(" ", "."), name)
        body = {
            "name": f"{name} {self.cast.run}", "kind": kind, "town": town,
            "registration_number": registration_number(town, name, self.cast.run),
            "cluster": KRAKOW if kind == "sme" else None,
        }  # fmt: skip
        made = await person.act("/api/v1/organisations", body, step="organisation")
        return person, made["id"]

    async def provider(self) -> str:
        """Registers with its services, and the partnership validates it."""
        person, id = await self.registered("Tartu Labs", "Tartu", "training")
        profile = {**PROVIDES, "organisation": id, "partnership": CE4BIG}
        made = await person.act("/api/v1/participations", profile, step="participation")
        await self.officer.act(f"/api/v1/participations/{made['id']}/validate", step="provider")
        return id

    async def call(self) -> str:
        made = await eventually(
            lambda: self.officer.draft(
                "/api/v1/calls/vouchers/insight", {"budget": self.office.ground.budget}, step="make"
            )
        )
        await self.office.coordinator.act(f"/api/v1/calls/{made['id']}/publish", step="voucher-call")
        return made["id"]

    async def applies(self, call: str, provider: str) -> None:
        self.company, self.organisation = await self.registered("Voucher Company", "Kraków", "sme")
        begun = await eventually(
            lambda: self.company.draft(
                f"/api/v1/calls/{call}/applications", {"organisation": self.organisation}, step="begin"
            )
        )
        self.case = begun["id"]
        texts = dict.fromkeys(("purpose", "contribution", "effect"), "Find out whether the assay works.")
        money = {"cents": GRANT, "currency": "EUR"}
        for page, answers in {
            "work": {**texts, "provider": provider},
            "money": {"costs": [{"what": "Feasibility study", "amount": money}], "requested": money},
            "declare": {"no_double_funding": True, "independent": True},
        }.items():
            path = f"/api/v1/applications/{self.case}/sections/{page}"
            await self.company.save(path, {"version": 0, "answers": answers})
        path = f"/api/v1/applications/{self.case}/submit"
        await eventually(lambda: self.company.act(path, step="submit"))
        await self.until("in_review")

    async def stage(self, key: str) -> dict[str, Any]:
        """A task of the review, once it is open."""

        async def look() -> dict[str, Any] | None:
            rows = await self.officer.get(f"/api/v1/applications/{self.case}/stages")
            return next((row for row in rows if row["key"] == key), None)

        return await wait_until(key, look, lambda state: state == "open")

    async def evaluated(self) -> None:
        people: list[Person] = []
        for key, mail in EVALUATORS.items():
            role = {"email": mail, "role": "evaluator", "scope": CE4BIG}
            await self.office.coordinator.act("/api/v1/role-grants", role, step=f"evaluator-{key}")
            people.append(self.cast.seeded(key, "voucher"))
        score = await self.stage("score")
        for key, who in zip(EVALUATORS, people, strict=True):
            body = {"stage": score["id"], "evaluator": str(named_id("person", key))}
            part = await eventually(
                lambda body=body, key=key: self.officer.act("/api/v1/assessments", body, step=f"assign-{key}")
            )
            path = f"/api/v1/assessments/{part['id']}"
            await who.act(f"{path}/declare", {"none": True}, step="declare")
            await who.act(f"{path}/submit", {"scores": SCORES, "internal": "Good."}, step="score")
        agree = await self.stage("consensus")
        people.sort(key=lambda who: who.id != agree["lead"])
        parts = [
            next(one["id"] for one in await who.get("/api/v1/assessments") if one["stage"] == agree["id"])
            for who in people
        ]
        path = f"/api/v1/assessments/{parts[0]}/submit"
        written = await people[0].act(path, {"scores": SCORES}, step="consensus")
        seen = {"seen": written["version"]}
        await people[1].act(f"/api/v1/assessments/{parts[1]}/submit", seen, step="consensus")

    async def granted(self) -> None:
        await self.stage("decide")
        await self.officer.act(f"/api/v1/applications/{self.case}/select", step="select")
        awarded = await self.until("awarded")
        (paper,) = awarded["agreements"]
        body = {"document": paper["document"], "function": "Director", "power": True}
        for who in (self.company, self.officer, self.payer):
            await who.act(f"/api/v1/agreements/{paper['id']}/sign", body, step="sign")
        await self.until("granted")

    async def claims(self, number: int) -> str:
        """One amount with the provider's invoice and the proof of payment, checked by one and approved by another."""
        step, office = f"claim-{number}", self.office
        part = {"voucher": self.case}
        claim = await eventually(lambda: self.company.act("/api/v1/claims", part, step=step))
        path = f"/api/v1/claims/{claim['id']}"
        files = [
            await self.company.upload("/api/v1/claims/files", f"{name}-{number}.png", photo())
            for name in ("invoice", "payment")
        ]
        line = {
            "category": "service", "description": f"Feasibility study, part {number}", "supplier": "Tartu Labs",
            "spent_on": office.today, "currency": "EUR", "amount_minor": PART, "receipts": files,
        }  # fmt: skip
        await self.company.act(f"{path}/add-line", line, step=f"{step}-line")
        await self.company.act(f"{path}/file", step=f"{step}-file")
        (listed,) = (await office.verifier.get(path))["claimed_lines"]
        checked = {"line": listed["id"], "accepted_cost_cents": PART, "reason": "in_order"}
        await office.verifier.act(f"{path}/check-line", checked, step=f"{step}-check")
        await office.verifier.act(f"{path}/verify", step=f"{step}-verify")
        await office.approver.act(f"{path}/approve", step=f"{step}-approve")
        return claim["id"]

    async def paid(self, claim: str) -> None:
        _batch, file = await self.office.order()
        self.office.bank.with_file("take", file)
        await self.office.read_statements()

        async def look() -> dict[str, Any] | None:
            return await self.office.verifier.get(f"/api/v1/claims/{claim}")

        done = await wait_until("claim", look, lambda state: state in ("paid", "closed"))
        assert done["paid_cents"] == PART

    async def gives_its_account(self) -> None:
        body = {
            "organisation": self.organisation, "holder": "Voucher Company", "iban": account(self.cast.run, 1)
        }  # fmt: skip
        payee = await eventually(lambda: self.company.act("/api/v1/payees", body, step="payee"))
        verifier = self.office.verifier
        await verifier.act(f"/api/v1/payees/{payee['id']}/check", {"outcome": "match"}, step="payee-check")
        await self.office.compare(KRAKOW)

    async def reports(self) -> None:
        worklist = await self.company.get("/api/v1/worklist")
        report = next(
            task["subject"] for task in worklist["items"] if task["subject"]["aggregate"] == "report"
        )
        path = f"/api/v1/reports/{report['id']}"
        answers = {"done": "The study.", "outcome": "The assay works.", "again": True}
        await self.company.act(f"{path}/submit", {"answers": answers}, step="report")
        await self.officer.act(f"{path}/accept", step="accept-report")

    async def until(self, state: str) -> dict[str, Any]:
        async def look() -> dict[str, Any] | None:
            return await self.officer.get(f"/api/v1/applications/{self.case}")

        return await wait_until("voucher", look, lambda now: now == state)


async def test_from_one_click_to_two_paid_claims(stack: Stack, office: Office) -> None:
    story = Story(office)
    call = await story.call()
    await story.applies(call, await story.provider())
    await story.evaluated()
    await story.granted()
    await story.gives_its_account()
    await story.paid(await story.claims(1))
    await story.reports()
    await story.paid(await story.claims(2))
    closed = await story.until("closed")
    assert closed["amount_cents"] == GRANT
    await verified(stack)
