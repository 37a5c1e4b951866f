"""Calls: checked and published by a second person, corrected openly, read by everybody without signing in."""

from collections.abc import AsyncGenerator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from contracts.ids import new_id
from tests.conftest import FreshDatabase
from tests.facts import said
from tests.rules.forms.samples import travel
from tests.service.applying import TEXT, Applying, applying


@pytest.fixture
async def desk(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Applying]:
    async with applying(await fresh_database("applications"), tmp_path) as played:
        yield played


async def test_a_second_person_publishes(desk: Applying) -> None:
    call = await desk.draft_call()
    own = await desk.coordinator.post(f"/api/v1/calls/{call}/publish")
    assert (own.status_code, own.json()["slug"]) == (403, "call-second-person")
    assert (await desk.stage.client.get(f"/api/v1/calls/{call}")).status_code == 404
    assert (await desk.officer.post(f"/api/v1/calls/{call}/publish")).json()["state"] == "published"
    fact = (await said(desk.stage.database, ("relais.calls",)))[-1]
    assert fact.type == "relais.call.published.v1"
    assert (fact.body["form"], fact.body["revision"]) == (desk.form, 1)


@pytest.mark.parametrize(
    ("changed", "slug"),
    [
        ({"stages": [{"key": "review", "title": TEXT, "tracks": [
            {"key": "decide", "kind": "decision", "title": TEXT, "holder": "VOP"}]}]}, "call-deadline-missing"),
        ({"signing": [{"document": "financial", "parties": ["PAY", "VO"]}]}, "call-payer-not-last"),
        ({"amount": {"mode": "requested", "cap_cents": 1, "question": "purpose"}}, "call-amount-question"),
        ({"duration": {"question": "purpose"}}, "call-duration-question"),
        ({"languages": ["en", "de", "pl"]}, "call-summary-missing"),
    ],
)  # fmt: skip
async def test_what_is_missing_is_said_and_refuses_publication(
    desk: Applying, changed: dict[str, Any], slug: str
) -> None:
    call = await desk.draft_call(**changed)
    seen = (await desk.officer.get(f"/api/v1/calls/{call}")).json()
    assert slug in [finding["slug"] for finding in seen["findings"]]
    refused = await desk.officer.post(f"/api/v1/calls/{call}/publish")
    assert refused.status_code == 422
    page = await desk.officer.open(f"/calls/{call}/edit")
    assert next(one["sentence"] for one in seen["findings"] if one["slug"] == slug).split("“")[0] in page.text


async def test_what_is_paid_is_asked_for_in_euro(desk: Applying) -> None:
    content = travel()
    for one in content["pages"][1]["questions"]:
        for asked in (one, *one.get("questions", ())):
            if asked["kind"] == "money":
                asked["currencies"] = ["PLN"]
    desk.form = await desk.form_of(content)
    call = await desk.draft_call()
    refused = await desk.officer.post(f"/api/v1/calls/{call}/publish")
    assert (refused.status_code, refused.json()["slug"]) == (422, "call-amount-currency")


async def test_what_is_null_stays_and_an_unknown_term_is_refused(desk: Applying) -> None:
    call = await desk.draft_call()
    path = f"/api/v1/calls/{call}"
    before = (await desk.officer.get(path)).json()
    same = await desk.coordinator.put(path, {"title": None, "last_day": None, "terms": None})
    assert same.status_code == 200
    assert (same.json()["title"], same.json()["last_day"]) == (before["title"], before["last_day"])
    for terms in ({"days_of_grace": 3}, {"appeal_days": True}):
        refused = await desk.coordinator.put(path, {"terms": terms})
        assert (refused.status_code, refused.json()["slug"]) == (422, "call-term-unknown")
    assert (await desk.coordinator.put(path, {"terms": {"appeal_days": -1}})).status_code == 422
    longer = await desk.coordinator.put(path, {"terms": {"appeal_days": 21}})
    assert longer.json()["terms"] == {**before["terms"], "appeal_days": 21}


async def test_everybody_reads_an_open_call_and_finds_out_whether_they_may_apply(desk: Applying) -> None:
    call = await desk.publish_call()
    browser = desk.stage.client
    assert "Travel 2027" in (await browser.get("/calls")).text
    page = (await browser.get(f"/calls/{call}")).text
    assert "At most 750.00" in page and "call 2.1" in page
    told = (await browser.get(f"/api/v1/calls/{call}/eligibility", params={"country": "FR"})).json()
    assert (told[0]["rule"], told[0]["met"], told[0]["source"]) == ("country", False, "call 2.1")
    page = (await browser.get(f"/calls/{call}/eligibility", params={"country": "PL", "kind": "sme"})).text
    assert "By these answers you may apply." in page and "Rule: call 2.1" in page
    assert "Travel 2027" in (await desk.ewa.open(f"/calls/{call}/apply")).text
    for unseen in (new_id(), await desk.draft_call()):
        assert (await desk.ewa.open(f"/calls/{unseen}/apply")).status_code == 404


async def test_sections_are_filled_in_by_the_browser_alone(desk: Applying) -> None:
    call = await desk.draft_call(stages=[])
    task = {
        "task-0-stage": "1", "task-0-title": "Decision", "task-0-kind": "decision",
        "task-0-holder": "VOP", "task-0-days": "12", "task-0-quorum": "1", "task-0-silence": "escalate",
    }  # fmt: skip
    saved = await desk.coordinator.send(f"/calls/{call}/edit/stages", task)
    assert saved.status_code == 303, saved.text
    rules = (await desk.officer.get(f"/api/v1/calls/{call}")).json()["rules"]
    assert rules["stages"][0]["tracks"][0]["days"] == 12
    for section in ("basics", "parties", "amount", "eligibility", "stages", "intake", "reports"):
        assert (await desk.officer.open(f"/calls/{call}/edit/{section}")).status_code == 200, section


async def test_a_correction_is_public_and_drafts_move_with_their_answers(desk: Applying) -> None:
    call = await desk.publish_call()
    await desk.begin()
    await desk.fill()
    await desk.save("declare", desk.adam, no_double_funding=False)
    await desk.save("declare", no_double_funding=True)
    content = travel()
    content["pages"][0]["questions"] = [
        one for one in content["pages"][0]["questions"] if one["key"] != "purpose"
    ]
    newer = await desk.form_of(content)
    earlier = await desk.coordinator.put(f"/api/v1/calls/{call}", {"last_day": "2027-01-31"})
    assert earlier.status_code == 200
    refused = await desk.officer.post(f"/api/v1/calls/{call}/correct", {"note": "The form asks less now."})
    assert refused.json()["slug"] == "call-dates-later-only"
    more = {"mode": "requested", "cap_cents": 90_000, "question": "requested", "share": 100}
    change = {
        "last_day": "2027-03-31",
        "form": newer,
        "rules": desk.rules(amount=more),
        "terms": {"appeal_days": 21},
    }
    await desk.coordinator.put(f"/api/v1/calls/{call}", change)
    for page in ("edit", "correct"):
        told = unescape((await desk.officer.open(f"/calls/{call}/{page}")).text).replace("\u00a0", " ")
        assert all(one in told for one in ("At most 750.00 EUR", "At most 900.00 EUR", "No longer asked")), (
            page
        )
        assert "Days to appeal" in told and "Edition" not in told, "what stays is not told"
    corrected = await desk.officer.post(f"/api/v1/calls/{call}/correct", {"note": "The form asks less now."})
    assert corrected.status_code == 200, corrected.text
    fact = (await said(desk.stage.database, ("relais.calls",)))[-1]
    assert set(fact.body["drafts"]) == {str(desk.ewa.id), str(desk.adam.id)}
    assert "The form asks less now." in (await desk.stage.client.get(f"/calls/{call}")).text
    assert (await desk.act(desk.ewa, "submit")).json()["slug"] == "call-changed"
    for page in ("", "/trip", "/check"):
        led = await desk.ewa.open(f"/applications/{desk.case}/form{page}")
        assert led.headers["location"] == f"/applications/{desk.case}/changed", "whichever page is opened"
    shown = await desk.ewa.open(f"/applications/{desk.case}/changed")
    assert "The form asks less now." in shown.text
    assert "No longer asked: purpose" in shown.text
    told = unescape(shown.text).replace("\u00a0", " ")
    assert all(
        one in told for one in ("At most 750.00 EUR", "At most 900.00 EUR", "Days to appeal", "31 March")
    )
    moved = await desk.ewa.send(f"/applications/{desk.case}/changed", {})
    assert moved.status_code == 303
    draft = await desk.draft()
    assert list(draft["left_over"]) == ["purpose"] and not draft["findings"]
    check = (await desk.ewa.open(f"/applications/{desk.case}/form/check")).text
    assert "Answers without a place" in check and str(draft["left_over"]["purpose"]) in check
    assert (await desk.act(desk.ewa, "submit")).status_code == 200


async def test_a_cancelled_call_takes_nobody_and_drafts_stay_readable(desk: Applying) -> None:
    call = await desk.publish_call()
    await desk.begin()
    await desk.fill()
    gone = {"reason": "programme_ended", "explanation": "The programme has ended early."}
    assert (await desk.officer.post(f"/api/v1/calls/{call}/cancel", gone)).json()["state"] == "cancelled"
    assert (await desk.act(desk.ewa, "submit")).json()["slug"] == "call-over"
    assert (await desk.ewa.open(f"/applications/{desk.case}/form/trip")).status_code == 200
