"""The pages of money: each renders for each role, forms come back as typed, lists cost a fixed number of queries."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from lxml import html
from sqlalchemy import event

from contracts.ids import new_id
from deploy.bank.books import refuse
from tests.people import Person
from tests.service.money import MEMBER_IBAN, OTHER_IBAN, SME_IBAN, Finance, done


async def page(person: Person, path: str) -> str:
    """The words of a page's main part, with single spaces."""
    answer = await person.open(path)
    assert answer.status_code == 200, (path, answer.status_code, answer.text)
    (main,) = html.fromstring(answer.text).xpath("//main")
    return " ".join(main.text_content().split())


async def buttons(person: Person, path: str) -> list[str]:
    answer = await person.open(path)
    links = html.fromstring(answer.text).xpath("//main//a[@role='button']")
    return [" ".join(link.text_content().split()) for link in links]


async def test_a_claim_shows_everybody_whose_move_it_is_and_only_their_own_acts(money: Finance) -> None:
    _, claim = await money.play_to_claim()
    path = f"/claims/{claim}"
    shown = await page(money.verifier, path)
    assert "Your move: verify this claim" in shown
    assert (
        "670.00" in shown and "Kraków to Tartu" in shown and "RC-2026-0001" not in shown.split("Payments")[0]
    )
    assert (await buttons(money.verifier, path))[0] == "Verify, send to approver"
    waiting = await page(money.claimant, path)
    assert "Waiting for Klaster: verify this claim" in waiting
    assert await buttons(money.claimant, path) == []
    assert "Waiting for Klaster" in await page(money.coordinator, path)
    await money.verify(claim)
    assert "Your move: approve this claim" in await page(money.approver, path)
    stranger = await money.stage.person("Stranger", ("verifier", new_id()))
    assert (await stranger.open(path)).status_code == 404
    assert (await stranger.get(f"/api/v1/claims/{claim}")).status_code == 404


async def test_a_claim_keeps_its_story_from_the_first_step_to_the_last(money: Finance) -> None:
    _, claim = await money.play_to_closed()
    shown = await page(money.claimant, f"/claims/{claim}")
    for words in (
        "This claim has ended",
        "Claim approved by a second person",
        "Paid: the bank has booked it",
    ):
        assert words in shown
    assert "PL** **** 5387" in shown and SME_IBAN[4:] not in shown


async def test_who_may_see_a_claim_in_the_list_may_open_it(money: Finance) -> None:
    _, claim = await money.play_to_claim()
    payer = await money.stage.person("Paula", ("payer", money.member))
    officer = await money.stage.person("Olaf", ("officer", money.partnership))
    for person in (
        money.verifier,
        money.approver,
        money.first,
        money.claimant,
        money.coordinator,
        officer,
        payer,
    ):
        listed = [one["id"] for one in (await person.get("/api/v1/claims")).json()]
        opened = (await person.get(f"/api/v1/claims/{claim}")).status_code
        assert (claim in listed) == (opened == 200), person.name


async def test_the_claims_page_lists_what_is_to_be_done_and_leaves_out_what_is_done(money: Finance) -> None:
    assert "No claim waits for anything" in await page(money.verifier, "/claims")
    await money.play_to_closed()
    await money.play_to_claim()
    todo = await page(money.verifier, "/claims")
    assert "RC-2026-0002" in todo and "RC-2026-0001" not in todo and "Helixon" in todo
    assert "RC-2026-0001" in await page(money.verifier, "/claims?state=")
    open_ones, every = [
        (await money.verifier.open(f"/claims/list.csv{query}")).text.splitlines() for query in ("", "?state=")
    ]
    assert (len(open_ones), len(every)) == (2, 3) and "RC-2026-0002" in open_ones[1]
    for query in ("q=RC-2026-0001&state=", "q=helix&state=closed"):
        found = await page(money.verifier, f"/claims?{query}")
        assert "RC-2026-0001" in found and "RC-2026-0002" not in found
    assert "No claim here is like that" in await page(money.verifier, "/claims?q=RC-2026-0001")
    (one,) = (await money.verifier.get("/api/v1/claims?q=HELIXON&state=filed")).json()
    assert one["number"] == "RC-2026-0002"
    stranger = await money.stage.person("Stranger", ("verifier", new_id()))
    assert len((await stranger.open("/claims/list.csv?state=")).text.splitlines()) == 1


async def test_an_empty_verification_comes_back_with_the_reason_at_the_field(money: Finance) -> None:
    _, claim = await money.play_to_claim()
    path = f"/claims/{claim}/verify"
    shown = await page(money.verifier, path)
    assert "What will be paid" in shown and "Granted and done" in shown
    answer = await money.verifier.send(path, {"accepted_cents": "999,00", "remark": "Looks fine to me"})
    assert answer.status_code == 422
    tree = html.fromstring(answer.text)
    assert tree.xpath("//input[@name='accepted_cents']/@value") == ["999,00"]
    assert "Looks fine to me" in answer.text
    assert "At most 670.00 EUR were claimed" in tree.xpath("string(//*[@id='accepted_cents-error'])")
    assert tree.xpath("//*[contains(@class, 'error-summary')]//a/@href") == ["#accepted_cents"]
    sent = await money.verifier.send(path, {"accepted_cents": "670.00", "remark": "One receipt is blurred."})
    assert sent.status_code == 303
    assert sent.headers["location"].startswith(f"/claims/{claim}?")
    assert "One receipt is blurred." in await page(money.approver, f"/claims/{claim}/approve")
    assert "blurred" not in await page(money.claimant, f"/claims/{claim}"), "it is for the approver"
    approved = await money.approver.send(f"/claims/{claim}/approve", {})
    assert approved.status_code == 303, approved.text


async def test_an_act_that_is_over_says_so_on_its_page(money: Finance) -> None:
    _, claim = await money.play_to_approval()
    answer = await money.verifier.open(f"/claims/{claim}/verify")
    assert answer.status_code == 409
    assert "not possible any more" in answer.text


async def test_a_budget_line_is_opened_raised_and_read_by_page(money: Finance) -> None:
    choices = html.fromstring((await money.coordinator.open("/budgets/open")).text)
    assert "CE4BIG" in choices.xpath("string(//main)") and "Klaster" in choices.xpath("string(//main)")
    form = {"partnership": str(money.partnership), "member": str(money.sme), "name": "Second line",
            "amount_cents": "1.000,50", "iban": "PL00"}  # fmt: skip
    wrong = await money.coordinator.send("/budgets/open", form)
    assert wrong.status_code == 422
    assert html.fromstring(wrong.text).xpath("//input[@name='name']/@value") == ["Second line"]
    form |= {"iban": "PL61 1090 1014 0000 0712 1981 2874"}
    refused = await money.coordinator.send("/budgets/open", form)
    assert "This organisation is no member of the partnership" in refused.text
    opened = await money.coordinator.send("/budgets/open", form | {"member": str(money.member)})
    assert opened.status_code == 303, opened.text
    path = opened.headers["location"].partition("?")[0]
    assert "1,000.50" in await page(money.coordinator, path)
    raised = await money.coordinator.send(f"{path}/raise", {"amount_cents": "1"})
    assert raised.status_code == 303
    assert "1,001.50" in await page(money.verifier, path)
    assert await buttons(money.verifier, path) == []
    assert "Second line" in await page(money.first, "/budgets")


async def test_a_line_shows_who_waits_for_its_money(money: Finance) -> None:
    for _ in range(8):
        await money.reserve(await money.submitted())
    shown = await page(money.coordinator, f"/budgets/{money.budget}")
    assert shown.count("on the reserve list") == 1 and shown.count("CX-2026-0001") == 8
    assert shown.index("on the reserve list") < shown.index("reserved", shown.index("Whose money"))


async def test_an_account_is_given_and_checked_by_page_its_number_shown_once(money: Finance) -> None:
    await money.submitted()
    assert "Helixon" in await page(money.claimant, "/payees/enter")
    form = {"organisation": str(money.sme), "holder": "Helixon sp. z o.o.", "iban": "PL12"}
    wrong = await money.claimant.send("/payees/enter", form)
    assert wrong.status_code == 422 and 'value="Helixon sp. z o.o."' in wrong.text
    taken = await money.claimant.send("/payees/enter", form | {"iban": MEMBER_IBAN})
    path = taken.headers["location"].partition("?")[0]
    blocked = await page(money.claimant, path)
    assert "This account is blocked" in blocked and "paying member" not in blocked
    assert "It is an account of a paying member" in await page(money.verifier, path)
    assert "Give the reason" in await buttons(money.verifier, path)
    given = await money.claimant.send(f"{path}/change", form | {"iban": SME_IBAN})
    assert given.status_code == 303, given.text
    assert "5387" in await page(money.claimant, path)
    assert "PL27 1140 2004 0000 3002 0135 5387" in await page(money.verifier, f"{path}/check")
    doubtful = await money.verifier.send(f"{path}/check", {"outcome": "close", "remark": ""})
    assert "Give a reason" in doubtful.text and doubtful.status_code == 422
    sent = await money.verifier.send(f"{path}/check", {"outcome": "close", "remark": "One letter differs."})
    assert sent.status_code == 303
    assert await buttons(money.claimant, path) == ["Change the account"]


async def test_a_batch_is_proposed_authorised_and_booked_by_page(money: Finance) -> None:
    _, claim = await money.play_to_approval()
    assert "1 payment is approved and waits for a batch" in await page(money.first, "/batches")
    assert "Klaster" in await page(money.first, f"/batches/propose?member={money.member}")
    proposed = await money.first.send("/batches/propose", {"member": str(money.member), "budget": ""})
    assert proposed.status_code == 303, proposed.text
    path = proposed.headers["location"].partition("?")[0]
    assert (await buttons(money.first, path))[0] == "Authorise as the first"
    assert "Control sum" in await page(money.first, f"{path}/second")
    assert (await money.first.send(f"{path}/second", {})).status_code == 303
    forbidden = await money.first.send(f"{path}/authorise", {})
    assert forbidden.status_code == 403 and "another person is the second" in forbidden.text
    assert (await money.second.send(f"{path}/authorise", {})).status_code == 303
    assert (await buttons(money.second, path))[0] == "Download the payment file"
    assert "SHA-256" in await page(money.second, path)
    file = (await money.second.open(f"{path}/file")).content
    empty = await money.first.send("/statements/import", {})
    assert empty.status_code == 422
    read = await upload(money.first, "/statements/import", money.booked(file))
    assert read.status_code == 303, read.text
    there = read.headers["location"].partition("?")[0]
    assert "payment" in await page(money.first, there) and "-670.00" in await page(money.first, there)
    assert there in (await money.first.open("/statements")).text
    assert (await money.state(claim))["state"] == "paid"
    assert "withdraw" not in await page(money.second, path)
    again = await upload(money.first, "/statements/import", file[:-30])
    assert again.status_code == 422 and "no readable XML message" in again.text


async def test_a_status_report_is_read_by_page(money: Finance) -> None:
    _, claim = await money.play_to_approval()
    batch, file = await money.play_to_order()
    report = refuse(file, money.stage.clock.now().date(), "AC01")
    read = await upload(money.first, f"/batches/{batch}/read-report", report)
    assert read.status_code == 303, read.text
    assert "refused" in await page(money.first, f"/batches/{batch}")
    shown = await page(money.claimant, f"/claims/{claim}")
    assert "Your move: mend what is missing and file again" in shown
    assert "Give another account" in shown


async def test_a_withdrawal_that_waits_for_its_second_person_is_shown(money: Finance) -> None:
    await money.play_to_approval()
    batch, _ = await money.play_to_order()
    assert (await money.first.send(f"/batches/{batch}/ask-withdrawal", {})).status_code == 303
    assert "A second person does it" in await page(money.second, f"/batches/{batch}")
    assert (await money.second.send(f"/batches/{batch}/withdraw", {})).status_code == 303


async def test_every_page_opens_for_every_role_or_says_that_it_does_not_exist(money: Finance) -> None:
    """No page breaks on what a role cannot see."""
    _, claim = await money.play_to_payment()
    (batch,) = (await money.first.get("/api/v1/batches")).json()
    (statement,) = (await money.first.get("/api/v1/statements")).json()
    (payee,) = (await money.claimant.get("/api/v1/payees")).json()
    lists = ["/claims", "/claims?state=", "/batches", "/statements", "/budgets"]
    things = [f"/claims/{claim}", f"/batches/{batch['id']}", f"/statements/{statement['id']}",
              f"/budgets/{money.budget}", f"/payees/{payee['id']}"]  # fmt: skip
    nobody = await money.stage.person("Nobody")
    people = (money.claimant, money.coordinator, money.verifier, money.approver, money.first, nobody)
    for person in people:
        assert {(await person.open(path)).status_code for path in lists} == {200}, person.name
        assert {(await person.open(path)).status_code for path in things} <= {200, 404}, person.name
    assert {(await nobody.open(path)).status_code for path in things} == {404}
    assert (await nobody.open(f"/batches/{batch['id']}/file")).status_code == 404


@contextmanager
def counted(money: Finance) -> Generator[list[str]]:
    """The statements that the service sends meanwhile."""
    sent: list[str] = []

    def heard(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        sent.append(statement)

    engine = money.stage.service.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", heard)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", heard)


async def test_lists_cost_the_same_number_of_statements_however_long_they_are(money: Finance) -> None:
    paths = ["/claims", "/batches", "/statements", "/budgets", "/api/v1/claims", "/api/v1/budgets"]
    costs: list[dict[str, int]] = []
    for _ in range(3):
        await money.play_to_payment()
        await money.play_to_approval()
        await money.open_budget(500_000)
        cost: dict[str, int] = {}
        for path in paths:
            with counted(money) as sent:
                assert (await money.first.open(path)).status_code == 200
            cost[path] = len(sent)
        costs.append(cost)
    assert costs[0] == costs[1] == costs[2]


async def test_lists_go_on_where_the_last_page_ended(money: Finance) -> None:
    claims = [(await money.play_to_claim())[1] for _ in range(5)]
    seen: list[str] = []
    after = ""
    while rows := (await money.verifier.get(f"/api/v1/claims?limit=2{after}")).json():
        seen += [row["id"] for row in rows]
        after = f"&after={rows[-1]['id']}"
    assert sorted(seen) == sorted(claims) and len(seen) == 5


async def test_a_machine_is_told_no_free_text_and_nobodys_name(money: Finance) -> None:
    _, claim = await money.play_to_claim()
    asked = {"reason": "other", "explanation": "The boarding pass of Mrs Nowak is missing."}
    done(await money.verifier.post(f"/api/v1/claims/{claim}/return", asked))
    assert "Nowak" in await page(money.claimant, f"/claims/{claim}")
    for row in await money.rows("select body from outbox"):
        assert (
            "Nowak" not in str(row.body) and OTHER_IBAN not in str(row.body) and SME_IBAN not in str(row.body)
        )
    assert "Nowak" not in str((await money.verifier.get(f"/api/v1/claims/{claim}")).json())


async def upload(person: Person, path: str, content: bytes) -> Any:
    """A form with a file, as a browser posts it."""
    return await person.send(path, {}, files={"file": ("bank.xml", content)})
