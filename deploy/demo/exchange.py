"""One exchange, from the registration of its company to its end, played by the people whose move it is.

Every step asks first how far the case is, so a run that was broken off goes on where it was.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

from contracts.workdays import is_working_day
from deploy.bank.books import Account, Bank
from deploy.demo.cast import CE4BIG, CELIS, COMPANIES, KRAKOW, Cast, account, registration_number
from deploy.demo.client import Person, Refused
from services.chassis.clock import Clock

EVIDENCE = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)
SANCTIONS = b"name\nSomebody Whom Nobody May Pay\n"
PLAN = {
    "activities": ["knowledge_sharing", "networking"],
    "objectives": "Learn how companion diagnostics reach the clinic, and find a partner for a pilot.",
    "declarations": ["sme", "no_double_funding", "no_exclusion", "no_restrictive_measures"],
}
"""What every company of the demo answers."""
ENOUGH_TIME = 9
"""Calendar days between filling in the form and the first day: time to review and to sign."""
PATIENCE = 600.0

Say = Callable[[str], None]


class Ground:
    """What all exchanges of a run share: budget line, call, the host, and the officers."""

    host: Person
    hosting: str
    budget: str
    call: str

    def __init__(self, cast: Cast, clock: Clock, say: Say) -> None:
        self.cast = cast
        self.clock = clock
        self.say = say

    async def prepare(self) -> None:
        """The call is open; the host registers and is validated."""
        await self.open_call()
        self.host, self.hosting = await self.company("host", "host", CELIS, "celis-officer")

    async def open_call(self) -> None:
        """The coordinator opens the budget line and drafts the call; the officer publishes it."""
        coordinator = self.cast.seeded("ce4big-coordinator", "ground")
        line = {
            "partnership": CE4BIG,
            "member": KRAKOW,
            "name": f"Exchanges, run {self.cast.run}",
            "amount_cents": 20_000_00,
            "iban": self.cast.iban(),
        }
        self.budget = (await coordinator.act("/api/v1/budgets", line, step="budget"))["id"]
        self.say("CE4BIG opens a budget line of 20,000.00 EUR for Klaster LifeScience Kraków")
        today = self.clock.now().date()
        call = {
            "partnership": CE4BIG,
            "budget": self.budget,
            "title": f"Exchanges in the health sector, run {self.cast.run}",
            "edition": f"run {self.cast.run}",
            "first_day": today.isoformat(),
            "last_day": (today + timedelta(days=180)).isoformat(),
        }
        kept = self.cast.kept("call") or self.cast.keep("call", call)
        self.call = (await coordinator.draft("/api/v1/calls", kept, step="call"))["id"]
        officer = self.cast.seeded("ce4big-officer", "ground")
        await officer.act(f"/api/v1/calls/{self.call}/publish", step="publish-call")
        self.say("CE4BIG publishes its call")

    async def company(self, key: str, side: str, partnership: str, officer: str) -> tuple[Person, str]:
        """A company registers, takes part, and its partnership validates it: (person, participation)."""
        company = COMPANIES[key]
        person = await self.cast.newcomer(company.person, company.mail, key)
        organisation = await person.act(
            "/api/v1/organisations",
            {
                "name": f"{company.name} {self.cast.run}",
                "kind": "sme",
                "town": company.town,
                "registration_number": registration_number(company.town, key, self.cast.run),
                "cluster": company.cluster,
            },
            step="organisation",
        )
        participation = await person.act(
            "/api/v1/participations",
            {
                "organisation": organisation["id"],
                "partnership": partnership,
                "side": side,
                "activities": ["knowledge_sharing", "networking"],
                "sectors": ["diagnostics"],
                "languages": ["en"],
                "motivation": "We look for partners in companion diagnostics.",
            },
            step="participation",
        )
        officer_ = self.cast.seeded(officer, key)
        await officer_.act(f"/api/v1/participations/{participation['id']}/validate", step="validate")
        self.say(f"{company.name} of {company.town} registers as {side} and is validated")
        return person, participation["id"]


class Exchange:
    """One case of one company: so many working days from a Monday on, or three days online."""

    def __init__(self, ground: Ground, key: str, say: Say, *, mode: str = "physical", days: int = 5) -> None:
        self.ground = ground
        self.key = key
        self.say = say
        self.mode = mode
        self.days = 3 if mode == "virtual" else days
        self.officer = ground.cast.seeded("ce4big-officer", key)
        self.host_officer = ground.cast.seeded("celis-officer", key)
        self.payer = ground.cast.seeded("krakow-payer", key)
        self.case = ""

    async def play_to_review(self) -> None:
        """Register, propose, match, fill in, submit; eligibility is checked by Relais."""
        draft = await self.prepare()
        await self.visitor.act(f"/api/v1/applications/{self.case}/submit", step="submit")
        amount = draft["estimate_cents"] or 0
        self.say(
            f"submits {draft['number']}: {amount / 100:,.2f} EUR, last possible day {draft['latest_last_day']}"
        )
        await self.until("application", lambda state: state != "submitted")

    async def prepare(self) -> dict[str, Any]:
        """Register, propose, match, fill in (saved on the way): the draft that can be submitted."""
        ground = self.ground
        self.visitor, visiting = await ground.company(self.key, "visitor", CE4BIG, "ce4big-officer")
        self.host = ground.host.in_story(f"{ground.cast.run}:{self.key}")
        made = await self.visitor.act(
            "/api/v1/proposals",
            {
                "call": ground.call,
                "visitor": visiting,
                "host": ground.hosting,
                "message": "May we visit you?",
            },
            step="propose",
        )
        await self.host.act(f"/api/v1/proposals/{made['id']}/accept", step="accept")
        self.say("proposes an exchange, the host accepts: matched")
        draft = await self._fill_in(made["id"])
        self.case = draft["id"]
        return draft

    async def decide(self, favourable: bool = True) -> None:
        """The host's partnership gives its opinion, the visitor's decides."""
        application = f"/api/v1/applications/{self.case}"
        await self.host_officer.act(f"{application}/opine", {"favourable": "yes"}, step="opine")
        if favourable:
            await self.officer.act(f"{application}/select", {"remark": "A good match."}, step="select")
            await self.until(
                "application", lambda state: state not in ("in_review", "selected", "awaiting_budget")
            )
            self.say(
                "the host's partnership is in favour, the officer approves, the budget is reserved: awarded"
            )
        else:
            refusal = {"reason": "quality", "explanation": "The plan does not say what comes of the visit."}
            await self.officer.act(f"{application}/refuse", refusal, step="refuse")
            self.say("the officer rejects it; fourteen days to appeal")

    async def papers(self) -> dict[str, Any]:
        """What is signed, by its kind."""
        application = await self.visitor.get(f"/api/v1/applications/{self.case}")
        return {paper["kind"]: paper for paper in application["agreements"]}

    async def sign(self) -> None:
        """Commitment to Quality in any order, by who has not yet; Financial Agreement with the visitor first and
        the payer last.
        """
        papers = await self.papers()
        signers = [("HO", self.host, "quality"), ("VO", self.visitor, "quality"), ("HOP", self.host_officer, "quality"),
                   ("VOP", self.officer, "quality")]  # fmt: skip
        if "financial" in papers:
            signers += [("VO", self.visitor, "financial"), ("PAY", self.payer, "financial")]
        for number, (party, who, kind) in enumerate(signers):
            if party not in papers[kind]["missing"]:
                continue
            body = {"document": papers[kind]["document"], "function": "Managing director", "power": True}
            await who.act(f"/api/v1/agreements/{papers[kind]['id']}/sign", body, step=f"sign-{kind}-{number}")
        await self.until("application", lambda state: state in ("granted", "closed"))
        self.say(f"all {len(signers)} signatures are there: granted")

    async def visit(self) -> str:
        """Waits for the visit's days, reports with evidence, and has the days validated: the visit's id."""
        visit = await self.until(
            "visit", lambda state: state in ("report_due", "report_submitted", "validated", "closed")
        )
        self.say("the visit is over, the report is due")
        file = await self.visitor.upload("/api/v1/files", "boarding-pass.pdf", EVIDENCE)
        report = {
            "days": self.days,
            "report": "We saw the laboratory, met eleven members and agreed on a pilot.",
            "helpful": 5,
            "evidence": [file],
        }
        path = f"/api/v1/visits/{visit['id']}"
        await self.host.act(f"{path}/confirm", {"days": report["days"]}, step="confirm")
        await self.visitor.act(f"{path}/report", report, step="report")
        await self.officer.act(f"{path}/validate", {"days": report["days"]}, step="validate-visit")
        self.say(f"reports with evidence; the officer validates {report['days']} working days")
        return visit["id"]

    async def be_paid(self) -> None:
        """The claim opens by itself; one verifies, another approves, two more order; the bank books it."""
        claim = await self._claim()
        money = self.ground.cast
        verifier, approver = (
            money.seeded("krakow-verifier", self.key),
            money.seeded("krakow-approver", self.key),
        )
        first, second = (
            money.seeded("krakow-treasurer-1", self.key),
            money.seeded("krakow-treasurer-2", self.key),
        )
        if claim["state"] == "opened":
            payee = {"organisation": claim["organisation"], "holder": COMPANIES[self.key].name,
                     "iban": account(money.run, 1)}  # fmt: skip
            entered = await self.visitor.act("/api/v1/payees", payee, step="payee")
            await verifier.act(
                f"/api/v1/payees/{entered['id']}/check", {"outcome": "match"}, step="payee-check"
            )
            self.say("gives its account, which a second person checks; the claim files itself")
        await compare_with_sanctions(money, self.ground.clock, verifier)
        path = f"/api/v1/claims/{claim['id']}"
        await verifier.act(f"{path}/verify", {"accepted_cents": claim["amount_cents"]}, step="verify")
        await approver.act(f"{path}/approve", step="approve")
        self.say(
            f"claim {claim['number']}: {claim['amount_cents'] / 100:,.2f} EUR, verified by one, approved by another"
        )
        batch = money.kept("batch") or money.keep(
            "batch",
            (
                await first.act(
                    "/api/v1/batches", {"member": KRAKOW, "budget": self.ground.budget}, step="batch"
                )
            )["id"],
        )
        await first.act(f"/api/v1/batches/{batch}/second", step="first-authoriser")
        await second.act(f"/api/v1/batches/{batch}/authorise", step="second-authoriser")
        file = await second.download(f"/api/v1/batches/{batch}/file")
        self.say("two treasurers authorise the payment file (pain.001.001.09)")
        kept = money.kept("statement")
        if kept is None:
            bank = Bank([Account(money.iban())])
            (statement,) = bank.book(file, self.ground.clock.now().date())
            kept = money.keep("statement", statement.decode())
        uploaded = await first.upload("/api/v1/statements/files", "statement.xml", kept.encode())
        await first.act("/api/v1/statements", {"file": uploaded}, step="statement")
        await self._claim_until(lambda state: state in ("paid", "closed"))
        self.say("the bank's statement (camt.053) is read back: paid")
        await self._claim_until(lambda state: state == "closed")

    async def until(self, what: str, reached: Callable[[str], bool]) -> dict[str, Any]:
        """Waits until the case's application or visit is where it should be; asks its owner, gently."""

        async def look() -> dict[str, Any] | None:
            if what == "application":
                return await self.officer.get(f"/api/v1/applications/{self.case}")
            seen = await self.officer.get(f"/api/v1/cases/{self.case}")
            return seen.get("visit")

        return await wait_until(f"{self.key}: {what}", look, reached)

    async def _claim(self) -> dict[str, Any]:
        return await self._claim_until(lambda state: bool(state))

    async def _claim_until(self, reached: Callable[[str], bool]) -> dict[str, Any]:
        verifier = self.ground.cast.seeded("krakow-verifier", self.key)

        async def look() -> dict[str, Any] | None:
            listed = await verifier.get(f"/api/v1/claims?case={self.case}")
            return listed[-1] if listed else None

        return await wait_until(f"{self.key}: claim", look, reached)

    async def _fill_in(self, proposal: str) -> dict[str, Any]:
        """Two saves, as people do: when first, the rest later."""
        path = f"/api/v1/proposals/{proposal}/application"
        kept = self.ground.cast.kept(f"days:{self.key}")
        if kept is None:
            first = next_monday(self.ground.clock.now().date() + timedelta(days=ENOUGH_TIME))
            kept = self.ground.cast.keep(f"days:{self.key}", first.isoformat())
        first = date.fromisoformat(kept)
        when: dict[str, Any] = {
            "mode": self.mode,
            "first_day": first.isoformat(),
            "last_day": (first + timedelta(days=4 if self.mode == "virtual" else self.days - 1)).isoformat(),
        }
        if self.mode == "virtual":
            when["days"] = [(first + timedelta(days=step)).isoformat() for step in (0, 2, 4)]
        seen = await self.visitor.find(
            f"/api/v1/applications/{self.ground.cast.kept(f'case:{self.key}') or proposal}"
        )
        if seen is None or seen["state"] == "draft":
            await self.visitor.save(path, when)
            draft = await self.visitor.save(
                path,
                {
                    **PLAN,
                    "agenda": "Monday: laboratory and introduction.\nTuesday to Friday: meetings with members.",
                },
            )
            self.ground.cast.keep(f"case:{self.key}", draft["id"])
            return self.ground.cast.keep(f"draft:{self.key}", draft)
        return self.ground.cast.kept(f"draft:{self.key}") or seen


async def wait_until(
    what: str, look: Callable[[], Awaitable[dict[str, Any] | None]], reached: Callable[[str], bool]
) -> dict[str, Any]:
    """Asks again and again; gives up with a sentence."""
    deadline = time.monotonic() + PATIENCE
    seen: dict[str, Any] | None = None
    while time.monotonic() < deadline:
        seen = await look()
        if seen and reached(seen["state"]):
            return seen
        await asyncio.sleep(0.25)
    raise Refused(f"{what} stands at {seen and seen['state']}")


async def compare_with_sanctions(cast: Cast, clock: Clock, verifier: Person) -> None:
    """Imports a list, which no account holder of the demo stands on."""
    dated = cast.kept("sanctions") or cast.keep("sanctions", clock.now().date().isoformat())
    file = await verifier.upload("/api/v1/sanctions-lists/files", "sanctions.txt", SANCTIONS)
    body = {"member": KRAKOW, "source": "Demo list", "dated": dated, "file": file}
    await verifier.act("/api/v1/sanctions-lists", body, step="sanctions-list")


def next_monday(day: date) -> date:
    """The first Monday from this day on whose five days are working days in Estonia."""
    while day.weekday() or not all(is_working_day(day + timedelta(days=n), "EE") for n in range(5)):
        day += timedelta(days=1)
    return day
