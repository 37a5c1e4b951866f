"""Checking a claim line by line, by two levels above the threshold, and many lump sums at once."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from contracts.terms import Terms
from tests.conftest import FreshDatabase
from tests.service.books import sound
from tests.service.claiming import ACTUAL, Claiming, claiming, printed
from tests.service.money import Finance, done, finance
from tests.service.told import AMOUNT


@pytest.fixture
async def money(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Claiming]:
    async with claiming(await fresh_database("reimbursements"), tmp_path, ACTUAL) as played:
        yield played
        await sound(played.stage.database)


async def play_the_picture(money: Claiming) -> str:
    """A claim of five receipts that come to 1,412.80 EUR, filed."""
    _, claim = await money.play_to_opened()
    for euro, category, description, supplier, more in (
        (311.20, "travel", "Train, both ways", "SNCF", {}),
        (486.00, "accommodation", "Four nights", "Hôtel des Canuts", {}),
        (38.60, "taxi", "Taxi, airport", "Taxi Lyon", {"travellers": "I. de Vries"}),
        (574.65, "fee", "Registration", "Biotech Days", {}),
        (2.35, "other", "Prints", "Print shop", {}),
    ):
        receipt = await money.receipt(printed(supplier, description, euro))
        words = {"category": category, "description": description, "supplier": supplier, **more}
        done(await money.cost(claim, euro, receipts=[receipt], **words))
    done(await money.claimant.post(f"/api/v1/claims/{claim}/file"))
    return claim


async def test_what_is_accepted_line_by_line_is_paid_by_intensity_and_adds_up(money: Claiming) -> None:
    """802.15 accepted of 1,412.80, of which 75 per cent are 601.61."""
    claim = await play_the_picture(money)
    assert (await money.state(claim))["amount_cents"] == 100_000, "the ceiling"
    early = await money.verifier.post(f"/api/v1/claims/{claim}/verify")
    assert early.json()["slug"] == "lines-unchecked"
    done(await money.check(claim, 1, 311.20))
    without = await money.check(claim, 2, 450)
    assert (without.json()["slug"], without.json()["errors"].keys()) == ("line-reason-missing", {"reason"})
    assert (await money.check(claim, 2, 486.01, "other")).json()["slug"] == "more-than-the-line"
    done(await money.check(claim, 2, 450, "personal"))
    done(await money.check(claim, 3, 38.60))
    done(await money.check(claim, 4, 0, "claimed_before"))
    done(await money.check(claim, 5, 2.35))
    wrong = await money.verifier.post(f"/api/v1/claims/{claim}/verify", {"accepted_cents": 70_000})
    assert wrong.json()["slug"] == "sum-of-the-lines"
    done(await money.verifier.post(f"/api/v1/claims/{claim}/verify"))
    await money.approve(claim)
    await money.pay()
    state = await money.state(claim)
    assert (state["accepted_cents"], state["paid_cents"]) == (60_161, 60_161)
    lines = state["claimed_lines"]
    for amount, whole in (("claimed_cents", 100_000), ("accepted_cents", 60_161), ("paid_cents", 60_161)):
        assert sum(line[amount] for line in lines) == whole
    assert [line["reason"] for line in lines] == [
        "in_order",
        "personal",
        "in_order",
        "claimed_before",
        "in_order",
    ]


async def test_finance_sees_receipt_line_and_sum_on_one_screen(money: Claiming) -> None:
    claim = await play_the_picture(money)
    page = (await money.verifier.open(f"/claims/{claim}")).text
    assert "Receipt 1" in page
    assert "Accept that much" in page
    assert "× 75 %" in page
    second = (await money.lines(claim))[1]
    page = (await money.verifier.open(f"/claims/{claim}?line={second['id']}")).text
    assert f"/claims/{claim}/receipts/{second['receipts'][0]}" in page
    form = {"line": second["id"], "accepted_cost_cents": "450,00", "reason": "personal", "note": "minibar"}
    assert (await money.verifier.send(f"/claims/{claim}/check-line", form)).status_code == 303
    assert "36.00 Personal" in (await money.verifier.open(f"/claims/{claim}")).text
    own = (await money.claimant.open(f"/claims/{claim}")).text
    assert "minibar" in own
    assert "Accept that much" not in own


async def test_a_changed_claim_loses_its_checks(money: Claiming) -> None:
    claim = await play_the_picture(money)
    for number, line in enumerate(await money.lines(claim), 1):
        done(await money.check(claim, number, line["cost_cents"] / 100))
    done(await money.verifier.post(f"/api/v1/claims/{claim}/verify"))
    why = {"reason": "amount", "explanation": "The hotel's invoice says 450."}
    done(await money.approver.post(f"/api/v1/claims/{claim}/return", why))
    hotel = (await money.lines(claim))[1]
    changed = {
        "line": hotel["id"], "category": "accommodation", "description": "Hotel", "supplier": "Hôtel des Canuts",
        "spent_on": hotel["spent_on"], "amount_minor": 45_000,
    }  # fmt: skip
    done(await money.claimant.post(f"/api/v1/claims/{claim}/change-line", changed))
    done(await money.claimant.post(f"/api/v1/claims/{claim}/revise"))
    assert (await money.approver.post(f"/api/v1/claims/{claim}/approve")).json()["slug"] == "approve-not-now"
    again = await money.verifier.post(f"/api/v1/claims/{claim}/verify")
    assert again.json()["slug"] == "lines-unchecked", "the changed line"


async def test_nothing_accepted_is_no_verification(money: Claiming) -> None:
    _, claim = await money.play_to_opened()
    assert (await money.claimant.post(f"/api/v1/claims/{claim}/file")).json()["slug"] == "nothing-claimed"
    done(await money.cost(claim, 100))
    done(await money.claimant.post(f"/api/v1/claims/{claim}/file"))
    done(await money.check(claim, 1, 0, "not_eligible"))
    refused = await money.verifier.post(f"/api/v1/claims/{claim}/verify")
    assert refused.json()["slug"] == "nothing-accepted"


async def test_nobody_of_the_claimants_organisation_checks_a_line(money: Claiming) -> None:
    claim = await play_the_picture(money)
    own = await money.stage.person("Own", ("verifier", money.member), ("member", money.sme))
    (line, *_) = await money.lines(claim)
    body = {"line": line["id"], "accepted_cost_cents": 1_00, "reason": "other"}
    refused = await own.post(f"/api/v1/claims/{claim}/check-line", body)
    assert (refused.status_code, refused.json()["slug"]) == (403, "own-claim")


@pytest.mark.parametrize("threshold", [10_000, "lost"])
async def test_above_the_threshold_or_without_one_two_people_approve(
    fresh_database: FreshDatabase, tmp_path: Path, threshold: int | str
) -> None:
    async with claiming(await fresh_database("reimbursements"), tmp_path, ACTUAL, Terms()) as money:
        claim = await play_the_picture(money)
        await money.change(
            "update reimbursements_known_cases set frozen = jsonb_set(frozen, '{terms,second_level_cents}',"
            " to_jsonb(cast(:threshold as text)))" if threshold == "lost" else
            "update reimbursements_known_cases set frozen = jsonb_set(frozen, '{terms,second_level_cents}',"
            " to_jsonb(cast(:threshold as int)))",
            threshold=threshold,
        )  # fmt: skip
        for number, line in enumerate(await money.lines(claim), 1):
            done(await money.check(claim, number, line["cost_cents"] / 100))
        done(await money.verifier.post(f"/api/v1/claims/{claim}/verify"))
        first = done(await money.approver.post(f"/api/v1/claims/{claim}/approve"))
        assert first["state"] == "verified"
        again = await money.approver.post(f"/api/v1/claims/{claim}/approve")
        assert (again.status_code, again.json()["slug"]) == (403, "approved-yourself")
        second = await money.stage.person("Second", ("approver", money.member))
        assert done(await second.post(f"/api/v1/claims/{claim}/approve"))["state"] == "approved"
        with pytest.raises(Exception, match="two-approvers-above-the-threshold"):
            await money.change(
                "insert into approvals select (jsonb_populate_record(one, jsonb_build_object('id', gen_random_uuid(),"
                " 'passed_by', null))).* from approvals one"
            )
        await sound(money.stage.database)


async def test_lump_sums_are_verified_together_with_a_result_for_each(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    async with finance(await fresh_database("reimbursements"), tmp_path) as money:
        claims = [(await money.play_to_claim())[1] for _ in range(3)]
        await money.verify(claims[1])
        listed = (await money.verifier.open("/claims")).text
        assert listed.count('name="claim"') == 2
        assert 'name="claim"' not in (await money.approver.open("/claims")).text
        answer = await money.verifier.post("/api/v1/claims/verify-together", {"claims": claims}, "one-key")
        assert [(one["ok"], one["slug"]) for one in answer.json()] == [
            (True, ""),
            (False, "verify-not-now"),
            (True, ""),
        ]
        again = await money.verifier.post("/api/v1/claims/verify-together", {"claims": claims}, "one-key")
        assert again.json() == answer.json()
        assert [(await money.state(claim))["accepted_cents"] for claim in claims] == [AMOUNT] * 3
        page = await money.verifier.send("/claims/verify-together", {"claim": claims})
        assert page.text.count("rl-tag--bad") == 3
        await sound(money.stage.database)


async def test_a_stranger_verifies_nothing_together(fresh_database: FreshDatabase, tmp_path: Path) -> None:
    async with finance(await fresh_database("reimbursements"), tmp_path) as money:
        _, claim = await money.play_to_claim()
        (one,) = (await money.claimant.post("/api/v1/claims/verify-together", {"claims": [claim]})).json()
        assert (one["ok"], one["slug"]) == (False, "not-your-role")
        stranger: Finance = money
        nobody = await stranger.stage.person("Nobody")
        (one,) = (await nobody.post("/api/v1/claims/verify-together", {"claims": [claim]})).json()
        assert (one["number"], one["slug"]) == ("", "not-found")
