"""Temporal's development server with a database file that loses nothing it acknowledged."""

import asyncio
import sys
import time
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from deploy.local.program import Program, Say

if TYPE_CHECKING:
    from temporalio.client import Client

SEARCH_ATTRIBUTES = ("RelaisCase", "RelaisState")
RETENTION = timedelta(days=90)
"""How long an ended workflow can still be looked at. The server's own default is one day."""


def program(folder: Path, port: int, ui_port: int, log: Path) -> Program:
    """The frontend on 127.0.0.1:port, the web pages on 127.0.0.1:ui_port."""
    attributes = (word for name in SEARCH_ATTRIBUTES for word in ("--search-attribute", f"{name}=Keyword"))
    return Program(
        name="temporal",
        argv=(
            str(Path(sys.executable).with_name("temporal")),
            *("server", "start-dev"),
            *("--ip", "127.0.0.1"),
            *("--port", str(port)),
            *("--ui-port", str(ui_port)),
            *("--db-filename", str(folder / "temporal.sqlite")),
            *("--sqlite-pragma", "journal_mode=WAL"),
            *("--sqlite-pragma", "synchronous=FULL"),
            *("--log-level", "warn"),
            *attributes,
        ),
        port=port,
        log=log,
        prepare=partial(_prepare, folder),
    )


async def provision(address: str) -> None:
    """Sets how long the default namespace keeps ended workflows."""
    from google.protobuf.duration_pb2 import Duration
    from temporalio.api.namespace.v1 import NamespaceConfig
    from temporalio.api.workflowservice.v1 import UpdateNamespaceRequest

    client = await _connected(address)
    retention = Duration()
    retention.FromTimedelta(RETENTION)
    await client.workflow_service.update_namespace(
        UpdateNamespaceRequest(
            namespace="default", config=NamespaceConfig(workflow_execution_retention_ttl=retention)
        )
    )


async def _connected(address: str) -> "Client":
    """The port answers a moment before the frontend is healthy."""
    from temporalio.client import Client

    deadline = time.monotonic() + 30
    while True:
        try:
            return await Client.connect(address)
        except RuntimeError:
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.05)


def _prepare(folder: Path, say: Say) -> None:
    folder.mkdir(parents=True, exist_ok=True)
