"""Rate tables as everybody may read them: source, validity, every entry, and for whom a lowered one counts."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from services.chassis.acts.aggregate import Root
from services.chassis.database import Tx
from services.chassis.identity.actor import Actor
from services.chassis.service import Service
from services.chassis.web.faces import Prepared
from services.chassis.web.look.context import reading
from services.chassis.web.look.parts import Cell, Column, Tag
from services.chassis.web.look.values import amount, country, short_day
from services.chassis.web.look.words import coded
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import state_word
from services.chassis.web.who import Who
from services.reimbursements.kinds import rate_tables
from services.reimbursements.models import PublishedRates
from services.reimbursements.reading import acts_of, partnerships_of


def rate_views(service: Service) -> APIRouter:
    """Routes that read rate tables."""
    router, database, pages = APIRouter(), service.database, service.pages

    @router.get("/api/v1/rate-tables", tags=["rate_table"])
    async def tables_json(actor: Who) -> list[dict[str, Any]]:
        """Every version, newest first."""
        async with database.transaction() as tx:
            return [_json(row) for row in await _tables(tx)]

    @router.get("/rate-tables", include_in_schema=False)
    async def tables_page(request: Request, actor: Who) -> Response:
        async with database.transaction() as tx:
            rows = await _tables(tx)
            names = {one.id: one.name for one in await partnerships_of(tx, _partnerships(rows))}
        with reading(pages.context(request)):
            columns = [
                Column(_("Table")),
                Column(_("Source")),
                Column(_("Valid from")),
                Column(_("Counts for")),
            ]
            shown = [
                [
                    Cell(f"{coded('scheme', row.scheme)}: {row.rate_version}", href=f"/rate-tables/{row.id}"),
                    row.source,
                    short_day(row.valid_from),
                    Cell(
                        names.get(row.partnership, "") if row.partnership else _("everybody"),
                        tag=None
                        if row.state == "published"
                        else Tag(state_word("rate_table", row.state), "wait"),
                    ),
                ]
                for row in rows
            ]
        return pages.page(
            request,
            "rate_tables.html",
            columns=columns,
            rows=shown,
            may_lower=bool(actor.scopes("coordinator")),
        )

    @router.get("/rate-tables/{id}", include_in_schema=False)
    async def table_page(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            row = await tx.found(PublishedRates, id)
        with reading(pages.context(request)):
            columns, entries = _entries(row)
        return pages.page(
            request, "rate_table.html", table=row, columns=columns, rows=entries,
            acts=acts_of(rate_tables, row, actor),
        )  # fmt: skip

    return router


async def prepare_lowering(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """The tables that may be lowered, and the coordinator's partnerships."""
    tables = [one for one in await _tables(tx) if one.partnership is None]
    own = await partnerships_of(tx, actor.scopes("coordinator"))
    return Prepared(
        values=dict(query),
        choices={
            "table": [(str(one.id), f"{coded('scheme', one.scheme)}: {one.rate_version}") for one in tables],
            "partnership": [(str(one.id), one.name) for one in own],
        },
    )


def _entries(row: PublishedRates) -> tuple[list[Column], list[list[str | Cell]]]:
    """By country with what each rests on, or by distance with low-emission travel beside."""
    if any("from_km" in one for one in row.rates.values()):
        columns = [
            Column(_("Kilometres one way")),
            Column(_("In EUR"), number=True),
            Column(_("Low-emission, in EUR"), number=True),
        ]
        bands = [row.rates[key] for key in sorted(row.rates)]
        return columns, [
            [
                _("%(first)s to %(last)s") % {"first": band["from_km"], "last": band["to_km"]}
                if band["to_km"] is not None
                else _("%(first)s and more") % {"first": band["from_km"]},
                amount(band["cents"]),
                amount(band["green_cents"]) if "green_cents" in band else "–",
            ]
            for band in bands
        ]
    columns = [Column(_("Host country")), Column(_("In EUR"), number=True), Column(_("Rests on"))]
    return columns, [
        [country(key), amount(row.rates[key]["cents"]), coded("basis", row.rates[key]["basis"])]
        for key in sorted(row.rates, key=country)
    ]


async def _tables(tx: Tx) -> list[PublishedRates]:
    order = col(PublishedRates.scheme), col(PublishedRates.valid_from).desc(), col(PublishedRates.id)
    rows = await tx.session.exec(
        select(PublishedRates).where(col(PublishedRates.state) != "dropped").order_by(*order)
    )
    return list(rows.all())


def _partnerships(rows: list[PublishedRates]) -> list[UUID]:
    return [row.partnership for row in rows if row.partnership]


def _json(row: PublishedRates) -> dict[str, Any]:
    return row.model_dump(mode="json", exclude={"proposed_by", "confirmed_by"})
