"""A travel call from nothing to its paid claims by posted forms alone: no script, no file, no JSON of ours."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from contracts import asks
from contracts.steps import Step, Subject
from tests.conftest import FreshDatabase
from tests.facts import deliver_outbox, said
from tests.service.applying import Applying, applying
from tests.service.books import sound
from tests.service.claiming import photo
from tests.service.clerks import Clerk, build, review, write_call
from tests.service.money import Finance, finance

SWEPT = [
    next(step for step in asks.SWEEPS if step.owner == name) for name in ("applications", "reimbursements")
]
TOPIC = "relais.applications"


@pytest.fixture
async def payer(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Finance]:
    """The member that pays, on the service where claims are."""
    async with finance(await fresh_database("reimbursements"), tmp_path / "money") as played:
        yield played
        await sound(played.stage.database)


@pytest.fixture
async def desk(fresh_database: FreshDatabase, tmp_path: Path, payer: Finance) -> AsyncGenerator[Applying]:
    async with applying(await fresh_database("applications"), tmp_path, payer) as played:
        yield played


async def step(desk: Applying, step: Step, case: str) -> str:
    return (await desk.stage.service.offers.perform(step, Subject(case))).state


async def told(desk: Applying, money: Finance) -> None:
    """Each service hears what the other has said."""
    here, there = desk.stage, money.stage
    await deliver_outbox(here.database, there.service.reader, there.database)
    await deliver_outbox(there.database, here.service.reader, here.database)


async def later(desk: Applying, money: Finance, days: int) -> None:
    for clock in (desk.stage.clock, money.stage.clock):
        clock.forward(timedelta(days=days))


async def a_day_goes_by(desk: Applying, money: Finance) -> None:
    """What is done once a day: reports become overdue, holders of accounts are compared with the lists again."""
    for service, sweep in zip((desk.stage.service, money.stage.service), SWEPT, strict=True):
        await service.offers.perform(sweep, Subject("today"))


async def claim_part(money: Finance, case: str, euro: str, category: str) -> str:
    """One receipt claimed, checked line by line, verified, approved and paid: the claim."""
    claimant = Clerk(money.claimant)
    assert f'value="{case}"' in (await money.claimant.open(f"/claims/open-part?voucher={case}")).text
    claim = (await claimant.post("/claims/open-part", voucher=case)).split("?")[0].rpartition("/")[2]
    day = money.stage.clock.now().date()
    on = {"spent_on-day": day.day, "spent_on-month": day.month, "spent_on-year": day.year}
    await claimant.attach(
        f"/claims/{claim}/add-line", {"receipts": ("receipt.png", photo())}, category=category, description="Trip",
        supplier=f"Carrier {euro}", currency="EUR", amount_minor=euro, vat_minor="0", proof="receipt", **on,
    )  # fmt: skip
    await claimant.post(f"/claims/{claim}/file")
    verifier = Clerk(money.verifier)
    (line,) = (await money.state(claim))["claimed_lines"]
    await verifier.post(
        f"/claims/{claim}/check-line", line=line["id"], accepted_cost_cents=euro, reason="in_order"
    )
    await verifier.post(f"/claims/{claim}/verify")
    return claim


async def pay(money: Finance, claim: str) -> str:
    await Clerk(money.approver).post(f"/claims/{claim}/approve")
    await money.pay()
    return (await money.state(claim))["state"]


async def test_from_nothing_to_the_paid_claims(desk: Applying, payer: Finance) -> None:
    call = await write_call(desk, await build(desk))
    ewa = Clerk(desk.ewa)
    begun = await ewa.post(f"{call}/apply", organisation=str(desk.helixon))
    dates = {"dates-first-day": 1, "dates-first-month": 3, "dates-first-year": 2027, "dates-last-day": 5,
             "dates-last-month": 3, "dates-last-year": 2027}  # fmt: skip
    again = await ewa.post(f"{begun}/trip", version="0", partner="yes", **dates)
    assert again.endswith("/form/trip#who"), "an answer has raised a question"
    money = await ewa.post(f"{begun}/trip", version="1", partner="yes", who="Tartu Labs", **dates)
    assert money.endswith("/form/money")
    costs = {
        "costs.0.what": "Flight",
        "costs.0.amount": "300.00",
        "costs.1.what": "Hotel",
        "costs.1.amount": "200.00",
    }
    assert (await ewa.post(money, version="0", requested="600", **costs)).endswith("/form/money#why")
    refused = await desk.ewa.send(money, {"version": "1", "requested": "600", **costs})
    assert refused.status_code == 422 and "Answer this question." in refused.text
    assert "Not above your costs." in refused.text
    check = await ewa.post(money, version="1", requested="450", **costs)
    page = await desk.ewa.open(check)
    assert "360.00" in page.text and "Tartu Labs" in page.text
    case = begun.split("/")[2]
    await ewa.post(f"/applications/{case}/submit")
    assert await step(desk, asks.Application.check_eligibility, case) == "in_review"
    await review(desk, case)
    assert await step(desk, asks.Application.close_stage, case) == "in_review"
    shown = await desk.officer.open(f"/applications/{case}/select")
    assert "Tartu Labs" in shown.text and "360.00" in shown.text
    await Clerk(desk.officer).post(f"/applications/{case}/select")
    await told(desk, payer)
    assert await payer.reserve(UUID(case)) == "made"
    assert await step(desk, asks.Application.award, case) == "awarded"
    paper = (await desk.ewa.get(f"/api/v1/applications/{case}")).json()["agreements"][0]
    for who in (desk.ewa, desk.payer):
        signed = {"document": paper["document"], "function": "Director", "power": "yes"}
        await Clerk(who).post(f"/agreements/{paper['id']}/sign", **signed)
    assert await step(desk, asks.Application.standing, case) == "granted"
    await told(desk, payer)
    await uses_the_grant(desk, payer, case)


async def uses_the_grant(desk: Applying, money: Finance, case: str) -> None:
    """Two claims, one of them held until the overdue report is here; the second takes what is left."""
    await money.give_account()
    first = await claim_part(money, case, "300.00", "travel")
    assert await pay(money, first) == "paid"
    await later(desk, money, 10)
    assert (await money.step(asks.Claim.close, first)).state == "closed"
    await told(desk, money)
    assert await step(desk, asks.Voucher.close, case) == "issued", "120.00 are left"

    await later(desk, money, 90)
    second = await claim_part(money, case, "200.00", "accommodation")
    await later(desk, money, 40)
    await a_day_goes_by(desk, money)
    await told(desk, money)
    held = await money.approver.send(f"/claims/{second}/approve", {})
    assert "A report of this case is overdue" in held.text
    report = next(fact for fact in await said(desk.stage.database, (TOPIC,)) if fact.aggregate == "report")
    await Clerk(desk.ewa).post(f"/reports/{report.subject}/submit", outcome="We met two partners.")
    await told(desk, money)
    assert await pay(money, second) == "paid"
    assert (await money.state(second))["paid_cents"] == 12_000, "80 per cent are 160.00, but 120.00 were left"
    await later(desk, money, 10)
    assert (await money.step(asks.Claim.close, second)).state == "closed"
    await told(desk, money)
    assert await step(desk, asks.Voucher.close, case) == "issued", "the report waits for the officer"
    await Clerk(desk.officer).post(f"/reports/{report.subject}/accept")
    assert await step(desk, asks.Voucher.close, case) == "used_up"
    await told(desk, money)
    assert (await money.accounts())["PAID"] == 36_000
