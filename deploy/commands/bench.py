"""The command that measures, each benchmark against a floor in the same run."""

import asyncio
import importlib
import json
import sys

import typer

from deploy.commands.options import Json

commands = typer.Typer()

NAMES = ("submit", "latency", "workflows", "ledger", "batch", "statement", "claims-list", "lists")


@commands.command()
def bench(name: str = typer.Argument(help=", ".join(NAMES)), as_json: Json = False) -> None:
    """Measure and print figures, floor and ratio."""
    from rich.console import Console
    from rich.progress import Progress
    from rich.table import Table

    if name not in NAMES:
        sys.exit(f"there is no benchmark {name}; there are: {', '.join(NAMES)}")
    console = Console(stderr=True)
    with Progress(console=console) as progress:
        outcome = asyncio.run(importlib.import_module(f"deploy.bench.{name.replace('-', '_')}").run(progress))
    if as_json:
        typer.echo(json.dumps(outcome.as_json()))
        return
    table = Table("figure", "value", title=name)
    for figure, value in {**outcome.figures, "floor": outcome.floor, "ratio": outcome.ratio}.items():
        table.add_row(figure, str(value))
    Console().print(table)
