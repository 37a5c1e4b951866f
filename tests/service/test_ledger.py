"""The ledger on real PostgreSQL: each row of the posting table, no overspend, nothing ever changed."""

import asyncio
import random
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any
from uuid import UUID

import psycopg
import pytest
from alembic import command
from sqlalchemy import CursorResult, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from contracts.errors import DomainError, TransientError
from contracts.ids import new_id
from services.chassis.migrate import migrate
from services.reimbursements.ledger import acts as ledger
from services.reimbursements.ledger.posting import balances_of, reverse, together, totals
from services.reimbursements.ledger.tables import Account as A
from services.reimbursements.ledger.verify import recompute
from tests.databases import Databases
from tests.service.ledgers import MIGRATIONS, Ledger, World, fresh, occasion


@pytest.fixture(scope="module")
async def books(postgres: Databases) -> AsyncGenerator[Ledger]:
    async with fresh(postgres) as found:
        yield found


@pytest.fixture
async def session(books: Ledger) -> AsyncGenerator[AsyncSession]:
    async with books.open() as session:
        yield session


async def execute(
    session: AsyncSession, statement: str, values: dict[str, Any] | None = None
) -> CursorResult[Any]:
    return await (await session.connection()).execute(text(statement), values)


async def granted(session: AsyncSession, world: World) -> None:
    """A line of 2,000 euro with 780 of them committed."""
    await ledger.allocate(session, occasion(), world.line, 200_000)
    await ledger.reserve(session, occasion(), world.line, world.reservation, 78_000)
    await ledger.commit(session, occasion(), world.line, world.reservation, 78_000)


async def paid(session: AsyncSession, world: World, *, inside: bool = True) -> None:
    await granted(session, world)
    await ledger.opening_balance(session, occasion(), world.member, world.bank, 500_000)
    await ledger.approve(session, occasion(), world.payout())
    await ledger.order(session, occasion(), world.batch, [world.payout()])
    await ledger.book(session, occasion(), world.batch, world.bank, [world.payout()], inside=inside)


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


async def test_more_than_available_is_refused_and_nothing_written(books: Ledger) -> None:
    world = World()
    await books.do(lambda s: ledger.allocate(s, occasion(), world.line, 77_999))
    with pytest.raises(DomainError, match="no-overspend"):
        await books.do(lambda s: ledger.reserve(s, occasion(), world.line, world.reservation, 78_000))
    async with books.open() as session:
        assert await world.balances(session) == {A.ALLOTTED: 77_999, A.AVAILABLE: 77_999}
    await books.do(lambda s: ledger.reserve(s, occasion(), world.line, world.reservation, 50_000))
    with pytest.raises(DomainError, match="no-overspend"):
        await books.do(lambda s: ledger.cut(s, occasion(), world.line, 28_000))
    async with books.open() as session:
        assert await recompute(session) == []


@pytest.mark.parametrize(
    "act", ["commit", "approve", "order", "book", "refuse_payee", "take_back", "give_back"]
)
async def test_no_act_takes_what_is_not_there(books: Ledger, act: str) -> None:
    world = World()
    await books.do(lambda s: ledger.allocate(s, occasion(), world.line, 200_000))
    acts: dict[str, Callable[[AsyncSession], Awaitable[bool]]] = {
        "commit": lambda s: ledger.commit(s, occasion(), world.line, world.reservation, 1),
        "approve": lambda s: ledger.approve(s, occasion(), world.payout(1)),
        "order": lambda s: ledger.order(s, occasion(), world.batch, [world.payout(1)]),
        "book": lambda s: ledger.book(s, occasion(), world.batch, world.bank, [world.payout(1)], inside=True),
        "refuse_payee": lambda s: ledger.refuse_payee(s, occasion(), world.batch, world.payout(1)),
        "take_back": lambda s: ledger.take_back(s, occasion(), world.bank, world.payout(1), inside=True),
        "give_back": lambda s: ledger.give_back(s, occasion(), world.payout(1)),
    }
    with pytest.raises(DomainError, match="ledger-not-below-zero"):
        await books.do(acts[act])


async def test_a_payment_booked_twice_is_refused(books: Ledger) -> None:
    world = World()
    await books.do(lambda s: paid(s, world))
    with pytest.raises(DomainError, match="ledger-not-below-zero"):
        await books.do(
            lambda s: ledger.book(s, occasion(), world.batch, world.bank, [world.payout()], inside=True)
        )


async def reservations_at_once(books: Ledger, line: UUID, many: int, cents: int) -> int:
    """How many of so many reservations, all made at the same time, were accepted. A server too busy to answer is asked
    again."""

    async def one() -> bool:
        this, case = occasion(), new_id()
        while True:
            try:
                return bool(await books.do(lambda s: ledger.reserve(s, this, line, case, cents)))
            except DomainError:
                return False
            except TransientError:
                continue

    return sum(await asyncio.gather(*(one() for _ in range(many))))


async def test_two_hundred_at_once_never_overspend(books: Ledger) -> None:
    world = World()
    await books.do(lambda s: ledger.allocate(s, occasion(), world.line, 5_500_000))
    assert await reservations_at_once(books, world.line, 200, 78_000) == 70
    async with books.open() as session:
        assert await world.balances(session) == {
            A.ALLOTTED: 5_500_000,
            A.AVAILABLE: 40_000,
            A.RESERVED: 5_460_000,
        }
        assert await recompute(session) == []


async def test_without_the_constraint_they_do_overspend(postgres: Databases) -> None:
    async with fresh(postgres) as books:
        with psycopg.connect(books.admin, autocommit=True) as connection:
            connection.execute("ALTER TABLE ledger_account_balance DROP CONSTRAINT no_overspend")
        world = World()
        await books.do(lambda s: ledger.allocate(s, occasion(), world.line, 5_500_000))
        assert await reservations_at_once(books, world.line, 200, 78_000) == 200
        async with books.open() as session:
            assert (await totals(session, [world.line]))[world.line][A.AVAILABLE] == 5_500_000 - 200 * 78_000
            assert [difference.rule for difference in await recompute(session)] == ["balance is below zero"]


async def test_batches_in_any_order_of_payments_do_not_deadlock(books: Ledger) -> None:
    worlds = [World() for _ in range(8)]
    for world in worlds:
        world.member, world.bank = worlds[0].member, worlds[0].bank
        await books.do(lambda s, world=world: granted(s, world))

    async def one(seed: int) -> None:
        payouts = [world.payout(1_000) for world in random.Random(seed).sample(worlds, 8)]
        batch = new_id()
        for payout in payouts:
            await books.do(lambda s, payout=payout: ledger.approve(s, occasion(), payout))
        await books.do(lambda s: ledger.order(s, occasion(), batch, payouts))
        await books.do(lambda s: ledger.book(s, occasion(), batch, worlds[0].bank, payouts, inside=True))

    await asyncio.gather(*(one(seed) for seed in range(30)))
    async with books.open() as session:
        for world in worlds:
            assert (await balances_of(session, world.reservation))[A.PAID] == 30_000
        assert await recompute(session) == []


CHANGES = [
    "UPDATE ledger_transaction SET kind = 'other'",
    "DELETE FROM ledger_transaction",
    "TRUNCATE ledger_transaction CASCADE",
    "UPDATE ledger_entry SET debit_cents = 1",
    "DELETE FROM ledger_entry",
    "TRUNCATE ledger_entry",
    "UPDATE ledger_account_balance SET balance_cents = 0",
    "DELETE FROM ledger_account_balance",
    "TRUNCATE ledger_account_balance",
    "INSERT INTO ledger_account_balance VALUES (gen_random_uuid(), 'BANK', gen_random_uuid(), 1, 1)",
]


@pytest.mark.parametrize("change", CHANGES)
async def test_nothing_recorded_is_ever_changed(books: Ledger, change: str) -> None:
    with pytest.raises(DBAPIError, match="permission denied"):
        await books.do(lambda s: execute(s, change))
    with psycopg.connect(books.admin) as connection:
        connection.execute("SET ROLE reimbursements_owner")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="corrected by a reversing entry"):
            connection.execute(change.encode())


async def test_the_database_refuses_what_does_not_balance(books: Ledger) -> None:
    world, id = World(), new_id()
    header = "INSERT INTO ledger_transaction (id, kind, business_date) VALUES (:id, 'x', '2026-09-14')"
    entry = (
        "INSERT INTO ledger_entry"
        " (transaction, position, block, book, account, owner, debit_cents, credit_cents)"
        " VALUES (:id, :position, 'cash', :book, 'CHARGES', :book, :debit, :credit)"
    )
    values = {"id": id, "book": world.member}
    with pytest.raises(DomainError, match="ledger-balanced"):
        await books.do(lambda s: execute(s, header, values))
    with pytest.raises(DomainError, match="ledger-balanced"):
        async with books.open() as session:
            await execute(session, header, values)
            await execute(session, entry, values | {"position": 0, "debit": 5, "credit": 0})
    recorded = occasion()
    await books.do(lambda s: ledger.charge(s, recorded, world.member, world.bank, 5))
    late = {"id": recorded.id, "book": world.member, "position": 9, "debit": 5, "credit": 0}
    with pytest.raises(DomainError, match="ledger-append-only"):
        await books.do(lambda s: execute(s, entry, late))


async def test_the_guard_can_be_taken_back(postgres: Databases) -> None:
    name = await postgres.copy("reimbursements", MIGRATIONS)
    owner_url = postgres.url("reimbursements", name, owner=True)
    await asyncio.to_thread(
        migrate, MIGRATIONS, owner_url, "reimbursements", lambda config: command.downgrade(config, "base")
    )
    with psycopg.connect(postgres.server.superuser_url(name)) as connection:
        left = connection.execute("SELECT count(*) FROM pg_proc WHERE proname LIKE 'ledger%'").fetchone()
        assert left == (0,)


TAMPERINGS = {
    "UPDATE ledger_account_balance SET balance_cents = balance_cents + 1 WHERE book = %(line)s"
    " AND account = 'AVAILABLE'": "balance is not the sum of its entries",
    "DELETE FROM ledger_account_balance WHERE book = %(line)s AND account = 'PAID'": (
        "balance is not the sum of its entries"
    ),
    "UPDATE ledger_entry SET debit_cents = debit_cents + 1 WHERE book = %(line)s AND account = 'PAID'": (
        "posting does not balance"
    ),
    "UPDATE ledger_entry SET balance_cents = balance_cents + 1 WHERE book = %(line)s AND account = 'PAID'": (
        "running balance is wrong"
    ),
    "UPDATE ledger_entry SET number = number + 1 WHERE book = %(line)s AND account = 'PAID'": (
        "numbers have a gap"
    ),
    "DELETE FROM ledger_entry WHERE book = %(line)s AND account = 'ALLOTTED'": "posting does not balance",
    "WITH gone AS (DELETE FROM ledger_entry WHERE book = %(line)s AND account IN ('ALLOTTED', 'AVAILABLE')"
    " AND transaction IN (SELECT transaction FROM ledger_entry WHERE account = 'ALLOTTED') RETURNING 1)"
    " SELECT count(*) FROM gone": "posting has no entries",
    "UPDATE ledger_entry SET owner = gen_random_uuid() WHERE book = %(line)s AND account = 'COMMITTED'": (
        "balance is not the sum of its entries"
    ),
}


@pytest.mark.parametrize(("change", "rule"), TAMPERINGS.items())
async def test_a_change_behind_the_guards_is_found(books: Ledger, change: str, rule: str) -> None:
    world = World()
    await books.do(lambda s: paid(s, world))
    engine = create_async_engine(books.admin.replace("postgresql:", "postgresql+psycopg:"))
    async with AsyncSession(engine) as session:
        assert await recompute(session) == []
        await session.execute(text("SET session_replication_role = replica"))
        await session.execute(text(change.replace("%(line)s", ":line")), {"line": world.line})
        differences = await recompute(session)
        assert rule in {difference.rule for difference in differences}
        assert {difference.book for difference in differences} <= {world.line, None}
        await session.rollback()
    await engine.dispose()
