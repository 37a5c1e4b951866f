"""One real server at a time, for tests and benchmarks: started in a folder, provisioned, and stopped."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from deploy.local import kafka, postgres, temporal
from deploy.local.layout import SERVICES
from deploy.local.postgres import Postgres
from deploy.local.program import free_port, running


@asynccontextmanager
async def postgres_server(folder: Path, port: int = 0) -> AsyncGenerator[Postgres]:
    """PostgreSQL with the database and logins of every service; migrations are the caller's."""
    server = Postgres(folder / "postgres", port or free_port(), folder / "secrets.json")
    async with running(postgres.program(server, folder / "postgres.log")):
        await asyncio.to_thread(postgres.provision, server, SERVICES)
        yield server


@asynccontextmanager
async def kafka_server(folder: Path, port: int = 0) -> AsyncGenerator[str]:
    """A broker with all topics; yields its bootstrap address."""
    port = port or free_port()
    async with running(kafka.program(folder / "kafka", port, free_port(), folder / "kafka.log")):
        address = f"127.0.0.1:{port}"
        await kafka.provision(address)
        yield address


@asynccontextmanager
async def temporal_server(folder: Path, port: int = 0, ui_port: int = 0) -> AsyncGenerator[str]:
    """A Temporal server; yields the address of its frontend."""
    port, ui_port = port or free_port(), ui_port or free_port()
    async with running(temporal.program(folder / "temporal", port, ui_port, folder / "temporal.log")):
        address = f"127.0.0.1:{port}"
        await temporal.provision(address)
        yield address
