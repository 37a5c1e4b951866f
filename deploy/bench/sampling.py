"""What a process computes while it is under load: its stack is looked at every few milliseconds of its CPU time.

Each look counts for the innermost library on the stack; the standard library counts for whoever calls it.
"""

import json
import signal
from collections import Counter
from pathlib import Path
from types import FrameType

EVERY_SECONDS = 0.002
_KINDS = {
    "psycopg": "database driver",
    "sqlalchemy": "SQLAlchemy",
    "sqlmodel": "SQLAlchemy",
    "fastapi": "web framework and server",
    "starlette": "web framework and server",
    "uvicorn": "web framework and server",
    "h11": "web framework and server",
    "pydantic": "validation",
    "joserfc": "identity token",
    "cryptography": "identity token",
}
_OURS = ("/services/", "/contracts/")


def start_when_told(file: Path) -> None:
    """From the signal USR1 on, looks; at the signal USR2, writes the shares to a file."""
    looks: Counter[str] = Counter()

    def look(number: int, frame: FrameType | None) -> None:
        looks[_kind(frame)] += 1

    def start(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGPROF, look)
        signal.setitimer(signal.ITIMER_PROF, EVERY_SECONDS, EVERY_SECONDS)

    def tell(number: int, frame: FrameType | None) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)
        total = looks.total() or 1
        whole = file.with_suffix(".partial")
        whole.write_text(json.dumps({kind: round(n / total, 2) for kind, n in looks.most_common()}))
        whole.rename(file)

    signal.signal(signal.SIGUSR1, start)
    signal.signal(signal.SIGUSR2, tell)


def _kind(frame: FrameType | None) -> str:
    while frame is not None:
        path = frame.f_code.co_filename
        _, installed, inside = path.rpartition("site-packages/")
        if installed:
            return _KINDS.get(inside.partition("/")[0], "other libraries")
        if any(folder in path for folder in _OURS):
            return "rules and chassis"
        frame = frame.f_back
    return "other libraries"
