"""The third story: a travel call with a cut-off, money for two of four, and a reserve list that moves up.

Two experts score each application and agree on a consensus; where they are far apart a third one joins them. Two
officers settle the ranking and announce it; one who was to be funded steps back, and the first in reserve is served.
"""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from deploy.demo.cast import CE4BIG, KRAKOW, Cast, account, registration_number
from deploy.demo.client import Person
from deploy.demo.exchange import Say, wait_until
from deploy.demo.travel_call import APPLICANTS, ASKED, EVALUATORS, FORMS, LINE, rules
from services.chassis.clock import Clock

OPEN_DAYS = 30
"""Business days and nights from the publication to the cut-off: time enough for all to register and to submit."""
ENDS = {name: one.ends for name, one in APPLICANTS.items()}


def ends_of(cutoff: Mapping[str, Any]) -> dict[str, str]:
    """The state of each application, as the story has ended."""
    return {name: case["state"] for name, case in cutoff["cases"].items()}


class CutOff:
    """The call, its cut-off, and four applications."""

    def __init__(self, cast: Cast, clock: Clock, say: Say) -> None:
        self.cast = cast
        self.clock = clock
        self.say = say
        self.coordinator = cast.seeded("ce4big-coordinator", "cutoff")
        self.officer = cast.seeded("ce4big-officer", "cutoff")
        self.second = cast.seeded("ce4big-officer-2", "cutoff")
        self.id = ""
        self.cases: dict[str, str] = {}

    async def play(self) -> dict[str, Any]:
        call = await self._publish()
        people = await asyncio.gather(*(self._apply(name, call) for name in APPLICANTS))
        self.say("four companies apply in time")
        await asyncio.gather(*(self._assess(name) for name in APPLICANTS))
        await self._rank()
        funded = dict(zip(APPLICANTS, people, strict=True))
        await self._until("second", "awarded", "withdrawn")
        await funded["second"].act(self._path("second", "withdraw"), step="withdraw-second")
        self.say("one who was to be funded steps back; its money serves the first of the reserve list")
        await asyncio.gather(*(self._sign(name, funded[name]) for name in ("first", "reserve")))
        await self._until("refused", "rejected")
        self.say("two are granted, one of them from the reserve list; one is refused")
        return await self._ended()

    async def _publish(self) -> str:
        line = {"partnership": CE4BIG, "member": KRAKOW, "name": f"Travel, run {self.cast.run}",
                "amount_cents": LINE, "iban": account(self.cast.run, 2)}  # fmt: skip
        budget = (await self.coordinator.act("/api/v1/budgets", line, step="budget"))["id"]
        asked, report = await self._form("apply"), await self._form("report")
        now = self.clock.now()
        kept = self.cast.kept("cutoff") or self.cast.keep(
            "cutoff",
            {
                "partnership": CE4BIG,
                "budget": budget,
                "title": f"Travel grants in the health sector, run {self.cast.run}",
                "edition": f"travel {self.cast.run}",
                "first_day": now.date().isoformat(),
                "last_day": (now + timedelta(days=OPEN_DAYS)).date().isoformat(),
                "preset": "empty",
                "closes_at": (now + timedelta(days=OPEN_DAYS)).isoformat(),
            },
        )
        begun = {name: value for name, value in kept.items() if name != "closes_at"}
        call = await self.coordinator.draft("/api/v1/calls", begun, step="call")
        if call["state"] == "draft":
            change = {"form": asked, "rules": rules(kept["closes_at"], report)}
            await self.coordinator.save(f"/api/v1/calls/{call['id']}", change)
        await self.officer.act(f"/api/v1/calls/{call['id']}/publish", step="publish-call")
        self.id = (await self.officer.get(f"/api/v1/calls/{call['id']}/cutoffs"))[0]["id"]
        self.say("CE4BIG publishes a travel call with a cut-off, and money for two")
        return call["id"]

    async def _form(self, name: str) -> str:
        """Made of its definition, published."""
        body = {"partnership": CE4BIG, "title": f"{name}, run {self.cast.run}", "language": "en"}
        made = await self.officer.draft("/api/v1/forms", body, step=f"form-{name}")
        if made["state"] == "draft" and made["edition"] == 0:
            edit = {"edition": 0, "edit": {"op": "replace", "definition": FORMS[name]}}
            await self.officer.draft(f"/api/v1/forms/{made['id']}/edits", edit, step=f"define-{name}")
        await self.officer.act(f"/api/v1/forms/{made['id']}/publish", step=f"publish-{name}")
        return made["id"]

    async def _apply(self, name: str, call: str) -> Person:
        """Registers the company, fills in the form, submits; waits until it is in review."""
        company = APPLICANTS[name].company
        person = await self.cast.newcomer(company.person, company.mail, f"cutoff-{name}")
        described = {
            "name": f"{company.name} {self.cast.run}", "kind": "sme", "town": company.town, "cluster": company.cluster,
            "registration_number": registration_number(company.town, name, "cutoff", self.cast.run),
        }  # fmt: skip
        organisation = (await person.act("/api/v1/organisations", described, step="organisation"))["id"]
        begun = {"organisation": organisation}
        case = await person.draft(f"/api/v1/calls/{call}/applications", begun, step="begin")
        self.cases[name] = case["id"]
        if case["state"] == "draft":
            first = self.clock.now().date() + timedelta(days=90)
            answers = {
                "purpose": "Meet the hospital that would try our device.",
                "dates": {"first": first.isoformat(), "last": (first + timedelta(days=4)).isoformat()},
                "requested": {"cents": ASKED, "currency": "EUR"},
            }
            draft = f"/api/v1/applications/{case['id']}"
            sections = (await person.get(f"{draft}/draft"))["sections"]
            if not sections.get("trip", {}).get("version"):
                await person.save(f"{draft}/sections/trip", {"version": 0, "answers": answers})
        await person.act(self._path(name, "submit"), step="submit")
        await self._while(name, "submitted")
        return person

    async def _assess(self, name: str) -> None:
        """Two experts score, a third where they are far apart; then all agree to what the lead writes."""
        points = APPLICANTS[name].points
        score = await self._task(name, "score")
        for key, given in zip(EVALUATORS, points[:2], strict=False):
            await self._score(name, score["id"], key, given)
        if len(points) > 2:
            await self._task(name, "score", quorum=3)
            self.say("two experts are far apart on one application, so a third one scores it")
            await self._score(name, score["id"], EVALUATORS[2], points[2])
        agree = await self._task(name, "agree")
        experts = [self._evaluator(name, key) for key in EVALUATORS[: len(points)]]
        experts.sort(key=lambda one: one.id != agree["lead"])
        sheet: dict[str, Any] = {
            "scores": {"plan": APPLICANTS[name].agreed},
            "comments": {"plan": "We agree."},
        }
        for number, expert in enumerate(experts):
            part = await self._part(expert, agree["id"])
            done = await expert.act(f"/api/v1/assessments/{part}/submit", sheet, step=f"agree-{number}")
            if number == 0:
                sheet = {"seen": done["version"]}
        await self._while(name, "in_review")

    async def _score(self, name: str, stage: str, key: str, points: int) -> None:
        expert = self._evaluator(name, key)
        officer = self.officer.in_story(f"{self.cast.run}:cutoff-{name}")
        body = {"stage": stage, "evaluator": expert.id}
        part = (await officer.act("/api/v1/assessments", body, step=f"assign-{key}"))["id"]
        await expert.act(f"/api/v1/assessments/{part}/declare", {"none": True}, step="declare")
        sheet = {"scores": {"plan": points}, "comments": {"plan": "Seen from the clinic."}}
        await expert.act(f"/api/v1/assessments/{part}/submit", sheet, step="score")

    async def _rank(self) -> None:
        path = f"/api/v1/cutoffs/{self.id}"

        async def look() -> dict[str, Any]:
            return await self.officer.get(path)

        await wait_until("cut-off", look, lambda state: state != "open")
        seen = self.cast.kept("ranking") or self.cast.keep("ranking", (await look())["seen"])
        await self.officer.act(f"{path}/settle", {"seen": seen}, step="settle")
        await self.second.act(f"{path}/settle", {"seen": seen}, step="settle-second")
        self.say("two officers settle the ranking: two are to be funded, one is in reserve, one is refused")
        await self.officer.act(f"{path}/announce", step="announce")
        self.say("the results are announced; every applicant gets a mail")

    async def _sign(self, name: str, visitor: Person) -> None:
        """The applicant first, the paying member last."""
        await self._until(name, "awarded", "granted")
        case = await self.officer.get(self._path(name))
        paper = case["agreements"][-1]
        body = {"document": paper["document"], "function": "Managing director", "power": True}
        payer = self.cast.seeded("krakow-payer", f"cutoff-{name}")
        for who in (visitor, payer):
            await who.act(f"/api/v1/agreements/{paper['id']}/sign", body, step="sign")
        await self._until(name, "granted")

    async def _task(self, name: str, key: str, quorum: int = 0) -> dict[str, Any]:
        """A task of the review, once it is there and wants so many answers."""

        async def look() -> dict[str, Any] | None:
            stages = await self.officer.get(self._path(name, "stages"))
            return next((one for one in stages if one["key"] == key and one["quorum"] >= quorum), None)

        return await wait_until(f"cutoff {name}: {key}", look, bool)

    async def _part(self, expert: Person, stage: str) -> str:
        return next(one["id"] for one in await expert.get("/api/v1/assessments") if one["stage"] == stage)

    def _evaluator(self, name: str, key: str) -> Person:
        return self.cast.seeded(key, f"cutoff-{name}")

    def _path(self, name: str, act: str = "") -> str:
        return f"/api/v1/applications/{self.cases[name]}" + (f"/{act}" if act else "")

    async def _state(self, name: str) -> dict[str, Any]:
        return await self.officer.get(self._path(name))

    async def _until(self, name: str, *states: str) -> None:
        await wait_until(f"cutoff {name}", lambda: self._state(name), lambda state: state in states)

    async def _while(self, name: str, here: str) -> None:
        await wait_until(f"cutoff {name}", lambda: self._state(name), lambda state: state != here)

    async def _ended(self) -> dict[str, Any]:
        standing = await self.officer.get(f"/api/v1/cutoffs/{self.id}")
        seen = {name: await self._state(name) for name in APPLICANTS}
        cases = {
            name: {key: case[key] for key in ("id", "number", "state", "outcome", "place")}
            for name, case in seen.items()
        }
        return {"id": self.id, "state": standing["state"], "cases": cases}
