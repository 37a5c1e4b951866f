"""My worklist and my exchanges: mine alone, the most urgent first, read by as many statements whatever their
length."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from contracts import (
    batch,
    deliverable,
    event,
    factor_reset,
    participation,
    partnership,
    payee,
    person,
    proposal,
    registration,
)
from contracts.ids import new_id
from contracts.tables import Body
from services.overview.app import make_service
from tests.conftest import FreshDatabase
from tests.facts import a_fact
from tests.people import MONDAY, Stage, stage
from tests.service.counting import statements


@pytest.fixture
async def on(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Stage]:
    async with stage(make_service, await fresh_database("overview"), tmp_path) as overview:
        yield overview


async def proposed(on: Stage, host: UUID, due_at: datetime, **said: Any) -> UUID:
    id = new_id()
    body = proposal.Made(
        visitor=new_id(), host=host, visitor_partnership=new_id(), host_partnership=new_id(), due_at=due_at
    )
    await on.hear(a_fact(body, id, state="open", audience=(f"HO:{host}", f"VO:{new_id()}"), **said))
    return id


async def registered(
    on: Stage, who: UUID, body: Body, state: str, version: int = 1, id: UUID | None = None
) -> UUID:
    id = id or new_id()
    audience = (f"ORGANISER:{LEUVEN}", f"REGISTRANT:{who}")
    await on.hear(a_fact(body, id, version, state=state, case=id, audience=audience))
    return id


LEUVEN, EVENT = new_id(), new_id()


async def published(on: Stage) -> None:
    body = event.Published(
        kind="event_xchange", title="Companion diagnostics", partnership=LEUVEN, venue="Bio-Incubator",
        town="Leuven", country="BE", timezone="Europe/Brussels", starts_at=MONDAY + timedelta(days=10),
        ends_at=MONDAY + timedelta(days=11), registration_until=MONDAY + timedelta(days=5), places=3,
        approval=False,
    )  # fmt: skip
    await on.hear(a_fact(body, EVENT, state="published", audience=(f"ORGANISER:{LEUVEN}",)))


async def test_a_worklist_has_my_moves_only_the_most_urgent_first(on: Stage) -> None:
    mine, other = new_id(), new_id()
    host, officer = await on.person("Kadri", ("owner", mine)), await on.person("Mart", ("officer", other))
    later = await proposed(on, mine, MONDAY + timedelta(days=9))
    sooner = await proposed(on, mine, MONDAY - timedelta(days=1))
    await proposed(on, other, MONDAY)
    answer = (await host.get("/api/v1/worklist")).json()
    assert [item["subject"]["id"] for item in answer["items"]] == [str(sooner), str(later)]
    assert [item["late"] for item in answer["items"]] == [True, False]
    assert answer["items"][0]["href"] == f"/proposals/{sooner}/accept"
    assert (await officer.get("/api/v1/worklist")).json()["total"] == 0
    page = await host.open("/worklist")
    assert "Answer this proposal" in page.text and "late" in page.text


async def test_an_answered_proposal_leaves_the_worklist(on: Stage) -> None:
    mine = new_id()
    host = await on.person("Kadri", ("owner", mine))
    id = await proposed(on, mine, MONDAY)
    body = proposal.Declined()
    await on.hear(a_fact(body, id, 2, state="declined", audience=(f"HO:{mine}",)))
    assert (await host.get("/api/v1/worklist")).json()["total"] == 0
    assert "Nothing waits for you" in (await host.open("/worklist")).text


async def test_things_that_are_no_case_wait_for_their_role(on: Stage) -> None:
    partnership, organisation = new_id(), new_id()
    officer = await on.person("Jan", ("officer", partnership))
    verifier = await on.person("Anna", ("verifier", organisation))
    profile = participation.Submitted(
        organisation=organisation, partnership=partnership, side="visitor", contact=new_id(), activities=()
    )
    audience = (f"OFFICER:{partnership}", f"MEMBER:{organisation}")
    await on.hear(a_fact(profile, state="submitted", audience=audience))
    account = payee.Entered(organisation=organisation)
    await on.hear(a_fact(account, state="entered", audience=(f"VERIFIER:{organisation}",)))
    items = [(await who.get("/api/v1/worklist")).json()["items"][0] for who in (officer, verifier)]
    assert [item["act"] for item in items] == ["participation.validate", "payee.check"]


async def test_what_two_people_authorise_waits_after_the_first_for_another(on: Stage) -> None:
    member, id = new_id(), new_id()
    first, second = [await on.person(name, ("treasurer", member)) for name in ("Fela", "Stan")]
    audience = (f"TREASURER:{member}",)
    proposed = batch.Proposed(member=member, payments=1, sum_cents=1, execution_date=MONDAY.date())
    await on.hear(a_fact(proposed, id, state="proposed", audience=audience))
    seconded = a_fact(batch.Seconded(), id, 2, state="seconded", audience=audience)
    await on.hear(replace(seconded, actor=str(first.id)))
    seen = [(await who.get("/api/v1/worklist")).json() for who in (first, second)]
    assert [[item["act"] for item in one["items"]] for one in seen] == [[], ["batch.authorise"]]


async def test_a_second_factor_that_is_lost_is_told_with_whose_it_is(on: Stage) -> None:
    partnership, ana = new_id(), new_id()
    officer = await on.person("Jan", ("officer", partnership))
    await on.hear(a_fact(person.Described(status="active", name="Ana Horvat"), ana, state="active"))
    await on.hear(a_fact(factor_reset.Asked(person=ana), state="asked", audience=(f"OFFICER:{partnership}",)))
    assert "Ana Horvat" in (await officer.open("/worklist")).text


async def test_a_deliverable_waits_for_its_lead_by_its_title_and_day(on: Stage) -> None:
    partnership_id, lead = new_id(), new_id()
    member = await on.person("Anna", ("editor", lead))
    body = deliverable.Planned(
        partnership=partnership_id, title="Joint strategy", kind="joint_strategy", lead=lead,
        due_at=MONDAY + timedelta(days=30),
    )  # fmt: skip
    id = new_id()
    audience = (f"LEAD:{lead}", f"COORD:{partnership_id}")
    await on.hear(a_fact(body, id, state="planned", audience=audience))
    item = (await member.get("/api/v1/worklist")).json()["items"][0]
    assert (item["href"], item["late"]) == (f"/deliverables/{id}", False)
    assert "Joint strategy" in (await member.open("/worklist")).text


async def test_a_registration_is_a_case_with_its_road(on: Stage) -> None:
    guest = await on.person("Ana")
    organiser = await on.person("Lies", ("organiser", LEUVEN))
    id = await registered(
        on, guest.id, registration.Queued(event=EVENT, person=guest.id, position=1), "waiting"
    )
    await published(on)
    offered = registration.Offered(
        event=EVENT, person=guest.id, vacancy=new_id(), due_at=MONDAY + timedelta(hours=48)
    )
    await registered(on, guest.id, offered, "offered", 2, id)
    case = (await guest.get(f"/api/v1/cases/{id}")).json()
    assert (case["title"], case["status"], case["stage"]) == (
        "Companion diagnostics",
        "registration.offered",
        "place",
    )
    page = (await guest.open(f"/cases/{id}")).text
    assert "Your move: take the place you are offered" in page and "Leuven" in page
    assert "Waiting for" in (await organiser.open(f"/cases/{id}")).text
    confirmed = registration.Confirmed(event=EVENT, person=guest.id, code="K7")
    await registered(on, guest.id, confirmed, "confirmed", 3, id)
    assert "The place is yours" in (await guest.open(f"/cases/{id}")).text
    assert (await guest.get("/api/v1/worklist")).json()["total"] == 0


async def test_a_registration_is_open_until_its_event_is_over(on: Stage) -> None:
    guest = await on.person("Ana")
    confirmed = registration.Confirmed(event=EVENT, person=guest.id, code="K7")
    id = await registered(on, guest.id, confirmed, "confirmed")
    await published(on)
    assert "Companion diagnostics" in (await guest.open("/cases?which=open")).text
    closed = event.Closed(registered=1, attended=1, answered=0)
    await on.hear(a_fact(closed, EVENT, 2, state="closed", audience=(f"ORGANISER:{LEUVEN}",)))
    assert "Companion diagnostics" not in (await guest.open("/cases?which=open")).text
    assert "Companion diagnostics" in (await guest.open("/cases")).text
    page = (await guest.open(f"/cases/{id}")).text
    assert "This case has ended" in page and "The event is over." in page


async def test_cases_come_in_pages_without_gaps_or_repeats(on: Stage) -> None:
    guest = await on.person("Ana")
    ids = {
        str(await registered(on, guest.id, registration.Submitted(event=EVENT, person=guest.id), "pending"))
        for _ in range(5)
    }
    found: list[str] = []
    after = ""
    while True:
        page = (await guest.get(f"/api/v1/cases?limit=2{after}")).json()
        found += [item["id"] for item in page["items"]]
        if page["after"] is None:
            break
        after = f"&after={page['after']}"
    assert len(found) == len(set(found)) and set(found) == ids
    assert "/cases/list.csv?which=open" in (await guest.open("/cases?which=open")).text
    assert len((await guest.open("/cases/list.csv")).text.splitlines()) == 1 + len(ids)
    assert len((await guest.open("/cases/list.csv?which=late")).text.splitlines()) == 1
    assert len((await (await on.person("Adam")).open("/cases/list.csv")).text.splitlines()) == 1


async def test_cases_are_found_by_number_by_name_and_by_where_they_stand(on: Stage) -> None:
    guest = await on.person("Ana")
    await registered(on, guest.id, registration.Submitted(event=EVENT, person=guest.id), "pending")
    await published(on)
    for query in (
        "q=COMPANION",
        "q=cómpanion",
        "q=diagnostics+companion",
        "stage=admission",
        "q=&stage=&which=open",
    ):
        assert "Companion diagnostics" in (await guest.open(f"/cases?{query}")).text
    page = (await guest.open("/cases?q=com%25on&stage=admission")).text
    assert "Companion diagnostics" not in page and "Nothing here is like that." in page
    assert "“com%on”, Registration to admit" in page
    found = (await guest.get("/api/v1/cases?q=companion&stage=feedback")).json()
    assert found["items"] == []
    assert len((await guest.open("/cases/list.csv?q=companion")).text.splitlines()) == 2
    assert (await guest.get("/api/v1/cases?which=mine")).status_code == 422


async def test_lists_take_the_same_number_of_statements_however_long_they_are(on: Stage) -> None:
    organiser = await on.person("Lies", ("organiser", LEUVEN))

    async def counted() -> list[int]:
        numbers: list[int] = []
        for path in ("/worklist", "/cases", "/"):
            with statements(on.database) as sent:
                assert (await organiser.open(path)).status_code == 200
            numbers.append(len(sent))
        return numbers

    for _ in range(2):
        guest = new_id()
        await registered(on, guest, registration.Submitted(event=EVENT, person=guest), "pending")
    few = await counted()
    for _ in range(8):
        guest = new_id()
        await registered(on, guest, registration.Submitted(event=EVENT, person=guest), "pending")
    assert await counted() == few


async def test_the_start_page_says_what_one_can_get_to_who_is_not_signed_in(on: Stage) -> None:
    page = (await on.client.get("/")).text
    assert "1,100.00" in page and "Are you eligible?" in page and 'href="/sign-in"' in page
    assert (await on.client.get("/worklist")).headers["location"].startswith("/sign-in")


async def test_who_looks_after_a_partnership_starts_from_its_plan(on: Stage) -> None:
    id, member = new_id(), new_id()
    formed = partnership.Formed(
        name="CE4BIG", title="Cluster excellence", programme="COSME", coordinator=member, members=(member,),
        first_day=MONDAY.date(), last_day=MONDAY.date() + timedelta(days=365),
    )  # fmt: skip
    await on.hear(a_fact(formed, id, state="formed"))
    page = (await (await on.person("Claire", ("coordinator", id))).open("/")).text
    assert f'href="/partnerships/{id}"' in page and "CE4BIG" in page
    assert "/catalogue" not in page.partition("<main")[2], "she visits nobody"
    assert "CE4BIG" not in (await (await on.person("Ana", ("owner", member))).open("/")).text
