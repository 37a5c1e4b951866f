"""Batches: what the account holds, two members in one file, downloads, and payments of which the bank says nothing."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from deploy.bank.books import Account, Bank, payments_in, refuse
from tests.people import Person
from tests.service.camt import statement
from tests.service.money import MEMBER_IBAN, Finance, done
from tests.service.told import AMOUNT


async def slug(person: Person, path: str, body: Any = None) -> str:
    return (await person.post(f"/api/v1/{path}", body)).json()["slug"]


async def test_a_batch_above_what_the_account_holds_needs_a_reason(money: Finance) -> None:
    done(await money.import_statement(statement("S-1", 2 * AMOUNT - 1)))
    await money.play_to_approval()
    await money.play_to_order()
    await money.play_to_approval()
    body = {"member": str(money.member)}
    assert await slug(money.first, "batches", body) == "above-the-balance", (
        "what is ordered is not there any more"
    )
    batch = done(
        await money.first.post("/api/v1/batches", body | {"reason": "the instalment comes tomorrow"})
    )["id"]
    shown = (await money.first.open(f"/batches/{batch}")).text
    for words in ("1,339.99", "670.00", "669.99", "not enough", "the instalment comes tomorrow"):
        assert words in shown
    done(await money.first.post(f"/api/v1/batches/{batch}/second"))
    done(await money.second.post(f"/api/v1/batches/{batch}/authorise"))


async def test_what_the_account_holds_is_looked_at_again_when_it_is_authorised(money: Finance) -> None:
    await money.play_to_approval()
    batch = await money.propose()
    done(await money.first.post(f"/api/v1/batches/{batch}/second"))
    done(await money.import_statement(statement("S-1", AMOUNT - 1)))
    assert await slug(money.second, f"batches/{batch}/authorise") == "above-the-balance-now"
    done(await money.import_statement(statement("S-2", AMOUNT - 1, (1, "R-1", "NOTPROVIDED", "RCDT"))))
    done(await money.second.post(f"/api/v1/batches/{batch}/authorise"))


async def test_each_download_gives_the_same_bytes_and_is_kept(money: Finance) -> None:
    await money.play_to_approval()
    batch, file = await money.play_to_order()
    assert (await money.first.get(f"/api/v1/batches/{batch}/file")).content == file
    rows = await money.rows("select person, sha256 from file_downloads order by id")
    assert [row.person for row in rows] == [money.second.id, money.first.id]
    assert len({row.sha256 for row in rows}) == 1
    assert "Downloads of the file" in (await money.first.open(f"/batches/{batch}")).text


async def test_the_files_of_the_bank_open_under_their_members_key_only(
    money: Finance, tmp_path: Path
) -> None:
    await money.play_to_payment()
    (kept,) = await money.rows("select content from bank_files")
    assert b"camt.053" not in bytes(kept.content)
    keys = list((tmp_path / "keys").glob("*.key"))
    assert f"{money.member}.key" in {key.name for key in keys} and len(keys) == 2, (
        "the member's, and the payee's own"
    )
    assert all(key.stat().st_mode & 0o077 == 0 for key in keys)


async def test_two_paying_members_order_with_one_file(money: Finance) -> None:
    """Each from its own account, in an order of its own; each is booked from its own bank statement."""
    _, first = await money.play_to_approval()
    other = await money.second_member("DE89370400440532013000")
    _, second = await other.play_to_approval()
    lone = await money.stage.person("Lone", ("treasurer", money.member))
    body = {"member": str(money.member), "also": str(other.member)}
    assert await slug(lone, "batches", body) == "not-your-role"
    batch, file = await money.play_to_order(also=str(other.member))
    paid = payments_in(file)
    assert {one.account for one in paid} == {MEMBER_IBAN, other.iban}
    assert len({one.order_id for one in paid}) == 2 and sum(one.cents for one in paid) == 2 * AMOUNT
    money.bank.take(file)
    for message in money.bank.close_day(money.stage.clock.now().date()):
        done(await money.import_statement(message.content))
    assert (await money.state(first))["state"] == (await other.state(second))["state"] == "paid"
    rows = await money.rows(
        "select book, balance_cents from ledger_account_balance where account = 'TRANSIT' and owner = :batch",
        batch=batch,
    )
    assert {row.book for row in rows} == {money.member, other.member} and {
        row.balance_cents for row in rows
    } == {0}


async def test_a_payment_of_which_the_bank_says_nothing_is_paid_again_only_on_its_written_word(
    money: Finance,
) -> None:
    _, claim = await money.play_to_approval()
    batch, file = await money.play_to_order()
    (payment,) = await money.rows("select id, execution_date from payments")
    path, said = f"payments/{payment.id}", {"reason": "the letter of the bank of today"}
    document = done(
        await money.first.upload("/api/v1/payments/files", "letter.txt", b"We have not executed it.")
    )
    said["document"] = document["id"]
    assert (await money.first.get("/api/v1/payments/late")).json() == []
    assert await slug(money.first, f"{path}/deny", said) == "payment-not-late"
    money.stage.clock.forward(payment.execution_date + timedelta(days=7) - money.stage.clock.now().date())
    (late,) = (await money.first.get("/api/v1/payments/late")).json()
    assert late["id"] == str(payment.id)
    assert "the bank says nothing" in (await money.first.open("/batches")).text
    assert await slug(money.second, f"{path}/confirm-denial") == "deny-first"
    assert await slug(money.second, f"{path}/deny", said) == "no-such-file"
    done(await money.first.post(f"/api/v1/{path}/deny", said))
    assert await slug(money.first, f"{path}/confirm-denial") == "denied-yourself"
    done(await money.second.post(f"/api/v1/{path}/confirm-denial"))
    seen = await money.state(claim)
    assert (seen["state"], seen["attempt"]) == ("approved", 2)
    money.bank.take(file)
    await money.hear_the_bank()
    assert [line["why"] for line in await money.suspended()] == ["never_ordered"], (
        "it comes all the same: an alarm"
    )
    assert (await money.state(claim))["state"] == "approved"
    assert (await money.first.get(f"/api/v1/batches/{batch}")).json()["state"] == "authorised"


async def test_a_file_refused_for_the_payers_cause_keeps_the_approvals(money: Finance) -> None:
    money.bank = Bank([Account(MEMBER_IBAN, 10)])
    _, claim = await money.play_to_approval()
    batch, file = await money.play_to_order()
    done(await money.read_report(batch, refuse(file, money.stage.clock.now().date(), "AM04")))
    seen = await money.state(claim)
    assert (seen["state"], seen["attempt"]) == ("approved", 2)
    _, again = await money.play_to_order()
    assert payments_in(again)[0].end_to_end_id.endswith("-2")
    assert len(await money.rows("select 1 from approvals")) == 1
