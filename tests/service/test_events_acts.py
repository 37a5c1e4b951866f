"""What people may do with events and registrations, when, and what is refused with which reason."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from contracts.asks import Event
from contracts.event import EVENT as TABLE
from contracts.ids import new_id
from contracts.registration import REGISTRATION
from contracts.words import ACTS, CODES, FACTS, REFUSALS, STATES
from tests.conftest import FreshDatabase
from tests.service.gathering import EVENT, Gathering, gathering


@pytest.fixture
async def leuven(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Gathering]:
    async with gathering(await fresh_database("events"), tmp_path) as played:
        yield played


async def test_publishing_says_everything_public_and_nothing_else(leuven: Gathering) -> None:
    await leuven.publish(3, timezone="Europe/Tallinn")
    (published,) = await leuven.facts()
    assert published.type == "relais.event.published.v1"
    assert published.wakes == (f"event/{leuven.event}",)
    assert published.audience == (f"ORGANISER:{leuven.celis}",)
    assert published.case is None
    assert published.body["starts_at"] == "2026-12-10T09:00:00+02:00"
    assert published.body["places"] == 3
    assert "description" not in published.body


@pytest.mark.parametrize(
    ("changed", "field", "slug"),
    [
        ({"starts_at": "2026-11-20T09:00"}, "starts_at", "starts-in-the-past"),
        ({"ends_at": "2026-12-10T08:59"}, "ends_at", "ends-before-start"),
        ({"registration_until": "2026-12-10T09:01"}, "registration_until", "registration-after-start"),
        ({"registration_until": "2026-11-23T09:59"}, "registration_until", "registration-in-the-past"),
        ({"starts_at": "tomorrow"}, "starts_at", "invalid"),
        ({"timezone": "Leuven"}, "timezone", "invalid"),
        ({"country": "Belgium"}, "country", "invalid"),
        ({"places": 0}, "places", "invalid"),
    ],
)
async def test_an_event_with_wrong_dates_or_places_is_refused_at_the_field(
    leuven: Gathering, changed: dict[str, Any], field: str, slug: str
) -> None:
    body = {**EVENT, "partnership": str(leuven.celis), "places": 3, **changed}
    answer = await leuven.organiser.post("/api/v1/events", body)
    assert answer.status_code == 422
    assert answer.json()["slug"] == slug
    assert list(answer.json()["errors"]) == [field]
    assert await leuven.facts() == []


async def test_only_organisers_of_the_partnership_publish(leuven: Gathering) -> None:
    elsewhere = await leuven.stage.person("Elsewhere", ("organiser", new_id()), ("officer", leuven.celis))
    body = {**EVENT, "partnership": str(leuven.celis), "places": 3}
    assert (await elsewhere.post("/api/v1/events", body)).status_code == 404
    unheard = await leuven.organiser.post("/api/v1/events", {**body, "partnership": str(new_id())})
    assert (unheard.status_code, unheard.json()["slug"]) == (409, "not-known-yet")
    assert await leuven.facts() == []


@pytest.mark.parametrize("act", ["reschedule", "add-places", "close-early", "cancel"])
async def test_what_organisers_do_others_cannot(leuven: Gathering, act: str) -> None:
    await leuven.publish()
    body = {"reschedule": {key: EVENT[key] for key in ("starts_at", "ends_at", "registration_until")}}
    given = {**body, "add-places": {"places": 1}}.get(act)
    stranger = await leuven.guest("Stranger")
    assert (await stranger.post(f"/api/v1/events/{leuven.event}/{act}", given)).status_code == 404
    answer = await leuven.organiser.post(f"/api/v1/events/{leuven.event}/{act}", given)
    assert answer.status_code == 200, answer.text


async def test_a_moved_event_wakes_its_story_and_is_judged_by_its_new_dates(leuven: Gathering) -> None:
    await leuven.publish()
    dates = {
        "starts_at": "2027-01-14T09:00",
        "ends_at": "2027-01-15T16:00",
        "registration_until": "2027-01-07T12:00",
    }
    answer = await leuven.organiser.post(f"/api/v1/events/{leuven.event}/reschedule", dates)
    assert answer.status_code == 200, answer.text
    assert (await leuven.facts())[-1].wakes == (f"event/{leuven.event}",)
    leuven.stage.clock.forward(timedelta(days=20))
    assert (await leuven.ask(Event.close_registration)).state == "published"
    assert (await leuven.register(await leuven.guest("Ewa")))["state"] == "confirmed"


async def test_registration_ends_with_its_date_workflow_or_not(leuven: Gathering) -> None:
    await leuven.publish()
    leuven.stage.clock.forward(timedelta(days=11))
    late = await (await leuven.guest("Ewa")).post("/api/v1/registrations", {"event": leuven.event})
    assert (late.status_code, late.json()["slug"]) == (409, "registration-over")


async def test_registration_can_be_closed_by_hand(leuven: Gathering) -> None:
    await leuven.publish()
    await leuven.organiser.post(f"/api/v1/events/{leuven.event}/close-early")
    late = await (await leuven.guest("Ewa")).post("/api/v1/registrations", {"event": leuven.event})
    assert late.json()["slug"] == "registration-over"


async def test_nobody_registers_for_an_event_that_does_not_exist(leuven: Gathering) -> None:
    answer = await (await leuven.guest("Ewa")).post("/api/v1/registrations", {"event": str(new_id())})
    assert answer.status_code == 404


async def test_a_registration_is_its_persons_own(leuven: Gathering) -> None:
    await leuven.publish(1)
    ewa, kadri = await leuven.guests("Ewa", "Kadri")
    path = f"/api/v1/registrations/{ewa[1]}"
    assert (await kadri[0].post(f"{path}/cancel")).status_code == 404
    assert (await kadri[0].get(path)).status_code == 404
    assert (await leuven.organiser.get(path)).status_code == 200
    not_theirs = await leuven.organiser.post(f"{path}/give-feedback", {"helpful": 5})
    assert (not_theirs.status_code, not_theirs.json()["slug"]) == (403, "not-your-role")
    await leuven.act(leuven.organiser, ewa[1], "cancel")
    assert (await leuven.facts("registration"))[-1].body == {"by": "organiser"}


async def test_places_are_not_given_back_once_the_event_has_begun(leuven: Gathering) -> None:
    await leuven.publish()
    (ewa,) = await leuven.guests("Ewa")
    leuven.stage.clock.forward(timedelta(days=17))
    answer = await ewa[0].post(f"/api/v1/registrations/{ewa[1]}/cancel")
    assert (answer.status_code, answer.json()["slug"]) == (409, "event-began")


async def test_feedback_is_given_once_from_the_end_until_the_event_is_closed(leuven: Gathering) -> None:
    await leuven.publish()
    ewa, kadri = await leuven.guests("Ewa", "Kadri")
    early = await ewa[0].post(f"/api/v1/registrations/{ewa[1]}/give-feedback", {"helpful": 5})
    assert early.json()["slug"] == "feedback-too-early"
    await leuven.play_to_end()
    await leuven.act(*ewa, "give-feedback", {"helpful": 4, "remark": "Good people."})
    again = await ewa[0].post(f"/api/v1/registrations/{ewa[1]}/give-feedback", {"helpful": 1})
    assert again.json()["slug"] == "feedback-once"
    assert (await leuven.facts())[-1].body == {"helpful": 4}, "what people write stays here"
    leuven.stage.clock.forward(timedelta(days=9))
    late = await kadri[0].post(f"/api/v1/registrations/{kadri[1]}/give-feedback", {"helpful": 5})
    assert late.json()["slug"] == "too-late"


@pytest.mark.parametrize("state", sorted({s for act in TABLE.acts for end in act.ends if (s := end.to)}))
async def test_acts_on_an_event_follow_its_table(leuven: Gathering, state: str) -> None:
    await leuven.publish()
    await _put("events", leuven, state)
    for act in (act for act in TABLE.acts if act.by_person and not act.creates and state not in act.sources):
        given = {"add_places": {"places": 1}, "reschedule": EVENT}.get(act.name, {})
        fields = {
            key: given[key]
            for key in ("places", "starts_at", "ends_at", "registration_until")
            if key in given
        }
        answer = await leuven.organiser.post(
            f"/api/v1/events/{leuven.event}/{act.name.replace('_', '-')}", fields
        )
        assert (answer.status_code, answer.json()["slug"]) == (409, f"{act.name.replace('_', '-')}-not-now")


@pytest.mark.parametrize(
    "state", sorted({s for act in REGISTRATION.acts for end in act.ends if (s := end.to)})
)
async def test_acts_on_a_registration_follow_its_table(leuven: Gathering, state: str) -> None:
    await leuven.publish()
    (ewa,) = await leuven.guests("Ewa")
    await _put("registrations", leuven, state)
    for act in REGISTRATION.acts:
        if act.by_person and not act.creates and state not in act.sources:
            who = leuven.organiser if act.parties == ("ORGANISER",) else ewa[0]
            given = {"helpful": 5} if act.name == "give_feedback" else {}
            answer = await who.post(f"/api/v1/registrations/{ewa[1]}/{act.name.replace('_', '-')}", given)
            assert (answer.status_code, answer.json()["slug"]) == (
                409,
                f"{act.name.replace('_', '-')}-not-now",
            )


async def test_facts_of_one_subject_count_from_one_without_a_gap(leuven: Gathering) -> None:
    await leuven.publish(1)
    guests = await leuven.guests("Ewa", "Kadri")
    await leuven.act(*guests[0], "cancel")
    await leuven.offer_all()
    await leuven.act(*guests[1], "accept")
    await leuven.play_to_end()
    by_subject: dict[Any, list[int]] = {}
    for fact in await leuven.facts():
        by_subject.setdefault(fact.subject, []).append(fact.version)
    assert all(versions[0] == 1 for versions in by_subject.values())
    assert all(b == a + 1 for versions in by_subject.values() for a, b in pairwise(versions))


async def test_facts_carry_no_names_and_no_texts_of_people(leuven: Gathering) -> None:
    await leuven.publish()
    (ewa,) = await leuven.guests("Ewa")
    await leuven.play_to_end()
    await leuven.act(*ewa, "give-feedback", {"helpful": 4, "remark": "Ask Ewa about it"})
    assert "Ewa" not in " ".join(str(fact.body) for fact in await leuven.facts())


def test_everything_that_people_meet_has_words() -> None:
    tables = ("event", "registration", "vacancy", "attendance")
    assert {key.split(".")[0] for key in FACTS if key.split(".")[0] in tables} == set(tables)
    for table in (TABLE, REGISTRATION):
        for act in table.acts:
            assert not act.by_person or f"{table.name}.{act.name}" in ACTS
            for end in act.ends:
                assert table.type_of(end.fact).removeprefix("relais.").rsplit(".", 1)[0] in FACTS
                assert not end.to or f"{table.name}.{end.to}" in STATES
    assert {f"helpful.{answer}" for answer in range(1, 6)} <= CODES.keys()
    assert {f"ended_by.{who}" for who in ("person", "organiser", "event", "start")} <= CODES.keys()
    assert "registration-once" in REFUSALS


async def _put(table: str, leuven: Gathering, state: str) -> None:
    """The only row of a table, in a state that would take long to play to."""
    async with leuven.stage.database.transaction() as tx:
        await tx.execute(text(f"update {table} set state = :state"), {"state": state})
