"""Files that people sent in with their cases: what the scanner made of each, and who is told of one that it refused."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast
from uuid import UUID

from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import Response

from contracts.errors import DomainError
from contracts.file import FILE, Infected
from contracts.ids import named_id
from services.chassis.acts.aggregate import Aggregate, Root
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause
from services.chassis.files import StoredFile, kept_files, opened
from services.chassis.scanning import Found
from services.chassis.service import Service
from services.chassis.web.look.parts import Cell, Column, Tag, TagKind
from services.chassis.web.look.values import moment
from services.chassis.web.look.words import coded
from services.chassis.web.look.words import gettext as _
from services.chassis.web.who import Who

PAGE = 100
_KINDS: Mapping[str, TagKind] = {"clean": "good", "infected": "bad", "received": "wait"}
_ID = re.compile(r"[0-9a-f]{64}")


class RefusedFile(Root, table=True):
    """One file of one sender that the scanner has refused; file is the hash of its bytes."""

    __tablename__ = "refused_files"  # pyright: ignore[reportAssignmentType]

    file: str
    person: UUID
    found: str


refused_files = Aggregate(
    RefusedFile,
    FILE,
    scopes={"SELF": lambda row: row.person},
    case=lambda row: None,
    home=lambda row: "/files",
)


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
        case "infected":
            return _("%(name)s (refused by the virus scanner: another file is needed)") % {"name": name}
        case _:
            return name


def add_files(service: Service) -> None:
    """The page of what one has sent in; and a fact for each file that the scanner refuses."""
    app, database, pages = service.app, service.database, service.pages

    async def told(tx: Tx, found: Found) -> None:
        id = named_id("file", found.file.id, found.sender)
        row = RefusedFile(id=id, file=found.file.id, person=found.sender, found=found.name)
        cause = Cause("system", via="system")
        await refused_files.record(
            tx, row, "refuse", Infected(person=found.sender), service.clock.moment(), cause
        )

    service.scanning.told = told

    @app.get("/files", include_in_schema=False)
    async def mine(request: Request, actor: Who) -> Response:
        sent = select(kept_files).where(kept_files.c.sender == actor.person)
        async with database.transaction() as tx:
            rows = (await tx.execute(sent.order_by(kept_files.c.kept_at.desc()).limit(PAGE))).all()
        return pages.page(
            request,
            "files.html",
            title=_("Files you have sent"),
            refused=[row.name for row in rows if row.state == "infected"],
            columns=[Column(_("File")), Column(_("Sent")), Column(_("Virus scanner"))],
            rows=[
                [
                    Cell(row.name),
                    Cell(moment(row.kept_at)),
                    Cell(tag=Tag(coded("file_state", row.state), _KINDS.get(row.state, "plain"))),
                ]
                for row in rows
            ],
        )
