"""Break-glass: one listed act in somebody's place, by a coordinator with a second person, told to all, once."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import pytest

from contracts import asks
from contracts.steps import Subject
from tests.conftest import FreshDatabase
from tests.facts import said
from tests.people import Person
from tests.service.exchange import Exchange, exchange
from tests.service.money import done

SWEEP = next(step for step in asks.SWEEPS if step.owner == "applications")
BACK = {"reason": "dates", "explanation": "Your host is closed that week."}


@pytest.fixture
async def play(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Exchange]:
    async with exchange(await fresh_database("applications"), tmp_path) as played:
        await played.play_to_review()
        yield played


def asked(play: Exchange, act: str = "application.return", thing: str = "") -> dict[str, str]:
    why = {"reason": "holder_away", "explanation": "Jan is in hospital, and the host closes."}
    return {"application": str(play.case), "what": f"{act}:{thing or play.case}", **why}


async def consented(play: Exchange) -> tuple[str, Person]:
    """What Claire may do once, and who has consented."""
    id = done(await play.coordinator.post("/api/v1/break-glasses", asked(play)))["id"]
    second = await play.stage.person("Pieter", ("coordinator", play.partnership))
    done(await second.post(f"/api/v1/break-glasses/{id}/consent"))
    return id, second


async def test_one_act_is_done_once_in_the_officers_place_and_marked(play: Exchange) -> None:
    claire = play.coordinator
    assert (await play.act(claire, "return", BACK)).json()["slug"] == "not-your-role"
    page = (await claire.open(f"/break-glasses/request?application={play.case}")).text
    assert f'value="application.return:{play.case}"' in page and "application.appeal" not in page
    id = done(await claire.post("/api/v1/break-glasses", asked(play)))["id"]
    assert (await claire.post("/api/v1/break-glasses", asked(play))).json()["slug"] == "break-glass-open-once"
    told = (await said(play.stage.database, ("relais.applications",)))[-1]
    assert {entry.partition(":")[0] for entry in told.audience} >= {"VO", "HO", "VOP", "HOP", "COORD"}
    assert (await play.act(claire, "return", BACK)).json()["slug"] == "not-your-role", "nobody has consented"
    assert (await claire.post(f"/api/v1/break-glasses/{id}/consent")).json()["slug"] == "break-glass-own"
    assert (await play.officer.post(f"/api/v1/break-glasses/{id}/consent")).json()["slug"] == "not-your-role"
    second = await play.stage.person("Pieter", ("coordinator", play.partnership))
    assert "Jan is in hospital" in (await second.open(f"/break-glasses/{id}")).text
    done(await second.post(f"/api/v1/break-glasses/{id}/consent"))
    assert (await play.act(second, "return", BACK)).json()["slug"] == "not-your-role", "only who asked"
    assert (await claire.open(f"/applications/{play.case}/return")).status_code == 200
    returned = await play.act(claire, "return", BACK)
    assert returned.json()["state"] == "changes_requested", returned.text
    act, used = (await said(play.stage.database, ("relais.applications",)))[-2:]
    assert (act.type, act.actor, act.via) == ("relais.application.returned.v1", str(claire.id), "break_glass")
    assert (used.type, used.body["party"]) == ("relais.break_glass.used.v1", "VOP")
    done(await play.act(play.visitor, "revise"))
    assert (await play.act(claire, "return", BACK)).json()["slug"] == "not-your-role", "once"
    assert "done" in (await second.open("/break-glasses")).text
    assert (await play.stranger.open(f"/break-glasses/{id}")).status_code == 404


async def test_it_expires_and_may_be_refused(play: Exchange) -> None:
    id, second = await consented(play)
    play.stage.clock.forward(timedelta(days=1, minutes=1))
    assert (await play.act(play.coordinator, "return", BACK)).json()["slug"] == "not-your-role"
    await play.stage.service.offers.perform(SWEEP, Subject("today"))
    assert (await second.get(f"/api/v1/break-glasses/{id}")).json()["state"] == "expired"
    again, second = await consented(play)
    done(await second.post(f"/api/v1/break-glasses/{again}/refuse"))
    assert (await play.act(play.coordinator, "return", BACK)).json()["slug"] == "not-your-role"


async def test_what_is_over_by_its_date_is_over_before_the_night(play: Exchange) -> None:
    claire = play.coordinator
    id = done(await claire.post("/api/v1/break-glasses", asked(play)))["id"]
    assert "Refuse" in (await claire.open(f"/break-glasses/{id}")).text
    play.stage.clock.forward(timedelta(days=4))
    page = (await claire.open(f"/break-glasses/{id}")).text
    assert "Refuse" not in page and "expired" in page
    assert (await claire.post(f"/api/v1/break-glasses/{id}/refuse")).json()["slug"] == "too-late"
    again = done(await claire.post("/api/v1/break-glasses", asked(play)))
    assert (await claire.get(f"/api/v1/break-glasses/{id}")).json()["state"] == "expired"
    told = [fact.type for fact in await said(play.stage.database, ("relais.applications",))][-2:]
    assert told == ["relais.break_glass.expired.v1", "relais.break_glass.requested.v1"]
    assert again["state"] == "requested"


async def test_it_is_no_way_round_the_tables_and_conflicts(play: Exchange) -> None:
    claire = play.coordinator
    for act, slug in (
        ("application.appeal", "break-glass-never"),
        ("application.opine", "break-glass-never"),
        ("application.grant", "break-glass-never"),
        ("application.nothing", "break-glass-never"),
        ("application.extend", "break-glass-needless"),
        ("application.cancel", "break-glass-not-in-state"),
    ):
        assert (await claire.post("/api/v1/break-glasses", asked(play, act))).json()["slug"] == slug, act
    assert (await play.officer.post("/api/v1/break-glasses", asked(play))).status_code == 404
    tied = await play.stage.person(
        "Ties", ("coordinator", play.partnership), ("member", play.visitor_organisation)
    )
    own = await tied.post("/api/v1/break-glasses", asked(play))
    assert own.json()["slug"] == "conflict-own-organisation"
    id = done(await claire.post("/api/v1/break-glasses", asked(play)))["id"]
    consent = await tied.post(f"/api/v1/break-glasses/{id}/consent")
    assert consent.json()["slug"] == "conflict-own-organisation"
