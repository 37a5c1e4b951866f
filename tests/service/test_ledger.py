"""The ledger on real PostgreSQL: each row of the posting table, and repeats."""

import asyncio
from collections.abc import AsyncGenerator

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.errors import DomainError
from contracts.ids import new_id
from services.reimbursements.ledger import acts as ledger
from services.reimbursements.ledger.posting import balances_of, reverse, together
from services.reimbursements.ledger.tables import Account as A
from services.reimbursements.ledger.verify import recompute
from tests.service.ledgers import Ledger, World, execute, granted, occasion, paid


@pytest.fixture
async def session(books: Ledger) -> AsyncGenerator[AsyncSession]:
    async with books.open() as session:
        yield session


async def test_from_the_allocation_to_the_bank(session: AsyncSession) -> None:
    world = World()
    await ledger.allocate(session, occasion(), world.line, 200_000)
    await ledger.cut(session, occasion(), world.line, 50_000)
    assert await world.balances(session) == {A.ALLOTTED: 150_000, A.AVAILABLE: 150_000}
    await ledger.reserve(session, occasion(), world.line, world.reservation, 78_000)
    assert await world.balances(session) == {A.ALLOTTED: 150_000, A.AVAILABLE: 72_000, A.RESERVED: 78_000}
    await ledger.commit(session, occasion(), world.line, world.reservation, 78_000)
    assert await balances_of(session, world.reservation) == dict.fromkeys(A, 0) | {A.COMMITTED: 78_000}
    await ledger.approve(session, occasion(), world.payout(70_000))
    budget = {A.ALLOTTED: 150_000, A.AVAILABLE: 72_000, A.COMMITTED: 8_000, A.DRAWN: 70_000}
    assert await world.balances(session) == budget | {A.SUPPORT: 70_000, A.PAYABLE: 70_000}
    await ledger.order(session, occasion(), world.batch, [world.payout(70_000)])
    assert await world.balances(session) == budget | {A.SUPPORT: 70_000, A.TRANSIT: 70_000}
    await ledger.book(session, occasion(), world.batch, world.bank, [world.payout(70_000)], inside=True)
    booked = {A.SUPPORT: 70_000, A.BANK: -70_000, A.PAID: 70_000}
    assert await world.balances(session) == {
        A.ALLOTTED: 150_000,
        A.AVAILABLE: 72_000,
        A.COMMITTED: 8_000,
        **booked,
    }
    assert await ledger.end_of_case(session, occasion(), world.line, world.reservation) == 8_000
    assert await world.balances(session) == {A.ALLOTTED: 150_000, A.AVAILABLE: 80_000, **booked}


async def test_a_reservation_that_is_released_leaves_no_trace_in_the_balances(session: AsyncSession) -> None:
    world = World()
    await ledger.allocate(session, occasion(), world.line, 200_000)
    await ledger.reserve(session, occasion(), world.line, world.reservation, 78_000)
    await ledger.release(session, occasion(), world.line, world.reservation, 78_000)
    assert await world.balances(session) == {A.ALLOTTED: 200_000, A.AVAILABLE: 200_000}
    assert await ledger.end_of_case(session, occasion(), world.line, world.reservation) == 0


GRANTED = {A.ALLOTTED: 200_000, A.AVAILABLE: 122_000, A.COMMITTED: 78_000}


async def test_an_approval_given_back_before_the_order(session: AsyncSession) -> None:
    world = World()
    await granted(session, world)
    await ledger.approve(session, occasion(), world.payout())
    await ledger.give_back(session, occasion(), world.payout())
    assert await world.balances(session) == GRANTED


async def test_an_order_withdrawn_keeps_the_draw(session: AsyncSession) -> None:
    world = World()
    await granted(session, world)
    await ledger.approve(session, occasion(), world.payout())
    before = await world.balances(session)
    await ledger.order(session, occasion(), world.batch, [world.payout()])
    await ledger.withdraw_order(session, occasion(), world.batch, [world.payout()])
    assert await world.balances(session) == before


async def test_a_refusal_for_a_cause_of_the_payee_gives_the_draw_back(session: AsyncSession) -> None:
    world = World()
    await granted(session, world)
    await ledger.approve(session, occasion(), world.payout())
    await ledger.order(session, occasion(), world.batch, [world.payout()])
    await ledger.refuse_payee(session, occasion(), world.batch, world.payout())
    assert await world.balances(session) == GRANTED


@pytest.mark.parametrize("inside", [True, False])
async def test_a_return_before_closing_with_a_fee(session: AsyncSession, inside: bool) -> None:
    world = World()
    await paid(session, world, inside=inside)
    assert (await world.balances(session))[A.PAID if inside else A.PAID_OUTSIDE] == 78_000
    await ledger.take_back(session, occasion(), world.bank, world.payout(), inside=inside, fee_cents=500)
    assert await world.balances(session) == GRANTED | {A.BANK: 499_500, A.CHARGES: 500, A.OWN: 500_000}


async def test_a_return_after_closing_is_committed_for_the_replacing_claim(session: AsyncSession) -> None:
    world, new_reservation = World(), new_id()
    await paid(session, world)
    await ledger.take_back_after_closing(
        session, occasion(), world.bank, world.payout(), new_reservation, inside=True
    )
    assert (await balances_of(session, world.reservation))[A.PAID] == 0
    assert (await balances_of(session, new_reservation))[A.COMMITTED] == 78_000
    assert await world.balances(session) == GRANTED | {A.BANK: 500_000, A.OWN: 500_000}


async def test_a_batch_booked_as_one_sum(session: AsyncSession) -> None:
    world, other = World(), World()
    other.line, other.member = world.line, world.member
    await ledger.allocate(session, occasion(), world.line, 100_000)
    payouts = [world.payout(30_000), other.payout(50_000)]
    for payout in payouts:
        await ledger.reserve(session, occasion(), payout.line, payout.reservation, payout.cents)
        await ledger.commit(session, occasion(), payout.line, payout.reservation, payout.cents)
        await ledger.approve(session, occasion(), payout)
    await ledger.order(session, occasion(), world.batch, payouts)
    assert (await balances_of(session, world.batch))[A.TRANSIT] == 80_000
    await ledger.book(session, occasion(), world.batch, world.bank, payouts, inside=True)
    assert (await balances_of(session, world.bank))[A.BANK] == -80_000
    assert (await world.balances(session))[A.PAID] == 80_000


async def test_charges_and_unknown_lines_stay_off_the_budget(session: AsyncSession) -> None:
    world = World()
    await ledger.opening_balance(session, occasion(), world.member, world.bank, -10_000)
    await ledger.charge(session, occasion(), world.member, world.bank, 350)
    await ledger.unknown_debit(session, occasion(), world.member, world.bank, 1_000)
    await ledger.unknown_credit(session, occasion(), world.member, world.bank, 2_500)
    assert await world.balances(session) == {
        A.BANK: -8_850,
        A.OWN: -10_000,
        A.CHARGES: 350,
        A.SUSPENSE: -1_500,
    }


async def test_a_correction_names_what_it_reverses_and_is_made_once(books: Ledger) -> None:
    world, wrong = World(), occasion()
    await books.do(lambda s: ledger.unknown_debit(s, wrong, world.member, world.bank, 1_000))
    await books.do(lambda s: reverse(s, occasion(), wrong.id))
    async with books.open() as session:
        assert await world.balances(session) == {}
        names = await execute(
            session, "SELECT FROM ledger_transaction WHERE reverses = :id", {"id": wrong.id}
        )
        assert names.rowcount == 1
    with pytest.raises(DomainError, match="reversed-once"):
        await books.do(lambda s: reverse(s, occasion(), wrong.id))


async def test_a_repeat_is_the_same_entry(books: Ledger) -> None:
    world, once = World(), occasion()
    await books.do(lambda s: ledger.allocate(s, occasion(), world.line, 100_000))

    async def reserve(session: AsyncSession) -> bool:
        return await ledger.reserve(session, once, world.line, world.reservation, 60_000)

    answers = await asyncio.gather(*(books.do(reserve) for _ in range(20)))
    assert sorted(map(bool, answers)) == [False] * 19 + [True]
    async with books.open() as session:
        assert (await world.balances(session))[A.RESERVED] == 60_000
    with pytest.raises(DomainError, match="posting-differs"):
        await books.do(lambda s: ledger.reserve(s, once, world.line, world.reservation, 60_001))


async def test_many_postings_in_one_go_are_as_if_each_were_alone(books: Ledger) -> None:
    world, charges = World(), [occasion() for _ in range(40)]

    async def charge(session: AsyncSession, number: int, cents: int) -> None:
        await ledger.charge(session, charges[number], world.member, world.bank, cents)

    async with books.open() as session:
        await ledger.opening_balance(session, occasion(), world.member, world.bank, 100_000)
        await charge(session, 0, 1)
        async with together(session):
            for number in range(len(charges)):
                await charge(session, number, number + 1)
        running = await execute(
            session,
            "select number, balance_cents from ledger_entry where owner = :bank order by number",
            {"bank": world.bank},
        )
        left = [100_000 - sum(range(1, n + 1)) for n in range(41)]
        assert [tuple(row) for row in running] == list(enumerate(left, start=1))
        assert await recompute(session) == []
        await session.commit()
    async with books.open() as session:
        with pytest.raises(DomainError, match="posting-differs"):
            async with together(session):
                await charge(session, 39, 41)
        await session.rollback()


async def test_an_end_of_case_that_is_repeated_gives_the_same_answer(books: Ledger) -> None:
    world, end = World(), occasion()
    await books.do(lambda s: granted(s, world))
    for _ in range(2):
        assert await books.do(lambda s: ledger.end_of_case(s, end, world.line, world.reservation)) == 78_000
