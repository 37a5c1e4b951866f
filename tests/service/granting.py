"""A grant without host on both services: applications, where it is signed, and reimbursements, where its money is."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from contracts import asks
from contracts.facts import Fact
from contracts.steps import Standing, Step, Subject
from tests.conftest import FreshDatabase
from tests.facts import deliver, deliver_outbox, said
from tests.people import Person
from tests.service.applying import Applying, applying
from tests.service.books import sound
from tests.service.money import Finance, finance

TOPIC = "relais.applications"


class Granting:
    """The people of both, and facts that go from one to the other."""

    def __init__(self, desk: Applying, payer: Finance) -> None:
        self.desk, self.payer = desk, payer

    async def told(self) -> None:
        """Each service hears what the other has said."""
        here, there = self.desk.stage, self.payer.stage
        await deliver_outbox(here.database, there.service.reader, there.database)
        await deliver_outbox(there.database, here.service.reader, here.database)

    async def told_backwards(self) -> None:
        """The payer hears of the newest things first; of each in its order."""
        facts = await self.facts()
        subjects = list(dict.fromkeys(fact.subject for fact in reversed(facts)))
        for _twice in range(2):
            for subject in subjects:
                own = [fact for fact in facts if fact.subject == subject]
                await deliver(self.payer.stage.service.reader, self.payer.stage.database, *own)

    async def facts(self) -> list[Fact]:
        return await said(self.desk.stage.database, (TOPIC,))

    def later(self, days: int) -> None:
        for clock in (self.desk.stage.clock, self.payer.stage.clock):
            clock.forward(timedelta(days=days))

    async def play_to_grant(self, most_cents: int = 200_000) -> str:
        """800.00 EUR granted and committed."""
        amount = {"mode": "requested", "cap_cents": most_cents, "question": "requested", "share": 100}
        desk = self.desk
        await desk.publish_call(
            amount=amount, fulfilment={"kind": "voucher", "validity_days": 120, "in_parts": True}
        )
        await desk.begin()
        await desk.fill()
        assert (await desk.act(desk.ewa, "submit")).status_code == 200
        assert (await desk.step(asks.Application.check_eligibility)).state == "in_review"
        assert (await desk.act(desk.officer, "select")).status_code == 200
        await self.told()
        assert await self.payer.reserve(UUID(desk.case)) == "made"
        assert (await desk.step(asks.Application.award)).state == "awarded"
        for who in (desk.ewa, desk.officer, desk.payer):
            assert (await self.sign(who)).status_code == 200
        await self.told()
        return desk.case

    async def sign(self, who: Person) -> httpx.Response:
        """The newest version."""
        papers = (await self.desk.ewa.get(f"/api/v1/applications/{self.desk.case}")).json()["agreements"]
        body = {"document": papers[-1]["document"], "function": "Director", "power": True}
        return await who.post(f"/api/v1/agreements/{papers[-1]['id']}/sign", body)

    async def request(self, who: Person | None = None, **asked: Any) -> httpx.Response:
        body = {"application": self.desk.case, "explanation": "The laboratory costs more.", **asked}
        return await (who or self.desk.ewa).post("/api/v1/amendments", body)

    async def step(self, step: Step, id: str, reason: str = "") -> Standing:
        service = (self.payer if step.owner == "reimbursements" else self.desk).stage.service
        return await service.offers.perform(step, Subject(id, reason))

    async def agreed(self, **asked: Any) -> tuple[str, Standing]:
        """An amendment that was agreed, and what the payer says of its money."""
        requested = await self.request(**asked)
        assert requested.status_code == 201, requested.text
        id = requested.json()["id"]
        assert (await self.desk.officer.post(f"/api/v1/amendments/{id}/agree")).json()["state"] == "agreed"
        await self.told()
        return id, await self.step(asks.Reservation.amend, id)

    async def open_for_signature(self, **asked: Any) -> str:
        id, money = await self.agreed(**asked)
        assert money.state == "made", money
        assert (await self.step(asks.Amendment.open_signing, id)).waits_for
        return id

    async def in_force(self, **asked: Any) -> str:
        id = await self.open_for_signature(**asked)
        for who in (self.desk.ewa, self.desk.officer, self.desk.payer):
            assert (await self.sign(who)).status_code == 200
        return id

    async def accounts(self, *names: str) -> list[int]:
        accounts = await self.payer.accounts()
        return [accounts[name] for name in names]


@asynccontextmanager
async def granting(fresh_database: FreshDatabase, folder: Path) -> AsyncGenerator[Granting]:
    async with (
        finance(await fresh_database("reimbursements"), folder / "money") as payer,
        applying(await fresh_database("applications"), folder, payer) as desk,
    ):
        yield Granting(desk, payer)
        await sound(payer.stage.database)
