"""Group visits: planned by an organiser, accepted once by the host, joined by many who share its agenda."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from contracts import asks, organisation, participation
from contracts.ids import new_id
from contracts.steps import Subject
from tests.conftest import FreshDatabase
from tests.facts import a_fact, said
from tests.people import Person
from tests.service.clerks import Clerk
from tests.service.exchange import DRAFT, FIRST, LAST, Exchange, exchange

SWEEP = next(step for step in asks.SWEEPS if step.owner == "applications")
AGENDA = "Monday: the biobank. Tuesday to Friday: five companies."
OWN = {name: DRAFT[name] for name in ("activities", "objectives", "declarations")}


class Group:
    """The exchange's people, an organiser, and a group of theirs."""

    id: str

    def __init__(self, on: Exchange, organiser: Person) -> None:
        self.on, self.organiser = on, organiser

    async def plan(self, **changed: Any) -> None:
        body = {
            "call": self.on.call, "host": str(self.on.hosting), "title": "Biobanks of Tartu", "mode": "physical",
            "first_day": FIRST, "last_day": LAST, "agenda": AGENDA, "places": 2, "join_until": "2026-12-18", **changed,
        }  # fmt: skip
        planned = await self.organiser.post("/api/v1/groups", body)
        assert planned.status_code == 201, planned.text
        self.id = planned.json()["id"]

    async def open(self, **changed: Any) -> None:
        await self.plan(**changed)
        assert (await self.act(self.on.host, "open")).json()["state"] == "open"

    async def act(self, who: Person, act: str, body: Any = None) -> Any:
        return await who.post(f"/api/v1/groups/{self.id}/{act}", body)

    async def see(self, who: Person | None = None) -> dict[str, Any]:
        return (await (who or self.organiser).get(f"/api/v1/groups/{self.id}")).json()

    async def visitor(self, name: str) -> tuple[Person, str]:
        """Another company of Kraków that may visit: its owner, its participation."""
        sme, taking = new_id(), new_id()
        body = organisation.Registered(
            name=name, kind="sme", town="Kraków", country="PL", latitude=50.06, longitude=19.94, identity=sme,
            cluster=new_id(),
        )  # fmt: skip
        profile = participation.Validated(
            organisation=sme, partnership=self.on.partnership, side="visitor", contact=new_id(),
            activities=("networking",),
        )  # fmt: skip
        await self.on.stage.hear(a_fact(body, sme), a_fact(profile, taking))
        return await self.on.stage.person(name, ("owner", sme), ("member", sme)), str(taking)

    async def join(self, who: Person, participation_: str) -> Any:
        body = {"group": self.id, "visitor": participation_}
        return await who.post("/api/v1/proposals/join", body)

    async def member(self, name: str) -> tuple[Person, str]:
        """Joins, fills in and submits: the owner and the case."""
        who, taking = await self.visitor(name)
        joined = await self.join(who, taking)
        assert joined.status_code == 201, joined.text
        draft = await who.put(f"/api/v1/proposals/{joined.json()['id']}/application", OWN)
        assert draft.status_code == 200, draft.text
        return who, draft.json()["id"]

    async def submit(self, who: Person, case: str) -> str:
        answer = (await who.post(f"/api/v1/applications/{case}/submit")).json()
        return answer.get("slug") or answer["state"]

    async def award(self, who: Person, case: str) -> None:
        assert await self.submit(who, case) == "submitted"
        perform = self.on.stage.service.offers.perform
        assert (await perform(asks.Application.check_eligibility, Subject(case))).state == "in_review"
        await self.on.host_officer.post(f"/api/v1/applications/{case}/opine", {"favourable": "yes"})
        assert (await self.on.officer.post(f"/api/v1/applications/{case}/select")).status_code == 200
        assert (await perform(asks.Application.award, Subject(case))).state == "awarded"

    async def papers(self, case: str, who: Person) -> list[dict[str, Any]]:
        return (await who.get(f"/api/v1/applications/{case}")).json()["agreements"]

    async def sign(self, who: Person, case: str, kind: str) -> Any:
        paper = next(one for one in reversed(await self.papers(case, self.on.officer)) if one["kind"] == kind)
        body = {"document": paper["document"], "function": "Director", "power": True}
        return await who.post(f"/api/v1/agreements/{paper['id']}/sign", body)


@pytest.fixture
async def group(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Group]:
    async with exchange(await fresh_database("applications"), tmp_path) as on:
        yield Group(on, await on.stage.person("Giulia", ("organiser", on.partnership)))


async def test_the_host_accepts_once_and_members_join_until_the_places_are_taken(group: Group) -> None:
    await group.plan()
    ewa, taking = await group.visitor("Medolab")
    assert (await group.join(ewa, taking)).json()["slug"] == "group-not-open"
    assert (await group.act(group.organiser, "open")).json()["slug"] == "not-your-role"
    assert (await group.act(group.on.host, "open")).json()["state"] == "open"
    members = [await group.member(name) for name in ("Biosens", "Proteon", "Genovia")]
    states = [await group.submit(*one) for one in members]
    assert states == ["submitted", "submitted", "group-full"]
    assert (await group.join(ewa, taking)).json()["slug"] == "group-full"
    first, case = members[0]
    assert (await first.post(f"/api/v1/applications/{case}/withdraw")).json()["state"] == "withdrawn"
    assert await group.submit(*members[2]) == "submitted", "a place was freed"
    seen = await group.see()
    assert (seen["taken"], len(seen["members"]), len(seen["cases"])) == (2, 3, 3)
    assert "cases" not in await group.see(first), "a member sees no other's case"
    assert (await group.on.stranger.get(f"/api/v1/groups/{group.id}")).status_code == 404
    submitted = [fact for fact in await said(group.on.stage.database, ("relais.applications",))
                 if fact.type == "relais.application.submitted.v1"]  # fmt: skip
    assert {fact.body["group"] for fact in submitted} == {group.id}


async def test_the_page_says_whose_move_it_is_and_offers_no_place_that_is_taken(group: Group) -> None:
    await group.plan(places=1)
    path = f"/groups/{group.id}"
    assert "Your move: receive this group" in (await group.on.host.open(path)).text
    assert "Waiting for Tartu Diagnostics" in (await group.organiser.open(path)).text
    await group.act(group.on.host, "open")
    late, _taking = await group.visitor("Latecomer")
    assert "Join the group" in (await late.open(path)).text
    assert await group.submit(*await group.member("Cytomax")) == "submitted"
    full = (await late.open(path)).text
    assert "Join the group" not in full and "all places are taken" in full


async def test_days_and_agenda_are_the_groups(group: Group) -> None:
    await group.open()
    who, case = await group.member("Biosens")
    seen = (await who.get(f"/api/v1/applications/{case}")).json()
    assert (seen["first_day"], seen["agenda"], seen["agenda_version"]) == (FIRST, AGENDA, 1)
    proposal = seen["proposal"]
    path = f"/api/v1/proposals/{proposal}/application"
    refused = await who.put(path, {"agenda": "We go fishing all week long."})
    assert (refused.status_code, refused.json()["slug"]) == (422, "group-shares")
    page = await who.open(f"/proposals/{proposal}/application/what")
    assert "Days and agenda are your group" in page.text and 'name="agenda"' not in page.text
    assert (await who.open(f"/proposals/{proposal}/application")).headers["location"].endswith("/what")
    assert AGENDA in (await who.open(f"/proposals/{proposal}/application/check")).text
    changed = {"agenda": "Monday: the clinic. Tuesday to Friday: five companies."}
    assert (await group.act(group.on.host, "change-agenda", changed)).status_code == 200
    assert await group.submit(who, case) == "submitted"
    assert (await who.get(f"/api/v1/applications/{case}")).json()["agenda"] == changed["agenda"]


async def test_a_changed_agenda_voids_open_commitments_and_leaves_those_that_all_signed(group: Group) -> None:
    await group.open()
    waiting, open_case = await group.member("Biosens")
    done, signed_case = await group.member("Proteon")
    for who, case in ((waiting, open_case), (done, signed_case)):
        await group.award(who, case)
    on = group.on
    for who in (done, on.host, on.officer, on.host_officer):
        assert (await group.sign(who, signed_case, "quality")).status_code == 200
    assert (await group.sign(waiting, open_case, "quality")).status_code == 200
    changed = {"agenda": "Monday: the clinic. Tuesday to Friday: five companies."}
    assert (await group.act(group.organiser, "change-agenda", changed)).status_code == 200
    revised = (await said(on.stage.database, ("relais.applications",)))[-1]
    assert (revised.type, revised.body) == (
        "relais.group.revised.v1", {"agenda_version": 2, "reopened": 1, "signed": 1},
    )  # fmt: skip
    papers = [one for one in await group.papers(open_case, waiting) if one["kind"] == "quality"]
    assert [one["state"] for one in papers] == ["voided", "open"]
    assert papers[0]["document"] != papers[1]["document"]
    assert [one["state"] for one in await group.papers(signed_case, done) if one["kind"] == "quality"] == [
        "completed"
    ]
    page = (await on.host.open(f"/groups/{group.id}")).text
    assert "signed before the change: ask for an amendment" in page and "Agenda, version 2" in page
    for who in (waiting, on.host, on.officer, on.host_officer):
        assert (await group.sign(who, open_case, "quality")).status_code == 200
    for who in (waiting, on.payer):
        assert (await group.sign(who, open_case, "financial")).status_code == 200
    assert (await waiting.get(f"/api/v1/applications/{open_case}")).json()["state"] == "granted"


async def test_who_has_signed_already_takes_the_new_agenda_over_by_an_amendment(group: Group) -> None:
    await group.open()
    who, case = await group.member("Proteon")
    await group.award(who, case)
    on = group.on
    for one in (who, on.host, on.officer, on.host_officer):
        assert (await group.sign(one, case, "quality")).status_code == 200
    for one in (who, on.payer):
        assert (await group.sign(one, case, "financial")).status_code == 200
    changed = {"agenda": "Monday: the clinic. Tuesday to Friday: five companies."}
    assert (await group.act(group.organiser, "change-agenda", changed)).status_code == 200
    asked = {"application": str(case), "explanation": "The group has another agenda now."}
    own = await who.post("/api/v1/amendments", {**asked, "agenda": "We go fishing all week long."})
    assert own.json()["slug"] == "group-shares"
    days = await who.post(
        "/api/v1/amendments", {**asked, "first_day": "2027-02-01", "last_day": "2027-02-05"}
    )
    assert days.json()["slug"] == "group-shares"
    made = (await who.post("/api/v1/amendments", asked)).json()["id"]
    assert (await on.officer.post(f"/api/v1/amendments/{made}/agree")).status_code == 200
    await on.stage.service.offers.perform(asks.Amendment.open_signing, Subject(made))
    for one, kind in (
        *((one, "quality") for one in (who, on.host, on.officer, on.host_officer)),
        *((one, "financial") for one in (who, on.payer)),
    ):
        assert (await group.sign(one, case, kind)).status_code == 200
    seen = (await who.get(f"/api/v1/applications/{case}")).json()
    assert (seen["agenda"], seen["agenda_version"]) == (changed["agenda"], 2)
    assert "ask for an amendment" not in (await on.host.open(f"/groups/{group.id}")).text


async def test_host_and_its_partnership_sign_all_commitments_in_one_act(group: Group) -> None:
    await group.open()
    members = [await group.member(name) for name in ("Biosens", "Proteon")]
    for one in members:
        await group.award(*one)
    on = group.on
    assert "2 Commitments wait for your signature" in (await on.host.open(f"/groups/{group.id}")).text
    page = (await on.host.open(f"/groups/{group.id}/sign")).text
    chosen = [part.partition('"')[0] for part in page.split('name="commitment" id="')[1:]]
    assert len(chosen) == 2 and AGENDA in page
    values = [part.partition('"')[0] for part in page.split('value="') if ":" in part.partition('"')[0]]
    empty = await on.host.send(f"/groups/{group.id}/sign", {"function": ""})
    assert empty.status_code == 422 and "Choose at least one Commitment" in empty.text
    signed = await on.host.send(
        f"/groups/{group.id}/sign", {"commitment": values, "function": "Director", "power": "yes"}, key="all"
    )
    assert signed.text.count(">done<") == 2
    again = await on.host.send(
        f"/groups/{group.id}/sign", {"commitment": values, "function": "Director", "power": "yes"}, key="all"
    )
    assert again.text.count(">done<") == 2
    listed = [dict(zip(("agreement", "document"), one.split(":"), strict=True)) for one in values]
    stale = {**listed[1], "document": "0" * 64}
    body = {"commitments": [listed[0], stale], "function": "Officer", "power": True}
    results = (await on.host_officer.post(f"/api/v1/groups/{group.id}/sign", body)).json()
    assert [(one["ok"], one["slug"]) for one in results] == [(True, ""), (False, "document-changed")]
    signatures = [fact for fact in await said(on.stage.database, ("relais.applications",))
                  if fact.type == "relais.agreement.signed.v1"]  # fmt: skip
    assert [fact.body["party"] for fact in signatures] == ["HO", "HO", "HOP"]
    assert (await on.stranger.post(f"/api/v1/groups/{group.id}/sign", body)).status_code == 404


async def test_after_the_last_day_to_join_the_members_are_fixed(group: Group) -> None:
    await group.open()
    who, case = await group.member("Biosens")
    group.on.stage.clock.forward(timedelta(days=27))
    await group.on.stage.service.offers.perform(SWEEP, Subject("today"))
    assert (await group.see())["state"] == "fixed"
    assert await group.submit(who, case) == "group-not-open"
    late, taking = await group.visitor("Genovia")
    assert (await group.join(late, taking)).json()["slug"] == "group-not-open"


async def test_what_was_learned_is_noted_when_the_visit_is_over_and_read_by_its_members(group: Group) -> None:
    await group.open()
    (who, _case), host = await group.member("Biosens"), group.on.host
    noted = {"lessons": "A day at the biobank is enough.\nBring a contract for samples."}
    assert (await group.act(host, "note-lessons", noted)).json()["slug"] == "group-not-over"
    assert "Note what was learned" not in (await host.open(f"/groups/{group.id}")).text
    group.on.stage.clock.forward(timedelta(days=120))
    assert (await group.act(who, "note-lessons", noted)).status_code == 403
    assert (await group.act(host, "note-lessons", noted)).status_code == 200
    assert "Bring a contract for samples." in (await who.open(f"/groups/{group.id}")).text
    assert "Note what was learned" in (await host.open(f"/groups/{group.id}")).text
    facts = await said(group.on.stage.database, ("relais.applications",))
    assert "contract for samples" not in str(facts[-1].body), "the note stays with its owner"


async def test_a_cancelled_groups_cases_are_ended_each_by_its_own_act(group: Group) -> None:
    await group.open()
    members = [await group.member(name) for name in ("Biosens", "Proteon")]
    on, perform = group.on, group.on.stage.service.offers.perform
    await group.award(*members[0])
    for who in (members[0][0], on.host, on.officer, on.host_officer):
        assert (await group.sign(who, members[0][1], "quality")).status_code == 200
    for who in (members[0][0], on.payer):
        assert (await group.sign(who, members[0][1], "financial")).status_code == 200
    assert await group.submit(*members[1]) == "submitted"
    assert (await perform(asks.Application.check_eligibility, Subject(members[1][1]))).state == "in_review"
    early = await on.officer.post(f"/api/v1/groups/{group.id}/end-cases")
    assert early.json()["slug"] == "group-not-cancelled"
    why = {"reason": "host_cannot", "explanation": "The biobank is being rebuilt."}
    assert (await group.act(on.host, "cancel", why)).json()["state"] == "cancelled"
    assert "being rebuilt" in (await members[0][0].open(f"/groups/{group.id}")).text
    late = await on.officer.post(f"/api/v1/applications/{members[1][1]}/select")
    assert late.json()["slug"] == "group-cancelled"
    page = await on.officer.send(f"/groups/{group.id}/end-cases", {})
    assert page.text.count(">done<") == 2
    states = [(await who.get(f"/api/v1/applications/{case}")).json()["state"] for who, case in members]
    assert states == ["cancelled", "rejected"]
    assert (await on.officer.post(f"/api/v1/groups/{group.id}/end-cases")).json() == []


async def test_an_online_delegation_needs_no_travel_and_names_who_takes_part(group: Group) -> None:
    await group.open(mode="virtual")
    who, case = await group.member("Biosens")
    seen = (await who.get(f"/api/v1/applications/{case}")).json()
    assert (seen["mode"], len(seen["days"])) == ("virtual", 5)
    assert await group.submit(who, case) == "submitted"
    organiser, member = Clerk(group.organiser), (await group.see())["members"][0]
    path = f"/groups/{group.id}/name-delegate"
    named = {"organisation": member, "name": "Irena Mazur"}
    wrong = await group.organiser.post(f"/api/v1{path}", {**named, "kind": "partner_staff"})
    assert wrong.json()["slug"] == "delegate-no-partner"
    await organiser.post(path, **named, kind="third_party")
    cluster = next(UUID(id) for id in await partners(group))
    of_partner = {"organisation": str(cluster), "name": "Tomasz Lis"}
    wrong = await group.organiser.post(f"/api/v1{path}", {**of_partner, "kind": "third_party"})
    assert wrong.json()["slug"] == "delegate-of-partner"
    await organiser.post(path, **of_partner, kind="partner_staff")
    page = (await group.on.host.open(f"/groups/{group.id}")).text
    assert "Irena Mazur" in page and "Staff of a partner, at its own cost" in page
    assert "An online delegation to Tartu Diagnostics" in page
    assert "Irena Mazur" not in (await who.open(f"/groups/{group.id}")).text
    gone = (await group.see())["delegates"][0]["id"]
    await organiser.post(f"/groups/{group.id}/remove-delegate", delegate=gone)
    assert [one["name"] for one in (await group.see())["delegates"]] == ["Tomasz Lis"]
    facts = await said(group.on.stage.database, ("relais.applications",))
    assert not any("Mazur" in str(fact.body) or "Lis" in str(fact.body) for fact in facts)


async def partners(group: Group) -> list[str]:
    page = (await group.organiser.open(f"/groups/{group.id}/name-delegate")).text
    select = page.partition('id="organisation"')[2].partition("</select>")[0]
    own = {str(one) for one in (await group.see())["members"]}
    ids = [part.partition('"')[0] for part in select.split('value="')[1:]]
    return [one for one in ids if one and one not in own]
