"""Options that several commands share, said once."""

from pathlib import Path
from typing import Annotated

import typer

from deploy.local.layout import DEFAULT_DATA

Data = Annotated[Path, typer.Option(help="Folder of everything the stack writes.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]

DATA = DEFAULT_DATA
