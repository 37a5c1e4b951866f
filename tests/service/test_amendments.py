"""What was granted is changed: more money is set aside before anybody signs, less goes back, and whatever else happens
the old terms stand.
"""

from collections.abc import AsyncGenerator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from contracts import asks, organisation, participation
from contracts.ids import new_id
from contracts.steps import Subject
from tests.conftest import FreshDatabase
from tests.facts import a_fact, said
from tests.service.claiming import photo
from tests.service.counting import statements
from tests.service.exchange import Exchange, exchange
from tests.service.granting import Granting, granting
from tests.service.money import done


@pytest.fixture
async def grant(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Granting]:
    async with granting(fresh_database, tmp_path) as played:
        await played.play_to_grant()
        yield played


async def test_more_is_set_aside_before_anybody_signs_and_less_goes_back(grant: Granting) -> None:
    id = await grant.open_for_signature(amount_cents=100_000, last_day="2027-03-26")
    assert await grant.accounts("RESERVED", "COMMITTED") == [20_000, 80_000]
    for who in (grant.desk.ewa, grant.desk.officer, grant.desk.payer):
        assert (await grant.sign(who)).status_code == 200
    facts = [fact.type.removeprefix("relais.") for fact in await grant.facts()][-5:]
    assert facts == [
        "agreement.completed.v1",
        "agreement.superseded.v1",
        "application.amended.v1",
        "amendment.in_force.v1",
        "voucher.changed.v1",
    ]
    await grant.told()
    assert await grant.accounts("RESERVED", "COMMITTED", "AVAILABLE") == [0, 100_000, 400_000]
    assert (await grant.step(asks.Amendment.standing, id)).open is False
    await grant.in_force(amount_cents=60_000)
    await grant.told()
    await grant.told()
    assert await grant.accounts("RESERVED", "COMMITTED", "AVAILABLE") == [0, 60_000, 440_000]


async def test_the_order_in_which_the_payer_hears_of_it_does_not_matter(grant: Granting) -> None:
    await grant.in_force(amount_cents=100_000)
    await grant.told_backwards()
    assert await grant.accounts("RESERVED", "COMMITTED") == [0, 100_000]


async def test_a_case_that_ends_before_the_payer_hears_of_its_change_gives_everything_back(
    grant: Granting,
) -> None:
    await grant.in_force(amount_cents=100_000)
    assert (await grant.desk.act(grant.desk.ewa, "cancel")).status_code == 200
    await grant.told_backwards()
    assert await grant.accounts("RESERVED", "COMMITTED", "AVAILABLE") == [0, 0, 500_000]


@pytest.mark.parametrize("end", ["withdrawn", "refused", "lapsed", "cancelled"])
async def test_on_any_other_end_the_old_terms_stand_and_the_money_goes_back(
    grant: Granting, end: str
) -> None:
    id = await grant.open_for_signature(amount_cents=100_000)
    desk = grant.desk
    match end:
        case "withdrawn":
            assert (await desk.ewa.post(f"/api/v1/amendments/{id}/withdraw")).json()["state"] == end
        case "refused":
            paper = (await desk.ewa.get(f"/api/v1/applications/{desk.case}")).json()["agreements"][-1]
            assert (
                await desk.ewa.post(
                    f"/api/v1/agreements/{paper['id']}/refuse", {"remark": "It is too little."}
                )
            ).status_code == 200
        case "lapsed":
            assert (await grant.step(asks.Amendment.lapse, id)).state == "agreed", "there is time yet"
            grant.later(15)
            assert (await grant.step(asks.Amendment.lapse, id)).state == "lapsed"
        case _:
            assert (await desk.act(desk.ewa, "cancel")).json()["state"] == "cancelled"
    assert not (await grant.step(asks.Amendment.standing, id)).open
    assert (await grant.sign(desk.officer)).json()["status"] == 409
    await grant.told()
    committed = 0 if end == "cancelled" else 80_000
    assert await grant.accounts("RESERVED", "COMMITTED", "AVAILABLE") == [0, committed, 500_000 - committed]
    assert (await grant.step(asks.Reservation.amend, id)).state == "ended"


async def test_what_the_budget_does_not_have_is_refused_before_anybody_signs(grant: Granting) -> None:
    done(
        await grant.payer.coordinator.post(
            f"/api/v1/budgets/{grant.payer.budget}/cut", {"amount_cents": 410_000}
        )
    )
    id, money = await grant.agreed(amount_cents=100_000)
    assert (money.state, money.reason) == ("refused", "no_budget")
    assert (await grant.step(asks.Amendment.decline, id, "no_budget")).state == "refused"
    assert (await grant.request(amount_cents=90_000)).status_code == 201, "another may be asked for"


async def test_less_than_what_is_claimed_is_refused(grant: Granting) -> None:
    payer = grant.payer
    await payer.give_account()
    claim = done(await payer.claimant.post("/api/v1/claims", {"voucher": grant.desk.case}))["id"]
    receipt = done(await payer.claimant.upload("/api/v1/claims/files", "receipt.png", photo()))["id"]
    cost = {
        "category": "service", "description": "Measurements", "supplier": "Tartu Labs", "currency": "EUR",
        "spent_on": str(payer.stage.clock.now().date()), "amount_minor": 50_000, "receipts": [receipt],
    }  # fmt: skip
    done(await payer.claimant.post(f"/api/v1/claims/{claim}/add-line", cost))
    done(await payer.claimant.post(f"/api/v1/claims/{claim}/file"))
    _, money = await grant.agreed(amount_cents=40_000)
    assert (money.state, money.reason) == ("refused", "below_claimed")


async def test_who_may_ask_decide_and_sign(grant: Granting) -> None:
    desk = grant.desk
    more: dict[str, Any] = {"amount_cents": 100_000}
    assert (await grant.request(desk.adam, **more)).json()["slug"] == "not-your-role"
    assert (await grant.request(desk.stranger, **more)).json()["slug"] == "not-found"
    assert (await grant.request(amount_cents=80_000)).json()["slug"] == "amendment-changes-nothing"
    assert (await grant.request(amount_cents=300_000)).json()["slug"] == "above-the-most"
    asks_for = await desk.ewa.open(f"/amendments/request?application={desk.case}")
    assert f'value="{desk.case}"' in asks_for.text
    assert "New knowledge provider" in asks_for.text and "New host" not in asks_for.text
    own = await grant.request(desk.officer, **more)
    id = own.json()["id"]
    assert (await grant.request(**more)).json()["slug"] == "amendment-open"
    refused = await desk.officer.post(f"/api/v1/amendments/{id}/agree")
    assert refused.json()["slug"] == "amendment-by-another"
    shown = await desk.officer.open(f"/amendments/{id}/agree")
    assert "1,000.00" in shown.text and "The laboratory costs more." in shown.text
    other = await desk.stage.person("Ola", ("officer", desk.partnership))
    assert (await other.send(f"/amendments/{id}/agree", {})).status_code == 303
    await grant.told()
    assert (await grant.step(asks.Reservation.amend, id)).state == "made"
    await grant.step(asks.Amendment.open_signing, id)
    assert (await grant.sign(desk.adam)).json()["slug"] == "not-your-role"
    assert "800.00" in (await desk.ewa.open(f"/amendments/{id}")).text
    assert (await desk.stranger.open(f"/amendments/{id}")).status_code == 404


async def hosting(play: Exchange, name: str, country: str) -> tuple[UUID, participation.Validated]:
    """A validated host of another partnership: its participation, and what was said of it."""
    own, taking = new_id(), new_id()
    registered = organisation.Registered(
        name=f"{name} Labs",
        kind="sme",
        town=name,
        country=country,
        latitude=50.88,
        longitude=4.7,
        identity=own,
    )
    validated = participation.Validated(
        organisation=own, partnership=new_id(), side="host", contact=new_id(), activities=("networking",)
    )
    await play.stage.hear(a_fact(registered, own), a_fact(validated, taking))
    return taking, validated


async def test_a_visit_is_moved_by_all_who_signed_it_and_the_sum_follows_its_days(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    async with exchange(await fresh_database("applications"), tmp_path) as play:
        await play.play_to_grant()
        case = (await play.visitor.get(f"/api/v1/applications/{play.case}")).json()
        first, last = (date.fromisoformat(case[name]) for name in ("first_day", "last_day"))
        asked = {"application": str(play.case), "explanation": "Our host is at a fair that week."}
        same_sum = {"first_day": str(first + timedelta(days=7)), "last_day": str(last + timedelta(days=7))}
        own_sum = await play.visitor.post("/api/v1/amendments", {**asked, **same_sum, "amount_cents": 99_900})
        assert own_sum.json()["slug"] == "amount-follows-from-days"
        made = done(await play.visitor.post("/api/v1/amendments", {**asked, **same_sum}))["id"]
        done(await play.officer.post(f"/api/v1/amendments/{made}/agree"))
        steps = play.stage.service.offers
        opened = await steps.perform(asks.Amendment.open_signing, Subject(made))
        assert opened.waits_for and "AMENDMENT 1" in (await play.host.open(
            f"/agreements/{(await play.papers())['quality']['id']}"
        )).text  # fmt: skip
        signers = [(who, "quality") for who in (play.visitor, play.host, play.officer, play.host_officer)]
        for who, kind in (*signers, (play.visitor, "financial"), (play.payer, "financial")):
            assert (await play.sign(who, kind)).status_code == 200
        moved = (await play.visitor.get(f"/api/v1/applications/{play.case}")).json()
        assert moved["frozen"]["first_day"] == same_sum["first_day"]
        rescheduled = (await said(play.stage.database, ("relais.applications",)))[-1]
        assert rescheduled.type == "relais.visit.rescheduled.v1"
        assert rescheduled.wakes == (f"exchange-visit/{play.case}",)


async def test_another_agenda_is_signed_by_all_and_then_holds(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    async with exchange(await fresh_database("applications"), tmp_path) as play:
        await play.play_to_grant()
        old = (await play.visitor.get(f"/api/v1/applications/{play.case}")).json()["agenda"]
        new = "Monday: the clinic. Tuesday to Friday: five companies."
        asked = {"application": str(play.case), "explanation": "The laboratory is closed on Monday."}
        nothing = await play.visitor.post("/api/v1/amendments", {**asked, "agenda": old})
        assert nothing.json()["slug"] == "amendment-changes-nothing"
        made = done(await play.visitor.post("/api/v1/amendments", {**asked, "agenda": new}))["id"]
        page = (await play.officer.open(f"/amendments/{made}/agree")).text
        assert new in page and old in page
        assert "Working days at the host" in page, "the sum is not shown without how it comes about"
        assert "Your move: decide on this change" in (await play.officer.open(f"/amendments/{made}")).text
        waiting = (await play.visitor.open(f"/amendments/{made}")).text
        assert "Waiting for the visitor&#39;s partnership" in waiting and "/agree" not in waiting
        done(await play.officer.post(f"/api/v1/amendments/{made}/agree"))
        await play.stage.service.offers.perform(asks.Amendment.open_signing, Subject(made))
        paper = (await play.host.open(f"/agreements/{(await play.papers())['quality']['id']}")).text
        assert "five companies" in paper
        assert (await play.visitor.get(f"/api/v1/applications/{play.case}")).json()["agenda"] == old
        signers = [(who, "quality") for who in (play.visitor, play.host, play.officer, play.host_officer)]
        for who, kind in (*signers, (play.visitor, "financial"), (play.payer, "financial")):
            assert (await play.sign(who, kind)).status_code == 200
        assert (await play.visitor.get(f"/api/v1/applications/{play.case}")).json()["agenda"] == new


async def test_the_exchange_goes_to_another_host_who_signs_it_with_its_partnership(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    async with exchange(await fresh_database("applications"), tmp_path) as play:
        await play.play_to_grant()
        facts = await said(play.stage.database, ("relais.applications",))
        visit = next(fact.subject for fact in facts if fact.type == "relais.visit.planned.v1")
        at_home, _taking = await hosting(play, "Warszawa", "PL")
        leuven, taking = await hosting(play, "Leuven", "BE")
        asked = {"application": str(play.case), "explanation": "Tartu has moved its laboratory."}
        for host, slug in ((at_home, "same-country"), (play.visiting, "not-validated-as-host")):
            refused = await play.visitor.post("/api/v1/amendments", {**asked, "host": str(host)})
            assert refused.json()["slug"] == slug
        page = (await play.visitor.open(f"/amendments/request?application={play.case}")).text
        assert "Leuven Labs, Leuven, Belgium" in page and "Warszawa" not in page
        assert "New agenda" in page and "New knowledge provider" not in page and "New sum" not in page
        made = done(await play.visitor.post("/api/v1/amendments", {**asked, "host": str(leuven)}))["id"]
        requested = (await said(play.stage.database, ("relais.applications",)))[-1]
        assert requested.body["other_host"] and f"HO:{taking.organisation}" in requested.audience
        new_host = await play.stage.person("Lieve", ("owner", taking.organisation))
        new_officer = await play.stage.person("Wim", ("officer", taking.partnership))
        page = (await new_host.open(f"/amendments/{made}")).text
        assert "Tartu Diagnostics, Tartu" in page and "Leuven Labs, Leuven" in page
        assert "EUR" not in page, "what is paid is not the host's"
        tied = await play.stage.person("Ties", ("officer", play.partnership), ("member", taking.organisation))
        own = await tied.post(f"/api/v1/amendments/{made}/agree")
        assert own.json()["slug"] == "conflict-own-organisation"
        done(await play.officer.post(f"/api/v1/amendments/{made}/agree"))
        await play.stage.service.offers.perform(asks.Amendment.open_signing, Subject(made))
        old_host = await play.sign(play.host, "quality")
        assert old_host.json()["slug"] == "not-found"
        assert (await play.host.open(f"/visits/{visit}")).status_code == 200, "until all have signed"
        for who, kind in (
            (play.visitor, "quality"), (new_host, "quality"), (play.officer, "quality"), (new_officer, "quality"),
            (play.visitor, "financial"), (play.payer, "financial"),
        ):  # fmt: skip
            assert (await play.sign(who, kind)).status_code == 200
        case = (await play.visitor.get(f"/api/v1/applications/{play.case}")).json()
        assert case["host"] == str(taking.organisation) and case["frozen"]["host_country"] == "BE"
        assert (await new_host.open(f"/visits/{visit}")).status_code == 200
        assert (await play.host.open(f"/visits/{visit}")).status_code == 404
        facts = await said(play.stage.database, ("relais.applications",))
        told = [fact for fact in facts if fact.type == "relais.agreement.superseded.v1"]
        assert [fact.body["other_host"] for fact in told].count(True) == 1, (
            "the host that leaves is told once"
        )
        amended = next(fact for fact in facts if fact.type == "relais.application.amended.v1")
        assert amended.body["host_name"] == "Leuven Labs"
        assert "Tartu Diagnostics, Tartu" in (await play.visitor.open(f"/amendments/{made}")).text


async def test_among_many_hosts_one_is_searched_for(fresh_database: FreshDatabase, tmp_path: Path) -> None:
    async with exchange(await fresh_database("applications"), tmp_path) as play:
        await play.play_to_grant()
        for n in range(21):
            await hosting(play, f"Brugge {n}", "BE")
        gent, _taking = await hosting(play, "Gent", "BE")
        await hosting(play, "Gentowo", "PL")
        page, why = f"/amendments/request?application={play.case}", "Tartu has moved its laboratory."
        opened = (await play.visitor.open(page)).text
        assert "Brugge" not in opened and "search by name, town" in opened
        partners = f"/api/v1/amendments/partners?application={play.case}&question=host&words="
        with statements(play.stage.service.database) as of_one:
            (found,) = (await play.visitor.get(f"{partners}gent")).json()
        assert found == {"id": str(gent), "name": "Gent Labs, Gent, Belgium"}, "a host at home is no choice"
        with statements(play.stage.service.database) as of_many:
            assert len((await play.visitor.get(f"{partners}brugge")).json()) == 20
        assert len(of_one) == len(of_many)
        assert (await play.stranger.get(f"{partners}gent")).json() != [], "hosts are public; cases are not"
        typed = {"application": str(play.case), "explanation": why, "host-words": "gent", "do": "search:host"}
        searched = await play.visitor.send("/amendments/request", typed)
        assert searched.status_code == 200 and why in searched.text
        assert "Gent Labs, Gent, Belgium" in searched.text and str(gent) in searched.text
        chosen = {**typed, "host": str(gent), "do": ""}
        refused = await play.visitor.send("/amendments/request", {**chosen, "explanation": ""})
        assert refused.status_code == 422 and f'value="{gent}" checked' in " ".join(refused.text.split())
        assert (await play.visitor.send("/amendments/request", chosen)).status_code == 303
        asked = (await said(play.stage.database, ("relais.applications",)))[-1]
        assert asked.body["other_host"]


async def test_a_change_lapses_when_the_old_first_day_comes(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    async with exchange(await fresh_database("applications"), tmp_path) as play:
        await play.play_to_grant()
        case = (await play.visitor.get(f"/api/v1/applications/{play.case}")).json()
        first = date.fromisoformat(case["first_day"])
        asked = {"application": str(play.case), "explanation": "One day more, please.",
                 "last_day": str(date.fromisoformat(case["last_day"]) + timedelta(days=3))}  # fmt: skip
        play.stage.clock.forward(timedelta(days=(first - play.stage.clock.now().date()).days - 1))
        made = done(await play.visitor.post("/api/v1/amendments", asked))["id"]
        play.stage.clock.forward(timedelta(days=1))
        steps = play.stage.service.offers
        assert (await steps.perform(asks.Amendment.lapse, Subject(made))).state == "lapsed"
        lapsed = (await said(play.stage.database, ("relais.applications",)))[-1]
        assert lapsed.body["reason"] == "first_day_reached"
