"""The worker as a process: it waits for Temporal instead of crashing; the next one goes on where it ended."""

from pathlib import Path

import pytest
from temporalio import activity
from temporalio.client import Client
from temporalio.worker import Worker

from contracts.ids import new_id
from contracts.steps import Standing, Subject
from deploy.local.program import free_port
from deploy.local.servers import temporal_server
from services.chassis.settings import Settings
from services.chassis.steps import connect
from tests.workflows.process import is_ready, running, until, waits_for
from workflows import worker
from workflows.rebuild import register_search_attributes
from workflows.wake import wake


class Owner:
    """A proposal that somebody answers between two workers."""

    def __init__(self) -> None:
        self.asked = 0
        self.standing = Standing("open", open=True)

    @activity.defn(name="applications.proposal.standing")
    async def answer(self, subject: Subject) -> Standing:
        self.asked += 1
        return self.standing

    def offered(self, client: Client) -> Worker:
        return Worker(client, task_queue="applications", activities=[self.answer])


@pytest.fixture
def settings() -> Settings:
    return Settings(temporal=f"127.0.0.1:{free_port()}", port=free_port(), log_json=False)


async def test_worker_waits_for_temporal_and_the_next_goes_on(settings: Settings, tmp_path: Path) -> None:
    owner, story = Owner(), f"proposal/{new_id()}"
    port = int(settings.temporal.partition(":")[2])
    async with running(worker.main, settings):
        await until(lambda: waits_for(settings, "Temporal"))
        async with temporal_server(tmp_path, port), connect(settings) as client, owner.offered(client):
            await until(lambda: is_ready(settings))
            await register_search_attributes(client)
            await wake(client, story, "relais.proposal.made.v1")

            async def looked() -> bool:
                return owner.asked > 0

            await until(looked)
    async with temporal_server(tmp_path, port), connect(settings) as client, owner.offered(client):
        owner.standing = Standing("accepted", open=False)
        await wake(client, story, "relais.proposal.accepted.v1")
        async with running(worker.main, settings):
            assert await client.get_workflow_handle(story).result() == "accepted"
