"""A bank that shares nothing with us books what it was ordered, in each of its dialects: at the end its accounts hold
what our ledger says.
"""

from pathlib import Path

import pytest

from contracts.ids import new_id
from deploy.bank.books import Account, Bank
from deploy.bank.dialects import DIALECTS
from tests.conftest import FreshDatabase
from tests.service.books import sound
from tests.service.camt import posted, suspense
from tests.service.money import MEMBER_IBAN, Finance, finance
from tests.service.told import AMOUNT

OPENING = 5_000_00


async def cash(money: Finance, account: str) -> int:
    rows = await money.rows(
        "select balance_cents from ledger_account_balance where account = :account", account=account
    )
    return sum(row.balance_cents for row in rows)


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_the_banks_accounts_and_the_ledger_agree_in_each_dialect(
    fresh_database: FreshDatabase, tmp_path: Path, dialect: str
) -> None:
    async with finance(await fresh_database("reimbursements"), tmp_path) as money:
        money.bank = bank = Bank([Account(MEMBER_IBAN, OPENING)], DIALECTS[dialect])
        claims = [(await money.play_to_approval())[1] for _ in range(3)]
        _, file = await money.play_to_order()
        bank.take(file)
        bank.charge(MEMBER_IBAN, 350)
        bank.move(MEMBER_IBAN, -40_00, "Rent")
        await money.hear_the_bank()
        assert {(await money.state(claim))["state"] for claim in claims} == {"paid"}
        back = await money.state(claims[0])
        bank.give_back(f"{back['number']}-{back['attempt']}")
        await money.hear_the_bank()
        assert (await money.state(claims[0]))["state"] == "returned"
        assert await cash(money, "BANK") == bank.accounts[MEMBER_IBAN].cents
        assert await cash(money, "CHARGES") == bank.kept
        assert (await money.accounts())["PAID"] == sum(bank.received.values()) == 2 * AMOUNT
        (rent,) = await money.suspended()
        await money.explain(rent["id"], "own")
        assert await suspense(money) == 0
        assert await cash(money, "OWN") == OPENING - 40_00
        await sound(money.stage.database)


@pytest.mark.parametrize("first", ["statement", "advice"])
async def test_an_advice_explains_a_sum_that_is_not_the_whole_batch(
    fresh_database: FreshDatabase, tmp_path: Path, first: str
) -> None:
    """One payment of the batch is booked alone, the bank names the others: before their sum is booked, or after."""
    async with finance(await fresh_database("reimbursements"), tmp_path) as money:
        money.bank = bank = Bank([Account(MEMBER_IBAN, OPENING)], DIALECTS["one-sum"])
        claims = [(await money.play_to_approval())[1] for _ in range(3)]
        _, file = await money.play_to_order()
        bank.take(file)
        statement, advice = (message.content for message in bank.close_day(money.stage.clock.now().date()))
        short = _without_the_last(advice.decode(), AMOUNT)
        sums = (f"{3 * AMOUNT / 100:.2f}", f"{2 * AMOUNT / 100:.2f}")
        closing = (f"{(OPENING - 3 * AMOUNT) / 100:.2f}", f"{(OPENING - 2 * AMOUNT) / 100:.2f}")
        booked = statement.decode().replace(*sums).replace(*closing)
        if first == "advice":
            await money.import_advice(short)
            assert (await money.import_statement(booked.encode())).is_success
        else:
            assert (await money.import_statement(booked.encode())).is_success
            assert [line["why"] for line in await money.suspended()] == ["one_sum"]
            assert (await money.import_advice(short)).json()["state"] == "imported"
        assert await money.suspended() == [] and await suspense(money) == 0
        assert sorted([(await money.state(claim))["state"] for claim in claims]) == [
            "ordered",
            "paid",
            "paid",
        ]
        again = await money.import_advice(short)
        assert again.json()["slug"] == "advice-once"
        await sound(money.stage.database)


def _without_the_last(advice: str, cents: int) -> bytes:
    """The advice of a sum without its last payment."""
    start, end = advice.rindex("<TxDtls>"), advice.rindex("</TxDtls>") + len("</TxDtls>")
    whole, rest = f"{3 * cents / 100:.2f}", f"{2 * cents / 100:.2f}"
    return (advice[:start] + advice[end:]).replace(whole, rest).encode()


async def test_two_people_explain_what_the_bank_has_booked_and_no_cent_is_rounded_away(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    async with finance(await fresh_database("reimbursements"), tmp_path) as money:
        bank = money.bank = Bank([Account(MEMBER_IBAN, OPENING)])
        _, claim = await money.play_to_approval()
        await money.play_to_order()
        number = f"{(await money.state(claim))['number']}-1"
        bank.move(MEMBER_IBAN, -AMOUNT - 20, "SEPA order Helixon")
        await money.hear_the_bank()
        (line,) = await money.suspended()
        path, said = f"/api/v1/suspense/{line['id']}", {"how": "payments", "reason": "letter of the bank"}
        for given, slug in (
            ({"payments": number}, "explanation-sum"),
            ({"payments": f"{number} {number}", "fee_cents": 20}, "explanation-sum"),
            ({"payments": "RC-1900-0001-1", "fee_cents": 20}, "explanation-payment"),
            ({"how": "came_back", "payments": number}, "explanation-direction"),
        ):
            refused = await money.first.post(f"{path}/explain", said | given)
            assert refused.json()["slug"] == slug, given
        assert (await money.first.post(f"{path}/explain", {"how": "own", "reason": ""})).status_code == 422
        assert (
            await money.first.post(f"{path}/explain", said | {"payments": number, "fee_cents": 20})
        ).is_success
        own = await money.first.post(f"{path}/confirm")
        assert (own.status_code, own.json()["slug"]) == (403, "explained-yourself")
        assert (await money.second.post(f"{path}/send-back")).json()["state"] == "open"
        await money.explain(line["id"], "payments", number, 20)
        assert (await money.state(claim))["state"] == "paid"
        assert (await cash(money, "CHARGES"), await suspense(money)) == (20, 0)
        stranger = await money.stage.person("Stranger", ("treasurer", new_id()))
        assert (await stranger.get(path)).status_code == 404
        shown = (await money.first.open(f"/suspense/{line['id']}")).text
        assert "SEPA order Helixon" in shown and "SEPA order" not in (await money.first.get(path)).text
        (kept,) = await money.rows("select told from suspense_lines")
        assert b"Helixon" not in bytes(kept.told)
        await sound(money.stage.database)


async def test_a_payment_that_came_back_without_a_word_is_matched_by_hand(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    async with finance(await fresh_database("reimbursements"), tmp_path) as money:
        money.bank = bank = Bank([Account(MEMBER_IBAN, OPENING)])
        _, claim = await money.play_to_payment()
        bank.move(MEMBER_IBAN, AMOUNT - 500, "return of your order")
        await money.hear_the_bank()
        (line,) = await money.suspended()
        await money.explain(line["id"], "came_back", f"{(await money.state(claim))['number']}-1", 500)
        assert (await money.state(claim))["state"] == "returned"
        assert (await cash(money, "CHARGES"), await suspense(money)) == (500, 0)
        assert await posted(money) == [(-AMOUNT, "payment"), (AMOUNT - 500, "suspense")]
        await sound(money.stage.database)
