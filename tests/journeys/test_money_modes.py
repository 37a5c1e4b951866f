"""Three companies under three calls of two paying members: units with receipts in two currencies, actual costs that are
accepted in part, and an account outside SEPA. One file pays all of them; then a member closes its month and reports to
the funder, who sends the report back, and accepts it with a cut that two people enter."""

import asyncio
from collections.abc import AsyncGenerator
from copy import copy
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from contracts.ids import named_id
from deploy.bank.books import payments_in
from deploy.demo.cast import CE4BIG, Cast, account
from deploy.demo.exchange import EVIDENCE, Exchange, Ground
from deploy.local.stack import Stack
from services.chassis.clock import Clock
from tests.journeys.office import Bank, Office
from tests.service.claiming import inforeuro
from tests.stacks import verified

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

BIOM, BIOWIN = (str(named_id("organisation", name)) for name in ("BioM", "BioWin"))
UNITS = {"kind": "unit_cost", "claimable_cents": 50_000, "categories": ["fee"], "rate_day": "invoice"}
COSTS = {
    "kind": "actual_cost", "claimable_cents": 100_000, "categories": ["accommodation", "travel"],
    "intensity_percent": 75,
}  # fmt: skip
ELSEWHERE = {"other": "1570 0012 3456 7890", "bic": "ARMIAM22", "street": "Nalbandyan", "building": "48"}
TEAM = {
    "malgorzata.wrona": "payer", "piotr.zajac": "verifier", "agnieszka.dudek": "approver",
    "tomasz.lis": "treasurer", "beata.sowa": "treasurer",
}  # fmt: skip


@pytest.fixture
async def office(stack: Stack, tmp_path: Path) -> AsyncGenerator[Office]:
    layout = stack.running_state.layout
    limits = httpx.Limits(max_connections=20)
    async with httpx.AsyncClient(base_url=layout.url("gateway"), timeout=30, limits=limits) as api:
        cast = Cast(layout, api, "modes")
        ground = Ground(cast, Clock(layout.clock), lambda told: None)
        await ground.prepare()
        yield Office(ground, Bank(tmp_path, iban_of(cast, BIOM), iban_of(cast, BIOWIN)))


def iban_of(cast: Cast, member: str) -> str:
    return account(cast.run, 8 if member == BIOM else 9)


async def line_of(office: Office, member: str) -> str:
    """The member's budget line; the finance people of Kraków work for it as well."""
    for person, role in TEAM.items():
        granted = {"email": f"{person}@klaster.example", "role": role, "scope": member}
        await office.coordinator.act("/api/v1/role-grants", granted, step=office.step())
    line = {
        "partnership": CE4BIG, "member": member, "name": "Exchanges and costs", "amount_cents": 10_000_00,
        "iban": iban_of(office.ground.cast, member), "outside_sepa": True,
    }  # fmt: skip
    return (await office.coordinator.act("/api/v1/budgets", line, step=office.step()))["id"]


async def call_of(office: Office, line: str, title: str, **pays: Any) -> Ground:
    """A call that this line pays."""
    today = office.ground.clock.now().date()
    call = {
        "partnership": CE4BIG, "budget": line, "title": title, "edition": title, "first_day": str(today),
        "last_day": str(today + timedelta(days=180)), **pays,
    }  # fmt: skip
    drafted = (await office.coordinator.draft("/api/v1/calls", call, step=office.step()))["id"]
    officer = office.ground.cast.seeded("ce4big-officer", "calls")
    await officer.act(f"/api/v1/calls/{drafted}/publish", step=drafted)
    ground = copy(office.ground)
    ground.call, ground.budget = drafted, line
    return ground


async def to_claim(ground: Ground, key: str) -> Exchange:
    """A company's case, from its registration to the validated visit."""
    exchange = Exchange(ground, key, lambda told: None)
    await exchange.play_to_review()
    await exchange.decide()
    await exchange.sign()
    await exchange.visit()
    return exchange


async def claimed(office: Office, exchange: Exchange, *costs: tuple[str, str, float]) -> dict[str, Any]:
    """Receipts for so much of (category, currency), and the claim filed."""
    claim = await office.claim(exchange, "opened")
    path, on = f"/api/v1/claims/{claim['id']}", first_day(exchange)
    for n, (category, currency, cost) in enumerate(costs):
        receipt = await exchange.visitor.upload(
            "/api/v1/claims/files", "receipt.pdf", EVIDENCE + exchange.key.encode() + bytes([48 + n])
        )
        line = {
            "category": category, "description": "For the visit", "supplier": f"Supplier {n}", "spent_on": on,
            "currency": currency, "amount_minor": round(cost * 100), "receipts": [receipt],
        }  # fmt: skip
        await exchange.visitor.act(f"{path}/add-line", line, step=f"line-{n}")
    await exchange.visitor.act(f"{path}/file", step="file")
    return await office.verifier.get(path)


async def accepted(office: Office, claim: dict[str, Any], *euro: float) -> None:
    """What the verifier accepts of each receipt, and the approval."""
    path = f"/api/v1/claims/{claim['id']}"
    lines = [line for line in (await office.verifier.get(path))["claimed_lines"] if line["receipts"]]
    for line, costs in zip(lines, euro, strict=True):
        cents = round(costs * 100)
        reason = "in_order" if cents == line["cost_cents"] else "personal"
        checked = {"line": line["id"], "accepted_cost_cents": cents, "reason": reason}
        await office.verifier.act(f"{path}/check-line", checked, step=office.step())
    await office.verifier.act(f"{path}/verify", step=office.step())
    await office.approver.act(f"{path}/approve", step=office.step())


def first_day(exchange: Exchange) -> str:
    return str(exchange.ground.cast.kept(f"days:{exchange.key}"))


async def rates(office: Office, member: str, on: date) -> None:
    """The Commission's rates of a month, read by one person and put into force by another."""
    content = inforeuro(CHF="0.95", PLN="4.25")
    file = await office.verifier.upload("/api/v1/exchange-tables/files", "rates.json", content)
    body = {"member": member, "source": "inforeuro", "on": str(on.replace(day=1)), "file": file}
    table = (await office.verifier.act("/api/v1/exchange-tables", body, step=office.step()))["id"]
    await office.approver.act(f"/api/v1/exchange-tables/{table}/put-in-force", step=office.step())


async def close_months(office: Office, member: str, until: date) -> None:
    """Month by month, each by two people once the bank's statement of a later day was read."""
    opened = await office.first.act("/api/v1/periods", {"member": member}, step=office.step())
    month = await office.first.get(f"/api/v1/periods/{opened['id']}")
    while date.fromisoformat(month["first_day"]) <= until:
        over = datetime.fromisoformat(month["last_day"]).replace(tzinfo=UTC) + timedelta(days=1)
        await asyncio.sleep(office.ground.clock.real_seconds_until(over))
        office.bank.ask("charge", iban_of(office.ground.cast, member), "100")
        await office.read_statements()
        path = f"/api/v1/periods/{month['id']}"
        await office.first.act(f"{path}/propose", step=office.step())
        await office.second.act(f"{path}/close", step=office.step())
        closed = await office.first.get(path)
        assert (closed["state"], len(closed["chain_head"])) == ("closed", 64)
        listed = await office.first.get("/api/v1/periods")
        month = next(one for one in listed if one["member"] == member and one["state"] == "open")


async def test_three_ways_to_pay_in_one_file_and_the_report_on_them(stack: Stack, office: Office) -> None:
    lines = {member: await line_of(office, member) for member in (BIOM, BIOWIN)}
    for member in lines:
        await office.compare(member)
    ground = office.ground

    async def units() -> tuple[Exchange, int]:
        """And what the tables give beside the receipts."""
        exchange = await to_claim(await call_of(office, lines[BIOM], "Units", **UNITS), "paid")
        await rates(office, BIOM, date.fromisoformat(first_day(exchange)))
        await office.account(exchange, 1)
        claim = await claimed(office, exchange, ("fee", "CHF", 95), ("fee", "PLN", 425))
        in_euro = [line["cost_cents"] for line in claim["claimed_lines"] if line["receipts"]]
        computed = sum(line["claimed_cents"] for line in claim["claimed_lines"] if not line["receipts"])
        assert (in_euro, claim["amount_cents"]) == ([10_000, 10_000], computed + 20_000)
        await accepted(office, claim, 100, 100)
        return exchange, computed

    async def costs() -> Exchange:
        exchange = await to_claim(await call_of(office, lines[BIOWIN], "Actual costs", **COSTS), "withdrawn")
        await office.account(exchange, 2)
        claim = await claimed(office, exchange, ("accommodation", "EUR", 600), ("travel", "EUR", 400))
        await accepted(office, claim, 500, 400)
        return exchange

    async def abroad() -> Exchange:
        exchange = await to_claim(await call_of(office, lines[BIOM], "Lump sums"), "lapsed")
        await office.number(exchange, ELSEWHERE)
        await office.approve(exchange)
        return exchange

    (by_units, computed), by_costs, far_away = await asyncio.gather(units(), costs(), abroad())
    assert computed > 0

    _, file = await office.order(member=BIOM, also=BIOWIN)
    paid = {one.account: [] for one in payments_in(file)}
    for one in payments_in(file):
        paid[one.account].append(one.cents)
    ibans = {member: iban_of(ground.cast, member) for member in lines}
    assert {iban: sorted(cents) for iban, cents in paid.items()} == {
        ibans[BIOM]: [67_000, computed + 20_000], ibans[BIOWIN]: [67_500],
    }  # fmt: skip
    assert (file.count(b"<PmtInf>"), file.count(b"<ChrgBr>DEBT</ChrgBr>")) == (3, 1)
    office.bank.with_file("take", file)
    await office.read_statements()
    ended = [await office.claim(one, "paid", "closed") for one in (by_units, by_costs, far_away)]
    assert [one["paid_cents"] for one in ended] == [computed + 20_000, 67_500, 67_000]

    today = ground.clock.now().date()
    until = (today.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    await close_months(office, BIOWIN, until)

    body = {"partnership": CE4BIG, "member": BIOWIN, "until": str(until)}
    report = (await office.first.act("/api/v1/funder-reports", body, step=office.step()))["id"]
    path = f"/api/v1/funder-reports/{report}"
    cost = {"category": "staff", "description": "Project officer", "reference": "B-1", "spent_on": str(today),
            "amount": 1_000_00}  # fmt: skip
    await office.first.act(f"{path}/add-cost", cost, step=office.step())
    for sent in range(2):
        await office.first.act(f"{path}/prepare", step=office.step())
        await office.coordinator.act(f"{path}/submit", step=office.step())
        if sent == 0:
            wants = {"remarks": "Where is the train?"}
            await office.coordinator.act(f"{path}/send-back", wants, step=office.step())
            train = {
                **cost,
                "category": "travel",
                "description": "Train",
                "reference": "B-2",
                "amount": 50_00,
            }
            await office.first.act(f"{path}/add-cost", train, step=office.step())
    cut = {"travel": 20_00, "remarks": "First class."}
    await office.coordinator.act(f"{path}/note-cuts", cut, step=office.step())
    await office.first.act(f"{path}/confirm-cuts", step=office.step())
    told = await office.first.get(path)
    assert (told["state"], told["versions"], told["cut_cents"]) == ("accepted", 2, 20_00)
    assert [row["cents"] for row in told["support"]] == [67_500]
    first = await office.first.get(f"{path}/versions/1")
    assert (len(first["costs"]), len(told["costs"])) == (1, 2)

    newest = {
        one["account"]: one["closing_cents"] for one in reversed(await office.first.get("/api/v1/statements"))
    }
    assert set(newest.values()) >= {office.bank.cents(iban) for iban in ibans.values()}
    await verified(stack)
