"""The process that runs the stories. It holds no state: killed, its workflows go on in the next one."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from temporalio.client import Client
from temporalio.worker import Interceptor, Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from services.chassis.settings import Settings
from services.chassis.steps import BUILD, persist
from workflows.process import Readiness, serve
from workflows.story import TASK_QUEUE
from workflows.sweep import Sweep
from workflows.wake import STORIES

WORKFLOWS: Sequence[type] = (*STORIES.values(), Sweep)
GRACE = timedelta(seconds=30)


def sandbox() -> SandboxedWorkflowRunner:
    """Each run imports its story anew, but not the contracts, which are pure and dear to import."""
    return SandboxedWorkflowRunner(
        restrictions=SandboxRestrictions.default.with_passthrough_modules("contracts")
    )


def make_worker(client: Client, interceptors: Sequence[Interceptor] = ()) -> Worker:
    return Worker(
        client,
        task_queue=TASK_QUEUE,
        workflows=WORKFLOWS,
        workflow_runner=sandbox(),
        interceptors=interceptors,
        max_cached_workflows=300,
        graceful_shutdown_timeout=GRACE,
        deployment_config=BUILD,
    )


async def main(settings: Settings) -> None:
    """Runs until the process is told to stop."""
    ready = Readiness("Temporal does not answer yet")

    async def work(client: Client) -> None:
        try:
            async with make_worker(client):
                ready.yes()
                await asyncio.Event().wait()
        finally:
            ready.no("Temporal does not answer")

    await serve(settings, "worker", ready, persist(settings, "worker", work))
