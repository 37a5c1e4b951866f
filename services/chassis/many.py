"""Acts on thousands of rows: found by one array of values, and what was changed of them written as one UPDATE for each
table and set of columns.

The unit of work sends an UPDATE for each row, and the database plans and answers each: for many rows that costs more
than all that the act computes. A few rows are left to it.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, TypeAlias

import orjson
from sqlalchemy import ARRAY, ColumnElement, Table, any_, inspect, literal, text
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import SQLModel, col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.chassis.statements import Driver, Fixed

FEW = 20
_Names: TypeAlias = tuple[str, ...]
_DIALECT = PGDialect_psycopg()
_known: dict[tuple[type[SQLModel], _Names], Fixed] = {}


def among(column: Any, values: Collection[Any]) -> ColumnElement[bool]:
    """Whether a column has one of these values: thousands of parameters cost more than the rows."""
    return col(column) == any_(literal(sorted(values), ARRAY(column.type)))


async def write_changes(session: AsyncSession, driver: Driver) -> None:
    """Writes what was changed of the rows that the session holds, where many were changed alike."""
    alike: dict[tuple[type[SQLModel], _Names], list[SQLModel]] = {}
    held: Iterable[SQLModel] = session.dirty
    for row in held:
        if names := _changed(row):
            alike.setdefault((row.__class__, names), []).append(row)
    for (model, names), rows in alike.items():
        if len(rows) <= FEW:
            continue
        statement = _known.get((model, names)) or _known.setdefault((model, names), _update(model, names))
        await statement.on(driver, {"rows": _document(rows, (*_key(model), *names))})
        for row in rows:
            for name in names:
                set_committed_value(row, name, getattr(row, name))


def _changed(row: SQLModel) -> _Names:
    """The attributes that are not what the database has."""
    before: dict[str, Any] = inspect(row).committed_state
    return tuple(sorted(name for name, value in before.items() if value != getattr(row, name)))


def _update(model: type[SQLModel], names: _Names) -> Fixed:
    key, table = _key(model), _table(model)
    types = ", ".join(f'"{name}" {table.c[name].type.compile(_DIALECT)}' for name in (*key, *names))
    changes = ", ".join(f'"{name}" = given."{name}"' for name in names)
    same = " AND ".join(f'kept."{name}" = given."{name}"' for name in key)
    return Fixed(
        text(
            f'UPDATE "{table.name}" AS kept SET {changes}'  # noqa: S608, the names are ours
            f" FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS given ({types}) WHERE {same}"
        )
    )


def _table(model: type[SQLModel]) -> Table:
    table: Any = inspect(model).local_table
    return table


def _key(model: type[SQLModel]) -> _Names:
    return tuple(column.name for column in _table(model).primary_key)


def _document(rows: Sequence[SQLModel], names: _Names) -> str:
    """The rows as the database reads them back, each type by its own text."""
    values = [{name: getattr(row, name) for name in names} for row in rows]
    return orjson.dumps(values, default=_in_text).decode()


def _in_text(value: object) -> str:
    return f"\\x{value.hex()}" if isinstance(value, bytes) else str(value)
