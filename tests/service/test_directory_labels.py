"""Labels of clusters: applied for, recorded by a stranger, reminded of, expired, lapsed, renewed without a gap."""

from collections.abc import AsyncGenerator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from contracts.ids import named_id
from services.directory.recognition import end_of_month, months_later
from tests.conftest import FreshDatabase
from tests.facts import said
from tests.people import Person
from tests.service.house import KRAKOW, House, house

CERTIFICATE = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
async def home(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[House]:
    async with house(await fresh_database("directory"), tmp_path) as played:
        yield played


async def act(who: Person, path: str, body: Any = None) -> tuple[int, str]:
    answer = await who.post(f"/api/v1/recognitions{path}", body)
    return answer.status_code, answer.json().get("slug") or answer.json()["state"]


async def certificate(home: House) -> str:
    """Sent by the officer of the Kraków cluster's partnership."""
    officer = home.person("ce4big-officer")
    return (await officer.upload("/api/v1/recognitions/files", "silver.pdf", CERTIFICATE)).json()["id"]


async def awarded(home: House, on: str = "2026-11-03") -> str:
    """The certificate of the silver that the Kraków cluster reports, recorded by the officer of its partnership."""
    id = str(named_id("recognition", "Klaster LifeScience Kraków"))
    given = {"awarded_on": on, "certificate": await certificate(home), "score": 84}
    assert await act(home.person("ce4big-officer"), f"/{id}/award", given) == (200, "awarded")
    return id


async def label(home: House, id: str) -> dict[str, Any]:
    return (await home.person("krakow-payer").get(f"/api/v1/recognitions/{id}")).json()


async def reminders(home: House) -> list[int]:
    facts = await said(home.database, ["relais.directory"])
    return [fact.body["months"] for fact in facts if fact.type == "relais.recognition.reminded.v1"]


async def test_an_award_is_recorded_by_an_officer_of_another_organisation(home: House) -> None:
    owner, officer = home.person("krakow-payer"), home.person("ce4big-officer")
    claimed = {"organisation": str(KRAKOW), "label": "ECEI/gold"}
    made = await owner.post("/api/v1/recognitions", claimed)
    id, given = made.json()["id"], {"awarded_on": "2026-11-03", "certificate": await certificate(home)}
    assert await act(owner, f"/{id}/award", given) == (403, "not-your-role")
    assert await act(home.person("celis-officer"), f"/{id}/award", given) == (404, "not-found")
    assert await act(officer, f"/{id}/award", {**given, "awarded_on": "2027-01-01"}) == (422, "award-ahead")
    page = await officer.open(f"/recognitions/{id}")
    assert "Your move: record the award" in page.text
    assert await act(officer, f"/{id}/award", given) == (200, "awarded")
    assert (await label(home, id))["valid_until"] == "2028-11-30", "two years, to the end of the month"
    assert await act(owner, "", claimed) == (409, "label-once")
    invited = {"organisation": str(KRAKOW), "email": "jan.kowal@ce4big.example", "role": "editor"}
    membership = (await owner.post("/api/v1/memberships", invited)).json()["id"]
    await officer.post(f"/api/v1/memberships/{membership}/accept")
    assert await act(officer, f"/{id}/renew", given) == (403, "own-organisation")


async def test_a_label_holds_by_its_date_before_the_sweep_has_looked(home: House) -> None:
    """An old certificate is recorded; a certificate renews it once."""
    owner, officer = home.person("krakow-payer"), home.person("ce4big-officer")
    claimed = {"organisation": str(KRAKOW), "label": "ECEI/gold"}
    id = (await owner.post("/api/v1/recognitions", claimed)).json()["id"]
    given = {"awarded_on": "2024-06-10", "certificate": await certificate(home)}
    assert await act(officer, f"/{id}/award", given) == (200, "awarded")
    assert (await label(home, id))["validity"] == "expired"
    assert "expired, renewable until" in (await officer.open(f"/recognitions/{id}")).text
    assert await act(officer, f"/{id}/renew", given) == (422, "renewed-before-award")
    assert await act(officer, f"/{id}/renew", {**given, "awarded_on": "2026-07-01"}) == (200, "awarded")
    assert (await label(home, id))["validity"] == "valid"
    assert await act(officer, f"/{id}/renew", {**given, "awarded_on": "2026-07-01"}) == (
        422,
        "renewed-before-award",
    )
    home.clock.forward(timedelta(days=2000))
    assert (await label(home, id))["validity"] == "lapsed"
    assert await act(officer, f"/{id}/renew", {**given, "awarded_on": "2032-01-01"}) == (409, "renew-not-now")


async def test_a_reported_label_has_no_date_and_everybody_sees_that(home: House) -> None:
    owner = home.person("krakow-payer")
    claimed = {"organisation": str(KRAKOW), "label": "KKK/key_national"}
    assert await act(owner, "/report", claimed) == (201, "reported")
    shown = (await home.client.get("/api/v1/recognitions")).json()
    assert [
        (one["organisation_name"], one["validity"]) for one in shown if one["level"] == "key_national"
    ] == [("Klaster LifeScience Kraków", "date_unknown")]
    assert "date unknown" in (await home.client.get("/recognitions")).text
    await owner.post("/api/v1/recognitions", {"organisation": str(KRAKOW), "label": "ECEI/gold"})
    assert len((await home.client.get("/api/v1/recognitions")).json()) == len(shown), (
        "what is applied for is not public"
    )


async def test_only_clusters_have_labels(home: House) -> None:
    ewa = await home.registered("Ewa")
    id = await home.organisation(ewa)
    assert await act(ewa, "", {"organisation": id, "label": "ECEI/silver"}) == (422, "label-for-clusters")
    assert await act(ewa, "", {"organisation": str(KRAKOW), "label": "ECEI/silver"}) == (
        422, "not-your-organisation",
    )  # fmt: skip
    owner = home.person("krakow-payer")
    assert await act(owner, "", {"organisation": str(KRAKOW), "label": "ECEI/tin"}) == (422, "label-unknown")


async def test_the_sweep_reminds_three_times_then_it_expires_and_lapses(home: House) -> None:
    id = await awarded(home)
    today = home.clock.moment().today()
    for day, said_by_then, validity in (
        (date(2028, 5, 29), [], "valid"),
        (date(2028, 5, 31), [6], "valid"),
        (date(2028, 8, 31), [6, 3], "valid"),
        (date(2028, 11, 1), [6, 3, 1], "valid"),
        (date(2028, 11, 30), [6, 3, 1], "valid"),
        (date(2028, 12, 1), [6, 3, 1], "expired"),
        (date(2029, 11, 30), [6, 3, 1], "expired"),
        (date(2029, 12, 1), [6, 3, 1], "lapsed"),
    ):
        home.clock.forward(day - today)
        today = day
        for _ in range(2):
            await home.sweep()
        assert (await reminders(home), (await label(home, id))["validity"]) == (said_by_then, validity), day
    given = {"awarded_on": "2029-12-01", "certificate": await certificate(home)}
    assert await act(home.person("ce4big-officer"), f"/{id}/renew", given) == (409, "renew-not-now")


async def test_a_sweep_that_was_away_says_the_latest_reminder_only(home: House) -> None:
    await awarded(home)
    home.clock.forward(date(2028, 11, 10) - home.clock.moment().today())
    await home.sweep()
    assert await reminders(home) == [1]


async def test_a_renewal_in_time_or_within_the_year_after_leaves_no_gap(home: House) -> None:
    id = await awarded(home)
    home.clock.forward(date(2029, 3, 1) - home.clock.moment().today())
    await home.sweep()
    shown = await label(home, id)
    assert (shown["validity"], shown["renewable_until"]) == ("expired", "2029-11-30")
    given = {"awarded_on": "2029-02-20", "certificate": await certificate(home)}
    assert await act(home.person("ce4big-officer"), f"/{id}/renew", given) == (200, "awarded")
    assert (await label(home, id))["valid_until"] == "2031-11-30", (
        "three years from the end of the first period"
    )
    home.clock.forward(timedelta(days=1))
    await home.sweep()
    assert (await label(home, id))["validity"] == "valid"


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 11, 30), -6, date(2026, 5, 30)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 1, 1), -1, date(2025, 12, 1)),
    ],
)
def test_months_are_those_of_the_calendar(day: date, months: int, later: date) -> None:
    assert months_later(day, months) == later
    assert end_of_month(date(2028, 2, 3)) == date(2028, 2, 29)


async def test_everybody_finds_clusters_and_who_takes_part(home: House) -> None:
    ewa = await home.registered("Ewa")
    id = await home.organisation(ewa)

    async def found(**wanted: str) -> list[str]:
        return [one["name"] for one in (await home.client.get("/api/v1/directory", params=wanted)).json()]

    assert await found(q="helixon") == [], "an enterprise that takes part in nothing is not listed"
    participation = (await home.submit(ewa, id)).json()["id"]
    await home.person("ce4big-officer").post(f"/api/v1/participations/{participation}/validate")
    assert await found(q="HELIX") == ["Helixon"]
    assert await found(q="Krak", kind="cluster") == ["Klaster LifeScience Kraków"]
    assert await found(label="ECEI/silver") == []
    assert "Silver, as reported" in (await home.client.get("/directory?country=PL")).text
    await awarded(home)
    assert await found(label="ECEI/silver") == ["Klaster LifeScience Kraków"]
    page = await home.client.get("/directory?country=PL")
    assert page.status_code == 200
    assert "Helixon, Kraków" in page.text and "Silver" in page.text, "on the map and in the table"
    assert "as reported" not in page.text, "a certificate says more"
    assert "BioM" not in page.text
    assert "Nothing fits" in (await home.client.get("/directory?q=%25zzz")).text


async def test_the_certificate_is_sent_with_the_award_and_opened_by_those_concerned(home: House) -> None:
    owner, officer = home.person("krakow-payer"), home.person("ce4big-officer")
    claimed = {"organisation": str(KRAKOW), "label": "ECEI/gold"}
    page = f"/recognitions/{(await owner.post('/api/v1/recognitions', claimed)).json()['id']}"
    day = {"awarded_on-day": "3", "awarded_on-month": "11", "awarded_on-year": "2026"}
    sent = await officer.send(f"{page}/award", day, files={"certificate": ("Gold 2026.pdf", CERTIFICATE)})
    assert sent.status_code == 303, sent.text
    assert f"{page}/certificate" in (await owner.open(page)).text
    opened = await owner.fetch(f"{page}/certificate")
    assert (opened.content, "Gold%202026.pdf" in opened.headers["content-disposition"]) == (
        CERTIFICATE,
        True,
    )
    assert (await home.person("celis-officer").open(f"{page}/certificate")).status_code == 404
