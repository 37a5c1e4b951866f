"""Organisations are confirmed by their signatory and verified by a stranger; who acts for them is invited or asks."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args
from uuid import UUID

import pytest

from contracts import mandate
from contracts.errors import DomainError
from contracts.ids import new_id
from contracts.membership import MEMBERSHIP, RIGHTS
from contracts.organisation import ORGANISATION
from contracts.tables import PARTIES
from services.chassis.acts.aggregate import Aggregate
from services.chassis.identity.actor import Actor
from services.directory.kinds import memberships, organisations
from services.directory.sizes import size_of
from tests.conftest import FreshDatabase
from tests.facts import said
from tests.people import Person
from tests.service.house import CE4BIG, KRAKOW, House, house


@pytest.fixture
async def home(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[House]:
    async with house(await fresh_database("directory"), tmp_path) as played:
        yield played


async def act(who: Person, path: str, body: Any = None) -> tuple[int, str]:
    """Status, and the state after it or the slug of the refusal."""
    answer = await who.post(f"/api/v1/{path}", body)
    return answer.status_code, answer.json().get("slug") or answer.json()["state"]


async def invited(home: House, owner: Person, organisation: str, name: str, role: str) -> tuple[Person, str]:
    """Somebody new who is invited by mail and has followed the link: (person, membership)."""
    body = {
        "organisation": organisation, "email": f"{name.lower()}@helixon.example", "name": name, "role": role,
        "function": "Managing director",
    }  # fmt: skip
    answer = await owner.post("/api/v1/memberships", body)
    assert answer.status_code == 201, answer.text
    token = await home.mailed_token(body["email"])
    opened = (await home.client.post("/api/v1/sign-in/confirm", json={"token": token})).json()
    return Person(home.client, name, UUID(opened["person"])), answer.json()["id"]


async def joined(home: House, owner: Person, organisation: str, name: str, role: str) -> Person:
    person, membership = await invited(home, owner, organisation, name, role)
    assert await act(person, f"memberships/{membership}/accept") == (200, "active")
    return person


async def test_the_signatory_confirms_by_the_mailed_link_and_an_officer_of_another_verifies(
    home: House,
) -> None:
    ewa, officer = await home.registered("Ewa"), home.person("ce4big-officer")
    id = await home.organisation(ewa)
    assert (await home.submit(ewa, id)).status_code == 201
    assert await act(ewa, f"organisations/{id}/confirm") == (403, "not-your-role")
    assert await act(officer, f"organisations/{id}/verify") == (409, "verify-not-now")
    zofia, membership = await invited(home, ewa, id, "Zofia", "signatory")
    assert await act(zofia, f"organisations/{id}/confirm") == (404, "not-found")
    assert await act(zofia, f"memberships/{membership}/accept") == (200, "active")
    page = await zofia.open(f"/memberships/{membership}")
    assert "Your move: confirm what was registered" in page.text
    shown = await zofia.open(f"/organisations/{id}/confirm")
    assert "Registered in" in shown.text
    assert await act(zofia, f"organisations/{id}/confirm") == (200, "confirmed")
    assert await act(zofia, f"organisations/{id}/verify") == (403, "not-your-role")
    assert "verify this organisation" in (await officer.open(f"/organisations/{id}")).text
    assert await act(officer, f"organisations/{id}/verify") == (200, "verified")
    changed = {"name": "Helixon Two", "kind": "sme", "town": "Kraków, PL"}
    assert await act(ewa, f"organisations/{id}/change", changed) == (200, "registered")
    last = (await said(home.database, ["relais.directory"]))[-1]
    assert (last.type, last.body["what"]) == ("relais.organisation.changed.v1", ["name"])
    assert await act(ewa, f"organisations/{id}/change", changed) == (409, "nothing-changed")


async def test_nobody_verifies_an_organisation_they_belong_to(home: House) -> None:
    jan, operator = home.person("ce4big-officer"), home.person("operator")
    id = await home.organisation(jan)
    assert (await home.submit(jan, id)).status_code == 201
    zofia = await joined(home, jan, id, "Zofia", "signatory")
    assert await act(zofia, f"organisations/{id}/confirm") == (200, "confirmed")
    assert await act(jan, f"organisations/{id}/verify") == (403, "own-organisation")
    assert await act(operator, f"organisations/{id}/verify") == (403, "not-your-role")


async def test_each_role_may_do_what_it_is_for(home: House) -> None:
    ewa = await home.registered("Ewa")
    id = await home.organisation(ewa)
    editor = await joined(home, ewa, id, "Edyta", "editor")
    reader = await joined(home, ewa, id, "Roman", "reader")
    described = {"headcount": 9, "turnover_cents": 1_00, "balance_cents": 1_00, "cluster": str(KRAKOW)}
    assert await act(editor, f"organisations/{id}/describe", described) == (200, "registered")
    assert await act(reader, f"organisations/{id}/describe", described) == (403, "not-your-role")
    assert await act(editor, f"organisations/{id}/change", {"name": "X"}) == (422, "invalid")
    whole = {"name": "Helixon Two", "kind": "sme", "town": "Kraków, PL"}
    assert await act(editor, f"organisations/{id}/change", whole) == (403, "not-your-role")
    for who in (editor, reader):
        assert "Micro enterprise" in (await who.open(f"/organisations/{id}")).text
    participation = (await home.submit(editor, id)).json()["id"]
    assert (await home.submit(reader, id)).json()["slug"] == "not-your-organisation"
    page = await reader.open(f"/participations/{participation}")
    assert (page.status_code, "Withdraw" in page.text) == (200, False)
    invite = {"organisation": id, "email": "new@helixon.example", "name": "New Person", "role": "editor"}
    assert await act(editor, "memberships", invite) == (404, "not-found")


async def test_the_rights_in_the_database_are_those_of_the_contract(home: House) -> None:
    ewa = await home.registered("Ewa")
    id = await home.organisation(ewa)
    for role in ("editor", "reader", "signatory"):
        person = await joined(home, ewa, id, role.capitalize(), role)
        roles = (await person.get("/api/v1/account")).json()["roles"]
        assert {one["role"] for one in roles if one["scope"] == id} == set(RIGHTS[role])


async def test_somebody_asks_and_the_owner_decides(home: House) -> None:
    ewa, adam, eve = [await home.registered(name) for name in ("Ewa", "Adam", "Eve")]
    id = await home.organisation(ewa)
    asked = await adam.post("/api/v1/memberships/ask", {"organisation": id, "role": "editor"})
    assert asked.status_code == 201
    membership = asked.json()["id"]
    again = await adam.post("/api/v1/memberships/ask", {"organisation": id, "role": "editor"})
    assert (again.status_code, again.json()["slug"]) == (409, "membership-once")
    assert await act(adam, f"memberships/{membership}/approve") == (403, "not-your-role")
    assert await act(eve, f"memberships/{membership}/approve") == (404, "not-found")
    assert (await adam.get(f"/api/v1/organisations/{id}")).status_code == 404
    assert await act(ewa, f"memberships/{membership}/approve") == (200, "active")
    assert (await adam.get(f"/api/v1/organisations/{id}")).status_code == 200
    assert await act(ewa, f"memberships/{membership}/remove") == (200, "ended")
    assert (await adam.get(f"/api/v1/organisations/{id}")).status_code == 404


async def test_where_nobody_owns_it_an_officer_decides(home: House) -> None:
    adam, officer = await home.registered("Adam"), home.person("ce4big-officer")
    biom = next(
        one["id"] for one in (await officer.get("/api/v1/organisations")).json() if one["name"] == "BioM"
    )
    asked = await adam.post("/api/v1/memberships/ask", {"organisation": biom, "role": "owner"})
    membership = asked.json()["id"]
    assert await act(home.person("celis-officer"), f"memberships/{membership}/approve") == (404, "not-found")
    assert await act(officer, f"memberships/{membership}/approve") == (200, "active")
    asked = await officer.post("/api/v1/memberships/ask", {"organisation": biom, "role": "reader"})
    assert await act(officer, f"memberships/{asked.json()['id']}/approve") == (403, "not-your-role")


async def test_the_last_owner_hands_over_before_they_go(home: House) -> None:
    ewa = await home.registered("Ewa")
    id = await home.organisation(ewa)
    mine = (await ewa.get(f"/api/v1/memberships?organisation={id}")).json()[0]["id"]
    assert await act(ewa, f"memberships/{mine}/leave") == (409, "last-owner")
    zofia = await joined(home, ewa, id, "Zofia", "owner")
    theirs = next(
        one["id"]
        for one in (await zofia.get(f"/api/v1/memberships?organisation={id}")).json()
        if one["person"] == str(zofia.id)
    )
    answers = await asyncio.gather(
        act(ewa, f"memberships/{mine}/leave"), act(zofia, f"memberships/{theirs}/leave")
    )
    assert sorted(answers) == [(200, "ended"), (409, "last-owner")], "two who leave at once do not both go"


@pytest.mark.parametrize(
    ("changed", "field", "slug"),
    [
        ({"registration_number": "123456780"}, "registration_number", "registration-number-wrong"),
        ({"vat_number": "PL5260250273"}, "vat_number", "vat-number-wrong"),
        (
            {"town": "Tartu, EE", "registration_number": "12345679"},
            "registration_number",
            "registration-number-wrong",
        ),
    ],
)
async def test_numbers_are_checked_by_the_rules_of_their_country(
    home: House, changed: dict[str, str], field: str, slug: str
) -> None:
    ewa = await home.registered("Ewa")
    body = {"name": "Helixon", "kind": "sme", "town": "Kraków, PL", **changed}
    answer = await ewa.post("/api/v1/organisations", body)
    assert (answer.status_code, answer.json()["slug"], list(answer.json()["errors"])) == (422, slug, [field])


async def test_numbers_are_kept_plainly_and_one_is_enough_to_be_the_same_legal_person(home: House) -> None:
    ewa = await home.registered("Ewa")
    one = await home.organisation(ewa, registration_number="123-456-785", vat_number="526 025 02 74")
    two = await home.organisation(ewa, name="Helixon Two", vat_number="PL 5260250274")
    first = (await ewa.get(f"/api/v1/organisations/{one}")).json()
    second = (await ewa.get(f"/api/v1/organisations/{two}")).json()
    assert (first["registration_number"], first["vat_number"]) == ("123456785", "PL5260250274")
    assert first["identity"] == second["identity"] == one


@pytest.mark.parametrize(
    ("headcount", "turnover", "balance", "size"),
    [
        (9, 2_000_000_00, 9_000_000_00, "micro"),
        (10, 0, 0, "small"),
        (9, 2_000_000_01, 2_000_000_01, "small"),
        (49, 10_000_000_01, 10_000_000_00, "small"),
        (249, 50_000_000_00, 99_000_000_00, "medium"),
        (249, 50_000_000_01, 43_000_000_00, "medium"),
        (249, 50_000_000_01, 43_000_000_01, "large"),
        (250, 0, 0, "large"),
    ],
)
def test_sizes_are_those_of_the_recommendation(
    headcount: int, turnover: int, balance: int, size: str
) -> None:
    assert size_of(headcount, turnover, balance) == size


async def test_a_declaration_is_whole_and_a_large_enterprise_is_no_small_one(home: House) -> None:
    ewa = await home.registered("Ewa")
    id = await home.organisation(ewa)
    assert await act(ewa, f"organisations/{id}/describe", {"headcount": 5}) == (422, "declaration-incomplete")
    large = {"headcount": 250, "turnover_cents": 0, "balance_cents": 0}
    assert await act(ewa, f"organisations/{id}/describe", large) == (422, "not-an-sme")
    typed = {
        "headcount": "12",
        "turnover_cents": "43,000,000.00",
        "balance_cents": "43 000 000",
        "website": "x",
    }
    page = await ewa.send(f"/organisations/{id}/describe", typed)
    assert page.status_code == 422
    assert "43,000,000.00" in page.text, "what was typed is kept"
    page = await ewa.send(f"/organisations/{id}/describe", {**typed, "website": "https://helixon.example"})
    assert page.status_code == 303
    assert "Medium-sized" in (await ewa.open(f"/organisations/{id}")).text


async def test_a_mandate_is_given_by_who_has_what_it_passes_on(home: House) -> None:
    ewa, adam = await home.registered("Ewa"), await home.registered("Adam")
    id = await home.organisation(ewa)
    days = {"first_day": "2026-11-23", "last_day": "2026-12-31"}
    proxy = {"kind": "proxy", "scope": id, "email": "adam@helixon.example", **days}
    assert await act(adam, "mandates", {**proxy, "email": "ewa@helixon.example"}) == (
        422,
        "mandate-of-nothing",
    )
    assert await act(ewa, "mandates", {**proxy, "principal": "adam@helixon.example"}) == (
        403,
        "mandate-not-yours",
    )
    assert await act(ewa, "mandates", {**proxy, "kind": "power_of_attorney"}) == (422, "document-missing")
    assert await act(ewa, "mandates", {**proxy, "last_day": "2026-11-22"}) == (422, "mandate-over")
    given = await ewa.post("/api/v1/mandates", proxy)
    assert given.status_code == 201
    assert "Proxy" in (await adam.open("/mandates")).text
    page = f"/mandates/{given.json()['id']}/act-for"
    assert "Ewa" in (await adam.open(page)).text and (await ewa.open(page)).status_code == 404
    assert await act(adam, f"mandates/{given.json()['id']}/revoke") == (200, "revoked"), "either side revokes"
    deputy = {
        "kind": "deputy", "scope": str(CE4BIG), "email": "adam@helixon.example",
        "principal": "jan.kowal@ce4big.example", **days,
    }  # fmt: skip
    assert await act(home.person("celis-coordinator"), "mandates", deputy) == (403, "mandate-not-yours")
    officer, coordinator = home.person("ce4big-officer"), home.person("ce4big-coordinator")
    for who, body, refused in (
        (officer, {**deputy, "principal": None}, "mandate-not-yours"),
        (officer, deputy, "mandate-not-yours"),
        (coordinator, {**deputy, "principal": "ewa@helixon.example"}, "mandate-of-nothing"),
    ):
        assert (await act(who, "mandates", body))[1] == refused
    assert await act(coordinator, "mandates", deputy) == (201, "granted")
    home.clock.forward(timedelta(days=60))
    await home.sweep()
    assert {one["state"] for one in (await adam.get("/api/v1/mandates")).json()} == {"revoked", "expired"}


async def test_an_owner_hears_who_acts_for_the_organisation_and_ends_it(home: House) -> None:
    ewa, adam, zofia = [await home.registered(name) for name in ("Ewa", "Adam", "Zofia")]
    id = await home.organisation(ewa)
    asked = await adam.post("/api/v1/memberships/ask", {"organisation": id, "role": "editor"})
    assert await act(ewa, f"memberships/{asked.json()['id']}/approve") == (200, "active")
    days = {"first_day": "2026-11-23", "last_day": "2026-12-31"}
    proxy = {"kind": "proxy", "scope": id, "email": "zofia@helixon.example", **days}
    given = (await adam.post("/api/v1/mandates", proxy)).json()["id"]
    (fact,) = [one for one in await said(home.database, ["relais.directory"]) if str(one.subject) == given]
    assert f"OWNER:{id}" in fact.audience
    shown = (await ewa.open("/mandates")).text
    assert "Zofia" in shown and f"/mandates/{given}/revoke" in shown
    assert await act(ewa, f"mandates/{given}/revoke") == (200, "revoked")
    assert f"/mandates/{given}/act-for" not in (await zofia.open("/mandates")).text


async def test_only_what_the_reader_may_give_is_offered(home: House) -> None:
    ewa = await home.registered("Ewa")
    await home.organisation(ewa)
    for who, kinds in (
        (ewa, {"proxy", "power_of_attorney"}),
        (home.person("ce4big-officer"), {"proxy"}),
        (home.person("ce4big-coordinator"), {"proxy", "deputy"}),
    ):
        page = (await who.open("/mandates/give")).text
        offered = {kind for kind in get_args(mandate.Kind) if f'value="{kind}"' in page}
        assert offered == kinds
        assert ("Whose deputy?" in page) == ("deputy" in kinds)


PARTY_ROLES = ("owner", "member", "signatory", "reader", "officer", "coordinator", "operator")


@pytest.mark.parametrize("kind", [organisations, memberships], ids=["organisation", "membership"])
def test_every_state_and_act_and_role(kind: Aggregate[Any]) -> None:
    """Whoever holds a role may do exactly the acts whose row names a party with that role."""
    scope, person = new_id(), new_id()
    table = {"organisation": ORGANISATION, "membership": MEMBERSHIP}[kind.table.name]
    row = (
        kind.model(id=scope, partnerships=[scope])
        if kind is organisations
        else kind.model(id=new_id(), person=person, organisation=scope, officers=[scope])
    )
    for held in PARTY_ROLES:
        actor = Actor(person=new_id(), roles=frozenset({(held, scope)}))
        for one in table.acts:
            if not one.by_person or one.who == "PERSON":
                continue
            may = any(PARTIES[party] == held for party in one.parties if party in kind.scopes)
            try:
                allowed = bool(kind.permit(actor, one, row))
            except DomainError:
                allowed = False
            assert allowed == may, (held, one.name)
