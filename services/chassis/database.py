"""The one way to the service's own database. Only `transaction()` commits."""

from collections.abc import AsyncGenerator, Generator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from select import POLLIN, poll
from typing import Annotated, Any, TypeVar
from uuid import UUID

import orjson
import psycopg
import structlog
from pydantic import AfterValidator, SecretStr
from sqlalchemy import CursorResult, DateTime, Executable, event
from sqlalchemy.exc import IntegrityError, InterfaceError, InvalidatePoolError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from sqlmodel import Field, SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.errors import DomainError, TransientError
from services.chassis.facts.outbox import Outbox

Row = TypeVar("Row", bound=SQLModel)
Tool = TypeVar("Tool")
log = structlog.get_logger(__name__)


def _aware(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return value


Instant = Annotated[datetime, AfterValidator(_aware)]


def instant(**options: Any) -> Any:
    """Column of a moment: always `timestamp with time zone`."""
    return Field(sa_type=DateTime(timezone=True), **options)  # pyright: ignore[reportCallIssue, reportArgumentType]


class Tx:
    """One open transaction: the session, and the outbox that writes into it."""

    def __init__(self, session: AsyncSession, source: str, tools: Mapping[type, object]) -> None:
        self.session = session
        self.outbox = Outbox(session, source)
        self._tools = tools

    def tool(self, kind: type[Tool]) -> Tool:
        """What commands need beside the database (a vault of account numbers); app.py has put it there."""
        tool = self._tools[kind]
        assert isinstance(tool, kind)
        return tool

    async def locked(self, model: type[Row], id: UUID) -> Row:
        """The row, locked until the transaction ends; DomainError("not-found") if there is none."""
        row = await self.session.get(model, id, with_for_update=True, populate_existing=True)
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
        self, statement: Executable, values: Mapping[str, object] | None = None
    ) -> CursorResult[Any]:
        """A statement on tables rather than on models. Models that were added are not flushed for it."""
        return await (await self.session.connection()).execute(statement, values)


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
        self._sessions = async_sessionmaker(self.engine, class_=AsyncSession, expire_on_commit=False)

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Tx]:
        """Commits at the end, or rolls everything back. An unreachable server is a TransientError."""
        with self._failures():
            async with self._sessions() as session, session.begin():
                yield Tx(session, self.source, self.tools)

    async def look(self, statement: Executable, values: Mapping[str, object]) -> Sequence[Any]:
        """The rows of one statement that reads. Alone it needs no transaction, and no round trips around it."""
        with self._failures():
            async with self._at_once.connect() as connection:
                return (await connection.execute(statement, values)).all()

    async def close(self) -> None:
        await self.engine.dispose()

    @contextmanager
    def _failures(self) -> Generator[None]:
        try:
            yield
        except IntegrityError as reason:
            raise _refusal(reason) from reason
        except (OperationalError, InterfaceError, PoolTimeout) as reason:
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


def _refusal(reason: IntegrityError) -> DomainError:
    """A broken constraint as the world's no: its name is the slug ("visit_once" → "visit-once")."""
    name = getattr(getattr(reason.orig, "diag", None), "constraint_name", None) or "constraint"
    return DomainError(str(name).replace("_", "-"), status=409)
