"""Every benchmark runs on the schema and the acts as they are, with sizes that measure nothing."""

import importlib

import pytest
from rich.progress import Progress

from deploy.commands.bench import NAMES

SMALL = {
    "submit": {"WARM": 4, "DRAFTS": 8, "LOOKED_AT": 8, "FLOOR": 16},
    "ledger": {"WARM": 4, "POSTINGS": 16},
    "lists": {"FEW": 40, "MANY": 80, "REQUESTS": 4},
    "claims-list": {"FEW": 40, "MANY": 80, "REQUESTS": 4},
    "batch": {"PAYMENTS": 4},
    "statement": {"LINES": 4},
    "latency": {"FACTS": 8},
    "workflows": {"ROUNDS": 1, "CASES": 4, "WHOLE_CASES": 2, "AT_ONCE": 2},
}
LONG = {"latency", "workflows", "batch", "statement", "claims-list"}


def test_every_benchmark_is_tried_here() -> None:
    assert set(SMALL) == set(NAMES)


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow if name in LONG else ()) for name in SMALL]
)
async def test_a_benchmark_answers_with_a_ratio_against_its_floor(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = importlib.import_module(f"deploy.bench.{name.replace('-', '_')}")
    for size, small in SMALL[name].items():
        monkeypatch.setattr(module, size, small)
    outcome = await module.run(Progress(disable=True))
    assert outcome.name == name
    assert outcome.floor > 0
    assert outcome.ratio > 0
