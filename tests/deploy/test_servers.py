"""PostgreSQL as a stack starts it: durable, and closed to whoever is not its service."""

from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from deploy.local.layout import SERVICES
from deploy.local.postgres import Postgres, provision
from deploy.local.servers import postgres_server


@pytest.fixture(scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Postgres]:
    async with postgres_server(tmp_path_factory.mktemp("servers")) as server:
        yield server


def ask(url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def test_what_is_committed_is_on_disk(server: Postgres) -> None:
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        assert ask(server.superuser_url(), f"SHOW {setting}") == [("on",)]


def test_a_service_enters_its_own_database_only(server: Postgres) -> None:
    for service in SERVICES:
        assert ask(server.url(service), "SELECT current_database()") == [(service,)]
        for other in {*SERVICES, "postgres"} - {service}:
            for login in (server.url(service), server.owner_url(service)):
                with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
                    ask(login.rpartition("/")[0] + f"/{other}", "SELECT 1")


def test_a_service_touches_only_what_migrations_granted(server: Postgres) -> None:
    ask(server.owner_url("events"), "CREATE TABLE kept (line text); INSERT INTO kept VALUES ('one')")

    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(server.url("events"), "SELECT * FROM kept")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(server.url("events"), "CREATE TABLE own (line text)")

    ask(server.owner_url("events"), "GRANT SELECT ON kept TO events")
    assert ask(server.url("events"), "SELECT * FROM kept") == [("one",)]


def test_the_reader_reads_everything_and_writes_nothing(server: Postgres) -> None:
    ask(server.owner_url("overview"), "CREATE TABLE seen (line text); INSERT INTO seen VALUES ('one')")

    assert ask(server.reader_url("overview"), "SELECT * FROM seen") == [("one",)]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(server.reader_url("overview"), "DELETE FROM seen")


def test_provisioning_again_changes_nothing(server: Postgres) -> None:
    before = ask(server.superuser_url(), "SELECT rolname FROM pg_roles UNION SELECT datname FROM pg_database")
    provision(server, SERVICES)
    after = ask(server.superuser_url(), "SELECT rolname FROM pg_roles UNION SELECT datname FROM pg_database")
    assert sorted(before) == sorted(after)
    assert server.passwords.stat().st_mode & 0o777 == 0o600


def test_passwords_made_up_side_by_side_are_all_kept(tmp_path: Path) -> None:
    """Programs that start at the same moment ask for theirs; one that were lost would lock somebody out."""
    logins = [f"login-{number}" for number in range(40)]

    def made_up(login: str) -> str:
        return Postgres(tmp_path / "postgres", 1, tmp_path / "secrets.json").password(login)

    with ThreadPoolExecutor(len(logins)) as programs:
        given = list(programs.map(made_up, logins))
    assert [made_up(login) for login in logins] == given
