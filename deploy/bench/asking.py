"""How long pages and lists take to answer, asked in turn."""

import time
from collections.abc import Callable, Mapping

import httpx

WARM_UP = 20
"""Rounds that are not counted."""


async def timed(
    client: httpx.AsyncClient, asked: Mapping[str, Callable[[], str]], rounds: int
) -> dict[str, list[float]]:
    """What is asked (by name, the address made anew each time) → seconds of each round. Any answer but 200 ends it."""
    seconds: dict[str, list[float]] = {what: [] for what in asked}
    for round in range(-WARM_UP, rounds):
        for what, address in asked.items():
            began = time.perf_counter()
            answer = await client.get(address())
            took = time.perf_counter() - began
            if answer.status_code != 200:
                raise RuntimeError(f"{what} answered {answer.status_code}: {answer.text[:300]}")
            if round >= 0:
                seconds[what].append(took)
    return seconds
