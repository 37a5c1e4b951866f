"""What comes back: payments returned before and after closing, refused for either cause, batches withdrawn."""

from datetime import timedelta
from typing import Any

import pytest

from contracts import asks
from deploy.bank.books import payments_in, refuse
from tests.service.books import sound
from tests.service.camt import posted, statement, suspense
from tests.service.money import OTHER_IBAN, Finance, done
from tests.service.told import AMOUNT


async def test_returned_before_closing_it_is_the_claimants_again(money: Finance) -> None:
    case, claim = await money.play_to_payment()
    await money.give_back(claim, fee_cents=500)
    back = await money.state(claim)
    assert (back["state"], back["attempt"], back["paid_cents"], back["reason"]) == (
        "returned",
        2,
        0,
        "account",
    )
    accounts = await money.accounts()
    assert (accounts["PAID"], accounts["COMMITTED"]) == (0, AMOUNT)
    await sound(money.stage.database)
    early = await money.step(asks.Claim.close, claim)
    assert early.state == "returned", "the return window means nothing any more"
    payee = await money.change_account()
    unchecked = await money.claimant.post(f"/api/v1/claims/{claim}/revise")
    assert unchecked.json()["slug"] == "payee-missing"
    await money.check_account(payee)
    done(await money.claimant.post(f"/api/v1/claims/{claim}/revise"))
    await money.verify(claim)
    await money.approve(claim)
    _, file = await money.play_to_order()
    (payment,) = payments_in(file)
    assert (payment.end_to_end_id, payment.payee_account) == (f"{back['number']}-2", OTHER_IBAN)
    done(await money.import_statement(money.booked(file)))
    money.stage.clock.forward(timedelta(days=10))
    assert (await money.step(asks.Claim.open, case)).state == "paid"
    assert (await money.step(asks.Claim.close, claim)).state == "closed"
    await money.closed(case)
    assert (await money.accounts())["PAID"] == AMOUNT


async def test_booked_and_returned_on_one_statement(money: Finance) -> None:
    _, claim = await money.play_to_approval()
    _, file = await money.play_to_order()
    money.bank.take(file)
    money.bank.give_back(payments_in(file)[0].end_to_end_id)
    await money.hear_the_bank()
    assert await posted(money) == [(-AMOUNT, "payment"), (AMOUNT, "return")]
    assert (await money.state(claim))["state"] == "returned"


@pytest.mark.parametrize("case_closed", ["before the return", "after the return"])
async def test_returned_after_closing_a_claim_replaces_the_closed_one(
    money: Finance, case_closed: str
) -> None:
    case, claim = await money.play_to_closed()
    if case_closed == "before the return":
        await money.closed(case)
    await money.give_back(claim, fee_cents=100)
    assert (await money.state(claim))["state"] == "replaced"
    newer = await money.claim_of(case)
    seen = await money.state(newer)
    assert (seen["replaces"], seen["amount_cents"], seen["state"]) == (claim, AMOUNT, "opened")
    assert (await money.step(asks.Claim.open, case)).state == "opened", "the case asks for the newer one"
    await sound(money.stage.database)
    if case_closed == "after the return":
        await money.closed(case)
    assert (await money.accounts())["COMMITTED"] == AMOUNT, "an open replacing claim keeps its money"
    await money.check_account(await money.change_account())
    assert (await money.state(newer))["state"] == "filed"
    await money.verify(newer, 50_000)
    await money.approve(newer)
    await money.pay()
    money.stage.clock.forward(timedelta(days=10))
    assert (await money.step(asks.Claim.close, newer)).state == "closed"
    accounts = await money.accounts()
    assert (accounts["PAID"], accounts["AVAILABLE"], accounts["COMMITTED"]) == (50_000, 450_000, 0)


async def test_a_replacing_claim_that_nobody_files_expires_and_gives_its_money_to_who_waits(
    money: Finance,
) -> None:
    case, claim = await money.play_to_closed()
    await money.closed(case)
    await money.give_back(claim)
    newer = await money.claim_of(case)
    waiting = [await money.submitted() for _ in range(7)]
    assert [await money.reserve(one) for one in waiting] == ["made"] * 6 + ["queued"]
    money.stage.clock.forward(timedelta(days=60))
    assert (await money.step(asks.Claim.expire, newer)).state == "expired"
    money.stage.clock.forward(timedelta(days=20))
    assert not (await money.step(asks.Claim.finalise, newer)).open
    assert await money.reserve(waiting[6]) == "made"


async def test_a_replacing_claim_may_come_back_as_well(money: Finance) -> None:
    case, _claim = await money.play_to_closed()
    await money.closed(case)
    for _ in range(2):
        await money.give_back(await money.claim_of(case))
        newer = await money.claim_of(case)
        done(await money.claimant.post(f"/api/v1/claims/{newer}/file"))
        await money.verify(newer)
        await money.approve(newer)
        await money.pay()
        money.stage.clock.forward(timedelta(days=10))
        assert (await money.step(asks.Claim.close, newer)).state == "closed"
    states = await money.rows("select state from claims order by opened_at")
    assert [row.state for row in states] == ["replaced", "replaced", "closed"]
    assert (await money.accounts())["PAID"] == AMOUNT


async def test_refused_for_the_payees_cause_gives_back_and_asks_the_claimant(money: Finance) -> None:
    first, second = [(await money.play_to_approval())[1] for _ in range(2)]
    batch, file = await money.play_to_order()
    number, today = (await money.state(first))["number"], money.stage.clock.now().date()
    report = refuse(file, today, "AC01", f"{number}-1")
    done(await money.read_report(batch, report))
    assert (await money.state(first))["state"] == "returned"
    assert (await money.state(second))["state"] == "ordered"
    assert "The account number is wrong (AC01)" in (await money.claimant.open(f"/claims/{first}")).text
    await sound(money.stage.database)
    again = done(await money.read_report(batch, report))
    assert (await money.state(first))["attempt"] == 2, "a report read twice refuses once"
    assert again["state"] == "authorised"
    done(await money.claimant.post(f"/api/v1/claims/{first}/revise"))
    money.bank.take(file)
    await money.hear_the_bank()
    (line,) = await money.suspended()
    assert (line["cents"], line["why"]) == (-AMOUNT, "never_ordered"), "the bank books what it has refused"
    assert f"{number}-1" in (await money.first.open(f"/suspense/{line['id']}/explain")).text


async def test_refused_for_the_payers_cause_is_proposed_anew_with_its_approval(money: Finance) -> None:
    _, claim = await money.play_to_approval()
    batch, file = await money.play_to_order()
    done(await money.read_report(batch, refuse(file, money.stage.clock.now().date(), "AM04")))
    seen = await money.state(claim)
    assert (seen["state"], seen["attempt"]) == ("approved", 2)
    assert (
        "not enough money on the paying account (AM04)" in (await money.first.open(f"/batches/{batch}")).text
    )
    await sound(money.stage.database)
    approvals = await money.rows("select distinct approval from payments")
    assert len(approvals) == 1
    await money.pay()
    assert (await money.state(claim))["state"] == "paid"


async def refused_and_booked(money: Finance, reason: str = "AM04") -> tuple[str, str, dict[str, Any]]:
    """(claim, end-to-end id, line in suspense) of a payment that the bank refused and booked all the same."""
    _, claim = await money.play_to_approval()
    batch, file = await money.play_to_order()
    done(await money.read_report(batch, refuse(file, money.stage.clock.now().date(), reason)))
    money.bank.take(file)
    await money.hear_the_bank()
    (line,) = await money.suspended()
    return claim, payments_in(file)[0].end_to_end_id, line


async def test_what_the_bank_refused_and_booked_is_paid_once_two_people_have_matched_it(
    money: Finance,
) -> None:
    claim, id, line = await refused_and_booked(money)
    nothing = await money.first.post("/api/v1/batches", {"member": str(money.member)})
    assert nothing.json()["slug"] == "nothing-to-pay", "it would be paid twice"
    number = (await money.state(claim))["number"]
    assert "would be paid twice" in (await money.claimant.open(f"/claims/{claim}")).text
    assert number in (await money.first.open(f"/suspense/{line['id']}")).text
    await money.explain(line["id"], "payments", id)
    seen = await money.state(claim)
    assert (seen["state"], seen["attempt"], seen["paid_cents"]) == ("paid", 1, AMOUNT)
    states = await money.rows("select attempt, state from payments order by attempt")
    assert [(row.attempt, row.state) for row in states] == [(1, "booked"), (2, "withdrawn")]
    assert (await suspense(money), (await money.accounts())["PAID"]) == (0, AMOUNT)
    nothing = await money.first.post("/api/v1/batches", {"member": str(money.member)})
    assert nothing.json()["slug"] == "nothing-to-pay"
    assert "would be paid twice" not in (await money.claimant.open(f"/claims/{claim}")).text
    await sound(money.stage.database)
    await money.give_back(claim)
    seen = await money.state(claim)
    assert (seen["state"], seen["attempt"]) == ("returned", 3), "an end-to-end id is never used twice"
    await sound(money.stage.database)


async def test_a_batch_is_not_authorised_once_the_bank_has_booked_what_it_refused(money: Finance) -> None:
    _, claim = await money.play_to_approval()
    batch, file = await money.play_to_order()
    done(await money.read_report(batch, refuse(file, money.stage.clock.now().date())))
    again = await money.propose()
    done(await money.first.post(f"/api/v1/batches/{again}/second"))
    done(await money.import_statement(money.booked(file)))
    held = await money.second.post(f"/api/v1/batches/{again}/authorise")
    assert held.json()["slug"] == "payment-in-suspense"
    (line,) = await money.suspended()
    said = {"how": "payments", "payments": payments_in(file)[0].end_to_end_id, "reason": "the bank's letter"}
    early = await money.first.post(f"/api/v1/suspense/{line['id']}/explain", said)
    assert early.json()["slug"] == "payment-in-batch"
    done(await money.first.post(f"/api/v1/batches/{again}/withdraw"))
    await money.explain(line["id"], "payments", said["payments"])
    assert (await money.state(claim))["state"] == "paid"
    await sound(money.stage.database)


async def test_booked_although_refused_for_the_payees_cause_it_waits_for_the_claim(money: Finance) -> None:
    """What was drawn was given back: the claim is approved anew, but not ordered, and then the entry pays it."""
    claim, id, line = await refused_and_booked(money, "AC04")
    said = {"how": "payments", "payments": id, "reason": "the bank's letter"}
    early = await money.first.post(f"/api/v1/suspense/{line['id']}/explain", said)
    assert early.json()["slug"] == "claim-not-owed"
    done(await money.claimant.post(f"/api/v1/claims/{claim}/revise"))
    await money.verify(claim)
    await money.approve(claim)
    nothing = await money.first.post("/api/v1/batches", {"member": str(money.member)})
    assert nothing.json()["slug"] == "nothing-to-pay"
    await money.explain(line["id"], "payments", id)
    assert (await money.state(claim))["state"] == "paid"
    await sound(money.stage.database)


async def test_a_withdrawn_batch_that_is_booked_as_one_sum_holds_its_claims(money: Finance) -> None:
    for _ in range(2):
        await money.play_to_approval()
    batch, file = await money.play_to_order()
    done(await money.first.post(f"/api/v1/batches/{batch}/ask-withdrawal"))
    done(await money.second.post(f"/api/v1/batches/{batch}/withdraw"))
    (order,) = await money.rows("select distinct order_id from payments where order_id <> ''")
    sum_of_it = (-2 * AMOUNT, "R-1", "", f"batch:{order.order_id}")
    done(await money.import_statement(statement("S-1", 0, sum_of_it)))
    nothing = await money.first.post("/api/v1/batches", {"member": str(money.member)})
    assert nothing.json()["slug"] == "nothing-to-pay"
    (line,) = await money.suspended()
    await money.explain(line["id"], "payments", "\n".join(one.end_to_end_id for one in payments_in(file)))
    assert (await money.accounts())["PAID"] == 2 * AMOUNT
    await sound(money.stage.database)


async def test_a_report_about_another_file_is_refused(money: Finance) -> None:
    await money.play_to_approval()
    _, file = await money.play_to_order()
    await money.play_to_approval()
    other, _ = await money.play_to_order()
    answer = await money.read_report(other, refuse(file, money.stage.clock.now().date()))
    assert answer.json()["slug"] == "report-of-another"


async def test_an_accepted_report_is_information(money: Finance) -> None:
    _, claim = await money.play_to_approval()
    batch, file = await money.play_to_order()
    accepted = refuse(file, money.stage.clock.now().date()).replace(b"<GrpSts>RJCT", b"<GrpSts>ACSC")
    done(await money.read_report(batch, accepted))
    assert (await money.state(claim))["state"] == "ordered"
    assert [row.state for row in await money.rows("select state from payments")] == ["accepted"]
    done(await money.import_statement(money.booked(file)))
    assert (await money.state(claim))["state"] == "paid"


async def test_refused_and_booked_in_both_orders(money: Finance) -> None:
    """The statement has the last word: what was booked is not refused any more, what was refused is not paid."""
    first, second = [(await money.play_to_approval())[1] for _ in range(2)]
    batch, file = await money.play_to_order()
    numbers, today = (
        [(await money.state(one))["number"] for one in (first, second)],
        money.stage.clock.now().date(),
    )
    ids = [f"{number}-1" for number in numbers]
    done(await money.import_statement(statement("S-1", 0, (-AMOUNT, "R-1", ids[0], "ESCT"))))
    done(await money.read_report(batch, refuse(file, today, "AC01")))
    assert (await money.state(first))["state"] == "paid"
    assert (await money.state(second))["state"] == "returned"
    done(await money.import_statement(statement("S-2", -AMOUNT, (-AMOUNT, "R-2", ids[1], "ESCT"))))
    assert (await money.state(second))["state"] == "returned"
    assert await suspense(money) == AMOUNT


async def test_a_batch_withdrawn_before_it_is_authorised_frees_its_payments(money: Finance) -> None:
    _, claim = await money.play_to_approval()
    batch = await money.propose()
    done(await money.first.post(f"/api/v1/batches/{batch}/second"))
    done(await money.second.post(f"/api/v1/batches/{batch}/withdraw"))
    seen = await money.state(claim)
    assert (seen["state"], seen["attempt"]) == ("approved", 1)
    await money.pay()
    assert (await money.state(claim))["state"] == "paid"


async def test_a_batch_withdrawn_after_it_is_authorised_takes_two_and_a_new_attempt(money: Finance) -> None:
    claims = [(await money.play_to_approval())[1] for _ in range(2)]
    batch, file = await money.play_to_order()
    path = f"/api/v1/batches/{batch}"
    assert (await money.first.post(f"{path}/withdraw")).json()["slug"] == "ask-withdrawal-first"
    done(await money.first.post(f"{path}/ask-withdrawal"))
    assert (await money.first.post(f"{path}/withdraw")).json()["slug"] == "withdraw-by-another"
    done(await money.second.post(f"{path}/withdraw"))
    seen = [await money.state(claim) for claim in claims]
    assert [(one["state"], one["attempt"]) for one in seen] == [("approved", 2)] * 2
    await sound(money.stage.database)
    _, again = await money.play_to_order()
    old, new = ({payment.end_to_end_id for payment in payments_in(one)} for one in (file, again))
    assert not old & new, "the bank may know the ids of the withdrawn file"
    done(await money.import_statement(money.booked(again)))
    assert {(await money.state(claim))["state"] for claim in claims} == {"paid"}


async def test_a_batch_that_the_bank_has_booked_in_part_is_not_withdrawn(money: Finance) -> None:
    for _ in range(2):
        await money.play_to_approval()
    batch, file = await money.play_to_order()
    id = payments_in(file)[0].end_to_end_id
    done(await money.first.post(f"/api/v1/batches/{batch}/ask-withdrawal"))
    done(await money.import_statement(statement("S-1", 0, (-AMOUNT, "R-1", id, "ESCT"))))
    refused = await money.second.post(f"/api/v1/batches/{batch}/withdraw")
    assert refused.json()["slug"] == "payment-booked"
