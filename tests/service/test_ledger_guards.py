"""What the ledger refuses on real PostgreSQL: to spend more than there is, and ever to change an entry."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from uuid import UUID

import psycopg
import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from contracts.errors import DomainError, TransientError
from contracts.ids import new_id
from services.chassis.migrate import migrate
from services.reimbursements.ledger import acts as ledger
from services.reimbursements.ledger.posting import balances_of, totals
from services.reimbursements.ledger.tables import Account as A
from services.reimbursements.ledger.verify import recompute
from tests.databases import Databases
from tests.service.ledgers import MIGRATIONS, Ledger, World, execute, fresh, granted, occasion, paid


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
