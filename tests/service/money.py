"""The people of finance on the reimbursements service in process, and the cases that they pay."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from copy import copy
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import text

from contracts import asks, organisation, partnership, role_grant
from contracts.ids import new_id
from contracts.steps import Standing, Subject
from deploy.bank.books import Bank
from services.chassis.database import Database
from services.reimbursements import seeding
from services.reimbursements.app import make_service
from tests.facts import a_fact
from tests.people import Person, stage
from tests.service.told import Told

MEMBER_IBAN = "PL61109010140000071219812874"
SME_IBAN = "PL27114020040000300201355387"
OTHER_IBAN = "DE89370400440532013000"


def done(answer: httpx.Response) -> dict[str, Any]:
    """What an act answered; it was not refused."""
    assert answer.is_success, answer.text
    return answer.json()


class Finance(Told):
    """One paying member with its people, and as many cases as a test needs."""

    coordinator: Person
    verifier: Person
    approver: Person
    first: Person
    second: Person

    def __init__(self) -> None:
        super().__init__()
        self.bank = Bank()
        self.iban = MEMBER_IBAN

    async def open_budget(self, cents: int) -> str:
        body = {
            "partnership": str(self.partnership), "member": str(self.member), "name": "Exchanges",
            "amount_cents": cents, "iban": self.iban,
        }  # fmt: skip
        self.budget = done(await self.coordinator.post("/api/v1/budgets", body))["id"]
        return self.budget

    async def step(self, step: Any, id: UUID | str, number: int = 0) -> Standing:
        return await self.stage.service.offers.perform(step, Subject(str(id), "", number))

    async def reserve(self, case: UUID, round: int = 1) -> str:
        return (await self.step(asks.Reservation.reserve, case, round)).state

    async def play_to_validated(self, days: int = 5, by: Person | None = None) -> UUID:
        """A case whose visit is validated, with its money committed."""
        case = await self.submitted()
        assert await self.reserve(case) == "made"
        await self.granted(case)
        await self.validated(case, days, by)
        return case

    async def play_to_claim(self, days: int = 5, by: Person | None = None) -> tuple[UUID, str]:
        """A case up to its filed claim: (case, claim)."""
        case = await self.play_to_validated(days, by)
        opened = await self.step(asks.Claim.open, case)
        assert opened.state in ("opened", "filed"), opened
        if opened.state == "opened":
            await self.give_account()
        claim = await self.claim_of(case)
        assert (await self.state(claim))["state"] == "filed"
        return case, claim

    async def give_account(self, iban: str = SME_IBAN) -> str:
        """The SME's account, given by the claimant and checked by finance."""
        body = {"organisation": str(self.sme), "holder": "Helixon sp. z o.o.", "iban": iban}
        payee = done(await self.claimant.post("/api/v1/payees", body))["id"]
        await self.check_account(payee)
        return payee

    async def check_account(self, payee: str) -> None:
        done(await self.verifier.post(f"/api/v1/payees/{payee}/check", {"outcome": "match"}))

    async def change_account(self, iban: str = OTHER_IBAN) -> str:
        """The claimant gives another account, which nobody has checked yet."""
        (payee,) = (await self.claimant.get("/api/v1/payees")).json()
        body = {"holder": "Helixon sp. z o.o.", "iban": iban}
        done(await self.claimant.post(f"/api/v1/payees/{payee['id']}/change", body))
        return payee["id"]

    async def import_sanctions(self, *names: str, dated: str = "2026-11-20") -> str:
        """A list on which nobody of the cases stands, and these names."""
        content = "\n".join(["name", "Nobody Whom We Know", *names]).encode()
        file = done(await self.verifier.upload("/api/v1/sanctions-lists/files", "list.txt", content))["id"]
        body = {"member": str(self.member), "source": "EU", "dated": dated, "file": file}
        return done(await self.verifier.post("/api/v1/sanctions-lists", body))["id"]

    async def claim_of(self, case: UUID) -> str:
        """The case's claim; of several the one that is not replaced."""
        listed = (await self.verifier.get(f"/api/v1/claims?case={case}")).json()
        (claim,) = [one["id"] for one in listed if one["state"] != "replaced"]
        return claim

    async def verify(self, claim: str, cents: int | None = None) -> None:
        accepted = cents or (await self.state(claim))["amount_cents"]
        done(await self.verifier.post(f"/api/v1/claims/{claim}/verify", {"accepted_cents": accepted}))

    async def approve(self, claim: str) -> None:
        done(await self.approver.post(f"/api/v1/claims/{claim}/approve"))

    async def play_to_approval(self, days: int = 5) -> tuple[UUID, str]:
        case, claim = await self.play_to_claim(days)
        await self.verify(claim)
        await self.approve(claim)
        return case, claim

    async def play_to_order(self, also: str | None = None) -> tuple[str, bytes]:
        """A batch of all that is approved: (batch, payment file); also: another member that pays with it."""
        batch = await self.propose(also)
        done(await self.first.post(f"/api/v1/batches/{batch}/second"))
        done(await self.second.post(f"/api/v1/batches/{batch}/authorise"))
        return batch, (await self.second.get(f"/api/v1/batches/{batch}/file")).content

    async def propose(self, also: str | None = None) -> str:
        return done(await self.first.post("/api/v1/batches", {"member": str(self.member), "also": also}))[
            "id"
        ]

    async def second_member(self, iban: str) -> "Finance":
        """Another member of the partnership that pays for the same company, with its own line and people."""
        other = copy(self)
        other.member, other.iban = new_id(), iban
        await self.other_organisation(other.member)
        body = partnership.Formed(
            name="CE4BIG", title="CE4BIG", programme="COSME", coordinator=self.member,
            members=(self.member, other.member), first_day=date(2026, 1, 1), last_day=date(2027, 12, 31),
        )  # fmt: skip
        await self.stage.hear(a_fact(body, self.partnership, 2))
        other.verifier = await self.stage.person("Viola", ("verifier", other.member))
        other.approver = await self.stage.person("Anna", ("approver", other.member))
        await other.open_budget(500_000)
        for person in (self.first, self.second):
            granted = role_grant.Granted(person=person.id, role="treasurer", scope=other.member)
            await self.stage.hear(a_fact(granted))
        return other

    async def play_to_payment(self) -> tuple[UUID, str]:
        """A case whose claim the bank has paid."""
        case, claim = await self.play_to_approval()
        await self.pay()
        return case, claim

    async def play_to_closed(self) -> tuple[UUID, str]:
        """A case whose claim is closed, its return window being over."""
        case, claim = await self.play_to_payment()
        self.stage.clock.forward(timedelta(days=10))
        assert (await self.step(asks.Claim.close, claim)).state == "closed"
        return case, claim

    async def pay(self) -> str:
        """Orders all that is approved and reads the statement on which the bank books it: the batch."""
        batch, file = await self.play_to_order()
        done(await self.import_statement(self.booked(file)))
        return batch

    def booked(self, file: bytes) -> bytes:
        (statement,) = self.bank.book(file, self.stage.clock.now().date())
        return statement

    async def give_back(self, claim: str, reason: str = "AC04", fee_cents: int = 0) -> None:
        """The bank returns the payment of the claim's present attempt."""
        seen = await self.state(claim)
        self.bank.give_back(f"{seen['number']}-{seen['attempt']}", reason, fee_cents)
        (statement,) = self.bank.close_day(self.stage.clock.now().date())
        done(await self.import_statement(statement.content))

    async def import_statement(self, *pages: bytes) -> httpx.Response:
        first, *others = [await self.upload(page) for page in pages]
        return await self.first.post("/api/v1/statements", {"file": first, "pages": others})

    async def import_advice(self, content: bytes) -> httpx.Response:
        return await self.first.post("/api/v1/advices", {"file": await self.upload(content)})

    async def hear_the_bank(self) -> None:
        """Reads all that the bank sends when it closes its day: the statement, in pages or not, and its advices."""
        sent = self.bank.close_day(self.stage.clock.now().date())
        done(await self.import_statement(*(one.content for one in sent if one.kind == "camt.053")))
        for advice in (one for one in sent if one.kind == "camt.054"):
            done(await self.import_advice(advice.content))

    async def suspended(self) -> list[dict[str, Any]]:
        """What waits for an explanation, the oldest first."""
        listed = (await self.first.get("/api/v1/suspense")).json()
        return [line for line in reversed(listed) if line["state"] != "settled"]

    async def explain(self, line: str, how: str, payments: str = "", fee_cents: int = 0) -> None:
        """Two people say what a booked entry was."""
        said = {
            "how": how,
            "payments": payments,
            "fee_cents": fee_cents,
            "reason": "the bank's letter of Monday",
        }
        done(await self.first.post(f"/api/v1/suspense/{line}/explain", said))
        done(await self.second.post(f"/api/v1/suspense/{line}/confirm"))

    async def read_report(self, batch: str, content: bytes) -> httpx.Response:
        file = await self.upload(content)
        return await self.first.post(f"/api/v1/batches/{batch}/read-report", {"file": file})

    async def upload(self, content: bytes) -> str:
        return done(await self.first.upload("/api/v1/statements/files", "bank.xml", content))["id"]

    async def rows(self, query: str, **values: Any) -> list[Any]:
        """What stands in the database."""
        async with self.stage.database.transaction() as tx:
            return list((await tx.execute(text(query), values)).all())

    async def change(self, statement: str, **values: Any) -> None:
        """Past every rule, as the service's own login."""
        async with self.stage.database.transaction() as tx:
            await tx.execute(text(statement), values)

    async def accounts(self) -> dict[str, int]:
        return (await self.coordinator.get(f"/api/v1/budgets/{self.budget}")).json()["accounts"]

    async def state(self, claim: str) -> dict[str, Any]:
        return (await self.verifier.get(f"/api/v1/claims/{claim}")).json()


@asynccontextmanager
async def finance(
    database: Database, folder: Path, cents: int = 500_000, played: Finance | None = None
) -> AsyncGenerator[Finance]:
    """The service with a member, its line and its people."""
    async with stage(make_service, database, folder) as on:
        self = played or Finance()
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
        self.claimant = await on.person("Ewa", ("owner", self.sme))
        self.coordinator = await on.person("Claire", ("coordinator", self.partnership))
        self.verifier = await on.person("Vera", ("verifier", self.member))
        self.approver = await on.person("Adam", ("approver", self.member))
        self.first = await on.person("Tomasz", ("treasurer", self.member))
        self.second = await on.person("Teresa", ("treasurer", self.member))
        await self.open_budget(cents)
        await self.import_sanctions()
        yield self
