"""What Temporal says of the stories that are open: how many, and which have a step that keeps failing.

It is only looked at: when Temporal is away the monitor says so and everything else stays as it is.
"""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from urllib.parse import quote

import structlog
from temporalio.client import Client, WorkflowExecution
from temporalio.service import RPCError

from services.chassis.settings import Settings
from services.chassis.steps import persist

log = structlog.get_logger(__name__)

OPEN = 'ExecutionStatus = "Running"'
LOOKED_AT = 100
"""Open workflows that are looked into each time, the newest; counting takes them all."""
AT_ONCE = 20
PATIENCE_SECONDS = 3.0
FRESH_SECONDS = 4.0
STUBBORN = 3
"""A step that was tried so often needs somebody to look."""


@dataclass(frozen=True)
class Stuck:
    """A workflow whose step is tried again and again."""

    id: str
    kind: str
    step: str
    attempts: int
    since: datetime
    why: str
    href: str


@dataclass(frozen=True)
class Look:
    """open is None when Temporal does not answer."""

    open: int | None = None
    stuck: tuple[Stuck, ...] = ()


class Workflows:
    """Holds the connection; several operators looking at once cost one look."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client: Client | None = None
        self._last = Look()
        self._looked_at = 0.0
        self._looking = asyncio.Lock()

    async def run(self) -> None:
        """Keeps a connected client until it is cancelled."""
        await persist(self._settings, "monitor", self._hold)

    async def look(self) -> Look:
        """How things stand now, or a few seconds ago."""
        async with self._looking:
            if self._client is None:
                return Look()
            if monotonic() - self._looked_at > FRESH_SECONDS:
                self._last = await self._fresh(self._client)
                self._looked_at = monotonic()
            return self._last

    def href(self, workflow_id: str) -> str:
        """The workflow on Temporal's own screen."""
        return f"{self.screen}/workflows/{quote(workflow_id, safe='')}" if self.screen else ""

    @property
    def screen(self) -> str:
        """Temporal's own screen; empty when this installation has none."""
        web, namespace = self._settings.temporal_web_url, self._settings.temporal_namespace
        return f"{web}/namespaces/{namespace}" if web else ""

    async def _hold(self, client: Client) -> None:
        self._client = client
        try:
            await asyncio.Event().wait()
        finally:
            self._client = None

    async def _fresh(self, client: Client) -> Look:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                count = await client.count_workflows(OPEN)
                newest = [one async for one in client.list_workflows(OPEN, limit=LOOKED_AT)]
                limit = asyncio.Semaphore(AT_ONCE)
                looks = await asyncio.gather(*(self._stuck(client, one, limit) for one in newest))
        except (RPCError, TimeoutError) as reason:
            log.warning("Temporal does not answer", reason=str(reason))
            return Look()
        return Look(count.count, tuple(stuck for looks_of_one in looks for stuck in looks_of_one))

    async def _stuck(self, client: Client, one: WorkflowExecution, limit: asyncio.Semaphore) -> list[Stuck]:
        async with limit:
            described = await client.get_workflow_handle(one.id, run_id=one.run_id).describe()
        return [
            Stuck(
                id=one.id,
                kind=one.workflow_type,
                step=step.activity_type.name,
                attempts=step.attempt,
                since=step.scheduled_time.ToDatetime(UTC),
                why=step.last_failure.message,
                href=self.href(one.id),
            )
            for step in described.raw_description.pending_activities
            if step.attempt >= STUBBORN
        ]
