"""The command that compares what stands in the databases and in Temporal with what Relais promises."""

import asyncio
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.table import Table

from deploy.commands.options import DATA, Data, Json
from deploy.commands.progress import console
from deploy.local.program import ProcessFailed
from deploy.local.stack import Stack

if TYPE_CHECKING:
    from deploy.verify.evidence import Finding

commands = typer.Typer()

SHOWN = 10
"""Violations of one check that the table lists; --json has them all."""


@commands.command()
def verify(data: Data = DATA, as_json: Json = False) -> None:
    """Check every promise against all databases and Temporal; exit status 1 on a violation."""
    from psycopg import OperationalError

    from deploy.verify.evidence import Places
    from deploy.verify.run import in_json, verified

    layout = Stack(data).running_state.layout
    with console.status("waiting until everything said has been heard, then looking at everything"):
        try:
            findings = asyncio.run(verified(Places.of(layout)))
        except OperationalError as reason:
            raise ProcessFailed(
                "postgres", f"it does not answer: {reason}", layout.log("postgres")
            ) from reason
    told = in_json(findings)
    if as_json:
        typer.echo(json.dumps(told))
    else:
        _show(findings)
    raise typer.Exit(0 if told["ok"] else 1)


def _show(findings: Mapping[str, "Finding"]) -> None:
    out = Console(highlight=False)
    table = Table("", "check", "examined", "violations", box=None)
    for name, found in findings.items():
        mark = "[red]✗[/]" if found.violations else "[green]✓[/]"
        table.add_row(mark, name, str(found.examined), str(len(found.violations)))
    out.print(table)
    for name, found in findings.items():
        for violation in found.violations[:SHOWN]:
            out.print(f"{name}: {violation}", markup=False)
        if (more := len(found.violations) - SHOWN) > 0:
            out.print(f"{name}: … and {more} more")
