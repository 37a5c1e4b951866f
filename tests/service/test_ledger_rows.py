"""Every row of the posting table: what it does, and that in every state in which it can arrive it is either entered
whole or refused whole.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import TypeAlias

import psycopg
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.ids import new_id
from services.reimbursements.ledger.posting import Move, post
from services.reimbursements.ledger.posting_table import POSTINGS, moves
from services.reimbursements.ledger.tables import CHART, ledger_account_balance
from services.reimbursements.ledger.tables import Account as A
from services.reimbursements.ledger.verify import recompute
from tests.service.ledgers import CHANGES, PARTS, Ledger, World, expected, occasion


def at(act: str, here: World, there: World, sums: Mapping[str, int] = PARTS) -> list[Move]:
    return moves(act, sums, here.place(), there.place())


def other_place(here: World, row: str) -> World:
    """Another line of another member for a transfer, else another reservation on the same line."""
    return World() if row == "transfer" else replace(here, reservation=new_id())


async def held(session: AsyncSession, here: World, there: World) -> Counter[str]:
    """The balances of both places by account; `'` marks the other place."""
    kept = ledger_account_balance.c
    rows = await (await session.connection()).execute(
        select(kept.book, kept.account, kept.owner, kept.balance_cents).where(
            kept.book.in_([*here.books, *there.books])
        )
    )
    found: Counter[str] = Counter()
    for book, account, owner, cents in rows:
        elsewhere = book not in here.books or owner == there.reservation
        found[f"{account}'" if elsewhere else account] += cents
    return found


def test_the_table_has_the_rows_that_are_expected_and_no_others() -> None:
    by_bank = {act for act, changes in CHANGES.items() if "BANK" in changes and not act.startswith("unknown")}
    assert set(POSTINGS) == set(CHANGES) | {f"{act}_from_suspense" for act in by_bank}


FLOORED = [account for account, nature in CHART.items() if nature.floor and account != A.RECOVERED]
LIVES = ("book", "book_outside", "order", "approve", "commit", "reserve")
STEPS = ("reserve", "commit", "approve", "order")


@pytest.mark.parametrize("row", POSTINGS)
async def test_a_row_changes_these_balances_and_no_others(books: Ledger, row: str) -> None:
    """With enough on every account, so that nothing stands in its way."""
    here = World()
    there, enough = other_place(here, row), dict.fromkeys(PARTS, 1_000)
    async with books.open() as session:
        for _ in range(8):
            await post(session, occasion(), "allocate", at("allocate", here, there, enough))
        for last in LIVES:
            for act in dict.fromkeys((*STEPS[: STEPS.index(last) if last in STEPS else 4], last)):
                await post(session, occasion(), act, at(act, here, there, enough))
        for act in (
            "order_recovery",
            "limit_open",
            "limit_open",
            "limit_open",
            "limit_hold",
            "limit_grant",
            "limit_hold",
        ):
            await post(session, occasion(), act, at(act, here, there, enough))
        before = await held(session, here, there)
        assert all(before[account] >= 100 for account in FLOORED)
        await post(session, occasion(), row, at(row, here, there))
        after = await held(session, here, there)
        after.subtract(before)
        assert {account: cents for account, cents in after.items() if cents} == expected(row)
        assert await recompute(session) == []


ARRIVING = (
    "cut reserve release commit amend_up amend_down end_of_case approve give_back order withdraw_order refuse_payee"
    " book book_outside take_back take_back_outside take_back_closed order_recovery withdraw_recovery recover"
    " recover_outside waive"
).split()  # fmt: skip
"""What can come for one case in whatever order: from people, from facts of others, from the bank."""


WATCHED = [*(account.value for account in CHART if CHART[account].floor), "COMMITTED'"]
State: TypeAlias = tuple[int, ...]


class Orders:
    """Walks through every order in which acts can arrive, on from each state once, and compares what the database
    does with what the rows written by hand lead to."""

    def __init__(self, session: AsyncSession, here: World) -> None:
        self.session, self.here, self.there = session, here, other_place(here, "")
        self.seen: set[State] = set()
        self.entered: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()

    async def walk(self, state: Counter[str]) -> None:
        for act in ARRIVING:
            if act == "order_recovery" and state["RECEIVABLE"] + state["RECOVERED"]:
                continue  # ordered once: the rule of the claim, not of the ledger
            sums, changes = PARTS, expected(act)
            if act == "end_of_case":
                reserved, committed = state["RESERVED"], state["COMMITTED"]
                if not reserved + committed:
                    continue
                sums = {"reserved": reserved, "committed": committed}
                changes = {
                    "RESERVED": -reserved,
                    "COMMITTED": -committed,
                    "AVAILABLE": reserved + committed,
                }
            after = state.copy()
            after.update(changes)
            await self.arrive(act, sums, state, after)

    async def arrive(
        self, act: str, sums: Mapping[str, int], state: Counter[str], after: Counter[str]
    ) -> None:
        possible = all(after[account] >= 0 for account in WATCHED)
        point = await self.session.begin_nested()
        try:
            await post(self.session, occasion(), act, at(act, self.here, self.there, sums))
        except psycopg.IntegrityError:
            assert not possible, (act, state)
            self.refused[act] += 1
        else:
            assert possible, (act, state)
            self.entered[act] += 1
            found = _watched(await held(self.session, self.here, self.there))
            assert found == _watched(after), (act, state)
            if found not in self.seen:
                self.seen.add(found)
                await self.walk(after)
        await point.rollback()


def _watched(state: Counter[str]) -> State:
    return tuple(state[account] for account in WATCHED)


@pytest.mark.parametrize("grants", [1, pytest.param(2, marks=[pytest.mark.slow, pytest.mark.timeout(900)])])
async def test_in_whatever_order_acts_arrive_each_is_entered_whole_or_refused_whole(
    books: Ledger, grants: int
) -> None:
    """With money for one case, or for two on one reservation."""
    here = World()
    async with books.open() as session:
        for _ in range(grants):
            await post(session, occasion(), "allocate", at("allocate", here, here))
        orders = Orders(session, here)
        await orders.walk(Counter({"ALLOTTED": 100 * grants, "AVAILABLE": 100 * grants}))
        assert set(orders.entered) == set(ARRIVING)
        assert set(orders.refused) == set(ARRIVING) - {"end_of_case", "order_recovery"}
        await recompute(session)
    assert len(orders.seen) > 20 * grants
