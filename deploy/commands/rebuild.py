"""The command that brings back what can be rebuilt from facts."""

import asyncio

import typer

from deploy.commands.options import DATA, Data
from deploy.local.stack import Stack

commands = typer.Typer(no_args_is_help=True)


@commands.callback()
def group() -> None:
    """Bring back what can be rebuilt from facts."""


@commands.command()
def workflows(data: Data = DATA) -> None:
    """Wake every workflow that the state tables say must be open; harmless when they are."""
    from services.chassis.settings import Settings
    from workflows.rebuild import rebuild

    layout = Stack(data).running_state.layout
    settings = Settings(kafka=layout.kafka, temporal=layout.address("temporal"))
    woken = asyncio.run(rebuild(settings))
    typer.echo(f"{woken} workflows were woken")
