"""Tables are read, shown and recorded row by row; records of one legal person are found and merged."""

import io
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from contracts.application import Submitted
from contracts.ids import new_id
from services.directory.duplicates import plainly
from services.directory.sheets import LARGEST
from tests.conftest import FreshDatabase
from tests.facts import a_fact, deliver, said
from tests.people import Person
from tests.service.house import CE4BIG, CELIS, House, house
from tests.service.mailing import sample

ORGANISATIONS = """name;kind;town;registration_number;cluster
Medolab Sp. z o.o.;sme;Kraków, PL;123456785;Klaster LifeScience Kraków
Biosens;sme;Kraków, PL;123;
Klaster Life Science Krakow;cluster;Kraków, PL;;
Medolab Sp. z o.o.;sme;Kraków, PL;123456785;Klaster LifeScience Kraków
"""


@pytest.fixture
async def home(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[House]:
    async with house(await fresh_database("directory"), tmp_path) as played:
        yield played


async def upload(
    who: Person, kind: str, content: str | bytes, name: str = "table.csv", partnership: Any = CE4BIG
) -> Any:
    data = content.encode() if isinstance(content, str) else content
    return await who.send_file("/api/v1/imports", {"kind": kind, "partnership": str(partnership)}, name, data)


def workbook(*rows: tuple[Any, ...]) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return target.getvalue()


async def test_a_table_is_shown_first_and_recorded_row_by_row(home: House) -> None:
    officer = home.person("ce4big-officer")
    before = len(await said(home.database, ["relais.directory"]))
    answer = await upload(officer, "organisations", ORGANISATIONS)
    assert answer.status_code == 201, answer.text
    shown = answer.json()
    assert [row["verdict"] for row in shown["rows"]] == ["good", "wrong", "alike", "known"]
    assert "registration number" in shown["rows"][1]["note"]
    assert shown["rows"][2]["note"] == "Klaster LifeScience Kraków"
    assert len(await said(home.database, ["relais.directory"])) == before, "nothing is recorded yet"
    page = await officer.open(f"/imports/{shown['id']}")
    assert "alike, look first" in page.text
    assert (await home.person("celis-officer").open(f"/imports/{shown['id']}")).status_code == 404
    for _ in range(2):
        done = (await officer.post(f"/api/v1/imports/{shown['id']}/record")).json()
        assert [row["result"] for row in done["rows"]] == ["recorded", None, None, None]
    facts = (await said(home.database, ["relais.directory"]))[before:]
    assert [fact.type for fact in facts] == ["relais.organisation.registered.v1"], "once, however often asked"
    assert facts[0].body["cluster"] is not None
    assert facts[0].actor == str(officer.id)
    again = (await upload(officer, "organisations", ORGANISATIONS)).json()
    assert [row["verdict"] for row in again["rows"]] == ["known", "wrong", "alike", "known"]


async def test_a_table_is_read_as_people_write_it(home: House) -> None:
    officer = home.person("ce4big-officer")
    await home.registered("Ewa")
    table = "Name;KIND;Town;Cluster\nGenovia;SME;gdansk, pl;klaster lifescience krakow\n\nLab;laboratory;Kraków, PL;\n"
    shown = (await upload(officer, "organisations", table)).json()
    assert [(row["verdict"], row["row"]) for row in shown["rows"]] == [("good", 2), ("wrong", 4)]
    assert "one of cluster (Cluster organisation), network" in shown["rows"][1]["note"]
    await officer.post(f"/api/v1/imports/{shown['id']}/record")
    assert "Genovia" in (await officer.open("/organisations")).text, "who imported it finds it"
    assert "Genovia" not in (await home.person("celis-officer").open("/organisations")).text
    head = "organisation;contact;side;activities;first_day;last_day;motivation\n"
    row = "GENOVIA;ewa@helixon.example;As visitor;Networking;1.3.2027;30/06/2027;We want to learn.\n"
    taking = (await upload(officer, "registrations", head + row)).json()
    assert taking["rows"][0]["verdict"] == "good", taking
    await officer.post(f"/api/v1/imports/{taking['id']}/record")
    (listed,) = (await officer.get("/api/v1/participations")).json()
    assert (listed["side"], listed["first_day"], listed["last_day"]) == (
        "visitor",
        "2027-03-01",
        "2027-06-30",
    )
    page = (await officer.open("/imports")).text
    assert "sme (Small or medium-sized enterprise)" in page
    assert "a day, such as 2027-03-31 or 31.3.2027" in page
    wrong = await officer.send_file(
        "/imports", {"kind": "people", "partnership": str(CE4BIG)}, "table.csv", b"name;town\nA;B\n"
    )
    assert wrong.status_code == 422 and '<option value="people" selected>' in wrong.text


async def test_rows_of_one_table_are_compared_with_those_above(home: House) -> None:
    officer = home.person("ce4big-officer")
    table = """name;kind;town;registration_number
Medolab Sp. z o.o.;sme;Kraków, PL;
MÉDOLAB;sme;Kraków, PL;
Biosens;sme;Kraków, PL;123456785
Another name;sme;Łódź, PL;123456785
"""
    rows = (await upload(officer, "organisations", table)).json()["rows"]
    assert [row["verdict"] for row in rows] == ["good", "alike", "good", "known"]
    assert (rows[1]["note"], rows[3]["note"]) == ("row 2: Medolab Sp. z o.o.", "row 4: Biosens")


async def test_people_and_registrations_come_from_a_workbook(home: House) -> None:
    officer = home.person("ce4big-officer")
    people = workbook(("Name", "Email", "Language"), ("Adam Wilk", "adam@medolab.example", "pl"),
                      ("Jan K.", "JAN.KOWAL@ce4big.example", "en"), ("No address", "nowhere", "en"))  # fmt: skip
    shown = (await upload(officer, "people", people, "people.xlsx")).json()
    assert [row["verdict"] for row in shown["rows"]] == ["good", "known", "wrong"]
    await officer.post(f"/api/v1/imports/{shown['id']}/record")
    ewa = await home.registered("Ewa")
    number = "123456785"
    await home.organisation(ewa, registration_number=number)
    head = ("organisation", "contact", "side", "activities", "motivation")
    table = workbook(
        head,
        (
            float(number),
            "adam@medolab.example",
            "host",
            "networking; innovation",
            "They want to host visitors.",
        ),
        ("Nobody Ltd", "adam@medolab.example", "host", "networking", "They want to host visitors."),
        ("Helixon", "adam@medolab.example", "host", "dancing", "They want to host visitors."),
    )
    shown = (await upload(officer, "registrations", table, "registrations.xlsx")).json()
    assert [row["verdict"] for row in shown["rows"]] == ["good", "wrong", "wrong"]
    assert "Nobody Ltd" in shown["rows"][1]["note"]
    done = (await officer.post(f"/api/v1/imports/{shown['id']}/record")).json()
    assert done["rows"][0]["result"] == "recorded"
    listed = (await officer.get("/api/v1/participations")).json()
    assert [(one["organisation_name"], one["activities"]) for one in listed] == [
        ("Helixon", ["networking", "innovation"])
    ]


@pytest.mark.parametrize(
    ("content", "slug"),
    [
        ("name;kind;town\n", "import-empty"),
        ("name;kind;country\nA;sme;PL\n", "import-columns"),
        ("name;name;kind\nA;B;sme\n", "import-columns-twice"),
        (b"PK\x03\x04 no workbook", "import-unreadable"),
        (b"name;kind\0;town\nA;sme;x\n", "import-unreadable"),
        ("name;kind;town\n" + "A;sme;x\n" * 2001, "import-too-long"),
        (b"x" * (LARGEST + 1), "import-too-large"),
    ],
)
async def test_what_is_no_such_table_is_refused_whole(home: House, content: str | bytes, slug: str) -> None:
    answer = await upload(home.person("ce4big-officer"), "organisations", content)
    assert (answer.status_code, answer.json()["slug"]) == (422, slug)


async def test_only_officers_and_coordinators_import_and_only_for_their_partnership(home: House) -> None:
    ewa = await home.registered("Ewa")
    assert (await ewa.open("/imports")).status_code == 404
    for who in (ewa, home.person("ce4big-officer")):
        assert (
            await upload(who, "people", "name;email\nA B;a@b.example\n", partnership=CELIS)
        ).status_code == 403


@pytest.mark.parametrize(
    ("one", "other"),
    [("Médolab Sp. z o.o.", "MEDOLAB"), ("Bio-Sens GmbH", "biosens"), ("Łódź Bio S.A.", "Lodz BIO SA")],
)
def test_names_are_compared_without_accents_signs_and_legal_form(one: str, other: str) -> None:
    assert plainly(one) == plainly(other)


async def two(home: House) -> tuple[Person, str, str]:
    """The same enterprise, registered twice by two people with two partnerships."""
    ewa, adam = await home.registered("Ewa"), await home.registered("Adam")
    first = await home.organisation(ewa, name="Helixon Sp. z o.o.")
    second = await home.organisation(adam, name="HELIXON", registration_number="123456785")
    assert (await home.submit(ewa, first)).status_code == 201
    assert (await home.submit(adam, second)).status_code == 201
    return home.person("ce4big-coordinator"), first, second


async def test_a_merge_shows_its_effects_unites_the_identity_and_can_be_taken_back(home: House) -> None:
    coordinator, first, second = await two(home)
    page = await coordinator.open(f"/organisations/{first}/merge?into={second}")
    assert "HELIXON" in page.text and "counts for both together" in page.text and "123456785" in page.text
    assert (await home.person("celis-coordinator").open(f"/organisations/{first}/merge")).status_code == 404
    beside = (await coordinator.open(f"/organisations/{second}")).text
    assert "Perhaps the same" in beside and f"/organisations/{second}/merge?into={first}" in beside
    assert (
        "Perhaps the same" not in (await home.person("ce4big-officer").open(f"/organisations/{second}")).text
    )
    merged = await coordinator.post(f"/api/v1/organisations/{first}/merge", {"into": second})
    assert (merged.status_code, merged.json()["state"]) == (200, "merged")
    for one, other in ((first, second), (second, first)):
        assert f'href="/organisations/{other}"' in (await coordinator.open(f"/organisations/{one}")).text
    fact = (await said(home.database, ["relais.directory"]))[-1]
    assert (fact.body["into"], fact.body["identity"]) == (second, second)
    twice = await coordinator.post(f"/api/v1/organisations/{second}/merge", {"into": first})
    assert twice.json()["slug"] == "merge-unknown"
    back = await coordinator.post(f"/api/v1/organisations/{first}/unmerge")
    assert back.json()["state"] == "registered"
    assert (await coordinator.get(f"/api/v1/organisations/{first}")).json()["identity"] == first


async def test_a_merge_stays_once_a_case_rests_on_it(home: House) -> None:
    coordinator, first, second = await two(home)
    await coordinator.post(f"/api/v1/organisations/{first}/merge", {"into": second})
    case = a_fact(sample(Submitted, visitor=second, host=new_id()), time=home.clock.moment().now)
    await deliver(home.service.reader, home.database, case)
    back = await coordinator.post(f"/api/v1/organisations/{first}/unmerge")
    assert (back.status_code, back.json()["slug"]) == (409, "merge-in-use")
