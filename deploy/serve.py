"""Becomes one process of ours: what the zygote's children do after the fork, and what a container runs by name.

`python -m deploy.serve applications`: its environment tells it everything (services/chassis/settings.py).
"""

import asyncio
import inspect
import signal
import sys
from collections.abc import Coroutine
from contextlib import suppress
from importlib import import_module
from typing import Any

from deploy.local.processes import CHILDREN, Child


def load(target: str) -> Any:
    """The object that "module:name" names."""
    module, _, name = target.partition(":")
    return getattr(import_module(module), name)


def become(child: Child) -> None:
    """Serves what the child's target makes of its settings, until SIGTERM."""
    from services.chassis.serving import serve
    from services.chassis.settings import Settings

    settings = Settings()
    made = load(child.target)(settings)
    run(serve(made, settings.host, settings.port) if child.web else made)


def run(result: object) -> None:
    """What a function left to do, until it ends or SIGTERM cancels it."""
    if inspect.iscoroutine(result):
        asyncio.run(_until_cancelled(result))


async def _until_cancelled(work: Coroutine[Any, Any, object]) -> None:
    task = asyncio.ensure_future(work)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    with suppress(asyncio.CancelledError):
        await task


def main() -> None:
    names = {child.name: child for child in CHILDREN}
    if len(sys.argv) != 2 or sys.argv[1] not in names:
        sys.exit(f"which process? One of: {', '.join(names)}")
    become(names[sys.argv[1]])


if __name__ == "__main__":
    main()
