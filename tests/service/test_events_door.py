"""The door: who is let in by which code, once a day, and who counts as absent."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import FreshDatabase
from tests.people import Person
from tests.service.gathering import Gathering, gathering


@pytest.fixture
async def leuven(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Gathering]:
    async with gathering(await fresh_database("events"), tmp_path) as played:
        await played.publish(2)
        yield played


async def code_of(guest: tuple[Person, str]) -> str:
    return (await guest[0].get(f"/api/v1/registrations/{guest[1]}")).json()["code"]


async def recorded(leuven: Gathering, **said: Any) -> tuple[int, str]:
    answer = await leuven.organiser.post("/api/v1/attendances", {"event": leuven.event, **said})
    return answer.status_code, answer.json().get("slug", "")


async def test_a_code_lets_its_holder_in_once_a_day(leuven: Gathering) -> None:
    ewa, kadri = await leuven.guests("Ewa", "Kadri")
    code = await code_of(ewa)
    assert code != await code_of(kadri)
    leuven.stage.clock.forward(timedelta(days=17))
    assert await recorded(leuven, code=code) == (201, "")
    assert await recorded(leuven, code=code) == (409, "attendance-once")
    leuven.stage.clock.forward(timedelta(days=1))
    assert await recorded(leuven, code=code) == (201, "")
    first, second = await leuven.facts("attendance")
    assert first.body["day"] == "2026-12-10"
    assert second.body["day"] == "2026-12-11"
    assert (str(first.case), first.body["how"], first.body["present"]) == (ewa[1], "code", True)


async def test_a_code_is_read_as_people_write_it(leuven: Gathering) -> None:
    (ewa,) = await leuven.guests("Ewa")
    code = await code_of(ewa)
    leuven.stage.clock.forward(timedelta(days=17))
    written = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert await recorded(leuven, code=f" {written} ") == (201, "")


async def test_two_scans_of_one_code_at_once_are_one_attendance(leuven: Gathering) -> None:
    (ewa,) = await leuven.guests("Ewa")
    code = await code_of(ewa)
    leuven.stage.clock.forward(timedelta(days=17))
    told = await asyncio.gather(*(recorded(leuven, code=code) for _ in range(6)))
    assert sorted(told) == [(201, "")] + [(409, "attendance-once")] * 5


@pytest.mark.parametrize(
    ("days", "said", "status", "slug"),
    [
        (17, {}, 422, "code-missing"),
        (17, {"code": "0000-0000"}, 422, "code-unknown"),
        (3, {"code": "own"}, 409, "check-in-too-early"),
        (17, {"code": "own", "day": "2026-12-11"}, 409, "check-in-too-early"),
        (17, {"code": "own", "day": "2026-12-09"}, 422, "not-a-day-of-the-event"),
        (17, {"code": "cancelled"}, 409, "code-without-place"),
    ],
)
async def test_who_is_not_let_in_and_why(
    leuven: Gathering, days: int, said: dict[str, str], status: int, slug: str
) -> None:
    ewa, kadri = await leuven.guests("Ewa", "Kadri")
    codes = {"own": await code_of(ewa), "cancelled": await code_of(kadri)}
    await leuven.act(*kadri, "cancel")
    leuven.stage.clock.forward(timedelta(days=days))
    given = {**said, **({"code": codes.get(said["code"], said["code"])} if "code" in said else {})}
    assert await recorded(leuven, **given) == (status, slug)
    assert await leuven.facts("attendance") == []


async def test_a_code_of_another_event_opens_nothing_here(leuven: Gathering) -> None:
    (ewa,) = await leuven.guests("Ewa")
    code = await code_of(ewa)
    await leuven.publish(2)
    leuven.stage.clock.forward(timedelta(days=17))
    assert await recorded(leuven, code=code) == (422, "code-unknown")


async def test_only_organisers_check_in(leuven: Gathering) -> None:
    (ewa,) = await leuven.guests("Ewa")
    body = {"event": leuven.event, "code": await code_of(ewa)}
    leuven.stage.clock.forward(timedelta(days=17))
    assert (await ewa[0].post("/api/v1/attendances", body)).status_code == 404
    assert (await ewa[0].open(f"/events/{leuven.event}/check-in")).status_code == 404


async def test_a_paper_list_may_be_entered_until_the_event_is_closed(leuven: Gathering) -> None:
    (ewa,) = await leuven.guests("Ewa")
    await leuven.play_to_end()
    assert await recorded(leuven, registration=ewa[1], day="2026-12-10") == (201, "")
    assert (await leuven.facts("attendance"))[-1].body["how"] == "list"
    results = (await leuven.organiser.get(f"/api/v1/events/{leuven.event}/results")).json()
    assert results["present"] == {"2026-12-10": 1, "2026-12-11": 0}


async def test_who_has_a_place_and_was_not_seen_is_absent_and_nobody_wrote_it(leuven: Gathering) -> None:
    guests = await leuven.guests("Ewa", "Kadri", "Piotr")
    leuven.stage.clock.forward(timedelta(days=17))
    assert await recorded(leuven, code=await code_of(guests[0])) == (201, "")
    results = (await leuven.organiser.get(f"/api/v1/events/{leuven.event}/results")).json()
    assert (results["registered"], results["attended"], results["absent"]) == (2, 1, 1)
    assert len(await leuven.facts("attendance")) == 1
