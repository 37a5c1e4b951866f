"""The end of the action: who is in danger of missing it is listed; after it a due claim is paid by the reasoned consent
of a second person only, as PAID_OUTSIDE.
"""

from datetime import date, timedelta

import pytest

from contracts.ids import new_id
from services.reimbursements.claims.models import LatePayment
from tests.service.money import Finance, done
from tests.service.told import AMOUNT

REASON = "The bank refused the first payment in December."


async def past_the_end(money: Finance) -> None:
    (line,) = (await money.coordinator.get("/api/v1/budgets")).json()
    clock = money.stage.clock
    clock.forward(date.fromisoformat(line["action_end"]) - clock.now().date() + timedelta(days=3))


async def propose(money: Finance) -> str:
    answer = await money.first.post("/api/v1/batches", {"member": str(money.member)})
    return answer.json().get("slug", "proposed")


async def test_a_claim_due_after_the_end_is_paid_by_two_people_and_outside(money: Finance) -> None:
    _, claim = await money.play_to_approval()
    early = await money.first.post("/api/v1/late-payments", {"claim": claim, "reason": REASON})
    assert early.json()["slug"] == "action-not-over"
    await past_the_end(money)
    assert await propose(money) == "nothing-to-pay", "nothing is ordered that would be booked outside"
    asked = done(await money.first.post("/api/v1/late-payments", {"claim": claim, "reason": REASON}))["id"]
    decision = {"remark": "We owe it, and we bear it ourselves."}
    twice = await money.second.post("/api/v1/late-payments", {"claim": claim, "reason": REASON})
    assert twice.json()["slug"] == "late-payment-once"
    done(
        await money.first.post(f"/api/v1/late-payments/{asked}/refuse", {"remark": "The reason was another."})
    )
    asked = done(await money.first.post("/api/v1/late-payments", {"claim": claim, "reason": REASON}))["id"]
    (risk,) = (await money.coordinator.get("/api/v1/budgets/at-risk")).json()
    assert (risk["late"], risk["request"]) == ("asked", asked)
    assert f"/late-payments/{asked}" in (await money.second.open("/budgets/at-risk")).text
    alone = await money.first.post(f"/api/v1/late-payments/{asked}/consent", decision)
    assert alone.json()["slug"] == "late-payment-by-another"
    assert (await money.claimant.post(f"/api/v1/late-payments/{asked}/consent", decision)).status_code == 404
    assert await propose(money) == "nothing-to-pay"
    done(await money.approver.post(f"/api/v1/late-payments/{asked}/consent", decision))
    await money.import_sanctions(dated=str(money.stage.clock.now().date()))
    await money.pay()
    accounts = await money.accounts()
    assert (accounts["PAID_OUTSIDE"], accounts["PAID"]) == (AMOUNT, 0)


async def test_a_batch_that_was_put_together_in_time_is_not_authorised_after_the_end(money: Finance) -> None:
    await money.play_to_approval()
    batch = await money.propose()
    done(await money.first.post(f"/api/v1/batches/{batch}/second"))
    await past_the_end(money)
    await money.import_sanctions(dated=str(money.stage.clock.now().date()))
    late = await money.second.post(f"/api/v1/batches/{batch}/authorise")
    assert (late.status_code, late.json()["slug"]) == (409, "batch-after-end")


async def test_what_is_due_after_the_end_is_executed_before_it(money: Finance) -> None:
    await money.play_to_approval()
    (payment,) = await money.rows("select due_on from payments")
    end = payment.due_on - timedelta(days=5)
    await money.change("update budgets set action_end = :end", end=end)
    batch = (await money.first.get(f"/api/v1/batches/{await money.propose()}")).json()
    assert str(money.stage.clock.now().date()) <= batch["execution_date"] < str(end)


async def test_cases_at_risk_are_listed_before_it_is_too_late(money: Finance) -> None:
    await money.play_to_validated()
    assert (await money.coordinator.get("/api/v1/budgets/at-risk")).json() == []
    (line,) = (await money.coordinator.get("/api/v1/budgets")).json()
    end = date.fromisoformat(line["action_end"])
    clock = money.stage.clock
    clock.forward(end - clock.now().date() - timedelta(days=20))
    (risk,) = (await money.coordinator.get("/api/v1/budgets/at-risk")).json()
    assert (risk["held_cents"], risk["action_end"], risk["late"]) == (AMOUNT, str(end), "")
    assert "At risk of missing the end" in (await money.coordinator.get("/budgets/at-risk")).text
    assert (await money.claimant.get("/api/v1/budgets/at-risk")).json() == []


async def test_one_person_alone_cannot_consent_even_past_the_rule(money: Finance) -> None:
    with pytest.raises(Exception, match="late-payment-by-another"):
        async with money.stage.database.transaction() as tx:
            person = money.first.id
            tx.add(
                LatePayment(
                    id=new_id(), state="consented", claim=new_id(), case_id=new_id(), member=money.member,
                    organisation=money.sme, amount_cents=1, reason=REASON, remark=REASON, asked_by=person,
                    consented_by=person, asked_at=money.stage.clock.now(),
                )
            )  # fmt: skip
