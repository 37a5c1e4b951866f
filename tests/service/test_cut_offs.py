"""A call that ranks: closed by time, ranked by two people, held back until announced, joined by who is reopened."""

from collections.abc import AsyncGenerator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from contracts import asks, budget
from contracts.ids import new_id
from contracts.steps import ANNOUNCEMENT, Standing, Step, Subject
from tests.conftest import FreshDatabase
from tests.facts import a_fact, said
from tests.people import Person, held
from tests.service.applying import TEXT, Applying, applying

CENTS = 75_000
CLOSES, ANNOUNCED = "2027-01-15T17:00:00+00:00", "2027-02-01T09:00:00+00:00"
CUT = {"key": "january", "title": TEXT, "closes_at": CLOSES, "announce_at": ANNOUNCED}
SCORE = {"key": "score", "kind": "score", "title": TEXT, "holder": "EVALUATOR", "days": 10}
RUBRIC = {"criteria": [{"key": "plan", "title": TEXT, "most": 100}], "threshold": 50}


class Ranking:
    """The travel call with one cut-off, one evaluator, and a line that has money for two."""

    evaluator: Person
    cut: str

    def __init__(self, desk: Applying) -> None:
        self.desk = desk
        self.cases: list[str] = []
        self.drafts: list[str] = []

    async def begin(self, *points: int, drafts: int = 0, **intake: Any) -> None:
        """Applications in time, each assessed with so many of 100 points; and drafts that miss the cut-off."""
        desk = self.desk
        self.evaluator = await desk.stage.person("Anna", ("evaluator", desk.partnership))
        stages = [{"key": "one", "title": TEXT, "tracks": [SCORE]}]
        await desk.publish_call(
            stages=stages, rubric=RUBRIC, intake={"mode": "cut_off", "cut_offs": [CUT], **intake}
        )
        await desk.stage.hear(a_fact(budget.Cut(amount_cents=500_000 - 2 * CENTS - 100), desk.line, 2))
        self.cut = (await desk.officer.get(f"/api/v1/calls/{desk.call}/cutoffs")).json()[0]["id"]
        for _ in points:
            self.cases.append(await desk.begin(str(new_id())))
            await desk.fill()
            assert (await desk.act(desk.ewa, "submit")).json()["state"] == "submitted"
        for _ in range(drafts):
            self.drafts.append(await desk.begin(str(new_id())))
            await desk.fill()
        desk.stage.clock.forward(datetime.fromisoformat(CLOSES) - desk.stage.clock.now())
        assert (await self.step(asks.CutOff.close_cutoff)).state == "assessing"
        for case, given in zip(self.cases, points, strict=True):
            assert (await self.of(case, asks.Application.check_eligibility)).state == "in_review"
            await self.assess(case, given)

    async def assess(self, case: str, points: int) -> Standing:
        stage = (await self.desk.officer.get(f"/api/v1/applications/{case}/stages")).json()[0]["id"]
        body = {"stage": stage, "evaluator": str(self.evaluator.id)}
        part = (await self.desk.officer.post("/api/v1/assessments", body)).json()["id"]
        declared = await self.evaluator.post(f"/api/v1/assessments/{part}/declare", {"none": True})
        assert declared.status_code == 200, declared.text
        sheet = {"scores": {"plan": points}, "comments": {"plan": "Seen."}, "internal": ""}
        done = await self.evaluator.post(f"/api/v1/assessments/{part}/submit", sheet)
        assert done.status_code == 200, done.text
        return await self.of(case, asks.Application.close_stage)

    async def step(self, step: Step) -> Standing:
        return await self.desk.stage.service.offers.perform(step, Subject(self.cut))

    async def of(self, case: str, step: Step, reason: str = "") -> Standing:
        return await self.desk.stage.service.offers.perform(step, Subject(case, reason))

    async def seen(self) -> str:
        return (await self.desk.officer.get(f"/api/v1/cutoffs/{self.cut}")).json()["seen"]

    async def settle(self, who: Person, seen: str = "") -> httpx.Response:
        return await who.post(f"/api/v1/cutoffs/{self.cut}/settle", {"seen": seen or await self.seen()})

    async def settled(self) -> None:
        assert (await self.settle(self.desk.officer)).json()["state"] == "assessing"
        assert (await self.settle(self.desk.coordinator)).json()["state"] == "ranked"

    async def ranking(self) -> list[tuple[int, float, str, str]]:
        """Number of the application as it was begun, place, outcome, state."""
        rows = (await self.desk.officer.get(f"/api/v1/cutoffs/{self.cut}/ranking")).json()
        return [
            (self.cases.index(row["application"]), row["place"], row["outcome"], row["state"]) for row in rows
        ]

    async def waits_for(self, case: str) -> str:
        return (await self.of(case, asks.Application.standing)).waits_for


@pytest.fixture
async def round_(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Ranking]:
    async with applying(await fresh_database("applications"), tmp_path) as played:
        yield Ranking(played)


async def test_two_people_settle_and_the_line_parts_funded_from_reserve(round_: Ranking) -> None:
    await round_.begin(70, 90, 40, 80)
    desk, seen = round_.desk, await round_.seen()
    assert await round_.ranking() == [
        (1, 1, "fund", "assessed"),
        (3, 2, "fund", "assessed"),
        (0, 3, "reserve", "assessed"),
        (2, 4, "refuse", "assessed"),
    ]
    assert (await round_.settle(desk.officer, seen)).json()["state"] == "assessing"
    assert (await round_.settle(desk.officer, seen)).json()["slug"] == "ranking-second-person"
    assert (await round_.settle(desk.coordinator, "another")).json()["slug"] == "ranking-changed"
    assert (await round_.settle(desk.ewa, seen)).status_code == 404
    assert (await round_.settle(desk.coordinator, seen)).json()["state"] == "ranked"
    facts = await said(desk.stage.database, ("relais.calls",))
    body = facts[-1].body
    assert [(one["application"], one["outcome"]) for one in body["ranking"]] == [
        (round_.cases[1], "fund"),
        (round_.cases[3], "fund"),
        (round_.cases[0], "reserve"),
    ]
    assert body["settled_by"] == [str(desk.officer.id), str(desk.coordinator.id)]
    assert [row[3] for row in await round_.ranking()] == ["selected"] * 3 + ["assessed"]


async def test_nothing_is_settled_before_all_are_assessed_or_ended(round_: Ranking) -> None:
    await round_.begin(70)
    desk = round_.desk
    async with desk.stage.database.transaction() as tx:
        await tx.execute(text("update applications set state = 'in_review'"))
    refused = await round_.settle(desk.officer)
    assert (refused.status_code, refused.json()["slug"]) == (409, "not-assessed-yet")
    desk.case = round_.cases[0]
    assert (await desk.act(desk.ewa, "withdraw")).status_code == 200
    await round_.settled()


async def test_the_deadline_is_moved_for_one_applicant_and_the_ranking_waits_for_what_they_submit(
    round_: Ranking,
) -> None:
    await round_.begin(90, 60, drafts=2)
    desk, clock = round_.desk, round_.desk.stage.clock
    more = {"reason": "illness", "due_at": (clock.now() + timedelta(days=2)).isoformat()}
    for case in round_.drafts:
        extended = await desk.officer.post(f"/api/v1/applications/{case}/extend", more)
        assert extended.status_code == 200, extended.text
    clock.forward(timedelta(days=2))
    in_time, late = round_.drafts
    desk.case = in_time
    assert (await desk.act(desk.ewa, "submit")).json()["state"] == "submitted", "the last instant is in time"
    clock.forward(timedelta(seconds=1))
    desk.case = late
    assert (await desk.act(desk.ewa, "submit")).json()["slug"] == "call-over", "a second later is not"
    assert (await desk.draft())["sections"]["trip"]["answers"]["purpose"], "nothing is lost"
    assert (await round_.of(in_time, asks.Application.check_eligibility)).state == "in_review"
    assert (await round_.settle(desk.officer)).json()["slug"] == "not-assessed-yet"
    round_.cases.append(in_time)
    await round_.assess(in_time, 95)
    await round_.settled()
    placed = [(case, outcome) for case, _place, outcome, _state in await round_.ranking()]
    assert placed == [(2, "fund"), (0, "fund"), (1, "reserve")]


async def test_who_belongs_to_an_applicant_does_not_settle(round_: Ranking) -> None:
    await round_.begin(70)
    desk = round_.desk
    await desk.stage.hear(a_fact(held(desk.officer.id, "member", desk.helixon)))
    assert (await round_.settle(desk.officer)).json()["slug"] == "conflict-own-organisation"


async def test_a_change_between_the_two_people_is_looked_at_anew(round_: Ranking) -> None:
    await round_.begin(70, 90)
    desk, seen = round_.desk, await round_.seen()
    await round_.settle(desk.officer, seen)
    desk.case = round_.cases[1]
    assert (await desk.act(desk.ewa, "withdraw")).status_code == 200
    assert (await round_.settle(desk.coordinator, seen)).json()["slug"] == "ranking-changed"
    assert (await round_.settle(desk.coordinator)).json()["state"] == "assessing", "the first of two again"
    assert (await round_.settle(desk.officer)).json()["state"] == "ranked"


async def test_the_applicant_reads_nothing_before_the_announcement(round_: Ranking) -> None:
    await round_.begin(90, 40)
    await round_.settled()
    desk = round_.desk
    for case in round_.cases:
        assert await round_.waits_for(case) == ANNOUNCEMENT
        for step in (asks.Application.award, asks.Application.record_shortfall, asks.Application.reject):
            assert (await round_.of(case, step, "no_budget")).waits_for == ANNOUNCEMENT
        told = (await desk.ewa.get(f"/api/v1/applications/{case}")).json()
        assert told["state"] == "in_review"
        assert not {"score", "passed", "place", "outcome"} & told.keys()
        page = (await desk.ewa.open(f"/applications/{case}")).text
        assert "in review" in page and "Results are announced on" in page
        assert (await desk.ewa.open(f"/cutoffs/{round_.cut}")).status_code == 404
    hers = f"VO:{desk.helixon}"
    topics = ("relais.applications", "relais.calls", "relais.approvals")
    secret = ("assessed", "selected", "ranked", "proposed", "met")
    assert not [
        fact.type
        for fact in await said(desk.stage.database, topics)
        if hers in fact.audience and fact.participle in secret
    ]


async def test_announced_by_date_the_stories_go_on(round_: Ranking) -> None:
    await round_.begin(90, 40)
    await round_.settled()
    desk = round_.desk
    assert (await round_.step(asks.CutOff.announce)).state == "ranked", "not before its date"
    desk.stage.clock.forward(datetime.fromisoformat(ANNOUNCED) - desk.stage.clock.now())
    assert (await round_.step(asks.CutOff.announce)).state == "announced"
    first, second = round_.cases
    wakes = {
        wake
        for fact in await said(desk.stage.database, ("relais.applications",))
        if fact.participle == "announced"
        for wake in fact.wakes
    }
    assert wakes == {f"grant-approval/{case}" for case in round_.cases}
    assert (await round_.of(first, asks.Application.award)).state == "awarded"
    assert (await round_.of(second, asks.Application.reject)).state == "rejected"
    told = (await desk.ewa.get(f"/api/v1/applications/{second}")).json()
    assert (told["state"], told["reason"]) == ("rejected", "below_threshold")


async def test_announced_by_an_officer_at_once(round_: Ranking) -> None:
    await round_.begin(90)
    await round_.settled()
    announced = await round_.desk.officer.post(f"/api/v1/cutoffs/{round_.cut}/announce")
    assert announced.json()["state"] == "announced"
    assert await round_.waits_for(round_.cases[0]) == ""


async def test_who_is_reopened_is_scored_again_and_joins_the_reserve_list(round_: Ranking) -> None:
    await round_.begin(90, 80, 70, 60, 40)
    await round_.settled()
    desk, last = round_.desk, round_.cases[4]
    await desk.officer.post(f"/api/v1/cutoffs/{round_.cut}/announce")
    await round_.of(last, asks.Application.reject)
    desk.case = last
    why = {"explanation": "Our effect was overlooked."}
    assert (await desk.act(desk.ewa, "appeal", why)).status_code == 200
    reopened = await desk.act(desk.coordinator, "grant-appeal")
    assert reopened.json()["state"] == "in_review"
    standing = await round_.assess(last, 95)
    assert (standing.state, standing.waits_for) == ("selected", "")
    assert [(number, place, outcome) for number, place, outcome, _ in await round_.ranking()] == [
        (0, 1, "fund"),
        (1, 2, "fund"),
        (4, 2.5, "reserve"),
        (2, 3, "reserve"),
        (3, 4, "reserve"),
    ]
    body = (await said(desk.stage.database, ("relais.applications",)))[-1].body
    assert (body["joined"], body["place"], body["round"]) == (True, 2.5, 2)


async def test_the_ranking_can_be_read_and_saved(round_: Ranking) -> None:
    await round_.begin(90, 80, 70)
    desk = round_.desk
    page = (await desk.officer.open(f"/cutoffs/{round_.cut}")).text
    assert page.index("To be funded") < page.index("Budget line") < page.index("Reserve list, in this order")
    settle = (await desk.officer.open(f"/cutoffs/{round_.cut}/settle")).text
    assert "You are the first person" in settle and await round_.seen() in settle
    posted = await desk.officer.send(f"/cutoffs/{round_.cut}/settle", {"seen": await round_.seen()})
    assert posted.status_code == 303
    csv = (await desk.officer.open(f"/cutoffs/{round_.cut}/ranking.csv")).text.splitlines()
    assert csv[0].startswith("Place,Case,Applicant,Score") and len(csv) == 4 and ",750.00," in csv[1]
    book = await desk.officer.open(f"/cutoffs/{round_.cut}/ranking.xlsx")
    assert book.content[:2] == b"PK"
    call = (await desk.officer.open(f"/calls/{desk.call}")).text
    assert f"/cutoffs/{round_.cut}" in call
    assert f"/cutoffs/{round_.cut}" not in (await desk.ewa.open(f"/calls/{desk.call}")).text


async def test_a_correction_moves_a_cut_off_later_only_and_its_end_closes_the_call(round_: Ranking) -> None:
    desk = round_.desk
    stages = [{"key": "one", "title": TEXT, "tracks": [SCORE]}]
    rules = {"stages": stages, "rubric": RUBRIC}
    await desk.publish_call(**rules, intake={"mode": "cut_off", "cut_offs": [CUT]})
    later = "2027-01-20T17:00:00+00:00"

    async def correct(**dates: str) -> httpx.Response:
        intake = {"mode": "cut_off", "cut_offs": [{**CUT, **dates}]}
        await desk.coordinator.put(
            f"/api/v1/calls/{desk.call}", {"rules": desk.rules(**rules, intake=intake)}
        )
        note = {"note": "The January cut-off is moved."}
        return await desk.officer.post(f"/api/v1/calls/{desk.call}/correct", note)

    earlier = await correct(closes_at="2027-01-10T17:00:00+00:00")
    assert (earlier.status_code, earlier.json()["slug"]) == (409, "cut-off-later-only")
    assert (await correct(closes_at=later)).status_code == 200
    row = (await desk.officer.get(f"/api/v1/calls/{desk.call}/cutoffs")).json()[0]
    assert datetime.fromisoformat(row["closes_at"]) == datetime.fromisoformat(later)
    round_.cut = row["id"]
    desk.stage.clock.forward(datetime.fromisoformat(CLOSES) - desk.stage.clock.now())
    assert (await round_.step(asks.CutOff.close_cutoff)).state == "open"
    desk.stage.clock.forward(timedelta(days=5))
    assert (await round_.step(asks.CutOff.close_cutoff)).state == "assessing"
    assert (await desk.stranger.get(f"/api/v1/calls/{desk.call}")).json()["state"] == "closed"


async def test_a_cancelled_call_takes_its_cut_offs_along(round_: Ranking) -> None:
    desk = round_.desk
    stages = [{"key": "one", "title": TEXT, "tracks": [SCORE]}]
    await desk.publish_call(stages=stages, rubric=RUBRIC, intake={"mode": "cut_off", "cut_offs": [CUT]})
    why = {"reason": "mistake", "explanation": "It was published too early."}
    assert (await desk.coordinator.post(f"/api/v1/calls/{desk.call}/cancel", why)).status_code == 200
    row = (await desk.officer.get(f"/api/v1/calls/{desk.call}/cutoffs")).json()[0]
    assert row["state"] == "cancelled"
