"""`relais`, the command line. Each file of deploy/commands is one group of commands.

A group imports at its top only what is quick to import: every command starts all of them.
"""

import signal
import sys

import typer

from deploy.commands import bench, demo, prove, rebuild, stack, token, verify
from deploy.local.program import ProcessFailed
from deploy.local.stack import NotRunning

app = typer.Typer(
    help="Relais: people act, services record facts, Kafka carries facts, workflows wait and order.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(stack.commands)
app.add_typer(demo.commands)
app.add_typer(token.commands)
app.add_typer(bench.commands)
app.add_typer(rebuild.commands, name="rebuild")
app.add_typer(verify.commands)
app.add_typer(prove.commands)


def main() -> None:
    """Entry point; what goes wrong is one sentence on standard error and exit status 1.

    Ctrl-C stops a stack also where the shell that started us ignores it for its background jobs.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        app()
    except ProcessFailed as failure:
        sys.exit(f"{failure.name} failed: {failure.reason}\nSee {failure.log}")
    except NotRunning as reason:
        sys.exit(str(reason))
