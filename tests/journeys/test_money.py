"""Three companies and a bank of its own: a file refused for the payer's cause, a payment that comes back before and one
that comes back after closing, and money that is demanded back and paid in parts."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest

from deploy.demo.cast import KRAKOW, Cast
from deploy.demo.exchange import Exchange, Ground
from deploy.local.stack import Stack
from services.chassis.clock import Clock
from tests.journeys.office import Bank, Office
from tests.stacks import verified

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

AMOUNT = 670_00
FEE = 500


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
    await office.compare(KRAKOW)
    early, late, owing = await asyncio.gather(
        *(to_approval(office, key, n) for n, key in enumerate(("paid", "withdrawn", "lapsed"), start=1))
    )

    batch, file = await office.order()
    await office.read_report(batch, office.bank.with_file("refuse", file, office.today)[0])
    again = [await office.claim(one, "approved") for one in (early, late, owing)]
    assert {one["attempt"] for one in again} == {2}, "no money left, nobody approves anew"

    _, file = await office.order()
    office.bank.with_file("take", file)
    await office.read_statements()
    paid = [await office.claim(one, "paid", "closed") for one in (early, late, owing)]
    assert [one["paid_cents"] for one in paid] == [AMOUNT] * 3

    office.bank.ask("return", f"{paid[0]['number']}-2", "--fee", str(FEE))
    await office.read_statements()
    back = await office.claim(early, "returned")
    await office.account(early, 4)
    await early.visitor.act(f"/api/v1/claims/{back['id']}/revise", step="revise")
    await office.approve(early)

    closed = await office.claim(late, "closed")
    office.bank.ask("return", f"{closed['number']}-2", "--fee", str(FEE))
    await office.read_statements()
    replacing = await office.claim(late, "opened", "filed")
    assert (replacing["id"] != closed["id"], replacing["amount_cents"]) == (True, AMOUNT)
    await office.account(late, 5)
    await office.approve(late)

    number = await office.demand(owing, 300_00)
    office.bank.ask("move", office.ground.cast.iban(), "12000", f"{number} first part")
    await office.read_statements()
    assert (await office.claim(owing, "recovering"))["paid_cents"] == AMOUNT
    office.bank.ask("move", office.ground.cast.iban(), "18000", f"Rest of {number}")
    await office.read_statements()
    await office.claim(owing, "recovered")

    _, file = await office.order()
    office.bank.with_file("take", file)
    await office.read_statements()
    for one in (early, late):
        assert (await office.claim(one, "paid", "closed"))["paid_cents"] == AMOUNT

    newest = (await office.first.get("/api/v1/statements"))[0]
    booked = 10_000_000 - 3 * AMOUNT + 30_000 - 2 * FEE
    assert (newest["closing_cents"], office.bank.cents(office.ground.cast.iban())) == (booked, booked)
    await verified(stack)
