"""What was ranked is served in its order: nobody overtakes, who joins stands by its score, nothing is told early."""

from collections.abc import AsyncGenerator
from pathlib import Path
from uuid import UUID

import pytest

from contracts import application, cutoff
from contracts.errors import NotKnownYet
from contracts.ids import new_id
from tests.conftest import FreshDatabase
from tests.facts import a_fact, said
from tests.service.books import sound
from tests.service.money import Finance, done, finance
from tests.service.told import AMOUNT


@pytest.fixture
async def money(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Finance]:
    """A line with money for two cases."""
    async with finance(await fresh_database("reimbursements"), tmp_path, 2 * AMOUNT + 100) as played:
        yield played
        await sound(played.stage.database)


async def in_time(money: Finance, number: int) -> list[UUID]:
    """So many cases of one cut-off."""
    cases = [new_id() for _ in range(number)]
    for case in cases:
        frozen = {**money.frozen(1, "physical"), "cut_off": "january"}
        await money.say(case, application.Submitted(**frozen))
    return cases


async def rank(money: Finance, *cases: UUID) -> None:
    placed = tuple(
        cutoff.Placed(application=case, round=1, place=n, outcome="fund", amount_cents=AMOUNT)
        for n, case in enumerate(cases, start=1)
    )
    people = (money.verifier.id, money.approver.id)
    body = cutoff.Ranked(call=new_id(), budget=UUID(money.budget), settled_by=people, ranking=placed)
    await money.stage.hear(a_fact(body, time=money.stage.clock.now()))


async def line(money: Finance) -> dict[UUID, str]:
    """Cases with their reservation's state, in the order of the queue."""
    rows = await money.rows("select case_id, state from reservations order by queued_at, place, id")
    return {row.case_id: row.state for row in rows}


async def test_reservations_are_made_in_rank_order_in_one_go(money: Finance) -> None:
    a, b, c, d = await in_time(money, 4)
    with pytest.raises(NotKnownYet):
        await money.reserve(a)
    await rank(money, c, a, d, b)
    assert await line(money) == {c: "made", a: "made", d: "queued", b: "queued"}
    assert [await money.reserve(case) for case in (a, b, c, d)] == ["made", "queued", "made", "queued"]
    await money.withdrawn(c)
    assert (await line(money))[d] == "made"
    deciders = await money.rows("select deciders from reimbursements_known_cases where id = :id", id=a)
    assert set(deciders[0].deciders) >= {money.verifier.id, money.approver.id}


async def test_from_the_first_that_does_not_fit_on_everybody_waits(money: Finance) -> None:
    a, b, c = await in_time(money, 3)
    for case, cents in ((a, 2 * AMOUNT), (b, AMOUNT), (c, 100)):
        await money.change(
            "update reimbursements_known_cases set amount_cents = :cents where id = :id", id=case, cents=cents
        )
    await rank(money, a, b, c)
    assert await line(money) == {a: "made", b: "queued", c: "queued"}


async def test_a_case_that_has_ended_meanwhile_is_passed_over(money: Finance) -> None:
    a, b, c = await in_time(money, 3)
    await money.withdrawn(a)
    await rank(money, a, b, c)
    assert await line(money) == {b: "made", c: "made"}
    assert await money.reserve(a) == "ended"


async def test_who_is_scored_again_joins_the_queue_by_its_place(money: Finance) -> None:
    a, b, c, d, late = await in_time(money, 5)
    at = money.stage.clock.now()
    await rank(money, a, b, c, d)
    await money.rejected(late)
    await money.reopened(late, 2)
    joined = application.Selected(
        round=2, amount_cents=AMOUNT, cut_off=new_id(), place=3.5, ranked_at=at, joined=True
    )
    await money.say(late, joined)
    assert list(await line(money)) == [a, b, c, late, d]
    done(await money.coordinator.post(f"/api/v1/budgets/{money.budget}/raise", {"amount_cents": 2 * AMOUNT}))
    assert await line(money) == {a: "made", b: "made", c: "made", late: "made", d: "queued"}
    assert await money.reserve(late, 2) == "made"


async def test_the_applicant_is_told_once_the_results_are_announced(money: Finance) -> None:
    a, b, c = await in_time(money, 3)
    await rank(money, a, b, c)
    hers = f"VO:{money.sme}"
    facts = [
        one
        for one in await said(money.stage.database, ("relais.reimbursements",))
        if "reservation" in one.type
    ]
    assert len(facts) == 3 and not [one for one in facts if hers in one.audience]
    for case in (a, b, c):
        await money.say(case, application.Announced(cut_off=new_id(), outcome="fund"))
    await money.withdrawn(a)
    told = [
        one for one in await said(money.stage.database, ("relais.reimbursements",)) if hers in one.audience
    ]
    assert [(one.case, one.participle) for one in told] == [(a, "released"), (c, "made")]
