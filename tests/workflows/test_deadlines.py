"""What what-if foretells comes true: many cases in which nobody acts, their stories played by Temporal on the real
service, reach the same facts at the same second.
"""

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncGenerator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from contracts import asks
from contracts.asks import STEPS
from contracts.ids import new_id
from contracts.steps import Standing, Subject
from services.applications.deadlines.rehearsing import Change, Rehearsal
from services.applications.models import Application, DraftSection
from services.applications.review.models import Stage as Task
from tests.conftest import FreshDatabase
from tests.facts import said
from tests.service.applying import TEXT, Applying, applying
from tests.workflows.owners import World
from tests.workflows.stage import Theatre
from workflows.wake import wake

LOOK = {"key": "look", "kind": "check", "title": TEXT, "holder": "VOP", "days": 5, "silence": "consent"}
ASK = {"key": "ask", "kind": "opinion", "title": TEXT, "holder": "PAY", "days": 7, "silence": "refuse"}
DECIDE = {"key": "decide", "kind": "decision", "title": TEXT, "holder": "VOP", "days": 10}
STAGES = [
    {"key": "first", "title": TEXT, "tracks": [LOOK, ASK]},
    {"key": "last", "title": TEXT, "tracks": [DECIDE]},
]
HORIZON = timedelta(days=90)
AT_ONCE = 20


class Service(World):
    """The real steps, one after the other, at the time of Temporal's server; the money is never there."""

    def __init__(self, desk: Applying, house: Theatre, now: datetime) -> None:
        super().__init__(now)
        self._desk, self._house, self._turn = desk, house, asyncio.Lock()

    async def answer(self, step: str, subject: Subject) -> Standing:
        if step.startswith("reservation"):
            return Standing("queued", open=True)
        named = next(one for one in STEPS if (one.owner, one.name) == ("applications", step))
        async with self._turn:
            clock = self._desk.stage.clock
            clock.forward(await self._house.env.get_current_time() - clock.now())
            return await self._desk.stage.service.offers.perform(named, subject)


@pytest.fixture
async def desk(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Applying]:
    async with applying(await fresh_database("applications"), tmp_path) as played:
        await played.publish_call(stages=STAGES)
        await played.begin()
        await played.fill()
        assert (await played.act(played.ewa, "submit")).status_code == 200
        assert (await played.step(asks.Application.check_eligibility)).state == "in_review"
        yield played


async def generate(desk: Applying, chance: random.Random, now: datetime) -> list[UUID]:
    """Copies of one application in every state in which somebody is waited for, with dates of their own."""
    now = now.replace(microsecond=0)
    ids = [new_id() for _ in range(AT_ONCE)]
    async with desk.stage.database.transaction() as tx:
        first = await tx.found(Application, UUID(desk.case))
        sections = (
            await tx.execute(text("select * from draft_sections where application = :id"), {"id": first.id})
        ).all()
        tasks = (
            await tx.execute(text("select * from stages where application = :id"), {"id": first.id})
        ).all()
        for id in ids:
            due_at = now + timedelta(days=chance.randint(8, 30), seconds=chance.randint(0, 80_000))
            state = chance.choice(
                [
                    "in_review",
                    "in_review",
                    "in_review",
                    "changes_requested",
                    "awarded",
                    "awaiting_budget",
                    "rejected",
                ]
            )
            values = {
                **first.model_dump(),
                "id": id,
                "number": f"GR-{id}",
                "state": state,
                "due_at": due_at,
                "counted_cents": 0,
            }
            tx.add(Application(**values))
            for row in sections:
                tx.add(DraftSection(**{**row._mapping, "application": id}))
            for row in tasks if state == "in_review" else ():
                due = now + timedelta(days=chance.randint(8, 30), seconds=chance.randint(0, 80_000))
                changed = {
                    "id": new_id(), "application": id, "due_at": due, "version": 1,
                    "silence": chance.choice(["escalate", "refuse", "consent"]),
                    "country": chance.choice(["PL", "EE", "DE", ""]), "days": chance.randint(6, 15),
                }  # fmt: skip
                tx.add(Task(**{**row._mapping, **changed}))
    return ids


@pytest.mark.parametrize("number", [20, pytest.param(200, marks=pytest.mark.slow)])
async def test_what_is_foretold_comes_true_to_the_second(house: Theatre, desk: Applying, number: int) -> None:
    chance = random.Random(4)
    foretold: dict[UUID, list[Any]] = {}
    for begin in range(0, number, AT_ONCE):
        async with house.play(f"deadlines-{number}-{begin}", "plain") as stage:
            now = await house.env.get_current_time()
            house.world = Service(desk, house, now)
            cases = await generate(desk, chance, now)
            rehearsal = Rehearsal(desk.stage.database, now)
            for case in cases:
                course = await rehearsal.play(case, Change(), now + HORIZON)
                foretold[case] = [(one.what, one.at.replace(microsecond=0)) for one in course.events]
                await wake(house.env.client, f"grant-approval/{case}", "relais.fact.v1", str(case))
            await stage.pass_time(days=HORIZON.days)
            for case in cases:
                handle = house.env.client.get_workflow_handle(f"grant-approval/{case}")
                if (await handle.describe()).close_time is None:
                    await handle.terminate("the play is over")
    happened: dict[UUID, list[Any]] = defaultdict(list)
    for fact in await said(desk.stage.database, ("relais.applications", "relais.approvals")):
        if fact.case is not None and fact.case in foretold:
            key = ".".join(fact.type.split(".")[1:3])
            happened[fact.case].append((key, fact.time.replace(microsecond=0)))
    assert sum(map(len, foretold.values())) > 3 * number
    for case, events in foretold.items():
        assert happened[case][: len(events)] == events, case
