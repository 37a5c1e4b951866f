"""Organisations and their participations: who may take part, what officers decide, what silence means."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from contracts.ids import new_id
from tests.conftest import FreshDatabase
from tests.facts import said
from tests.people import Person
from tests.service.counting import statements
from tests.service.house import CELIS, KRAKOW, PROFILE, House, house

BAD_PROFILE = {"reason": "incomplete", "explanation": "Say what you look for in Tartu."}


@pytest.fixture
async def home(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[House]:
    async with house(await fresh_database("directory"), tmp_path) as played:
        yield played


@pytest.fixture
async def ewa(home: House) -> Person:
    return await home.registered("Ewa")


async def submitted(home: House, who: Person, **changed: Any) -> str:
    answer = await home.submit(who, await home.organisation(who), **changed)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def decide(who: Person, participation: str, act: str, body: Any = None) -> tuple[int, str]:
    """Status, and the state after it or the slug of the refusal."""
    answer = await who.post(f"/api/v1/participations/{participation}/{act}", body)
    return answer.status_code, answer.json().get("slug") or answer.json()["state"]


async def last_facts(home: House, number: int) -> list[str]:
    """Without the reminders of the plans that the directory begins with."""
    types = [fact.type for fact in await said(home.database, ["relais.directory"])]
    return [type for type in types if not type.startswith("relais.deliverable.")][-number:]


async def test_who_registers_an_organisation_owns_it_and_can_act_for_it_at_once(
    home: House, ewa: Person
) -> None:
    id = await home.organisation(ewa)
    registered, activated = (await said(home.database, ["relais.directory"]))[-2:]
    assert registered.type == "relais.organisation.registered.v1"
    assert activated.type == "relais.membership.activated.v1"
    assert activated.body == {"person": str(ewa.id), "organisation": id, "role": "owner"}
    assert registered.body["town"] == "Kraków"
    assert registered.body["identity"] == id
    assert (await home.submit(ewa, id)).status_code == 201


async def test_one_registration_number_in_one_country_is_one_legal_person(home: House, ewa: Person) -> None:
    adam = await home.registered("Adam")
    first, second, elsewhere = await asyncio.gather(
        home.organisation(ewa, registration_number="KRS 0000-123.456"),
        home.organisation(adam, registration_number="krs 0000123456", name="Helixon Two"),
        home.organisation(adam, registration_number="12417834", name="Helixon Tartu", town="Tartu, EE"),
    )
    identities = {
        fact.body["name"]: fact.body["identity"]
        for fact in await said(home.database, ["relais.directory"])
        if fact.type == "relais.organisation.registered.v1"
    }
    assert identities["Helixon"] == identities["Helixon Two"]
    assert identities["Helixon"] in (first, second)
    assert identities["Helixon Tartu"] == elsewhere


@pytest.mark.parametrize(
    ("changed", "field", "slug"),
    [
        ({"town": "Atlantis"}, "town", "town-unknown"),
        ({"cluster": str(new_id())}, "cluster", "cluster-unknown"),
        ({"kind": "club"}, "kind", "invalid"),
        ({"name": ""}, "name", "invalid"),
    ],
)
async def test_an_organisation_is_refused_with_the_reason_at_its_field(
    home: House, ewa: Person, changed: dict[str, str], field: str, slug: str
) -> None:
    body = {"name": "Helixon", "kind": "sme", "town": "Kraków, PL", **changed}
    answer = await ewa.post("/api/v1/organisations", body)
    assert (answer.status_code, answer.json()["slug"], list(answer.json()["errors"])) == (422, slug, [field])


async def test_a_participation_is_returned_revised_and_validated(home: House, ewa: Person) -> None:
    officer = home.person("ce4big-officer")
    id = await submitted(home, ewa)
    assert await decide(officer, id, "return", BAD_PROFILE) == (200, "needs_info")
    page = await ewa.open(f"/participations/{id}")
    assert "Your move" in page.text
    assert BAD_PROFILE["explanation"] in page.text
    assert await decide(officer, id, "validate") == (409, "validate-not-now")
    assert await decide(ewa, id, "revise", {**PROFILE, "side": "both"}) == (200, "submitted")
    assert await decide(officer, id, "validate") == (200, "validated")
    every = await said(home.database, ["relais.directory"])
    facts = [fact for fact in every if fact.type.startswith("relais.participation")]
    assert [fact.type.split(".")[2] for fact in facts] == ["submitted", "returned", "revised", "validated"]
    assert facts[-1].body["side"] == "both"
    assert facts[-1].body["contact"] == str(ewa.id)
    assert all(BAD_PROFILE["explanation"] not in str(fact.body) for fact in facts), (
        "the text stays with its owner"
    )


async def test_a_rejected_organisation_may_ask_again_and_a_validated_one_need_not(
    home: House, ewa: Person
) -> None:
    officer = home.person("ce4big-officer")
    organisation = await home.organisation(ewa)
    first = (await home.submit(ewa, organisation)).json()["id"]
    twice = await home.submit(ewa, organisation)
    assert (twice.status_code, twice.json()["slug"]) == (409, "participation-once")
    assert await decide(officer, first, "reject", BAD_PROFILE) == (200, "rejected")
    assert (await home.submit(ewa, organisation)).status_code == 201
    assert (await home.submit(ewa, organisation, partnership=str(CELIS))).status_code == 201


@pytest.mark.parametrize(
    ("organisation", "side", "field", "slug"),
    [
        ({"town": "Manchester, GB"}, "host", "organisation", "country-not-eligible"),
        ({"kind": "large"}, "visitor", "side", "hosts-only"),
        ({"kind": "public"}, "both", "side", "hosts-only"),
        ({"kind": "sme", "cluster": None}, "visitor", "organisation", "visitor-needs-cluster"),
        ({"kind": "support", "cluster": None}, "both", "organisation", "visitor-needs-cluster"),
    ],
)
async def test_who_cannot_take_part_is_told_why(
    home: House, ewa: Person, organisation: dict[str, Any], side: str, field: str, slug: str
) -> None:
    answer = await home.submit(ewa, await home.organisation(ewa, **organisation), side=side)
    assert (answer.status_code, answer.json()["slug"], list(answer.json()["errors"])) == (422, slug, [field])


async def test_a_business_network_is_no_cluster_that_makes_a_visitor(home: House, ewa: Person) -> None:
    network = await home.organisation(ewa, kind="network", name="Business Network South")
    body = {"name": "Helixon", "kind": "sme", "town": "Kraków, PL", "cluster": network}
    assert (await ewa.post("/api/v1/organisations", body)).json()["slug"] == "cluster-unknown"
    assert (await home.submit(ewa, network)).status_code == 201, "the network itself may visit"


async def test_a_host_outside_clusters_needs_the_agencys_approval(home: House, ewa: Person) -> None:
    organisation = await home.organisation(ewa, cluster=None)
    id = (await home.submit(ewa, organisation, side="host")).json()["id"]
    officer = home.person("ce4big-officer")
    assert await decide(officer, id, "validate") == (422, "host-needs-approval")
    assert await decide(officer, id, "validate", {"agency_approval": "EISMEA 2026/17"}) == (200, "validated")


async def test_only_the_chosen_partnerships_officer_decides(home: House, ewa: Person) -> None:
    id = await submitted(home, ewa)
    assert await decide(home.person("celis-officer"), id, "validate") == (404, "not-found")
    assert await decide(home.person("ce4big-coordinator"), id, "validate") == (403, "not-your-role")
    assert await decide(ewa, id, "validate") == (403, "not-your-role")
    assert await decide(await home.registered("Adam"), id, "withdraw") == (404, "not-found")
    assert await decide(home.person("operator"), id, "validate") == (403, "not-your-role")


async def test_nobody_validates_their_own_organisation(home: House) -> None:
    officer = home.person("ce4big-officer")
    id = await submitted(home, officer)
    assert await decide(officer, id, "validate") == (403, "own-organisation")


async def test_one_cannot_submit_for_somebody_elses_organisation(home: House, ewa: Person) -> None:
    organisation = await home.organisation(ewa)
    refused = await home.submit(await home.registered("Adam"), organisation)
    assert (refused.status_code, refused.json()["slug"]) == (422, "not-your-organisation")


async def test_interest_that_nobody_confirms_for_a_year_rests_until_it_is_resumed(
    home: House, ewa: Person
) -> None:
    id = await submitted(home, ewa)
    await decide(home.person("ce4big-officer"), id, "validate")
    home.clock.forward(timedelta(days=364))
    await home.sweep()
    assert await last_facts(home, 1) == ["relais.participation.validated.v1"]
    home.clock.forward(timedelta(days=1))
    await home.sweep()
    await home.sweep()
    assert await last_facts(home, 2) == [
        "relais.participation.validated.v1",
        "relais.participation.rested.v1",
    ]
    assert await decide(ewa, id, "resume") == (200, "validated")
    await home.sweep()
    assert await last_facts(home, 1) == ["relais.participation.resumed.v1"]


async def test_withdrawing_ends_it_from_any_open_state(home: House, ewa: Person) -> None:
    officer = home.person("ce4big-officer")
    id = await submitted(home, ewa)
    await decide(officer, id, "return", BAD_PROFILE)
    assert await decide(ewa, id, "withdraw") == (200, "withdrawn")
    assert await decide(ewa, id, "withdraw") == (409, "withdraw-not-now")
    assert await decide(officer, id, "validate") == (409, "validate-not-now")


async def test_a_double_click_submits_once_and_is_answered_alike(home: House, ewa: Person) -> None:
    body = {**PROFILE, "organisation": await home.organisation(ewa), "partnership": str(CELIS)}
    answers = await asyncio.gather(*(ewa.post("/api/v1/participations", body, key="click") for _ in range(5)))
    assert len({(answer.status_code, answer.text) for answer in answers}) == 1
    assert answers[0].status_code == 201
    other = await ewa.post("/api/v1/participations", {**body, "side": "host"}, key="click")
    assert (other.status_code, other.json()["slug"]) == (409, "key-reused")


async def test_a_page_keeps_what_was_typed_and_says_what_is_wrong(home: House, ewa: Person) -> None:
    organisation = await home.organisation(ewa, kind="large")
    form = {
        **PROFILE,
        "sectors": "companion diagnostics",
        "organisation": organisation,
        "partnership": str(CELIS),
    }
    page = await ewa.send("/participations/submit", form)
    assert page.status_code == 422
    assert "host and do not visit" in page.text
    assert PROFILE["motivation"] in page.text
    done = await ewa.send("/participations/submit", {**form, "side": "host"})
    assert done.status_code == 303
    assert done.headers["location"].startswith("/participations/")


async def test_the_officer_decides_beside_the_profile_and_the_rules(home: House, ewa: Person) -> None:
    id = await submitted(home, ewa)
    officer = home.person("ce4big-officer")
    listed = await officer.open("/participations?state=submitted")
    assert "Helixon" in listed.text
    for state, lines in (("submitted", 2), ("validated", 1)):
        saved = await officer.open(f"/participations/list.csv?state={state}")
        assert len(saved.text.splitlines()) == lines
    page = await officer.open(f"/participations/{id}/validate")
    for words in (PROFILE["motivation"], "Ewa", "Registered in a country that takes part", "met"):
        assert words in page.text
    assert (await officer.send(f"/participations/{id}/validate", {})).status_code == 303
    assert (await officer.open(f"/participations/{id}/validate")).status_code == 409


async def test_an_organisation_is_seen_by_its_people_and_partnerships_alone(home: House, ewa: Person) -> None:
    organisation = await home.organisation(ewa)
    path = f"/organisations/{organisation}"
    adam, officer = await home.registered("Adam"), home.person("ce4big-officer")
    assert (await ewa.open(path)).status_code == 200
    assert (await adam.open(path)).status_code == 404
    assert (await officer.open(path)).status_code == 404
    id = (await home.submit(ewa, organisation)).json()["id"]
    assert (await officer.open(path)).status_code == 200
    assert (await adam.open(f"/participations/{id}")).status_code == 404
    assert (await adam.get(f"/api/v1/participations/{id}")).status_code == 404
    assert [row["id"] for row in (await ewa.get("/api/v1/organisations")).json()] == [organisation]
    assert (await officer.get(f"/api/v1/organisations/{KRAKOW}")).status_code == 200


async def test_lists_take_the_same_number_of_statements_however_long_they_are(
    home: House, ewa: Person
) -> None:
    officer = home.person("ce4big-officer")

    async def taken(path: str) -> int:
        with statements(home.service.database) as sent:
            assert (await officer.open(path)).status_code == 200
        return len(sent)

    paths = ("/participations", "/organisations", f"/organisations/{KRAKOW}", "/role-grants", "/account")
    await submitted(home, ewa)
    few = [await taken(path) for path in paths]
    for number in range(5):
        organisation = await home.organisation(ewa, name=f"Helixon {number}")
        await home.submit(ewa, organisation)
    assert [await taken(path) for path in paths] == few


async def test_lists_are_read_page_by_page(home: House, ewa: Person) -> None:
    made = [await home.organisation(ewa, name=f"Helixon {number}") for number in range(5)]
    seen: list[str] = []
    while page := (
        await ewa.get(f"/api/v1/organisations?limit=2&after={seen[-1] if seen else UUID(int=0)}")
    ).json():
        seen += [row["id"] for row in page]
    assert seen == sorted(made)
