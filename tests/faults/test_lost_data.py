"""A server's data thrown away in the middle of the demo: what it held is made again from the outboxes, and the
demo ends as if nothing had been.
"""

import asyncio
import shutil
from pathlib import Path

import pytest

from tests.faults.harm import kill, playing
from tests.stacks import ended_as_expected, fast_stack, mails, verified

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

AMIDST = "paid:sign-financial-5"
"""Everything is under way: a visit is planned, money committed, a signature awaited, an appeal possible."""


@pytest.mark.parametrize("server", ["kafka", "temporal"])
async def test_a_server_comes_back_empty(tmp_path: Path, server: str) -> None:
    with fast_stack(tmp_path, clock_rate=14_400) as stack:
        async with playing(stack, "lost") as run:
            await run.until(AMIDST)
            await kill(stack, server, and_lose=stack.data / server)
            ended_as_expected(await run.end())
        await verified(stack)
        sent = [mail["message_id"] for mail in mails(stack)]
        assert len(sent) == len(set(sent))


async def test_temporal_starts_empty_after_a_stop(tmp_path: Path) -> None:
    with fast_stack(tmp_path, clock_rate=14_400) as stack:
        layout = stack.running_state.layout
        async with playing(stack, "forgotten") as run:
            await run.until(AMIDST)
            await asyncio.to_thread(stack.stop)
            shutil.rmtree(layout.data / "temporal")
            supervisor = stack.start(layout, leash=True)
            await asyncio.to_thread(lambda: list(stack.start_up(supervisor)))
            ended_as_expected(await run.end())
        await verified(stack)
        await asyncio.to_thread(stack.stop)
        supervisor.wait()
