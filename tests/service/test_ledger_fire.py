"""The ledger under fire: two hundred approvers on one budget while connections are cut, and any sequence of rows of the
posting table, drawn at random and compared with the rows written by hand.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import text
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.errors import DomainError, TransientError
from services.reimbursements.ledger import acts as ledger
from services.reimbursements.ledger.posting import Occasion, post, totals
from services.reimbursements.ledger.posting_table import POSTINGS, moves
from services.reimbursements.ledger.tables import CHART
from services.reimbursements.ledger.tables import Account as A
from services.reimbursements.ledger.verify import recompute
from tests.databases import Databases
from tests.service.ledgers import PARTS, Ledger, World, expected, fresh, occasion

ALLOTTED = 5_500_000
APPROVERS = 200
FLOORED = [account.value for account, nature in CHART.items() if nature.floor]


class Crash(Exception):
    """The process dies before its transaction is committed."""


@dataclass
class Approver:
    """Takes one grant of a random sum from its reservation to its approved claim, and tries again after each crash."""

    books: Ledger
    world: World
    dice: random.Random
    cents: int

    async def approve(self) -> str:
        """How far it came; every step has the same id however often it is tried."""
        line, reservation = self.world.line, self.world.reservation
        payout = self.world.payout(self.dice.randint(1, self.cents))
        rest = self.cents - payout.cents
        steps: list[Callable[[AsyncSession, Occasion], Awaitable[object]]] = [
            lambda s, o: ledger.reserve(s, o, line, reservation, self.cents),
            lambda s, o: ledger.commit(s, o, line, reservation, self.cents),
            lambda s, o: ledger.approve(s, o, payout),
        ]
        if rest:
            steps.append(lambda s, o: ledger.amend(s, o, line, reservation, -rest))
        for step in steps:
            once = occasion()
            try:
                await self.until_done(lambda s, step=step, once=once: step(s, once))
            except DomainError as refused:
                return refused.slug
        return "approved"

    async def until_done(self, act: Callable[[AsyncSession], Awaitable[object]]) -> None:
        while True:
            try:
                async with self.books.open() as session:
                    await act(session)
                    if self.dice.random() < 0.1:
                        raise Crash
                return
            except (Crash, TransientError, InvalidRequestError):  # the last: cut again while it reconnected
                await asyncio.sleep(0)


async def fire(books: Ledger, postgres: Databases, allotted: int) -> tuple[World, Counter[str], int]:
    """All approvers at once, with every connection cut a few times meanwhile: what became of them, and what they
    were approved for."""
    dice, shared = random.Random(7), World()
    await books.do(lambda s: ledger.allocate(s, occasion(), shared.line, allotted))
    approvers: list[Approver] = []
    for _ in range(APPROVERS):
        world = World()
        world.line, world.member = shared.line, shared.member
        approvers.append(Approver(books, world, random.Random(dice.random()), dice.randint(1_000, 110_000)))
    gate = asyncio.Semaphore(40)

    async def one(approver: Approver) -> str:
        async with gate:
            return await approver.approve()

    async def cut() -> None:
        for _ in range(3):
            await asyncio.sleep(0.3)
            with suppress(psycopg.OperationalError):
                await postgres.cut(books.database)

    cutting = asyncio.create_task(cut())
    told = Counter(await asyncio.gather(*(one(approver) for approver in approvers)))
    await cutting
    return shared, told, sum(approver.cents for approver in approvers)


async def test_two_hundred_approvers_with_random_amounts_and_crashes(postgres: Databases) -> None:
    async with fresh(postgres) as books:
        world, told, wanted = await fire(books, postgres, ALLOTTED)
        assert wanted > ALLOTTED, "not everybody can get what they want"
        assert told.keys() == {"approved", "no-overspend"}
        async with books.open() as session:
            assert await recompute(session) == []
            found = await totals(session, [world.line, world.member])
            line, member = found[world.line], found[world.member]
            assert line[A.AVAILABLE] + line[A.RESERVED] + line[A.COMMITTED] + line[A.DRAWN] == ALLOTTED
            assert (line[A.RESERVED], line[A.COMMITTED]) == (0, 0)
            assert line[A.DRAWN] == member[A.PAYABLE] == member[A.SUPPORT]
            rows = await (await session.connection()).execute(
                text("SELECT count(*) FROM ledger_transaction WHERE kind = 'approve'")
            )
            assert rows.scalar() == told["approved"], "each was approved once"


async def test_the_same_without_the_constraint_overspends(postgres: Databases) -> None:
    async with fresh(postgres) as books:
        with psycopg.connect(books.admin, autocommit=True) as connection:
            connection.execute("ALTER TABLE ledger_account_balance DROP CONSTRAINT no_overspend")
        world, told, _ = await fire(books, postgres, ALLOTTED // 2)
        assert told == {"approved": APPROVERS}
        async with books.open() as session:
            differences = await recompute(session)
            balances = await totals(session, [world.line])
        assert balances[world.line][A.AVAILABLE] < 0, "more is promised than there is"
        assert [each.rule for each in differences] == ["balance is below zero"]


class AnyRows(RuleBasedStateMachine):
    """Any row after any other, of sums that fit or not: entered whole as the row by hand says, or refused whole."""

    books: Ledger
    runner: "asyncio.Runner"

    def __init__(self) -> None:
        super().__init__()
        self.here = World()
        self.there = World()
        self.there.line, self.there.member = self.here.line, self.here.member
        self.elsewhere = World()
        self.state: Counter[str] = Counter()

    @rule(act=st.sampled_from(sorted(POSTINGS)), hundreds=st.integers(1, 3))
    def arrives(self, act: str, hundreds: int) -> None:
        sums = {part: cents * hundreds for part, cents in PARTS.items()}
        after = self.state.copy()
        after.update({account: cents * hundreds for account, cents in expected(act).items()})
        possible = all(after[account] >= 0 for account in FLOORED)
        entered = self.runner.run(self.enter(act, sums))
        assert entered == possible, (act, hundreds, +self.state)
        if entered:
            self.state = after

    async def enter(self, act: str, sums: Mapping[str, int]) -> bool:
        there = self.elsewhere if act == "transfer" else self.there
        try:
            async with self.books.open() as session:
                await post(session, occasion(), act, moves(act, sums, self.here.place(), there.place()))
        except DomainError:
            return False
        return True

    @invariant()
    def the_balances_are_those_of_the_rows_by_hand(self) -> None:
        found = self.runner.run(self.held())
        assert {account: cents for account, cents in found.items() if cents} == {
            account: cents for account, cents in self.state.items() if cents and not account.endswith("'")
        }

    async def held(self) -> dict[str, int]:
        """Of the first place; what the replacing reservation holds stands on the same line and is left out."""
        async with self.books.open() as session:
            rows = await (await session.connection()).execute(
                text(
                    "SELECT account, sum(balance_cents)::bigint AS cents FROM ledger_account_balance"
                    " WHERE book = ANY(:books) AND owner <> :other GROUP BY account"
                ),
                {"books": list(self.here.books), "other": self.there.reservation},
            )
            return {row.account: row.cents for row in rows}

    def teardown(self) -> None:
        self.runner.run(self.sound())

    async def sound(self) -> None:
        async with self.books.open() as session:
            assert await recompute(session) == []


@pytest.mark.parametrize(
    ("examples", "steps"),
    [(6, 25), pytest.param(200, 50, marks=[pytest.mark.slow, pytest.mark.timeout(3000)])],
)
def test_any_sequence_of_rows_keeps_the_ledger_sound(postgres: Databases, examples: int, steps: int) -> None:
    """200 examples of 50 steps are the ten thousand of the long run."""
    with asyncio.Runner() as runner:
        opened: Any = fresh(postgres)
        books = runner.run(opened.__aenter__())
        machine = type("Machine", (AnyRows,), {"books": books, "runner": runner})
        try:
            run_state_machine_as_test(  # pyright: ignore[reportUnknownMemberType]
                machine, settings=settings(max_examples=examples, stateful_step_count=steps, deadline=None)
            )
        finally:
            runner.run(opened.__aexit__(None, None, None))
