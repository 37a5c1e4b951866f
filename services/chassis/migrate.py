"""Brings a service's database to the state its code expects, as the owner of the tables; the service itself
only works with them. Each service has its migrations in `services/<service>/migrations/`.
"""

from collections.abc import Callable
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from psycopg import sql
from sqlalchemy import Connection, Table, create_engine, text
from sqlalchemy.pool import NullPool
from sqlmodel import SQLModel

from services.chassis import files, refused_files
from services.chassis.facts import tables as facts
from services.chassis.identity import grants, mandates

ENVIRONMENT = Path(__file__).parent / "migrations"


def table_of(model: type[SQLModel]) -> Table:
    """The table behind a model."""
    return getattr(model, "__table__")  # noqa: B009, since type checkers do not know the attribute


CHASSIS: tuple[Table, ...] = (
    facts.outbox,
    facts.unpublished,
    facts.relayed,
    facts.feeds,
    facts.inbox,
    facts.readers,
    facts.followed,
    facts.parked,
    facts.redrives,
    grants.grants,
    grants.revoked_sign_ins,
    mandates.known_mandates,
    files.kept_files,
    table_of(refused_files.RefusedFile),
)
"""Tables that every service has."""

_RIGHTS = "SELECT, INSERT, UPDATE, DELETE"


def migrations_of(service: str) -> Path:
    return Path(__file__).parents[1] / service / "migrations"


class AnotherVersion(Exception):
    """The tables of a database are not those that this version of Relais makes."""


def upgrade(service: str, owner_url: str, login: str) -> None:
    """Migrates a service's database forward; `login` is the role that the service works as.

    AnotherVersion when its tables were made by other migrations than these: nothing is done then.
    """
    wanted = fingerprint(migrations_of(service), login)

    def forward(config: Config) -> None:
        connection: Connection = config.attributes["connection"]
        if _made_by(connection) not in ("", wanted):
            raise AnotherVersion(f"the database of {service} was made by another version of Relais")
        command.upgrade(config, "head")
        connection.execute(text(f"COMMENT ON TABLE alembic_version IS '{wanted}'"))

    migrate(migrations_of(service), owner_url, login, forward)


def fingerprint(migrations: Path, login: str) -> str:
    """Of all statements that migrations run on an empty database: tables, constraints, guards and rights.
    SQLAlchemy makes the indexes of a table in any order.
    """
    config, script = _config(migrations), StringIO()
    config.attributes.update(script=script, login=login)
    command.upgrade(config, "head", sql=True)
    return sha256(";\n".join(sorted(script.getvalue().split(";\n"))).encode()).hexdigest()


def _made_by(connection: Connection) -> str:
    """The fingerprint of the migrations that made the tables; empty when there are none yet."""
    if not connection.scalar(text("SELECT to_regclass('alembic_version') IS NOT NULL")):
        return ""
    if not connection.scalar(text("SELECT count(*) FROM alembic_version")):
        return ""
    return connection.scalar(text("SELECT obj_description('alembic_version'::regclass)")) or "unknown"


def downgrade(service: str, owner_url: str, login: str) -> None:
    """Takes all migrations back."""
    migrate(migrations_of(service), owner_url, login, lambda config: command.downgrade(config, "base"))


def create(op: Any, *tables: Table) -> None:
    """In a migration: creates tables as the models are today. `info["rights"]` narrows the service's."""
    connection: Connection = op.get_bind()
    login = op.get_context().config.attributes["login"]
    for table in tables:
        table.create(connection)
        if rights := table.info.get("rights"):
            op.execute(f'REVOKE ALL ON "{table.name}" FROM "{login}"')
            op.execute(f'GRANT {rights} ON "{table.name}" TO "{login}"')


def drop(op: Any, *tables: Table) -> None:
    """In a migration: the way back."""
    for table in reversed(tables):
        table.drop(op.get_bind())


def create_chassis(op: Any) -> None:
    """In a service's first migration: the tables of facts, readers and roles, and the bell of the relay."""
    create(op, *CHASSIS)
    op.execute(
        "ALTER TABLE unpublished SET"
        " (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0)"
    )
    op.execute(
        "CREATE FUNCTION ring_relay() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN NOTIFY outbox; RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER ring_relay AFTER INSERT ON unpublished"
        " FOR EACH STATEMENT EXECUTE FUNCTION ring_relay()"
    )


def drop_chassis(op: Any) -> None:
    """In a service's first migration: the way back."""
    drop(op, *CHASSIS)
    op.execute("DROP FUNCTION ring_relay")


def migrate(migrations: Path, owner_url: str, login: str, what: Callable[[Config], None]) -> None:
    """Runs one of alembic's commands with the files of a folder, in one transaction."""
    config = _config(migrations)
    engine = create_engine(owner_url.replace("postgresql://", "postgresql+psycopg://", 1), poolclass=NullPool)
    with engine.begin() as connection:
        role = sql.Identifier(login).as_string()
        for kind, rights in (("TABLES", _RIGHTS), ("SEQUENCES", "USAGE, SELECT")):
            connection.execute(
                text(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {rights} ON {kind} TO {role}")
            )
        connection.execute(text(f"GRANT USAGE ON SCHEMA public TO {role}"))
        config.attributes.update(connection=connection, login=login)
        what(config)


def _config(migrations: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(ENVIRONMENT))
    config.set_main_option("version_locations", str(migrations))
    config.set_main_option("path_separator", "os")
    return config
