"""Brings a stack up in order, keeps it up, and takes it down without leaving anything behind.

Imports nothing heavy and never forks a process of ours: the zygote does. What it knows stands in state.json.
"""

import asyncio
import fcntl
import json
import os
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from functools import partial

from deploy.local import program
from deploy.local.care import Care, Cluster, Handle, Kept, Member
from deploy.local.layout import Layout
from deploy.local.nursery import Nursery
from deploy.local.processes import Child, servers
from deploy.local.program import ProcessFailed, Program, Say
from deploy.serve import load

_JOBS = {"postgres": "databases", "kafka": "topics", "temporal": "namespace"}
_WRITE_AFTER = 0.05
_LOOK_EVERY = 0.5
_TIME_TO_STOP = 35.0
"""Longer than the worker lets its activities end."""


class Supervisor:
    """One stack, from its start to its end. phase: starting, ready, stopping; then stopped or failed.

    lock: the open file that says to others that the stack runs."""

    def __init__(self, layout: Layout, table: str, lock: int) -> None:
        self._layout = layout
        self._lock = lock
        self._nursery = Nursery(layout, table)
        self._began = time.monotonic()
        self._first_start = not layout.postgres.folder.exists()
        self._phase = "starting"
        self._failure: ProcessFailed | None = None
        self._ready_seconds: float | None = None
        self._write_due = False
        self._told_to_stop = asyncio.Event()
        self._servers = [*self._made_servers()]
        self._children = [*self._made_children(load(table))]

    async def run(self) -> None:
        """Until SIGTERM, SIGINT, a process that does not come up, or somebody who deletes the data folder."""
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self._told_to_stop.set)
        lives: list[asyncio.Task[None]] = []
        self._write()
        try:
            self._check_ports()
            lives = [asyncio.create_task(member.keep()) for member in self._members]
            told = asyncio.create_task(self._told_to_stop.wait())
            deleted = asyncio.create_task(self._until_deleted())
            announced = asyncio.create_task(self._announce_ready())
            ended, _ = await asyncio.wait({told, deleted, *lives}, return_when=asyncio.FIRST_COMPLETED)
            announced.cancel()
            deleted.cancel()
            for life in ended - {told, deleted}:
                await life
        except ProcessFailed as failure:
            self._failure = failure
        finally:
            await self._stop(lives)

    @property
    def _members(self) -> list[Member]:
        return self._servers + self._children

    def _made_servers(self) -> Iterator[Member]:
        """Servers and zygote, which all start at once."""
        for server in servers(self._layout):
            yield self._kept(self._server_care(server))
        if self._layout.cluster:
            topics = partial(self._nursery.do, "topics")
            yield Cluster(self._layout.cluster, topics, self._layout.log("jobs"), self._changed)
        yield self._kept(
            Care(
                name="zygote",
                log=self._layout.log("zygote"),
                start=lambda say: self._nursery.start(),
                ready=self._nursery.is_warm,
            )
        )

    def _made_children(self, table: Iterable[Child]) -> Iterator[Member]:
        migrated: set[str] = set()

        async def start(child: Child, say: Say) -> Handle:
            if child.migrates and child.name not in migrated:
                say("its database is brought up to date")
                await self._nursery.do("migrate", child.name)
                migrated.add(child.name)
                say("starting")
            return await self._nursery.fork(child.name)

        for child in table:
            yield self._kept(
                Care(
                    name=child.name,
                    log=self._layout.log(child.name),
                    start=partial(start, child),
                    ready=partial(program.healthy, self._layout.port(child.name)),
                    needs=("zygote", *child.needs),
                )
            )

    def _server_care(self, server: Program) -> Care:
        async def start(say: Say) -> Handle:
            await asyncio.to_thread(server.prepare, self._from_thread(say))
            say("starting")
            return await program.start(server)

        return Care(
            name=server.name,
            log=server.log,
            start=start,
            ready=partial(program.answers, server.port),
            settle=partial(self._nursery.do, _JOBS[server.name]),
            after_stop=server.after_stop,
            stop=server.stop,
            patience=server.patience,
        )

    def _kept(self, care: Care) -> Kept:
        return Kept(care, self._find, self._changed)

    def _find(self, name: str) -> Member:
        return next(member for member in self._members if member.name == name)

    def _from_thread(self, say: Say) -> Say:
        loop = asyncio.get_running_loop()

        def told(text: str) -> None:
            loop.call_soon_threadsafe(say, text)

        return told

    def _check_ports(self) -> None:
        for name, port in self._layout.ports():
            if not program.port_is_free(port):
                reason = f"port {port} is in use by another program; choose another --port-base"
                raise ProcessFailed(name, reason, self._layout.log(name))

    async def _until_deleted(self) -> None:
        """A stack that others cannot see any more could not be stopped by anybody."""
        while True:
            await asyncio.sleep(_LOOK_EVERY)
            if not self._seen():
                return

    def _seen(self) -> bool:
        """Whether the lock and the state still stand in the data folder, the lock being ours."""
        try:
            ours = os.path.samestat(self._layout.lock.stat(), os.fstat(self._lock))
        except FileNotFoundError:
            return False
        return ours and self._layout.state.exists()

    async def _announce_ready(self) -> None:
        for member in self._members:
            await member.been_ready.wait()
        self._ready_seconds = round(time.monotonic() - self._began, 1)
        self._enter("ready")

    async def _stop(self, lives: Iterable[asyncio.Task[None]]) -> None:
        """Our own processes first, while their servers still answer; then the rest."""
        self._enter("stopping")
        for members in (self._children, self._servers):
            await asyncio.gather(*(member.stop(_TIME_TO_STOP) for member in members))
        for life in lives:
            life.cancel()
        await asyncio.gather(*lives, return_exceptions=True)
        self._nursery.close()
        self._enter("failed" if self._failure else "stopped")
        self._write()

    def _enter(self, phase: str) -> None:
        self._phase = phase
        self._changed()

    def _changed(self) -> None:
        if not self._write_due:
            self._write_due = True
            asyncio.get_running_loop().call_later(_WRITE_AFTER, self._write)

    def _write(self) -> None:
        self._write_due = False
        if self._phase != "starting" and not self._seen():
            return
        failure = self._failure
        state = {
            "supervisor": os.getpid(),
            "phase": self._phase,
            "failure": failure
            and {"process": failure.name, "reason": failure.reason, "log": str(failure.log)},
            "first_start": self._first_start,
            "ready_seconds": self._ready_seconds,
            "layout": json.loads(self._layout.to_json()),
            "processes": [
                {
                    "name": member.name,
                    "pid": member.pid,
                    "ready": member.ready,
                    "restarts": member.restarts,
                    "since": member.since and member.since.isoformat(timespec="seconds"),
                    "doing": member.doing,
                }
                for member in self._members
            ],
        }
        partial_file = self._layout.state.with_suffix(".partial")
        partial_file.write_text(json.dumps(state, indent=1))
        partial_file.replace(self._layout.state)


def main() -> None:
    """`python -m deploy.local.supervisor LAYOUT TABLE`; deploy/local/stack.py starts it."""
    layout, table = Layout.from_json(sys.argv[1]), sys.argv[2]
    layout.data.mkdir(parents=True, exist_ok=True)
    lock = os.open(
        layout.lock, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o644
    )  # let go when this process is gone
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit(f"a stack is already running in {layout.data}")
    asyncio.run(_run(layout, table, lock))


async def _run(layout: Layout, table: str, lock: int) -> None:
    await Supervisor(layout, table, lock).run()


if __name__ == "__main__":
    main()
