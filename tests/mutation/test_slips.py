"""Whether the tests of money would notice: each line is changed in every way that a slip would change it."""

import asyncio
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import copy, copytree, ignore_patterns

import pytest

from tests.databases import Databases
from tests.mutation.ready import told
from tests.service.ledgers import MIGRATIONS

ROOT = Path(__file__).parents[2]
LEAST = 0.9
"""Share of the changes that a test must find."""
ROOMS = ("contracts", "services", "deploy", "workflows", "tests")


@dataclass(frozen=True)
class Room:
    """Modules that are changed, the tests that must notice, and how many changes there are at the least."""

    sources: Sequence[str]
    modules: Sequence[str]
    tests: Sequence[str]
    slips: int
    plugin: Sequence[str] = ()


AMOUNTS = Room(
    ["contracts"],
    ["contracts/amounts/*", "contracts/money.py", "contracts/programmes.py"],
    ["rules/test_amounts.py", "rules/test_amounts_modes.py", "rules/test_amounts_told.py", "rules/test_money.py",
     "rules/test_programmes.py"],
    900,
)  # fmt: skip
POSTINGS = Room(
    ["services"],
    ["services/reimbursements/ledger/acts.py", "services/reimbursements/ledger/posting_table.py"],
    ["rules/test_ledger_acts.py", "rules/test_posting_table.py"],
    600,
)
LEDGER = Room(
    ["services"],
    ["services/reimbursements/ledger/posting.py", "services/reimbursements/ledger/verify.py"],
    [
        "rules/test_ledger_acts.py",
        "service/test_ledger.py",
        "service/test_ledger_guards.py",
        "service/test_ledger_told.py",
    ],
    400,
    ["-p", "tests.mutation.ready", "-k", "not at_once and not constraint and not deadlock"],
)
POLICY = Room(
    ["contracts", "services"],
    ["contracts/acting.py", "contracts/tables.py", "services/chassis/acts/aggregate.py",
     "services/chassis/identity/actor.py"],
    ["rules/test_permission.py", "rules/test_recording.py", "rules/test_acting.py"],
    100,
)  # fmt: skip
"""Postings need no database; what is written and proved does."""


async def slips(room: Room, folder: Path, environment: Mapping[str, str]) -> dict[str, int]:
    """How many changes were tried and what became of them."""
    for name in ROOMS:
        copytree(ROOT / name, folder / name, ignore=ignore_patterns("__pycache__"))
    copy(ROOT / "pyproject.toml", folder)
    with (folder / "pyproject.toml").open("a") as settings:
        settings.write(
            f"""
[tool.mutmut]
source_paths = {json.dumps(list(room.sources))}
only_mutate = {json.dumps(list(room.modules))}
also_copy = {json.dumps([name for name in ROOMS if name not in room.sources])}
pytest_add_cli_args = {json.dumps(["--noconftest", "-p", "no:cacheprovider", *room.plugin])}
pytest_add_cli_args_test_selection = {json.dumps([f"tests/{test}" for test in room.tests])}
"""
        )
    for words in (("run", "--max-children", "2"), ("export-cicd-stats",)):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "mutmut", *words, cwd=folder, env={**os.environ, **environment},
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        said, _ = await process.communicate()
        assert process.returncode == 0, said[-4000:].decode()
    return json.loads((folder / "mutants" / "mutmut-cicd-stats.json").read_text())


def judge(room: Room, found: Mapping[str, int]) -> None:
    assert found["total"] > room.slips, found
    assert (found["killed"] + found["timeout"]) / found["total"] >= LEAST, found


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("room", [AMOUNTS, POSTINGS, POLICY], ids=["amounts", "postings", "policy"])
async def test_nine_of_ten_slips_are_found(tmp_path: Path, room: Room) -> None:
    judge(room, await slips(room, tmp_path, {}))


@pytest.mark.slow
@pytest.mark.timeout(3600)
async def test_nine_of_ten_slips_in_the_ledger_are_found(tmp_path: Path, postgres: Databases) -> None:
    template = await postgres.copy("reimbursements", MIGRATIONS)
    judge(LEDGER, await slips(LEDGER, tmp_path, told(postgres, template)))
