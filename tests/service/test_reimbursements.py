"""Money on the reimbursements service: reserved before it is awarded, approved by four eyes, paid once."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import pytest

from contracts import application, asks
from contracts.ids import new_id
from tests.conftest import FreshDatabase
from tests.service.money import Finance, finance


@pytest.fixture
async def money(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Finance]:
    async with finance(await fresh_database("reimbursements"), tmp_path) as played:
        yield played


async def test_a_claim_is_paid_once_and_closed_after_the_return_window(money: Finance) -> None:
    case, claim = await money.play_to_approval()
    _, file = await money.play_to_order()
    statement = money.bank.book(file, money.stage.clock.now().date())[0]
    assert (await money.import_statement(statement)).status_code == 201
    paid = await money.state(claim)
    assert (paid["state"], paid["paid_cents"]) == ("paid", 67_000)
    assert (await money.step(asks.Claim.close, claim)).state == "paid"
    money.stage.clock.forward(timedelta(days=10))
    assert not (await money.step(asks.Claim.close, claim)).open
    await money.say(case, application.Closed(round=1, counted_for=money.partnership))
    accounts = await money.accounts()
    assert (accounts["PAID"], accounts["AVAILABLE"], accounts["COMMITTED"]) == (67_000, 433_000, 0)


async def test_the_same_statement_changes_nothing_the_second_time(money: Finance) -> None:
    await money.play_to_approval()
    _, file = await money.play_to_order()
    statement = money.bank.book(file, money.stage.clock.now().date())[0]
    await money.import_statement(statement)
    before = await money.accounts()
    again = await money.import_statement(statement)
    assert again.status_code in (409, 422)
    assert await money.accounts() == before


async def test_fewer_days_than_granted_are_paid_by_the_same_rules(money: Finance) -> None:
    _, claim = await money.play_to_claim(days=4)
    assert (await money.state(claim))["amount_cents"] == 33_500


async def test_four_eyes(money: Finance) -> None:
    _, claim = await money.play_to_claim()
    verify = f"/api/v1/claims/{claim}/verify"
    both = await money.stage.person("Both", ("verifier", money.member), ("approver", money.member))
    own = await money.stage.person("Own", ("verifier", money.member), ("member", money.sme))
    assert (await own.post(verify, {"accepted_cents": 67_000})).json()["slug"] == "own-claim"
    assert (await both.post(verify, {"accepted_cents": 67_000})).status_code == 200
    assert (await both.post(f"/api/v1/claims/{claim}/approve")).json()["slug"] == "verified-yourself"
    assert (await money.claimant.post(f"/api/v1/claims/{claim}/approve")).status_code == 403
    assert (await money.approver.post(f"/api/v1/claims/{claim}/approve")).status_code == 200


async def test_whoever_validated_the_visit_does_not_approve_the_money(money: Finance) -> None:
    case = await money.submitted()
    await money.reserve(case)
    await money.granted(case)
    officer = await money.stage.person("Officer", ("approver", money.member))
    await money.validated(case, by=officer)
    _, claim = case, (await money.step(asks.Claim.open, case)).state
    assert claim == "opened"
    listed = (await money.verifier.get("/api/v1/claims")).json()
    entered = await money.claimant.post(
        "/api/v1/payees",
        {"organisation": str(money.sme), "holder": "Helixon", "iban": "PL27114020040000300201355387"},
    )
    await money.verifier.post(f"/api/v1/payees/{entered.json()['id']}/check", {"outcome": "match"})
    await money.verifier.post(f"/api/v1/claims/{listed[0]['id']}/verify", {"accepted_cents": 67_000})
    refused = await officer.post(f"/api/v1/claims/{listed[0]['id']}/approve")
    assert refused.json()["slug"] == "decided-the-case"


async def test_two_people_authorise_and_neither_approved(money: Finance) -> None:
    await money.play_to_approval()
    both = await money.stage.person("Adam's twin role", ("treasurer", money.member))
    batch = (await money.first.post("/api/v1/batches", {"member": str(money.member)})).json()["id"]
    assert (await money.first.post(f"/api/v1/batches/{batch}/second")).status_code == 200
    alone = await money.first.post(f"/api/v1/batches/{batch}/authorise")
    assert alone.json()["slug"] == "authorised-yourself"
    assert (await both.post(f"/api/v1/batches/{batch}/authorise")).status_code == 200
    first = (await both.get(f"/api/v1/batches/{batch}/file")).content
    assert first == (await both.get(f"/api/v1/batches/{batch}/file")).content


async def test_a_returned_payment_is_the_claimants_again_with_a_new_attempt(money: Finance) -> None:
    _, claim = await money.play_to_approval()
    _, file = await money.play_to_order()
    today = money.stage.clock.now().date()
    await money.import_statement(money.bank.book(file, today)[0])
    number = (await money.state(claim))["number"]
    returned = money.bank.give_back(f"{number}-1", today)
    assert (await money.import_statement(returned)).status_code == 201
    back = await money.state(claim)
    assert (back["state"], back["attempt"], back["paid_cents"]) == ("returned", 2, 0)
    accounts = await money.accounts()
    assert (accounts["PAID"], accounts["COMMITTED"]) == (0, 67_000)


async def test_short_budget_waits_in_line_and_is_served_when_money_comes(money: Finance) -> None:
    cases = [await money.submitted() for _ in range(9)]
    states = [await money.reserve(case) for case in cases]
    assert states == ["made"] * 7 + ["queued"] * 2
    raised = await money.coordinator.post(f"/api/v1/budgets/{money.budget}/raise", {"amount_cents": 70_000})
    assert raised.status_code == 200, raised.text
    assert [await money.reserve(case) for case in cases[7:]] == ["made", "queued"]
    await money.say(cases[0], application.Withdrawn(round=1))
    assert await money.reserve(cases[8]) == "made"
    assert await money.reserve(cases[0]) == "ended"


async def test_an_unknown_case_or_round_is_asked_again(money: Finance) -> None:
    from contracts.errors import NotKnownYet

    with pytest.raises(NotKnownYet):
        await money.reserve(new_id())
    case = await money.submitted()
    with pytest.raises(NotKnownYet):
        await money.reserve(case, round=2)


async def test_two_hundred_at_once_never_overspend(money: Finance) -> None:
    cases = [await money.submitted() for _ in range(200)]
    gate = asyncio.Semaphore(12)

    async def one(case: object) -> str:
        async with gate:
            return await money.reserve(case)  # pyright: ignore[reportArgumentType]

    states = await asyncio.gather(*(one(case) for case in cases))
    assert states.count("made") == 7
    accounts = await money.accounts()
    assert (accounts["RESERVED"], accounts["AVAILABLE"]) == (469_000, 31_000)
