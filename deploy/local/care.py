"""How one process is kept alive: started, found ready, watched, and started again after a pause that grows.

A process that never became ready is a failure of the stack; one that was ready is brought back for ever.
"""

import asyncio
import os
import signal
import time
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from deploy.local.program import ProcessFailed, Say, answers, signal_group

_PROBE_EVERY = 0.1
_LOOK_AGAIN_EVERY = 2.0
_LONGEST_PAUSE = 10.0
_STEADY_AFTER = 30.0
_CLUSTER_PATIENCE = 60.0
_ATTEMPTS = 3
"""Failures before a process was ever ready, until the start of the stack has failed."""


class Handle(Protocol):
    """A running process."""

    @property
    def pid(self) -> int: ...

    async def wait(self) -> int: ...


@dataclass(frozen=True)
class Care:
    """What one process needs.

    start       prepares and starts it
    ready       whether it can do its work now
    settle      what is to be done each time it has become ready (it may have come back empty)
    after_stop  what a clean stop leaves to do
    needs       processes that must have been ready once before it starts
    patience    seconds until a start counts as failed
    """

    name: str
    log: Path
    start: Callable[[Say], Awaitable[Handle]]
    ready: Callable[[], Awaitable[bool]]
    settle: Callable[[], Awaitable[None]] | None = None
    after_stop: Callable[[], None] | None = None
    needs: tuple[str, ...] = ()
    stop: signal.Signals = signal.SIGTERM
    patience: float = 60.0


class Member(ABC):
    """One line of `relais status`."""

    def __init__(self, name: str, changed: Callable[[], None]) -> None:
        self.name = name
        self.doing = "waiting"
        self.ready = False
        self.restarts = 0
        self.since: datetime | None = None
        self.been_ready = asyncio.Event()
        self._changed = changed
        self._stopping = asyncio.Event()

    @property
    def pid(self) -> int | None:
        return None

    @abstractmethod
    async def keep(self) -> None:
        """Until it is told to stop. ProcessFailed when it never became ready."""

    async def stop(self, within: float) -> None:
        """Asks it to stop; kills it if it does not."""
        self._stopping.set()

    def say(self, doing: str) -> None:
        self.doing = doing
        self._changed()

    async def pause(self, seconds: float) -> None:
        """Ends early when it is to stop."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)


class Kept(Member):
    """A process under care."""

    def __init__(self, care: Care, find: Callable[[str], Member], changed: Callable[[], None]) -> None:
        super().__init__(care.name, changed)
        self.care = care
        self._find = find
        self._handle: Handle | None = None

    @property
    def pid(self) -> int | None:
        return self._handle.pid if self._handle else None

    async def keep(self) -> None:
        for name in self.care.needs:
            await self._find(name).been_ready.wait()
        failures = 0
        while not self._stopping.is_set():
            lived = 0.0
            try:
                lived = await self._live()
                reason = "ended"
            except ProcessFailed as failure:
                reason = failure.reason
                if not self.been_ready.is_set() and failures + 1 == _ATTEMPTS:
                    raise
            failures = 0 if lived > _STEADY_AFTER else failures + 1
            if not self._stopping.is_set():
                self.restarts += 1
                seconds = min(_LONGEST_PAUSE, 0.1 * 2**failures)
                self.say(f"{reason}; starts again in {seconds:.1f} s")
                await self.pause(seconds)

    async def stop(self, within: float) -> None:
        self._stopping.set()
        if (handle := self._handle) is None:
            return
        self.say("stopping")
        with suppress(ProcessLookupError):
            os.kill(handle.pid, self.care.stop)
        try:
            await asyncio.wait_for(handle.wait(), within)
        except TimeoutError:
            signal_group(handle.pid, signal.SIGKILL)
        else:
            if self.care.after_stop:
                self.care.after_stop()

    async def _live(self) -> float:
        """One life of the process; answers how long it was ready."""
        self.say("starting")
        try:
            self._handle = handle = await self.care.start(self.say)
        except OSError as reason:
            raise ProcessFailed(self.name, f"could not be started: {reason}", self.care.log) from reason
        self.since = datetime.now(UTC)
        ended = asyncio.ensure_future(handle.wait())
        try:
            await self._become_ready(ended)
            began = time.monotonic()
            self.been_ready.set()
            self._note(True)
            while not (await asyncio.wait({ended}, timeout=_LOOK_AGAIN_EVERY))[0]:
                self._note(await self.care.ready())
            return time.monotonic() - began
        finally:
            if not ended.done():
                signal_group(handle.pid, signal.SIGKILL)
                await ended
            self._handle = None
            self.ready = False
            self.say("ended")

    async def _become_ready(self, ended: asyncio.Future[int]) -> None:
        deadline = time.monotonic() + self.care.patience
        reason = "it did not answer"
        while True:
            if await self.care.ready():
                try:
                    if self.care.settle:
                        self.say("answers; the rest follows")
                        await self.care.settle()
                    return
                except ProcessFailed as failure:
                    reason = str(failure)
            if ended.done():
                raise ProcessFailed(self.name, f"ended with status {ended.result()}", self.care.log)
            if self._stopping.is_set() or time.monotonic() > deadline:
                waited = f"not ready within {self.care.patience:.0f} s: {reason}"
                raise ProcessFailed(self.name, waited, self.care.log)
            await asyncio.wait({ended}, timeout=_PROBE_EVERY)

    def _note(self, ready: bool) -> None:
        if ready != self.ready:
            self.ready = ready
            self.say("ready" if ready else "not ready")


class Cluster(Member):
    """A Kafka cluster of somebody else: only watched. Each time it is back, its topics are settled again."""

    def __init__(
        self,
        address: str,
        settle: Callable[[], Awaitable[None]],
        log: Path,
        changed: Callable[[], None],
    ) -> None:
        super().__init__("kafka", changed)
        self._address = address
        self._settle = settle
        self._log = log

    async def keep(self) -> None:
        host, port = self._address.rsplit(":", 1)
        deadline = time.monotonic() + _CLUSTER_PATIENCE
        while not self._stopping.is_set():
            reached = await answers(int(port), host)
            if not reached:
                self.ready = False
                self.say("does not answer")
            elif not self.ready:
                with suppress(ProcessFailed):
                    await self._settle()
                    self.ready = True
                    self.been_ready.set()
                    self.since = datetime.now(UTC)
                    self.say("ready")
            if not self.been_ready.is_set() and time.monotonic() > deadline:
                raise ProcessFailed(self.name, f"the cluster at {self._address} cannot be used", self._log)
            await self.pause(_LOOK_AGAIN_EVERY)
