"""The list of a call's applications: for its officers, by standing, page by page in as many statements each time."""

import io
import json
from collections.abc import AsyncGenerator
from datetime import datetime
from pathlib import Path

import pytest
from jsonschema_rs import Draft202012Validator
from python_calamine import CalamineWorkbook

from contracts import asks, organisation
from contracts.ids import new_id
from tests.conftest import FreshDatabase
from tests.facts import a_fact
from tests.people import MONDAY
from tests.service.applying import Applying, applying
from tests.service.counting import statements

STANDARD = Path(__file__).with_name("awards.schema.json")
"""What the 360Giving Data Standard asks of a package of grants, and nothing that it does not know. Stricter where we
write less: one recipient, which is an organisation; one funder; euro; days without an hour."""


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


async def granted(desk: Applying, key: str) -> None:
    """One more application that goes all the way to its last signature."""
    await desk.begin(key)
    await desk.fill()
    assert (await desk.act(desk.ewa, "submit")).status_code == 200
    await desk.step(asks.Application.check_eligibility)
    assert (await desk.act(desk.officer, "select")).status_code == 200
    await desk.step(asks.Application.award)
    for who in (desk.ewa, desk.officer, desk.payer):
        assert (await desk.sign(who)).status_code == 200


async def test_open_data_asks_as_often_for_many_grants_as_for_one(desk: Applying) -> None:
    counted: dict[str, list[int]] = {
        f"/api/v1/calls/{desk.call}/awards": [],
        f"/calls/{desk.call}/awards.json": [],
    }
    for keys in (("one",), ("two", "three", "four")):
        for key in keys:
            await granted(desk, key)
        for path, counts in counted.items():
            with statements(desk.stage.service.database) as sent:
                assert (await desk.officer.get(path)).status_code == 200
            counts.append(len(sent))
    assert all(few == many for few, many in counted.values()), counted


async def test_grants_are_open_data_and_their_reports_are_listed(desk: Applying) -> None:
    at = f"/calls/{desk.call}"
    assert (await desk.officer.get(f"/api/v1{at}/awards")).json()["slug"] == "no-awards"
    await desk.begin("not granted")
    await desk.fill()
    await desk.act(desk.ewa, "submit")
    await granted(desk, "granted")
    lines = (await desk.officer.open(f"{at}/reports.csv")).text.splitlines()
    assert len(lines) == 2 and "Helixon" in lines[1] and "A text" in lines[1]
    numbered = organisation.Described(
        name="Helixon", kind="sme", town="Kraków", country="PL", latitude=50.06, longitude=19.94,
        identity=desk.helixon, registration_number="KRS0000123456",
    )  # fmt: skip
    await desk.stage.hear(a_fact(numbered, desk.helixon, 2))
    package = (await desk.officer.get(f"/api/v1{at}/awards")).json()
    Draft202012Validator(json.loads(STANDARD.read_text())).validate(package)
    (grant,) = package["grants"]
    case = (await desk.ewa.get(f"/api/v1/applications/{desk.case}")).json()
    assert grant["amountAwarded"] == case["amount_cents"] / 100
    assert grant["awardDate"] == f"{MONDAY:%Y-%m-%d}"
    assert grant["recipientOrganization"][0]["id"] == "PL-KRS-0000123456"
    assert grant["fundingOrganization"][0]["name"] == "Klaster"
    file = await desk.officer.open(f"{at}/awards.json")
    assert file.json() == package
    assert file.headers["content-type"] == "application/json" and file.content.decode("utf-8").startswith("{")
    abroad = organisation.Described(
        name="Helixon", kind="sme", town="Prishtina", country="XK", latitude=42.66, longitude=21.17,
        identity=desk.helixon,
    )  # fmt: skip
    await desk.stage.hear(a_fact(abroad, desk.helixon, 3))
    unassigned = (await desk.officer.get(f"/api/v1{at}/awards")).json()
    Draft202012Validator(json.loads(STANDARD.read_text())).validate(unassigned)
    assert unassigned["grants"][0]["recipientOrganization"][0]["location"] == [{"name": "Prishtina"}]
    assert not any(name in file.text for name in ("Ewa", "Jan", "Piotr", "Adam"))
    for path in (f"/api/v1{at}/awards", f"{at}/awards.json"):
        assert (await desk.ewa.get(path)).status_code == 404, "officers say where it is published"
