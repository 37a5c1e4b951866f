"""The rows of a scene, copied: a list is as long as a test wants it, and nobody plays ten scenes for it."""

from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from psycopg import sql

COPIES = 9


class Copies:
    """The rows of a scene, copied and taken away again. Keys that say "once" are dropped for it."""

    def __init__(self, owner_url: str) -> None:
        self._url = owner_url

    @asynccontextmanager
    async def of(self, tables: Iterable[str]) -> AsyncGenerator[int]:
        """How many rows the last of the tables has meanwhile. Those that others belong to come first."""
        async with await psycopg.AsyncConnection.connect(self._url, autocommit=True) as connection:
            kept: dict[str, list[str]] = {}
            copied: list[str] = []
            for table in tables:
                await self._free(connection, table)
                ids = await self._ids(connection, table)
                key = sql.SQL("SELECT {} FROM {}").format(_key(ids), sql.Identifier(table))
                kept[table] = [row[0] for row in await (await connection.execute(key)).fetchall()]
                if "id" in ids:
                    own = sql.SQL("SELECT id::text FROM {}").format(sql.Identifier(table))
                    copied += [row[0] for row in await (await connection.execute(own)).fetchall()]
                await self._copy(connection, table, ids, copied)
            yield [len(some) for some in kept.values()][-1] * (COPIES + 1)
            for table, some in kept.items():
                ids = await self._ids(connection, table)
                gone = sql.SQL("DELETE FROM {} WHERE {} <> ALL(%s)").format(sql.Identifier(table), _key(ids))
                await connection.execute(gone, [some])

    async def _ids(self, connection: psycopg.AsyncConnection[Any], table: str) -> list[str]:
        """The columns that say which row it is, or what it belongs to."""
        columns = await connection.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
            " AND (atttypid = 'uuid'::regtype OR attname = 'id') ORDER BY attnum",
            [table],
        )
        return [row[0] for row in await columns.fetchall()]

    async def _copy(
        self, connection: psycopg.AsyncConnection[Any], table: str, ids: list[str], copied: list[str]
    ) -> None:
        """Each copy has an id made from its own, and leads to the copies of what it belongs to; a row that neither has
        nor leads to any is no part of the scene."""
        one = "%s::text, CASE WHEN t.{0}::text = ANY(%s) THEN md5(t.{0}::text || n)::uuid::text ELSE t.{0}::text END"
        changed = sql.SQL(", ").join(sql.SQL(one).format(sql.Identifier(name)) for name in ids)
        copy = "INSERT INTO {0} SELECT (jsonb_populate_record(t, jsonb_build_object({1}))).*"
        many = " FROM {0} t, generate_series(1, {2}) n WHERE {3}"
        part = sql.SQL(" OR ").join(
            sql.SQL("t.{}::text = ANY(%s)").format(sql.Identifier(name)) for name in ids
        )
        values = [value for name in ids for value in (name, copied)] + [copied] * len(ids)
        statement = sql.SQL(copy + many).format(sql.Identifier(table), changed, sql.Literal(COPIES), part)
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


def _key(ids: list[str]) -> sql.Composed:
    """What tells one row from all others, as one text."""
    return sql.SQL("concat_ws(' ', {})").format(
        sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(name)) for name in ids)
    )
