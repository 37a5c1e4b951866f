"""A review on the overview: whose move each task is, and what neither the applicant nor an evaluator reads there."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from contracts import asks, mandate, person
from contracts.ids import new_id
from services.overview.app import make_service
from tests.databases import Databases
from tests.facts import a_fact, deliver_outbox, said
from tests.people import MONDAY, Person, Stage, held, stage
from tests.service.applying import applying
from tests.service.reviewing import CHECK, DECIDE, SCORE, Reviewing


class Watching:
    """The review beside an overview that hears it."""

    def __init__(self, review: Reviewing, on: Stage) -> None:
        self.review = review
        self.on = on

    async def catch_up(self) -> None:
        await deliver_outbox(self.review.desk.stage.database, self.on.service.reader, self.on.database)

    async def person(self, who: Person, role: str, scope: UUID) -> Person:
        """The same person, whose role the overview has heard of."""
        await self.on.hear(a_fact(held(who.id, role, scope)))
        return Person(self.on.client, who.name, who.id)

    async def worklist(self, who: Person) -> list[tuple[str, str]]:
        await self.catch_up()
        items: list[dict[str, Any]] = (await who.get("/api/v1/worklist")).json()["items"]
        return [(item["subject"]["aggregate"], item["href"].split("/")[1]) for item in items]


@pytest.fixture
async def watching(postgres: Databases, tmp_path: Path) -> AsyncGenerator[Watching]:
    async with (
        postgres.fresh("applications") as theirs,
        postgres.fresh("overview") as ours,
        applying(theirs, tmp_path / "applications") as desk,
        stage(make_service, ours, tmp_path / "overview") as on,
    ):
        yield Watching(Reviewing(desk), on)


async def test_a_task_that_has_escalated_is_the_move_of_a_named_deputy_too(watching: Watching) -> None:
    review, desk, on = watching.review, watching.review.desk, watching.on
    await review.begin([{**CHECK, "holder": "VOP"}], [DECIDE])
    officer = await watching.person(desk.officer, "officer", desk.partnership)
    dana, id = Person(on.client, "Dana"), new_id()
    for name, who in (("Dana", dana.id), ("Jan", officer.id)):
        told = person.Described(name=name, email="some@ce4big.example", language="en", status="active")
        await on.hear(a_fact(told, who))
    given = mandate.Granted(
        principal=officer.id, agent=dana.id, kind="deputy", scope=desk.partnership,
        first_day=MONDAY.date(), last_day=MONDAY.date() + timedelta(days=60),
    )  # fmt: skip
    await on.hear(a_fact(given, id))
    acting = dana.acting_for(officer, id)
    assert await watching.worklist(dana) == [], "nothing before it has escalated"
    assert "/judge" not in (await acting.open(f"/cases/{desk.case}")).text
    desk.stage.clock.forward(timedelta(days=10))
    await review.close()
    assert await watching.worklist(dana) == [("stage", "mandates")]
    page = (await dana.open(f"/cases/{desk.case}")).text
    assert "as the officer&#39;s deputy" in page and 'href="/mandates"' in page and "/judge" not in page
    assert await watching.worklist(acting) == [("stage", "stages")]
    ewa = await watching.person(desk.ewa, "owner", desk.helixon)
    page = (await ewa.open(f"/cases/{desk.case}")).text
    assert "a task of the review" in page and "Dana or Jan" in page, "whoever looks on reads who can do it"


async def test_what_evaluators_do_waits_for_evaluators(watching: Watching) -> None:
    review, desk = watching.review, watching.review.desk
    await review.begin([SCORE], [DECIDE])
    officer = await watching.person(desk.officer, "officer", desk.partnership)
    ewa = await watching.person(desk.ewa, "owner", desk.helixon)
    assert await watching.worklist(officer) == [("stage", "stages")]
    assert "See to it that evaluators score this application" in (await officer.open("/worklist")).text
    page = (await ewa.open(f"/cases/{desk.case}")).text
    assert "Waiting for the evaluators: the scores" in page and "It can be done by" not in page


async def test_each_task_is_the_move_of_who_holds_it(watching: Watching) -> None:
    review, desk = watching.review, watching.review.desk
    await review.begin([SCORE, CHECK], [DECIDE])
    facts = await said(desk.stage.database, ["relais.applications"])
    audience = dict(entry.split(":") for entry in next(f for f in facts if f.case).audience)
    officer = await watching.person(desk.officer, "officer", desk.partnership)
    coordinator = await watching.person(desk.coordinator, "coordinator", desk.partnership)
    payer = await watching.person(desk.payer, "payer", UUID(audience["PAY"]))
    ewa = await watching.person(desk.ewa, "owner", desk.helixon)
    assert await watching.worklist(officer) == [("stage", "stages")]
    assert await watching.worklist(payer) == [("stage", "stages")]
    assert await watching.worklist(coordinator) == await watching.worklist(ewa) == []
    page = (await ewa.open(f"/cases/{desk.case}")).text
    assert "a task of the review" in page and "The review:" not in page
    assert "Applicant" in page and "Visitor" not in page, "nobody visits under this call"
    assert f"/applications/{desk.case}/review" in (await officer.open(f"/cases/{desk.case}")).text
    await review.score(review.bo, 4, 4)
    await review.assign(review.anna)
    anna = Person(watching.on.client, "Anna", review.anna.id)
    assert await watching.worklist(anna) == [("assessment", "assessments")]
    assert (await anna.get(f"/api/v1/cases/{desk.case}")).status_code == 404
    await review.do(review.anna, "declare", {"none": True})
    await review.do(review.anna, "submit", {"scores": {"plan": 4, "effect": 4}})
    await review.judge(desk.payer)
    await desk.step(asks.Application.close_stage)
    assert await watching.worklist(payer) == await watching.worklist(anna) == []
    lines = (await ewa.get(f"/api/v1/cases/{desk.case}")).text
    assert "score" not in lines and "Anna" not in lines
