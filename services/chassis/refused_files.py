"""What one has sent to a service, and what the scanner made of it; whoever sent a file that it has refused is told."""

from collections.abc import Callable, Mapping
from uuid import UUID

from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import Response

from contracts.ids import named_id
from contracts.tables import Body, Table
from services.chassis.acts.aggregate import Aggregate, Root
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause
from services.chassis.files import kept_files
from services.chassis.scanning import Found
from services.chassis.service import Service
from services.chassis.web.look.parts import Cell, Column, Tag, TagKind
from services.chassis.web.look.values import moment
from services.chassis.web.look.words import coded
from services.chassis.web.look.words import gettext as _
from services.chassis.web.who import Who

PAGE = 100
_KINDS: Mapping[str, TagKind] = {"clean": "good", "infected": "bad", "received": "wait"}


class RefusedFile(Root, table=True):
    """One file of one sender that the scanner has refused; file is the hash of its bytes."""

    __tablename__ = "refused_files"  # pyright: ignore[reportAssignmentType]

    file: str
    person: UUID
    found: str


def refused_files_of(table: Table) -> Aggregate[RefusedFile]:
    """A service's own, told on its table; its senders read of them at the table's path."""
    return Aggregate(
        RefusedFile,
        table,
        scopes={"SELF": lambda row: row.person},
        case=lambda row: None,
        home=lambda row: f"/{table.path}",
    )


def tell_senders(service: Service, refused: Aggregate[RefusedFile], infected: Callable[[UUID], Body]) -> None:
    """A fact for each file that the scanner refuses, infected(sender) says it; and the page of all that one has
    sent."""
    app, database, pages = service.app, service.database, service.pages
    page = f"/{refused.table.path}"

    async def told(tx: Tx, found: Found) -> None:
        id = named_id(refused.table.name, found.file.id, found.sender)
        row = RefusedFile(id=id, file=found.file.id, person=found.sender, found=found.name)
        cause = Cause("system", via="system")
        await refused.record(tx, row, "refuse", infected(found.sender), service.clock.moment(), cause)

    service.scanning.told = told

    @app.get(page, include_in_schema=False)
    async def mine(request: Request, actor: Who) -> Response:
        sent = select(kept_files).where(kept_files.c.sender == actor.person, kept_files.c.state != "removed")
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
