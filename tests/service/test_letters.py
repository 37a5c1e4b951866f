"""Letters from templates: offered when the case allows them, looked at first, kept as sent; the case stays as it is."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from contracts import asks, person
from tests.conftest import FreshDatabase
from tests.facts import a_fact, said
from tests.people import Person
from tests.service.exchange import Exchange, exchange

INVITATION = {
    "letter": "visa_invitation", "name": "EWA MARIA NOWAK", "address": "Riia 23\n51010 Tartu\nEstonia",
    "costs": "shared",
}  # fmt: skip


@pytest.fixture
async def play(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Exchange]:
    async with exchange(await fresh_database("applications"), tmp_path) as played:
        for who in (played.visitor, played.host, played.officer):
            known = person.Described(status="active", name=who.name, email=f"{who.name.lower()}@company.test")
            await played.stage.hear(a_fact(known, who.id))
        yield played


async def conversation(play: Exchange) -> dict[str, Any]:
    return (await play.visitor.get(f"/api/v1/applications/{play.case}/conversation")).json()


async def letters(play: Exchange) -> str:
    """The path of the act."""
    return f"/conversations/{(await conversation(play))['id']}/send-letter"


async def send(play: Exchange, who: Person, **given: Any) -> Any:
    """Looks at a letter, then sends it."""
    path = f"/api/v1{await letters(play)}"
    seen = await who.post(f"{path}/preview", given)
    if seen.status_code != 200:
        return seen
    return await who.post(path, {**given, "seen": seen.json()["seen"]})


async def test_an_officer_looks_at_an_invitation_and_sends_it(play: Exchange) -> None:
    await play.play_to_grant()
    before = (await play.officer.get(f"/api/v1/applications/{play.case}")).json()
    path = await letters(play)
    offered = (await play.officer.open(path)).text
    assert f"{path}?letter=visa_invitation" in offered and f"{path}?letter=welcome_pack" in offered
    assert "A stay is confirmed after its last day." in offered
    lacking = await play.officer.send(f"{path}/preview", {**INVITATION, "name": ""})
    assert lacking.status_code == 422 and "Fill it in and look at the letter again" in lacking.text
    assert "51010 Tartu" in lacking.text, "nothing typed is lost"
    looked = (await play.officer.send(f"{path}/preview", INVITATION)).text
    for told in (
        "Tartu Diagnostics of Tartu, Estonia, invites EWA MARIA NOWAK, who works for Helixon of Kraków, Poland",
        "Riia 23<br>51010 Tartu<br>Estonia", "11 January 2027", "5 working days",
        "Helixon pays for the journey and the insurance of EWA MARIA NOWAK",
        "paid after it by Klaster LifeScience Kraków",
        "part of CE4BIG, which is funded by the programme COSME", "jan@company.test",
    ):  # fmt: skip
        assert told in looked, told
    assert (await conversation(play))["messages"] == [], "a look sends nothing"
    seen = looked.partition('name="seen" value="')[2].partition('"')[0]
    changed = await play.officer.send(
        f"{path}?letter=visa_invitation", {**INVITATION, "name": "EVA", "seen": seen}
    )
    assert changed.status_code == 422 and "This is not the letter as you have seen it" in changed.text
    assert (
        await play.officer.send(f"{path}?letter=visa_invitation", {**INVITATION, "seen": seen})
    ).status_code == 303
    (message,) = (await conversation(play))["messages"]
    assert (message["via"], message["text"]) == ("letter", "Invitation of EWA MARIA NOWAK")
    pdf = f"/conversations/{(await conversation(play))['id']}/letters/{message['id']}"
    first, second = await play.visitor.open(pdf), await play.host.open(pdf)
    assert first.content == second.content and b"pdfuaid:part" in first.content
    assert "visa-invitation" in first.headers["content-disposition"]
    assert (await play.stranger.open(pdf)).status_code == 404
    assert pdf in (await play.visitor.open(pdf.partition("/letters")[0])).text
    fact = (await said(play.stage.database, ("relais.applications",)))[-1]
    assert fact.type == "relais.conversation.letter_sent.v1"
    assert (fact.body.keys(), fact.body["letter"]) == ({"entry", "letter"}, "visa_invitation"), (
        "no name travels"
    )
    assert (await play.officer.get(f"/api/v1/applications/{play.case}")).json() == before


async def test_who_may_send_and_when(play: Exchange) -> None:
    await play.play_to_award()
    assert (await send(play, play.officer, **INVITATION)).json()["slug"] == "letter-not-yet"
    for who in (play.visitor, play.payer):
        assert (await send(play, who, **INVITATION)).status_code == 403
    assert (await send(play, play.stranger, **INVITATION)).status_code == 404
    unseen = await play.officer.post(f"/api/v1{await letters(play)}", INVITATION)
    assert unseen.json()["slug"] == "letter-not-yet"


async def test_a_host_welcomes_and_later_confirms_the_days_that_it_has_counted(play: Exchange) -> None:
    await play.play_to_grant()
    pack = {
        "letter": "welcome_pack",
        "address": "Riia 23, Tartu",
        "contact": "Kadri, +372 5555",
        "note": "Take bus 4.",
    }
    assert (await send(play, play.host, **pack)).json()["state"] == "open"
    stay = {"letter": "confirmation_of_stay", "name": "EWA MARIA NOWAK", "address": "Riia 23, Tartu"}
    assert (await send(play, play.host, **stay)).json()["slug"] == "letter-too-early"
    play.stage.clock.forward(timedelta(days=120))
    for step in (asks.Visit.start, asks.Visit.end):
        await play.step(step)
    assert (await send(play, play.host, **pack)).json()["slug"] == "letter-too-late"
    assert (await send(play, play.host, **stay)).json()["slug"] == "stay-not-confirmed"
    facts = await said(play.stage.database, ("relais.applications",))
    visit = next(fact.subject for fact in facts if fact.type == "relais.visit.planned.v1")
    assert (await play.host.post(f"/api/v1/visits/{visit}/confirm", {"days": 4})).status_code == 200
    assert (await send(play, play.host, **stay)).status_code == 200
    welcomed, confirmed = (await conversation(play))["messages"]
    assert "Take bus 4." in str(welcomed["letter"]) and "Tuesday to Friday: meetings" in str(
        welcomed["letter"]
    )
    told = str(confirmed["letter"])
    assert (
        "4 working days" in told and "Tartu Diagnostics" in told and "We confirm that EWA MARIA NOWAK" in told
    )


async def test_nobody_needs_a_visa_for_an_exchange_online(play: Exchange) -> None:
    await play.play_to_grant(mode="virtual", days=["2027-01-11", "2027-01-13", "2027-01-15"])
    assert (await send(play, play.officer, **INVITATION)).json()["slug"] == "letter-online"
    pack = {"letter": "welcome_pack", "address": "https://meet.test/a", "contact": "Kadri"}
    assert (await send(play, play.host_officer, **pack)).status_code == 200
    (message,) = (await conversation(play))["messages"]
    assert "takes place online" in str(message["letter"]) and "insurance" not in str(message["letter"])
