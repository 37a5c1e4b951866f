"""Every service's migrations lead forward and all the way back, and leave a database in good order."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.pool import NullPool

from deploy.local.layout import SERVICES
from services.chassis.database import Database
from services.chassis.migrate import AnotherVersion, downgrade, fingerprint, migrations_of, upgrade
from tests.databases import Databases

MIGRATED = [service for service in SERVICES if any(migrations_of(service).glob("*.py"))]


@pytest.fixture(params=MIGRATED)
async def migrated(request: pytest.FixtureRequest, postgres: Databases) -> AsyncGenerator[Database]:
    async with postgres.fresh(request.param) as database:
        yield database


async def test_migrations_lead_back_and_forth(migrated: Database, postgres: Databases) -> None:
    service, name = migrated.source, migrated.engine.url.database or ""
    await migrated.close()
    url = postgres.url(service, name, owner=True)
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"), poolclass=NullPool)
    before = set(inspect(engine).get_table_names())
    downgrade(service, url, service)
    assert inspect(engine).get_table_names() == ["alembic_version"]
    upgrade(service, url, service)
    assert set(inspect(engine).get_table_names()) == before
    upgrade(service, url, service)


async def test_tables_of_another_version_are_refused_before_anything_is_done(
    migrated: Database, postgres: Databases
) -> None:
    service, url = (
        migrated.source,
        postgres.url(migrated.source, migrated.engine.url.database or "", owner=True),
    )
    await migrated.close()
    with pytest.raises(AnotherVersion, match=service):  # nobody has noted which migrations made them
        upgrade(service, url, service)
    downgrade(service, url, service)
    upgrade(service, url, service)
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"), poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("COMMENT ON TABLE alembic_version IS 'made by others'"))
    with pytest.raises(AnotherVersion, match=service):
        upgrade(service, url, service)


@pytest.mark.parametrize(
    "changed",
    ["CREATE TABLE a (b integer, c integer)", "CREATE TABLE a (b integer CHECK (b > 0))"],
    ids=["column", "constraint"],
)
def test_another_column_or_constraint_makes_another_version(tmp_path: Path, changed: str) -> None:
    def version(name: str, statement: str) -> str:
        folder = tmp_path / name
        folder.mkdir()
        lines = ("from alembic import op", 'revision = "0001"', "down_revision = None")
        body = f"def upgrade() -> None:\n    op.execute({statement!r})\n"
        (folder / "0001_first.py").write_text("\n".join((*lines, body)))
        return fingerprint(folder, "somebody")

    first = version("first", "CREATE TABLE a (b integer)")
    assert version("same", "CREATE TABLE a (b integer)") == first
    assert version("other", changed) != first


async def test_no_moment_is_without_its_time_zone(migrated: Database) -> None:
    statement = text(
        "SELECT table_name || '.' || column_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND data_type LIKE '%without time zone'"
    )
    async with migrated.transaction() as tx:
        assert (await tx.execute(statement)).scalars().all() == []


async def test_the_service_may_read_all_its_tables(migrated: Database) -> None:
    statement = text(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        " AND NOT has_table_privilege(oid, 'SELECT')"
    )
    async with migrated.transaction() as tx:
        assert (await tx.execute(statement)).scalars().all() == []
