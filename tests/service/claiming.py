"""A member whose call pays costs: cases with units and receipts, exchange rates in force, files to prove things."""

import struct
import zlib
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import typst

from contracts import asks
from contracts.amounts import Support, daily_rates, sum_of_case, travel_bands
from contracts.terms import Terms
from contracts.workdays import days_between
from services.chassis.database import Database
from tests.people import Person
from tests.service.money import Finance, done, finance
from tests.service.told import FIRST, LAST

COSTS = Support(
    kind="unit_cost",
    claimable_cents=50_000,
    categories=("fee", "taxi", "travel", "other"),
    intensity_percent=100,
)
ACTUAL = Support(
    kind="actual_cost",
    claimable_cents=100_000,
    categories=("accommodation", "fee", "other", "taxi", "travel"),
    intensity_percent=75,
)
VOUCHER = Support(kind="voucher", claimable_cents=400_000, categories=("service",), intensity_percent=75)
_shades = count(1)


def photo() -> bytes:
    """A small PNG that no other photo equals."""
    shade = next(_shades)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    pixels = zlib.compress(b"".join(b"\x00" + bytes((shade % 256, shade // 256, 90)) * 40 for _ in range(60)))
    head = struct.pack(">IIBBBBB", 40, 60, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def printed(supplier: str, what: str, euro: float) -> bytes:
    """A photo that reads like a receipt."""
    source = f"""#set page(width: 62mm, height: 84mm, margin: 6mm)
    #set text(10pt)
    #align(center)[*{supplier}* \\ {FIRST:%d/%m/%Y}]
    #v(6mm) {what} #h(1fr) {euro:.2f} #v(2mm) #line(length: 100%) *TOTAL EUR* #h(1fr) *{euro:.2f}*"""
    return typst.compile(source.encode(), format="png", ppi=144)


def inforeuro(**rates: str) -> bytes:
    rows = [
        f'{{"country":"x","currency":"x","isoA3Code":"{code}","isoA2Code":"x","value":{value},"comment":null}}'
        for code, value in rates.items()
    ]
    return f"[{','.join(rows)}]".encode()


class Claiming(Finance):
    """Finance with a scheme of its own, and the claimant's receipts."""

    support: Support = COSTS
    terms: Terms = Terms()

    def frozen(self, round: int, mode: str) -> dict[str, Any]:
        base = super().frozen(round, mode)
        travel, daily = travel_bands()[1], daily_rates()
        base["support"] = {
            **asdict(self.support),
            "green": False,
            "travel": {"version": travel.version, "bands": travel.published()},
            "daily": {"version": daily.version, "cents": 18_700, "basis": "confirmed"},
        }
        base["terms"] = asdict(self.terms)
        days = [day.isoformat() for day in days_between(FIRST, LAST)]
        result = sum_of_case({**base, "days": days})
        base["amount_cents"] = result.amount_cents
        base["lines"] = [asdict(line) for line in result.lines]
        return base

    async def receipt(self, content: bytes | None = None, who: Person | None = None) -> str:
        person = who or self.claimant
        return done(await person.upload("/api/v1/claims/files", "receipt.png", content or photo()))["id"]

    async def cost(self, claim: str, euro: float, **given: Any) -> httpx.Response:
        """The answer to one more line."""
        body: dict[str, Any] = {
            "category": "fee", "description": "Conference fee", "supplier": "Estonian Biotech Days",
            "spent_on": str(FIRST), "currency": "EUR", "amount_minor": round(euro * 100), **given,
        }  # fmt: skip
        if "receipts" not in body and body.get("proof") != "declaration":
            body["receipts"] = [await self.receipt()]
        return await self.claimant.post(f"/api/v1/claims/{claim}/add-line", body)

    async def lines(self, claim: str) -> list[dict[str, Any]]:
        return (await self.state(claim))["claimed_lines"]

    async def check(self, claim: str, number: int, euro: float, reason: str = "in_order") -> httpx.Response:
        line = next(one for one in await self.lines(claim) if one["number"] == number)
        body = {"line": line["id"], "accepted_cost_cents": round(euro * 100), "reason": reason}
        return await self.verifier.post(f"/api/v1/claims/{claim}/check-line", body)

    async def rates(self, source: str, on: date, content: bytes, name: str = "rates.json") -> str:
        """Reads a file of rates and has another person put it into force."""
        file = done(await self.verifier.upload("/api/v1/exchange-tables/files", name, content))["id"]
        body = {"member": str(self.member), "source": source, "on": str(on), "file": file}
        table = done(await self.verifier.post("/api/v1/exchange-tables", body))["id"]
        done(await self.approver.post(f"/api/v1/exchange-tables/{table}/put-in-force"))
        return table

    async def play_to_opened(self) -> tuple[UUID, str]:
        """A validated visit whose claim waits for its receipts, and the account known."""
        self.stage.clock.forward(datetime(2027, 2, 1, 9, tzinfo=UTC) - self.stage.clock.now())
        case = await self.play_to_validated()
        assert (await self.step(asks.Claim.open, case)).state == "opened"
        if not (await self.claimant.get("/api/v1/payees")).json():
            await self.give_account()
        return case, await self.claim_of(case)


@asynccontextmanager
async def claiming(
    database: Database, folder: Path, support: Support = COSTS, terms: Terms | None = None
) -> AsyncGenerator[Claiming]:
    """The service with a member whose call pays like this."""
    self = Claiming()
    self.support, self.terms = support, terms or Terms()
    async with finance(database, folder, played=self) as played:
        assert isinstance(played, Claiming)
        yield played
