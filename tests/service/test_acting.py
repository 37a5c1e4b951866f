"""Acting for somebody: a proxy prepares, a power of attorney signs, and everything names both."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from contracts import asks, mandate, person
from contracts.ids import new_id
from tests.conftest import FreshDatabase
from tests.facts import a_fact, said
from tests.people import MONDAY, Person, held
from tests.service.exchange import Exchange, exchange


@pytest.fixture
async def play(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Exchange]:
    async with exchange(await fresh_database("applications"), tmp_path) as played:
        yield played


async def mandated(play: Exchange, kind: mandate.Kind, **changed: int) -> tuple[Person, UUID]:
    """Zofia, who holds a mandate of Ewa's at Helixon for ten days, and acts by it; and the mandate."""
    id, agent = new_id(), await play.stage.person("Zofia")
    for one in (agent, play.visitor):
        told = person.Described(
            name=one.name, email=f"{one.name.lower()}@helixon.example", language="en", status="active"
        )
        await play.stage.hear(a_fact(told, one.id))
    today = MONDAY.date()
    given = mandate.Granted(
        principal=play.visitor.id, agent=agent.id, kind=kind, scope=play.visitor_organisation,
        first_day=today + timedelta(days=changed.get("after", 0)),
        last_day=today + timedelta(days=changed.get("last", 10)),
    )  # fmt: skip
    await play.stage.hear(a_fact(given, id))
    return agent.acting_for(play.visitor, id), id


async def test_a_proxy_prepares_and_both_are_named(play: Exchange) -> None:
    zofia, _id = await mandated(play, "proxy")
    body = {"call": play.call, "visitor": str(play.visiting), "host": str(play.hosting), "message": "May we?"}
    made = await zofia.post("/api/v1/proposals", body)
    assert made.status_code == 201, made.text
    fact = (await said(play.stage.database, ("relais.applications",)))[-1]
    assert (fact.actor, fact.behalfof, fact.via) == (str(zofia.id), str(play.visitor.id), "mandate")
    page = await zofia.open(f"/proposals/{made.json()['id']}")
    assert "Zofia for Ewa." in page.text and 'action="/mandates/stop"' in page.text
    alone = Person(play.stage.client, "Zofia", zofia.id)
    assert (await alone.open(f"/proposals/{made.json()['id']}")).status_code == 404, (
        "for themselves a stranger"
    )


async def test_a_proxy_neither_submits_nor_signs_nor_refuses(play: Exchange) -> None:
    zofia, _id = await mandated(play, "proxy")
    await play.play_matching()
    await play.play_draft()
    refused = await play.act(zofia, "submit")
    assert (refused.status_code, refused.json()["slug"]) == (403, "not-for-another")
    await play.act(play.visitor, "submit")
    assert (await play.act(zofia, "withdraw")).json()["slug"] == "not-for-another"


async def test_a_proxy_writes_in_the_case_s_conversation_and_nothing_more(play: Exchange) -> None:
    zofia, _id = await mandated(play, "proxy")
    await play.play_to_review()
    opened = (await zofia.get(f"/api/v1/applications/{play.case}/conversation")).json()["id"]
    page = await zofia.open(f"/conversations/{opened}")
    assert f'action="/conversations/{opened}/post"' in page.text
    said_so = await zofia.post(f"/api/v1/conversations/{opened}/post", {"text": "She comes a day later."})
    assert said_so.status_code == 200, said_so.text
    fact = (await said(play.stage.database, ("relais.applications",)))[-1]
    assert (fact.actor, fact.behalfof) == (str(zofia.id), str(play.visitor.id))
    assert "Zofia for Ewa <strong" in (await play.visitor.open(f"/conversations/{opened}")).text
    by_power = await mandated(play, "power_of_attorney")
    page = await by_power[0].open(f"/conversations/{opened}")
    assert page.status_code == 200 and f'action="/conversations/{opened}/post"' not in page.text
    refused = await by_power[0].post(f"/api/v1/conversations/{opened}/post", {"text": "I sign alone."})
    assert refused.json()["slug"] == "not-for-another"


async def test_a_power_of_attorney_signs_and_does_nothing_else(play: Exchange) -> None:
    zofia, _id = await mandated(play, "power_of_attorney")
    await play.play_to_award()
    paper = (await play.papers())["quality"]["id"]
    named = {"party": "VO", "name": "Anna Nowak", "function": "Director", "email": "anna@helixon.example"}
    for address in (f"agreements/{paper}/name-signatory", f"applications/{play.case}/withdraw"):
        assert (await zofia.post(f"/api/v1/{address}", named)).status_code in (403, 422)
    assert (await zofia.post(f"/api/v1/applications/{play.case}/withdraw")).json()[
        "slug"
    ] == "not-for-another"
    assert "Zofia for Ewa." in (await zofia.open(f"/agreements/{paper}/sign")).text
    assert (await play.sign(zofia, "quality")).status_code == 200
    assert "VO" not in (await play.papers())["quality"]["missing"]
    page = (await play.officer.open(f"/agreements/{paper}")).text
    assert "Zofia, Director, by power of attorney for Ewa" in page


async def test_a_mandate_ends_with_its_days_and_when_it_is_revoked(play: Exchange) -> None:
    zofia, id = await mandated(play, "proxy", after=1)
    body = {"call": play.call, "visitor": str(play.visiting), "host": str(play.hosting), "message": "May we?"}
    early = await zofia.post("/api/v1/proposals", body)
    assert (early.status_code, early.json()["slug"]) == (409, "mandate-ended")
    play.stage.clock.forward(timedelta(days=1))
    made = await zofia.post("/api/v1/proposals", body)
    assert made.status_code == 201
    over = mandate.Revoked(principal=play.visitor.id, agent=zofia.id)
    await play.stage.hear(a_fact(over, id, version=2))
    gone = await zofia.post(f"/api/v1/proposals/{made.json()['id']}/withdraw")
    assert (gone.status_code, gone.json()["slug"]) == (409, "mandate-ended")
    assert (await zofia.open(f"/proposals/{made.json()['id']}")).status_code == 404, "they read as themselves"


async def test_a_power_of_attorney_signs_at_its_place_and_in_its_days_only(play: Exchange) -> None:
    zofia, id = await mandated(play, "power_of_attorney", after=1)
    await play.play_to_award()
    host = UUID((await play.visitor.get(f"/api/v1/applications/{play.case}")).json()["host"])
    await play.stage.hear(a_fact(held(play.visitor.id, "owner", host)))
    early = await play.sign(zofia, "quality")
    assert (early.status_code, early.json()["slug"]) == (409, "mandate-ended"), "it has not begun"
    play.stage.clock.forward(timedelta(days=1))
    assert (await play.sign(zofia, "quality")).status_code == 200
    assert (await play.sign(zofia, "quality")).json()["slug"] == "signed-already", "not for the other place"
    assert "HO" in (await play.papers())["quality"]["missing"]
    over = mandate.Revoked(principal=play.visitor.id, agent=zofia.id)
    await play.stage.hear(a_fact(over, id, version=2))
    assert (await play.sign(zofia, "financial")).json()["slug"] == "mandate-ended", "it was revoked"
    other, _second = await mandated(play, "power_of_attorney")
    play.stage.clock.forward(timedelta(days=10))
    assert (await play.sign(other, "financial")).json()["slug"] == "mandate-ended", "its days are over"
    assert (await play.papers())["financial"]["missing"] == ["VO", "PAY"]


async def test_whoever_acts_for_an_organisation_does_not_judge_it(play: Exchange) -> None:
    scan = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    zofia, _id = await mandated(play, "proxy")
    await play.play_to_award()
    paper = (await play.papers())["quality"]["id"]
    file = (await zofia.upload("/api/v1/files", "signed.pdf", scan)).json()["id"]
    given = {"name": "Anna Nowak", "function": "Director", "paper": file}
    assert (await zofia.post(f"/api/v1/agreements/{paper}/hand-in", given)).status_code == 200
    other, _second = await mandated(play, "proxy")
    own = Person(play.stage.client, "Olga", other.id)
    await play.stage.hear(a_fact(held(own.id, "officer", play.partnership)))
    refused = await own.post(f"/api/v1/agreements/{paper}/confirm-paper", {"party": "VO", "same": True})
    assert refused.json()["slug"] == "own-case"


async def test_whoever_reported_for_somebody_does_not_validate_it_afterwards(play: Exchange) -> None:
    pdf = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    zofia, _id = await mandated(play, "proxy", last=125)
    await play.play_to_grant()
    planned = "relais.visit.planned.v1"
    told = await said(play.stage.database, ("relais.applications",))
    visit = next(fact.subject for fact in told if fact.type == planned)
    play.stage.clock.forward(timedelta(days=120))
    for step in (asks.Visit.start, asks.Visit.end):
        await play.step(step)
    file = (await zofia.upload("/api/v1/files", "pass.pdf", pdf)).json()["id"]
    body = {"days": 5, "report": "We saw the laboratory and agreed.", "helpful": 4, "evidence": [file]}
    assert (await zofia.post(f"/api/v1/visits/{visit}/report", body)).status_code == 200
    play.stage.clock.forward(timedelta(days=7))
    own = Person(play.stage.client, "Zofia", zofia.id)
    await play.stage.hear(a_fact(held(own.id, "officer", play.partnership)))
    for act, given in (
        ("validate", {"days": 5}),
        ("return", {"reason": "evidence_missing", "explanation": "More"}),
    ):
        refused = await own.post(f"/api/v1/visits/{visit}/{act}", given)
        assert (refused.status_code, refused.json()["slug"]) == (403, "own-case"), refused.text
    assert (await play.officer.post(f"/api/v1/visits/{visit}/validate", {"days": 5})).status_code == 200
