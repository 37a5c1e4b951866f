"""Applying by form: saved at every step, joined or shown where two write, checked at one moment, frozen as it was."""

import io
import re
import zipfile
from collections.abc import AsyncGenerator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from contracts import asks
from tests.conftest import FreshDatabase
from tests.facts import said
from tests.rules.forms.samples import ANSWERS, travel
from tests.service.applying import SECTIONS, Applying, applying

ANSWERS_OF_TRIP = {key: ANSWERS[key] for key in SECTIONS["trip"]}


@pytest.fixture
async def desk(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Applying]:
    async with applying(await fresh_database("applications"), tmp_path) as played:
        yield played


async def test_a_complete_draft_is_submitted_and_frozen_with_the_call(desk: Applying) -> None:
    await desk.publish_call()
    await desk.begin()
    await desk.fill()
    assert (await desk.act(desk.ewa, "submit")).json()["state"] == "submitted"
    fact = (await said(desk.stage.database, ("relais.applications",)))[-1]
    assert (fact.body["amount_cents"], fact.body["host"], fact.body["title"]) == (75_000, None, "Travel 2027")
    assert fact.body["support"]["claimable_cents"] == 75_000
    assert [line["code"] for line in fact.body["lines"]] == ["requested", "capped"]
    assert "next joint project" not in str(fact.body)
    assert (await desk.step(asks.Application.check_eligibility)).state == "in_review"


async def test_two_editors_lose_nothing_and_see_both_texts(desk: Applying) -> None:
    await desk.publish_call()
    await desk.begin()
    await desk.save("trip", version=0, purpose="First words.")
    joined = await desk.save("trip", desk.adam, version=1, purpose="First words.", abroad_before=False)
    assert joined.json()["version"] == 2
    other = await desk.save("trip", version=1, purpose="Ewa's words.")
    assert other.status_code == 200, "only Ewa changed the purpose"
    late = await desk.save("trip", desk.adam, version=2, purpose="Adam's words.", abroad_before=False)
    assert (late.status_code, late.json()["slug"]) == (409, "section-changed")
    assert late.json()["theirs"] == {"purpose": "Ewa's words."}
    typed = {"version": "2", "purpose": "Adam's words.", "abroad_before": "no"}
    page = await desk.adam.send(f"/applications/{desk.case}/form/trip", typed)
    assert page.status_code == 409
    assert "Ewa&#39;s words." in page.text and "Adam&#39;s words." in page.text
    saved = await desk.adam.send(f"/applications/{desk.case}/form/trip", {**typed, "version": "3"})
    assert saved.status_code == 422, "kept, though the page is not complete yet"
    assert (await desk.draft())["sections"]["trip"]["answers"]["purpose"] == "Adam's words."


async def test_what_only_the_other_editor_changed_survives_a_conflict(desk: Applying) -> None:
    await desk.publish_call()
    await desk.begin()
    await desk.save("trip", version=0, purpose="First words.", abroad_before=True)
    await desk.save("trip", version=1, purpose="Ewa's words.", abroad_before=False)
    late = await desk.save("trip", desk.adam, version=1, purpose="Adam's words.", abroad_before=True)
    assert late.json()["joined"] == {"purpose": "Adam's words.", "abroad_before": False}
    typed = {"version": "1", "purpose": "Adam's words.", "abroad_before": "yes"}
    page = await desk.adam.send(f"/applications/{desk.case}/form/trip", typed)
    answered = re.search(r'name="abroad_before"[^>]*value="(\w+)" checked', page.text)
    assert answered is not None and answered[1] == "no", "what Ewa answered, and Adam did not touch"


async def test_a_version_that_is_no_number_is_answered(desk: Applying) -> None:
    await desk.publish_call()
    await desk.begin()
    path = f"/applications/{desk.case}/form/trip"
    assert (await desk.ewa.send(path, {"version": "x", "purpose": "Meet the clinic."})).status_code == 422
    assert (await desk.draft())["sections"]["trip"]["answers"]["purpose"] == "Meet the clinic."


async def test_autosave_answers_with_a_receipt(desk: Applying) -> None:
    await desk.publish_call()
    await desk.begin()
    path = f"/applications/{desk.case}/form/trip/autosave"
    receipt = await desk.ewa.send(path, {"version": "0", "purpose": "Half a sen"})
    assert receipt.headers["x-saved"] == "1" and "version 1" in receipt.text
    stale = await desk.adam.send(path, {"version": "0", "purpose": "Another one"})
    assert stale.headers["x-saved"] == "conflict"


@pytest.mark.parametrize(
    ("changed", "slug"),
    [
        ({"purpose": ""}, "answer-missing"),
        ({"requested": {"cents": 90_000, "currency": "EUR"}}, "answer-check"),
        ({"dates": {"first": "2027-11-20", "last": "2027-11-22"}}, "too-late-to-be-paid"),
        ({"destination": {"country": "PL", "region": "Warszawa"}}, "rule-not-met"),
    ],
)  # fmt: skip
async def test_a_submission_that_breaks_a_rule_is_refused_with_its_place(
    desk: Applying, changed: dict[str, Any], slug: str
) -> None:
    await desk.publish_call()
    await desk.begin()
    await desk.fill(**changed)
    refused = await desk.act(desk.ewa, "submit")
    assert (refused.status_code, refused.json()["slug"]) == (422, slug)
    assert refused.json()["errors"]
    said = " ".join(refused.json()["errors"].values())
    assert not re.search(r"\d{4}-\d{2}-\d{2}", said), "days as people write them"
    assert (await desk.draft())["state"] == "draft"


async def test_a_second_after_the_cut_off_is_too_late_and_nothing_is_lost(desk: Applying) -> None:
    score = {
        "key": "score",
        "kind": "score",
        "title": {"en": "x", "de": "x"},
        "holder": "EVALUATOR",
        "days": 5,
    }
    decide = {
        "key": "decide",
        "kind": "decision",
        "title": {"en": "x", "de": "x"},
        "holder": "VOP",
        "days": 5,
    }
    stages = [{"key": "review", "title": {"en": "x", "de": "x"}, "tracks": [score, decide]}]
    closes = "2027-01-15T17:00:00+00:00"
    cut = {"key": "january", "title": {"en": "January", "de": "Januar"}, "closes_at": closes}
    rubric = {"criteria": [{"key": "plan", "title": {"en": "Plan", "de": "Plan"}}]}
    intake = {"mode": "cut_off", "cut_offs": [cut]}
    await desk.publish_call(stages=stages, intake=intake, rubric=rubric)
    for key in ("in time", "late"):
        await desk.begin(key)
        await desk.fill()
    late, desk.case = desk.case, await desk.begin("in time")
    desk.stage.clock.forward(datetime.fromisoformat(closes) - desk.stage.clock.now())
    assert (await desk.act(desk.ewa, "submit")).status_code == 200
    desk.stage.clock.forward(timedelta(seconds=1))
    desk.case = late
    assert (await desk.act(desk.ewa, "submit")).json()["slug"] == "call-over"
    assert (await desk.draft())["sections"]["trip"]["answers"]["purpose"]


async def test_an_answer_of_five_megabytes_is_refused(desk: Applying) -> None:
    await desk.publish_call()
    await desk.begin()
    refused = await desk.save("trip", purpose="x" * 5_000_000)
    assert (refused.status_code, refused.json()["slug"]) == (413, "answer-too-large")


@pytest.mark.parametrize(
    "answers",
    [{"purpose": "a\0b"}, {"purpose": 10**30}],
    ids=["a character without text", "a number without end"],
)
async def test_what_no_database_keeps_is_refused_in_words(desk: Applying, answers: dict[str, Any]) -> None:
    await desk.publish_call()
    await desk.begin()
    assert (await desk.save("trip", purpose="Meet the clinic.")).status_code == 200
    refused = await desk.save("trip", **answers)
    assert (refused.status_code, refused.json()["slug"]) == (422, "not-storable")
    assert (await desk.draft())["sections"]["trip"]["answers"] == {"purpose": "Meet the clinic."}
    assert (await desk.ewa.get("/api/v1/catalogue?q=%00")).json()["slug"] == "not-storable"


async def test_files_are_kept_downloaded_and_shown_to_those_who_take_part(desk: Applying) -> None:
    content = travel()
    content["pages"][0]["questions"].append(
        {"key": "letter", "kind": "file", "label": {"en": "Letter", "de": "Brief"}, "required": False}
    )
    desk.form = await desk.form_of(content)
    await desk.publish_call()
    await desk.begin()
    await desk.fill()
    sent = await desk.ewa.send(
        f"/applications/{desk.case}/form/trip", {"version": "1", "do": "keep"},
        files={"letter": ("letter.txt", b"Dear host")},
    )  # fmt: skip
    assert sent.status_code == 303, sent.text
    (file,) = (await desk.draft())["sections"]["trip"]["answers"]["letter"]
    typed = {"version": "2", "purpose": "Typed beside a program.", "letter-keep": file}
    refused = await desk.ewa.send(
        f"/applications/{desk.case}/form/trip", typed, files={"letter": ("run.exe", b"MZ")}
    )
    assert refused.status_code == 422 and "not of a kind that is taken here" in refused.text
    kept = (await desk.draft())["sections"]["trip"]["answers"]
    assert (kept["purpose"], kept["letter"]) == ("Typed beside a program.", [file]), "nothing else is lost"
    assert (await desk.ewa.fetch(f"/applications/{desk.case}/files/{file}")).content == b"Dear host"
    assert (await desk.stranger.open(f"/applications/{desk.case}/files/{file}")).status_code == 404
    answer = await desk.ewa.open(f"/applications/{desk.case}/download")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert any(name.endswith("letter.txt") for name in archive.namelist())
        assert archive.read("application.pdf").startswith(b"%PDF")
    assert (await desk.officer.open(f"/applications/{desk.case}/download")).status_code == 404, "a draft"


async def test_a_repeated_beginning_answers_the_same_draft_when_the_call_is_over(desk: Applying) -> None:
    await desk.publish_call()
    first = await desk.begin()
    desk.stage.clock.forward(timedelta(days=400))
    assert await desk.begin() == first
    another = await desk.ewa.post(
        f"/api/v1/calls/{desk.call}/applications", {"organisation": str(desk.helixon)}, "another"
    )
    assert another.json()["slug"] == "call-over"


async def test_drafts_are_copied_and_deleted_by_their_own_organisation_alone(desk: Applying) -> None:
    await desk.publish_call()
    first = await desk.begin()
    await desk.fill()
    copy = await desk.ewa.post(f"/api/v1/applications/{first}/copy")
    assert copy.status_code == 201
    desk.case = copy.json()["id"]
    assert (await desk.draft())["findings"] == {}
    assert (await desk.stranger.get(f"/api/v1/applications/{first}/draft")).status_code == 404
    assert (await desk.officer.get(f"/api/v1/applications/{first}/draft")).status_code == 404
    gone = await desk.adam.send(f"/applications/{first}/delete", {})
    assert gone.status_code == 303
    desk.case = first
    assert (await desk.ewa.get(f"/api/v1/applications/{first}/draft")).status_code == 404


async def test_all_sign_in_the_order_of_the_call_and_the_payer_last(desk: Applying) -> None:
    await desk.play_to_award()
    assert (await desk.sign(desk.officer)).json()["slug"] == "sign-in-order"
    assert (await desk.sign(desk.ewa)).status_code == 200
    assert (await desk.sign(desk.payer)).json()["slug"] == "sign-in-order"
    assert (await desk.sign(desk.officer)).status_code == 200
    assert (await desk.sign(desk.payer)).status_code == 200
    assert (await desk.step(asks.Application.standing)).state == "granted"


async def test_what_was_submitted_is_revised_under_the_revision_it_was_submitted_under(
    desk: Applying,
) -> None:
    await desk.publish_call()
    await desk.begin()
    await desk.fill()
    assert (await desk.act(desk.ewa, "submit")).status_code == 200
    await desk.step(asks.Application.check_eligibility)
    change = {"rules": desk.rules(amount={"mode": "requested", "cap_cents": 10_000, "question": "requested"})}
    assert (await desk.coordinator.put(f"/api/v1/calls/{desk.call}", change)).status_code == 200
    corrected = await desk.officer.post(
        f"/api/v1/calls/{desk.call}/correct", {"note": "The cap is lower now."}
    )
    assert corrected.status_code == 200, corrected.text
    await desk.act(desk.officer, "return", {"reason": "other", "explanation": "Say more about the aim."})
    assert (await desk.save("trip", **{**ANSWERS_OF_TRIP, "purpose": "A longer aim."})).status_code == 200
    assert (await desk.act(desk.ewa, "revise")).json()["state"] == "in_review"
    fact = (await said(desk.stage.database, ("relais.applications",)))[-1]
    assert (fact.body["amount_cents"], fact.body["revision"]) == (75_000, 1)
    page = await desk.officer.open(f"/applications/{desk.case}/select")
    assert "A longer aim." in page.text and "call 2.1" in page.text
