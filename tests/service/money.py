"""Cases on the reimbursements service in process: what others say of them, and the people of finance."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from contracts import application, asks, organisation, partnership, visit
from contracts.amounts import Mode, clusterxchange_rates, lump_sum
from contracts.ids import new_id
from contracts.steps import Standing, Subject
from contracts.tables import Body
from contracts.terms import Terms
from contracts.workdays import days_between
from deploy.demo.bank import Bank
from services.chassis.database import Database
from services.reimbursements import seeding
from services.reimbursements.app import make_service
from tests.facts import a_fact
from tests.people import Person, Stage, stage

MEMBER_IBAN = "PL61109010140000071219812874"
SME_IBAN = "PL27114020040000300201355387"
FIRST, LAST = date(2027, 1, 11), date(2027, 1, 15)


class Finance:
    """One paying member with its people, and as many cases as a test needs."""

    stage: Stage
    claimant: Person
    coordinator: Person
    verifier: Person
    approver: Person
    first: Person
    second: Person
    budget: str

    def __init__(self) -> None:
        self.bank = Bank()
        self.versions: dict[UUID, int] = {}
        self.member, self.partnership, self.sme = new_id(), new_id(), new_id()

    async def open_budget(self, cents: int) -> str:
        body = {
            "partnership": str(self.partnership), "member": str(self.member), "name": "Exchanges",
            "amount_cents": cents, "iban": MEMBER_IBAN,
        }  # fmt: skip
        opened = await self.coordinator.post("/api/v1/budgets", body)
        assert opened.status_code == 201, opened.text
        self.budget = opened.json()["id"]
        return self.budget

    async def say(self, case: UUID, body: Body, actor: str = "system") -> None:
        """The next fact of a case."""
        version = self.versions.get(case, 0) + 1
        self.versions[case] = version
        await self.stage.hear(
            a_fact(body, case, version, case=case, actor=actor, time=self.stage.clock.now())
        )

    async def submitted(self, case: UUID | None = None, round: int = 1, mode: str = "physical") -> UUID:
        case = case or new_id()
        kind = application.Submitted if round == 1 else application.Revised
        await self.say(case, kind(**self._frozen(round, mode)))
        return case

    async def step(self, step: Any, id: UUID | str, number: int = 0) -> Standing:
        return await self.stage.service.offers.perform(step, Subject(str(id), "", number))

    async def reserve(self, case: UUID, round: int = 1) -> str:
        return (await self.step(asks.Reservation.reserve, case, round)).state

    async def granted(self, case: UUID) -> None:
        body = application.Granted(
            round=1, amount_cents=67_000, currency="EUR", payer=self.member, first_day=FIRST, last_day=LAST
        )
        await self.say(case, body)

    async def validated(self, case: UUID, days: int = 5, by: Person | None = None) -> None:
        today = self.stage.clock.now().date()
        body = visit.Validated(
            days=days, first_day=FIRST, last_day=LAST, validated_on=today, completed_on=LAST,
            last_evidence_on=today, amount_cents=67_000,
        )  # fmt: skip
        fact = a_fact(body, new_id(), case=case, actor=str(by.id) if by else "system", time=self.stage.clock.now())
        await self.stage.hear(fact)

    async def play_to_claim(self, days: int = 5) -> tuple[UUID, str]:
        """A case up to its filed claim: (case, claim)."""
        case = await self.submitted()
        assert await self.reserve(case) == "made"
        await self.granted(case)
        await self.validated(case, days)
        opened = await self.step(asks.Claim.open, case)
        assert opened.state in ("opened", "filed"), opened
        if opened.state == "opened":
            entered = await self.claimant.post(
                "/api/v1/payees", {"organisation": str(self.sme), "holder": "Helixon sp. z o.o.", "iban": SME_IBAN}
            )
            assert entered.status_code == 201, entered.text
            checked = await self.verifier.post(f"/api/v1/payees/{entered.json()['id']}/check", {"outcome": "match"})
            assert checked.status_code == 200, checked.text
        listed = (await self.verifier.get("/api/v1/claims")).json()
        return case, next(claim["id"] for claim in listed if claim["case"] == str(case))

    async def play_to_approval(self, days: int = 5) -> tuple[UUID, str]:
        case, claim = await self.play_to_claim(days)
        seen = (await self.verifier.get(f"/api/v1/claims/{claim}")).json()
        verified = await self.verifier.post(
            f"/api/v1/claims/{claim}/verify", {"accepted_cents": seen["amount_cents"]}
        )
        assert verified.status_code == 200, verified.text
        approved = await self.approver.post(f"/api/v1/claims/{claim}/approve")
        assert approved.status_code == 200, approved.text
        return case, claim

    async def play_to_order(self) -> tuple[str, bytes]:
        """A batch of all that is approved: (batch, payment file)."""
        proposed = await self.first.post("/api/v1/batches", {"member": str(self.member)})
        assert proposed.status_code == 201, proposed.text
        batch = proposed.json()["id"]
        assert (await self.first.post(f"/api/v1/batches/{batch}/second")).status_code == 200
        authorised = await self.second.post(f"/api/v1/batches/{batch}/authorise")
        assert authorised.status_code == 200, authorised.text
        return batch, (await self.second.get(f"/api/v1/batches/{batch}/file")).content

    async def import_statement(self, content: bytes) -> Any:
        file = await self.first.upload("/api/v1/statements/files", "statement.xml", content)
        assert file.status_code == 201, file.text
        return await self.first.post("/api/v1/statements", {"file": file.json()["id"]})

    async def accounts(self) -> dict[str, int]:
        return (await self.coordinator.get(f"/api/v1/budgets/{self.budget}")).json()["accounts"]

    async def state(self, claim: str) -> dict[str, Any]:
        return (await self.verifier.get(f"/api/v1/claims/{claim}")).json()

    def _frozen(self, round: int, mode: str) -> dict[str, Any]:
        days = days_between(FIRST, LAST)
        terms = Terms()
        result = lump_sum(clusterxchange_rates().rate("EE"), days, 1_026, Mode(mode), terms)
        return {
            "call": new_id(), "number": "CX-2026-0001", "edition": "2026", "proposal": new_id(),
            "applicant": self.claimant.id,
            "visitor": self.sme, "visitor_identity": self.sme, "visitor_name": "Helixon", "visitor_country": "PL",
            "visitor_town": "Kraków", "host": new_id(), "host_name": "Tartu Diagnostics", "host_country": "EE",
            "host_town": "Tartu", "visitor_partnership": self.partnership, "host_partnership": new_id(),
            "payer": self.member, "budget": UUID(self.budget), "mode": mode, "first_day": FIRST, "last_day": LAST,
            "days": days, "working_days": result.working_days, "distance_km": 1_026,
            "amount_cents": result.amount_cents, "currency": "EUR", "rate_version": result.rate.table,
            "rate_cents": result.rate.cents, "rate_basis": result.rate.basis, "terms": asdict(terms),
            "lines": [asdict(line) for line in result.lines], "action_end": date(2027, 12, 31), "round": round,
        }  # fmt: skip


@asynccontextmanager
async def finance(database: Database, folder: Path, cents: int = 500_000) -> AsyncGenerator[Finance]:
    """The service with a member, its line and its people."""
    async with stage(make_service, database, folder) as on:
        self = Finance()
        self.stage = on
        await seeding.publish_rates(database, on.clock)
        first, last = date(2026, 1, 1), date(2027, 12, 31)
        await on.hear(
            *(
                a_fact(
                    organisation.Registered(
                        name=name, kind="sme", town="Kraków", country="PL", latitude=50, longitude=20, identity=id
                    ),
                    id,
                )
                for name, id in (("Klaster", self.member), ("Helixon", self.sme))
            ),
            a_fact(
                partnership.Formed(
                    name="CE4BIG", title="CE4BIG", programme="COSME", coordinator=self.member,
                    members=(self.member,), first_day=first, last_day=last,
                ),
                self.partnership,
            ),
        )  # fmt: skip
        self.claimant = await on.person("Ewa", ("member", self.sme))
        self.coordinator = await on.person("Claire", ("coordinator", self.partnership))
        self.verifier = await on.person("Vera", ("verifier", self.member))
        self.approver = await on.person("Adam", ("approver", self.member))
        self.first = await on.person("Tomasz", ("treasurer", self.member))
        self.second = await on.person("Teresa", ("treasurer", self.member))
        await self.open_budget(cents)
        yield self
