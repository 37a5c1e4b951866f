"""The command that gives a bearer token of a person: local stacks only, since it needs their key."""

import time
from typing import Annotated
from uuid import UUID

import typer

from deploy.commands.options import DATA, Data
from deploy.local.layout import Layout
from deploy.local.stack import Stack

commands = typer.Typer()

HOURS = 12


@commands.command()
def token(
    person: Annotated[str, typer.Argument(help="Key of the seeds (ce4big-officer), mail address, or id.")],
    data: Data = DATA,
) -> None:
    """Print a bearer token of a person, good for twelve hours on this local stack."""
    typer.echo(bearer(Stack(data).running_state.layout, person))


def bearer(layout: Layout, person: str) -> str:
    """The token; typer.BadParameter when the stack's directory knows nobody of that name."""
    import psycopg

    from contracts.ids import named_id, new_id
    from services.chassis.identity.secrets import new_secret
    from services.chassis.identity.tokens import Identity, sign
    from services.directory.signing_in.secret import signing_key

    try:
        id = UUID(person)
    except ValueError:
        id = named_id("person", person)
    with psycopg.connect(layout.postgres.reader_url("directory")) as connection:
        found = connection.execute(
            "SELECT id, name, language FROM people"
            " WHERE state = 'active' AND (id = %s OR lower(email) = lower(%s))",
            (id, person),
        ).fetchone()
    if found is None:
        raise typer.BadParameter(f"nobody is called {person}", param_hint="PERSON")
    seconds = HOURS * 60 * 60
    ends = int(time.time()) + seconds
    identity = Identity(found[0], new_id(), 2, found[1], found[2], csrf=new_secret(), stepped_up_at=ends)
    return sign(identity, signing_key(layout.data / "directory"), seconds)
