"""Killed in the middle: the connection dies at a named point of an act, which is repeated. One payment, one file."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from contracts.ids import new_id
from deploy.bank.books import Account, Bank, payments_in
from tests.conftest import FreshDatabase
from tests.databases import Databases
from tests.service.books import sound
from tests.service.money import MEMBER_IBAN, Finance, done, finance
from tests.service.told import AMOUNT

DIE = """
CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$
"""


@contextmanager
def killed_after(postgres: Databases, money: Finance, table: str) -> Generator[None]:
    """Whoever writes a row of this table loses their connection at once, until the end."""
    name = money.stage.database.engine.url.database or ""
    with psycopg.connect(postgres.server.superuser_url(name), autocommit=True) as connection:
        connection.execute(DIE)
        connection.execute(
            f"CREATE TRIGGER die AFTER INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION die()".encode()
        )
        yield
        connection.execute(b"DROP FUNCTION die() CASCADE")


@pytest.mark.parametrize(
    "point", ["ledger_entry", pytest.param("payment_files", id="after file write before commit"), "outbox"]
)
async def test_an_authorisation_that_is_killed_orders_nothing_and_its_repeat_orders_once(
    fresh_database: FreshDatabase, tmp_path: Path, postgres: Databases, point: str
) -> None:
    async with finance(await fresh_database("reimbursements"), tmp_path) as money:
        await money.play_to_approval()
        batch, key = await money.propose(), str(new_id())
        done(await money.first.post(f"/api/v1/batches/{batch}/second"))
        path = f"/api/v1/batches/{batch}/authorise"
        with killed_after(postgres, money, point):
            assert (await money.second.post(path, key=key)).status_code >= 500
        assert await money.rows("select 1 from payment_files") == []
        assert [row.state for row in await money.rows("select state from payments")] == ["batched"]
        first = done(await money.second.post(path, key=key))
        again = done(await money.second.post(path, key=key))
        assert first == again
        (kept,) = await money.rows("select count(*) as files from payment_files")
        file = (await money.second.get(f"/api/v1/batches/{batch}/file")).content
        assert (kept.files, [one.cents for one in payments_in(file)]) == (1, [AMOUNT])
        await sound(money.stage.database)


async def test_killed_after_commit_before_publish_orders_once_and_says_so(
    fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    """The process dies with its answer: whoever asks again is answered, and what was not published still waits."""
    async with finance(await fresh_database("reimbursements"), tmp_path) as money:
        await money.play_to_approval()
        batch, key = await money.propose(), str(new_id())
        done(await money.first.post(f"/api/v1/batches/{batch}/second"))
        path = f"/api/v1/batches/{batch}/authorise"
        done(await money.second.post(path, key=key))
        file = (await money.second.get(f"/api/v1/batches/{batch}/file")).content
        await money.stage.database.engine.dispose()
        waiting = "select count(*) as facts from unpublished join outbox using (position) where type = :type"
        for _ in range(2):
            assert done(await money.second.post(path, key=key))["state"] == "authorised"
            (sent,) = await money.rows(waiting, type="relais.payment.sent.v1")
            assert sent.facts == 1
        refused = await money.second.post(path)
        assert refused.json()["slug"] == "authorise-not-now"
        assert (await money.second.get(f"/api/v1/batches/{batch}/file")).content == file
        assert len(await money.rows("select 1 from ledger_transaction where kind = 'order'")) == 1
        done(await money.import_statement(money.booked(file)))
        await sound(money.stage.database)


@pytest.mark.parametrize(
    "point",
    [
        pytest.param("bank_files", id="after bank line before posting"),
        "ledger_entry",
        "statement_entries",
        "suspense_lines",
        "outbox",
    ],
)
async def test_a_statement_that_is_killed_posts_nothing_and_its_repeat_posts_once(
    fresh_database: FreshDatabase, tmp_path: Path, postgres: Databases, point: str
) -> None:
    async with finance(await fresh_database("reimbursements"), tmp_path) as money:
        bank = money.bank = Bank([Account(MEMBER_IBAN, 500_000)])
        _, claim = await money.play_to_approval()
        _, file = await money.play_to_order()
        bank.take(file)
        bank.move(MEMBER_IBAN, -1_00, "Rent")
        (statement,) = bank.close_day(money.stage.clock.now().date())
        with killed_after(postgres, money, point):
            assert (await money.import_statement(statement.content)).status_code >= 500
        assert await money.rows("select 1 from statements") == []
        assert (await money.state(claim))["state"] == "ordered"
        done(await money.import_statement(statement.content))
        again = await money.import_statement(statement.content)
        assert again.json()["slug"] == "statement-once"
        assert (await money.state(claim))["paid_cents"] == AMOUNT
        assert len(await money.rows("select 1 from ledger_transaction where kind = 'book'")) == 1
        await sound(money.stage.database)
