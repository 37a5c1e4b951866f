"""A service built as in production, connected to nothing: for tools that ask what it hears, offers, rules."""

from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import SecretStr

from services.chassis.service import Service
from services.chassis.settings import Settings


@cache
def built(name: str) -> Service:
    """The service of this name; a port that nobody listens on stands for every server."""
    nowhere = Settings(
        database_url=SecretStr("postgresql://nobody@127.0.0.1:9/nothing"),
        data=Path(_folder().name),
        log_json=False,
    )
    return import_module(f"services.{name}.app").make_service(nowhere)


@cache
def _folder() -> TemporaryDirectory[str]:
    """For keys that a service makes when it is built; gone when the process ends."""
    return TemporaryDirectory(prefix="relais-")
