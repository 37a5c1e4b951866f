"""The commands that start a local stack, look at it, and stop it."""

import json
import re
import shutil
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from deploy.commands.options import DATA, Data, Json
from deploy.commands.progress import Progress, summary
from deploy.local.layout import DEFAULT_PORT_BASE, Layout
from deploy.local.processes import TABLE
from deploy.local.stack import Stack, set_clock_rate

commands = typer.Typer()

_LOOK_EVERY = 0.3


@commands.command()
def up(
    detach: Annotated[
        bool, typer.Option("--detach", help="Return when it is ready; `relais down` stops it.")
    ] = False,
    kafka: Annotated[str, typer.Option(help="`local`, or HOST:PORT of an existing cluster.")] = "local",
    data: Data = DATA,
    port_base: Annotated[int, typer.Option(help="First of the stack's eighteen ports.")] = DEFAULT_PORT_BASE,
    clock_rate: Annotated[float | None, typer.Option(help="How fast business time runs from now on.")] = None,
    table: Annotated[str, typer.Option(hidden=True, help="Another table of our own processes.")] = TABLE,
) -> None:
    """Start the whole stack; without --detach stay until Ctrl-C and stop it then."""
    if kafka != "local" and not re.fullmatch(r"[^:\s]+:\d+", kafka):
        raise typer.BadParameter("write `local`, or HOST:PORT", param_hint="--kafka")
    stack = Stack(data)
    if stack.running:
        sys.exit(f"a stack already runs in {stack.data}: `relais status` shows it, `relais down` stops it")
    layout = Layout(data, port_base, "" if kafka == "local" else kafka)
    if clock_rate is not None:
        set_clock_rate(layout, clock_rate)
    supervisor = stack.start(layout, leash=not detach, table=table)
    progress = Progress()
    try:
        with progress:
            for state in stack.start_up(supervisor):
                progress.show(state)
        summary(stack.running_state)
        if not detach:
            typer.echo("Ctrl-C stops everything.", err=True)
            _stay(stack, progress)
    except KeyboardInterrupt:
        typer.echo("\nstopping …", err=True)
        stack.stop()
        supervisor.wait()


@commands.command()
def down(data: Data = DATA) -> None:
    """Stop the stack; its data stays."""
    stack = Stack(data)
    if not stack.running:
        typer.echo(f"no stack runs in {stack.data}", err=True)
        return
    typer.echo("stopping …", err=True)
    stack.stop()
    typer.echo("stopped", err=True)


@commands.command()
def reset(data: Data = DATA) -> None:
    """Stop the stack and throw its data away."""
    stack = Stack(data)
    stack.stop()
    if not stack.data.exists():
        return
    if not Layout(stack.data).lock.exists():
        sys.exit(f"{stack.data} is not the folder of a stack: nothing was deleted")
    shutil.rmtree(stack.data)
    typer.echo(f"{stack.data} is gone", err=True)


@commands.command()
def status(data: Data = DATA, as_json: Json = False) -> None:
    """Show what runs; exit status 1 when not everything is ready."""
    stack = Stack(data)
    told = stack.status()
    if as_json:
        typer.echo(json.dumps(told))
    else:
        summary(stack.running_state, told)  # NotRunning says how to start one
    raise typer.Exit(0 if told["ready"] else 1)


@commands.command()
def logs(
    name: Annotated[str, typer.Argument(help="A process; all of them when left out.")] = "",
    follow: Annotated[bool, typer.Option("-f", "--follow", help="Go on printing what is written.")] = False,
    lines: Annotated[int, typer.Option("-n", "--lines", help="How many of the last lines.")] = 20,
    data: Data = DATA,
) -> None:
    """Print what processes wrote."""
    folder = Layout(data).log("any").parent
    files = sorted(folder.glob(f"{name or '*'}.log"))
    if not files:
        known = ", ".join(file.stem for file in sorted(folder.glob("*.log"))) or "none yet"
        sys.exit(f"there is no log of {name or 'anything'} in {folder}; there is: {known}")
    ends = {file: _print_last(file, lines, named=not name) for file in files}
    while follow:
        time.sleep(_LOOK_EVERY)
        ends = {file: _print_from(file, end, named=not name) for file, end in ends.items()}


def _stay(stack: Stack, progress: Progress) -> None:
    """Until the stack stops, saying what happens to its processes."""
    while stack.running:
        if state := stack.state:
            progress.tell_changes(state)
        time.sleep(_LOOK_EVERY)
    typer.echo("the stack has stopped", err=True)


def _print_last(file: Path, lines: int, *, named: bool) -> int:
    content = file.read_bytes()
    _print(file, content.decode(errors="replace").splitlines()[-lines:], named)
    return len(content)


def _print_from(file: Path, start: int, *, named: bool) -> int:
    with file.open("rb") as opened:
        opened.seek(start)
        content = opened.read()
    whole = content[: content.rfind(b"\n") + 1]
    _print(file, whole.decode(errors="replace").splitlines(), named)
    return start + len(whole)


def _print(file: Path, lines: Iterable[str], named: bool) -> None:
    for line in lines:
        typer.echo(f"{file.stem:>14} | {line}" if named else line)
