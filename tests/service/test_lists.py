"""Lists take as many statements for thirty rows as for three: counted on a scene whose rows are copied."""

from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from contracts import event, registration
from contracts.ids import new_id
from services.chassis.database import Database
from services.overview.app import make_service as make_overview
from tests.conftest import FreshDatabase
from tests.databases import Databases
from tests.facts import a_fact
from tests.people import MONDAY, Person, stage
from tests.service.applying import applying
from tests.service.counting import statements
from tests.service.exchange import exchange
from tests.service.gathering import gathering
from tests.service.house import house
from tests.service.lists import LISTS
from tests.service.money import finance
from tests.service.reviewing import CHECK, DECIDE, SCORE, Reviewing

COPIES = 9


class Copies:
    """The rows of a scene, copied and taken away again. Keys that say "once" are dropped for it."""

    def __init__(self, owner_url: str) -> None:
        self._url = owner_url

    @asynccontextmanager
    async def of(self, tables: Iterable[str]) -> AsyncGenerator[int]:
        """How many rows the last of the tables has meanwhile. Those that others belong to come first."""
        async with await psycopg.AsyncConnection.connect(self._url, autocommit=True) as connection:
            kept: dict[str, list[Any]] = {}
            for table in tables:
                await self._free(connection, table)
                ids = sql.SQL("SELECT id FROM {}").format(sql.Identifier(table))
                kept[table] = [row[0] for row in await (await connection.execute(ids)).fetchall()]
                await self._copy(connection, table, [id for some in kept.values() for id in some])
            yield [len(some) for some in kept.values()][-1] * (COPIES + 1)
            for table, some in kept.items():
                gone = sql.SQL("DELETE FROM {} WHERE id <> ALL(%s)").format(sql.Identifier(table))
                await connection.execute(gone, [some])

    async def _copy(self, connection: psycopg.AsyncConnection[Any], table: str, copied: list[Any]) -> None:
        """Each copy has an id made from its own, and leads to the copies of what it belongs to."""
        columns = await connection.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND atttypid = 'uuid'::regtype"
            " AND NOT attisdropped",
            [table],
        )
        one = "%s::text, CASE WHEN t.{0} = ANY(%s::uuid[]) THEN md5(t.{0}::text || n)::uuid ELSE t.{0} END"
        names = [row[0] for row in await columns.fetchall()]
        changed = sql.SQL(", ").join(sql.SQL(one).format(sql.Identifier(name)) for name in names)
        copy = "INSERT INTO {0} SELECT (jsonb_populate_record(t, jsonb_build_object({1}))).*"
        many = " FROM {0} t, generate_series(1, {2}) n"
        values = [value for name in names for value in (name, copied)]
        statement = sql.SQL(copy + many).format(sql.Identifier(table), changed, sql.Literal(COPIES))
        await connection.execute(statement, values)

    async def _free(self, connection: psycopg.AsyncConnection[Any], table: str) -> None:
        name = sql.Identifier(table)
        await connection.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(name))
        found = await connection.execute(
            "SELECT i.relname, c.conname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid"
            " LEFT JOIN pg_constraint c ON c.conindid = x.indexrelid AND c.conrelid = x.indrelid"
            " WHERE x.indrelid = %s::regclass AND x.indisunique AND NOT x.indisprimary",
            [table],
        )
        for index, constraint in await found.fetchall():
            drop = "ALTER TABLE {table} DROP CONSTRAINT {one}" if constraint else "DROP INDEX {one}"
            one = sql.Identifier(constraint or index)
            await connection.execute(sql.SQL(drop).format(table=name, one=one))


@pytest.fixture
def copies(postgres: Databases) -> Callable[[str, Database], Copies]:
    return lambda service, database: Copies(
        postgres.url(service, database.engine.url.database or "", owner=True)
    )


async def counted(
    service: str, database: Database, copies: Copies, people: dict[str, Person], **ids: str
) -> None:
    """Opens every list that somebody of the scene reads, with its rows and with ten times as many."""
    wrong: list[str] = []
    for address, (tables, who) in LISTS[service].counted.items():
        if who not in people:
            continue
        path = address.format(**ids)
        read = people[who].get if path.startswith("/api/") else people[who].open
        with statements(database) as few:
            short = await read(path)
        async with copies.of(tables.split()) as number:
            with statements(database) as many:
                long = await read(path)
        if (short.status_code, long.status_code) != (200, 200):
            wrong.append(f"{path}: {short.status_code}, {long.status_code}: {long.text[:200]}")
        elif len(long.text) <= len(short.text):
            wrong.append(f"{path}: {number} rows of {tables} are not listed")
        elif len(few) != len(many):
            wrong.append(f"{path}: {len(few)} statements, {len(many)} for {number} rows")
    assert not wrong, "\n".join(wrong)


Copied = Callable[[str, Database], Copies]


async def test_lists_of_the_overview(fresh_database: FreshDatabase, tmp_path: Path, copies: Copied) -> None:
    database, partnership, of = await fresh_database("overview"), new_id(), new_id()
    async with stage(make_overview, database, tmp_path) as on:
        organiser = await on.person("Lies", ("organiser", partnership))
        published = event.Published(
            kind="event_xchange", title="Companion diagnostics", partnership=partnership, venue="Bio-Incubator",
            town="Leuven", country="BE", timezone="Europe/Brussels", starts_at=MONDAY, ends_at=MONDAY,
            registration_until=MONDAY, places=3, approval=True,
        )  # fmt: skip
        audience = (f"ORGANISER:{partnership}",)
        await on.hear(a_fact(published, of, state="published", audience=audience))
        for _ in range(3):
            id, guest = new_id(), new_id()
            body = registration.Submitted(event=of, person=guest)
            audience = (f"ORGANISER:{partnership}", f"REGISTRANT:{guest}")
            await on.hear(a_fact(body, id, state="pending", case=id, audience=audience))
        await counted("overview", on.database, copies("overview", database), {"organiser": organiser})


async def test_lists_of_events(fresh_database: FreshDatabase, tmp_path: Path, copies: Copied) -> None:
    database = await fresh_database("events")
    async with gathering(database, tmp_path) as leuven:
        await leuven.publish(2)
        guests = await leuven.guests("Ewa", "Kadri", "Piotr")
        people = {"organiser": leuven.organiser, "guest": guests[0][0]}
        served = leuven.stage.service.database
        await counted("events", served, copies("events", database), people, event=leuven.event)


async def test_lists_of_the_directory(fresh_database: FreshDatabase, tmp_path: Path, copies: Copied) -> None:
    database = await fresh_database("directory")
    async with house(database, tmp_path) as home:
        ewa = await home.registered("Ewa")
        for number in range(3):
            await home.submit(ewa, await home.organisation(ewa, name=f"Helixon {number}"))
        people = {"operator": home.person("operator"), "owner": ewa}
        await counted("directory", home.service.database, copies("directory", database), people)


async def test_lists_of_applications(fresh_database: FreshDatabase, tmp_path: Path, copies: Copied) -> None:
    database = await fresh_database("applications")
    async with applying(database, tmp_path) as desk:
        review = Reviewing(desk)
        await review.begin([SCORE, CHECK], [DECIDE])
        assert (await review.assign(review.anna)).status_code == 201
        people = {"officer": desk.officer, "evaluator": review.anna}
        served = desk.stage.service.database
        ids = {"call": desk.call, "case": desk.case}
        await counted("applications", served, copies("applications", database), people, **ids)


async def test_lists_of_matching(fresh_database: FreshDatabase, tmp_path: Path, copies: Copied) -> None:
    database = await fresh_database("applications")
    async with exchange(database, tmp_path) as case:
        await case.play_matching()
        people = {"visitor": case.visitor, "host": case.host}
        served = case.stage.service.database
        await counted("applications", served, copies("applications", database), people)


async def test_lists_of_money(fresh_database: FreshDatabase, tmp_path: Path, copies: Copied) -> None:
    database = await fresh_database("reimbursements")
    async with finance(database, tmp_path) as money:
        await money.play_to_closed()
        await money.play_to_claim()
        people = {who: getattr(money, who) for who in ("verifier", "coordinator", "first")}
        served = money.stage.service.database
        await counted("reimbursements", served, copies("reimbursements", database), people)
