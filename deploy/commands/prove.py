"""The command that proves an audit pack; it needs no stack."""

from pathlib import Path
from typing import Annotated

import typer

commands = typer.Typer()


@commands.command()
def prove(
    pack: Annotated[
        Path, typer.Argument(help="The audit pack of a case, a ZIP.", dir_okay=False, exists=True)
    ],
    texts: Annotated[
        Path | None,
        typer.Argument(help="The ZIP of the case's signed texts.", dir_okay=False, exists=True),
    ] = None,
    key: Annotated[
        Path | None,
        typer.Option(
            help="The published key, PEM; without it the pack's own is taken.", dir_okay=False, exists=True
        ),
    ] = None,
) -> None:
    """Prove an audit pack and the texts that were signed, by fingerprint; exit status 1 on a fault."""
    from deploy.prove import proved

    read = [one.read_bytes() if one else None for one in (texts, key)]
    findings = proved(pack.read_bytes(), *read)
    for one in findings:
        typer.echo(f"{one.name}: {one.fault or 'as signed'}")
    if key is None:
        typer.echo(
            "The key is the pack's own, so its maker may have signed it. Give the published one with --key.",
            err=True,
        )
    raise typer.Exit(1 if any(one.fault for one in findings) else 0)
