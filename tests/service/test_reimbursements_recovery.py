"""Money demanded back: by two people, reminded three times, paid in parts, the rest waived by two."""

from datetime import date, timedelta

import pytest

from contracts import asks, partnership
from tests.facts import a_fact, said
from tests.people import Person
from tests.service.books import sound
from tests.service.camt import posted, statement
from tests.service.claiming import photo
from tests.service.money import Finance, done
from tests.service.told import AMOUNT

WHY = {"reason": "not_eligible", "explanation": "Two of the days were spent elsewhere."}


async def ordered(money: Finance, cents: int = 30_000) -> tuple[str, Person]:
    """A demand on a closed claim, and the second coordinator."""
    _, claim = await money.play_to_closed()
    second = await money.stage.person("Second", ("coordinator", money.partnership))
    done(
        await money.coordinator.post(
            f"/api/v1/claims/{claim}/propose-recovery", {**WHY, "amount_cents": cents}
        )
    )
    own = await money.coordinator.post(f"/api/v1/claims/{claim}/order-recovery")
    assert (own.status_code, own.json()["slug"]) == (403, "recovery-by-another")
    assert done(await second.post(f"/api/v1/claims/{claim}/order-recovery"))["state"] == "recovering"
    return claim, second


async def credit(money: Finance, cents: int) -> str:
    """The bank books a payment of the debtor, which nobody has explained yet: the entry's id."""
    before = await money.rows("select closing_cents from statements order by id desc limit 1")
    on, reference = money.stage.clock.now().date(), f"CREDIT-{cents}"
    read = statement(f"S-{cents}", before[0].closing_cents, (cents, reference, "NOTPROVIDED", "SALA"), on=on)
    done(await money.import_statement(read))
    rows = await money.rows("select id from suspense_lines order by id desc limit 1")
    return str(rows[0].id)


async def test_a_demand_is_paid_back_in_parts_and_the_rest_is_waived(money: Finance) -> None:
    claim, second = await ordered(money)
    page = (await money.claimant.open(f"/claims/{claim}")).text
    assert "PL61 1090 1014 0000 0712 1981 2874" in page, "whoever owes money reads where to pay it"
    available = (await money.accounts())["AVAILABLE"]
    entry = await credit(money, 12_000)
    done(await money.first.post(f"/api/v1/claims/{claim}/match-recovery", {"entry": entry}))
    own = await money.first.post(f"/api/v1/claims/{claim}/confirm-recovery")
    assert (own.status_code, own.json()["slug"]) == (403, "match-by-another")
    assert done(await money.second.post(f"/api/v1/claims/{claim}/confirm-recovery"))["state"] == "recovering"
    accounts = await money.accounts()
    assert (accounts["AVAILABLE"], accounts["RECOVERED"]) == (available + 12_000, 12_000)
    shown = [(await money.coordinator.open(path)).text for path in ("/budgets", f"/budgets/{money.budget}")]
    assert "and 120.00 that came back" in shown[0] and "came back from recipients" in shown[1]
    (demand,) = (await money.verifier.get("/api/v1/demands")).json()
    assert (demand["open_cents"], demand["number"][:3]) == (18_000, "RD-")
    await sound(money.stage.database)
    file = done(await money.coordinator.upload("/api/v1/claims/files", "decision.png", photo()))["id"]
    waiver = {"reason": "The company was wound up without assets.", "document": file}
    done(await money.coordinator.post(f"/api/v1/claims/{claim}/ask-waiver", waiver))
    alone = await money.coordinator.post(f"/api/v1/claims/{claim}/waive-recovery")
    assert (alone.status_code, alone.json()["slug"]) == (403, "waiver-by-another")
    assert done(await second.post(f"/api/v1/claims/{claim}/waive-recovery"))["state"] == "recovered"
    assert (await money.verifier.get("/api/v1/demands")).json() == []


async def test_a_demand_paid_in_full_is_over(money: Finance) -> None:
    claim, _ = await ordered(money, AMOUNT)
    entry = await credit(money, AMOUNT)
    done(await money.first.post(f"/api/v1/claims/{claim}/match-recovery", {"entry": entry}))
    assert done(await money.second.post(f"/api/v1/claims/{claim}/confirm-recovery"))["state"] == "recovered"
    again = await money.first.post(f"/api/v1/claims/{claim}/match-recovery", {"entry": entry})
    assert again.json()["slug"] == "match-recovery-not-now"


async def wrote(money: Finance, cents: int, words: str) -> None:
    """The bank books a credit of somebody who wrote these words."""
    before = await money.rows("select closing_cents from statements order by id desc limit 1")
    on, id = money.stage.clock.now().date(), f"W-{before[0].closing_cents}"
    read = statement(id, before[0].closing_cents, (cents, id, "NOTPROVIDED", f"told:{words}"), on=on)
    done(await money.import_statement(read))


async def number_of(money: Finance, claim: str) -> str:
    return (await money.state(claim))["demands"][0]["number"]


async def granted(money: Finance) -> int:
    """What counts on the cap of the recipient."""
    rows = await money.rows("select balance_cents from ledger_account_balance where account = 'GRANTED'")
    return sum(row.balance_cents for row in rows)


async def test_a_credit_that_names_the_demand_pays_it_back_by_itself(money: Finance) -> None:
    claim, _ = await ordered(money)
    available, before = (await money.accounts())["AVAILABLE"], await granted(money)
    number = await number_of(money, claim)
    await wrote(money, 12_000, f"Rückzahlung zu {number.lower()}, erste Rate")
    assert (await money.state(claim))["state"] == "recovering"
    assert (await posted(money))[-1] == (12_000, "repayment")
    assert await granted(money) == before - 12_000
    await sound(money.stage.database)
    await wrote(money, 18_001, f"{number} one cent too much")
    assert (await posted(money))[-1] == (18_001, "suspense")
    await wrote(money, 100, f"{number} RD-2026-9999 two numbers")
    assert (await posted(money))[-1] == (100, "suspense")
    await wrote(money, 18_000, number)
    assert (await money.state(claim))["state"] == "recovered"
    accounts = await money.accounts()
    assert (accounts["AVAILABLE"], accounts["RECOVERED"]) == (available + 30_000, 30_000)
    assert await granted(money) == before - 30_000
    await wrote(money, 18_000, f"{number} once more")
    assert [what for _, what in await posted(money)][-2:] == ["repayment", "suspense"]


async def test_after_the_action_the_funders_part_is_owed_on_by_the_programmes_rate(money: Finance) -> None:
    """Interreg North-West Europe pays 60 % of support; each part is rounded so that the whole owes 60 %."""
    claim, second = await ordered(money)
    body = partnership.Formed(
        name="CE4BIG", title="CE4BIG", programme="Interreg NWE", coordinator=money.member, members=(money.member,),
        first_day=date(2026, 1, 1), last_day=date(2027, 12, 31),
    )  # fmt: skip
    await money.stage.hear(a_fact(body, money.partnership, 2))
    money.stage.clock.forward(timedelta(days=500))
    number, available = await number_of(money, claim), (await money.accounts())["AVAILABLE"]
    for owed in (6_002, 12_005):
        await wrote(money, 10_004, number)
        due = await money.rows(
            "select balance_cents from ledger_account_balance where account = 'DUE_TO_FUNDER'"
        )
        assert [row.balance_cents for row in due] == [owed]
        await sound(money.stage.database)
    assert (await money.accounts())["AVAILABLE"] == available, (
        "what comes after the end cannot be granted again"
    )
    file = done(await money.coordinator.upload("/api/v1/claims/files", "decision.png", photo()))["id"]
    waiver = {"reason": "The company was wound up without assets.", "document": file}
    done(await money.coordinator.post(f"/api/v1/claims/{claim}/ask-waiver", waiver))
    assert done(await second.post(f"/api/v1/claims/{claim}/waive-recovery"))["state"] == "recovered"
    due = await money.rows("select balance_cents from ledger_account_balance where account = 'DUE_TO_FUNDER'")
    assert [row.balance_cents for row in due] == [18_000]


async def test_a_payment_that_comes_back_itself_is_demanded_no_longer(money: Finance) -> None:
    claim, _ = await ordered(money)
    number = await number_of(money, claim)
    await money.give_back(claim)
    assert (await money.state(claim))["state"] == "replaced"
    assert (await money.verifier.get("/api/v1/demands")).json() == []
    kept = await money.rows(
        "select sum(balance_cents) from ledger_account_balance where account = 'RECEIVABLE'"
    )
    assert kept[0][0] == 0
    await wrote(money, 30_000, number)
    assert (await posted(money))[-1] == (30_000, "suspense"), "whoever pays now pays what nobody asks"


async def test_a_return_of_what_was_paid_back_in_part_waits_for_two_people(money: Finance) -> None:
    claim, _ = await ordered(money)
    await wrote(money, 12_000, await number_of(money, claim))
    line = await money.rows("select end_to_end_id from payments where claim = :claim", claim=claim)
    before = await money.rows("select closing_cents from statements order by id desc limit 1")
    came = (AMOUNT, "BACK", line[0].end_to_end_id, "back")
    read = statement("BACK", before[0].closing_cents, came, on=money.stage.clock.now().date())
    read = read.replace(b"</Refs>", b"</Refs><RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>")
    done(await money.import_statement(read))
    assert (await money.state(claim))["state"] == "recovering"
    waiting = (await money.suspended())[-1]
    assert waiting["why"] == "paid_back"
    explained = {"how": "came_back", "payments": line[0].end_to_end_id, "reason": "The bank says so."}
    refused = await money.first.post(f"/api/v1/suspense/{waiting['id']}/explain", explained)
    assert refused.json()["slug"] == "explanation-payment"


async def test_three_reminders_a_fortnight_apart_and_not_more(money: Finance) -> None:
    claim, _ = await ordered(money)
    sweep = next(step for step in asks.SWEEPS if step.owner == "reimbursements")
    for days, level in ((30, 0), (1, 1), (0, 1), (14, 1), (1, 2), (15, 3), (30, 3)):
        money.stage.clock.forward(timedelta(days=days))
        await money.step(sweep, money.member)
        await money.step(sweep, money.member)
        (demand,) = (await money.state(claim))["demands"]
        assert demand["level"] == level
    facts = await said(money.stage.database, ("relais.reimbursements",))
    assert [fact.body["level"] for fact in facts if fact.type == "relais.claim.dunned.v1"] == [1, 2, 3]
    page = (await money.verifier.open("/demands")).text
    assert "300.00" in page
    assert "3 / 3" in page


async def test_what_cannot_be_demanded_or_matched_is_refused(money: Finance) -> None:
    _, claim = await money.play_to_closed()
    more = {**WHY, "amount_cents": AMOUNT + 1}
    refused = await money.coordinator.post(f"/api/v1/claims/{claim}/propose-recovery", more)
    assert refused.json()["slug"] == "more-than-paid"
    none = await money.coordinator.post(f"/api/v1/claims/{claim}/order-recovery")
    assert none.json()["slug"] == "no-recovery-proposed"
    second = await money.stage.person("Second", ("coordinator", money.partnership))
    done(
        await money.coordinator.post(
            f"/api/v1/claims/{claim}/propose-recovery", {**WHY, "amount_cents": 10_000}
        )
    )
    done(await second.post(f"/api/v1/claims/{claim}/order-recovery"))
    entry = await credit(money, 10_001)
    over = await money.first.post(f"/api/v1/claims/{claim}/match-recovery", {"entry": entry})
    assert over.json()["slug"] == "more-than-open"
    early = await money.first.post(f"/api/v1/claims/{claim}/confirm-recovery")
    assert early.json()["slug"] == "no-credit-matched"
    for constraint, change in (
        ("demand_by_two", "update demands set ordered_by = proposed_by"),
        ("waiver_by_two", "update demands set waiver_asked_by = proposed_by, waived_by = proposed_by"),
        ("demand_not_exceeded", "update demands set received_cents = amount_cents + 1"),
    ):
        with pytest.raises(Exception, match=constraint.replace("_", "-")):
            await money.change(change)
