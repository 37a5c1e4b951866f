"""Records are kept from the funder's last payment until the law lets them go; then two people remove what is personal,
and the money's proofs still hold."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from contracts import asks
from contracts.ids import new_id
from contracts.steps import Subject
from services.reimbursements.claims.models import LatePayment
from tests.conftest import FreshDatabase
from tests.service.books import sound
from tests.service.camt import statement
from tests.service.claiming import Claiming, claiming, photo
from tests.service.funding import act, begun, sent
from tests.service.money import OTHER_IBAN, SME_IBAN, Finance, done, finance
from tests.service.searching import tables_with
from tests.service.told import AMOUNT

NAME = "Adelheid Muster"
SWEEP = next(step for step in asks.SWEEPS if step.owner == "reimbursements")


@pytest.fixture
async def money(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Claiming]:
    async with claiming(await fresh_database("reimbursements"), tmp_path) as played:
        yield played


async def swept(money: Finance, days: int = 0) -> None:
    money.stage.clock.forward(timedelta(days=days))
    await money.stage.service.offers.perform(SWEEP, Subject("sweep"))


async def last_payment(money: Finance, opening: int) -> str:
    """The funder's last payment, of a large grant: the id of the records whose time it begins."""
    body = {
        "partnership": str(money.partnership),
        "member": str(money.member),
        "kind": "final",
        "amount": 70_000_00,
    }
    id = done(await money.first.post("/api/v1/instalments", body))["id"]
    on = money.stage.clock.now().date()
    read = statement("EU-1", opening, (70_000_00, "EU-9", "NOTPROVIDED", "SALA"), on=on)
    done(await money.import_statement(read))
    (line,) = await money.suspended()
    done(await money.first.post(f"/api/v1/instalments/{id}/match", {"line": line["id"]}))
    done(await money.second.post(f"/api/v1/instalments/{id}/confirm"))
    (row,) = (await money.first.get("/api/v1/retentions")).json()
    return row["id"]


async def records(money: Finance, id: str) -> dict[str, Any]:
    return (await money.first.get(f"/api/v1/retentions/{id}")).json()


async def refused(who: Any, id: str, name: str, body: Any = None) -> str:
    answer = await who.post(f"/api/v1/retentions/{id}/{name}", body)
    assert not answer.is_success
    return answer.json()["slug"]


async def test_two_people_remove_what_is_personal_once_the_time_is_over(money: Claiming) -> None:
    case, claim = await money.play_to_opened()
    receipt = await money.receipt(photo())
    done(await money.cost(claim, 100, receipts=[receipt], description="Taxi of Ada Example", category="fee"))
    done(await money.claimant.post(f"/api/v1/claims/{claim}/file"))
    done(await money.check(claim, 3, 100))
    done(await money.verifier.post(f"/api/v1/claims/{claim}/verify", {}))
    await money.approve(claim)
    await money.pay()
    await money.closed(case)
    (account,) = await money.rows("select balance_cents from ledger_account_balance where account = 'BANK'")
    id = await last_payment(money, account.balance_cents)
    assert (await records(money, id))["kept_until"] == "2032-02-01"
    await swept(money, 5 * 365)
    assert (await records(money, id))["state"] == "kept"
    await swept(money, 10)
    assert (await records(money, id))["state"] == "kept", "a claim is still open"
    await money.step(asks.Claim.close, claim)
    await swept(money)
    seen = await records(money, id)
    assert (seen["state"], seen["going"]["receipts"], seen["going"]["accounts"]) == ("due", 1, 1)

    why = {"reason": "Audit 2032/7 of the Court of Auditors"}
    done(await money.coordinator.post(f"/api/v1/retentions/{id}/hold", why))
    await swept(money, 1)
    assert (await records(money, id))["state"] == "held"
    assert "Audit 2032/7" in (await money.first.open(f"/retentions/{id}")).text
    done(await money.second.post(f"/api/v1/retentions/{id}/lift"))
    await swept(money)

    assert await refused(money.verifier, id, "propose") == "not-found"
    assert await refused(money.coordinator, id, "propose") == "not-your-role"
    done(await money.first.post(f"/api/v1/retentions/{id}/propose"))
    assert await refused(money.first, id, "agree") == "removal-by-another"
    with pytest.raises(Exception, match="removal-by-another"):
        await money.change("update retentions set agreed_by = proposed_by")
    done(await money.second.post(f"/api/v1/retentions/{id}/agree"))
    files, (payee,) = money.stage.service.files, await money.rows("select id, key from payees")
    assert files.path(receipt).exists()
    await swept(money)

    assert not files.path(receipt).exists()
    assert not list(money.stage.service.settings.data.rglob(f"{payee.key}.key"))
    assert "Removed on" in (await money.first.open(f"/retentions/{id}")).text
    (row,) = await money.rows("select state, holder, iban_hash, iban_masked, length(iban_cipher) from payees")
    assert tuple(row) == ("removed", "", "", "", 0)
    assert await tables_with(money.stage.database, "Ada Example") == []
    page = await money.verifier.open(f"/claims/{claim}")
    assert page.status_code == 200 and "Ada Example" not in page.text and "5387" not in page.text
    (told,) = await money.rows("select id, claim from receipts")
    gone = await money.verifier.open(f"/claims/{told.claim}/receipts/{told.id}")
    assert gone.status_code == 410
    pack = await money.coordinator.open(f"/audit-packs/{case}")
    assert pack.status_code == 200 and b"Ada Example" not in pack.content
    await sound(money.stage.database)


async def test_an_account_stays_as_long_as_other_records_need_it_and_can_be_given_again(
    money: Claiming,
) -> None:
    await money.play_to_opened()
    (payee,) = (await money.claimant.get("/api/v1/payees")).json()
    await money.change("update claims set state = 'expired', final = true")
    await money.change("update reimbursements_known_cases set ended = true")
    id = await last_payment(money, 0)
    await money.change(
        "insert into reimbursements_known_cases select (jsonb_populate_record(cases, jsonb_build_object("
        "'id', gen_random_uuid(), 'partnership', gen_random_uuid()))).* from reimbursements_known_cases as cases"
    )
    await swept(money, 6 * 365)
    assert (await records(money, id))["going"]["accounts"] == 0
    await money.change("update reimbursements_known_cases set partnership = :here", here=money.partnership)
    done(await money.first.post(f"/api/v1/retentions/{id}/propose"))
    done(await money.second.post(f"/api/v1/retentions/{id}/agree"))
    await swept(money)
    assert "can be given again" in (await money.claimant.open(f"/payees/{payee['id']}")).text
    body = {"holder": "Helixon", "iban": OTHER_IBAN}
    assert done(await money.claimant.post(f"/api/v1/payees/{payee['id']}/change", body))["state"] == "entered"
    await money.check_account(payee["id"])
    page = (await money.verifier.open(f"/payees/{payee['id']}")).text
    assert OTHER_IBAN[-4:] in page and SME_IBAN[-4:] not in page


async def test_words_of_reports_reasons_and_what_the_bank_wrote_go_too(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    async with finance(await fresh_database("reimbursements"), tmp_path) as money:
        case, claim = await money.play_to_approval()
        await money.play_to_order()
        (payment,) = await money.rows("select id, end_to_end_id from payments")
        today = money.stage.clock.now().date()
        read = statement("S-1", 1_000_000_00, (-AMOUNT, "B-1", "NOTPROVIDED", "SALA"), on=today)
        done(await money.import_statement(read))
        (line,) = await money.suspended()
        await money.explain(line["id"], "payments", payment.end_to_end_id)
        await money.change(f"update suspense_lines set reason = '{NAME} told us'")
        letter = done(await money.first.upload("/api/v1/payments/files", "letter.txt", NAME.encode()))["id"]
        await money.change(
            "update payments set denied_by = :first, denial = jsonb_build_object('document', cast(:letter as text),"
            f" 'name', '{NAME}.txt', 'reason', '{NAME} wrote')",
            first=money.first.id, letter=letter,
        )  # fmt: skip
        async with money.stage.database.transaction() as tx:
            tx.add(
                LatePayment(
                    id=new_id(), state="consented", claim=UUID(claim), case_id=case, member=money.member,
                    organisation=money.sme, amount_cents=1, reason=NAME, remark=NAME, asked_by=money.first.id,
                    consented_by=money.second.id, asked_at=money.stage.clock.now(),
                )
            )  # fmt: skip
        report = await begun(money)
        cost = {"category": "travel", "description": f"Train of {NAME}", "reference": "B-17",
                "spent_on": "2026-11-05", "amount": 100_000}  # fmt: skip
        await act(money.first, report, "add-cost", cost)
        money.stage.clock.forward(timedelta(days=10))
        await sent(money, report)
        await act(money.coordinator, report, "send-back", {"remarks": f"Who is {NAME}?"})
        version = f"/api/v1/funder-reports/{report}/versions/1"
        before = (await money.first.get(version)).json()
        assert before["costs"][0]["description"] == f"Train of {NAME}"
        told = {"funder_costs", "funder_reports", "late_payments", "payments", "suspense_lines"}
        assert set(await tables_with(money.stage.database, NAME)) == told

        await money.step(asks.Claim.close, claim)
        await money.closed(case)
        id = await last_payment(money, 1_000_000_00 - AMOUNT)
        await swept(money, 6 * 365)
        assert (await records(money, id))["going"]["texts"] >= 4
        done(await money.first.post(f"/api/v1/retentions/{id}/propose"))
        done(await money.second.post(f"/api/v1/retentions/{id}/agree"))
        await swept(money)
        assert await tables_with(money.stage.database, NAME) == []
        assert not money.stage.service.files.path(letter).exists()
        after = (await money.first.get(version)).json()
        assert (after["costs"][0]["description"], after["costs"][0]["reference"]) == ("", "B-17")
        assert (after["sha256"], after["total_cents"]) == (before["sha256"], before["total_cents"])
        for path in (f"/funder-reports/{report}", f"/funder-reports/{report}/versions/1", "/late-payments"):
            assert (await money.first.open(path)).status_code in (200, 404), path
        await sound(money.stage.database)
