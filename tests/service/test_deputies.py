"""An officer's deputy: named by the coordinator, for some days, they judge what the officer has left too long."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from contracts import asks, mandate, person
from contracts.ids import new_id
from tests.conftest import FreshDatabase
from tests.facts import a_fact, said
from tests.people import Person, Stage, held
from tests.service.exchange import exchange
from tests.service.reviewing import CHECK, DECIDE, SCORE, Reviewing

LOOK = {**CHECK, "holder": "VOP"}
LATE = timedelta(days=20)
"""Longer than any task of these calls takes."""


class Deputy:
    """Dana, named for an officer at a partnership: alone as herself, acting once she has taken up the mandate."""

    def __init__(self, on: Stage, officer: Person, partnership: UUID) -> None:
        self.on, self.officer, self.partnership = on, officer, partnership
        self.alone, self.mandate = Person(on.client, "Dana"), new_id()
        self.acting = self.alone.acting_for(officer, self.mandate)

    async def name(self, *, after: int = 0, last: int = 60) -> "Deputy":
        today = self.on.clock.moment().today()
        given = mandate.Granted(
            principal=self.officer.id, agent=self.alone.id, kind="deputy", scope=self.partnership,
            first_day=today + timedelta(days=after), last_day=today + timedelta(days=last),
        )  # fmt: skip
        for one in (self.alone, self.officer):
            told = person.Described(
                name=one.name, email=f"{one.name.lower()}@ce4big.example", language="en", status="active"
            )
            await self.on.hear(a_fact(told, one.id))
        await self.on.hear(a_fact(given, self.mandate))
        return self


async def named(review: Reviewing, **days: int) -> Deputy:
    desk = review.desk
    return await Deputy(desk.stage, desk.officer, desk.partnership).name(**days)


async def silence(review: Reviewing) -> None:
    review.desk.stage.clock.forward(LATE)
    await review.close()


async def test_a_deputy_answers_what_has_escalated_and_nothing_before(review: Reviewing) -> None:
    await review.begin([LOOK], [DECIDE])
    dana, desk = await named(review), review.desk
    task = (await review.stages())["look"]["id"]
    assert (await review.judge(dana.acting)).json()["slug"] == "deputy-not-yet"
    assert (await review.judge(dana.alone)).status_code == 404, "for themselves a stranger"
    assert f"/stages/{task}/judge" not in (await dana.acting.open(f"/stages/{task}")).text
    await silence(review)
    assert (await review.stages())["look"]["parties"] == ["VOP", "COORD", "DEPUTY"]
    assert (await review.judge(dana.alone)).json()["slug"] == "deputy-for-whom"
    assert f"/stages/{task}/judge" in (await dana.acting.open(f"/stages/{task}")).text
    assert (await review.judge(dana.acting)).status_code == 200
    fact = next(
        fact for fact in await said(desk.stage.database, ["relais.approvals"]) if ".judged." in fact.type
    )
    assert (fact.actor, fact.behalfof, fact.via) == (str(dana.alone.id), str(desk.officer.id), "mandate")
    assert "Dana for Jan" in (await desk.officer.open(f"/stages/{task}")).text
    await review.close()
    assert await review.states() == {"look": "met", "decide": "open"}
    assert (await desk.act(dana.acting, "select")).json()["slug"] == "deputy-not-yet", (
        "a new task, a new time"
    )


async def test_a_deputy_decides_for_the_officer_and_finds_it_in_the_list(review: Reviewing) -> None:
    await review.begin([DECIDE])
    dana, desk = await named(review), review.desk
    assert desk.case not in (await dana.acting.open("/decisions")).text
    await silence(review)
    assert f'value="{desk.case}"' in (await dana.acting.open("/decisions")).text
    assert desk.case not in (await dana.alone.open("/decisions")).text
    body = {"decision": "approve", "applications": [desk.case]}
    assert (await dana.alone.post("/api/v1/decisions/together", body)).json()[0]["slug"] == "deputy-for-whom"
    assert (await dana.acting.post("/api/v1/decisions/together", body)).json()[0]["ok"]
    assert await review.states() == {"decide": "met"}
    assert (await desk.act(dana.acting, "cancel")).json()["slug"] == "not-for-another"


async def test_a_deputy_asks_for_changes_and_the_next_round_is_the_officer_s_again(review: Reviewing) -> None:
    await review.begin([DECIDE])
    dana, desk = await named(review), review.desk
    back = {"reason": "other", "explanation": "Say more of the costs."}
    assert (await desk.act(dana.acting, "return", back)).json()["slug"] == "deputy-not-yet"
    await silence(review)
    assert (await desk.act(dana.acting, "return", back)).status_code == 200
    assert (await desk.act(desk.ewa, "revise")).status_code == 200
    assert (await desk.act(dana.acting, "select")).json()["slug"] == "deputy-not-yet"
    await silence(review)
    assert (await desk.act(dana.acting, "select")).json()["state"] == "selected"


@pytest.mark.parametrize("whose", ["the deputy", "the officer"])
async def test_a_conflict_of_either_is_a_conflict(review: Reviewing, whose: str) -> None:
    await review.begin([LOOK], [DECIDE])
    dana, desk = await named(review), review.desk
    tied = dana.alone if whose == "the deputy" else desk.officer
    await desk.stage.hear(a_fact(held(tied.id, "member", desk.helixon)))
    await silence(review)
    assert (await review.judge(dana.acting)).json()["slug"] == "conflict-own-organisation"
    back = {"reason": "quality", "explanation": "It does not convince."}
    assert (await desk.act(dana.acting, "refuse", back)).json()["slug"] == "conflict-own-organisation"


async def test_a_deputy_and_their_officer_are_one_pair_of_eyes(review: Reviewing) -> None:
    await review.begin([DECIDE], second_decider=True)
    dana, desk = await named(review), review.desk
    assert (await desk.act(desk.officer, "select")).json()["state"] == "in_review"
    await silence(review)
    assert (await desk.act(dana.acting, "select")).json()["slug"] == "decision-once"
    assert (await desk.act(desk.coordinator, "select")).json()["state"] == "selected"


async def test_two_deputies_of_one_officer_are_one_pair_of_eyes_too(review: Reviewing) -> None:
    await review.begin([DECIDE], second_decider=True)
    dana, other, desk = await named(review), await named(review), review.desk
    await silence(review)
    assert (await desk.act(dana.acting, "select")).json()["state"] == "in_review"
    for late in (other.acting, desk.officer):
        assert (await desk.act(late, "select")).json()["slug"] == "decision-once"


async def test_an_officer_does_not_hear_the_appeal_against_what_their_deputy_decided(
    review: Reviewing,
) -> None:
    await review.begin([DECIDE])
    dana, desk = await named(review), review.desk
    await desk.stage.hear(a_fact(held(desk.officer.id, "coordinator", desk.partnership)))
    await silence(review)
    no = {"reason": "quality", "explanation": "It does not convince."}
    assert (await desk.act(dana.acting, "refuse", no)).json()["state"] == "rejected"
    assert (
        await desk.act(desk.ewa, "appeal", {"explanation": "We have answered every question."})
    ).status_code == 200
    assert (await desk.act(desk.officer, "grant-appeal")).json()["slug"] == "decided-before"
    assert (await desk.act(desk.coordinator, "grant-appeal")).status_code == 200
    assert (await desk.act(desk.officer, "select")).json()["slug"] == "decided-before"


async def test_a_deputy_is_one_on_their_days_and_until_it_is_revoked(review: Reviewing) -> None:
    await review.begin([LOOK], [DECIDE])
    dana, desk = await named(review, after=21, last=22), review.desk
    await silence(review)
    early = await review.judge(dana.acting)
    assert (early.status_code, early.json()["slug"]) == (409, "mandate-ended")
    assert (await review.judge(dana.alone)).status_code == 404, "not yet known as one"
    desk.stage.clock.forward(timedelta(days=1))
    assert (await review.judge(dana.alone)).json()["slug"] == "deputy-for-whom"
    desk.stage.clock.forward(timedelta(days=2))
    assert (await review.judge(dana.acting)).json()["slug"] == "mandate-ended", "its days are over"
    gone = await named(review)
    over = mandate.Revoked(principal=desk.officer.id, agent=gone.alone.id)
    await desk.stage.hear(a_fact(over, gone.mandate, version=2))
    assert (await review.judge(gone.acting)).json()["slug"] == "mandate-ended"
    assert (await review.judge(gone.alone)).status_code == 404


async def test_a_task_of_others_than_officers_goes_to_the_coordinator_alone(review: Reviewing) -> None:
    await review.begin([SCORE, CHECK], [DECIDE])
    dana = await named(review)
    await silence(review)
    rows = await review.stages()
    assert [rows[key]["parties"] for key in ("score", "look")] == [["VOP", "COORD"], ["PAY", "COORD"]]
    assert (await review.judge(dana.acting)).json()["slug"] == "deputy-not-yet"


async def test_who_is_given_a_task_anew_has_it_without_the_deputy(review: Reviewing) -> None:
    await review.begin([LOOK], [DECIDE])
    dana, desk = await named(review), review.desk
    await silence(review)
    task = (await review.stages())["look"]["id"]
    given = {"holder": "VOP", "reason": "absent"}
    assert (await desk.coordinator.post(f"/api/v1/stages/{task}/reassign", given)).status_code == 200
    assert (await review.judge(dana.acting)).json()["slug"] == "deputy-not-yet"


async def test_an_exchange_without_stages_is_decided_by_the_deputy_once_it_has_escalated(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    async with exchange(await fresh_database("applications"), tmp_path) as play:
        await play.play_to_review()
        dana = await Deputy(play.stage, play.officer, play.partnership).name()
        assert (await play.act(dana.acting, "select")).json()["slug"] == "deputy-not-yet"
        play.stage.clock.forward(timedelta(days=40))
        await play.step(asks.Application.close_stage)
        assert (await play.act(play.coordinator, "select")).json()["slug"] == "not-your-role"
        assert (await play.act(dana.acting, "select")).json()["state"] == "selected"
