"""The pages of organisations, people, imports and labels in a real browser: axe finds nothing, on a telephone too."""

import pytest
from playwright.async_api import Browser

from services.chassis.identity.tokens import Identity, sign
from tests.browser.window import Window
from tests.people import KEY, Person
from tests.service.house import CE4BIG, KRAKOW, House
from tests.service.test_directory_consortium import DELIVERABLE, PACKAGE, handed_in
from tests.service.test_directory_excellence import CLUSTERS, assessed, labelled
from tests.service.test_directory_import import ORGANISATIONS, two, upload

pytestmark = pytest.mark.browser


def token(who: Person) -> str:
    return sign(Identity(who.id, who.id, 2, who.name, "en", who.csrf, 2**31), KEY, 3600)


@pytest.mark.parametrize("width", [360, pytest.param(1280, marks=pytest.mark.slow)])
async def test_every_page_is_judged(named: House, browser: Browser, width: int) -> None:
    coordinator, first, second = await two(named)
    officer, owner = named.person("ce4big-officer"), named.person("krakow-payer")
    run = (await upload(officer, "organisations", ORGANISATIONS)).json()["id"]
    claimed = {"organisation": str(KRAKOW), "label": "ECEI/gold"}
    label = (await owner.post("/api/v1/recognitions", claimed)).json()["id"]
    coordinator_of_all = named.person("ce4big-coordinator")
    plan = (await coordinator_of_all.post("/api/v1/deliverables", DELIVERABLE)).json()["id"]
    await coordinator_of_all.post("/api/v1/work-packages", PACKAGE)
    await coordinator_of_all.post(f"/api/v1/partnerships/{CE4BIG}/plan", {"exchanges": 50, "training": 4})
    assert await handed_in(owner, plan) == (200, "in_review")
    sets = (await owner.get("/api/v1/indicator-sets")).json()
    draft = (await named.person("operator").post("/api/v1/indicator-sets")).json()["id"]
    assessment = await assessed(named)
    for cluster in CLUSTERS:
        await labelled(named, cluster, sets[0], "gold")
    service = {"organisation": str(KRAKOW), "title": "Export clinic", "about": "green",
               "description": "Half a day with somebody who sells abroad."}  # fmt: skip
    await owner.post("/api/v1/member-services", service)
    mine = (await owner.get("/api/v1/memberships")).json()[0]["id"]
    pictures = {
        f"/self-assessments/{assessment}": "gap",
        "/directory?country=PL": "directory",
    }
    for who, paths in (
        (officer, ("/imports", f"/imports/{run}", f"/recognitions/{label}", f"/recognitions/{label}/award")),
        (
            named.person("operator"),
            (
                "/indicator-sets",
                f"/indicator-sets/{draft}",
                f"/indicator-sets/{draft}/put-indicator?key=age",
                f"/indicator-sets/{draft}/describe",
            ),
        ),
        (
            coordinator_of_all,
            (
                f"/partnerships/{CE4BIG}",
                f"/partnerships/{CE4BIG}/plan",
                f"/partnerships/{CE4BIG}/activities",
                f"/partnerships/{CE4BIG}/revise",
                "/deliverables",
                f"/deliverables/{plan}",
                "/deliverables/plan",
                "/work-packages/plan",
            ),
        ),
        (coordinator, (f"/organisations/{first}", f"/organisations/{first}/merge?into={second}")),
        (
            owner,
            (
                f"/organisations/{KRAKOW}",
                f"/organisations/{KRAKOW}/describe",
                f"/memberships/{mine}",
                "/memberships/invite",
                "/participations/submit",
                f"/self-assessments/{assessment}",
                f"/self-assessments/record?organisation={KRAKOW}",
                f"/directory/{KRAKOW}",
                "/member-services",
                "/providers",
                "/member-services/plan",
                "/mandates",
                "/mandates/give",
                "/recognitions",
                "/directory?country=PL",
                "/account/security",
            ),
        ),
    ):
        async with Window(browser, named.settings.web_url, token=token(who), width=width) as window:
            for path in paths:
                await window.open(path)
                if path in pictures:
                    await window.picture(pictures[path], height=1130)


async def test_two_records_of_a_table_are_recorded_merged_and_parted_again(
    named: House, browser: Browser
) -> None:
    table = "Name;Kind;Town\nMedolab Sp. z o.o.;SME;Krakow\nMÉDOLAB;SME;Krakow\nLab;laboratory;Krakow\n"
    file = {"name": "table.csv", "mimeType": "text/csv", "buffer": table.encode()}
    url = named.settings.web_url
    async with Window(browser, url, token=token(named.person("ce4big-officer"))) as officer:
        await officer.open("/imports")
        await officer.page.locator("#file").set_input_files(files=[file])  # pyright: ignore[reportArgumentType]
        await officer.press("Upload and look")
        await officer.says("can be recorded", "row 2: Medolab Sp. z o.o.", "kind: one of cluster")
        await officer.press("Record the good rows")
        await officer.choose("I have looked at those that are alike: record them too")
        await officer.press("Record the rows that are alike")
        assert await officer.page.get_by_text("recorded", exact=True).count() >= 2
    async with Window(browser, url, token=token(named.person("ce4big-coordinator"))) as coordinator:
        await coordinator.open("/organisations")
        await coordinator.follow("Medolab Sp. z o.o.")
        await coordinator.says("Perhaps the same", "names 100 % alike")
        await coordinator.follow("MÉDOLAB")
        await coordinator.says("What it would do", "counts for both together, over all partnerships")
        await coordinator.press("Merge them")
        await coordinator.says("merged", "Merged into")
        await coordinator.follow("MÉDOLAB")
        await coordinator.says("Merged into this one")
        await coordinator.follow("Medolab Sp. z o.o.")
        await coordinator.follow("Take the merge back")
        await coordinator.press("Take it back")
        await coordinator.says("registered", "Perhaps the same")
