"""The finance people of a journey and their bank, which is a program of its own."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deploy.demo.cast import CE4BIG, COMPANIES, KRAKOW, account
from deploy.demo.client import Person
from deploy.demo.exchange import Exchange, Ground, wait_until


class Bank:
    """`python -m deploy.bank`, a program that knows nothing of Relais."""

    def __init__(self, folder: Path, *ibans: str) -> None:
        self._folder = folder
        for iban in ibans:
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

    def cents(self, iban: str) -> int:
        command = (sys.executable, "-m", "deploy.bank", str(self._folder), "balances")
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        return int(told[told.index(iban) + 1])


class Office:
    """The finance people, and the bank. They are those of Kraków; a coordinator lets them work for others as well."""

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
        await self.number(exchange, {"iban": account(self.ground.cast.run, number)})

    async def number(self, exchange: Exchange, given: Mapping[str, str]) -> None:
        """The same with any kind of number."""
        body = {"holder": COMPANIES[exchange.key].name, **given}
        known = await exchange.visitor.get("/api/v1/payees")
        if known:
            payee = known[0]["id"]
            await exchange.visitor.act(f"/api/v1/payees/{payee}/change", body, step=self.step())
        else:
            organisation = (await self.claim(exchange, "opened"))["organisation"]
            given = {"organisation": organisation, **body}
            payee = (await exchange.visitor.act("/api/v1/payees", given, step=self.step()))["id"]
        await self.verifier.act(f"/api/v1/payees/{payee}/check", {"outcome": "match"}, step=self.step())

    async def compare(self, member: str) -> None:
        """A sanctions list on which nobody of the journeys stands."""
        listed = await self.verifier.upload("/api/v1/sanctions-lists/files", "list.txt", b"name\nNobody\n")
        dated = {"member": member, "source": "Journey", "dated": self.today, "file": listed}
        await self.verifier.act("/api/v1/sanctions-lists", dated, step=self.step())

    async def approve(self, exchange: Exchange) -> None:
        claim = await self.claim(exchange, "filed")
        accepted = {"accepted_cents": claim["amount_cents"]}
        await self.verifier.act(f"/api/v1/claims/{claim['id']}/verify", accepted, step=self.step())
        await self.approver.act(f"/api/v1/claims/{claim['id']}/approve", step=self.step())

    async def order(self, **wanted: str) -> tuple[str, bytes]:
        """All that is approved, as a file that two treasurers have authorised."""
        wanted = wanted or {"member": KRAKOW, "budget": self.ground.budget}
        batch = (await self.first.act("/api/v1/batches", wanted, step=self.step()))["id"]
        await self.first.act(f"/api/v1/batches/{batch}/second", step=self.step())
        await self.second.act(f"/api/v1/batches/{batch}/authorise", step=self.step())
        return batch, await self.second.download(f"/api/v1/batches/{batch}/file")

    async def read_statements(self) -> None:
        """One of each account on which the bank has booked something."""
        for statement in self.bank.ask("close-day", self.today):
            file = await self.first.upload("/api/v1/statements/files", "statement.xml", statement)
            await self.first.act("/api/v1/statements", {"file": file}, step=self.step())

    async def read_report(self, batch: str, content: bytes) -> None:
        file = await self.first.upload("/api/v1/statements/files", "report.xml", content)
        await self.first.act(f"/api/v1/batches/{batch}/read-report", {"file": file}, step=self.step())

    async def demand(self, exchange: Exchange, cents: int) -> str:
        """Two coordinators demand so much of a paid claim back: the demand's number."""
        role = {"email": "tomasz.lis@klaster.example", "role": "coordinator", "scope": CE4BIG}
        await self.coordinator.act("/api/v1/role-grants", role, step=self.step())
        claim = await self.claim(exchange, "closed")
        path = f"/api/v1/claims/{claim['id']}"
        why = {
            "amount_cents": cents,
            "reason": "not_eligible",
            "explanation": "Two days were spent elsewhere.",
        }
        await self.coordinator.act(f"{path}/propose-recovery", why, step=self.step())
        await self.first.act(f"{path}/order-recovery", step=self.step())
        (demand,) = (await self.verifier.get(path))["demands"]
        return demand["number"]

    @property
    def today(self) -> str:
        return self.ground.clock.now().date().isoformat()

    def _seeded(self, key: str) -> Person:
        return self.ground.cast.seeded(key, "office")

    def step(self) -> str:
        """A name for the next act, that no other has."""
        self._steps += 1
        return f"step-{self._steps}"
