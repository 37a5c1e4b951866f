"""The command that plays the stories: against the stack that runs, or one of its own on a fast clock."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from deploy.commands.options import Json
from deploy.commands.progress import Progress, summary
from deploy.local.layout import DEFAULT_PORT_BASE, Layout
from deploy.local.stack import Stack, set_clock_rate

commands = typer.Typer()

FAST = 43_200.0
"""A business day in two seconds."""
OWN = Path(".relais/demo")
PEOPLE = (
    ("ce4big-officer", "decides and validates for the visitor's partnership"),
    ("ce4big-coordinator", "budgets, calls, appeals"),
    ("ce4big-officer-2", "settles rankings as the second person"),
    ("ce4big-evaluator-1", "scores applications"),
    ("celis-officer", "gives the host partnership's opinion"),
    ("celis-organiser", "runs the event"),
    ("krakow-verifier", "verifies claims"),
    ("krakow-approver", "approves claims"),
    ("krakow-treasurer-1", "authorises payments"),
    ("operator", "sees the monitor"),
)


@commands.command()
def demo(
    run: Annotated[str, typer.Option(help="Id of a run; the same id goes on where it was broken off.")] = "",
    data: Annotated[Path, typer.Option(help="Folder of a stack; one is started there if none runs.")] = OWN,
    port_base: Annotated[
        int, typer.Option(help="First port of a stack that is started.")
    ] = DEFAULT_PORT_BASE,
    clock_rate: Annotated[float, typer.Option(help="Rate of its clock while the stories play.")] = FAST,
    as_json: Json = False,
) -> None:
    """Play exchanges, an event, a call that ranks, a voucher and a group visit through the public API, then stay."""
    from contracts.ids import new_id

    stack, run = Stack(data), run or new_id().hex[-8:]
    if stack.running:
        raise typer.Exit(_told(_played_at(stack.running_state.layout, clock_rate, run), as_json))
    layout = Layout(data, port_base)
    set_clock_rate(layout, clock_rate)
    supervisor = stack.start(layout, leash=True)
    progress = Progress()
    try:
        with progress:
            for state in stack.start_up(supervisor):
                progress.show(state)
        outcome = _told(_played(layout, run), as_json)
        set_clock_rate(layout, 1.0)
        if not as_json:
            _look_around(stack)
            supervisor.wait()
    except KeyboardInterrupt:
        outcome = 0
    finally:
        stack.stop()
        supervisor.wait()
    raise typer.Exit(outcome)


def _played_at(layout: Layout, clock_rate: float, run: str) -> dict[str, Any]:
    """On a stack that runs already; its clock keeps its own pace afterwards, also when the run breaks off."""
    before = set_clock_rate(layout, clock_rate)
    try:
        return _played(layout, run)
    finally:
        set_clock_rate(layout, before)


def _played(layout: Layout, run: str) -> dict[str, Any]:
    from deploy.demo.client import Refused
    from deploy.demo.play import play

    try:
        return asyncio.run(play(layout, run))
    except* Refused as refused:
        sys.exit(
            "\n".join(str(reason) for reason in refused.exceptions) + f"\n`--run {run}` goes on from here."
        )


def _told(outcome: dict[str, Any], as_json: bool) -> int:
    """Prints how it ended; the exit status."""
    if as_json:
        typer.echo(json.dumps(outcome))
    else:
        for name, case in outcome["cases"].items():
            typer.echo(
                f"{name:<10} {case['number']}  {case['state']:<10} paid {case['paid_cents'] / 100:,.2f} EUR"
            )
        typer.echo(f"{'event':<10} {outcome['event']['state']}")
        for name, case in outcome["cutoff"]["cases"].items():
            typer.echo(f"{'cutoff':<10} {case['number']}  {case['state']:<10} {name}")
        used = outcome["voucher"]
        typer.echo(
            f"{'voucher':<10} {used['number']}  {used['state']:<10} paid {used['paid_cents'] / 100:,.2f} EUR"
        )
        for case in outcome["group"]["cases"]:
            typer.echo(f"{'group':<10} {case['number']}  {case['state']}")
    return 0 if outcome["ok"] else 1


def _look_around(stack: Stack) -> None:
    """Where to look, and as whom."""
    from services.directory.seeding import seeded_mails

    summary(stack.running_state)
    mails = seeded_mails()
    typer.echo("\nSign in with one of these addresses; the link arrives in the mail sink:")
    for key, what in PEOPLE:
        typer.echo(f"  {mails[key]:<36} {what}")
    typer.echo("\nBusiness time runs at its own pace again. Ctrl-C stops everything.")
