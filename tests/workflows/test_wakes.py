"""Wakes against the real Temporal: a story stays short however many come; after its end they are cheap."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta

from temporalio import activity
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from contracts.asks import SWEEPS
from contracts.ids import new_id
from contracts.steps import Standing, Subject
from tests.workflows.stage import server
from workflows.rebuild import register_search_attributes
from workflows.story import TASK_QUEUE
from workflows.sweep import Sweep
from workflows.wake import wake
from workflows.worker import make_worker

SHORT_HISTORY = 150
"""Events after which this server suggests to go on in a new run; 4,096 by default."""


class Owner:
    """Answers one standing, and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.standing = Standing("open", open=True)

    @activity.defn(name="applications.proposal.standing")
    async def answer(self, subject: Subject) -> Standing:
        self.asked += 1
        return self.standing


@asynccontextmanager
async def a_server() -> AsyncGenerator[Client]:
    short = ("--dynamic-config-value", f"limit.historyCount.suggestContinueAsNew={SHORT_HISTORY}")
    env = await WorkflowEnvironment.start_local(  # pyright: ignore[reportUnknownMemberType]
        dev_server_existing_path=server("temporal"), dev_server_extra_args=short
    )
    async with env:
        await register_search_attributes(env.client)
        yield env.client


async def test_many_wakes_do_not_grow_a_history() -> None:
    """And what comes after the end asks once more and ends."""
    owner, story = Owner(), f"proposal/{new_id()}"
    async with (
        a_server() as client,
        make_worker(client),
        Worker(client, task_queue="applications", activities=[owner.answer]),
    ):
        handle = client.get_workflow_handle(story)
        await wake(client, story, "relais.proposal.made.v1")
        first = await handle.describe()
        for _ in range(50):
            await wake(client, story, "relais.proposal.reminded.v1")
            longest = (await handle.describe()).history_length
            assert longest < 2 * SHORT_HISTORY
        assert (await handle.describe()).run_id != first.run_id
        owner.standing = Standing("accepted", open=False)
        await wake(client, story, "relais.proposal.accepted.v1")
        assert await handle.result() == "accepted"
        asked = owner.asked
        await wake(client, story, "relais.proposal.accepted.v1")
        assert await handle.result() == "accepted"
        assert owner.asked == asked + 1


async def test_sweep_asks_its_service() -> None:
    swept: list[str] = []

    @activity.defn(name="events.sweep")
    async def sweep(subject: Subject) -> Standing:
        swept.append(subject.id)
        return Standing("swept", open=False)

    async with (
        a_server() as client,
        make_worker(client),
        Worker(client, task_queue="events", activities=[sweep]),
    ):
        (step,) = (step for step in SWEEPS if step.owner == "events")
        ended = await client.execute_workflow(
            Sweep.run, Subject(step.owner), id="sweep/events", task_queue=TASK_QUEUE,
            run_timeout=timedelta(seconds=20),
        )  # fmt: skip
        assert ended == "swept"
        assert swept == ["events"]
