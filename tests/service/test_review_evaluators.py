"""Who evaluates: assigned by what they know, declared before they read, blind where the call is."""

import asyncio
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import select

from contracts import organisation, participation, person
from contracts.ids import new_id
from services.applications.review.models import Interest
from tests.facts import a_fact
from tests.people import held
from tests.service.reviewing import DECIDE, RUBRIC, SCORE, SECRET, Reviewing


async def test_an_evaluator_reads_nothing_before_declaring(review: Reviewing) -> None:
    await review.begin([SCORE], [DECIDE])
    await review.assign(review.anna)
    part = f"/assessments/{await review.part(review.anna)}"
    page = (await review.anna.open(part)).text
    assert "Helixon" in page and "Declare your interests" in page and SECRET not in page
    assert (await review.anna.open(f"{part}/submit")).status_code == 409
    assert (await review.bo.open(part)).status_code == 404
    assert (await review.do(review.anna, "declare", {})).json()["slug"] == "declare-missing"
    await review.anna.send(f"{part}/declare", {"none": "yes"})
    assert SECRET in (await review.anna.open(f"{part}/submit")).text
    wrong = await review.anna.send(f"{part}/submit", {"score-plan": "9", "score-effect": "3"})
    assert wrong.status_code == 422 and "within its range" in wrong.text
    sheet = {
        "score-plan": "4",
        "score-effect": "3",
        "comment-plan": "Good idea.",
        "internal": "Costs look high.",
    }
    assert (await review.anna.send(f"{part}/submit", sheet)).headers["location"] == "/assessments"
    task = (await review.desk.officer.open(f"/stages/{(await review.stages())['score']['id']}")).text
    assert "73" in task and "Assign an evaluator" in task
    assert "Costs look high." in (await review.desk.officer.open(part)).text


async def test_an_anonymous_call_names_nobody(review: Reviewing) -> None:
    """Nobody to the evaluator, who declares against all who applied and their people; no evaluator to the applicant."""
    await review.begin([{**SCORE, "quorum": 1}], [DECIDE], rubric={**RUBRIC, "anonymous": True})
    desk = review.desk
    described = person.Described(status="active", name="Ewa Nowak", email="ewa@helixon.example")
    await desk.stage.hear(a_fact(described, desk.ewa.id))
    await review.assign(review.anna)
    part = f"/assessments/{await review.part(review.anna)}"
    assert "Helixon" not in (await review.anna.open(part)).text
    assert "Helixon: Ewa Nowak" in (await review.anna.open(f"{part}/declare")).text
    await review.anna.send(f"{part}/declare", {"none": "yes"})
    text = (await review.anna.open(f"{part}/submit")).text
    assert SECRET in text and "Helixon" not in text
    await review.anna.send(
        f"{part}/submit", {"score-plan": "1", "score-effect": "1", "comment-plan": "Too vague."}
    )
    assert (await review.close()).state == "rejected"
    mine = (await desk.ewa.open(f"/applications/{desk.case}")).text
    assert "Too vague." in mine and "1.00 of 5" in mine and "Anna" not in mine
    for hidden in ("review",):
        assert (await desk.ewa.open(f"/applications/{desk.case}/{hidden}")).status_code == 404


async def test_who_declares_a_conflict_does_not_evaluate(review: Reviewing) -> None:
    await review.begin([SCORE], [DECIDE], rubric={**RUBRIC, "anonymous": True})
    await review.assign(review.anna)
    declared = await review.do(
        review.anna, "declare", {"none": True, "conflicts": [str(review.desk.helixon)]}
    )
    assert declared.json()["state"] == "declined"
    page = (
        await review.desk.officer.open(f"/assessments/assign?stage={(await review.stages())['score']['id']}")
    ).text
    assert "Waiting for them" in page and "declared a conflict" in page
    assert (await review.assign(review.anna)).json()["slug"] == "evaluator-conflict"


def profile(organisation: UUID, partnership: UUID) -> participation.Validated:
    """Somebody of the same field."""
    said: dict[str, Any] = {"side": "visitor", "activities": ["networking"], "sectors": ["Diagnostics"]}
    named = {"organisation": organisation, "partnership": partnership, "contact": new_id()}
    return participation.Validated.model_validate({**said, **named})


async def test_the_fittest_are_assigned_by_one_press(review: Reviewing) -> None:
    """By what they know, then by how little waits for them; whoever is tied to a side, never."""
    await review.begin([SCORE], [DECIDE])
    desk, known, twin = review.desk, new_id(), new_id()
    for id, identity in ((known, new_id()), (twin, desk.helixon)):
        said: dict[str, Any] = {
            "name": "Labs",
            "kind": "sme",
            "town": "Tartu",
            "country": "EE",
            "latitude": 58.38,
        }
        body = organisation.Registered.model_validate({**said, "longitude": 26.72, "identity": identity})
        await desk.stage.hear(a_fact(body, id))
    for id in (known, twin, desk.helixon):
        await desk.stage.hear(a_fact(profile(id, desk.partnership), new_id(), state="validated"))
    await desk.stage.hear(a_fact(held(review.chen.id, "member", known)))
    await desk.stage.hear(a_fact(held(review.anna.id, "member", twin)))
    stage = (await review.stages())["score"]["id"]
    first = (await desk.officer.post(f"/api/v1/stages/{stage}/assign", key="once")).json()["assigned"]
    assert first == [str(review.chen.id), str(review.bo.id)]
    again = await desk.officer.send(f"/stages/{stage}/assign", {})
    assert again.headers["location"] == f"/stages/{stage}"
    assert len((await review.chen.get("/api/v1/assessments")).json()) == 1
    await review.do(review.bo, "decline", {"reason": "no_time"})
    nobody = await desk.officer.post(f"/api/v1/stages/{stage}/assign")
    assert nobody.json()["slug"] == "evaluator-none", "who has declined is not asked again"


async def test_two_declarations_at_the_same_moment_are_both_kept(review: Reviewing) -> None:
    await review.begin([SCORE], [DECIDE])
    desk, other = review.desk, str(new_id())
    part = (await review.assign(review.anna)).json()["id"]
    async with desk.stage.database.transaction() as tx:
        kept = Interest(evaluator=review.anna.id, call=UUID(desk.call), cut_off="", shown=[other], conflicts=[other],
                        declared_at=desk.stage.clock.now())  # fmt: skip
        tx.add(kept)
        await tx.session.flush()
        declaring = asyncio.create_task(
            review.anna.post(f"/api/v1/assessments/{part}/declare", {"none": True})
        )
        waiting = 0
        while not waiting:
            waiting = (await tx.execute(text("select count(*) from pg_locks where not granted"))).scalar_one()
            await asyncio.sleep(0.02)
    assert (await declaring).status_code == 200
    async with desk.stage.database.transaction() as tx:
        (kept,) = (await tx.session.exec(select(Interest))).all()
        assert kept.conflicts == [other] and set(kept.shown) == {other, str(desk.helixon)}
