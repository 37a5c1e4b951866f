"""A stack seen from outside its supervisor, by the command line and tests: start it, look at it, stop it."""

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from deploy.local.layout import DEFAULT_DATA, Layout
from deploy.local.memory import pss_mib
from deploy.local.processes import TABLE
from deploy.local.program import ProcessFailed, die_with_parent

_LOOK_EVERY = 0.1


class NotRunning(Exception):
    """There is no stack in this data folder, or it does not run."""

    def __init__(self, data: Path) -> None:
        super().__init__(f"no stack runs in {data}: start one with `relais up`")


@dataclass(frozen=True)
class Process:
    """One line of `relais status`."""

    name: str
    pid: int | None
    ready: bool
    restarts: int
    since: str | None
    doing: str


@dataclass(frozen=True)
class State:
    """What the supervisor last wrote."""

    layout: Layout
    supervisor: int
    phase: str
    failure: ProcessFailed | None
    first_start: bool
    ready_seconds: float | None
    processes: tuple[Process, ...]

    @property
    def ready(self) -> bool:
        return self.phase == "ready" and all(process.ready for process in self.processes)

    @classmethod
    def read(cls, file: Path) -> "State | None":
        """None before the first start."""
        if not file.exists():
            return None
        told: dict[str, Any] = json.loads(file.read_text())
        failed: Mapping[str, str] | None = told["failure"]
        return cls(
            layout=Layout.from_json(json.dumps(told["layout"])),
            supervisor=told["supervisor"],
            phase=told["phase"],
            failure=ProcessFailed(failed["process"], failed["reason"], Path(failed["log"]))
            if failed
            else None,
            first_start=told["first_start"],
            ready_seconds=told["ready_seconds"],
            processes=tuple(Process(**process) for process in told["processes"]),
        )


class Stack:
    """The stack of one data folder."""

    def __init__(self, data: Path = DEFAULT_DATA) -> None:
        self.data = data.resolve()

    @property
    def running(self) -> bool:
        """Whether a supervisor lives: it holds the lock."""
        if not (lock := Layout(self.data).lock).exists():
            return False
        with lock.open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    @property
    def state(self) -> State | None:
        return State.read(Layout(self.data).state)

    @property
    def running_state(self) -> State:
        """NotRunning when it does not run."""
        if not self.running or (state := self.state) is None:
            raise NotRunning(self.data)
        return state

    def start(self, layout: Layout, *, leash: bool = False, table: str = TABLE) -> "subprocess.Popen[bytes]":
        """Starts its supervisor, which goes on alone; on a leash it stops when the caller is gone."""
        layout.log("supervisor").parent.mkdir(parents=True, exist_ok=True)
        layout.state.unlink(missing_ok=True)
        with layout.log("supervisor").open("ab") as log:
            return subprocess.Popen(  # noqa: S603
                (
                    sys.executable,
                    "-m",
                    "deploy.local.supervisor",
                    layout.to_json(),
                    table,
                ),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                # one system call, no lock: safe also where threads run
                preexec_fn=partial(die_with_parent, signal.SIGTERM) if leash else None,
            )

    def start_up(self, supervisor: "subprocess.Popen[bytes]") -> Iterator[State]:
        """Each state on the way until it is ready. ProcessFailed when it does not become so."""
        while True:
            ended = supervisor.poll() is not None
            state = self.state
            if state and state.failure and ended:
                raise state.failure
            if ended:
                raise ProcessFailed(
                    "supervisor", "ended while the stack started", Layout(self.data).log("supervisor")
                )
            if state:
                yield state
                if state.phase == "ready":
                    return
            time.sleep(_LOOK_EVERY)

    def stop(self) -> None:
        """Asks the supervisor to stop everything, and waits until it has."""
        state = self.state
        if not self.running or state is None:
            return
        os.kill(state.supervisor, signal.SIGTERM)
        while self.running:
            time.sleep(_LOOK_EVERY)

    def status(self) -> dict[str, Any]:
        """The answer of `relais status --json`."""
        if not self.running or (state := self.state) is None:
            rate = clock_rate(Layout(self.data))
            nothing: dict[str, Any] = {
                "ready": False,
                "ready_seconds": None,
                "pss_mib": 0,
                "clock_rate": rate,
            }
            return {**nothing, "urls": {}, "processes": []}
        memory = pss_mib([state.supervisor, *(process.pid for process in state.processes if process.pid)])
        return {
            "ready": state.ready,
            "ready_seconds": state.ready_seconds,
            "pss_mib": round(sum(memory.values())),
            "clock_rate": clock_rate(state.layout),
            "urls": state.layout.urls,
            "processes": [
                {
                    "name": process.name,
                    "pid": process.pid,
                    "ready": process.ready,
                    "restarts": process.restarts,
                    "pss_mib": round(memory.get(process.pid or 0, 0)),
                    "since": process.since,
                }
                for process in state.processes
            ],
        }


def clock_rate(layout: Layout) -> float:
    """How fast business time runs."""
    from services.chassis.clock import Clock

    return Clock(layout.clock).rate


def set_clock_rate(layout: Layout, rate: float) -> float:
    """From now on business time runs at this rate; the answer is the rate until now."""
    from services.chassis.clock import Clock

    clock = Clock(layout.clock)
    before = clock.rate
    clock.set_rate(rate)
    return before


@contextmanager
def running_stack(layout: Layout, table: str = TABLE) -> Generator[Stack]:
    """A stack that is ready, and gone at the end: for tests and benchmarks."""
    stack = Stack(layout.data)
    supervisor = stack.start(layout, leash=True, table=table)
    try:
        for _ in stack.start_up(supervisor):
            pass
        yield stack
    finally:
        stack.stop()
        supervisor.wait()
