"""What the checks look at: every service's database with a login that only reads, the journals, Temporal."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, LiteralString

from psycopg import AsyncConnection
from psycopg.rows import namedtuple_row

from deploy.built import built
from deploy.local.layout import SERVICES, Layout

_READ_ONLY = "-c default_transaction_read_only=on -c timezone=UTC"


@dataclass
class Finding:
    """How much a check looked at, and a sentence for each thing that is not as promised."""

    examined: int = 0
    violations: list[str] = field(default_factory=list[str])


@dataclass(frozen=True)
class Places:
    """Where the evidence is.

    databases  service → URL of its database
    journals   folder of what the demo was told is accepted, one JSON object a line
    temporal   host:port of its frontend
    reads      reader → the topics it reads
    """

    databases: Mapping[str, str]
    journals: Path
    temporal: str
    reads: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, layout: Layout) -> "Places":
        """Those of a local stack."""
        return cls(
            databases={service: layout.postgres.reader_url(service) for service in SERVICES},
            journals=layout.data / "journal",
            temporal=layout.address("temporal"),
            reads={name: frozenset(topic.name for topic in built(name).reader.topics) for name in SERVICES},
        )


class Evidence:
    """Open connections, one per database. Each statement sees its own moment."""

    def __init__(self, places: Places, connections: Mapping[str, AsyncConnection[Any]]) -> None:
        self.places = places
        self._connections = connections

    @property
    def services(self) -> tuple[str, ...]:
        return tuple(self._connections)

    async def rows(self, service: str, statement: LiteralString, *values: object) -> list[Any]:
        """Rows with their columns as attributes."""
        cursor = await self._connections[service].execute(statement, values)
        return await cursor.fetchall()

    async def last_facts(self, service: str) -> list[Any]:
        """Of each subject of a service the last fact: topic, type, subject, version, state, case_id, body."""
        return await self.rows(
            service,
            "SELECT DISTINCT ON (subject) topic, type, subject, version, state, case_id, body"
            " FROM outbox ORDER BY subject, version DESC",
        )


@asynccontextmanager
async def opened(places: Places) -> AsyncGenerator[Evidence]:
    """The evidence, for as long as the checks look at it."""
    async with AsyncExitStack() as stack:
        connections: dict[str, AsyncConnection[Any]] = {}
        for service, url in places.databases.items():
            connection = await AsyncConnection.connect(
                url, autocommit=True, row_factory=namedtuple_row, options=_READ_ONLY, connect_timeout=5
            )
            connections[service] = await stack.enter_async_context(connection)
        yield Evidence(places, connections)
