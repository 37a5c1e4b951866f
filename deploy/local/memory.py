"""What processes really cost: their proportional set size, each with its descendants (such as backends)."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

_PROC = Path("/proc")


def pss_mib(pids: Iterable[int]) -> dict[int, float]:
    """Process id → MiB of it and its descendants, less those descendants that were asked for by themselves.

    Zero where the system does not tell.
    """
    asked = set(pids)
    children = _children()

    def of(pid: int) -> float:
        return _own(pid) + sum(of(child) for child in children[pid] if child not in asked)

    return {pid: of(pid) for pid in asked}


def _children() -> defaultdict[int, list[int]]:
    children: defaultdict[int, list[int]] = defaultdict(list)
    for folder in _PROC.glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        children[parent].append(int(folder.name))
    return children


def _own(pid: int) -> float:
    try:
        lines = (_PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)
