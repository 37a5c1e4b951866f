"""Who may act for what: giving and taking roles, and what an empty directory begins with."""

import csv
from collections import Counter, defaultdict
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from contracts.ids import named_id
from services.chassis.identity.actor import PLATFORM
from services.chassis.settings import Seeds
from services.directory import seeding
from tests.conftest import FreshDatabase
from tests.facts import said
from tests.people import Person
from tests.service.house import CE4BIG, CELIS, KRAKOW, TARTU, House, house


@pytest.fixture
async def home(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[House]:
    async with house(await fresh_database("directory"), tmp_path) as played:
        yield played


async def give(who: Person, email: str, role: str, scope: Any) -> tuple[int, str]:
    """Status, and the grant's id or the slug of the refusal."""
    answer = await who.post("/api/v1/role-grants", {"email": email, "role": role, "scope": str(scope)})
    return answer.status_code, answer.json().get("slug") or answer.json()["id"]


async def test_a_role_holds_at_once_and_ends_at_once(home: House) -> None:
    coordinator, ewa = home.person("ce4big-coordinator"), await home.registered("Ewa")
    assert (await ewa.open("/role-grants/grant")).status_code == 200
    status, grant = await give(coordinator, "EWA@helixon.example", "officer", CE4BIG)
    assert status == 201
    adam = await home.registered("Adam")
    id = (await home.submit(adam, await home.organisation(adam))).json()["id"]
    assert (await ewa.get(f"/api/v1/participations/{id}")).status_code == 200
    assert (await coordinator.post(f"/api/v1/role-grants/{grant}/revoke")).status_code == 200
    assert (await ewa.get(f"/api/v1/participations/{id}")).status_code == 404
    last = (await said(home.database, ["relais.directory"]))[-1]
    assert (last.type, last.body) == (
        "relais.role_grant.revoked.v1",
        {"person": str(ewa.id), "role": "officer", "scope": str(CE4BIG)},
    )
    assert (await give(coordinator, "ewa@helixon.example", "officer", CE4BIG))[0] == 201, (
        "it can be given again"
    )


@pytest.mark.parametrize(
    ("who", "role", "scope", "answer"),
    [
        ("ce4big-coordinator", "coordinator", CE4BIG, 201),
        ("ce4big-coordinator", "organiser", CE4BIG, 201),
        ("ce4big-coordinator", "verifier", KRAKOW, 201),
        ("ce4big-coordinator", "payer", KRAKOW, 201),
        ("ecri-coordinator", "approver", KRAKOW, 201),
        ("operator", "operator", PLATFORM, 201),
        ("operator", "officer", CELIS, 201),
        ("ce4big-coordinator", "officer", CELIS, "role-not-yours"),
        ("ce4big-coordinator", "verifier", TARTU, "role-not-yours"),
        ("ce4big-coordinator", "operator", PLATFORM, "role-not-yours"),
        ("ce4big-officer", "officer", CE4BIG, "role-not-yours"),
        ("krakow-payer", "approver", KRAKOW, "role-not-yours"),
        ("operator", "officer", KRAKOW, "role-elsewhere"),
        ("operator", "verifier", CE4BIG, "role-elsewhere"),
        ("operator", "operator", CE4BIG, "role-elsewhere"),
    ],
)
async def test_who_may_give_which_role(
    home: House, who: str, role: str, scope: Any, answer: int | str
) -> None:
    await home.registered("Ewa")
    assert answer in await give(home.person(who), "ewa@helixon.example", role, scope)


async def test_nobody_gives_a_role_to_themselves_or_to_a_stranger_or_twice(home: House) -> None:
    coordinator = home.person("ce4big-coordinator")
    assert await give(coordinator, "claire.legoff@atlanpole.example", "payer", KRAKOW) == (
        403,
        "role-for-oneself",
    )
    assert await give(coordinator, "nobody@nowhere.example", "officer", CE4BIG) == (422, "person-unknown")
    assert await give(coordinator, "jan.kowal@ce4big.example", "officer", CE4BIG) == (409, "role-held")


async def test_a_grant_is_taken_away_by_those_who_manage_it(home: House) -> None:
    grant = named_id("role_grant", "krakow-verifier", "verifier")
    path = f"/api/v1/role-grants/{grant}/revoke"
    assert (await home.person("celis-coordinator").post(path)).status_code == 404
    assert (await home.person("krakow-payer").post(path)).status_code == 404, (
        "an owner has no hand in money roles"
    )
    assert (await home.person("krakow-verifier").post(path)).status_code == 403
    assert (await home.person("ce4big-coordinator").post(path)).status_code == 200


async def test_the_list_of_roles_shows_what_one_may_take_away(home: House) -> None:
    def shown(rows: list[dict[str, Any]]) -> set[tuple[str, str]]:
        return {(row["person_name"], row["role"]) for row in rows}

    assert shown((await home.person("krakow-payer").get("/api/v1/role-grants")).json()) == set()
    coordinator = shown((await home.person("celis-coordinator").get("/api/v1/role-grants")).json())
    assert coordinator == {
        ("Sabine Vogt", "coordinator"),
        ("Mart Saar", "officer"),
        ("Lieve Peeters", "organiser"),
    }
    assert (await (await home.registered("Ewa")).get("/api/v1/role-grants")).json() == []


async def test_somebody_else_is_registered_once_per_address(home: House) -> None:
    ewa = await home.registered("Ewa")
    again = await ewa.post("/api/v1/people", {"name": "Ewa", "email": "Ewa@Helixon.example"})
    assert (again.status_code, again.json()["slug"]) == (409, "address-known")
    refused = await home.client.post("/api/v1/people", json={"name": "X Y", "email": "x@y.example"})
    assert refused.status_code == 401


async def test_ones_details_are_ones_own(home: House) -> None:
    ewa, adam = await home.registered("Ewa"), await home.registered("Adam")
    body = {"name": "Ewa Nowak", "language": "pl"}
    assert (await adam.post(f"/api/v1/people/{ewa.id}/describe", body)).status_code == 404
    assert (await ewa.post(f"/api/v1/people/{ewa.id}/describe", body)).status_code == 200
    last = (await said(home.database, ["relais.persons"]))[-1]
    assert last.body == {"status": "active", "email": "ewa@helixon.example", **body}


async def test_only_the_operator_forms_partnerships(home: House) -> None:
    body = {
        "name": "AgriFoodX", "title": "Food clusters exchange", "programme": "Euroclusters",
        "coordinator": str(KRAKOW), "members": [str(KRAKOW), str(TARTU)],
        "first_day": "2026-01-01", "last_day": "2027-12-31",
    }  # fmt: skip
    operator = home.person("operator")
    assert (await home.person("ce4big-coordinator").post("/api/v1/partnerships", body)).status_code == 404
    assert (await operator.post("/api/v1/partnerships", {**body, "members": [str(TARTU)]})).json()[
        "slug"
    ] == "coordinator-no-member"
    assert (await operator.post("/api/v1/partnerships", {**body, "last_day": "2025-01-01"})).json()[
        "slug"
    ] == "last-day-first"
    made = await operator.post("/api/v1/partnerships", body)
    assert made.status_code == 201
    page = await home.person("celis-officer").open(f"/partnerships/{made.json()['id']}")
    assert "Food clusters exchange" in page.text


async def test_an_empty_directory_is_seeded_once_and_every_service_hears_of_it(home: House) -> None:
    topics = ["relais.directory", "relais.persons"]
    facts = await said(home.database, topics)
    types = Counter(fact.type for fact in facts)
    assert types["relais.partnership.formed.v1"] == 4
    assert types["relais.organisation.registered.v1"] == 34
    assert {fact.via for fact in facts} == {"system"}
    ce4big = next(fact for fact in facts if fact.subject == CE4BIG)
    assert (ce4big.body["first_day"], ce4big.body["last_day"]) == ("2025-01-01", "2027-12-31")
    known = {str(fact.subject) for fact in facts if fact.type.startswith("relais.organisation")}
    for fact in facts:
        if fact.type == "relais.partnership.formed.v1":
            assert {fact.body["coordinator"], *fact.body["members"]} <= known
    await seeding.seed(home.service.database, home.clock)
    assert len(await said(home.database, topics)) == len(facts)


@pytest.mark.parametrize(("seeds", "partnerships"), [("none", 0), ("partnerships", 4)])
async def test_a_new_installation_begins_with_one_operator_and_no_people_of_the_demonstration(
    fresh_database: FreshDatabase, tmp_path: Path, seeds: Seeds, partnerships: int
) -> None:
    database = await fresh_database("directory")
    async with house(database, tmp_path, seeds=seeds, first_operator="noor@example.org") as home:
        facts = await said(home.database, ["relais.directory", "relais.persons"])
        operator = next(fact for fact in facts if fact.type == "relais.role_grant.granted.v1").body
        page = await home.client.post("/sign-in", data={"email": "noor@example.org"})
        assert page.status_code < 400
        assert await home.mailed_token("noor@example.org")
        noor = Person(home.client, "noor", UUID(operator["person"]))
        body = {"name": "Jan Kowal", "email": "jan@example.org"}
        assert (await noor.post("/api/v1/people", body)).status_code == 201
    kinds = Counter(fact.aggregate for fact in facts)
    assert (kinds["partnership"], kinds["person"], kinds["role_grant"]) == (partnerships, 1, 1)
    assert (operator["role"], operator["scope"]) == ("operator", str(PLATFORM))


async def test_whoever_is_operator_already_stays_the_only_one(home: House) -> None:
    """The setting may stay: it makes nobody operator a second time, and nobody else beside."""
    before = await said(home.database, ["relais.directory", "relais.persons"])
    await seeding.appoint(home.service.database, home.clock, "somebody@example.org")
    assert await said(home.database, ["relais.directory", "relais.persons"]) == before


def test_the_seeded_people_can_keep_every_duty_apart() -> None:
    """Verifier, approver, the two who authorise, and the officer are five people (the ledger's duties)."""
    held: dict[str, list[str]] = defaultdict(list)
    with (seeding.SEEDS / "people.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            for role in row["role"].split():
                held[f"{role} {row['scope']}"].append(row["key"])
    krakow = "Klaster LifeScience Kraków"
    roles = (f"verifier {krakow}", f"approver {krakow}", f"treasurer {krakow}", "officer CE4BIG")
    keys = [key for role in roles for key in held[role]]
    assert len(keys) == len(set(keys)) == 6
    for name in ("CE4BIG", "CELIS", "ECRI", "Boost4Health"):
        assert held[f"coordinator {name}"]
        assert held[f"officer {name}"]
    assert held["operator platform"]
