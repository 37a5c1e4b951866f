"""The way to Temporal: connected for ever, and drained before the process goes.

Nothing gives up when Temporal is away: it is connected again and the work begins anew.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import cast

import structlog
from temporalio.client import Client
from temporalio.envconfig import ClientConfig
from temporalio.worker import WorkerDeploymentConfig, WorkerDeploymentVersion

from services.chassis.settings import Settings

log = structlog.get_logger(__name__)

DRAIN_SECONDS = 0.2
PAUSE_SECONDS = 1.0

BUILD = WorkerDeploymentConfig(
    WorkerDeploymentVersion("relais", version("relais")), use_worker_versioning=False
)
"""Named, since a worker without it hashes the code of all imported modules: seconds of every start."""


@asynccontextmanager
async def connect(settings: Settings) -> AsyncGenerator[Client]:
    """A connected client. Where it is and which namespace is ours to say; TLS and keys are read from
    Temporal's own variables and profile.

    Drains before it returns: an interpreter that ends while answers are under way aborts.
    """
    config = ClientConfig.load_client_connect_config()
    config["target_host"] = settings.temporal
    config["namespace"] = settings.temporal_namespace
    try:
        yield await Client.connect(**config)
    finally:
        await asyncio.sleep(DRAIN_SECONDS)


async def persist(settings: Settings, name: str, work: Callable[[Client], Awaitable[None]]) -> None:
    """Does the work with a connected client until it is cancelled; whatever ends it, it is begun anew."""
    while True:
        try:
            async with connect(settings) as client:
                await work(client)
        except Exception as reason:
            log.warning("interrupted, tried again", work=name, reason=_words(reason))
        await asyncio.sleep(PAUSE_SECONDS)


def _words(reason: BaseException) -> str:
    if isinstance(reason, BaseExceptionGroup):
        parts = cast("tuple[BaseException, ...]", reason.exceptions)  # pyright: ignore[reportUnknownMemberType]
        return "; ".join(map(_words, parts))
    return f"{type(reason).__name__}: {reason}"
