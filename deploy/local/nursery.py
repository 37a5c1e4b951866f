"""The supervisor's end of the zygote: order a child, hear of its end. No child outlives a zygote."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from typing import Any

from deploy.local.layout import Layout
from deploy.local.program import ProcessFailed, die_with_parent, signal_group


class Forked:
    """A child of the zygote."""

    def __init__(self, pid: int, ended: asyncio.Future[int]) -> None:
        self.pid = pid
        self._ended = ended

    async def wait(self) -> int:
        return await asyncio.shield(self._ended)


class Nursery:
    """One zygote after another: `start` again after its death."""

    def __init__(self, layout: Layout, table: str) -> None:
        self._layout = layout
        self._table = table
        self._orders = 0
        self._answers: dict[int, asyncio.Future[Forked]] = {}
        self._living: dict[int, asyncio.Future[int]] = {}
        self._writer: asyncio.StreamWriter | None = None
        self._warm = asyncio.Event()
        self._listening: asyncio.Task[None] | None = None

    async def is_warm(self) -> bool:
        """Whether it has imported everything and takes orders."""
        return self._warm.is_set()

    async def start(self) -> asyncio.subprocess.Process:
        """A fresh zygote, not yet warm."""
        ours, theirs = socket.socketpair()
        log = self._layout.log("zygote")
        log.parent.mkdir(parents=True, exist_ok=True)
        with theirs, log.open("ab") as output:
            arguments = (str(theirs.fileno()), self._layout.to_json(), self._table)
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "deploy.local.zygote", *arguments),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env={**os.environ, "MALLOC_ARENA_MAX": "2"},
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
                preexec_fn=die_with_parent,
            )
        reader, self._writer = await asyncio.open_connection(sock=ours)
        self._listening = asyncio.create_task(self._listen(reader))
        return process

    async def fork(self, child: str) -> Forked:
        """The process of this name in the table, just forked."""
        return await self._order({"child": child})

    async def do(self, job: str, *arguments: str) -> None:
        """A function of deploy/local/jobs.py, to its end; ProcessFailed when it failed."""
        forked = await self._order({"job": job, "args": arguments})
        if status := await forked.wait():
            reason = (
                f"ended with status {status}" if status != os.EX_CONFIG else self._made_by_another_version
            )
            raise ProcessFailed("-".join((job, *arguments)), reason, self._layout.log("jobs"))

    @property
    def _made_by_another_version(self) -> str:
        data = self._layout.data
        return (
            f"the data folder {data} was made by another version of Relais, with other tables: "
            f"`relais reset --data {data}` throws it away; or take another --data"
        )

    async def _order(self, order: dict[str, Any]) -> Forked:
        await self._warm.wait()
        self._orders += 1
        answer = self._answers[self._orders] = asyncio.get_running_loop().create_future()
        assert self._writer is not None
        self._writer.write(json.dumps({"id": self._orders, **order}).encode() + b"\n")
        return await answer

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        try:
            while line := await reader.readline():
                self._hear(json.loads(line))
        except ConnectionError:
            pass
        self._warm.clear()
        for answer in self._answers.values():
            answer.set_exception(ProcessFailed("zygote", "ended", self._layout.log("zygote")))
        self._answers.clear()
        for pid, ended in self._living.items():
            signal_group(pid, signal.SIGKILL)
            ended.set_result(-signal.SIGKILL)
        self._living.clear()

    def _hear(self, message: dict[str, Any]) -> None:
        if "imported" in message:
            self._warm.set()
        elif "id" in message:
            ended = self._living[message["pid"]] = asyncio.get_running_loop().create_future()
            self._answers.pop(message["id"]).set_result(Forked(message["pid"], ended))
        else:
            self._living.pop(message["pid"]).set_result(message["status"])

    def close(self) -> None:
        """The zygote ends when it reads this."""
        if self._writer is not None:
            self._writer.close()
