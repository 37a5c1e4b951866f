"""Statements of the hot paths, which never change: compiled once, and handed to the driver as they stand.

SQLAlchemy looks at a statement anew each time that it executes it, which costs more than executing it.
"""

from collections.abc import Mapping
from typing import Any, TypeAlias

import psycopg
from psycopg.rows import namedtuple_row
from sqlalchemy import ClauseElement
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.ext.asyncio import AsyncConnection

Driver: TypeAlias = "psycopg.AsyncConnection[Any]"


class Fixed:
    """One statement, whose values are bound by name. They reach the driver as they are: a dict as `Jsonb`."""

    def __init__(self, statement: ClauseElement) -> None:
        compiled = statement.compile(dialect=PGDialect_psycopg())
        self._sql = str(compiled).encode()
        self._constants = {
            name: value for name, value in (compiled.params or {}).items() if value is not None
        }

    async def on(self, driver: Driver, values: Mapping[str, object]) -> "psycopg.AsyncCursor[Any]":
        """Executes it. Rows have their columns as attributes."""
        cursor = driver.cursor(row_factory=namedtuple_row)
        return await cursor.execute(self._sql, {**self._constants, **values})


def driver_of(connection: AsyncConnection) -> Driver:
    """psycopg's own connection, in whatever transaction it stands."""
    return connection.sync_connection.connection.driver_connection  # pyright: ignore
