"""First come, first served: exactly those that fit are taken, an end makes room, and the line's sum is the measure."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from pydantic import SecretStr
from sqlalchemy import text
from sqlmodel import select

from contracts import asks, budget, transfer
from contracts.errors import DomainError, TransientError
from contracts.ids import new_id
from contracts.tables import Nothing
from services.applications.kinds import applications
from services.applications.models import Application, DraftSection
from services.chassis.acts.perform import perform
from services.chassis.database import Database
from services.chassis.identity.actor import Actor
from tests.conftest import FreshDatabase
from tests.databases import Databases
from tests.facts import a_fact
from tests.service.applying import Applying, applying

APPLICANTS, CENTS = 200, 75_000
WAIT = {"mode": "first_come", "full": "wait"}


@pytest.fixture
async def desk(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Applying]:
    async with applying(await fresh_database("applications"), tmp_path) as played:
        yield played


async def submit(desk: Applying, key: str = "") -> tuple[int, str]:
    """One application more, begun, filled and submitted: how it was answered."""
    await desk.begin(key or str(new_id()))
    await desk.fill()
    answer = await desk.act(desk.ewa, "submit")
    said = answer.json()
    return answer.status_code, said.get("slug") or said["state"]


async def taken(desk: Applying) -> tuple[int, int]:
    async with desk.stage.database.transaction() as tx:
        row = (await tx.execute(text("select taken_cents, limit_cents from call_counters"))).one()
    return row.taken_cents, row.limit_cents


async def rush(desk: Applying) -> Counter[str]:
    """Complete drafts of two hundred, all submitted at the same moment: what each was told."""
    await desk.begin()
    await desk.fill()
    ids = [new_id() for _ in range(APPLICANTS)]
    async with desk.stage.database.transaction() as tx:
        first = await tx.found(Application, UUID(desk.case))
        sections = (
            await tx.session.exec(select(DraftSection).where(DraftSection.application == first.id))
        ).all()
        for number, id in enumerate(ids):
            tx.add(Application(**{**first.model_dump(), "id": id, "number": f"GR-R-{number}"}))
            for section in sections:
                tx.add(DraftSection(**{**section.model_dump(), "application": id}))
    actor = Actor(person=desk.ewa.id, roles=frozenset({("owner", desk.helixon), ("member", desk.helixon)}))

    async def one(id: UUID) -> str:
        while True:  # who finds no connection free for ten seconds asks again
            try:
                fact = await perform(
                    desk.stage.service.database, applications, "submit", id, Nothing(), actor=actor, key=str(id),
                    at=desk.stage.clock.moment(),
                )  # fmt: skip
            except DomainError as refusal:
                return refusal.slug
            except TransientError:
                continue
            return fact.state

    return Counter(await asyncio.gather(*(one(id) for id in ids)))


async def test_of_two_hundred_submissions_at_once_exactly_those_that_fit_are_taken(desk: Applying) -> None:
    await desk.publish_call()
    for _ in range(3):
        assert await submit(desk) == (200, "submitted")
    told = await rush(desk)
    assert told == {"submitted": 3, "call-full": APPLICANTS - 3}
    assert await taken(desk) == (6 * CENTS, 500_000)


async def test_without_the_constraint_more_are_taken_than_fit(desk: Applying, postgres: Databases) -> None:
    """The control: this rush is able to take too many, so the one above proves something."""
    await desk.publish_call()
    owner = Database(
        SecretStr(postgres.url("applications", desk.stage.database.engine.url.database or "", owner=True)),
        "applications",
    )
    async with owner.transaction() as tx:
        await tx.execute(text("alter table call_counters drop constraint call_full"))
    await owner.close()
    assert (await rush(desk))["submitted"] == APPLICANTS


async def test_where_the_call_lets_applications_wait_all_are_taken_and_told(desk: Applying) -> None:
    await desk.publish_call(intake=WAIT)
    for _ in range(7):
        assert await submit(desk) == (200, "submitted")
    assert (await desk.ewa.get(f"/api/v1/applications/{desk.case}")).json()["waiting"] is True
    assert await taken(desk) == (6 * CENTS, 500_000)
    page = (await desk.ewa.open(f"/applications/{desk.case}")).text
    assert "waits for money" in page


async def test_an_end_makes_room_and_a_revision_keeps_its_place(desk: Applying) -> None:
    await desk.publish_call()
    for _ in range(6):
        await submit(desk)
    first = desk.case
    assert await submit(desk) == (409, "call-full")
    seen = (await desk.ewa.open(f"/applications/{desk.case}/form/check")).text
    left = (500_000 - 6 * CENTS) // 100
    assert f"{left:,}.00 EUR are not applied for yet" in seen and "Submit the application" not in seen
    waiting, desk.case = desk.case, first
    await desk.step(asks.Application.check_eligibility)
    back = {"reason": "documents", "explanation": "The dates, please."}
    assert (await desk.act(desk.officer, "return", back)).status_code == 200
    assert (await desk.act(desk.ewa, "revise")).status_code == 200
    assert await taken(desk) == (6 * CENTS, 500_000)
    assert (await desk.act(desk.ewa, "withdraw")).status_code == 200
    assert await taken(desk) == (5 * CENTS, 500_000)
    desk.case = waiting
    assert (await desk.act(desk.ewa, "submit")).json()["state"] == "submitted"


async def test_a_rejected_application_keeps_its_place_until_the_rejection_is_final(desk: Applying) -> None:
    await desk.publish_call()
    await submit(desk)
    await desk.step(asks.Application.check_eligibility)
    await desk.act(desk.officer, "refuse", {"reason": "quality", "explanation": "Too thin."})
    assert (await taken(desk))[0] == CENTS
    desk.stage.clock.forward(timedelta(days=20))
    await desk.step(asks.Application.finalise)
    assert (await taken(desk))[0] == 0


async def test_the_measure_is_what_the_line_has_now_times_the_factor(desk: Applying) -> None:
    await desk.publish_call(intake={"mode": "first_come", "factor": 120})
    await submit(desk)
    assert await taken(desk) == (CENTS, 600_000)
    raised, other = a_fact(budget.Raised(amount_cents=100_000), desk.line, 2), new_id()
    moved = transfer.Made(giver=desk.line, taker=other, amount_cents=400_000)
    cut = a_fact(budget.Cut(amount_cents=50_000), desk.line, 3)
    await desk.stage.hear(raised, cut, a_fact(moved))
    await submit(desk)
    assert await taken(desk) == (2 * CENTS, 180_000)
    assert await submit(desk) == (409, "call-full")


async def test_a_call_whose_money_is_granted_is_closed_in_the_night(desk: Applying) -> None:
    sweep = next(step for step in asks.SWEEPS if step.owner == "applications")
    await desk.play_to_award()
    await desk.stage.hear(a_fact(budget.Cut(amount_cents=500_000 - CENTS), desk.line, 2))
    await desk.step(sweep)
    assert (await desk.stranger.get(f"/api/v1/calls/{desk.call}")).json()["state"] == "published"
    for who in (desk.ewa, desk.officer, desk.payer):
        assert (await desk.sign(who)).status_code == 200
    await desk.step(sweep)
    closed = (await desk.stranger.get(f"/api/v1/calls/{desk.call}")).json()
    assert (closed["state"], closed["applied_for"]["taken_cents"]) == ("closed", CENTS)
    page = (await desk.stranger.open(f"/calls/{desk.call}")).text
    assert "€750" in page.replace("\xa0", "") or "750.00" in page
