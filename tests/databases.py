"""Fresh databases for tests: migrated once per service into a template, copied from it in a moment."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import LiteralString

import psycopg
from alembic import command
from psycopg import sql
from pydantic import SecretStr

from deploy.local.postgres import Postgres
from services.chassis.database import Database
from services.chassis.migrate import migrate, migrations_of


class Databases:
    """The databases of one test server."""

    def __init__(self, server: Postgres) -> None:
        self.server = server
        self._templates: dict[tuple[str, Path], str] = {}
        self._numbers = count(1)

    async def hurry(self) -> None:
        """The data need not survive a power cut during tests; they do survive a killed server."""
        await self._execute("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")

    @asynccontextmanager
    async def fresh(self, service: str, migrations: Path | None = None) -> AsyncGenerator[Database]:
        """A database that the service's own login works on, migrated by its own files or others; dropped at
        the end."""
        name = await self.copy(service, migrations or migrations_of(service))
        database = Database(SecretStr(self.url(service, name)), service)
        try:
            yield database
        finally:
            await database.close()
            await self._execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    async def copy(self, service: str, migrations: Path) -> str:
        """The name of a new database with the tables of these migrations."""
        template = self._templates.get((service, migrations))
        if template is None:
            template = await self._create(service, "template0")
            owner_url = self.url(service, template, owner=True)
            await asyncio.to_thread(
                migrate, migrations, owner_url, service, lambda config: command.upgrade(config, "head")
            )
            self._templates[service, migrations] = template
        return await self._create(service, template)

    async def _create(self, service: str, template: str) -> str:
        name = f"{service}_{next(self._numbers)}"
        words = {"name": name, "template": template, "owner": f"{service}_owner", "service": service}
        parts = {word: sql.Identifier(value) for word, value in words.items()}
        await self._execute(
            sql.SQL("CREATE DATABASE {name} TEMPLATE {template} OWNER {owner}").format(**parts),
            sql.SQL("GRANT CONNECT ON DATABASE {name} TO {service}").format(**parts),
        )
        return name

    def url(self, service: str, name: str, *, owner: bool = False) -> str:
        """How the service's login, or the owner of its tables, reaches one of its databases."""
        return (self.server.owner_url if owner else self.server.url)(service).rsplit("/", 1)[0] + f"/{name}"

    async def cut(self, database: Database) -> None:
        """Ends every connection to a database, as a restart of the server does."""
        await self._execute(
            sql.SQL("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {}").format(
                sql.Literal(database.engine.url.database)
            )
        )

    @asynccontextmanager
    async def away(self, database: Database) -> AsyncGenerator[None]:
        """Nobody reaches this database meanwhile."""
        name = sql.Identifier(database.engine.url.database or "")
        await self._execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(name))
        await self.cut(database)
        try:
            yield
        finally:
            await self._execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(name))

    async def _execute(self, *statements: LiteralString | sql.Composed) -> None:
        async with await psycopg.AsyncConnection.connect(
            self.server.superuser_url(), autocommit=True
        ) as connection:
            for statement in statements:
                await connection.execute(sql.SQL(statement) if isinstance(statement, str) else statement)
