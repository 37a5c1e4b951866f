"""Indicators edited in the browser, self-assessment with its gap, the benchmark of valid labels, the portfolio."""

import re
from collections.abc import AsyncGenerator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from contracts import event
from contracts.ids import named_id, new_id
from services.directory.excellence.models import SelfAssessment
from services.directory.label_models import Recognition
from tests.conftest import FreshDatabase
from tests.facts import a_fact, deliver, said
from tests.people import Person
from tests.service.house import CE4BIG, KRAKOW, House, house

CLUSTERS = [
    named_id("organisation", name) for name in ("BioM", "BioWin", "Biocat", "VITARTIS", "Lyonbiopole")
]


@pytest.fixture
async def home(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[House]:
    async with house(await fresh_database("directory"), tmp_path) as played:
        yield played


async def act(who: Person, path: str, body: Any = None) -> tuple[int, str]:
    answer = await who.post(f"/api/v1/{path}", body)
    return answer.status_code, answer.json().get("slug") or answer.json()["state"]


async def in_force(home: House) -> dict[str, Any]:
    sets = (await home.person("operator").get("/api/v1/indicator-sets")).json()
    return next(one for one in sets if one["state"] == "published")


def at_level(known: dict[str, Any], level: str) -> dict[str, int]:
    return {one["key"]: one[level] for one in known["indicators"]}


async def assessed(home: House, level: str = "silver") -> str:
    body = {"organisation": str(KRAKOW), "answers": at_level(await in_force(home), level)}
    answer = await home.person("krakow-payer").post("/api/v1/self-assessments", body)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def test_our_indicators_have_six_headings_and_say_that_they_are_inferred(home: House) -> None:
    known = await in_force(home)
    assert len({one["heading"] for one in known["indicators"]}) == 6
    page = await home.person("krakow-payer").open(f"/indicator-sets/{known['id']}")
    assert "Inferred by us; not the text of who awards the label." in page.text


async def test_the_operator_edits_a_draft_in_the_browser_and_what_was_assessed_keeps_its_version(
    home: House,
) -> None:
    operator, owner = home.person("operator"), home.person("krakow-payer")
    before, old = await in_force(home), await assessed(home)
    assert await act(owner, "indicator-sets") == (404, "not-found")
    draft = (await operator.post("/api/v1/indicator-sets")).json()["id"]
    assert await act(operator, "indicator-sets") == (409, "draft-there")
    assert (await owner.open(f"/indicator-sets/{draft}")).status_code == 404
    form = {"key": "patents", "heading": "achievements", "title": "How many patents?", "unit": "number",
            "bronze": "0", "silver": "5", "gold": "3", "full": "9"}  # fmt: skip
    page = await operator.send(f"/indicator-sets/{draft}/put-indicator", form)
    assert page.status_code == 422 and "never asks for less" in page.text and "How many patents?" in page.text
    form["gold"] = "7"
    assert (await operator.send(f"/indicator-sets/{draft}/put-indicator", form)).status_code == 303
    again = await operator.open(f"/indicator-sets/{draft}/put-indicator?key=patents")
    assert "How many patents?" in again.text
    assert len(re.findall('name="key"', again.text)) == 1, (
        "nothing of the page itself is called as the indicator's key"
    )
    form["gold"] = "8"
    assert (await operator.send(f"/indicator-sets/{draft}/put-indicator", form)).status_code == 303
    put = (await operator.get(f"/api/v1/indicator-sets/{draft}")).json()["indicators"]
    assert next(one["gold"] for one in put if one["key"] == "patents") == 8, "put twice under one key"
    taken = await operator.post(f"/api/v1/indicator-sets/{draft}/put-indicator", {**form, "key": "csrf"})
    assert (taken.status_code, taken.json()["slug"]) == (422, "indicator-key-taken")
    assert await act(operator, f"indicator-sets/{draft}/remove-indicator", {"key": "age"}) == (200, "draft")
    assert await act(operator, f"indicator-sets/{draft}/publish") == (200, "published")
    now = await in_force(home)
    assert (now["id"], now["number"]) == (draft, 2)
    assert "patents" in at_level(now, "gold") and "age" not in at_level(now, "gold")
    assert (await owner.get(f"/api/v1/self-assessments/{old}")).json()["indicator_set"] == before["id"]
    assert await act(operator, f"indicator-sets/{draft}/put-indicator", form) == (
        409,
        "put-indicator-not-now",
    )


async def test_a_version_without_an_indicator_under_each_heading_does_not_go_live(home: House) -> None:
    operator = home.person("operator")
    draft = (await operator.post("/api/v1/indicator-sets")).json()["id"]
    known = (await operator.get(f"/api/v1/indicator-sets/{draft}")).json()
    for one in known["indicators"]:
        if one["heading"] == "financing":
            assert (await act(operator, f"indicator-sets/{draft}/remove-indicator", {"key": one["key"]}))[
                0
            ] == 200
    refused = await operator.post(f"/api/v1/indicator-sets/{draft}/publish")
    assert refused.status_code == 409 and "Financing" in refused.text


async def test_a_cluster_answers_on_a_page_and_sees_the_gap_to_the_next_level(home: House) -> None:
    owner = home.person("krakow-payer")
    known = await in_force(home)
    typed = {one["key"]: ("yes" if one["bronze"] else "no") if one["unit"] == "yes_no" else str(one["bronze"])
             for one in known["indicators"]}  # fmt: skip
    path = f"/self-assessments/record?organisation={KRAKOW}"
    assert (await owner.open(path)).status_code == 200
    wrong = await owner.send(path, {**typed, "sme_members": "140"})
    assert wrong.status_code == 422 and "This answer cannot be so high" in wrong.text
    missing = await owner.send(path, {**typed, "members": ""})
    assert missing.status_code == 422 and "Answer this too" in missing.text
    sent = await owner.send(path, typed)
    assert sent.status_code == 303, sent.text
    page = (await owner.open(sent.headers["location"])).text
    assert "What is missing to" in page and "There are too few others yet." in page
    told = (await owner.get(f"/api/v1{sent.headers['location']}")).json()
    assert told["missing"] and told["others"] is None and told["benchmark"] == []
    assert (await home.person("celis-officer").open(sent.headers["location"])).status_code == 404
    assert "Self-assessment, gap and comparison" in (await owner.open(f"/organisations/{KRAKOW}")).text


async def test_only_a_clusters_own_people_assess_it(home: House) -> None:
    known = await in_force(home)
    ewa = await home.registered("Ewa")
    id = await home.organisation(ewa)
    for organisation, slug in ((str(KRAKOW), "not-your-organisation"), (id, "label-for-clusters")):
        body = {"organisation": organisation, "answers": at_level(known, "gold")}
        assert await act(ewa, "self-assessments", body) == (422, slug)
    strange = {"organisation": str(KRAKOW), "answers": {**at_level(known, "gold"), "made_up": 1}}
    assert await act(home.person("krakow-payer"), "self-assessments", strange) == (422, "indicator-unknown")


async def test_a_benchmark_counts_valid_labels_only_and_each_cluster_once(home: House) -> None:
    id, known = await assessed(home), await in_force(home)
    for number, cluster in enumerate(CLUSTERS):
        await labelled(home, cluster, known, "gold" if number else "bronze")
    owner = home.person("krakow-payer")
    told = (await owner.get(f"/api/v1/self-assessments/{id}")).json()
    assert told["others"] == 5 and len(told["benchmark"]) == 6
    assert "Middle half" in (await owner.open(f"/self-assessments/{id}")).text
    home.clock.forward(timedelta(days=400))
    told = (await owner.get(f"/api/v1/self-assessments/{id}")).json()
    assert (told["others"], told["benchmark"]) == (None, []), "none of the labels is valid any more"


async def labelled(home: House, cluster: Any, known: dict[str, Any], level: str) -> None:
    """A cluster with a valid label that has answered, twice."""
    async with home.database.transaction() as tx:
        tx.add(
            Recognition(
                id=new_id(), state="awarded", version=1, organisation=cluster, scheme="ECEI", level="bronze",
                partnerships=[], awarded_on=date(2026, 1, 1), valid_until=date(2027, 6, 30),
            )
        )  # fmt: skip
        for day in (1, 2):
            tx.add(
                SelfAssessment(
                    id=new_id(), state="recorded", version=1, organisation=cluster, indicator_set=known["id"],
                    answers=at_level(known, level), reached="bronze", score=40, by=new_id(),
                    at=home.clock.moment().now - timedelta(days=day),
                )
            )  # fmt: skip


async def test_a_service_goes_from_planned_by_tried_out_to_offered_and_says_where_it_was_learned(
    home: House,
) -> None:
    owner, training = home.person("krakow-payer"), new_id()
    starts = home.clock.moment().now + timedelta(days=5)
    body: dict[str, Any] = {
        "kind": "training", "title": "Selling abroad", "partnership": CE4BIG, "venue": "Hall", "town": "Nantes",
        "country": "FR", "timezone": "Europe/Paris", "starts_at": starts, "ends_at": starts + timedelta(hours=6),
        "registration_until": starts, "places": 20, "approval": False,
    }  # fmt: skip
    await deliver(
        home.service.reader, home.database, a_fact(event.Published(**body), training, state="published")
    )
    given = {
        "organisation": str(KRAKOW), "title": "Export clinic", "about": "internationalisation",
        "description": "Half a day with somebody who sells abroad.", "origin": str(training), "lesson": "Begin small.",
    }  # fmt: skip
    assert "Selling abroad" in (await owner.open("/member-services/plan")).text
    assert await act(owner, "member-services", {**given, "origin": str(new_id())}) == (422, "origin-unknown")
    made = await owner.post("/api/v1/member-services", given)
    assert made.status_code == 201, made.text
    id = made.json()["id"]
    assert await act(owner, "member-services", {**given, "title": "EXPORT clinic"}) == (
        409,
        "member-service-once",
    )
    assert await act(owner, f"member-services/{id}/pilot", {"since": "2027-01-01"}) == (422, "since-ahead")
    assert await act(owner, f"member-services/{id}/pilot", {"since": "2026-10-01"}) == (200, "piloted")
    assert await act(owner, f"member-services/{id}/offer", {"since": "2026-09-01"}) == (
        422,
        "offered-before-piloted",
    )
    assert await act(owner, f"member-services/{id}/offer", {"since": "2026-11-01"}) == (200, "offered")
    page = (await home.client.get(f"/directory/{KRAKOW}")).text
    for words in ("Export clinic", "offered", "To be learned at: Selling abroad", "Begin small.", "CE4BIG"):
        assert words in page, words
    assert "Offer this service no more" not in page and "Take it off the list" not in page
    found = (await home.client.get("/api/v1/member-services?q=export&state=offered")).json()
    assert [one["organisation_name"] for one in found] == ["Klaster LifeScience Kraków"]
    assert "Export clinic" in (await home.client.get("/member-services?about=internationalisation")).text
    assert await act(home.person("celis-officer"), f"member-services/{id}/withdraw") == (404, "not-found")
    assert await act(owner, f"member-services/{id}/withdraw") == (200, "withdrawn")
    assert (await home.client.get("/api/v1/member-services")).json() == []
    types = [fact.type.split(".", 1)[1] for fact in await said(home.database, ["relais.directory"])][-4:]
    assert types == [f"member_service.{word}.v1" for word in ("planned", "piloted", "offered", "withdrawn")]


async def test_the_public_page_names_clusters_and_who_agreed_and_nobody_else(home: House) -> None:
    ewa = await home.registered("Ewa")
    id = await home.organisation(ewa)
    assert (await home.client.get(f"/directory/{id}")).status_code == 404
    participation = (await home.submit(ewa, id)).json()["id"]
    await home.person("ce4big-officer").post(f"/api/v1/participations/{participation}/validate")
    assert (await home.client.get(f"/directory/{id}")).status_code == 200
    assert "Helixon" in (await home.client.get(f"/directory/{KRAKOW}")).text
    assert (await home.client.get(f"/api/v1/directory/{new_id()}")).status_code == 404
