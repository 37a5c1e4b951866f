"""kill -9 in the middle of the demo: it goes on by itself, and nothing is lost or done twice."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.faults.harm import kill, playing
from tests.stacks import ended_as_expected, fast_stack, mails, verified

Blow = tuple[str, str]
"""What has just been accepted, and who is killed then."""

SOME: Sequence[Blow] = (
    ("paid:submit", "applications"),
    ("paid:sign-financial", "postgres"),
    ("paid:report", "bridge"),
)
ONE_EACH: Sequence[Blow] = (
    ("event:register", "events"),
    ("paid:participation", "directory"),
    ("paid:submit", "applications"),
    ("virtual:submit", "kafka"),
    ("paid:select", "reimbursements"),
    ("paid:sign-quality-0", "temporal"),
    ("paid:sign-financial-5", "postgres"),
    ("virtual:confirm", "worker"),
    ("paid:report", "bridge"),
    ("paid:verify", "notifications"),
    ("paid:approve", "overview"),
    ("paid:first-authoriser", "gateway"),
    ("paid:statement", "kafka"),
)


@pytest.mark.timeout(300)
async def test_the_demo_survives_some_kills(tmp_path: Path) -> None:
    await survives(tmp_path, SOME, clock_rate=28_800)


@pytest.mark.slow
@pytest.mark.timeout(900)
async def test_the_demo_survives_a_kill_of_each_process(tmp_path: Path) -> None:
    await survives(tmp_path, ONE_EACH, clock_rate=7_200)


async def survives(folder: Path, blows: Sequence[Blow], clock_rate: float) -> None:
    with fast_stack(folder, clock_rate) as stack:
        async with playing(stack, "killed") as run:
            for step, name in blows:
                await run.until(step)
                await kill(stack, name)
            ended_as_expected(await run.end())
        await verified(stack)
        sent = [mail["message_id"] for mail in mails(stack)]
        assert len(sent) - len(set(sent)) <= len(blows), "a kill repeats one mail at most"
