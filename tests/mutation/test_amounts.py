"""Whether the tests of amounts would notice: each line is changed in every way that a slip would change it."""

import json
import subprocess
import sys
from pathlib import Path
from shutil import copy, copytree, ignore_patterns

import pytest

ROOT = Path(__file__).parents[2]
LEAST = 0.9
"""Share of the changes that a test must find."""


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_nine_of_ten_slips_in_amounts_are_found(tmp_path: Path) -> None:
    copy(ROOT / "pyproject.toml", tmp_path)
    for room in ("contracts", "tests"):
        copytree(ROOT / room, tmp_path / room, ignore=ignore_patterns("__pycache__"))
    for words in (("run", "--max-children", "2"), ("export-cicd-stats",)):
        command = (sys.executable, "-m", "mutmut", *words)
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    told = json.loads((tmp_path / "mutants" / "mutmut-cicd-stats.json").read_text())
    assert told["total"] > 900, told
    assert told["killed"] / told["total"] >= LEAST, told
