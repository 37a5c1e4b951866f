"""A claim on its way: opened by itself, verified by one, approved by another, paid once, given back and paid anew."""

from datetime import timedelta

import pytest

from contracts import asks
from contracts.errors import NotKnownYet
from tests.service.books import sound
from tests.service.money import Finance, done
from tests.service.told import AMOUNT


async def test_a_claim_is_paid_once_and_closed_after_the_return_window(money: Finance) -> None:
    case, claim = await money.play_to_payment()
    paid = await money.state(claim)
    assert (paid["state"], paid["paid_cents"]) == ("paid", AMOUNT)
    assert (await money.step(asks.Claim.close, claim)).state == "paid", "the bank may still return it"
    money.stage.clock.forward(timedelta(days=10))
    assert not (await money.step(asks.Claim.close, claim)).open
    assert not (await money.step(asks.Claim.close, claim)).open
    await sound(money.stage.database)
    await money.closed(case)
    accounts = await money.accounts()
    assert (accounts["PAID"], accounts["AVAILABLE"], accounts["COMMITTED"]) == (AMOUNT, 433_000, 0)


async def test_fewer_days_than_granted_are_paid_by_the_same_rules_and_the_rest_goes_back(
    money: Finance,
) -> None:
    case, claim = await money.play_to_claim(days=4)
    assert (await money.state(claim))["amount_cents"] == AMOUNT // 2
    await money.verify(claim)
    await money.approve(claim)
    await money.pay()
    money.stage.clock.forward(timedelta(days=10))
    assert (await money.step(asks.Claim.close, claim)).state == "closed"
    assert (await money.accounts())["COMMITTED"] == AMOUNT // 2, "a claim never releases"
    await money.closed(case)
    assert (await money.accounts())["AVAILABLE"] == 500_000 - AMOUNT // 2


async def test_a_claim_is_opened_once_and_only_for_committed_money(money: Finance) -> None:
    case = await money.submitted()
    assert await money.reserve(case) == "made"
    await money.validated(case)
    with pytest.raises(NotKnownYet):
        await money.step(asks.Claim.open, case)
    await money.granted(case)
    first = await money.step(asks.Claim.open, case)
    assert (first.state, first.open) == ("opened", True)
    assert (await money.step(asks.Claim.open, case)).state == "opened"
    assert len(await money.rows("select 1 from claims")) == 1


async def test_a_virtual_exchange_has_neither_reservation_nor_claim(money: Finance) -> None:
    case = await money.submitted(mode="virtual")
    assert await money.reserve(case) == "made"
    await money.granted(case)
    await money.validated(case)
    answer = await money.step(asks.Claim.open, case)
    assert (answer.state, answer.open) == ("none", False)
    assert await money.rows("select 1 from reservations union select 1 from claims") == []


async def test_a_claim_files_itself_as_soon_as_the_account_is_checked(money: Finance) -> None:
    first = await money.play_to_validated()
    assert (await money.step(asks.Claim.open, first)).state == "opened"
    await money.give_account()
    assert (await money.step(asks.Claim.open, first)).state == "filed"
    second = await money.play_to_validated()
    assert (await money.step(asks.Claim.open, second)).state == "filed", "the account is known and checked"


async def test_an_account_is_given_once_a_case_is_known_and_each_payer_may_check_it(money: Finance) -> None:
    body = {"organisation": str(money.sme), "holder": "Helixon", "iban": "PL27 1140 2004 0000 3002 0135 5387"}
    early = await money.claimant.post("/api/v1/payees", body)
    assert early.json()["slug"] == "no-case-yet"
    await money.submitted()
    payee = done(await money.claimant.post("/api/v1/payees", body))["id"]
    assert (await money.claimant.post("/api/v1/payees", body)).json()["slug"] == "payee-once"
    seen = (await money.verifier.get(f"/api/v1/payees/{payee}")).json()
    assert seen["iban"] == "PL** **** 5387"
    assert "27114020" not in str(seen)
    money.member, former = money.sme, money.member
    other = await money.stage.person("Olga", ("verifier", money.member))
    assert (await other.get(f"/api/v1/payees/{payee}")).status_code == 404
    await money.submitted()
    assert (await other.get(f"/api/v1/payees/{payee}")).status_code == 200
    money.member = former


async def test_returned_after_approval_gives_back_and_is_approved_anew(money: Finance) -> None:
    _, claim = await money.play_to_approval()
    asked = {"reason": "evidence_missing", "explanation": "Please add the boarding pass."}
    done(await money.approver.post(f"/api/v1/claims/{claim}/return", asked))
    await sound(money.stage.database)
    assert (await money.accounts())["COMMITTED"] == AMOUNT
    done(await money.claimant.post(f"/api/v1/claims/{claim}/revise"))
    await money.verify(claim, 60_000)
    await money.approve(claim)
    accounts = await money.accounts()
    assert (accounts["DRAWN"], accounts["COMMITTED"]) == (60_000, 7_000)
    kinds = await money.rows(
        "select kind from ledger_transaction where claim = :claim order by recorded_at", claim=claim
    )
    assert [row.kind for row in kinds] == ["approve", "give_back", "approve"]
    assert len(await money.rows("select 1 from approvals where claim = :claim", claim=claim)) == 2
    await money.pay()
    assert (await money.state(claim))["paid_cents"] == 60_000


async def test_a_claim_in_a_batch_is_not_returned(money: Finance) -> None:
    _, claim = await money.play_to_approval()
    batch = await money.propose()
    asked = {"reason": "amount", "explanation": "Too much, I think."}
    refused = await money.approver.post(f"/api/v1/claims/{claim}/return", asked)
    assert (refused.status_code, refused.json()["slug"]) == (409, "payment-in-batch")
    done(await money.second.post(f"/api/v1/batches/{batch}/withdraw"))
    done(await money.approver.post(f"/api/v1/claims/{claim}/return", asked))


async def test_rejected_appealed_and_checked_again_by_another(money: Finance) -> None:
    case, claim = await money.play_to_claim()
    await money.verify(claim)
    why = {"reason": "no_evidence", "explanation": "There is no proof of the stay."}
    done(await money.approver.post(f"/api/v1/claims/{claim}/reject", why))
    assert (await money.step(asks.Claim.finalise, claim)).open, "the appeal window is open"
    plea = {"explanation": "The proof was in the report all along."}
    done(await money.claimant.post(f"/api/v1/claims/{claim}/appeal", plea))
    money.stage.clock.forward(timedelta(days=30))
    assert (await money.step(asks.Claim.finalise, claim)).open, "nobody has decided on the appeal"
    done(await money.coordinator.post(f"/api/v1/claims/{claim}/grant-appeal"))
    await money.verify(claim)
    again = await money.approver.post(f"/api/v1/claims/{claim}/approve")
    assert again.json()["slug"] == "decided-the-case"
    money.approver = await money.stage.person("Anna", ("approver", money.member))
    await money.approve(claim)
    assert (await money.step(asks.Claim.open, case)).state == "approved"


async def test_a_refused_appeal_is_final_and_the_case_gives_its_money_back(money: Finance) -> None:
    case, claim = await money.play_to_claim()
    why = {"reason": "not_eligible", "explanation": "The stay was private."}
    done(await money.verifier.post(f"/api/v1/claims/{claim}/reject", why))
    done(
        await money.claimant.post(
            f"/api/v1/claims/{claim}/appeal", {"explanation": "It was not private at all."}
        )
    )
    page = await money.coordinator.open(f"/claims/{claim}")
    assert "It was not private at all." in page.text
    refusal = f"/api/v1/claims/{claim}/refuse-appeal"
    assert (await money.coordinator.post(refusal)).status_code == 422, "without a word to whoever appealed"
    done(await money.coordinator.post(refusal, {"explanation": "The invoice says holiday."}))
    assert "The invoice says holiday." in (await money.claimant.open(f"/claims/{claim}")).text
    ended = await money.step(asks.Claim.finalise, claim)
    assert (ended.state, ended.open) == ("rejected", False)
    again = await money.claimant.post(f"/api/v1/claims/{claim}/appeal", {"explanation": "Once more, please."})
    assert again.json()["slug"] == "appeal-once"
    await money.closed(case)
    assert (await money.accounts())["AVAILABLE"] == 500_000


async def test_a_claim_without_account_expires_and_is_reopened_on_appeal(money: Finance) -> None:
    case = await money.play_to_validated()
    await money.step(asks.Claim.open, case)
    claim = await money.claim_of(case)
    early = await money.claimant.post(f"/api/v1/claims/{claim}/file")
    assert early.json()["slug"] == "payee-missing"
    assert (await money.step(asks.Claim.expire, claim)).state == "opened", "it is too early"
    money.stage.clock.forward(timedelta(days=60))
    assert (await money.step(asks.Claim.expire, claim)).state == "expired"
    done(await money.claimant.post(f"/api/v1/claims/{claim}/appeal", {"explanation": "I was in hospital."}))
    done(await money.coordinator.post(f"/api/v1/claims/{claim}/grant-appeal"))
    assert (await money.step(asks.Claim.standing, claim)).state == "opened"
    await money.give_account()
    assert (await money.state(claim))["state"] == "filed"


async def test_everybody_is_reminded_once_per_date(money: Finance) -> None:
    case = await money.play_to_validated()
    opened = await money.step(asks.Claim.open, case)
    claim = await money.claim_of(case)
    assert opened.remind_in is not None and opened.due_in is not None and opened.remind_in < opened.due_in
    assert (await money.step(asks.Claim.remind, claim, 0)).reminder == 1
    assert (await money.step(asks.Claim.remind, claim, 0)).reminder == 1
    reminders = await money.rows("select 1 from outbox where type = 'relais.claim.reminded.v1'")
    assert len(reminders) == 1
