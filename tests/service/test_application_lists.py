"""The list of a call's applications: for its officers, by standing, page by page in as many statements each time."""

import io
from collections.abc import AsyncGenerator
from datetime import datetime
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from contracts import asks
from contracts.ids import new_id
from tests.conftest import FreshDatabase
from tests.service.applying import Applying, applying
from tests.service.counting import statements


@pytest.fixture
async def desk(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Applying]:
    async with applying(await fresh_database("applications"), tmp_path) as played:
        await played.publish_call()
        yield played


async def submitted(desk: Applying, number: int) -> list[str]:
    ids: list[str] = []
    for _ in range(number):
        ids.append(await desk.begin(str(new_id())))
        await desk.fill()
        assert (await desk.act(desk.ewa, "submit")).status_code == 200
    return ids


async def test_officers_list_what_was_submitted_by_standing_and_page_by_page(desk: Applying) -> None:
    await desk.begin("a draft")
    ids = await submitted(desk, 4)
    await desk.step(asks.Application.check_eligibility)
    path = f"/api/v1/calls/{desk.call}/applications"
    rows = (await desk.officer.get(path)).json()
    assert [row["id"] for row in rows] == sorted(ids), "no draft is listed"
    first = (await desk.officer.get(f"{path}?limit=3")).json()
    rest = (await desk.officer.get(f"{path}?limit=3&after={first[-1]['id']}")).json()
    assert [row["id"] for row in first + rest] == sorted(ids)
    assert [row["id"] for row in (await desk.officer.get(f"{path}?state=in_review")).json()] == [ids[-1]]
    for state in ("draft", "nothing"):
        assert (await desk.officer.get(f"{path}?state={state}")).json()["slug"] == "no-such-state"
    assert (await desk.ewa.get(path)).status_code == 404


async def test_a_page_takes_as_many_statements_for_many_as_for_one(desk: Applying) -> None:
    counted: list[int] = []
    for number in (1, 4):
        await submitted(desk, number)
        with statements(desk.stage.service.database) as sent:
            page = await desk.officer.open(f"/calls/{desk.call}/applications")
        assert page.status_code == 200 and "Helixon" in page.text
        counted.append(len(sent))
    assert counted[0] == counted[1]


async def test_the_list_can_be_saved_as_it_is_narrowed(desk: Applying) -> None:
    await submitted(desk, 3)
    await desk.step(asks.Application.check_eligibility)
    at = f"/calls/{desk.call}/applications"
    narrowed = (await desk.officer.open(f"{at}?state=submitted")).text
    assert f"{at}.csv?state=submitted" in narrowed
    sheet = (await desk.officer.open(f"{at}.csv?state=submitted")).text.splitlines()
    assert sheet[0].startswith("Case,Applicant,Amount in EUR,Submitted,Standing,") and len(sheet) == 3
    book = CalamineWorkbook.from_filelike(io.BytesIO((await desk.officer.open(f"{at}.xlsx")).content))
    number, applicant, amount, at_time, *_rest = book.get_sheet_by_index(0).to_python()[1]
    assert str(number).startswith("GR-") and applicant == "Helixon"
    assert isinstance(amount, int | float) and isinstance(at_time, datetime), "a sum and a moment, no texts"
    assert (await desk.officer.open(f"{at}.pdf")).content.startswith(b"%PDF")
    assert (await desk.officer.open(f"{at}.exe")).status_code == 404
    assert (await desk.officer.open(f"{at}.csv?state=nothing")).status_code == 422
    for what in ("applications", "assessments", "reports"):
        assert (await desk.ewa.open(f"/calls/{desk.call}/{what}.csv")).status_code == 404


async def test_reports_that_are_due_can_be_saved(desk: Applying) -> None:
    await desk.play_to_award()
    for who in (desk.ewa, desk.officer, desk.payer):
        assert (await desk.sign(who)).status_code == 200
    lines = (await desk.officer.open(f"/calls/{desk.call}/reports.csv")).text.splitlines()
    assert len(lines) == 2 and "Helixon" in lines[1] and "A text" in lines[1]
