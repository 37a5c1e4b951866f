"""Postings per second on one budget line and on many, against raw psycopg with the same statements and tables."""

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from pathlib import Path
from uuid import UUID

import psycopg
from pydantic import SecretStr
from rich.progress import Progress

from contracts.ids import new_id
from deploy.bench.figures import Outcome
from deploy.local.servers import postgres_server
from services.chassis.database import Database
from services.chassis.migrate import upgrade
from services.reimbursements.ledger import acts as ledger
from services.reimbursements.ledger.posting import Occasion
from services.reimbursements.ledger.tables import Account

CLIENTS = 16
WARM = 300
POSTINGS = 3000
LINES = 64
_TODAY = date(2026, 9, 14)
_HEADER = (
    'INSERT INTO ledger_transaction (id, kind, business_date, reverses, "case", claim) VALUES (%s, %s, %s, %s, %s, %s)'
    " ON CONFLICT (id) DO NOTHING RETURNING id"
)
_ENTRIES = (
    "INSERT INTO ledger_entry (transaction, position, block, book, account, owner, debit_cents, credit_cents)"
    " SELECT * FROM unnest(%s::uuid[], %s::integer[], %s::text[], %s::uuid[], %s::text[], %s::uuid[], %s::bigint[],"
    " %s::bigint[])"
)


async def run(progress: Progress) -> Outcome:
    """Reservations by 16 clients: on one line, where all wait for its balance, and on 64; then the same bare."""
    task = progress.add_task("ledger", total=5)
    with tempfile.TemporaryDirectory(prefix="relais-bench-") as name:
        async with postgres_server(Path(name)) as server:
            await asyncio.to_thread(
                upgrade, "reimbursements", server.owner_url("reimbursements"), "reimbursements"
            )
            url = server.url("reimbursements")
            database = Database(SecretStr(url), "reimbursements", pool_size=CLIENTS)
            lines = [new_id() for _ in range(LINES)]
            for line in lines:
                async with database.transaction() as tx:
                    await ledger.allocate(tx.session, Occasion(new_id(), _TODAY), line, 10**12)
            connections = [await psycopg.AsyncConnection.connect(url) for _ in range(CLIENTS)]
            progress.advance(task)
            rates: dict[str, float] = {}
            for kind, among in (("one", lines[:1]), ("many", lines)):
                for whose, post in (("ours", _ours(database)), ("bare", _bare(connections))):
                    await _rate(post, among, WARM)
                    rates[f"{kind}_{whose}"] = await _rate(post, among, POSTINGS)
                    progress.advance(task)
            for connection in connections:
                await connection.close()
            await database.close()
    ratios = {kind: rates[f"{kind}_ours"] / rates[f"{kind}_bare"] for kind in ("one", "many")}
    figures = {
        "one_budget_per_second": round(rates["one_ours"], 1),
        "one_budget_floor": round(rates["one_bare"], 1),
        "one_budget_ratio": round(ratios["one"], 3),
        "many_budgets_per_second": round(rates["many_ours"], 1),
        "many_budgets_floor": round(rates["many_bare"], 1),
        "many_budgets_ratio": round(ratios["many"], 3),
        "clients": CLIENTS,
        "postings": POSTINGS,
        "floor_is": "the same statements by raw psycopg on the same tables, per second; the ratio is the lower one",
    }
    return Outcome("ledger", figures, round(rates["many_bare"], 1), round(min(ratios.values()), 3))


async def _rate(post: Callable[[int, UUID], Awaitable[None]], lines: Sequence[UUID], times: int) -> float:
    waiting = iter(range(times))

    async def client(number: int) -> None:
        for at in waiting:
            await post(number, lines[at % len(lines)])

    began = time.perf_counter()
    await asyncio.gather(*(client(number) for number in range(CLIENTS)))
    return times / (time.perf_counter() - began)


def _ours(database: Database) -> Callable[[int, UUID], Awaitable[None]]:
    async def post(client: int, line: UUID) -> None:
        async with database.transaction() as tx:
            await ledger.reserve(tx.session, Occasion(new_id(), _TODAY), line, new_id(), 100)

    return post


def _bare(connections: Sequence[psycopg.AsyncConnection]) -> Callable[[int, UUID], Awaitable[None]]:
    async def post(client: int, line: UUID) -> None:
        connection, id, reservation = connections[client], new_id(), new_id()
        await connection.execute(_HEADER, (id, "reserve", _TODAY, None, None, None))
        entries = (
            [id, id], [1, 0], ["budget", "budget"], [line, line],
            [Account.AVAILABLE.value, Account.RESERVED.value], [line, reservation], [0, 100], [100, 0],
        )  # fmt: skip
        await connection.execute(_ENTRIES, entries)
        await connection.commit()

    return post
