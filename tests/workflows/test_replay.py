"""Running cases survive a new version: what was recorded with an older one replays without a difference."""

import asyncio
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from tests.workflows.plays import PLAYS
from tests.workflows.record import HISTORIES
from workflows.worker import WORKFLOWS, sandbox


@pytest.mark.parametrize("file", sorted(HISTORIES.glob("*.json")), ids=lambda file: file.stem)
async def test_recorded_history_replays(file: Path) -> None:
    history = await asyncio.to_thread(lambda: WorkflowHistory.from_json(file.stem, file.read_text()))
    replayer = Replayer(workflows=WORKFLOWS, workflow_runner=sandbox())
    await replayer.replay_workflow(history)


def test_every_play_is_recorded() -> None:
    missing = sorted(PLAYS.keys() - {file.stem for file in HISTORIES.glob("*.json")})
    assert not missing, "run `python -m tests.workflows.record`"
