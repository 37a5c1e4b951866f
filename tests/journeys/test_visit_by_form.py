"""A visit under a call with a form, on the whole stack: the form asks for the host and the days, both partnerships
judge, all sign, and the company travels, reports, claims its costs against receipts and is paid.
"""

from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.demo.cast import CE4BIG, KRAKOW, Cast
from deploy.demo.exchange import Exchange, Ground, next_monday, wait_until
from deploy.demo.travel_call import form, words
from deploy.local.stack import Stack
from services.chassis.clock import Clock
from tests.journeys.eventually import eventually
from tests.journeys.office import Bank, Office
from tests.service.claiming import photo
from tests.stacks import asked, verified

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

COSTS = 350_00
AHEAD = timedelta(days=60)
"""Between the form and the first day: two seconds each, in which everybody judges and signs."""
FORM = form(
    "A visit to a host",
    "trip",
    {"key": "purpose", "kind": "long_text", "label": words("What do you go for?")},
    {"key": "dates", "kind": "period", "label": words("When do you go?"), "future": True},
    {"key": "host", "kind": "organisation", "label": words("Whom do you visit?"), "among": "hosts"},
    {"key": "requested", "kind": "money", "label": words("How much do you ask for?")},
)
RULES: dict[str, Any] = {
    "parties": ["VO", "HO", "VOP", "HOP", "PAY"],
    "host": "host",
    "signing": [
        {"document": "quality", "parties": ["VO", "HO", "VOP", "HOP"]},
        {"document": "financial", "parties": ["VO", "PAY"], "ordered": True},
    ],
    "fulfilment": {"kind": "visit", "categories": ["travel", "accommodation"]},
    "amount": {"mode": "requested", "question": "requested", "cap_cents": 1_000_00},
    "duration": {"question": "dates", "most_days": 14},
    "stages": [
        {"key": "review", "title": words("Review"), "tracks": [
            {"key": "opinion", "kind": "opinion", "title": words("Opinion"), "holder": "HOP", "days": 60},
            {"key": "decide", "kind": "decision", "title": words("Decision"), "holder": "VOP", "days": 60},
        ]},
    ],
}  # fmt: skip


class FormVisit(Exchange):
    """The exchange of the demo, but that a form asks for it and its costs are claimed."""

    async def prepare(self) -> dict[str, Any]:
        """The call is published, and the company fills in its form: the draft that can be submitted."""
        ground = self.ground
        call = await self._published()
        self.visitor, visiting = await ground.company(self.key, "visitor", CE4BIG, "ce4big-officer")
        self.host = ground.host.in_story(f"{ground.cast.run}:{self.key}")
        organisation, host = [
            (await who.get(f"/api/v1/participations/{id}"))["organisation"]
            for who, id in ((self.visitor, visiting), (self.host, ground.hosting))
        ]
        begun = {"organisation": organisation}
        begin = f"/api/v1/calls/{call}/applications"
        case = await eventually(lambda: self.visitor.draft(begin, begun, step="begin"))
        self.case = case["id"]
        first = next_monday(ground.clock.now().date() + AHEAD)
        answers = {
            "purpose": "Learn how companion diagnostics reach the clinic.",
            "dates": {"first": first.isoformat(), "last": (first + timedelta(days=4)).isoformat()},
            "host": host,
            "requested": {"cents": COSTS, "currency": "EUR"},
        }
        path = f"/api/v1/applications/{self.case}"
        await self.visitor.save(f"{path}/sections/trip", {"version": 0, "answers": answers})
        draft = await self.visitor.get(f"{path}/draft")
        return {"number": case["number"], "estimate_cents": draft["amount_cents"], "latest_last_day": ""}

    async def judged(self) -> None:
        """The host's partnership gives its opinion on its task of the review; the visitor's partnership decides."""
        path = f"/api/v1/applications/{self.case}"

        async def opinion() -> dict[str, Any] | None:
            rows = await self.host_officer.get(f"{path}/stages")
            return next((row for row in rows if row["key"] == "opinion"), None)

        task = await wait_until("opinion", opinion, lambda state: state == "open")
        said = {"favourable": "yes", "remark": "We know the host."}
        await self.host_officer.act(f"/api/v1/stages/{task['id']}/judge", said, step="opinion")
        await wait_until("opinion", opinion, lambda state: state != "open")
        await self.officer.act(f"{path}/select", {"remark": "A good plan."}, step="select")
        await self.until("application", lambda state: state in ("awarded", "granted"))

    async def claimed(self, office: Office) -> None:
        """One receipt, looked at by one and approved by another."""
        claim = await office.claim(self, "opened")
        path = f"/api/v1/claims/{claim['id']}"
        receipt = await self.visitor.upload("/api/v1/claims/files", "ticket.png", photo())
        seen = await self.visitor.get(f"/api/v1/applications/{self.case}")
        line = {
            "category": "travel", "description": "Flight to Tartu", "supplier": "LOT", "currency": "EUR",
            "spent_on": seen["frozen"]["first_day"], "amount_minor": COSTS, "receipts": [receipt],
        }  # fmt: skip
        await self.visitor.act(f"{path}/add-line", line, step="line")
        await self.visitor.act(f"{path}/file", step="file")
        (listed,) = (await office.verifier.get(path))["claimed_lines"]
        checked = {"line": listed["id"], "accepted_cost_cents": COSTS, "reason": "in_order"}
        await office.verifier.act(f"{path}/check-line", checked, step=office.step())
        await office.approve(self)

    async def _published(self) -> str:
        """The form and the call, drafted by the coordinator and published by the officer."""
        ground = self.ground
        coordinator = ground.cast.seeded("ce4big-coordinator", self.key)
        named = {"partnership": CE4BIG, "title": "A visit to a host", "language": "en"}
        asks_ = (await self.officer.draft("/api/v1/forms", named, step="form"))["id"]
        edit = {"edition": 0, "edit": {"op": "replace", "definition": FORM}}
        await self.officer.draft(f"/api/v1/forms/{asks_}/edits", edit, step="define")
        await self.officer.act(f"/api/v1/forms/{asks_}/publish", step="publish-form")
        today = ground.clock.now().date()
        begun = {
            "partnership": CE4BIG, "budget": ground.budget, "title": "Visits by form", "edition": "by form",
            "first_day": today.isoformat(), "last_day": (today + timedelta(days=180)).isoformat(), "preset": "empty",
        }  # fmt: skip
        call = (await coordinator.draft("/api/v1/calls", begun, step="form-call"))["id"]
        change = {"form": asks_, "rules": RULES, "terms": {"signing_days": 60}}
        await coordinator.save(f"/api/v1/calls/{call}", change)
        await self.officer.act(f"/api/v1/calls/{call}/publish", step="publish-form-call")
        return call


@pytest.fixture
async def office(stack: Stack, tmp_path: Path) -> AsyncGenerator[Office]:
    layout = stack.running_state.layout
    async with httpx.AsyncClient(base_url=layout.url("gateway"), timeout=30) as api:
        cast = Cast(layout, api, "form")
        ground = Ground(cast, Clock(layout.clock), lambda told: None)
        await ground.prepare()
        yield Office(ground, Bank(tmp_path, cast.iban()))


async def test_a_visit_from_the_draft_of_a_form_to_the_bank(stack: Stack, office: Office) -> None:
    visit = FormVisit(office.ground, "paid", lambda told: None)
    await visit.play_to_review()
    await visit.judged()
    await visit.sign()
    await visit.visit()
    await office.account(visit, 1)
    await office.compare(KRAKOW)
    await visit.claimed(office)
    _batch, file = await office.order()
    office.bank.with_file("take", file)
    await office.read_statements()
    assert (await office.claim(visit, "paid", "closed"))["paid_cents"] == COSTS
    closed = await visit.until("application", lambda state: state == "closed")
    assert (closed["frozen"]["working_days"], closed["amount_cents"]) == (5, COSTS)
    await verified(stack)
    status, told = await asked(stack, "verify", "money")
    assert (status, told["ok"]) == (0, True), told
