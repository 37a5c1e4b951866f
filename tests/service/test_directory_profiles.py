"""Profiles: as visitor, host or knowledge provider, with the person who travels, files, dates and consents."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import FreshDatabase
from tests.facts import said
from tests.people import Person
from tests.service.house import CE4BIG, CELIS, KRAKOW, PROFILE, House, house
from tests.service.test_directory_labels import CERTIFICATE as PDF

WHOLE = {
    "side": "both",
    "objectives": "A pilot with two clinics.",
    "countries": ["EE", "BE"],
    "first_day": "2027-03-01",
    "last_day": "2027-06-30",
    "function": "Head of research",
    "phone": "+48 12 297 46 00",
}


@pytest.fixture
async def home(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[House]:
    async with house(await fresh_database("directory"), tmp_path) as played:
        yield played


@pytest.fixture
async def ewa(home: House) -> Person:
    return await home.registered("Ewa")


async def test_a_whole_profile_reads_whole_and_its_fact_says_nothing_of_people(
    home: House, ewa: Person
) -> None:
    officer = home.person("ce4big-officer")
    cv = (await ewa.upload("/api/v1/deliverables/files", "ewa.pdf", PDF)).json()["id"]
    id = (await home.submit(ewa, await home.organisation(ewa), **WHOLE, cv=cv)).json()["id"]
    page = (await officer.open(f"/participations/{id}/validate")).text
    told = ("Head of research", "+48 12 297 46 00", "Estonia", "1 March 2027", "A pilot with two clinics.")
    for words in (*told, "ewa.pdf"):
        assert words in page, words
    assert (await officer.fetch(f"/participations/{id}/cv")).content == PDF
    assert (await home.person("ce4big-coordinator").open(f"/participations/{id}/cv")).status_code == 404
    fact = next(
        one
        for one in reversed(await said(home.database, ["relais.directory"]))
        if "participation" in one.type
    )
    assert fact.body["countries"] == ["EE", "BE"]
    assert (fact.body["first_day"], fact.body["last_day"]) == ("2027-03-01", "2027-06-30")
    assert not {"Head of research", "+48 12 297 46 00", cv} & {str(value) for value in fact.body.values()}
    again = await ewa.open("/participations/submit")
    assert "A pilot with two clinics." in again.text, (
        "what was said before stands there for the next partnership"
    )


@pytest.mark.parametrize(
    ("changed", "field", "slug"),
    [
        ({"last_day": "2026-01-31"}, "last_day", "profile-over"),
        ({"first_day": "2027-03-01", "last_day": "2027-02-01"}, "last_day", "profile-days"),
        ({"third_country": True, "permit_days": 182, "business": True}, "permit_days", "not-settled"),
        ({"third_country": True, "permit_days": 200}, "permit_days", "not-settled"),
        ({"phone": "call me"}, "phone", "invalid"),
        ({"countries": ["Estonia"]}, "countries.0", "invalid"),
        ({"cv": "0" * 64}, "cv", "no-such-file"),
    ],
)
async def test_a_profile_is_refused_with_the_reason_at_its_field(
    home: House, ewa: Person, changed: dict[str, Any], field: str, slug: str
) -> None:
    answer = await home.submit(ewa, await home.organisation(ewa), **changed)
    assert (answer.status_code, answer.json()["slug"], list(answer.json()["errors"])) == (422, slug, [field])


async def test_a_settled_traveller_from_a_third_country_is_shown_with_what_that_rests_on(
    home: House, ewa: Person
) -> None:
    settled = {"third_country": True, "permit_days": 183, "business": True}
    id = (await home.submit(ewa, await home.organisation(ewa), **settled)).json()["id"]
    page = await home.person("ce4big-officer").open(f"/participations/{id}/validate")
    assert "183 of 183 days" in page.text


async def test_a_large_company_may_be_a_knowledge_provider_without_a_cluster(
    home: House, ewa: Person
) -> None:
    organisation = await home.organisation(ewa, kind="large", cluster=None)
    assert (await home.submit(ewa, organisation, side="provider")).json()["slug"] == "services-missing"
    offers = {"side": "provider", "services": ["Validation of biomarkers"]}
    id = (await home.submit(ewa, organisation, **offers)).json()["id"]
    answer = await home.person("ce4big-officer").post(f"/api/v1/participations/{id}/validate")
    assert answer.status_code == 200
    page = (await ewa.open(f"/participations/{id}")).text
    assert "as knowledge provider" in page and "Validation of biomarkers" in page


async def test_everybody_finds_a_knowledge_provider_by_its_services_and_its_region(
    home: House, ewa: Person
) -> None:
    organisation = await home.organisation(ewa, kind="large", cluster=None)
    path = f"organisations/{organisation}/describe"
    assert (await ewa.post(f"/api/v1/{path}", {"region": "EE-79"})).json()["slug"] == "region-unknown"
    assert ">Małopolskie</option>" in (await ewa.open(f"/{path}")).text
    assert (await ewa.send(f"/{path}", {"region": "PL-12"})).status_code == 303
    offers = {"side": "provider", "services": ["Validation of biomarkers", "Help with CE marking"]}
    id = (await home.submit(ewa, organisation, **offers)).json()["id"]
    found = "/api/v1/providers?region=PL-12&q=biomarkers"
    assert (await home.client.get(found)).json() == [], "not validated yet"
    await home.person("ce4big-officer").post(f"/api/v1/participations/{id}/validate")
    (row,) = (await home.client.get(found)).json()
    assert (row["organisation"], row["region"], row["services"]) == (
        organisation, "PL-12", offers["services"],
    )  # fmt: skip
    assert (await home.client.get("/api/v1/providers?region=PL-22")).json() == []
    page = (await home.client.get("/providers?country=PL")).text
    assert "Małopolskie, Kraków, Poland" in page and "Help with CE marking" in page
    assert "Małopolskie" in (await home.client.get(f"/directory/{organisation}")).text


async def test_who_names_no_partnership_gets_that_of_its_cluster_or_of_its_topics(
    home: House, ewa: Person
) -> None:
    chosen = (await home.submit(ewa, await home.organisation(ewa), partnership=None)).json()["id"]
    assert (await ewa.get(f"/api/v1/participations/{chosen}")).json()["partnership"] == str(CE4BIG)
    alone = await home.organisation(ewa, name="Alone", kind="large", cluster=None)
    answer = await home.submit(ewa, alone, partnership=None, side="host", sectors=["basket weaving"])
    assert (answer.status_code, answer.json()["slug"]) == (422, "partnership-to-choose")
    assert (await home.submit(ewa, alone, partnership=str(CELIS), side="host")).status_code == 201


async def test_only_who_agreed_stands_in_the_public_directory(home: House, ewa: Person) -> None:
    id = await home.organisation(ewa)
    participation = (await home.submit(ewa, id, consents=[])).json()["id"]
    officer = home.person("ce4big-officer")
    await officer.post(f"/api/v1/participations/{participation}/validate")
    assert (await home.client.get("/api/v1/directory?q=helixon")).json() == []


async def test_the_officer_sees_whether_the_cluster_is_on_the_european_platform(
    home: House, ewa: Person
) -> None:
    officer, owner = home.person("ce4big-officer"), home.person("krakow-payer")
    id = (await home.submit(ewa, await home.organisation(ewa))).json()["id"]
    assert "look it up on the platform" in (await officer.open(f"/participations/{id}/validate")).text
    address = "https://www.clustercollaboration.eu/cluster-organisations/klaster-lifescience"
    described = {"eccp": address, "networks": ["European Clusters Alliance"]}
    answer = await owner.post(f"/api/v1/organisations/{KRAKOW}/describe", described)
    assert answer.status_code == 200, answer.text
    assert address in (await officer.open(f"/participations/{id}/validate")).text
    assert "European Clusters Alliance" in (await owner.open(f"/organisations/{KRAKOW}")).text
    wrong = await owner.post(f"/api/v1/organisations/{KRAKOW}/describe", {"eccp": "https://example.org/x"})
    assert wrong.status_code == 422


async def test_the_form_keeps_what_was_typed_and_takes_the_file(home: House, ewa: Person) -> None:
    organisation = await home.organisation(ewa)
    form = {
        **PROFILE,
        "organisation": organisation,
        "partnership": str(CE4BIG),
        "phone": "none",
        "objectives": "Kept",
    }
    refused = await ewa.send("/participations/submit", form)
    assert refused.status_code == 422 and "Kept" in refused.text
    sent = await ewa.send(
        "/participations/submit", {**form, "phone": "+48 1 234567"}, files={"cv": ("ewa.pdf", PDF)}
    )
    assert sent.status_code == 303
    id = sent.headers["location"].partition("?")[0]
    assert "ewa.pdf" in (await ewa.open(id)).text
