"""Places at an event: who gets one, who waits, and who is offered what becomes free."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import pytest

from contracts.asks import Event, Vacancy
from tests.conftest import FreshDatabase
from tests.service.gathering import Gathering, gathering


@pytest.fixture
async def leuven(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Gathering]:
    async with gathering(await fresh_database("events"), tmp_path) as played:
        yield played


async def test_whoever_registers_has_a_place_as_long_as_there_is_one(leuven: Gathering) -> None:
    await leuven.publish(3)
    await leuven.guests("Ewa", "Kadri", "Piotr", "Lena", "Tom")
    assert await leuven.states() == ["confirmed"] * 3 + ["waiting"] * 2
    queued = [fact.body["position"] for fact in await leuven.facts() if fact.participle == "queued"]
    assert queued == [1, 2]
    assert await leuven.counted() == (3, 3, 0)


async def test_a_freed_place_goes_to_the_first_in_line_who_takes_it(leuven: Gathering) -> None:
    await leuven.publish(3)
    guests = await leuven.guests("Ewa", "Kadri", "Piotr", "Lena", "Tom")
    await leuven.act(*guests[1], "cancel")
    (vacancy,) = await leuven.vacancies("open")
    assert await leuven.counted() == (3, 2, 1)

    standing = await leuven.ask(Vacancy.offer_place, vacancy)
    assert (standing.state, standing.waits_for) == ("offered", "REGISTRANT")
    assert standing.due_in == pytest.approx(48 * 3600)
    assert standing.remind_in == pytest.approx(24 * 3600)
    assert await leuven.states() == ["confirmed", "cancelled", "confirmed", "offered", "waiting"]

    await leuven.act(*guests[3], "accept")
    assert (await leuven.ask(Vacancy.standing, vacancy)).open is False
    assert await leuven.states() == ["confirmed", "cancelled", "confirmed", "confirmed", "waiting"]
    assert await leuven.counted() == (3, 3, 0)
    assert await leuven.story("vacancy") == ["vacancy.opened", "vacancy.offered", "vacancy.taken"]


async def test_what_frees_a_place_and_its_vacancy_are_one_transaction(leuven: Gathering) -> None:
    await leuven.publish(1)
    guests = await leuven.guests("Ewa", "Kadri")
    await leuven.act(*guests[0], "cancel")
    cancelled, opened = (await leuven.facts())[-2:]
    assert (cancelled.type, opened.type) == ("relais.registration.cancelled.v1", "relais.vacancy.opened.v1")
    assert opened.causation == cancelled.id
    assert opened.wakes == (f"place-offer/{opened.subject}",)
    assert opened.case is None
    assert str(cancelled.case) == guests[0][1]


async def test_a_declined_place_is_offered_to_the_next_and_was_never_free(leuven: Gathering) -> None:
    await leuven.publish(1)
    guests = await leuven.guests("Ewa", "Kadri", "Piotr")
    await leuven.act(*guests[0], "cancel")
    await leuven.offer_all()
    await leuven.act(*guests[1], "decline")
    assert await leuven.counted() == (1, 0, 1)
    late = await leuven.guest("Lena")
    assert (await leuven.register(late))["state"] == "waiting"
    await leuven.offer_all()
    assert await leuven.states() == ["cancelled", "declined", "offered", "waiting"]


async def test_who_declined_may_register_again_at_the_end_of_the_line(leuven: Gathering) -> None:
    await leuven.publish(1)
    guests = await leuven.guests("Ewa", "Kadri", "Piotr")
    await leuven.act(*guests[0], "cancel")
    await leuven.offer_all()
    await leuven.act(*guests[1], "decline")
    assert (await leuven.register(guests[1][0]))["state"] == "waiting"
    (queued,) = [fact for fact in (await leuven.facts())[-1:] if fact.participle == "queued"]
    assert queued.body["position"] == 2


async def test_an_offer_without_an_answer_expires_after_two_days_and_not_before(leuven: Gathering) -> None:
    await leuven.publish(1)
    guests = await leuven.guests("Ewa", "Kadri", "Piotr")
    await leuven.act(*guests[0], "cancel")
    (vacancy,) = await leuven.vacancies("open")
    await leuven.ask(Vacancy.offer_place, vacancy)

    leuven.stage.clock.forward(timedelta(hours=47))
    assert (await leuven.ask(Vacancy.expire_offer, vacancy)).due_in == pytest.approx(3600)
    leuven.stage.clock.forward(timedelta(hours=2))
    refused = await guests[1][0].post(f"/api/v1/registrations/{guests[1][1]}/accept")
    assert (refused.status_code, refused.json()["slug"]) == (409, "too-late")
    assert (await leuven.ask(Vacancy.expire_offer, vacancy)).state == "open"
    assert (await leuven.ask(Vacancy.expire_offer, vacancy)).state == "open"
    await leuven.ask(Vacancy.offer_place, vacancy)
    assert await leuven.states() == ["cancelled", "offer_expired", "offered"]


async def test_an_offer_ends_at_the_latest_when_the_event_begins(leuven: Gathering) -> None:
    await leuven.publish(1)
    guests = await leuven.guests("Ewa", "Kadri")
    leuven.stage.clock.forward(
        timedelta(days=16)
    )  # 9 December, 9:00 UTC: 23 hours before the start in Leuven
    await leuven.act(*guests[0], "cancel")
    (vacancy,) = await leuven.vacancies("open")
    assert (await leuven.ask(Vacancy.offer_place, vacancy)).due_in == pytest.approx(23 * 3600)


async def test_an_offer_is_mentioned_once_more_at_half_time(leuven: Gathering) -> None:
    await leuven.publish(1)
    guests = await leuven.guests("Ewa", "Kadri")
    await leuven.act(*guests[0], "cancel")
    (vacancy,) = await leuven.vacancies("open")
    await leuven.ask(Vacancy.offer_place, vacancy)
    assert (await leuven.ask(Vacancy.remind, vacancy)).remind_in == pytest.approx(24 * 3600)
    leuven.stage.clock.forward(timedelta(hours=24))
    for _ in range(2):
        assert (await leuven.ask(Vacancy.remind, vacancy)).remind_in is None
    assert (await leuven.story("registration")).count("registration.reminded") == 1


async def test_a_place_that_nobody_waits_for_is_free_again(leuven: Gathering) -> None:
    await leuven.publish(1)
    guests = await leuven.guests("Ewa", "Kadri")
    await leuven.act(*guests[0], "cancel")
    (vacancy,) = await leuven.vacancies("open")
    await leuven.act(*guests[1], "cancel")
    for _ in range(2):
        assert (await leuven.ask(Vacancy.offer_place, vacancy)).state == "spent"
    assert await leuven.counted() == (1, 0, 0)
    assert (await leuven.register(await leuven.guest("Piotr")))["state"] == "confirmed"


async def test_no_vacancy_is_opened_when_nobody_waits(leuven: Gathering) -> None:
    await leuven.publish(2)
    guests = await leuven.guests("Ewa", "Kadri")
    await leuven.act(*guests[0], "cancel")
    assert await leuven.story("vacancy") == []
    assert await leuven.counted() == (2, 1, 0)


async def test_added_places_are_offered_to_those_who_wait_and_the_rest_is_free(leuven: Gathering) -> None:
    await leuven.publish(1)
    await leuven.guests("Ewa", "Kadri", "Piotr")
    added = await leuven.organiser.post(f"/api/v1/events/{leuven.event}/add-places", {"places": 5})
    assert added.status_code == 200, added.text
    assert await leuven.counted() == (6, 1, 2)
    await leuven.offer_all()
    assert await leuven.states() == ["confirmed", "offered", "offered"]
    assert (await leuven.register(await leuven.guest("Lena")))["state"] == "confirmed"


async def test_an_event_with_approval_decides_about_each_person(leuven: Gathering) -> None:
    await leuven.publish(1, approval=True)
    guests = await leuven.guests("Ewa", "Kadri", "Piotr")
    assert await leuven.states() == ["pending"] * 3
    await leuven.act(leuven.organiser, guests[2][1], "admit")
    await leuven.act(leuven.organiser, guests[0][1], "admit")
    await leuven.act(leuven.organiser, guests[1][1], "reject")
    assert await leuven.states() == ["waiting", "rejected", "confirmed"]


async def test_a_cancelled_event_takes_registrations_and_vacancies_with_it(leuven: Gathering) -> None:
    await leuven.publish(2)
    guests = await leuven.guests("Ewa", "Kadri", "Piotr", "Lena", "Tom")
    await leuven.act(*guests[0], "cancel")
    await leuven.act(*guests[1], "cancel")
    await leuven.ask(Vacancy.offer_place, (await leuven.vacancies("open"))[0])
    answer = await leuven.organiser.post(f"/api/v1/events/{leuven.event}/cancel")
    assert answer.status_code == 200, answer.text
    assert await leuven.states() == ["cancelled"] * 5
    assert await leuven.vacancies("spent") != []
    assert await leuven.counted() == (2, 0, 0)
    cancelled = next(fact for fact in await leuven.facts("event") if fact.participle == "cancelled")
    assert cancelled.wakes == (f"event/{leuven.event}",)
    beside = [fact for fact in await leuven.facts() if fact.causation == cancelled.id]
    assert sorted(fact.aggregate for fact in beside) == ["registration"] * 3 + ["vacancy"] * 2
    assert (await leuven.ask(Event.standing)).open is False


async def test_who_has_no_place_when_the_event_begins_waits_no_more(leuven: Gathering) -> None:
    await leuven.publish(2)
    guests = await leuven.guests("Ewa", "Kadri", "Piotr", "Lena")
    await leuven.act(*guests[0], "cancel")
    (vacancy,) = await leuven.vacancies("open")
    await leuven.ask(Vacancy.offer_place, vacancy)
    await leuven.play_to_end()
    assert await leuven.states() == ["cancelled", "confirmed", "cancelled", "cancelled"]
    assert [fact.body["by"] for fact in await leuven.facts() if fact.participle == "cancelled"] == [
        "person", "start", "start",
    ]  # fmt: skip
    assert (await leuven.ask(Vacancy.expire_offer, vacancy)).state == "spent"
    assert await leuven.counted() == (2, 1, 0)


async def test_a_vacancy_of_an_event_that_has_begun_is_spent_even_if_nobody_started_it(
    leuven: Gathering,
) -> None:
    await leuven.publish(1)
    guests = await leuven.guests("Ewa", "Kadri")
    await leuven.act(*guests[0], "cancel")
    (vacancy,) = await leuven.vacancies("open")
    leuven.stage.clock.forward(timedelta(days=30))
    assert (await leuven.ask(Vacancy.offer_place, vacancy)).state == "spent"
    assert (await leuven.facts("vacancy"))[-1].body == {"reason": "event_over"}
