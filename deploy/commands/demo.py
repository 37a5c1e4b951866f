"""The command that plays the stories against a running stack."""

import asyncio
import json
import sys
from typing import Annotated

import typer

from deploy.commands.options import DATA, Data, Json
from deploy.local.stack import Stack

commands = typer.Typer()


@commands.command()
def demo(
    run: Annotated[str, typer.Option(help="Id of a run; the same id goes on where it was broken off.")] = "",
    data: Data = DATA,
    as_json: Json = False,
) -> None:
    """Play five exchanges and one event through the public API."""
    from contracts.ids import new_id
    from deploy.demo.client import Refused
    from deploy.demo.play import play

    layout = Stack(data).layout
    try:
        told = asyncio.run(play(layout, run or new_id().hex[-8:], quiet=False))
    except* Refused as refused:
        sys.exit("\n".join(str(reason) for reason in refused.exceptions))
    if as_json:
        typer.echo(json.dumps(told))
    else:
        for name, case in told["cases"].items():
            typer.echo(f"{name:<10} {case['number']}  {case['state']}  paid {case['paid_cents'] / 100:,.2f} EUR")
        typer.echo(f"{'event':<10} {told['event']['state']}")
    raise typer.Exit(0 if told["ok"] else 1)
