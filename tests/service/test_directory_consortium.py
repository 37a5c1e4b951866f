"""A partnership's plan: numbers against what took place, work packages, deliverables with versions and reviews."""

from collections.abc import AsyncGenerator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from contracts import application, event, visit
from contracts.ids import named_id, new_id
from tests.conftest import FreshDatabase
from tests.facts import a_fact, deliver, said
from tests.people import Person
from tests.service.house import CE4BIG, KRAKOW, House, house
from tests.service.mailing import CASE, Facts
from tests.service.test_directory_labels import CERTIFICATE as PDF

BIOWIN = named_id("organisation", "BioWin")
ATLANPOLE = named_id("organisation", "Atlanpole Biotherapies")
PACKAGE = {
    "partnership": str(CE4BIG), "number": 8, "title": "Joint strategy", "lead": str(KRAKOW),
    "first_day": "2026-01-01", "last_day": "2026-12-31",
}  # fmt: skip
DELIVERABLE = {
    "partnership": str(CE4BIG), "title": "Joint internationalisation strategy", "kind": "joint_strategy",
    "lead": str(KRAKOW), "peer": str(BIOWIN), "due_on": "2027-01-15",
}  # fmt: skip


@pytest.fixture
async def home(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[House]:
    async with house(await fresh_database("directory"), tmp_path) as played:
        yield played


@pytest.fixture
def peer(home: House) -> Person:
    """The owner of BioWin's record, a member of the partnership."""
    return home.person("biowin-owner")


async def act(who: Person, path: str, body: Any = None) -> tuple[int, str]:
    answer = await who.post(f"/api/v1/{path}", body)
    return answer.status_code, answer.json().get("slug") or answer.json()["state"]


async def planned(home: House, **changed: Any) -> str:
    answer = await home.person("ce4big-coordinator").post("/api/v1/deliverables", {**DELIVERABLE, **changed})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def handed_in(who: Person, id: str, name: str = "strategy.pdf") -> tuple[int, str]:
    file = (await who.upload("/api/v1/deliverables/files", name, PDF)).json()["id"]
    return await act(who, f"deliverables/{id}/submit", {"file": file, "note": "All chapters."})


async def test_a_deliverable_goes_from_its_lead_by_its_peer_to_the_coordinator(
    home: House, peer: Person
) -> None:
    coordinator, lead = home.person("ce4big-coordinator"), home.person("krakow-payer")
    id = await planned(home)
    assert await act(peer, f"deliverables/{id}/review", {"review": "Early."}) == (409, "review-not-now")
    assert await handed_in(lead, id) == (200, "in_review")
    assert await act(lead, f"deliverables/{id}/review", {"review": "Good."}) == (403, "not-your-role")
    assert "Until <strong>Monday 7 December" in (await peer.open(f"/deliverables/{id}")).text
    assert await act(peer, f"deliverables/{id}/return", {"review": "Chapter 4 lacks figures."}) == (
        200,
        "returned",
    )
    assert "Chapter 4 lacks figures." in (await lead.open(f"/deliverables/{id}")).text
    assert await handed_in(lead, id, "with chapter 4.pdf") == (200, "in_review")
    shown = (await lead.open(f"/deliverables/{id}")).text
    assert "strategy.pdf" in shown and "with chapter 4.pdf" in shown, "the same bytes under another name"
    assert await act(peer, f"deliverables/{id}/review", {"review": "Now it is whole."}) == (200, "reviewed")
    assert "Now it is whole." in (await coordinator.open(f"/deliverables/{id}/accept")).text
    assert await act(coordinator, f"deliverables/{id}/accept") == (200, "accepted")
    for number, name in ((1, "strategy.pdf"), (2, "with%20chapter%204.pdf")):
        file = await peer.fetch(f"/deliverables/{id}/versions/{number}")
        assert file.content == PDF and name in file.headers["content-disposition"]
    told = (await coordinator.get(f"/api/v1/deliverables/{id}")).json()
    assert [one["number"] for one in told["all_versions"]] == [2, 1]
    bodies = [str(fact.body) for fact in await said(home.database, ["relais.directory"])]
    assert not [body for body in bodies if "figures" in body], "reviews stay with their owner"


async def test_who_is_asked_for_another_version_reads_the_time_that_the_mail_names(
    home: House, peer: Person
) -> None:
    """Also where the planned day is over by then."""
    lead, id = home.person("krakow-payer"), await planned(home, due_on="2026-11-30")
    await handed_in(lead, id)
    home.clock.forward(timedelta(days=14))
    await act(peer, f"deliverables/{id}/return", {"review": "Chapter 4 lacks figures."})
    due = (await lead.get(f"/api/v1/deliverables/{id}")).json()["due_at"]
    facts = await said(home.database, ["relais.directory"])
    told = [fact.body["due_at"] for fact in facts if fact.type == "relais.deliverable.returned.v1"]
    assert [datetime.fromisoformat(one) for one in told] == [datetime.fromisoformat(due)]
    assert "Until <strong>Monday 21 December" in (await lead.open(f"/deliverables/{id}")).text


async def test_what_is_late_can_be_given_another_peer_and_stays_late(home: House) -> None:
    coordinator, id = home.person("ce4big-coordinator"), await planned(home, due_on="2026-11-30")
    home.clock.forward(timedelta(days=14))
    body = {name: value for name, value in DELIVERABLE.items() if name != "partnership"}
    changed = {**body, "peer": None, "due_on": "2026-11-30"}
    assert await act(coordinator, f"deliverables/{id}/replan", changed) == (200, "planned")
    assert (await coordinator.get(f"/api/v1/deliverables/{id}")).json()["peer"] is None
    assert await act(coordinator, f"deliverables/{id}/replan", {**changed, "due_on": "2026-12-01"}) == (
        422,
        "due-over",
    )


async def test_the_year_is_left_out_by_business_time(home: House, peer: Person) -> None:
    id = await planned(home)
    assert "Friday, 15 January 2027" in (await peer.open(f"/deliverables/{id}")).text
    home.clock.forward(timedelta(days=60))
    page = (await peer.open(f"/deliverables/{id}")).text
    assert "Friday 15 January" in page and "2027" not in page.split("<main")[1]


async def test_who_has_nothing_to_do_with_the_partnership_sees_no_deliverable(home: House) -> None:
    id = await planned(home)
    for who in (await home.registered("Adam"), home.person("celis-officer")):
        assert (await who.get(f"/api/v1/deliverables/{id}")).status_code == 404
        assert (await who.open(f"/deliverables/{id}")).status_code == 404
    assert await act(home.person("celis-officer"), f"deliverables/{id}/drop") == (404, "not-found")


async def test_nobody_accepts_what_they_handed_in(home: House) -> None:
    """Also where the coordinator's person acts for the lead, and there is no peer."""
    coordinator = home.person("ce4big-coordinator")
    owner = home.person("krakow-payer")
    invited = {"organisation": str(KRAKOW), "email": "claire.legoff@atlanpole.example", "role": "editor"}
    membership = (await owner.post("/api/v1/memberships", invited)).json()["id"]
    await coordinator.post(f"/api/v1/memberships/{membership}/accept")
    id = await planned(home, peer=None)
    assert await handed_in(coordinator, id) == (200, "reviewed")
    assert await act(coordinator, f"deliverables/{id}/accept") == (403, "judged-by-another")


@pytest.mark.parametrize(
    ("changed", "field", "slug"),
    [
        ({"peer": str(KRAKOW)}, "peer", "peer-is-another"),
        ({"lead": str(named_id("organisation", "VITARTIS"))}, "lead", "member-needed"),
        ({"due_on": "2026-01-01"}, "due_on", "due-over"),
        ({"work_package": str(new_id())}, "work_package", "work-package-unknown"),
        ({"title": ""}, "title", "invalid"),
    ],
)
async def test_a_deliverable_is_refused_with_the_reason_at_its_field(
    home: House, changed: dict[str, Any], field: str, slug: str
) -> None:
    answer = await home.person("ce4big-coordinator").post("/api/v1/deliverables", {**DELIVERABLE, **changed})
    assert (answer.status_code, answer.json()["slug"], list(answer.json()["errors"])) == (422, slug, [field])


async def test_the_lead_is_reminded_a_month_and_a_week_before_and_once_when_it_is_late(home: House) -> None:
    id = await planned(home)
    stages: list[list[str]] = []
    for day in (
        date(2026, 12, 15),
        date(2026, 12, 16),
        date(2027, 1, 8),
        date(2027, 1, 15),
        date(2027, 1, 16),
    ):
        home.clock.forward(day - home.clock.moment().today())
        for _ in range(2):
            await home.sweep()
        facts = await said(home.database, ["relais.directory"])
        reminded = [fact for fact in facts if fact.type == "relais.deliverable.reminded.v1"]
        stages.append([fact.body["stage"] for fact in reminded if str(fact.subject) == id])
    assert stages == [[], ["month"], ["month", "week"], ["month", "week"], ["month", "week", "late"]]
    assert "late" in (await home.person("krakow-payer").open("/deliverables")).text


async def test_work_packages_are_led_by_members_within_the_action(home: House) -> None:
    coordinator = home.person("ce4big-coordinator")
    made = await coordinator.post("/api/v1/work-packages", PACKAGE)
    assert made.status_code == 201, made.text
    id = made.json()["id"]
    assert await act(coordinator, "work-packages", PACKAGE) == (409, "work-package-once")
    assert await act(coordinator, "work-packages", {**PACKAGE, "number": 9, "last_day": "2031-01-01"}) == (
        422, "outside-the-action",
    )  # fmt: skip
    assert await act(coordinator, "work-packages", {**PACKAGE, "number": 9, "last_day": "2025-12-31"}) == (
        422, "work-package-days",
    )  # fmt: skip
    deliverable = await planned(home, work_package=id)
    assert "8  Joint strategy" in (await coordinator.open(f"/deliverables/{deliverable}")).text
    assert await act(coordinator, f"work-packages/{id}/drop") == (200, "dropped")
    assert (await coordinator.get(f"/api/v1/deliverables/{deliverable}")).json()["work_package"] is None


async def test_a_member_hands_over_what_it_leads_before_it_leaves(home: House) -> None:
    coordinator = home.person("ce4big-coordinator")
    known = (await coordinator.get(f"/api/v1/partnerships/{CE4BIG}")).json()
    await planned(home)
    body = {name: known[name] for name in ("title", "themes", "first_day", "last_day")}
    without = [one for one in known["members"] if one != str(KRAKOW)]
    assert await act(coordinator, f"partnerships/{CE4BIG}/revise", {**body, "members": without}) == (
        422, "member-leads",
    )  # fmt: skip
    for fact in await said(home.database, ["relais.directory"]):
        kind = {
            "relais.deliverable.planned.v1": "deliverables",
            "relais.work_package.planned.v1": "work-packages",
        }
        if (
            fact.type in kind
            and fact.body["partnership"] == str(CE4BIG)
            and str(KRAKOW) in (fact.body["lead"], fact.body.get("peer"))
        ):
            assert await act(coordinator, f"{kind[fact.type]}/{fact.subject}/drop") == (200, "dropped")
    assert await act(coordinator, f"partnerships/{CE4BIG}/revise", {**body, "members": without}) == (
        200,
        "active",
    )
    fact = (await said(home.database, ["relais.directory"]))[-1]
    assert (fact.type, fact.body["members"]) == ("relais.partnership.revised.v1", without)
    alone = {**body, "members": [str(KRAKOW)]}
    assert await act(coordinator, f"partnerships/{CE4BIG}/revise", alone) == (422, "coordinator-no-member")


async def test_what_took_place_is_counted_beside_the_plan_in_whatever_order_it_is_heard(home: House) -> None:
    coordinator = home.person("ce4big-coordinator")
    numbers = {"exchanges": 50, "training": 4}
    assert await act(coordinator, f"partnerships/{CE4BIG}/plan", numbers) == (200, "active")
    facts, stay, training, meeting = Facts(), new_id(), new_id(), new_id()
    days = {"first_day": date(2026, 10, 5), "last_day": date(2026, 10, 9)}
    validated = visit.Validated(
        days=5, validated_on=date(2026, 10, 20), completed_on=date(2026, 10, 9),
        last_evidence_on=date(2026, 10, 12), amount_cents=78_000, **days,
    )  # fmt: skip
    starts = datetime(2026, 12, 1, 8, tzinfo=UTC)
    body: dict[str, Any] = {
        "title": "Growing abroad", "partnership": CE4BIG, "venue": "Hall", "town": "Nantes", "country": "FR",
        "timezone": "Europe/Paris", "starts_at": starts, "ends_at": starts + timedelta(hours=6),
        "registration_until": starts, "places": 20, "approval": False,
    }  # fmt: skip
    submitted = facts.of_case(application.Submitted, CASE, "submitted", visitor_partnership=CE4BIG)
    heard = [
        a_fact(visit.Planned(**days), stay, case=CASE, state="planned"),
        a_fact(validated, stay, 2, case=CASE, state="validated"),
        submitted,
        submitted,
        a_fact(event.Published(kind="training", **body), training, state="published"),
        a_fact(event.Published(kind="meeting", **body), meeting, state="published"),
    ]
    await deliver(home.service.reader, home.database, *heard)
    told = (await coordinator.get(f"/api/v1/partnerships/{CE4BIG}")).json()["counts"]
    assert told == [
        {"measure": "exchanges", "planned": 50, "ahead": 0, "done": 1},
        {"measure": "training", "planned": 4, "ahead": 1, "done": 0},
    ]
    await deliver(
        home.service.reader, home.database, a_fact(event.Cancelled(), training, 2, state="cancelled")
    )
    told = (await coordinator.get(f"/api/v1/partnerships/{CE4BIG}")).json()["counts"]
    assert told[1]["ahead"] == 0
    page = await coordinator.open(f"/partnerships/{CE4BIG}")
    assert page.status_code == 200 and "Exchanges" in page.text
    behind = (await coordinator.open(f"/partnerships/{CE4BIG}/activities?kind=exchange")).text
    outside = (await (await home.registered("Adam")).open(f"/partnerships/{CE4BIG}/activities")).text
    assert "took place" in behind
    assert "An exchange" in outside and "An exchange" not in behind
