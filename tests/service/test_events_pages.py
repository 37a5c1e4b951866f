"""What people see of events: in a browser and as JSON, each with a constant number of statements."""

from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import event as listening

from contracts.ids import new_id
from tests.conftest import FreshDatabase
from tests.service.gathering import EVENT, Gathering, gathering


@pytest.fixture
async def leuven(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Gathering]:
    async with gathering(await fresh_database("events"), tmp_path) as played:
        yield played


@contextmanager
def statements(leuven: Gathering) -> Generator[list[str]]:
    """Everything the service asks its database meanwhile."""
    seen: list[str] = []
    engine = leuven.stage.service.database.engine.sync_engine

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        seen.append(statement)

    listening.listen(engine, "before_cursor_execute", note)
    yield seen
    listening.remove(engine, "before_cursor_execute", note)


async def test_anybody_reads_the_events_without_signing_in(leuven: Gathering) -> None:
    await leuven.publish(1)
    await leuven.guests("Ewa", "Kadri")
    page = await leuven.stage.client.get("/events")
    assert page.status_code == 200
    assert "Companion diagnostics" in page.text
    assert "10–11 December 2026, 09:00 to 16:00 (Brussels time)" in page.text
    assert "1 of 1 places taken" in page.text
    assert "1 person waits for a place" in page.text
    one = (await leuven.stage.client.get(f"/api/v1/events/{leuven.event}")).json()
    assert (one["places"], one["free"], one["waiting"], one["state"]) == (1, 0, 1, "published")
    assert one["organiser"]["name"] == "CELIS"
    assert "Ewa" not in (await leuven.stage.client.get(f"/events/{leuven.event}")).text


async def test_a_guest_who_wants_to_register_signs_in_and_comes_back_to_the_event(leuven: Gathering) -> None:
    await leuven.publish()
    page = (await leuven.stage.client.get(f"/events/{leuven.event}")).text
    assert f"/sign-in?next=/registrations/register?event={leuven.event}" in page


async def test_events_come_page_by_page_in_the_order_of_their_start(leuven: Gathering) -> None:
    for day in range(10, 17):
        dates = {"starts_at": f"2026-12-{day}T09:00", "ends_at": f"2026-12-{day}T17:00"}
        await leuven.publish(3, title=f"Day {day}", **dates)
    seen: list[str] = []
    after = ""
    for _ in range(4):
        rows = (await leuven.stage.client.get(f"/api/v1/events?limit=3{after}")).json()
        seen += [row["title"] for row in rows]
        after = f"&after={rows[-1]['id']}" if rows else after
    assert seen == [f"Day {day}" for day in range(10, 17)]
    assert (await leuven.stage.client.get("/api/v1/events?past=1")).json() == []


async def test_registering_by_form_leads_to_the_registration_with_its_code(leuven: Gathering) -> None:
    await leuven.publish()
    ewa = await leuven.guest("Ewa")
    form = await ewa.open(f"/registrations/register?event={leuven.event}")
    assert "Companion diagnostics" in form.text
    sent = await ewa.send(f"/registrations/register?event={leuven.event}", {"event": leuven.event})
    assert sent.status_code == 303
    page = await ewa.open(sent.headers["location"])
    (mine,) = (await ewa.get("/api/v1/registrations")).json()
    assert mine["code"] in page.text
    assert '<svg width="' in page.text
    assert "The place is confirmed" in page.text
    assert "Companion diagnostics" in (await ewa.open("/registrations")).text


async def test_a_refused_registration_shows_the_page_again_with_the_reason(leuven: Gathering) -> None:
    await leuven.publish()
    (ewa,) = await leuven.guests("Ewa")
    again = await ewa[0].send(f"/registrations/register?event={leuven.event}", {"event": leuven.event})
    assert again.status_code == 422
    assert "You are registered for this event already" in again.text
    assert "Companion diagnostics" in again.text


async def test_a_form_with_mistakes_keeps_what_was_typed(leuven: Gathering) -> None:
    given = {**EVENT, "partnership": str(leuven.celis), "places": "many", "ends_at": "2026-12-01T09:00"}
    page = await leuven.organiser.send("/events/publish", given)
    assert page.status_code == 422
    assert 'value="many"' in page.text
    assert 'value="2026-12-01T09:00"' in page.text
    assert "must be a whole number" in page.text
    backwards = await leuven.organiser.send("/events/publish", {**given, "places": "3"})
    assert "The event must end after it starts." in backwards.text
    assert await leuven.facts() == []


async def test_a_form_takes_times_as_they_are_at_the_event(leuven: Gathering) -> None:
    given = {**EVENT, "partnership": str(leuven.celis), "places": "3", "timezone": "Europe/Tallinn"}
    sent = await leuven.organiser.send("/events/publish", given)
    assert sent.status_code == 303, sent.text
    leuven.event = sent.headers["location"].split("/")[2]
    page = (await leuven.organiser.open(sent.headers["location"])).text
    assert "09:00 to 16:00 (Tallinn time)" in page
    form = (await leuven.organiser.open(f"/events/{leuven.event}/reschedule")).text
    assert 'value="2026-12-10T09:00"' in form


async def test_who_organises_nothing_is_told_where_the_role_comes_from(leuven: Gathering) -> None:
    page = await (await leuven.guest("Ewa")).open("/events/publish")
    assert page.status_code == 403
    assert "role of organiser" in page.text


@pytest.mark.parametrize(
    "path",
    [
        "/events/{}/organise",
        "/events/{}/check-in",
        "/api/v1/events/{}/registrations",
        "/api/v1/events/{}/results",
    ],
)
async def test_the_organisers_pages_are_theirs_alone(leuven: Gathering, path: str) -> None:
    await leuven.publish()
    stranger = await leuven.stage.person("Stranger", ("organiser", new_id()))
    assert (await stranger.get(path.format(leuven.event))).status_code == 404
    assert (await leuven.organiser.get(path.format(leuven.event))).status_code == 200


async def test_organisers_see_names_the_line_and_what_became_of_each(leuven: Gathering) -> None:
    await leuven.publish(1)
    guests = await leuven.guests("Ewa", "Kadri", "Piotr")
    await leuven.act(*guests[0], "cancel")
    page = (await leuven.organiser.open(f"/events/{leuven.event}/organise")).text
    for words in ("Ewa", "Kadri", "Piotr", "number 2 in line", "The participant cancelled it."):
        assert words in page
    rows = (await leuven.organiser.get(f"/api/v1/events/{leuven.event}/registrations?limit=2")).json()
    assert [(row["name"], row["state"], row["position"]) for row in rows] == [
        ("Ewa", "cancelled", None),
        ("Kadri", "waiting", 1),
    ]
    rest = await leuven.organiser.get(f"/api/v1/events/{leuven.event}/registrations?after={rows[-1]['id']}")
    assert [row["position"] for row in rest.json()] == [2]


async def test_feedback_is_shown_with_its_response_rate_and_without_names(leuven: Gathering) -> None:
    await leuven.publish(3)
    guests = await leuven.guests("Ewa", "Kadri", "Piotr")
    await leuven.play_to_end()
    await leuven.act(*guests[0], "give-feedback", {"helpful": 5, "remark": "<b>Good</b> people"})
    await leuven.act(*guests[1], "give-feedback", {"helpful": 4})
    results = (await leuven.organiser.get(f"/api/v1/events/{leuven.event}/results")).json()
    assert results["feedback"]["response_rate"] == 0.6667
    assert results["feedback"]["answers"] == {"5": 1, "4": 1, "3": 0, "2": 0, "1": 0}
    page = (await leuven.organiser.open(f"/events/{leuven.event}/organise")).text
    assert "2 of 3 answered (67%)." in page
    assert "&lt;b&gt;Good&lt;/b&gt; people" in page
    saved = f"/events/{leuven.event}/registrations.csv"
    assert f'href="{saved}"' in page
    lines = (await leuven.organiser.open(saved)).text.splitlines()
    assert len(lines) == 4 and "Ewa" in lines[1]
    assert (await guests[0][0].open(saved)).status_code == 404


async def test_the_door_greets_by_name_and_is_ready_for_the_next(leuven: Gathering) -> None:
    await leuven.publish()
    (ewa,) = await leuven.guests("Ewa")
    code = (await ewa[0].get(f"/api/v1/registrations/{ewa[1]}")).json()["code"]
    leuven.stage.clock.forward(timedelta(days=17))
    scanned = await leuven.organiser.open(f"/events/{leuven.event}/check-in?code={code.replace('-', '')}")
    assert "Ewa" in scanned.text
    let_in = {"event": leuven.event, "code": code}
    sent = await leuven.organiser.send(f"/attendances/record?event={leuven.event}", let_in)
    assert sent.status_code == 303
    done = (await leuven.organiser.open(sent.headers["location"])).text
    assert "Ewa is checked in." in done
    assert code not in done
    again = await leuven.organiser.send(f"/attendances/record?event={leuven.event}", let_in)
    assert again.status_code == 422
    assert "checked in already on this day, at 10:00." in again.text
    assert f'value="{code}"' in again.text


async def test_the_road_says_whose_move_it_is(leuven: Gathering) -> None:
    await leuven.publish(1)
    guests = await leuven.guests("Ewa", "Kadri", "Piotr")
    ewa, kadri, piotr = ((who, f"/registrations/{id}") for who, id in guests)
    assert "1 person stands before" in (await piotr[0].open(piotr[1])).text
    await leuven.act(*guests[0], "cancel")
    await leuven.offer_all()
    assert "Your move: take the place or decline it" in (await kadri[0].open(kadri[1])).text
    assert "Waiting for the participant" in (await leuven.organiser.open(kadri[1])).text
    assert "You cancelled it." in (await ewa[0].open(ewa[1])).text
    await leuven.act(*guests[1], "accept")
    await leuven.play_to_end()
    assert "Your move: say how it was" in (await kadri[0].open(kadri[1])).text
    assert "The event began before a place became free." in (await piotr[0].open(piotr[1])).text


@pytest.mark.parametrize("zone", ["Europe/Brussels", "Europe/Tallinn", "Atlantic/Azores", "Asia/Yerevan"])
async def test_the_calendar_file_is_right_in_every_zone_and_over_the_change_of_time(
    leuven: Gathering, zone: str
) -> None:
    """27 to 28 March 2027: clocks go forward in between."""
    dates = {
        "starts_at": "2027-03-27T18:00",
        "ends_at": "2027-03-28T12:00",
        "registration_until": "2027-03-20T12:00",
    }
    await leuven.publish(3, timezone=zone, title="Night; diagnostics, Tartu", **dates)
    (ewa,) = await leuven.guests("Ewa")
    answer = await ewa[0].get(f"/registrations/{ewa[1]}/calendar.ics")
    assert answer.headers["content-type"].startswith("text/calendar")
    (entry,) = Calendar.from_ical(answer.content).events
    event = (await leuven.stage.client.get(f"/api/v1/events/{leuven.event}")).json()
    assert entry.start.isoformat()[:16] == "2027-03-27T18:00"
    assert entry.end.isoformat()[:16] == "2027-03-28T12:00"
    assert entry.start == datetime.fromisoformat(event["starts_at"])
    assert entry.end == datetime.fromisoformat(event["ends_at"])
    assert entry["summary"] == "Night; diagnostics, Tartu"


async def test_a_newer_calendar_file_replaces_the_older_one(leuven: Gathering) -> None:
    await leuven.publish()
    (ewa,) = await leuven.guests("Ewa")
    path = f"/registrations/{ewa[1]}/calendar.ics"
    first = await _entry(ewa[0], path)
    dates = {
        "starts_at": "2027-01-14T09:00",
        "ends_at": "2027-01-15T16:00",
        "registration_until": "2027-01-07T12:00",
    }
    await leuven.organiser.post(f"/api/v1/events/{leuven.event}/reschedule", dates)
    moved = await _entry(ewa[0], path)
    await leuven.act(*ewa, "cancel")
    cancelled = await _entry(ewa[0], path)
    assert first["uid"] == moved["uid"] == cancelled["uid"]
    assert first["sequence"] < moved["sequence"] < cancelled["sequence"]
    assert [entry["status"] for entry in (first, moved, cancelled)] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]


@pytest.mark.parametrize(
    "path", ["/events", "/events/{}", "/events/{}/organise", "/events/{}/check-in", "/registrations"]
)
async def test_a_page_asks_as_many_statements_for_many_as_for_one(leuven: Gathering, path: str) -> None:
    await leuven.publish(3)
    await leuven.guests("Ewa")
    with statements(leuven) as few:
        await leuven.organiser.open(path.format(leuven.event))
    first = leuven.event
    for number in range(3):
        await leuven.publish(3, title=f"Another {number}")
        await leuven.register(leuven.organiser)
    leuven.event = first
    await leuven.guests(*(f"Guest {number}" for number in range(12)))
    with statements(leuven) as many:
        page = await leuven.organiser.open(path.format(leuven.event))
    assert page.status_code == 200
    assert len(many) == len(few)


async def _entry(who: Any, path: str) -> dict[str, Any]:
    (entry,) = Calendar.from_ical((await who.get(path)).content).events
    return {name: entry[name] for name in ("uid", "sequence", "status")}
