"""A review in stages: evaluators who declare, score and agree, tasks that join, silence, and what comes of it all."""

from datetime import timedelta
from uuid import UUID

import pytest

from contracts import asks, organisation
from contracts.ids import new_id
from tests.facts import a_fact
from tests.people import held
from tests.service.applying import TEXT
from tests.service.reviewing import AGREE, CHECK, DECIDE, SCORE, SECRET, Reviewing


@pytest.mark.parametrize("first", ["score", "look"])
async def test_tracks_run_side_by_side_and_join_in_any_order(review: Reviewing, first: str) -> None:
    await review.begin([SCORE, CHECK], [DECIDE])

    async def scored() -> None:
        await review.score(review.anna, 4, 3)
        await review.score(review.bo, 3, 3)

    async def looked() -> None:
        assert (await review.judge(review.desk.payer)).status_code == 200

    for play in (scored, looked) if first == "score" else (looked, scored):
        assert "decide" not in await review.states()
        refused = await review.desk.act(review.desk.officer, "select")
        assert refused.json()["slug"] == "stages-open"
        await play()
        standing = await review.desk.step(asks.Application.standing)
        assert standing.due_in == 0, "what can be closed is closed at once"
        await review.close()
    assert await review.states() == {"score": "met", "look": "met", "decide": "open"}
    assert (await review.stages())["score"]["score"] == 6667
    assert (await review.desk.act(review.desk.officer, "select")).json()["state"] == "selected"
    assert (await review.states())["decide"] == "met"


@pytest.mark.parametrize(
    ("region", "due"), [("DE-BY", "2027-01-07"), ("DE-BE", "2027-01-06"), ("", "2027-01-06")]
)
async def test_a_task_is_due_by_the_calendar_of_the_region_where_its_office_sits(
    review: Reviewing, region: str, due: str
) -> None:
    """Epiphany is a holiday in Bavaria alone of these."""
    desk = review.desk
    await review.begin([{**CHECK, "days": 30}], [DECIDE])
    payer = UUID((await desk.officer.get(f"/api/v1/calls/{desk.call}")).json()["payer"])
    bank = organisation.Described(
        name="Verein", kind="cluster", town="Berlin", country="DE", latitude=50, longitude=11, identity=payer,
        region=region,
    )  # fmt: skip
    await desk.stage.hear(a_fact(bank, payer, 2))
    await desk.begin("another")
    await desk.fill()
    assert (await desk.act(desk.ewa, "submit")).status_code == 200
    await desk.step(asks.Application.check_eligibility)
    assert (await review.stages())["look"]["due_at"].startswith(due)


async def test_scores_too_far_apart_ask_for_a_third_evaluator(review: Reviewing) -> None:
    await review.begin([SCORE], [DECIDE])
    id, moved = (await review.stages())["score"]["id"], "2027-02-26T22:59:59Z"
    later = {"due_at": moved, "reason": "more_time"}
    assert (await review.desk.officer.post(f"/api/v1/stages/{id}/reassign", later)).status_code == 200
    await review.score(review.anna, 5, 5)
    await review.score(review.bo, 2, 1)
    assert (await review.close()).waits_for == "third_needed"
    score = (await review.stages())["score"]
    assert (score["quorum"], score["due_at"]) == (3, moved), "no time that was given is taken"
    assert "a third evaluator is needed" in (await review.desk.officer.open(f"/stages/{score['id']}")).text
    await review.score(review.chen, 4, 4)
    await review.close()
    assert await review.states() == {"score": "met", "decide": "open"}


async def test_below_the_threshold_it_is_rejected_and_what_is_open_ends(review: Reviewing) -> None:
    await review.begin([SCORE, CHECK], [DECIDE])
    await review.score(review.anna, 1, 2)
    await review.score(review.bo, 1, 1)
    assert (await review.close()).state == "rejected"
    assert await review.states() == {"score": "refused", "look": "voided"}
    case = (await review.desk.ewa.get(f"/api/v1/applications/{review.desk.case}")).json()
    assert case["reason"] == "below_threshold"
    assert (
        await review.desk.act(review.desk.ewa, "appeal", {"explanation": "Look again, please."})
    ).status_code == 200
    page = (await review.desk.coordinator.open(f"/applications/{review.desk.case}/grant-appeal")).text
    assert (
        "Rejected by rule: The scores are below the threshold." in page and "What the evaluators said" in page
    )


async def test_all_who_scored_agree_to_what_the_lead_writes(review: Reviewing) -> None:
    await review.begin([SCORE], [AGREE], [DECIDE])
    await review.score(review.anna, 1, 1)
    await review.score(review.bo, 2, 2)
    await review.close()
    assert await review.states() == {"score": "met", "agree": "open"}, "the consensus counts, not the sheets"
    early = await review.do(review.bo, "submit", {"seen": 1}, "agree")
    assert early.json()["slug"] == "consensus-not-written"
    text = {"scores": {"plan": 4, "effect": 4}, "comments": {"plan": "We agree."}}
    written = (await review.do(review.anna, "submit", text, "agree")).json()
    stale = await review.do(review.bo, "submit", {"seen": written["version"] - 1}, "agree")
    assert stale.json()["slug"] == "consensus-changed"
    agreed = await review.do(review.bo, "submit", {"seen": written["version"]}, "agree")
    assert agreed.status_code == 200, agreed.text
    part = await review.part(review.anna, "agree")
    reopened = await review.desk.officer.post(
        f"/api/v1/assessments/{part}/reopen", {"reason": "lead_rewrites"}
    )
    assert reopened.status_code == 200, reopened.text
    again = (await review.do(review.anna, "submit", text, "agree")).json()
    assert (await review.close()).state == "in_review"
    assert (await review.states())["agree"] == "open", "an agreement to another text does not count"
    await review.do(review.bo, "submit", {"seen": again["version"]}, "agree")
    await review.close()
    assert await review.states() == {"score": "met", "agree": "met", "decide": "open"}
    assert (await review.stages())["agree"]["score"] == 8000


async def test_who_belongs_to_the_applicant_neither_scores_nor_answers(review: Reviewing) -> None:
    await review.begin([SCORE, CHECK], [DECIDE])
    desk, twin = review.desk, new_id()
    known = {"name": "Helixon Two", "kind": "sme", "town": "Kraków", "country": "PL", "latitude": 50.06}
    body = organisation.Registered.model_validate({**known, "longitude": 19.94, "identity": desk.helixon})
    await desk.stage.hear(a_fact(body, twin))
    own = await desk.stage.person("Own", ("evaluator", desk.partnership), ("member", twin))
    assert (await review.assign(own)).json()["slug"] == "evaluator-conflict"
    assert (await review.assign(desk.stranger)).json()["slug"] == "evaluator-unknown"
    await desk.stage.hear(a_fact(held(desk.payer.id, "member", twin)))
    assert (await review.judge(desk.payer)).json()["slug"] == "conflict-own-organisation"


async def test_silence_tells_coordinator_and_deputy_and_gives_a_fresh_date(review: Reviewing) -> None:
    await review.begin([DECIDE])
    before = (await review.stages())["decide"]
    review.desk.stage.clock.forward(timedelta(days=10))
    await review.close()
    after = (await review.stages())["decide"]
    assert after["parties"] == ["VOP", "COORD", "DEPUTY"] and after["due_at"] > before["due_at"]
    assert (await review.desk.act(review.desk.coordinator, "select")).json()["state"] == "selected"


@pytest.mark.parametrize(("silence", "state"), [("consent", "in_review"), ("refuse", "rejected")])
async def test_silence_may_mean_yes_or_no(review: Reviewing, silence: str, state: str) -> None:
    await review.begin([{**CHECK, "silence": silence}], [DECIDE])
    review.desk.stage.clock.forward(timedelta(days=10))
    assert (await review.close()).state == state


async def test_a_second_person_decides_where_the_call_says_so(review: Reviewing) -> None:
    await review.begin([DECIDE], second_decider=True)
    desk = review.desk
    maria = await desk.stage.person("Maria", ("officer", desk.partnership))
    assert (await desk.act(desk.officer, "select")).json()["state"] == "in_review"
    again = await desk.act(desk.officer, "select")
    assert again.json()["slug"] == "decision-once"
    assert (await desk.act(maria, "select")).json()["state"] == "selected"


async def test_a_return_voids_the_stages_and_the_promise_stands_still(review: Reviewing) -> None:
    await review.begin([SCORE], [DECIDE])
    await review.score(review.anna, 4, 4)
    desk = review.desk
    promised = (await desk.officer.get(f"/api/v1/applications/{desk.case}")).json()["decide_by"]
    back = {"reason": "other", "explanation": "Say more of the costs."}
    assert (await desk.act(desk.officer, "return", back)).status_code == 200
    assert await review.states() == {"score": "voided"}
    desk.stage.clock.forward(timedelta(days=7))
    assert (await desk.act(desk.ewa, "revise")).status_code == 200
    rows = (await desk.officer.get(f"/api/v1/applications/{desk.case}/stages")).json()
    assert [(row["round"], row["state"], row["answers"]) for row in rows] == [
        (2, "open", 0),
        (1, "voided", 1),
    ]
    later = (await desk.officer.get(f"/api/v1/applications/{desk.case}")).json()["decide_by"]
    assert later > promised, "the days that the applicant had the case are not counted"


async def test_where_a_call_ranks_the_review_ends_with_a_result(review: Reviewing) -> None:
    cut = {"key": "january", "title": TEXT, "closes_at": "2027-01-15T17:00:00+00:00"}
    await review.begin([SCORE], intake={"mode": "cut_off", "cut_offs": [cut]})
    await review.score(review.anna, 5, 5)
    await review.score(review.bo, 4, 4)
    assert (await review.desk.act(review.desk.officer, "select")).json()["slug"] == "ranking-decides"
    standing = await review.close()
    assert (standing.state, standing.open) == ("assessed", True)
    case = (await review.desk.officer.get(f"/api/v1/applications/{review.desk.case}")).json()
    assert (case["score"], case["passed"]) == (9000, True)
    mine = (await review.desk.ewa.get(f"/api/v1/applications/{review.desk.case}")).json()
    assert "score" not in mine and "passed" not in mine


"""What only those read who take part, or have declared."""


async def test_many_decisions_at_once_are_each_their_own(review: Reviewing) -> None:
    await review.begin([DECIDE])
    desk, first = review.desk, review.desk.case
    await desk.begin("second")
    page = (await desk.officer.open("/decisions")).text
    assert f'value="{first}"' in page and desk.case not in page
    body = {"decision": "approve", "applications": [first, desk.case]}
    results = (await desk.officer.post("/api/v1/decisions/together", body, "once")).json()
    assert [(one["ok"], one["slug"]) for one in results] == [(True, ""), (False, "select-not-now")]
    assert (await desk.officer.post("/api/v1/decisions/together", body, "once")).json() == results
    refused = await desk.officer.send(
        "/decisions", {"decision": "reject", "reason": "quality", "case": [first]}
    )
    assert refused.status_code == 422 and "Say in a sentence why" in refused.text


async def test_a_grant_is_spoken_of_as_one(review: Reviewing) -> None:
    await review.begin([DECIDE])
    desk = review.desk
    for act, said in (("return", "Send it back to the applicant"), ("select", "Approve this application")):
        page = (await desk.officer.open(f"/applications/{desk.case}/{act}")).text.partition("<main")[2]
        main = page.partition("</main>")[0]
        assert said in main and "isitor" not in main and "xchange" not in main


async def test_rounds_stand_side_by_side(review: Reviewing) -> None:
    await review.begin([DECIDE])
    desk = review.desk
    back = {"reason": "other", "explanation": "Say more of the purpose."}
    await desk.act(desk.officer, "return", back)
    await desk.fill(purpose="See how our host tests prototypes.")
    assert (await desk.act(desk.ewa, "revise")).status_code == 200
    for who in (desk.officer, desk.ewa):
        page = (await who.open(f"/applications/{desk.case}/rounds")).text
        assert SECRET in page and "See how our host tests prototypes." in page
    shown = (await desk.officer.open(f"/applications/{desk.case}/review")).text
    assert "Round 2" in shown and "A decision is promised by" in shown and "counts no more" in shown


async def test_one_applicant_gets_more_time(review: Reviewing) -> None:
    await review.begin([DECIDE])
    desk = review.desk
    await desk.begin("late")
    await desk.fill()
    desk.stage.clock.forward(timedelta(days=100))
    assert (await desk.act(desk.ewa, "submit")).json()["slug"] == "call-over"
    earlier = await desk.act(desk.officer, "extend", {"due_at": "2026-12-01T12:00:00", "reason": "illness"})
    assert earlier.json()["slug"] == "date-later-only"
    more = {"due_at": "2027-03-06T12:00:00+00:00", "reason": "technical_trouble"}
    assert (await desk.act(desk.ewa, "extend", more)).status_code == 403
    assert (await desk.act(desk.officer, "extend", more)).status_code == 200
    dates = {"first": "2027-04-05", "last": "2027-04-09"}
    await desk.fill(dates=dates)
    sent = await desk.act(desk.ewa, "submit")
    assert sent.status_code == 200, sent.text
