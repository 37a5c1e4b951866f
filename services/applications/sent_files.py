"""Files that people sent in with their cases: which answers name them, and what a reader should know of each."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, cast
from uuid import UUID

from sqlalchemy import select

from contracts.errors import DomainError
from services.chassis.database import Tx
from services.chassis.files import StoredFile, kept_files, opened
from services.chassis.web.look.words import gettext as _

_ID = re.compile(r"[0-9a-f]{64}")


def named_files(answers: Any) -> Iterator[str]:
    """The ids of all files that the answers to a form name, at any depth."""
    match answers:
        case str() if _ID.fullmatch(answers):
            yield answers
        case dict():
            for value in cast("dict[str, Any]", answers).values():
                yield from named_files(value)
        case list():
            for value in cast("list[Any]", answers):
                yield from named_files(value)
        case _:
            return


async def names_to_show(tx: Tx, ids: list[str]) -> dict[str, str]:
    """Id → what the file was called, and what its reader should know of it."""
    rows = await tx.execute(select(kept_files).where(kept_files.c.id.in_(ids)))
    return {row.id: _told(row.name, row.state) for row in rows}


async def files_to_give(tx: Tx, ids: Iterable[str], reader: UUID) -> tuple[list[StoredFile], list[str]]:
    """Those that this reader may have now; and of the others what they are called and why not."""
    given: list[StoredFile] = []
    others: list[str] = []
    for id in dict.fromkeys(ids):
        try:
            given.append(await opened(tx, id, reader))
        except DomainError:
            others.append(id)
    return given, list((await names_to_show(tx, others)).values())


def _told(name: str, state: str) -> str:
    match state:
        case "received":
            return _("%(name)s (waits for the virus scanner)") % {"name": name}
        case "removed":
            return _("a file that is no longer kept")
        case "infected":
            return _("%(name)s (refused by the virus scanner: another file is needed)") % {"name": name}
        case _:
            return name
