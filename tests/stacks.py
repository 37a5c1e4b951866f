"""A whole stack of a test's own on a fast clock, and what a person at its command line asks it."""

import asyncio
import json
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from deploy.demo.play import EXPECTED
from deploy.local.layout import PORTS, Layout
from deploy.local.program import free_port
from deploy.local.stack import Stack, running_stack, set_clock_rate

RELAIS = Path(sys.executable).with_name("relais")


@contextmanager
def fast_stack(folder: Path, clock_rate: float) -> Generator[Stack]:
    """Ready, with business time running at this rate; gone at the end."""
    layout = Layout(folder / "stack", free_port(row=PORTS))
    set_clock_rate(layout, clock_rate)
    with running_stack(layout) as stack:
        yield stack


async def verified(stack: Stack) -> None:
    """`relais verify --json`; fails with the violations."""
    status, told = await asked(stack, "verify")
    broken = {check["name"]: check["violations"] for check in told["checks"] if not check["ok"]}
    assert (broken, told["ok"], status) == ({}, True, 0), broken


async def asked(stack: Stack, *words: str) -> tuple[int | None, dict[str, Any]]:
    """A command of the command line with --json: its exit status, and the one object that it prints."""
    command = await asyncio.create_subprocess_exec(
        RELAIS, *words, "--data", stack.data, "--json", stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await command.communicate()
    return command.returncode, json.loads(printed)


def accepted(stack: Stack, run: str) -> list[str]:
    """What was accepted in a run so far, as "<story>:<step>", in order; a repeated step stands there again."""
    journal = stack.data / "journal" / f"{run}.jsonl"
    lines = journal.read_text().splitlines(keepends=True) if journal.exists() else []
    return [json.loads(line)["key"].removeprefix(f"{run}:") for line in lines if line.endswith("\n")]


def mails(stack: Stack, to: str = "") -> list[dict[str, Any]]:
    """What the sink has got, oldest first, all or those to one address."""
    url = stack.running_state.layout.url("mail")
    return httpx.get(f"{url}/api/mails", params={"to": to, "limit": 10_000}, timeout=30).json()[::-1]


def ended_as_expected(outcome: Mapping[str, Any]) -> None:
    """Fails with what the cases of a demo came to instead."""
    cases = {
        name: {key: outcome["cases"][name].get(key) for key in wanted} for name, wanted in EXPECTED.items()
    }
    assert (cases, outcome["event"]["state"], outcome["ok"]) == (EXPECTED, "closed", True)
