"""Complete GrantApprovals per second, against bare Temporal that does as many activities and signals.

Once with steps that do nothing, to see what the story costs; once through services, databases and Kafka.
"""

import asyncio
import os
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

import httpx
from rich.progress import Progress
from temporalio import activity
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client
from temporalio.worker import Worker

from contracts import asks
from contracts.ids import new_id
from contracts.steps import Standing, Step, Subject
from deploy.bench.bare import QUEUE, STEP, STEPS_QUEUE, Bare
from deploy.bench.cases import Cases
from deploy.bench.cpu import cpu_seconds
from deploy.bench.figures import Outcome
from deploy.demo.cast import Cast
from deploy.local.layout import PORTS, Layout
from deploy.local.program import free_port
from deploy.local.servers import temporal_server
from deploy.local.stack import Stack, running_stack
from services.chassis.clock import Clock
from workflows.wake import wake
from workflows.worker import make_worker, sandbox

ROUNDS = 2
CASES = 120
WHOLE_CASES = 40
AT_ONCE = 20
FAR = 30 * 24 * 60 * 60.0
"""Seconds until something would be due: timers are set, and none fires."""
_FACTS = ("submitted", "selected", "granted")
_PLAN = (2, 3, 1)
"""Steps that each of a case's three facts leads to."""


async def run(progress: Progress) -> Outcome:
    """Stories and bare workflows in turns on one Temporal; then whole cases on a stack, and as many bare ones."""
    task = progress.add_task("workflows", total=2 * ROUNDS + 3)
    step = partial(progress.advance, task)
    with tempfile.TemporaryDirectory(prefix="relais-bench-") as name:
        rate, floor = await _with_idle_steps(Path(name) / "alone", step)
        whole = await _whole_path(Path(name) / "stack", step)
    figures = {
        "stories_per_second": round(rate, 2),
        "steps_and_facts": f"{sum(_PLAN)} and {len(_PLAN)}",
        "whole_path_per_second": round(whole.rate, 2),
        "whole_path_floor": round(whole.floor, 2),
        "whole_path_ratio": round(whole.rate / whole.floor, 3),
        "whole_path_steps_and_facts": f"{sum(whole.plan)} and {len(whole.plan)}",
        "whole_path_cpu_ms": whole.spent,
        "cases": ROUNDS * CASES,
        "whole_cases": WHOLE_CASES,
        "at_once": AT_ONCE,
        "floor_is": "workflows of bare Temporal with as many activities and signals, per second",
    }
    return Outcome("workflows", figures, round(floor, 2), round(rate / floor, 3))


async def _with_idle_steps(folder: Path, step: Callable[[], None]) -> tuple[float, float]:
    """Stories per second, and bare workflows."""
    ours, bare = 0.0, 0.0
    async with temporal_server(folder) as address:
        client = await Client.connect(address)
        for _ in range(ROUNDS):
            ours += await _stories(client)
            step()
            bare += await _bare(client, _PLAN, CASES)
            step()
    return ROUNDS * CASES / ours, ROUNDS * CASES / bare


class Whole(NamedTuple):
    """Cases and bare workflows per second; what one case was made of, and milliseconds computed for it."""

    rate: float
    floor: float
    plan: Sequence[int]
    spent: Mapping[str, int]


async def _whole_path(folder: Path, step: Callable[[], None]) -> Whole:
    """Cases led to their grant through the API of a stack, then as many bare workflows on its Temporal."""
    layout = Layout(folder, free_port(row=PORTS))
    with running_stack(layout) as stack:
        async with httpx.AsyncClient(base_url=layout.url("gateway"), timeout=30) as api:
            cases = Cases(Cast(layout, api, "bench"), Clock(layout.clock))
            await cases.prepare(WHOLE_CASES + AT_ONCE)
            step()
            client = await Client.connect(layout.address("temporal"))
            waiting = iter(cases.drafts)

            async def one() -> None:
                case = next(waiting)
                await cases.grant(case)
                await client.get_workflow_handle(f"grant-approval/{case}").result()

            before = _computed(stack)
            seconds = await _timed(one, WHOLE_CASES)
            after = _computed(stack)
            step()
            plan = await _plan_of(client, f"grant-approval/{cases.drafts[-1]}")
            bare = await _bare(client, plan, WHOLE_CASES)
            step()
    spent = {name: round(1000 * (after[name] - before[name]) / (WHOLE_CASES + AT_ONCE)) for name in after}
    return Whole(WHOLE_CASES / seconds, WHOLE_CASES / bare, plan, spent)


class Desk:
    """Where drivers hear that a step of their case was done."""

    def __init__(self) -> None:
        self._done: defaultdict[str, asyncio.Queue[None]] = defaultdict(asyncio.Queue)

    def did(self, case: str) -> None:
        self._done[case].put_nowait(None)

    async def so_many(self, case: str, steps: int) -> None:
        for _ in range(steps):
            await self._done[case].get()


class Owners:
    """Applications and their money, in memory: each step answers at once where the case stands."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.states: dict[str, str] = {}

    def workers(self, client: Client) -> list[Worker]:
        moves = {
            asks.Application.standing: "",
            asks.Application.check_eligibility: "in_review",
            asks.Application.award: "awarded",
        }
        applications = [self._step(step, to) for step, to in moves.items()]
        return [
            Worker(client, task_queue="applications", activities=applications),
            Worker(client, task_queue="reimbursements", activities=[self._reserve()]),
        ]

    def _step(self, step: Step, to: str) -> Callable[[Subject], Awaitable[Standing]]:
        @activity.defn(name=step.activity)
        async def moved(subject: Subject) -> Standing:
            state = self.states[subject.id] = to or self.states[subject.id]
            self._desk.did(subject.id)
            return Standing(state, open=state != "granted", remind_in=FAR / 2, due_in=FAR)

        return moved

    def _reserve(self) -> Callable[[Subject], Awaitable[Standing]]:
        @activity.defn(name=asks.Reservation.reserve.activity)
        async def reserved(subject: Subject) -> Standing:
            self._desk.did(subject.id)
            return Standing("made", open=True)

        return reserved


async def _stories(client: Client) -> float:
    """Seconds that the cases take when owners have nothing to do."""
    desk = Desk()
    owners = Owners(desk)

    async def one() -> None:
        case = str(new_id())
        story = f"grant-approval/{case}"
        for state, steps in zip(_FACTS, _PLAN, strict=True):
            owners.states[case] = state
            await wake(client, story, f"relais.application.{state}.v1", case)
            await desk.so_many(case, steps)
        await client.get_workflow_handle(story).result()

    async with _working(make_worker(client), *owners.workers(client)):
        return await _timed(one, CASES)


async def _bare(client: Client, plan: Sequence[int], cases: int) -> float:
    """Seconds that as many bare workflows take."""
    desk = Desk()

    @activity.defn(name=STEP)
    async def step(case: str) -> None:
        desk.did(case)

    async def one() -> None:
        case = str(new_id())
        handle = await client.start_workflow(
            Bare.run, args=[case, plan], id=f"bare/{case}", task_queue=QUEUE, start_signal="wake"
        )
        await desk.so_many(case, plan[0])
        for steps in plan[1:]:
            await handle.signal(Bare.wake)
            await desk.so_many(case, steps)
        await handle.result()

    workflows = Worker(
        client, task_queue=QUEUE, workflows=[Bare], workflow_runner=sandbox(), max_cached_workflows=300
    )
    async with _working(workflows, Worker(client, task_queue=STEPS_QUEUE, activities=[step])):
        return await _timed(one, cases)


async def _plan_of(client: Client, workflow_id: str) -> Sequence[int]:
    """As many activities as this workflow asked for, spread over as many signals as it heard. Facts that came
    after its end made it look again in further short runs, which count as well."""
    kinds: Counter[int] = Counter()
    async for run in client.list_workflows(f'WorkflowId = "{workflow_id}"'):
        history = await client.get_workflow_handle(workflow_id, run_id=run.run_id).fetch_history()
        kinds.update(event.event_type for event in history.events)
    steps = kinds[EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED]
    facts = kinds[EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED]
    return [steps // facts + (number < steps % facts) for number in range(facts)]


def _computed(stack: Stack) -> dict[str, float]:
    """CPU seconds by process, the people of the benchmark included."""
    pids = {process.pid: process.name for process in stack.running_state.processes if process.pid}
    pids[os.getpid()] = "people"
    return {pids[pid]: seconds for pid, seconds in cpu_seconds(pids).items()}


@asynccontextmanager
async def _working(*workers: Worker) -> AsyncGenerator[None]:
    async with AsyncExitStack() as stack:
        for worker in workers:
            await stack.enter_async_context(worker)
        yield


async def _timed(one: Callable[[], Awaitable[None]], cases: int) -> float:
    """Seconds for so many cases; a few go before, so that everything is warm."""

    async def play(number: int) -> None:
        waiting = iter(range(number))

        async def hand() -> None:
            for _ in waiting:
                await one()

        await asyncio.gather(*(hand() for _ in range(AT_ONCE)))

    await play(AT_ONCE)
    began = time.perf_counter()
    await play(cases)
    return time.perf_counter() - began
