"""Whatever the owner of the tables changes behind the guards, `relais verify money` finds it: random rows of every
table of the ledger and of the statements, changed, deleted, copied or moved to another account.
"""

import json
import random
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from contracts.ids import new_id
from services.reimbursements.ledger.proof import Proof, proved
from tests.databases import Databases
from tests.service.money import Finance, finance
from tests.service.told import AMOUNT

NUMBERS = ("debit_cents", "credit_cents", "number", "balance_cents", "position", "last_number", "posted_in",
           "cents", "opening_cents", "closing_cents", "bank_number")  # fmt: skip
TABLES: dict[str, tuple[str, ...]] = {
    "ledger_transaction": (
        "id", "kind", "business_date", "recorded_at", "reverses", "case", "claim", "posted_in",
    ),
    "ledger_entry": (
        "transaction", "position", "book", "account", "owner", "debit_cents", "credit_cents", "number",
        "balance_cents", "digest",
    ),
    "ledger_account_balance": ("book", "account", "owner", "balance_cents", "last_number", "last_digest"),
    "statements": ("account", "opening_cents", "closing_cents", "bank_number"),
    "statement_entries": ("statement", "cents"),
}  # fmt: skip
"""Table → the columns that the proof answers for: of the ledger all, of the statements what money depends on."""


@dataclass(frozen=True)
class Tampering:
    """One statement of somebody who owns the tables and has switched their triggers off."""

    table: str
    statement: str

    @classmethod
    def drawn(cls, dice: random.Random) -> "Tampering":
        table = dice.choice(list(TABLES))
        one = f"ctid = (SELECT ctid FROM {table} ORDER BY md5(ctid::text || '{dice.random()}') LIMIT 1)"
        match dice.randrange(8):
            case 0:
                return cls(table, f"DELETE FROM {table} WHERE {one}")
            case 1:
                fresh = json.dumps(
                    {"id": str(new_id()), "transaction": str(new_id()), "owner": str(new_id())}
                )
                row = f"(jsonb_populate_record(one, '{fresh}')).*"
                return cls(table, f"INSERT INTO {table} SELECT {row} FROM {table} AS one WHERE one.{one}")
            case _:
                column, other = (column := dice.choice(TABLES[table])), _other(column, table, dice)
                differs = f'"{column}" IS DISTINCT FROM {other}'
                return cls(table, f'UPDATE {table} SET "{column}" = {other} WHERE {one} AND {differs}')


def _other(column: str, table: str, dice: random.Random) -> str:
    """Another value for a column: a little or a lot beside the old one, or that of another row."""
    if column in NUMBERS:
        return f'"{column}" + {dice.choice((-1, 1, 100, -10_000, 7))}'
    if column == "business_date":
        return f"business_date + {dice.choice((-400, -1, 1, 31))}"
    if column == "recorded_at":
        return f"recorded_at + interval '{dice.choice((-86_400_000_000, 1, 1_000))} microseconds'"
    if column in ("digest", "last_digest"):
        return f"sha256('{dice.random()}')"
    if column == "kind":
        return "'allocate'"
    if column == "account" and table != "statements":
        return f"'{dice.choice(('AVAILABLE', 'PAID', 'BANK', 'CHARGES', 'COMMITTED'))}'"
    return "gen_random_uuid()"


@pytest.fixture(scope="module")
async def played(postgres: Databases, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Finance]:
    """A few cases with all that happens to money: paid and closed, returned with a fee, ordered, reserved."""
    folder = tmp_path_factory.mktemp("tampering")
    async with postgres.fresh("reimbursements") as database, finance(database, folder, 12 * AMOUNT) as money:
        await money.play_to_closed()
        _, claim = await money.play_to_payment()
        await money.give_back(claim, fee_cents=500)
        await money.play_to_approval()
        await money.play_to_order()
        await money.reserve(await money.submitted())
        yield money


@pytest.mark.parametrize(
    ("seed", "times"),
    [(1, 60), pytest.param(2, 1000, marks=[pytest.mark.slow, pytest.mark.timeout(1200)])],
)
async def test_random_tamperings_are_all_found(
    played: Finance, postgres: Databases, seed: int, times: int
) -> None:
    dice, tried = random.Random(seed), Counter[str]()
    async with owner_of(played, postgres) as session:
        assert (await look(session)).sound
        while tried.total() < times:
            tampering = Tampering.drawn(dice)
            if not await tampers(session, tampering):
                continue  # a constraint refuses even the owner, or the value was the same
            proof = await look(session)
            await session.rollback()
            assert not proof.sound, tampering.statement
            tried[tampering.table] += 1
    assert set(tried) == set(TABLES)


@pytest.mark.parametrize(
    ("change", "rule"),
    {
        "UPDATE ledger_transaction SET business_date = business_date - 1 WHERE kind = 'approve'": (
            "the ledger proves itself"
        ),
        "UPDATE statements SET closing_cents = closing_cents + 1": (
            "the bank account holds what every statement says"
        ),
        "UPDATE statement_entries SET cents = cents + 1": (
            "each statement begins where the one before ended, and its entries lead to its end"
        ),
        "DELETE FROM statements": "nothing is booked on an account but by its statements",
        "UPDATE payments SET state = 'booked'": "what is in transit is what the bank was told",
    }.items(),
)
async def test_the_rule_that_is_broken_is_named(
    played: Finance, postgres: Databases, change: str, rule: str
) -> None:
    async with owner_of(played, postgres) as session:
        await session.execute(text(change))
        assert rule in {name for name, broken in (await look(session)).rules.items() if broken}


async def test_the_first_posting_that_is_wrong_is_named(played: Finance, postgres: Databases) -> None:
    async with owner_of(played, postgres) as session:
        first, second = (
            await session.scalars(
                text("SELECT id FROM ledger_transaction WHERE kind = 'approve' ORDER BY posted_in LIMIT 2")
            )
        ).all()
        for id in (second, first):
            await session.execute(
                text("UPDATE ledger_transaction SET kind = 'other' WHERE id = :id"), {"id": id}
            )
        assert (await look(session)).first == first


async def test_a_ledger_written_anew_as_a_whole_has_another_head(
    played: Finance, postgres: Databases
) -> None:
    """Who rewrites every digest passes all sums; the head that was printed outside does not come back."""
    async with owner_of(played, postgres) as session:
        before = (await look(session)).head
        await session.execute(
            text("UPDATE ledger_account_balance SET last_digest = sha256('x') WHERE account = 'BANK'")
        )
        assert (await look(session)).head != before


async def tampers(session: AsyncSession, tampering: Tampering) -> bool:
    try:
        return bool((await session.execute(text(tampering.statement))).rowcount)  # pyright: ignore
    except DBAPIError:
        await session.rollback()
        return False


async def look(session: AsyncSession) -> Proof:
    return await proved(session)


@asynccontextmanager
async def owner_of(money: Finance, postgres: Databases) -> AsyncGenerator[AsyncSession]:
    """Somebody whom neither privilege nor trigger stops."""
    name: Any = money.stage.database.engine.url.database
    url = postgres.server.superuser_url(name).replace("postgresql:", "postgresql+psycopg:")
    engine = create_async_engine(url, connect_args={"options": "-c session_replication_role=replica"})
    async with AsyncSession(engine) as session:
        yield session
        await session.rollback()
    await engine.dispose()
