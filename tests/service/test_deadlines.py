"""What-if on deadlines: it says what comes, also under a change; it changes nothing; applied, dates move later only."""

from collections.abc import AsyncGenerator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from contracts import asks
from contracts.application import APPLICATION
from contracts.stage import STAGE
from contracts.tables import SYSTEM
from contracts.words.coming import COMING
from services.applications.deadlines.rehearsing import AT_ONCE, SILENCE
from tests.conftest import FreshDatabase
from tests.service.applying import TEXT, Applying, applying

CHECK = {"key": "look", "kind": "check", "title": TEXT, "holder": "VOP", "days": 5, "silence": "refuse"}
DECIDE = {"key": "decide", "kind": "decision", "title": TEXT, "holder": "VOP", "days": 10}


@pytest.fixture
async def desk(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Applying]:
    async with applying(await fresh_database("applications"), tmp_path) as played:
        yield played


async def reviewed(desk: Applying) -> None:
    """One application in review; it is Monday 23 November 2026."""
    stages = [
        {"key": f"stage_{n}", "title": TEXT, "tracks": [track]} for n, track in enumerate((CHECK, DECIDE))
    ]
    await desk.publish_call(stages=stages)
    await desk.begin()
    await desk.fill()
    await desk.act(desk.ewa, "submit")
    assert (await desk.step(asks.Application.check_eligibility)).state == "in_review"


async def ask(desk: Applying, **change: Any) -> dict[str, Any]:
    answer = await desk.officer.post(f"/api/v1/calls/{desk.call}/what-if", change)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def everything(desk: Applying) -> list[Any]:
    async with desk.stage.database.transaction() as tx:
        return [
            (await tx.execute(text(f"select * from {table} order by 1"))).all()
            for table in ("applications", "stages", "outbox", "unpublished")
        ]


def days(course: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["at"][:10], one["fact"]) for one in course["events"]]


async def test_what_comes_when_nobody_acts_and_what_a_closed_week_changes(desk: Applying) -> None:
    await reviewed(desk)
    before = await everything(desk)
    closed = [f"2026-11-{day}" for day in (24, 25, 26)]
    found = (await ask(desk, closed=closed))["cases"][0]
    assert days(found["now"]) == [
        ("2026-11-25", "stage.reminded"),
        ("2026-11-28", "stage.reminded"),
        ("2026-11-30", "stage.refused"),
        ("2026-11-30", "application.rejected"),
        ("2026-12-14", "application.finalised"),
    ]
    assert (found["now"]["due_at"][:10], found["then"]["due_at"][:10]) == ("2026-11-30", "2026-12-03")
    assert days(found["then"])[2:] == [
        ("2026-12-03", "stage.refused"),
        ("2026-12-03", "application.rejected"),
        ("2026-12-17", "application.finalised"),
    ]
    assert await everything(desk) == before


async def test_a_change_of_days_and_of_the_schemes_clocks(desk: Applying) -> None:
    await reviewed(desk)
    found = (await ask(desk, days={"look": 8}, terms={"appeal_days": 30}))["cases"][0]
    assert days(found["then"])[-2:] == [
        ("2026-12-03", "application.rejected"),
        ("2027-01-02", "application.finalised"),
    ]
    unknown = await desk.officer.post(f"/api/v1/calls/{desk.call}/what-if", {"days": {"nothing": 3}})
    assert (unknown.status_code, unknown.json()["slug"]) == (422, "what-if-unknown")
    assert (await desk.ewa.post(f"/api/v1/calls/{desk.call}/what-if", {})).status_code == 404


async def test_of_finished_tasks_it_counts_those_that_would_have_been_late(desk: Applying) -> None:
    await reviewed(desk)
    desk.stage.clock.forward(timedelta(days=3))
    stage = (await desk.officer.get(f"/api/v1/applications/{desk.case}/stages")).json()[0]["id"]
    assert (
        await desk.officer.post(f"/api/v1/stages/{stage}/judge", {"favourable": "yes"})
    ).status_code == 200
    await desk.step(asks.Application.close_stage)
    assert (await ask(desk, days={"look": 2}))["finished"] == {"total": 1, "late_now": 0, "late_then": 1}
    assert (await ask(desk, days={"look": 3}))["finished"]["late_then"] == 0


async def test_applying_moves_open_tasks_later_only_with_a_reason(desk: Applying) -> None:
    await reviewed(desk)
    path = f"/api/v1/calls/{desk.call}/move-deadlines"
    assert (await desk.officer.post(path, {"days": {"look": 9}})).status_code == 422, "a reason is needed"
    earlier = (await desk.officer.post(path, {"days": {"look": 2}, "reason": "more_time"})).json()
    assert [(one["ok"], one["slug"]) for one in earlier] == [(False, "date-later-only")]
    given = {"days": {"look": 9}, "reason": "more_time"}
    moved = (await desk.officer.post(path, given, "click")).json()
    assert [(one["ok"], one["due_at"][:10]) for one in moved] == [(True, "2026-12-04")]
    stage = (await desk.officer.get(f"/api/v1/applications/{desk.case}/stages")).json()[0]
    assert datetime.fromisoformat(stage["due_at"]) == datetime.fromisoformat(moved[0]["due_at"])
    standing = await desk.step(asks.Application.standing)
    assert standing.due_in and standing.due_in > 10 * 24 * 3600


def test_whatever_silence_brings_is_said_before_it_happens() -> None:
    steps = {step.name for step in (*AT_ONCE.values(), *SILENCE.values(), asks.Application.remind)}
    rows = [act for act in APPLICATION.acts if f"application.{act.name}" in steps]
    tasks = [act for act in STAGE.acts if act.who == SYSTEM or act.name == "void"]
    facts = [
        (table, end.fact)
        for table, acts in ((APPLICATION, rows), (STAGE, tasks))
        for act in acts
        for end in act.ends
    ]
    assert {".".join(table.type_of(fact).split(".")[1:3]) for table, fact in facts} == COMING.keys()


async def test_the_page_shows_both_and_applies_by_one_button(desk: Applying) -> None:
    await reviewed(desk)
    path = f"/calls/{desk.call}/deadlines"
    plain = (await desk.officer.open(path)).text
    assert "Move the due dates" not in plain and "Monday 30 November" in plain
    assert COMING["application.rejected"] in plain
    changed = (await desk.officer.open(f"{path}?closed=2026-11-24+2026-11-25&days-look=5")).text
    assert "Wednesday 2 December" in changed and "Move the due dates" in changed
    assert "Monday 30 November" in changed, "the present deadline stands beside the changed one"
    both = [line for line in changed.splitlines() if COMING["stage.reminded"] in line]
    assert len(both) >= 2, "reminders and the end of the time are told of the task, under both"
    wrong = await desk.officer.open(f"{path}?closed=soon")
    assert wrong.status_code == 422 and "2026-12-24" in wrong.text and ">soon</textarea>" in wrong.text
    written = (await desk.officer.open(f"{path}?closed=24.11.2026+25.11.2026&days-look=5")).text
    assert "Wednesday 2 December" in written, "days as people write them"
    form = {"closed": "2026-11-24 2026-11-25", "days-look": "5", "reason": "more_time"}
    without = await desk.officer.send(path, {**form, "reason": ""})
    assert without.status_code == 422 and "Choose why the dates are moved" in without.text
    applied = await desk.officer.send(path, form)
    assert applied.status_code == 200 and "1 of 1 due dates were moved" in applied.text
    assert (await desk.ewa.open(path)).status_code == 404
