"""The parent of our own processes: imports everything once, then forks a child per order, who shares it.

It stays single-threaded and makes no client of anything, so that a fork is always safe. No child outlives it.
"""

import gc
import json
import os
import random
import selectors
import signal
import socket
import sys
import time
import traceback
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from deploy.local.layout import Layout
from deploy.local.processes import Child
from deploy.local.program import die_with_parent
from deploy.serve import become, load, run

_ALSO_SHARED = (
    "alembic.command",
    "deploy.local.jobs",
    "google.protobuf.duration_pb2",
    "httpx",
    "psycopg_pool",
    "services.chassis.serving",
    "services.chassis.settings",
    "sqlalchemy.dialects.postgresql.psycopg",
    "temporalio.client",
    "aiokafka.admin",
    "uvicorn.lifespan.on",
    "uvicorn.loops.asyncio",
    "uvicorn.protocols.http.httptools_impl",
)
"""Modules that children import late: cheaper once, here."""


class Zygote:
    """Answers orders on its control socket.

    {"id", "child": name}               fork the process of this name
    {"id", "job": name, "args": […]}    fork, call a function of deploy/local/jobs.py, end
    It says {"imported": seconds} once, {"id", "pid"} for each order, {"pid", "status"} for each that ended.
    """

    def __init__(self, control: socket.socket, layout: Layout, table: tuple[Child, ...]) -> None:
        self._control = control
        self._layout = layout
        self._table = {child.name: child for child in table}
        self._orders = b""

    def warm_up(self) -> None:
        """Imports what the children need. Objects made until now are left alone by the garbage collector."""
        began = time.monotonic()
        gc.disable()
        for module in (*_ALSO_SHARED, *(child.target.partition(":")[0] for child in self._table.values())):
            import_module(module)
        if any(child.migrates for child in self._table.values()):
            import_module("services.chassis.migrate")
        gc.collect()
        gc.freeze()
        gc.enable()
        if (threads := _threads()) > 1:
            raise RuntimeError(f"an import started a thread ({threads} run): forking would not be safe")
        self._say({"imported": round(time.monotonic() - began, 2)})

    def serve(self) -> None:
        """Until the supervisor closes its end."""
        ended, wake = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        signal.set_wakeup_fd(wake)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        with selectors.DefaultSelector() as selector:
            selector.register(self._control, selectors.EVENT_READ)
            selector.register(ended, selectors.EVENT_READ)
            while True:
                for key, _ in selector.select():
                    if key.fd == ended:
                        os.read(ended, 4096)
                        self._reap()
                    elif not self._obey():
                        return

    def _obey(self) -> bool:
        received = self._control.recv(65536)
        *orders, self._orders = (self._orders + received).split(b"\n")
        for order in orders:
            self._fork(json.loads(order))
        return bool(received)

    def _fork(self, order: dict[str, Any]) -> None:
        parent = os.getpid()
        pid = os.fork()
        if pid:
            self._say({"id": order["id"], "pid": pid})
            return
        status = 1
        try:
            os.setsid()
            die_with_parent(signal.SIGKILL)
            if os.getppid() == parent:
                self._become(order)
                status = 0
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 1
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)

    def _become(self, order: dict[str, Any]) -> None:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self._control.close()
        random.seed()
        _be_called(order.get("child") or order["job"])
        if job := order.get("job"):
            _write_to(self._layout.log("jobs"))
            run(load(f"deploy.local.jobs:{job}")(self._layout, *order["args"]))
        else:
            _write_to(self._layout.log(order["child"]))
            os.environ.update(self._layout.environment(order["child"]))
            become(self._table[order["child"]])

    def _reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            self._say({"pid": pid, "status": os.waitstatus_to_exitcode(status)})

    def _say(self, message: dict[str, Any]) -> None:
        self._control.sendall(json.dumps(message).encode() + b"\n")


def _be_called(name: str) -> None:
    """Process listings show the name."""
    with suppress(OSError):
        Path("/proc/self/comm").write_text(name)


def _write_to(log: Path) -> None:
    log.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    os.dup2(file, 1)
    os.dup2(file, 2)
    os.close(file)


def _threads() -> int:
    tasks = Path("/proc/self/task")
    return len(list(tasks.iterdir())) if tasks.exists() else 1


def main() -> None:
    """`python -m deploy.local.zygote FD LAYOUT TABLE`, started by the supervisor only."""
    descriptor, layout, table = sys.argv[1:]
    zygote = Zygote(socket.socket(fileno=int(descriptor)), Layout.from_json(layout), load(table))
    zygote.warm_up()
    zygote.serve()


if __name__ == "__main__":
    main()
