"""Three companies and a bank of its own: a file refused for the payer's cause, a payment that comes back before and one
that comes back after closing, and money that is demanded back and paid in parts."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.demo.cast import CE4BIG, COMPANIES, KRAKOW, Cast, account
from deploy.demo.client import Person
from deploy.demo.exchange import Exchange, Ground, wait_until
from deploy.local.stack import Stack
from services.chassis.clock import Clock
from tests.stacks import verified

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

AMOUNT = 670_00
FEE = 500


class Bank:
    """`python -m deploy.bank`, a program that knows nothing of Relais."""

    def __init__(self, folder: Path, iban: str) -> None:
        self._folder, self._iban = folder, iban
        self.ask("open", iban, "10000000")

    def ask(self, *words: str) -> list[bytes]:
        """Does an act; what the bank sends, if anything."""
        command = (sys.executable, "-m", "deploy.bank", str(self._folder), *words)
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        return [Path(file).read_bytes() for file in said if file.endswith(".xml")]

    def with_file(self, act: str, content: bytes, *words: str) -> list[bytes]:
        file = self._folder / "ordered.xml"
        file.write_bytes(content)
        return self.ask(act, str(file), *words)

    @property
    def cents(self) -> int:
        command = (sys.executable, "-m", "deploy.bank", str(self._folder), "balances")
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        return int(told[told.index(self._iban) + 1])


class Office:
    """The finance people of the paying member, and its bank."""

    def __init__(self, ground: Ground, bank: Bank) -> None:
        self.ground, self.bank, self._steps = ground, bank, 0
        people = ("krakow-verifier", "krakow-approver", "krakow-treasurer-1", "krakow-treasurer-2")
        self.verifier, self.approver, self.first, self.second = (self._seeded(key) for key in people)
        self.coordinator = self._seeded("ce4big-coordinator")

    async def claim(self, exchange: Exchange, *states: str) -> dict[str, Any]:
        """The newest claim of a case, once it is in one of these states."""

        async def look() -> dict[str, Any] | None:
            listed = await self.verifier.get(f"/api/v1/claims?case={exchange.case}")
            return listed[-1] if listed else None

        return await wait_until(exchange.key, look, lambda state: state in states)

    async def account(self, exchange: Exchange, number: int) -> None:
        """The company gives an account, or another one, and a second person checks it."""
        body = {"holder": COMPANIES[exchange.key].name, "iban": account(self.ground.cast.run, number)}
        known = await exchange.visitor.get("/api/v1/payees")
        if known:
            payee = known[0]["id"]
            await exchange.visitor.act(f"/api/v1/payees/{payee}/change", body, step=self._step())
        else:
            organisation = (await self.claim(exchange, "opened"))["organisation"]
            given = {"organisation": organisation, **body}
            payee = (await exchange.visitor.act("/api/v1/payees", given, step=self._step()))["id"]
        await self.verifier.act(f"/api/v1/payees/{payee}/check", {"outcome": "match"}, step=self._step())

    async def approve(self, exchange: Exchange) -> None:
        claim = await self.claim(exchange, "filed")
        accepted = {"accepted_cents": claim["amount_cents"]}
        await self.verifier.act(f"/api/v1/claims/{claim['id']}/verify", accepted, step=self._step())
        await self.approver.act(f"/api/v1/claims/{claim['id']}/approve", step=self._step())

    async def order(self) -> tuple[str, bytes]:
        """All that is approved, as a file that two treasurers have authorised."""
        wanted = {"member": KRAKOW, "budget": self.ground.budget}
        batch = (await self.first.act("/api/v1/batches", wanted, step=self._step()))["id"]
        await self.first.act(f"/api/v1/batches/{batch}/second", step=self._step())
        await self.second.act(f"/api/v1/batches/{batch}/authorise", step=self._step())
        return batch, await self.second.download(f"/api/v1/batches/{batch}/file")

    async def read_statement(self) -> None:
        (statement,) = self.bank.ask("close-day", self.today)
        file = await self.first.upload("/api/v1/statements/files", "statement.xml", statement)
        await self.first.act("/api/v1/statements", {"file": file}, step=self._step())

    async def read_report(self, batch: str, content: bytes) -> None:
        file = await self.first.upload("/api/v1/statements/files", "report.xml", content)
        await self.first.act(f"/api/v1/batches/{batch}/read-report", {"file": file}, step=self._step())

    async def demand(self, exchange: Exchange, cents: int) -> str:
        """Two coordinators demand so much of a paid claim back: the demand's number."""
        role = {"email": "tomasz.lis@klaster.example", "role": "coordinator", "scope": CE4BIG}
        await self.coordinator.act("/api/v1/role-grants", role, step=self._step())
        claim = await self.claim(exchange, "closed")
        path = f"/api/v1/claims/{claim['id']}"
        why = {
            "amount_cents": cents,
            "reason": "not_eligible",
            "explanation": "Two days were spent elsewhere.",
        }
        await self.coordinator.act(f"{path}/propose-recovery", why, step=self._step())
        await self.first.act(f"{path}/order-recovery", step=self._step())
        (demand,) = (await self.verifier.get(path))["demands"]
        return demand["number"]

    @property
    def today(self) -> str:
        return self.ground.clock.now().date().isoformat()

    def _seeded(self, key: str) -> Person:
        return self.ground.cast.seeded(key, "office")

    def _step(self) -> str:
        self._steps += 1
        return f"step-{self._steps}"


@pytest.fixture
async def office(stack: Stack, tmp_path: Path) -> AsyncGenerator[Office]:
    layout = stack.running_state.layout
    limits = httpx.Limits(max_connections=20)
    async with httpx.AsyncClient(base_url=layout.url("gateway"), timeout=30, limits=limits) as api:
        cast = Cast(layout, api, "money")
        ground = Ground(cast, Clock(layout.clock), lambda told: None)
        await ground.prepare()
        yield Office(ground, Bank(tmp_path, cast.iban()))


async def to_approval(office: Office, key: str, number: int) -> Exchange:
    """A company's case, from its registration to the approved claim."""
    exchange = Exchange(office.ground, key, lambda told: None)
    await exchange.play_to_review()
    await exchange.decide()
    await exchange.sign()
    await exchange.visit()
    await office.account(exchange, number)
    await office.approve(exchange)
    return exchange


async def test_what_the_bank_refuses_returns_and_receives(stack: Stack, office: Office) -> None:
    dated = {"member": KRAKOW, "source": "Journey", "dated": office.today}
    listed = await office.verifier.upload("/api/v1/sanctions-lists/files", "list.txt", b"name\nNobody\n")
    await office.verifier.act("/api/v1/sanctions-lists", {**dated, "file": listed}, step="list")
    early, late, owing = await asyncio.gather(
        *(to_approval(office, key, n) for n, key in enumerate(("paid", "withdrawn", "lapsed"), start=1))
    )

    batch, file = await office.order()
    await office.read_report(batch, office.bank.with_file("refuse", file, office.today)[0])
    again = [await office.claim(one, "approved") for one in (early, late, owing)]
    assert {one["attempt"] for one in again} == {2}, "no money left, nobody approves anew"

    _, file = await office.order()
    office.bank.with_file("take", file)
    await office.read_statement()
    paid = [await office.claim(one, "paid", "closed") for one in (early, late, owing)]
    assert [one["paid_cents"] for one in paid] == [AMOUNT] * 3

    office.bank.ask("return", f"{paid[0]['number']}-2", "--fee", str(FEE))
    await office.read_statement()
    back = await office.claim(early, "returned")
    await office.account(early, 4)
    await early.visitor.act(f"/api/v1/claims/{back['id']}/revise", step="revise")
    await office.approve(early)

    closed = await office.claim(late, "closed")
    office.bank.ask("return", f"{closed['number']}-2", "--fee", str(FEE))
    await office.read_statement()
    replacing = await office.claim(late, "opened", "filed")
    assert (replacing["id"] != closed["id"], replacing["amount_cents"]) == (True, AMOUNT)
    await office.account(late, 5)
    await office.approve(late)

    number = await office.demand(owing, 300_00)
    office.bank.ask("move", office.ground.cast.iban(), "12000", f"{number} first part")
    await office.read_statement()
    assert (await office.claim(owing, "recovering"))["paid_cents"] == AMOUNT
    office.bank.ask("move", office.ground.cast.iban(), "18000", f"Rest of {number}")
    await office.read_statement()
    await office.claim(owing, "recovered")

    _, file = await office.order()
    office.bank.with_file("take", file)
    await office.read_statement()
    for one in (early, late):
        assert (await office.claim(one, "paid", "closed"))["paid_cents"] == AMOUNT

    newest = (await office.first.get("/api/v1/statements"))[0]
    booked = 10_000_000 - 3 * AMOUNT + 30_000 - 2 * FEE
    assert (newest["closing_cents"], office.bank.cents) == (booked, booked)
    await verified(stack)
