"""What processes have computed so far, read from /proc. A server's children (backends of PostgreSQL) count as it."""

import os
from collections.abc import Collection, Mapping
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pids: Collection[int]) -> Mapping[int, float]:
    """Seconds per process. What descends from one of them counts for the nearest."""
    parents: dict[int, int] = {}
    computed: dict[int, float] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        pid = int(folder.name)
        parents[pid] = int(fields[1])
        computed[pid] = (int(fields[11]) + int(fields[12])) / _TICK
    sums = dict.fromkeys(pids, 0.0)
    for pid, seconds in computed.items():
        nearest = pid
        while nearest and nearest not in sums:
            nearest = parents.get(nearest, 0)
        if nearest:
            sums[nearest] += seconds
    return sums
