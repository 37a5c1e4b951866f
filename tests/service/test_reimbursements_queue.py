"""Money set aside for cases: in line and out of it, and every race between reserving and the ends of a case."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable
from itertools import permutations
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from contracts import application
from contracts.errors import DomainError, NotKnownYet
from contracts.ids import new_id
from tests.conftest import FreshDatabase
from tests.facts import a_fact
from tests.service.books import sound
from tests.service.money import Finance, done, finance
from tests.service.told import AMOUNT


@pytest.fixture
async def money(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncGenerator[Finance]:
    """A line with money for two cases."""
    async with finance(await fresh_database("reimbursements"), tmp_path, 2 * AMOUNT + 100) as played:
        yield played
        await sound(played.stage.database)


async def in_line(money: Finance, number: int) -> list[UUID]:
    """So many cases that asked for money one after the other."""
    cases = [await money.submitted() for _ in range(number)]
    for case in cases:
        await money.reserve(case)
    return cases


async def states(money: Finance, *cases: UUID) -> list[str]:
    """Where each case's newest reservation is."""
    rows = await money.rows("select case_id, state from reservations order by id")
    newest = {row.case_id: row.state for row in rows}
    return [newest.get(case, "none") for case in cases]


async def test_who_comes_when_nothing_is_left_waits_and_is_served_in_order(money: Finance) -> None:
    cases = await in_line(money, 5)
    assert await states(money, *cases) == ["made", "made", "queued", "queued", "queued"]
    done(await money.coordinator.post(f"/api/v1/budgets/{money.budget}/raise", {"amount_cents": AMOUNT}))
    assert await states(money, *cases) == ["made", "made", "made", "queued", "queued"]
    await money.withdrawn(cases[0])
    assert await states(money, *cases) == ["released", "made", "made", "made", "queued"]
    assert [await money.reserve(case) for case in cases] == ["ended", "made", "made", "made", "queued"]


async def test_being_served_wakes_the_story_of_the_case(money: Finance) -> None:
    cases = await in_line(money, 3)
    await money.withdrawn(cases[0])
    rows = await money.rows(
        "select wakes from outbox where type = 'relais.reservation.made.v1' and case_id = :case",
        case=cases[2],
    )
    assert [row.wakes for row in rows] == [[f"grant-approval/{cases[2]}"]]


async def test_nobody_overtakes_not_even_who_would_fit(money: Finance) -> None:
    await money.open_budget(AMOUNT - 1)
    big = await money.submitted()
    assert await money.reserve(big) == "queued"
    small = await money.submitted()
    await money.change("update reimbursements_known_cases set amount_cents = 1000 where id = :id", id=small)
    assert await money.reserve(small) == "queued", "an older one waits, though there is money for this one"
    await money.withdrawn(big)
    assert await states(money, big, small) == ["released", "made"], "the head has left, so the next fits"


async def test_a_cut_takes_only_what_is_available(money: Finance) -> None:
    await in_line(money, 1)
    path = f"/api/v1/budgets/{money.budget}/cut"
    refused = await money.coordinator.post(path, {"amount_cents": AMOUNT + 101})
    assert refused.json()["slug"] == "cut-beyond-available"
    assert "671.00 EUR" in refused.json()["title"]
    done(await money.coordinator.post(path, {"amount_cents": AMOUNT + 100}))
    assert (await money.accounts())["AVAILABLE"] == 0


async def test_reserving_is_repeatable_at_every_stage(money: Finance) -> None:
    case = await money.submitted()
    assert [await money.reserve(case) for _ in range(3)] == ["made"] * 3
    await money.granted(case)
    assert await money.reserve(case) == "made", "committed money is made"
    await money.say(case, application.Cancelled(by="visitor", round=1))
    assert await money.reserve(case) == "ended"
    assert len(await money.rows("select 1 from reservations")) == 1


async def test_an_unknown_case_or_round_is_asked_again(money: Finance) -> None:
    with pytest.raises(NotKnownYet):
        await money.reserve(new_id())
    case = await money.submitted()
    with pytest.raises(NotKnownYet):
        await money.reserve(case, round=2)


ENDS: dict[str, Any] = {
    "withdrawn": application.Withdrawn(round=1),
    "lapsed": application.Lapsed(reason="not_signed", round=1),
    "cancelled": application.Cancelled(by="officer", round=1),
    "not_completed": application.NotCompleted(round=1),
    "finalised": application.Finalised(round=1),
}


@pytest.mark.parametrize("end", ENDS.values(), ids=list(ENDS))
@pytest.mark.parametrize("stage", ["queued", "made", "committed"])
async def test_every_end_gives_back_whatever_is_held(money: Finance, end: Any, stage: str) -> None:
    cases = await in_line(money, 3)
    case = cases[2] if stage == "queued" else cases[0]
    if stage == "committed":
        await money.granted(case)
    before = await money.accounts()
    await money.say(case, end)
    assert await states(money, case) == ["released"]
    after = await money.accounts()
    if stage == "queued":
        assert after == before
    else:
        assert await states(money, cases[2]) == ["made"], "the next in line, in the same moment"
    assert await money.reserve(case) == "ended"


async def test_withdrawal_and_reserving_in_both_orders(money: Finance) -> None:
    early, late = await money.submitted(), await money.submitted()
    await money.withdrawn(early)
    assert await money.reserve(early) == "ended"
    assert await money.reserve(late) == "made"
    await money.withdrawn(late)
    assert await states(money, early, late) == ["none", "released"]


@pytest.mark.parametrize("order", list(permutations(["reserve", "withdraw", "other"])), ids="-".join)
async def test_withdrawal_reserving_and_another_case_in_every_order(
    money: Finance, order: tuple[str, ...]
) -> None:
    """One case is withdrawn while it reserves and another one asks for the same money."""
    await in_line(money, 1)
    case, other = await money.submitted(), await money.submitted()
    acts: dict[str, Any] = {
        "reserve": lambda: money.reserve(case),
        "withdraw": lambda: money.withdrawn(case),
        "other": lambda: money.reserve(other),
    }
    for name in order:
        await acts[name]()
        await sound(money.stage.database)
    assert await states(money, other) == ["made"]
    assert await money.reserve(case) == "ended"


async def test_withdrawals_and_reservations_at_the_same_moment(money: Finance) -> None:
    """Whichever comes first, a withdrawn case holds nothing and nobody who could be served waits."""
    cases = [await money.submitted() for _ in range(24)]
    asked: list[Awaitable[Any]] = [money.reserve(case) for case in cases]
    asked += [money.withdrawn(case) for case in cases[::2]]
    await asyncio.gather(*asked)
    await sound(money.stage.database)
    found = await states(money, *cases)
    assert all(state in ("none", "released") for state in found[::2])
    assert sorted(found[1::2]) == ["made"] * 2 + ["queued"] * 10


async def test_grants_and_withdrawals_at_the_same_moment(money: Finance) -> None:
    """Granting one case and ending others share the line and the queue, and never wait for each other in a ring."""
    done(await money.coordinator.post(f"/api/v1/budgets/{money.budget}/raise", {"amount_cents": 10 * AMOUNT}))
    cases = await in_line(money, 24)
    asked: list[Awaitable[Any]] = [money.granted(case) for case in cases[:6]]
    asked += [money.withdrawn(case) for case in cases[6:12]]
    asked += [money.reserve(case) for case in cases]
    await asyncio.gather(*asked)
    assert await states(money, *cases[:12]) == ["committed"] * 6 + ["released"] * 6
    assert await states(money, *cases[12:18]) == ["made"] * 6


async def test_a_grant_before_its_end_and_a_late_reserve(money: Finance) -> None:
    case = await money.submitted()
    await money.reserve(case)
    await money.granted(case)
    await money.say(case, application.Cancelled(by="visitor", round=1))
    assert await states(money, case) == ["released"]
    assert (await money.accounts())["AVAILABLE"] == 2 * AMOUNT + 100


async def test_a_grant_without_money_is_parked_and_does_not_stop_others(money: Finance) -> None:
    """It cannot happen; if it does, an operator is told and the other cases go on."""
    case, other = await money.submitted(), await money.submitted()
    await money.granted(case)
    parked = await money.rows("select subject, reason, error from parked")
    assert [(row.subject, row.reason) for row in parked] == [(case, "error")]
    assert await money.reserve(other) == "made"
    await money.change("delete from parked")


async def test_a_validation_heard_before_its_case_waits_for_it(money: Finance) -> None:
    """Two subjects, two partitions: no order between them is promised."""
    case = new_id()
    await money.validated(case)
    assert [row.reason for row in await money.rows("select reason from parked")] == ["gap"]
    await money.say(case, application.Submitted(**money.frozen(1, "physical")))
    await money.stage.service.reader.at_work_on(money.stage.database).sweep()
    assert await money.rows("select 1 from parked") == []
    (row,) = await money.rows("select validated from reimbursements_known_cases where id = :id", id=case)
    assert row.validated["days"] == 5


async def test_a_reopened_round_gives_back_the_lower_one_and_stands_in_line_again(money: Finance) -> None:
    first, second, third = await in_line(money, 3)
    await money.rejected(first)
    assert await states(money, first) == ["made"], "the rejection is not final yet"
    await money.reopened(first, 2)
    with pytest.raises(NotKnownYet):
        await money.reserve(first, 3)
    assert await money.reserve(first, 1) == "ended", "that round is over"
    assert await money.reserve(first, 2) == "queued", "an older one took the money that it gave back"
    rows = await money.rows(
        "select round, state from reservations where case_id = :case order by id", case=first
    )
    assert [(row.round, row.state) for row in rows] == [(1, "released"), (2, "queued")]
    assert await states(money, second, third) == ["made", "made"]
    await money.revised(first, 3)
    assert await money.reserve(first, 3) == "queued"
    await money.withdrawn(second)
    assert await states(money, first) == ["made"]
    await money.granted(first, 3)
    assert await states(money, first) == ["committed"]


async def test_rejected_in_line_leaves_it_at_once(money: Finance) -> None:
    cases = await in_line(money, 4)
    await money.rejected(cases[2])
    assert await states(money, *cases) == ["made", "made", "released", "queued"]
    await money.withdrawn(cases[0])
    assert await states(money, cases[3]) == ["made"]
    await money.say(cases[2], application.Finalised(round=1))
    assert await money.reserve(cases[2]) == "ended"


async def test_rejected_with_money_keeps_it_until_that_is_final(money: Finance) -> None:
    cases = await in_line(money, 3)
    await money.rejected(cases[0])
    assert await states(money, *cases) == ["made", "made", "queued"]
    await money.say(cases[0], application.Finalised(round=1))
    assert await states(money, *cases) == ["released", "made", "made"]


async def test_the_same_fact_heard_twice_moves_money_once(money: Finance) -> None:
    case, _, _ = await in_line(money, 3)
    fact = a_fact(application.Withdrawn(round=1), case, 2, case=case, time=money.stage.clock.now())
    await money.stage.hear(fact, fact)
    await money.stage.hear(fact)
    released = await money.rows("select 1 from ledger_transaction where kind = 'end_of_case'")
    assert len(released) == 1


async def test_the_constraint_refuses_a_second_live_reservation(money: Finance) -> None:
    (case,) = await in_line(money, 1)
    with pytest.raises(DomainError, match="reservation-live-once"):
        await money.change(
            "insert into reservations select"
            " (jsonb_populate_record(one, jsonb_build_object('id', cast(:id as text)))).*"
            " from reservations one where case_id = :case",
            id=str(new_id()),
            case=case,
        )


async def test_two_hundred_at_once_never_overspend(money: Finance) -> None:
    done(await money.coordinator.post(f"/api/v1/budgets/{money.budget}/raise", {"amount_cents": 5 * AMOUNT}))
    cases = [await money.submitted(recipient=new_id()) for _ in range(200)]
    gate = asyncio.Semaphore(14)

    async def one(case: UUID) -> str:
        async with gate:
            return await money.reserve(case)

    told = await asyncio.gather(*(one(case) for case in cases))
    assert (told.count("made"), told.count("queued")) == (7, 193)
    accounts = await money.accounts()
    assert (accounts["RESERVED"], accounts["AVAILABLE"]) == (7 * AMOUNT, 100)


async def test_a_case_without_host_has_its_money_set_aside_and_waits_in_the_same_line(money: Finance) -> None:
    first, second = await money.submitted_by_form(AMOUNT), await money.submitted_by_form(2 * AMOUNT)
    assert await money.reserve(first) == "made"
    assert await money.reserve(second) == "queued"
    await money.granted(first)
    assert await states(money, first, second) == ["committed", "queued"]
    page = await money.coordinator.open(f"/budgets/{money.budget}")
    assert "Helixon – Travel 2027" in page.text
    await money.closed(first)
    assert await states(money, first, second) == ["released", "made"]
