"""An event by date: each step too early, in time, and twice; what is reminded, asked and counted."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import pytest

from contracts.asks import SWEEPS, Event, Vacancy
from contracts.steps import Step
from tests.conftest import FreshDatabase
from tests.service.gathering import Gathering, gathering

DAY = 24 * 3600


@pytest.fixture
async def leuven(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Gathering]:
    async with gathering(await fresh_database("events"), tmp_path) as played:
        yield played


async def test_every_step_that_workflows_may_ask_for_is_offered(leuven: Gathering) -> None:
    assert leuven.stage.service.offers.missing() == frozenset()
    await leuven.publish()
    (sweep,) = (step for step in SWEEPS if step.owner == "events")
    assert (await leuven.ask(sweep)).open is False


async def test_an_event_goes_its_way_by_date_however_often_it_is_asked(leuven: Gathering) -> None:
    await leuven.publish()
    for step, state, days in (
        (Event.close_registration, "published", 11),
        (Event.start, "registration_closed", 7),
        (Event.end, "running", 1),
    ):
        early = await leuven.ask(step)
        assert (early.state, early.open) == (state, True)
        assert early.due_in is not None
        assert (days - 1) * DAY < early.due_in < (days + 1) * DAY
        leuven.stage.clock.forward(timedelta(seconds=early.due_in))
        first, second = await leuven.ask(step), await leuven.ask(step)
        assert first == second != early
    assert (await leuven.ask(Event.close)).state == "ended", "it is not asked yet"
    asked = await leuven.ask(Event.ask_feedback)
    assert asked == await leuven.ask(Event.ask_feedback)
    assert asked.due_in is not None
    assert 7 * DAY < asked.due_in < 8 * DAY
    assert (await leuven.ask(Event.close)).state == "ended"
    leuven.stage.clock.forward(timedelta(seconds=asked.due_in))
    for _ in range(2):
        closed = await leuven.ask(Event.close)
        assert (closed.state, closed.open, closed.due_in) == ("closed", False, None)
    assert await leuven.story("event") == [
        f"event.{done}"
        for done in ("published", "registration_closed", "started", "ended", "feedback_asked", "closed")
    ]


async def test_an_event_whose_dates_have_all_passed_catches_up_step_by_step(leuven: Gathering) -> None:
    """Temporal was away for a month: each answer is due at once."""
    await leuven.publish()
    leuven.stage.clock.forward(timedelta(days=40))
    standing = await leuven.ask(Event.standing)
    for step in (Event.close_registration, Event.start, Event.end):
        assert standing.due_in == 0
        standing = await leuven.ask(step)
    assert standing.state == "ended"


async def test_participants_are_reminded_once_before_the_start_and_once_of_the_feedback(
    leuven: Gathering,
) -> None:
    await leuven.publish()
    await leuven.guests("Ewa")
    standing = await leuven.ask(Event.standing)
    assert standing.remind_in is not None
    assert standing.reminder == 0
    early = await leuven.ask(Event.remind, number=0)
    assert early == standing
    leuven.stage.clock.forward(timedelta(seconds=standing.remind_in))
    for _ in range(2):
        assert (await leuven.ask(Event.remind, number=0)).remind_in is None
    await leuven.ask(Event.close_registration)
    leuven.stage.clock.forward(timedelta(days=2))
    await leuven.ask(Event.start)
    leuven.stage.clock.forward(timedelta(days=2))
    assert (await leuven.ask(Event.end)).remind_in is None
    asked = await leuven.ask(Event.ask_feedback)
    assert asked.remind_in is not None
    leuven.stage.clock.forward(timedelta(seconds=asked.remind_in))
    for _ in range(2):
        assert (await leuven.ask(Event.remind, number=0)).remind_in is None
    said = [fact.body for fact in await leuven.facts("event") if fact.participle == "reminded"]
    assert said == [{"stage": "start", "number": 1}, {"stage": "feedback", "number": 1}]


async def test_nobody_is_reminded_of_what_was_announced_late(leuven: Gathering) -> None:
    start = leuven.stage.clock.now() + timedelta(days=1)
    end, until = start + timedelta(hours=8), start - timedelta(hours=1)
    dates = {"starts_at": start, "ends_at": end, "registration_until": until}
    await leuven.publish(3, **{name: date.isoformat() for name, date in dates.items()})
    assert (await leuven.ask(Event.standing)).remind_in is None


async def test_closing_counts_who_had_a_place_who_came_and_who_answered(leuven: Gathering) -> None:
    await leuven.publish(3)
    ewa, kadri, piotr, lena = await leuven.guests("Ewa", "Kadri", "Piotr", "Lena")
    await leuven.act(*kadri, "cancel")
    await leuven.offer_all()
    await leuven.act(*lena, "accept")
    await leuven.play_to_end()
    for day in ("2026-12-10", "2026-12-11"):
        recorded = {"event": leuven.event, "registration": ewa[1], "day": day}
        assert (await leuven.organiser.post("/api/v1/attendances", recorded)).status_code == 201
    await leuven.act(*piotr, "give-feedback", {"helpful": 3})
    leuven.stage.clock.forward(timedelta(days=9))
    await leuven.ask(Event.close)
    assert (await leuven.facts("event"))[-1].body == {"registered": 3, "attended": 1, "answered": 1}


@pytest.mark.parametrize(
    "step", [Event.close_registration, Event.start, Event.end, Event.remind, Event.close]
)
async def test_a_cancelled_event_is_moved_by_no_step(leuven: Gathering, step: Step) -> None:
    await leuven.publish()
    await leuven.organiser.post(f"/api/v1/events/{leuven.event}/cancel")
    leuven.stage.clock.forward(timedelta(days=60))
    standing = await leuven.ask(step)
    assert (standing.state, standing.open) == ("cancelled", False)


async def test_every_wait_of_an_open_thing_has_an_end(leuven: Gathering) -> None:
    """Nothing open answers without a date, or the workflow would only look again by chance."""
    await leuven.publish(1)
    guests = await leuven.guests("Ewa", "Kadri")
    await leuven.act(*guests[0], "cancel")
    (vacancy,) = await leuven.vacancies("open")
    offered = await leuven.ask(Vacancy.offer_place, vacancy)
    assert offered.due_in
    assert offered.remind_in
    for step in (Event.close_registration, Event.start, Event.end, Event.ask_feedback):
        standing = await leuven.ask(Event.standing)
        assert standing.due_in is not None or standing.state == "ended"
        leuven.stage.clock.forward(timedelta(seconds=standing.due_in or 0))
        await leuven.ask(step)
    assert (await leuven.ask(Event.standing)).due_in


async def test_all_that_a_person_and_a_step_do_at_once_is_done_once(leuven: Gathering) -> None:
    """The offer expires while its person answers: one of the two, and the place is held throughout."""
    await leuven.publish(1)
    guests = await leuven.guests("Ewa", "Kadri", "Piotr")
    await leuven.act(*guests[0], "cancel")
    (vacancy,) = await leuven.vacancies("open")
    await leuven.ask(Vacancy.offer_place, vacancy)
    leuven.stage.clock.forward(timedelta(hours=48))  # the last moment at which both are right
    answer, standing = await asyncio.gather(
        guests[1][0].post(f"/api/v1/registrations/{guests[1][1]}/accept"),
        leuven.ask(Vacancy.expire_offer, vacancy),
    )
    state = (await leuven.states())[1]
    if answer.status_code == 200:
        assert (state, standing.state) == ("confirmed", "taken")
        assert await leuven.counted() == (1, 1, 0)
    else:
        assert (state, answer.json()["slug"]) == ("offer_expired", "accept-not-now")
        assert await leuven.counted() == (1, 0, 1)
