"""The one way to the service's own database. Only `transaction()` commits."""

from collections.abc import AsyncGenerator, Callable, Generator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from select import POLLIN, poll
from typing import Annotated, Any, TypeVar
from uuid import UUID

import orjson
import psycopg
import structlog
from pydantic import AfterValidator, SecretStr
from sqlalchemy import Column, CursorResult, DateTime, Executable, bindparam, event, inspect, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import IntegrityError, InterfaceError, InvalidatePoolError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlmodel import Field, SQLModel, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from contracts.errors import DomainError, TransientError
from services.chassis.facts.outbox import Outbox
from services.chassis.statements import Fixed, driver_of

Row = TypeVar("Row", bound=SQLModel)
Tool = TypeVar("Tool")
log = structlog.get_logger(__name__)
_UNREACHABLE = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)


def _aware(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return value


Instant = Annotated[datetime, AfterValidator(_aware)]


def instant(**options: Any) -> Any:
    """Column of a moment: always `timestamp with time zone`."""
    return Field(sa_type=DateTime(timezone=True), **options)  # pyright: ignore[reportCallIssue, reportArgumentType]


def json_column(default: str = "{}") -> Any:
    """Column of a document; `default` is its JSON where none is given."""
    return Column(JSONB, nullable=False, server_default=text(f"'{default}'::jsonb"))


class Tx:
    """One open transaction: a session on its connection, and the outbox that writes into it."""

    def __init__(self, session: AsyncSession, source: str, tools: Mapping[type, object]) -> None:
        assert isinstance(session.bind, AsyncConnection)
        self.session = session
        self._connection = session.bind
        self._driver = driver_of(self._connection)
        self._tools = tools
        self.outbox = Outbox(self.session, self._driver, source)
        self.afterwards: list[Callable[[], None]] = []
        """What is done once this is committed, and may be left undone by a crash."""

    def tool(self, kind: type[Tool]) -> Tool:
        """What commands need beside the database (a vault of account numbers); app.py has put it there."""
        tool = self._tools[kind]
        assert isinstance(tool, kind)
        return tool

    async def locked(self, model: type[Row], id: UUID) -> Row:
        """The row, locked until the transaction ends; DomainError("not-found") if there is none."""
        row = (await self.session.exec(_lock(model), params={"id": id})).one_or_none()
        if row is None:
            raise DomainError("not-found", status=404)
        return row

    async def get(self, model: type[Row], id: UUID) -> Row | None:
        return await self.session.get(model, id)

    async def found(self, model: type[Row], id: UUID) -> Row:
        """The row, unlocked; DomainError("not-found") if there is none."""
        row = await self.session.get(model, id)
        if row is None:
            raise DomainError("not-found", status=404)
        return row

    def add(self, row: SQLModel) -> None:
        self.session.add(row)

    async def execute(
        self,
        statement: Executable,
        values: Mapping[str, object] | Sequence[Mapping[str, object]] | None = None,
    ) -> CursorResult[Any]:
        """A statement on tables rather than on models, once or for each of several values. Models that were added are
        not flushed for it."""
        return await self._connection.execute(statement, values)

    async def look(self, statement: Fixed, values: Mapping[str, object]) -> Sequence[Any]:
        """The rows of a statement that reads and never changes."""
        return await (await statement.on(self._driver, values)).fetchall()

    async def change(self, statement: Fixed, values: Mapping[str, object]) -> Sequence[Any]:
        """The same for one that writes: the rows that it answers with."""
        return await self.look(statement, values)


def _lock(model: type[Row]) -> SelectOfScalar[Row]:
    """Reads a row anew and locks it. One statement per model, which SQLAlchemy then knows."""
    if (known := _locks.get(model)) is None:
        mine: Any = inspect(model).primary_key[0]
        statement = select(model).where(mine == bindparam("id")).with_for_update()
        known = _locks[model] = statement.execution_options(populate_existing=True)
    return known


_locks: dict[type[SQLModel], SelectOfScalar[Any]] = {}


class Database:
    """Engine and transactions of one service. Build it after the fork."""

    def __init__(self, url: SecretStr, source: str, pool_size: int = 15) -> None:
        address = url.get_secret_value().replace("postgresql://", "postgresql+psycopg://", 1)
        self.source = source
        self.tools: dict[type, object] = {}
        self.engine: AsyncEngine = create_async_engine(
            address,
            pool_size=pool_size,
            max_overflow=0,  # those beyond the pool are opened and closed for each use, which costs more than the use
            pool_recycle=1800,
            pool_timeout=10,
            json_serializer=orjson.dumps,
            json_deserializer=orjson.loads,
            hide_parameters=True,  # they would carry personal data into logs
            connect_args={
                "application_name": source,
                "connect_timeout": 5,
                "options": "-c timezone=UTC -c lock_timeout=10s -c statement_timeout=30s"
                " -c idle_in_transaction_session_timeout=30s",
            },
        )
        event.listen(self.engine.sync_engine, "checkout", self._still_there)
        self._at_once = self.engine.execution_options(isolation_level="AUTOCOMMIT")

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Tx]:
        """Commits at the end, or rolls everything back. An unreachable server is a TransientError."""
        with self._failures():
            async with (
                self.engine.begin() as connection,
                AsyncSession(connection, expire_on_commit=False) as session,
            ):
                tx = Tx(session, self.source, self.tools)
                yield tx
                await session.flush()
        for last in tx.afterwards:
            last()

    async def look(self, statement: Fixed, values: Mapping[str, object]) -> Sequence[Any]:
        """The rows of one statement that reads. Alone it needs no transaction, and no round trips around it."""
        with self._failures():
            async with self._at_once.connect() as connection:
                return await (await statement.on(driver_of(connection), values)).fetchall()

    async def close(self) -> None:
        await self.engine.dispose()

    @contextmanager
    def _failures(self) -> Generator[None]:
        try:
            yield
        except (IntegrityError, psycopg.IntegrityError) as reason:
            raise _refusal(reason) from reason
        except (*_UNREACHABLE, PoolTimeout) as reason:
            raise TransientError(f"the database of {self.source} did not answer: {reason}") from reason

    def _still_there(self, connection: Any, record: object, proxy: object) -> None:
        """A connection from the pool has something to read only when the server has ended it. Then, and only
        then, it is asked; looking costs no round trip. One that is dead takes all others with it."""
        try:
            readable = poll()
            readable.register(connection.driver_connection.fileno(), POLLIN)
            if readable.poll(0):
                self.engine.dialect.do_ping(connection)
        except psycopg.Error as reason:
            raise InvalidatePoolError from reason


def _refusal(reason: IntegrityError | psycopg.IntegrityError) -> DomainError:
    """A broken constraint as the world's no: its name is the slug ("visit_once" → "visit-once")."""
    driven = reason.orig if isinstance(reason, IntegrityError) else reason
    name = getattr(getattr(driven, "diag", None), "constraint_name", None) or "constraint"
    return DomainError(str(name).replace("_", "-"), status=409)
