"""Whose account it is: versions, accounts known for somebody else, sanctions lists, accounts outside SEPA."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from contracts import asks
from contracts.ids import new_id
from contracts.steps import Subject
from deploy.bank.books import payments_in
from services.reimbursements.payees.screening import alike, tokens_of
from tests.people import Person
from tests.service.money import MEMBER_IBAN, OTHER_IBAN, SME_IBAN, Finance, done
from tests.service.told import AMOUNT

STAFF_IBAN = "FR1420041010050500013M02606"
TURKISH = "TR330006100519786457841326"


async def given(money: Finance, iban: str, **more: str) -> dict[str, Any]:
    body = {"organisation": str(money.sme), "holder": "Helixon sp. z o.o.", "iban": iban, **more}
    return done(await money.claimant.post("/api/v1/payees", body))


async def slug(person: Person, path: str, body: Any = None) -> str:
    return (await person.post(f"/api/v1/{path}", body)).json()["slug"]


@pytest.mark.parametrize("why", ["payer", "staff", "another_payee"])
async def test_an_account_known_for_somebody_else_is_blocked_until_two_people_give_a_reason(
    money: Finance, why: str
) -> None:
    iban = {"payer": MEMBER_IBAN, "staff": STAFF_IBAN, "another_payee": OTHER_IBAN}[why]
    case = await money.play_to_validated()
    await money.step(asks.Claim.open, case)
    if why == "staff":
        await staff(money, iban)
    if why == "another_payee":
        other, mine = new_id(), money.sme
        money.sme = other
        await money.other_organisation(other)
        await money.submitted()
        neighbour = await money.stage.person("Nina", ("member", other))
        body = {"organisation": str(other), "holder": "Neighbour", "iban": iban}
        done(await neighbour.post("/api/v1/payees", body))
        money.sme = mine
    payee = await given(money, iban)
    assert payee["state"] == "blocked"
    path = f"payees/{payee['id']}"
    assert await slug(money.verifier, f"{path}/check", {"outcome": "match"}) == "check-not-now"
    assert await slug(money.approver, f"{path}/release") == "excuse-first"
    assert await slug(money.claimant, f"{path}/excuse", {"reason": "it is ours"}) == "not-your-role"
    done(await money.verifier.post(f"/api/v1/{path}/excuse", {"reason": "a cash pool of the group"}))
    assert await slug(money.verifier, f"{path}/release") == "excused-yourself"
    done(await money.approver.post(f"/api/v1/{path}/release"))
    await money.check_account(payee["id"])
    assert (await money.state(await money.claim_of(case)))["state"] == "filed"
    again = done(await money.claimant.post(f"/api/v1/{path}/change", {"holder": "Helixon", "iban": iban}))
    assert again["state"] == "blocked", "a reason holds for the account that it was given for, once"


async def test_an_account_of_another_payee_can_be_refused_and_given_right(money: Finance) -> None:
    other, mine = new_id(), money.sme
    await money.submitted()
    await money.give_account()
    money.sme = other
    await money.other_organisation(other)
    await money.submitted()
    neighbour = await money.stage.person("Nina", ("member", other))
    body = {"organisation": str(other), "holder": "Neighbour", "iban": SME_IBAN}
    payee = done(await neighbour.post("/api/v1/payees", body))
    assert payee["state"] == "blocked"
    path = f"/api/v1/payees/{payee['id']}"
    done(await money.verifier.post(f"{path}/refuse", {"remark": "Give your own account."}))
    again = {"holder": "Neighbour", "iban": OTHER_IBAN}
    assert done(await neighbour.post(f"{path}/change", again))["state"] == "entered"
    money.sme = mine


@pytest.mark.parametrize(
    ("holder", "listed", "hit"),
    [
        ("Helixon sp. z o.o.", "HELIXON TRADING LLC", True),
        ("Helixon", "Helixson", True),
        ("Ali Transport GmbH", "Ali", False),
        ("Ali Reza Transport", "Reza Ali", True),
        ("Nova", "Nova Trading House", False),
        ("Иммунолог", "Immunolog OOO", True),
        ("Medolab", "Proteon", False),
    ],
)
def test_who_resembles_a_listed_name(holder: str, listed: str, hit: bool) -> None:
    assert alike(tokens_of(holder), tokens_of(listed)) is hit


async def test_an_account_that_turns_out_to_be_a_colleagues_is_blocked_after_it_was_checked(
    money: Finance,
) -> None:
    await money.play_to_approval()
    (payee,) = (await money.claimant.get("/api/v1/payees")).json()
    assert payee["state"] == "checked"
    batch = await money.propose()
    done(await money.first.post(f"/api/v1/batches/{batch}/second"))
    await staff(money, SME_IBAN)
    assert (await money.verifier.get(f"/api/v1/payees/{payee['id']}")).json()["blocked"] == "staff"
    assert await slug(money.second, f"batches/{batch}/authorise") == "payee-changed"
    path = f"/api/v1/payees/{payee['id']}"
    done(await money.verifier.post(f"{path}/excuse", {"reason": "she is a sole trader beside"}))
    done(await money.approver.post(f"{path}/release"))
    await staff(money, SME_IBAN)
    await money.check_account(payee["id"])
    done(await money.second.post(f"/api/v1/batches/{batch}/authorise"))


async def test_an_account_that_a_member_pays_from_later_is_blocked_as_a_payees(money: Finance) -> None:
    await money.submitted()
    payee = await money.give_account()
    money.iban = SME_IBAN
    await money.open_budget(100_000)
    seen = (await money.verifier.get(f"/api/v1/payees/{payee}")).json()
    assert (seen["state"], seen["blocked"]) == ("blocked", "payer")


async def test_of_the_accounts_of_staff_nothing_but_hashes_is_kept(money: Finance) -> None:
    file = done(await staff_file(money, f"\n{STAFF_IBAN}\n\n{OTHER_IBAN}\n"))["id"]
    body = {"member": str(money.member), "file": file}
    done(await money.verifier.post("/api/v1/staff-lists", body))
    store = money.stage.service.files
    assert not store.path(file).exists()
    broken = done(await staff_file(money, f"{STAFF_IBAN}\n{STAFF_IBAN[:-1]}0\n"))["id"]
    refused = await money.verifier.post("/api/v1/staff-lists", {**body, "file": broken})
    assert (refused.json()["slug"], "Line 2" in refused.text) == ("staff-line-invalid", True)
    assert STAFF_IBAN[-6:] not in refused.text


async def staff_file(money: Finance, text: str) -> httpx.Response:
    return await money.verifier.upload("/api/v1/sanctions-lists/files", "staff.txt", text.encode())


async def staff(money: Finance, *ibans: str) -> None:
    """The member's list of its own people's accounts."""
    file = done(await staff_file(money, "\n".join(ibans)))["id"]
    done(await money.verifier.post("/api/v1/staff-lists", {"member": str(money.member), "file": file}))


async def test_what_the_banks_name_check_said_is_kept_for_finance(money: Finance) -> None:
    await money.submitted()
    payee = (await given(money, SME_IBAN))["id"]
    why = {"outcome": "close", "remark": "The legal form is missing."}
    done(await money.verifier.post(f"/api/v1/payees/{payee}/check", why))
    page = (await money.approver.open(f"/payees/{payee}")).text
    assert "The name nearly matches" in page and "The legal form is missing." in page
    assert "nearly matches" not in (await money.claimant.open(f"/payees/{payee}")).text


async def test_each_account_is_kept_as_a_version_and_told_to_whoever_gave_the_one_before(
    money: Finance,
) -> None:
    await money.submitted()
    payee = await money.give_account()
    colleague = await money.stage.person("Colleague", ("member", money.sme))
    body = {"holder": "Helixon sp. z o.o.", "iban": OTHER_IBAN}
    done(await colleague.post(f"/api/v1/payees/{payee}/change", body))
    (fact,) = await money.rows("select audience from outbox where type = 'relais.payee.changed.v1'")
    assert f"SELF:{money.claimant.id}" in fact.audience
    kept = await money.rows(
        "select number, holder_cipher, given_by, iban_cipher from payee_versions order by number"
    )
    assert [row.given_by for row in kept] == [money.claimant.id, colleague.id]
    assert SME_IBAN.encode() not in bytes(kept[0].iban_cipher)
    assert b"Helixon" not in bytes(kept[0].holder_cipher)
    shown = (await money.verifier.open(f"/payees/{payee}")).text
    assert "Accounts that were given" in shown and OTHER_IBAN not in shown
    assert "PL** **** 5387, Helixon" in shown


async def test_nobody_on_a_sanctions_list_is_paid_before_a_second_person_has_looked(money: Finance) -> None:
    await money.play_to_approval()
    batch = await money.propose()
    done(await money.first.post(f"/api/v1/batches/{batch}/second"))
    await money.import_sanctions("HÉLIXON, Sp. z o.o.", dated="2026-11-23")
    assert await slug(money.second, f"batches/{batch}/authorise") == "sanctions-hit"
    (payee,) = (await money.verifier.get("/api/v1/payees")).json()
    why = {"remark": "another Helixon, in another country"}
    assert await slug(money.claimant, f"payees/{payee['id']}/clear", why) == "not-your-role"
    done(await money.verifier.post(f"/api/v1/payees/{payee['id']}/screen"))
    assert await slug(money.verifier, f"payees/{payee['id']}/clear", why) == "own-screening"
    done(await money.approver.post(f"/api/v1/payees/{payee['id']}/clear", why))
    done(await money.second.post(f"/api/v1/batches/{batch}/authorise"))
    await money.import_sanctions("Helixon sp. z o.o.", "Helixon International", dated="2026-11-23")
    seen = (await money.verifier.get(f"/api/v1/payees/{payee['id']}")).json()
    assert seen["screening"] == "hit", "a name that nobody has looked at yet"


async def test_a_comparison_is_worth_nothing_after_thirty_days_or_a_newer_list(money: Finance) -> None:
    await money.play_to_approval()
    batch = await money.propose()
    done(await money.first.post(f"/api/v1/batches/{batch}/second"))
    money.stage.clock.forward(timedelta(days=31))
    assert await slug(money.second, f"batches/{batch}/authorise") == "sanctions-check-old"
    sweep = next(step for step in asks.SWEEPS if step.owner == "reimbursements")
    await money.stage.service.offers.perform(sweep, Subject(str(new_id()), "", 0))
    done(await money.second.post(f"/api/v1/batches/{batch}/authorise"))
    rows = await money.rows("select source, names, length(sha256) as hash from sanctions_lists")
    assert [(row.source, row.names, row.hash) for row in rows] == [("EU", 1, 64)]


@pytest.mark.parametrize(
    "content",
    [b"", b"a,b\n1,2\n", b"name\n\n", b"\xff\xfe\x00name", b"name\n\x00", b'name\n"' + b"x" * 200_000],
    ids=range(6),
)
async def test_a_file_that_is_no_list_is_refused(money: Finance, content: bytes) -> None:
    sent = await money.verifier.upload("/api/v1/sanctions-lists/files", "list.txt", content)
    if sent.is_success:
        body = {"member": str(money.member), "source": "EU", "dated": "2026-11-20", "file": sent.json()["id"]}
        assert await slug(money.verifier, "sanctions-lists", body) == "list-unreadable"
    assert len(await money.rows("select 1 from sanctions_lists")) == 1


@pytest.mark.parametrize("offered", [False, True])
async def test_an_account_outside_sepa_is_paid_if_the_bank_offers_it_or_refused_before_the_approval(
    money: Finance, offered: bool
) -> None:
    await money.change("update paying_accounts set outside_sepa = :offered", offered=offered)
    case = await money.play_to_validated()
    await money.step(asks.Claim.open, case)
    lacking = await money.claimant.post(
        "/api/v1/payees", {"organisation": str(money.sme), "holder": "Helixon", "iban": TURKISH}
    )
    assert (lacking.json()["slug"], list(lacking.json()["errors"])) == ("outside-sepa-needs-more", ["bic"])
    payee = await given(money, TURKISH, bic="AKBKTRIS", street="Levent Caddesi", building="4")
    await money.check_account(payee["id"])
    claim = await money.claim_of(case)
    await money.verify(claim)
    if not offered:
        assert await slug(money.approver, f"claims/{claim}/approve") == "bank-not-outside-sepa"
        return
    await money.approve(claim)
    await money.play_to_claim()
    _, file = await money.play_to_order()
    text = file.decode()
    assert "<ChrgBr>DEBT</ChrgBr>" in text and "<BICFI>AKBKTRIS</BICFI>" in text and "<SvcLvl>" not in text
    assert [one.cents for one in payments_in(file)] == [AMOUNT]
    money.bank.take(file)
    await money.hear_the_bank()
    assert (await money.state(claim))["state"] == "paid"


async def test_an_account_without_an_iban_goes_by_its_number(money: Finance) -> None:
    await money.change("update paying_accounts set outside_sepa = true")
    case = await money.play_to_validated()
    await money.step(asks.Claim.open, case)
    more = {"other": "1570 0012 3456 7890", "bic": "ARMIAM22", "street": "Nalbandyan"}
    payee = await given(money, "", **more)
    await money.check_account(payee["id"])
    claim = await money.claim_of(case)
    await money.verify(claim)
    await money.approve(claim)
    _, file = await money.play_to_order()
    assert b"<Othr>" in file and payments_in(file)[0].payee_account == "1570001234567890"
