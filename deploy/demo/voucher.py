"""The fourth story: an Insight voucher of Boost4Health, from one click that makes its call to two invoices paid.

A knowledge provider in another country works for a small company. Two evaluators agree on its application, the officer
decides, and the company claims the provider's invoices in two parts, which one payment file pays.
"""

import asyncio
from typing import Any

from deploy.bank.books import Account, Bank
from deploy.demo.cast import CE4BIG, KRAKOW, TARTU, Cast, Company, account, registration_number
from deploy.demo.client import Person
from deploy.demo.exchange import EVIDENCE, Say, compare_with_sanctions, wait_until
from services.chassis.clock import Clock

COMPANY = Company("Piotr Zawada", "piotr.zawada", "Nanodiagnostyka", "Kraków", KRAKOW)
PROVIDER = Company("Liis Kask", "liis.kask", "Tartu Biomarker Labs", "Tartu", TARTU)
PROVIDES = {
    "side": "provider",
    "activities": ["knowledge_sharing"],
    "services": ["Validation of biomarkers"],
    "consents": ["directory"],
    "motivation": "We validate biomarkers for small companies.",
}
"""What a knowledge provider says of itself."""
PARTS = (1_500_00, 900_00)
GRANTED = sum(PARTS)
EVALUATORS = ("ce4big-evaluator-1", "ce4big-evaluator-2")
SCORES = dict.fromkeys(("relevance", "quality", "added_value", "impact"), 4)
REVIEW_DAYS = 60
"""Working days of each task of the review; a voucher's five would be over within seconds."""


class Voucher:
    """The call, the provider, and one company with its grant."""

    def __init__(self, cast: Cast, clock: Clock, say: Say) -> None:
        self.cast = cast
        self.clock = clock
        self.say = say
        self.officer, self.coordinator, self.payer, self.verifier, self.approver, self.first, self.second = (
            cast.seeded(key, "voucher")
            for key in ("ce4big-officer", "ce4big-coordinator", "krakow-payer", "krakow-verifier", "krakow-approver",
                        "krakow-treasurer-1", "krakow-treasurer-2")
        )  # fmt: skip
        self.case = ""
        self.organisation = ""

    async def play(self) -> dict[str, Any]:
        call, provider = await asyncio.gather(self._publish(), self._provide())
        company = await self._apply(call, provider)
        await self._review()
        await self._grant(company)
        await self._give_account(company)
        for number, cents in enumerate(PARTS, start=1):
            await self._claim(company, number, cents)
        await self._pay()
        await self._report(company)
        closed = await self._until("closed")
        self.say("used up, reported on and closed")
        claims = await self.verifier.get(f"/api/v1/claims?case={self.case}")
        told = {name: closed[name] for name in ("id", "number", "state")}
        return {**told, "paid_cents": sum(claim["paid_cents"] for claim in claims)}

    async def _publish(self) -> str:
        line = {"partnership": CE4BIG, "member": KRAKOW, "name": f"Vouchers, run {self.cast.run}",
                "amount_cents": 5_000_00, "iban": account(self.cast.run, 3)}  # fmt: skip
        budget = (await self.coordinator.act("/api/v1/budgets", line, step="budget"))["id"]
        call = await self.officer.draft("/api/v1/calls/vouchers/insight", {"budget": budget}, step="call")
        if call["state"] == "draft":
            rules = (await self.officer.get(f"/api/v1/calls/{call['id']}"))["rules"]
            for stage in rules["stages"]:
                for task in stage["tracks"]:
                    task["days"] = REVIEW_DAYS
            await self.officer.save(f"/api/v1/calls/{call['id']}", {"rules": rules})
        await self.coordinator.act(f"/api/v1/calls/{call['id']}/publish", step="publish-call")
        self.say("one click makes a call for Insight vouchers; a second person publishes it")
        return call["id"]

    async def _registered(self, company: Company, kind: str) -> tuple[Person, str]:
        person = await self.cast.newcomer(company.person, company.mail, f"voucher-{kind}")
        body = {
            "name": f"{company.name} {self.cast.run}", "kind": kind, "town": company.town,
            "registration_number": registration_number(company.town, company.name, "voucher", self.cast.run),
            "cluster": company.cluster if kind == "sme" else None,
        }  # fmt: skip
        return person, (await person.act("/api/v1/organisations", body, step="organisation"))["id"]

    async def _provide(self) -> str:
        """The provider registers with what it offers, and the partnership validates it."""
        person, id = await self._registered(PROVIDER, "training")
        profile = {**PROVIDES, "organisation": id, "partnership": CE4BIG}
        made = await person.act("/api/v1/participations", profile, step="participation")
        await self.officer.act(f"/api/v1/participations/{made['id']}/validate", step="provider")
        self.say(f"{PROVIDER.name} registers as knowledge provider and is validated")
        return id

    async def _apply(self, call: str, provider: str) -> Person:
        company, self.organisation = await self._registered(COMPANY, "sme")
        begun = {"organisation": self.organisation}
        case = await company.draft(f"/api/v1/calls/{call}/applications", begun, step="begin")
        self.case = case["id"]
        path, money = f"/api/v1/applications/{self.case}", {"cents": GRANTED, "currency": "EUR"}
        texts = dict.fromkeys(("purpose", "contribution", "effect"), "Find out whether our assay works.")
        pages: dict[str, dict[str, Any]] = {
            "work": {**texts, "provider": provider},
            "money": {"costs": [{"what": "Feasibility study", "amount": money}], "requested": money},
            "declare": {"no_double_funding": True, "independent": True},
        }
        if case["state"] == "draft":
            kept = (await company.get(f"{path}/draft"))["sections"]
            for page, answers in pages.items():
                if not kept.get(page, {}).get("version"):
                    await company.save(f"{path}/sections/{page}", {"version": 0, "answers": answers})
        await company.act(f"{path}/submit", step="submit")
        self.say(f"{COMPANY.name} applies for {GRANTED / 100:,.2f} EUR with a provider in Estonia")
        return company

    async def _review(self) -> None:
        """Both evaluators score; both agree to what the lead writes; the officer decides."""
        people = [self.cast.seeded(key, "voucher") for key in EVALUATORS]
        score = await self._task("score")
        for number, who in enumerate(people):
            body = {"stage": score["id"], "evaluator": who.id}
            part = (await self.officer.act("/api/v1/assessments", body, step=f"assign-{number}"))["id"]
            await who.act(f"/api/v1/assessments/{part}/declare", {"none": True}, step=f"declare-{number}")
            await who.act(f"/api/v1/assessments/{part}/submit", {"scores": SCORES}, step=f"score-{number}")
        agree = await self._task("consensus")
        sheet: dict[str, Any] = {"scores": SCORES}
        for who in sorted(people, key=lambda who: who.id != agree["lead"]):
            mine = await who.get("/api/v1/assessments")
            part = next(one["id"] for one in mine if one["stage"] == agree["id"])
            written = await who.act(f"/api/v1/assessments/{part}/submit", sheet, step=f"agree-{who.id}")
            sheet = {"seen": written["version"]} if "scores" in sheet else sheet
        await self._task("decide")
        await self.officer.act(f"/api/v1/applications/{self.case}/select", step="select")
        self.say("two evaluators agree on its scores, the officer approves")

    async def _grant(self, company: Person) -> None:
        awarded = await self._until("awarded", "granted", "closed")
        paper = awarded["agreements"][-1]
        body = {"document": paper["document"], "function": "Managing director", "power": True}
        for who in (company, self.officer, self.payer):
            await who.act(f"/api/v1/agreements/{paper['id']}/sign", body, step=f"sign-{who.id}")
        await self._until("granted", "closed")
        self.say("all have signed: the voucher is issued")

    async def _give_account(self, company: Person) -> None:
        body = {"organisation": self.organisation, "holder": COMPANY.name, "iban": account(self.cast.run, 4)}
        payee = (await company.act("/api/v1/payees", body, step="payee"))["id"]
        await self.verifier.act(f"/api/v1/payees/{payee}/check", {"outcome": "match"}, step="payee-check")
        await compare_with_sanctions(self.cast, self.clock, self.verifier)

    async def _claim(self, company: Person, number: int, cents: int) -> None:
        """One part: the provider's invoice with the proof of its payment, verified by one and approved by another."""
        step = f"part-{number}"
        claim = (await company.act("/api/v1/claims", {"voucher": self.case}, step=step))["id"]
        path = f"/api/v1/claims/{claim}"
        receipts = [
            await company.upload(
                "/api/v1/claims/files", f"{name}-{number}.pdf", self._paper(f"{name} {number}")
            )
            for name in ("invoice", "payment")
        ]
        today = self.clock.now().date().isoformat()
        line = {
            "category": "service", "description": f"Feasibility study, part {number}", "supplier": PROVIDER.name,
            "spent_on": self.cast.kept(step) or self.cast.keep(step, today), "currency": "EUR", "amount_minor": cents,
            "receipts": receipts,
        }  # fmt: skip
        await company.act(f"{path}/add-line", line, step=f"{step}-line")
        await company.act(f"{path}/file", step=f"{step}-file")
        (listed,) = (await self.verifier.get(path))["claimed_lines"]
        checked = {"line": listed["id"], "accepted_cost_cents": cents, "reason": "in_order"}
        await self.verifier.act(f"{path}/check-line", checked, step=f"{step}-check")
        await self.verifier.act(f"{path}/verify", step=f"{step}-verify")
        await self.approver.act(f"{path}/approve", step=f"{step}-approve")
        self.say(f"part {number}: the provider's invoice of {cents / 100:,.2f} EUR, verified and approved")

    def _paper(self, of: str) -> bytes:
        """A file that no other equals: a receipt counts once."""
        return EVIDENCE + f"% {of} of run {self.cast.run}\n".encode()

    async def _pay(self) -> None:
        """Both parts in one file; the bank books it, and the statement is read back."""
        line = (await self.officer.get(f"/api/v1/applications/{self.case}"))["budget"]
        wanted = {"member": KRAKOW, "budget": line}
        batch = (await self.first.act("/api/v1/batches", wanted, step="batch"))["id"]
        await self.first.act(f"/api/v1/batches/{batch}/second", step="first-authoriser")
        await self.second.act(f"/api/v1/batches/{batch}/authorise", step="second-authoriser")
        kept = self.cast.kept("voucher-statement")
        if kept is None:
            file = await self.second.download(f"/api/v1/batches/{batch}/file")
            (statement,) = Bank([Account(account(self.cast.run, 3))]).book(file, self.clock.now().date())
            kept = self.cast.keep("voucher-statement", statement.decode())
        uploaded = await self.first.upload("/api/v1/statements/files", "statement.xml", kept.encode())
        await self.first.act("/api/v1/statements", {"file": uploaded}, step="statement")
        self.say("one payment file for both, booked by the bank: paid")

    async def _report(self, company: Person) -> None:
        async def look() -> dict[str, Any] | None:
            tasks = (await company.get("/api/v1/worklist"))["items"]
            subjects = (task["subject"] for task in tasks)
            return next((one for one in subjects if one["aggregate"] == "report"), None)

        report = self.cast.kept("voucher-report")
        if report is None:
            awaited = await wait_until("voucher: its report", look, bool)
            report = self.cast.keep("voucher-report", awaited["id"])
        answers = {"done": "The study.", "outcome": "The assay works.", "again": True}
        await company.act(f"/api/v1/reports/{report}/submit", {"answers": answers}, step="report")
        await self.officer.act(f"/api/v1/reports/{report}/accept", step="accept-report")

    async def _task(self, key: str) -> dict[str, Any]:
        """A task of the review, once it is open or was."""

        async def look() -> dict[str, Any] | None:
            stages = await self.officer.get(f"/api/v1/applications/{self.case}/stages")
            return next((one for one in stages if one["key"] == key), None)

        return await wait_until(f"voucher: {key}", look, bool)

    async def _until(self, *states: str) -> dict[str, Any]:
        async def look() -> dict[str, Any]:
            return await self.officer.get(f"/api/v1/applications/{self.case}")

        return await wait_until("voucher", look, lambda state: state in states)
