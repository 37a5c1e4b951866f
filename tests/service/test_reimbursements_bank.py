"""What the bank says, in every order: booked, returned, refused, in two statements, unknown, with a gap."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from deploy.bank.books import payments_in, refuse
from tests.service.camt import posted, statement, suspense
from tests.service.money import OTHER_IBAN, Finance, done
from tests.service.told import AMOUNT


async def test_the_same_statement_changes_nothing_the_second_time(money: Finance) -> None:
    await money.play_to_approval()
    _, file = await money.play_to_order()
    content = money.booked(file)
    done(await money.import_statement(content))
    before = await money.accounts()
    again = await money.import_statement(content)
    assert (again.status_code, again.json()["slug"]) == (409, "statement-once")
    assert again.json()["errors"]["file"]
    assert await money.accounts() == before


async def test_the_same_statement_in_another_version_posts_nothing(money: Finance) -> None:
    await money.play_to_approval()
    _, file = await money.play_to_order()
    content = money.booked(file)
    done(await money.import_statement(content))
    older = content.decode().replace("camt.053.001.08", "camt.053.001.02")
    again = await money.import_statement(
        older.replace("<Sts><Cd>BOOK</Cd></Sts>", "<Sts>BOOK</Sts>").encode()
    )
    assert (again.status_code, again.json()["slug"]) == (409, "statement-once")
    renamed = await money.import_statement(
        re.sub("<Stmt><Id>.*?</Id>", "<Stmt><Id>other</Id>", older).encode()
    )
    assert renamed.json()["slug"] == "statement-gap", "it does not continue what was read"
    assert await posted(money) == [(-AMOUNT, "payment")]
    assert len(await money.rows("select 1 from ledger_transaction where kind = 'book'")) == 1


@pytest.mark.parametrize("reference", ["R", "NOTPROVIDED"])
async def test_a_day_that_comes_to_nothing_is_read_once_whatever_it_is_called(
    money: Finance, reference: str
) -> None:
    """It ends where it began, so that its second version seems to continue the first."""
    await money.play_to_approval()
    _, file = await money.play_to_order()
    id = payments_in(file)[0].end_to_end_id
    lines = [(-AMOUNT, f"{reference}-1", id, "ESCT"), (AMOUNT, f"{reference}-2", "NOTPROVIDED", "told:Rent")]
    if reference == "NOTPROVIDED":
        lines = [(cents, reference, named, kind) for cents, _, named, kind in lines]
    day = statement("S-1", 500_00, *lines)
    done(await money.import_statement(day))
    older = day.decode().replace("S-1", "S-1-old").replace("camt.053.001.08", "camt.053.001.02")
    again = await money.import_statement(
        older.replace("<Sts><Cd>BOOK</Cd></Sts>", "<Sts>BOOK</Sts>").encode()
    )
    assert (again.status_code, again.json()["slug"]) == (409, "statement-once")
    assert await posted(money) == [(-AMOUNT, "payment"), (AMOUNT, "suspense")]
    done(
        await money.import_statement(
            statement("S-2", 500_00, *reversed(lines[1:]), (-AMOUNT, "X", "", "CHRG"))
        )
    )


async def test_a_reference_that_the_bank_gives_again_hides_no_second_debit(money: Finance) -> None:
    """The statement that continues the last one has moved the balance: what it books is there, whatever its name."""
    _, claim = await money.play_to_approval()
    _, file = await money.play_to_order()
    id = payments_in(file)[0].end_to_end_id
    done(await money.import_statement(statement("S-1", 100_000_00, (-AMOUNT, "R-1", id, "ESCT"))))
    again = statement("S-2", 100_000_00 - AMOUNT, (-AMOUNT, "R-1", id, "ESCT"))
    done(await money.import_statement(again))
    assert await posted(money) == [(-AMOUNT, "payment"), (-AMOUNT, "suspense")]
    assert [line["why"] for line in await money.suspended()] == ["paid_twice"]
    assert (await money.state(claim))["paid_cents"] == AMOUNT


async def test_a_payment_that_the_bank_books_twice_is_paid_once(money: Finance) -> None:
    _, claim = await money.play_to_approval()
    _, file = await money.play_to_order()
    id = payments_in(file)[0].end_to_end_id
    double = [(-AMOUNT, f"R-{n}", id, "ESCT") for n in (1, 2)]
    done(await money.import_statement(statement("S-1", 0, *double)))
    assert await posted(money) == [(-AMOUNT, "payment"), (-AMOUNT, "suspense")]
    done(await money.import_statement(statement("S-2", -2 * AMOUNT, (-AMOUNT, "R-3", id, "ESCT"))))
    assert await suspense(money) == 2 * AMOUNT
    assert (await money.state(claim))["paid_cents"] == AMOUNT


async def test_what_nobody_ordered_and_a_wrong_amount_wait_in_suspense(money: Finance) -> None:
    _, claim = await money.play_to_approval()
    _, file = await money.play_to_order()
    id = payments_in(file)[0].end_to_end_id
    read = await money.import_statement(
        statement(
            "S-1",
            500_00,
            (-1234, "R-1", "NOTPROVIDED", "ESCT"),
            (-AMOUNT + 1, "R-2", id, "ESCT"),
            (99, "R-3", id, "ESCT"),
            (-250, "R-4", "NOTPROVIDED", "CHRG"),
        )
    )
    assert await posted(money) == [
        (-1234, "suspense"), (-AMOUNT + 1, "suspense"), (99, "suspense"), (-250, "charge")
    ]  # fmt: skip
    assert (await money.state(claim))["state"] == "ordered"
    shown = (await money.first.get(f"/api/v1/statements/{done(read)['id']}")).json()
    assert [line["posted_as"] for line in shown["lines"]].count("suspense") == 3
    waiting = [(line["cents"], line["why"]) for line in await money.suspended()]
    assert sorted(waiting) == [
        (-AMOUNT + 1, "amount_differs"), (-1234, "never_ordered"), (99, "not_expected")
    ]  # fmt: skip


async def test_a_batch_booked_as_one_sum_pays_every_payment_in_it(money: Finance) -> None:
    claims = [(await money.play_to_approval())[1] for _ in range(3)]
    batch, _ = await money.play_to_order()
    order = (await money.first.get(f"/api/v1/batches/{batch}")).json()["message_id"]
    wrong = statement("S-1", 0, (-3 * AMOUNT + 100, "R-1", "", f"batch:{order}"))
    done(await money.import_statement(wrong))
    assert {(await money.state(claim))["state"] for claim in claims} == {"ordered"}
    right = statement("S-2", -3 * AMOUNT + 100, (-3 * AMOUNT, "R-2", "", f"batch:{order}"))
    done(await money.import_statement(right))
    assert {(await money.state(claim))["state"] for claim in claims} == {"paid"}
    assert await posted(money) == [(-3 * AMOUNT + 100, "suspense"), (-3 * AMOUNT, "payment")]


async def test_a_gap_between_statements_is_refused_until_the_missing_one_comes(money: Finance) -> None:
    for _ in range(2):
        await money.play_to_approval()
    _, file = await money.play_to_order()
    ids = [payment.end_to_end_id for payment in payments_in(file)]
    first, second, third = (
        statement("S-1", 500, (-AMOUNT, "R-1", ids[0], "ESCT")),
        statement("S-2", 500 - AMOUNT, (-200, "R-2", "NOTPROVIDED", "CHRG")),
        statement("S-3", 300 - AMOUNT, (-AMOUNT, "R-3", ids[1], "ESCT")),
    )
    done(await money.import_statement(first))
    refused = await money.import_statement(third)
    assert (refused.status_code, refused.json()["slug"]) == (422, "statement-gap")
    assert len(await posted(money)) == 1, "nothing of it is half written"
    done(await money.import_statement(second))
    done(await money.import_statement(third))
    assert [kind for _, kind in await posted(money)] == ["payment", "charge", "payment"]


async def test_a_statement_of_an_account_that_is_not_ours_is_refused(money: Finance) -> None:
    stranger = await money.import_statement(statement("S-1", 0, iban=OTHER_IBAN))
    assert stranger.json()["slug"] == "statement-of-another"
    treasurer, money.first = money.first, await money.stage.person("Tim", ("treasurer", money.sme))
    other = await money.import_statement(statement("S-1", 0))
    assert other.json()["slug"] == "statement-of-another", "another member learns nothing of this account"
    money.first = treasurer
    done(await money.import_statement(statement("S-1", 0)))


async def test_a_value_date_outside_of_the_action_is_paid_but_not_eligible(money: Finance) -> None:
    await money.play_to_approval()
    _, file = await money.play_to_order()
    id = payments_in(file)[0].end_to_end_id
    late = statement("S-1", 0, (-AMOUNT, "R-1", id, "ESCT"), on=date(2028, 1, 3))
    done(await money.import_statement(late))
    accounts = await money.accounts()
    assert (accounts["PAID"], accounts["PAID_OUTSIDE"]) == (0, AMOUNT)


async def test_the_file_stays_the_same_and_is_kept_encrypted(money: Finance) -> None:
    await money.play_to_approval()
    batch, file = await money.play_to_order()
    assert (await money.first.get(f"/api/v1/batches/{batch}/file")).content == file
    (kept,) = await money.rows("select content from payment_files")
    assert b"27114020" in file and b"27114020" not in bytes(kept.content)


async def test_an_account_that_changed_after_the_approval_is_not_paid_unchecked(money: Finance) -> None:
    _, claim = await money.play_to_approval()
    batch = await money.propose()
    done(await money.first.post(f"/api/v1/batches/{batch}/second"))
    payee = await money.change_account()
    refused = await money.second.post(f"/api/v1/batches/{batch}/authorise")
    assert (refused.status_code, refused.json()["slug"]) == (409, "payee-changed")
    assert "Helixon" in refused.json()["title"]
    done(await money.second.post(f"/api/v1/batches/{batch}/withdraw"))
    nothing = await money.first.post("/api/v1/batches", {"member": str(money.member)})
    assert nothing.json()["slug"] == "nothing-to-pay", "it waits for the check without stopping others"
    await money.check_account(payee)
    _, file = await money.play_to_order()
    assert payments_in(file)[0].payee_account == OTHER_IBAN
    assert (await money.state(claim))["state"] == "ordered"


async def test_whoever_swaps_two_account_numbers_in_the_database_pays_nobody(money: Finance) -> None:
    """A ciphertext opens on the row that it was sealed for, and on no other."""
    await money.play_to_approval()
    await money.change("update payees set iban_cipher = (select iban_cipher from paying_accounts limit 1)")
    batch = await money.propose()
    done(await money.first.post(f"/api/v1/batches/{batch}/second"))
    answer = await money.second.post(f"/api/v1/batches/{batch}/authorise")
    assert answer.status_code == 500
    assert (await money.first.get(f"/api/v1/batches/{batch}")).json()["state"] == "seconded"


async def test_a_batch_of_one_line_only(money: Finance) -> None:
    _, first = await money.play_to_approval()
    line: Any = money.budget
    await money.open_budget(200_000)
    _, second = await money.play_to_approval()
    body = {"member": str(money.member), "budget": line}
    batch = done(await money.first.post("/api/v1/batches", body))
    shown = (await money.first.get(f"/api/v1/batches/{batch['id']}")).json()
    assert (shown["payments"], shown["sum_cents"]) == (1, AMOUNT)
    assert {(await money.state(one))["state"] for one in (first, second)} == {"approved"}


async def test_an_account_of_thirty_million_and_the_banks_long_numbers_are_read(money: Finance) -> None:
    content = statement("S-1", 30_000_000_00, (-25_000_000_00, "R-1", "NOTPROVIDED", "CHRG"))
    numbered = content.replace(
        b"</Id><CreDtTm>", b"</Id><ElctrncSeqNb>20261124001</ElctrncSeqNb><CreDtTm>", 1
    )
    assert numbered != content
    done(await money.import_statement(numbered))
    assert await posted(money) == [(-25_000_000_00, "charge")]


async def test_what_the_bank_sent_is_kept_under_the_members_key_and_not_as_it_came(
    money: Finance, tmp_path: Path
) -> None:
    await money.play_to_approval()
    batch, file = await money.play_to_order()
    sent = [money.booked(file), refuse(file, date(2026, 11, 24))]
    done(await money.import_statement(sent[0]))
    done(await money.read_report(batch, sent[1]))
    assert not set(contents(tmp_path)).intersection(sent)


def contents(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
