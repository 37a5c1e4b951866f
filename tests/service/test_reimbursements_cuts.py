"""What the funder cuts: entered by one, confirmed by another, named row by row; and money of a cut claim that comes
back is deducted once."""

from datetime import timedelta
from typing import Any

from contracts import asks
from tests.service.camt import statement
from tests.service.funding import act, begun, cut, instalment, kept, refused, report, sent
from tests.service.money import Finance, done
from tests.service.told import AMOUNT

WHY = {"reason": "not_eligible", "explanation": "Two of the days were spent elsewhere."}


async def number(money: Finance, claim: str) -> str:
    return (await money.state(claim))["number"]


async def paid_and_sent(money: Finance) -> tuple[str, str, str]:
    """A claim that was paid, the report that tells it, and the next one."""
    _, claim = await money.play_to_payment()
    id, next_one = await begun(money), await begun(money, "2026-12-31")
    money.stage.clock.forward(timedelta(days=10))
    assert (await money.step(asks.Claim.close, claim)).state == "closed"
    await sent(money, id)
    return claim, id, next_one


async def demanded(money: Finance, claim: str, cents: int) -> Any:
    """By two coordinators: the second one."""
    second = await money.stage.person("Second", ("coordinator", money.partnership))
    path = f"/api/v1/claims/{claim}"
    done(await money.coordinator.post(f"{path}/propose-recovery", {**WHY, "amount_cents": cents}))
    done(await second.post(f"{path}/order-recovery"))
    return second


async def came_back(money: Finance, claim: str, cents: int) -> None:
    """The debtor pays, and two treasurers say so."""
    before = await money.rows("select closing_cents from statements order by id desc limit 1")
    on, reference = money.stage.clock.now().date(), f"CREDIT-{cents}"
    read = statement(f"S-{cents}", before[0].closing_cents, (cents, reference, "NOTPROVIDED", "SALA"), on=on)
    done(await money.import_statement(read))
    rows = await money.rows("select id from suspense_lines order by id desc limit 1")
    path = f"/api/v1/claims/{claim}"
    done(await money.first.post(f"{path}/match-recovery", {"entry": str(rows[0].id)}))
    done(await money.second.post(f"{path}/confirm-recovery"))


async def test_support_that_the_funder_cuts_is_borne_by_the_member(money: Finance) -> None:
    await money.play_to_payment()
    id, next_one = await begun(money), await begun(money, "2026-12-31")
    money.stage.clock.forward(timedelta(days=9))
    await sent(money, id)
    cuts = {"support": 7_001, "remarks": "One night too many."}
    more = {**cuts, "asked_back": 7_002}
    assert await refused(money.coordinator, id, "note-cuts", more) == "asked-back-beyond-cuts"
    assert await act(money.coordinator, id, "note-cuts", {**cuts, "asked_back": 5_000}) == "cuts_noted"
    assert await kept(money, "WRITTEN_OFF", "DUE_TO_FUNDER") == {}, "nothing is posted yet"
    assert "to be confirmed" in (await money.first.open(f"/funder-reports/{id}")).text
    assert await refused(money.coordinator, id, "confirm-cuts") == "not-your-role"
    assert await act(money.second, id, "confirm-cuts") == "accepted"
    assert await kept(money, "SUPPORT", "WRITTEN_OFF", "PAID", "FUNDER_ADVANCE", "DUE_TO_FUNDER") == {
        "SUPPORT": AMOUNT - 7_001, "WRITTEN_OFF": 7_001, "PAID": AMOUNT,
        "FUNDER_ADVANCE": -5_000, "DUE_TO_FUNDER": 5_000,
    }  # fmt: skip
    statement = await money.first.open(f"/budgets/{money.budget}/statement?account=WRITTEN_OFF")
    assert "Cut by the funder, borne by the member" in statement.text
    assert "borne by the member" in (await money.first.open(f"/funder-reports/{id}")).text
    later = await report(money, next_one)
    assert [(one["category"], one["cents"]) for one in later["earlier_cuts"]] == [("support", 7_001)]
    assert later["total_cents"] == 0
    page = (await money.first.open(f"/funder-reports/{next_one}")).text
    assert "One night too many." in page
    back = await instalment(money, "repayment", 5_000)
    money.bank.move(money.iban, -5_000, "Claimed back")
    await money.hear_the_bank()
    (line,) = await money.suspended()
    done(await money.first.post(f"/api/v1/instalments/{back}/match", {"line": line["id"]}))
    done(await money.second.post(f"/api/v1/instalments/{back}/confirm"))
    assert await kept(money, "DUE_TO_FUNDER") == {"DUE_TO_FUNDER": 0}


async def test_two_people_cut_and_what_one_entered_can_be_sent_back(money: Finance) -> None:
    claim, id, _ = await paid_and_sent(money)
    both = await money.stage.person("Both", ("coordinator", money.partnership), ("approver", money.member))
    row = {"row": f"claim/{await number(money, claim)}", "amount": 2_000, "reason": "No boarding pass."}
    assert await act(both, id, "cut-row", row) == "submitted"
    assert await refused(both, id, "accept") == "cuts-to-be-noted"
    below = {"support": 1_999, "remarks": "See the row."}
    assert await refused(both, id, "note-cuts", below) == "cut-below-rows"
    assert await act(both, id, "note-cuts", {**below, "support": 2_000}) == "cuts_noted"
    assert await refused(both, id, "confirm-cuts") == "funder-cuts-by-another"
    assert await act(money.first, id, "send-cuts-back") == "submitted"
    seen = await report(money, id)
    assert (seen["cut_cents"], seen["cuts"], len(seen["row_cuts"])) == (0, {}, 1)
    assert await act(both, id, "cut-row", {**row, "amount": 0, "reason": ""}) == "submitted"
    assert await act(both, id, "accept") == "accepted"
    assert await kept(money, "WRITTEN_OFF") == {}


async def test_a_row_that_was_cut_stands_with_its_reason_in_the_next_report(money: Finance) -> None:
    id, next_one = await begun(money), await begun(money, "2026-12-31")
    cost = {"category": "staff", "description": "Project officer", "reference": "B-17",
            "spent_on": "2026-11-05", "amount": 100_000}  # fmt: skip
    await act(money.first, id, "add-cost", cost)
    money.stage.clock.forward(timedelta(days=9))
    await sent(money, id)
    row = {"row": "cost/1", "amount": 40_000, "reason": "No time sheet of the second half."}
    assert await refused(money.coordinator, id, "cut-row", {**row, "amount": 100_001}) == "cut-beyond-row"
    assert await refused(money.coordinator, id, "cut-row", {**row, "row": "cost/2"}) == "no-such-row"
    assert await refused(money.coordinator, id, "cut-row", {**row, "reason": ""}) == "cut-without-reason"
    assert "B-17, Project officer" in (await money.coordinator.open(f"/funder-reports/{id}/cut-row")).text
    assert await act(money.coordinator, id, "cut-row", row) == "submitted"
    form = (await money.coordinator.open(f"/funder-reports/{id}/note-cuts")).text
    assert 'value="400.00"' in form and 'value="28.00"' in form, "and 7 % of it"
    assert await cut(money, id, staff=45_000, indirect=3_150, remarks="And an error rate.") == "accepted"
    page = (await money.first.open(f"/funder-reports/{id}")).text
    assert "Rows that the funder cut" in page and "No time sheet of the second half." in page
    earlier = (await report(money, next_one))["earlier_cuts"]
    assert [(one["category"], one["cents"], one["row"], one["reason"]) for one in earlier] == [
        ("staff", 40_000, "B-17, Project officer", "No time sheet of the second half."),
        ("staff", 5_000, "", "And an error rate."),
        ("indirect", 3_150, "", "And an error rate."),
    ]
    assert "B-17, Project officer" in (await money.first.open(f"/funder-reports/{next_one}")).text
    assert await kept(money, "WRITTEN_OFF") == {}, "own costs stand in no account"


async def test_what_comes_back_of_a_cut_claim_is_not_deducted_twice(money: Finance) -> None:
    claim, id, next_one = await paid_and_sent(money)
    row = {"row": f"claim/{await number(money, claim)}", "amount": 20_000, "reason": "Two days elsewhere."}
    await act(money.coordinator, id, "cut-row", row)
    assert await cut(money, id, support=20_000, remarks="See the row.") == "accepted"
    await demanded(money, claim, 30_000)
    await came_back(money, claim, 12_000)
    accounts = await kept(money, "SUPPORT", "WRITTEN_OFF")
    assert accounts == {"SUPPORT": AMOUNT - 30_000 - 20_000 + 12_000, "WRITTEN_OFF": 8_000}
    (entry,) = (await report(money, next_one))["support"]
    assert (entry["kind"], entry["cents"], entry["regained_cents"]) == ("recovered", 0, 12_000)
    assert "which the funder had cut" in (await money.first.open(f"/funder-reports/{next_one}")).text
    await came_back(money, claim, 18_000)
    assert await kept(money, "SUPPORT", "WRITTEN_OFF") == {"SUPPORT": AMOUNT - 30_000, "WRITTEN_OFF": 0}
    seen = await report(money, next_one)
    assert [one["cents"] for one in seen["support"]] == [0, -10_000]
    assert seen["sums"]["support"] == -10_000, "the funder pays for what is left of the claim, once"
    money.stage.clock.forward(timedelta(days=31))
    await sent(money, next_one)


async def test_what_came_back_before_the_cut_was_known_is_not_deducted_either(money: Finance) -> None:
    claim, id, next_one = await paid_and_sent(money)
    await demanded(money, claim, 30_000)
    await came_back(money, claim, 30_000)
    assert [one["cents"] for one in (await report(money, next_one))["support"]] == [-30_000]
    assert await cut(money, id, support=20_000, remarks="Two days elsewhere.") == "accepted"
    (entry,) = (await report(money, next_one))["support"]
    assert (entry["cents"], entry["regained_cents"]) == (-10_000, 20_000)
    assert await kept(money, "SUPPORT", "WRITTEN_OFF") == {"SUPPORT": AMOUNT - 30_000, "WRITTEN_OFF": 0}


async def test_a_payment_of_a_cut_claim_that_the_bank_returns_is_deducted_without_the_cut(
    money: Finance,
) -> None:
    _, claim = await money.play_to_payment()
    id, next_one = await begun(money), await begun(money, "2026-12-31")
    money.stage.clock.forward(timedelta(days=9))
    await sent(money, id)
    assert await cut(money, id, support=20_000, remarks="Two days elsewhere.") == "accepted"
    await money.give_back(claim)
    (entry,) = (await report(money, next_one))["support"]
    assert (entry["kind"], entry["cents"]) == ("returned", 20_000 - AMOUNT)
    assert await kept(money, "SUPPORT", "WRITTEN_OFF") == {"SUPPORT": 0, "WRITTEN_OFF": 0}


async def test_a_waiver_of_what_was_cut_owes_the_funder_nothing_more(money: Finance) -> None:
    claim, id, _ = await paid_and_sent(money)
    assert await cut(money, id, support=20_000, remarks="Two days elsewhere.") == "accepted"
    second = await demanded(money, claim, 30_000)
    file = done(await money.coordinator.upload("/api/v1/claims/files", "decision.pdf", b"%PDF-1.7\n%%EOF\n"))[
        "id"
    ]
    waiver = {"reason": "The company was wound up without assets.", "document": file}
    done(await money.coordinator.post(f"/api/v1/claims/{claim}/ask-waiver", waiver))
    done(await second.post(f"/api/v1/claims/{claim}/waive-recovery"))
    found = await kept(money, "SUPPORT", "WRITTEN_OFF", "DUE_TO_FUNDER")
    assert found["DUE_TO_FUNDER"] == 10_000, "COSME pays all of what it has not cut"
    assert found["WRITTEN_OFF"] == 30_000
    assert found["SUPPORT"] == AMOUNT - 30_000 + 10_000


async def test_a_cut_that_names_no_claim_is_shared_by_what_the_report_tells_beside_the_rows(
    money: Finance,
) -> None:
    (_, one), (_, _other) = [await money.play_to_approval() for _ in range(2)]
    await money.pay()
    id = await begun(money)
    money.stage.clock.forward(timedelta(days=9))
    await sent(money, id)
    row = {"row": f"claim/{await number(money, one)}", "amount": AMOUNT, "reason": "Not eligible."}
    await act(money.coordinator, id, "cut-row", row)
    assert await cut(money, id, support=AMOUNT + 101, remarks="And a night.") == "accepted"
    rows = await money.rows(
        "select claims.number, cents from funder_support_cuts join claims on claims.id = claim order by cents"
    )
    assert [(found.number == row["row"][6:], found.cents) for found in rows] == [(False, 101), (True, AMOUNT)]
