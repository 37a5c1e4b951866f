"""The servers as the wheels give them: durable, closed to each other's logins, with what a stack needs on them."""

from collections.abc import AsyncGenerator
from pathlib import Path

import psycopg
import pytest
import pytest_asyncio

from deploy.local.layout import SERVICES
from deploy.local.postgres import Postgres, provision
from deploy.local.servers import postgres_server


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def postgres(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Postgres]:
    async with postgres_server(tmp_path_factory.mktemp("servers")) as server:
        yield server


def ask(url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        cursor = connection.execute(statement)  # pyright: ignore[reportArgumentType, reportCallIssue]
        return cursor.fetchall() if cursor.description else []


@pytest.mark.asyncio(loop_scope="module")
async def test_what_is_committed_is_on_disk(postgres: Postgres) -> None:
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        assert ask(postgres.superuser_url(), f"SHOW {setting}") == [("on",)]


@pytest.mark.asyncio(loop_scope="module")
async def test_a_service_enters_its_own_database_only(postgres: Postgres) -> None:
    for service in SERVICES:
        assert ask(postgres.url(service), "SELECT current_database()") == [(service,)]
        for other in {*SERVICES, "postgres"} - {service}:
            for login in (postgres.url(service), postgres.owner_url(service)):
                with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
                    ask(login.rpartition("/")[0] + f"/{other}", "SELECT 1")


@pytest.mark.asyncio(loop_scope="module")
async def test_a_service_touches_only_what_migrations_granted(postgres: Postgres) -> None:
    ask(postgres.owner_url("events"), "CREATE TABLE kept (line text); INSERT INTO kept VALUES ('one')")

    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(postgres.url("events"), "SELECT * FROM kept")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(postgres.url("events"), "CREATE TABLE own (line text)")

    ask(postgres.owner_url("events"), "GRANT SELECT ON kept TO events")
    assert ask(postgres.url("events"), "SELECT * FROM kept") == [("one",)]


@pytest.mark.asyncio(loop_scope="module")
async def test_the_reader_reads_everything_and_writes_nothing(postgres: Postgres) -> None:
    ask(postgres.owner_url("overview"), "CREATE TABLE seen (line text); INSERT INTO seen VALUES ('one')")

    assert ask(postgres.reader_url("overview"), "SELECT * FROM seen") == [("one",)]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(postgres.reader_url("overview"), "DELETE FROM seen")


@pytest.mark.asyncio(loop_scope="module")
async def test_provisioning_again_changes_nothing(postgres: Postgres, tmp_path: Path) -> None:
    before = ask(
        postgres.superuser_url(), "SELECT rolname FROM pg_roles UNION SELECT datname FROM pg_database"
    )
    provision(postgres, SERVICES)
    after = ask(
        postgres.superuser_url(), "SELECT rolname FROM pg_roles UNION SELECT datname FROM pg_database"
    )
    assert sorted(before) == sorted(after)
    assert postgres.passwords.stat().st_mode & 0o777 == 0o600
