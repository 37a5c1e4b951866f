"""Exchange rates as finance reads them: which file of which source for which time, who stands behind it, each rate."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, File, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from services.chassis.acts.aggregate import Root
from services.chassis.database import Tx
from services.chassis.identity.actor import Actor
from services.chassis.service import Service
from services.chassis.web.faces import Prepared
from services.chassis.web.look.context import reading
from services.chassis.web.look.parts import Cell, Column, Tag
from services.chassis.web.look.values import month, short_day
from services.chassis.web.look.words import coded
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import state_word
from services.chassis.web.who import Who
from services.reimbursements.claims.models import ExchangeTable
from services.reimbursements.kinds import exchange_tables
from services.reimbursements.reading import PAGE, Limit, acts_of, further, names_of, newest, visible

FINANCE = ("verifier", "approver", "treasurer")


def currency_views(service: Service) -> APIRouter:
    """Routes that read exchange rates, and take a file of them in."""
    router, database, pages = APIRouter(), service.database, service.pages

    @router.get("/api/v1/exchange-tables", tags=["exchange_table"])
    async def tables_json(actor: Who, after: UUID | None = None, limit: Limit = PAGE) -> list[dict[str, Any]]:
        async with database.transaction() as tx:
            return [_json(row) for row in await newest(tx, exchange_tables, actor, after, limit)]

    @router.post("/api/v1/exchange-tables/files", status_code=201, tags=["exchange_table"])
    async def upload(actor: Who, file: Annotated[UploadFile, File()]) -> dict[str, Any]:
        """Takes a file in; its id is given to the act."""
        return (await service.files.keep(file, actor.person)).model_dump()

    @router.get("/exchange-tables", include_in_schema=False)
    async def tables_page(request: Request, actor: Who, after: UUID | None = None) -> Response:
        async with database.transaction() as tx:
            rows = await newest(tx, exchange_tables, actor, after, PAGE)
            names = await names_of(tx, (row.member for row in rows))
        with reading(pages.context(request)):
            columns = [
                Column(_("Rates of")),
                Column(_("Source")),
                Column(_("Member")),
                Column(_("Currencies"), number=True),
                Column(_("Standing")),
            ]
            shown = [
                [
                    Cell(_time(row), href=f"/exchange-tables/{row.id}"),
                    coded("source", row.source),
                    names.get(row.member, ""),
                    str(len(row.rates)),
                    Cell(tag=_tag(row)),
                ]
                for row in rows
            ]
        return pages.page(
            request, "exchange_tables.html", columns=columns, rows=shown, next=further(rows, PAGE),
            may_import=any(actor.scopes(role) for role in FINANCE),
        )  # fmt: skip

    @router.get("/exchange-tables/{id}", include_in_schema=False)
    async def table_page(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            row = await visible(tx, exchange_tables, actor, id)
        with reading(pages.context(request)):
            shown: dict[str, Any] = {
                "title": _time(row),
                "source": coded("source", row.source),
                "tag": _tag(row),
                "columns": [Column(_("Currency")), Column(_("Units for one euro"), number=True)],
                "rows": [[currency, units] for currency, units in sorted(row.rates.items())],
                "acts": acts_of(exchange_tables, row, actor),
            }
        return pages.page(request, "exchange_table.html", table=row, **shown)

    return router


async def prepare_import(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """The members for whom the reader is in finance."""
    own = {scope for role in FINANCE for scope in actor.scopes(role)}
    names = await names_of(tx, own)
    return Prepared(values=dict(query), choices={"member": [(str(id), names.get(id, str(id))) for id in own]})


def _time(row: ExchangeTable) -> str:
    return month(row.on) if row.source == "inforeuro" else short_day(row.on)


def _tag(row: ExchangeTable) -> Tag:
    return Tag(state_word("exchange_table", row.state), "good" if row.state == "in_force" else "wait")


def _json(row: ExchangeTable) -> dict[str, Any]:
    return row.model_dump(mode="json", exclude={"imported_by", "confirmed_by"})
