"""One server that is not ours: how it is prepared, started, known to be ready, and stopped.

The supervisor and the tests start servers through this one description. No server may outlive who started it.
"""

import asyncio
import ctypes
import os
import pwd
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

Say = Callable[[str], None]
"""Where a long step tells what it is doing."""

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class ProcessFailed(Exception):
    """A process did not come up: its name, the reason in words, and the log that says more."""

    def __init__(self, name: str, reason: str, log: Path) -> None:
        super().__init__(f"{name}: {reason} (see {log})")
        self.name = name
        self.reason = reason
        self.log = log


@dataclass(frozen=True)
class Program:
    """A server process.

    port         answers on 127.0.0.1 when the server is ready
    prepare      blocking work before every start; must do nothing when there is nothing to do
    after_stop   what a clean stop leaves to do
    user         system user to become, when started as root
    stop         signal of a clean stop
    patience     seconds until a start counts as failed
    """

    name: str
    argv: tuple[str, ...]
    port: int
    log: Path
    prepare: Callable[[Say], None]
    after_stop: Callable[[], None] | None = None
    user: str | None = None
    stop: signal.Signals = signal.SIGTERM
    patience: float = 60.0
    env: Mapping[str, str] = field(default_factory=dict[str, str])


def die_with_parent(by: signal.Signals = signal.SIGKILL) -> None:
    """In a fresh child: get this signal when the parent is gone, however that happens."""
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, by)


async def start(program: Program) -> asyncio.subprocess.Process:
    """Starts a prepared program as leader of a process group of its own, its output in its log."""
    program.log.parent.mkdir(parents=True, exist_ok=True)
    identity = pwd.getpwnam(program.user) if program.user and os.geteuid() == 0 else None
    with program.log.open("ab") as log:
        return await asyncio.create_subprocess_exec(
            *program.argv,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={**os.environ, **program.env},
            start_new_session=True,
            user=identity.pw_uid if identity else None,
            group=identity.pw_gid if identity else None,
            extra_groups=[] if identity else None,
            preexec_fn=die_with_parent,  # after the change of user, which would clear it
        )


def run_once(name: str, argv: Sequence[str | Path], log: Path, failure: str, user: str | None = None) -> None:
    """Runs a preparing command of a server; what it printed is in the log when it fails."""
    done = subprocess.run(  # noqa: S603
        argv,
        check=False,
        capture_output=True,
        text=True,
        cwd="/",
        user=user,
        group=pwd.getpwnam(user).pw_gid if user else None,
        extra_groups=[] if user else None,
    )
    if done.returncode:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a") as file:
            file.write(done.stdout + done.stderr)
        raise ProcessFailed(name, failure, log)


async def answers(port: int, host: str = "127.0.0.1") -> bool:
    """Whether somebody accepts connections there."""
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(host, port), 1.0)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True


async def healthy(port: int) -> bool:
    """Whether the process of ours on this port says that it is ready."""
    try:
        async with asyncio.timeout(2.0):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(b"GET /health/ready HTTP/1.0\r\nHost: localhost\r\n\r\n")
                return b" 200 " in await reader.readline()
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return False


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port(row: int = 1) -> int:
    """The first of so many ports in a row that nobody uses right now.

    Below the range from which systems give ports to clients: there a client could take one meanwhile.
    """
    while True:
        first = random.randrange(15000, 32000)  # noqa: S311
        if all(port_is_free(port) for port in range(first, first + row)):
            return first


def signal_group(pid: int, what: signal.Signals) -> None:
    """Sends a signal to the process group that pid leads, if it is still there."""
    with suppress(ProcessLookupError):
        os.killpg(pid, what)


async def stop(program: Program, process: asyncio.subprocess.Process, within: float = 20.0) -> None:
    """Asks the server to stop, and kills its group if it does not."""
    if process.returncode is None:
        process.send_signal(program.stop)
        try:
            await asyncio.wait_for(process.wait(), within)
            if program.after_stop:
                program.after_stop()
        except TimeoutError:
            pass
    signal_group(process.pid, signal.SIGKILL)
    await process.wait()


@asynccontextmanager
async def running(
    program: Program, say: Say = lambda text: None
) -> AsyncGenerator[asyncio.subprocess.Process]:
    """The program, prepared, started and ready; stopped at the end."""
    if not port_is_free(program.port):
        raise ProcessFailed(program.name, f"port {program.port} is in use", program.log)
    await asyncio.to_thread(program.prepare, say)
    process = await start(program)
    try:
        deadline = time.monotonic() + program.patience
        while not await answers(program.port):
            if process.returncode is not None:
                raise ProcessFailed(program.name, f"ended with status {process.returncode}", program.log)
            if time.monotonic() > deadline:
                raise ProcessFailed(program.name, f"not ready within {program.patience:.0f} s", program.log)
            await asyncio.sleep(0.05)
        yield process
    finally:
        await stop(program, process)
