"""A demo that plays while a test does harm to the stack under it, and the ways to do harm."""

import asyncio
import os
import shutil
import signal
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from deploy.demo.play import play
from deploy.local.program import signal_group
from deploy.local.stack import Process, Stack
from tests.stacks import accepted

PATIENCE = 240.0
_LOOK_EVERY = 0.05


class Playing:
    """A run under way; `story:step` of its journal say how far it is."""

    def __init__(self, stack: Stack, run: str) -> None:
        self._stack = stack
        self._run = run
        self._play = asyncio.create_task(play(stack.running_state.layout, run, quiet=True))

    async def until(self, step: str) -> None:
        """Until a step that begins so was accepted; fails when the run ends without it."""
        while not any(done.startswith(step) for done in accepted(self._stack, self._run)):
            if self._play.done():
                self._play.result()
                raise AssertionError(f"the demo ended without {step}")
            await asyncio.sleep(_LOOK_EVERY)

    async def end(self) -> dict[str, Any]:
        return await self._play

    async def break_off(self) -> None:
        self._play.cancel()
        await asyncio.gather(self._play, return_exceptions=True)


@asynccontextmanager
async def playing(stack: Stack, run: str) -> AsyncGenerator[Playing]:
    """The demo, begun; broken off if the test fails on the way."""
    run_ = Playing(stack, run)
    try:
        yield run_
    finally:
        await run_.break_off()


async def kill(stack: Stack, name: str, *, and_lose: Path | None = None) -> None:
    """kill -9, perhaps losing a folder with it; then until the supervisor has brought everything back."""
    before = process(stack, name)
    assert before.pid is not None
    os.kill(before.pid, signal.SIGKILL)
    if and_lose:
        _throw_away(and_lose)
    deadline = time.monotonic() + PATIENCE
    while process(stack, name).restarts == before.restarts or not stack.running_state.ready:
        assert time.monotonic() < deadline, f"{name} did not come back"
        await asyncio.sleep(_LOOK_EVERY)


def _throw_away(folder: Path) -> None:
    """At once: the server may be starting again already."""
    shutil.rmtree(folder.rename(folder.with_suffix(".lost")))


@asynccontextmanager
async def standstill(stack: Stack, *names: str) -> AsyncGenerator[None]:
    """These servers hear nothing and answer nothing, as a machine does whose network is gone."""
    pids = [pid for name in names if (pid := process(stack, name).pid)]
    for pid in pids:
        signal_group(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            signal_group(pid, signal.SIGCONT)


def process(stack: Stack, name: str) -> Process:
    return next(process for process in stack.running_state.processes if process.name == name)
