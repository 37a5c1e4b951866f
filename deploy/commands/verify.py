"""The command that compares what stands in the databases and in Temporal with what Relais promises."""

import asyncio
import json
from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from deploy.commands.options import DATA, Data, Json
from deploy.commands.progress import console
from deploy.local.layout import Layout
from deploy.local.program import ProcessFailed
from deploy.local.stack import Stack

if TYPE_CHECKING:
    from deploy.verify.evidence import Finding
    from services.reimbursements.ledger.proof import Proof

commands = typer.Typer()

SHOWN = 10
"""Violations of one check that the table lists; --json has them all."""


class What(StrEnum):
    everything = "everything"
    money = "money"


@commands.command()
def verify(
    what: Annotated[What, typer.Argument()] = What.everything, data: Data = DATA, as_json: Json = False
) -> None:
    """Check every promise against all databases and Temporal, or prove the money; exit status 1 on a violation."""
    from psycopg import OperationalError
    from sqlalchemy.exc import OperationalError as Unreachable

    layout = Stack(data).running_state.layout
    try:
        ok = _money(layout, as_json) if what is What.money else _everything(layout, as_json)
    except (OperationalError, Unreachable) as reason:
        raise ProcessFailed("postgres", f"it does not answer: {reason}", layout.log("postgres")) from reason
    raise typer.Exit(0 if ok else 1)


def _everything(layout: Layout, as_json: bool) -> bool:
    from deploy.verify.evidence import Places
    from deploy.verify.run import in_json, verified

    with console.status("waiting until everything said has been heard, then looking at everything"):
        findings = asyncio.run(verified(Places.of(layout)))
    told = in_json(findings)
    if as_json:
        typer.echo(json.dumps(told))
    else:
        _show(findings)
    return told["ok"]


def _money(layout: Layout, as_json: bool) -> bool:
    from rich.progress import Progress

    from deploy.verify.ledger import money

    with Progress(console=console) as progress:
        task = progress.add_task("entries of the ledger")
        proof = asyncio.run(
            money(
                layout.postgres.reader_url("reimbursements"),
                lambda entries: progress.update(task, total=entries),
                lambda entries: progress.advance(task, entries),
            )
        )
    if as_json:
        typer.echo(json.dumps(proof.in_json()))
    else:
        _show_proof(proof)
    return proof.sound


def _show_proof(proof: "Proof") -> None:
    out = Console(highlight=False)
    for rule, broken in proof.rules.items():
        out.print(f"{'[red]✗[/]' if broken else '[green]✓[/]'} {rule}")
        for sentence in broken[:SHOWN]:
            out.print(f"    {sentence}", markup=False)
        if (more := len(broken) - SHOWN) > 0:
            out.print(f"    … and {more} more")
    if proof.first:
        out.print(f"The first posting that is wrong is {proof.first}.")
    waiting = sum(proof.suspense.values())
    out.print(f"{len(proof.suspense)} entries of the bank wait to be explained, {waiting} cents in all.")
    out.print(f"{proof.entries} entries; head of the chain {proof.head}")


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
