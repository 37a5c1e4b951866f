"""Transfers between lines: who proposed what to whom, and who made it."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from services.chassis.acts.aggregate import Root
from services.chassis.database import Tx
from services.chassis.identity.actor import Actor
from services.chassis.service import Service
from services.chassis.web.faces import Prepared
from services.chassis.web.look.context import reading
from services.chassis.web.look.parts import Cell, Column, Tag, TagKind
from services.chassis.web.look.values import amount, short_day
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import state_word
from services.reimbursements.kinds import transfers
from services.reimbursements.ledger.posting import totals
from services.reimbursements.ledger.tables import Account
from services.reimbursements.models import Budget, Transfer
from services.reimbursements.reading import PAGE, Limit, acts_of, further, names_of, newest, visible

TAGS: Mapping[str, TagKind] = {"proposed": "wait", "made": "good", "refused": "plain"}


def transfer_views(service: Service) -> APIRouter:
    """Routes that read transfers."""
    router, database, pages = APIRouter(), service.database, service.pages
    signed_in = service.reception.actor

    @router.get("/api/v1/transfers", tags=["transfer"])
    async def transfers_json(
        actor: Annotated[Actor, Depends(signed_in)], after: UUID | None = None, limit: Limit = PAGE
    ) -> list[dict[str, Any]]:
        async with database.transaction() as tx:
            return [row.model_dump(mode="json") for row in await newest(tx, transfers, actor, after, limit)]

    @router.get("/api/v1/transfers/{id}", tags=["transfer"])
    async def transfer_json(actor: Annotated[Actor, Depends(signed_in)], id: UUID) -> dict[str, Any]:
        async with database.transaction() as tx:
            return (await visible(tx, transfers, actor, id)).model_dump(mode="json")

    @router.get("/transfers", include_in_schema=False)
    async def transfers_page(
        request: Request, actor: Annotated[Actor, Depends(signed_in)], after: UUID | None = None
    ) -> Response:
        async with database.transaction() as tx:
            rows = await newest(tx, transfers, actor, after, PAGE)
            named = await _lines_by_id(tx, rows)
        with reading(pages.context(request)):
            columns, shown = _transfer_table(rows, named)
        may_propose = bool(actor.scopes("coordinator"))
        return pages.page(
            request,
            "transfers.html",
            columns=columns,
            rows=shown,
            next=further(rows, PAGE),
            may_propose=may_propose,
        )

    @router.get("/transfers/{id}", include_in_schema=False)
    async def transfer_page(
        request: Request, actor: Annotated[Actor, Depends(signed_in)], id: UUID
    ) -> Response:
        async with database.transaction() as tx:
            row = await visible(tx, transfers, actor, id)
            named = await _lines_by_id(tx, [row])
        with reading(pages.context(request)):
            acts = acts_of(transfers, row, actor)
            tag = Tag(state_word("transfer", row.state), TAGS[row.state])
        return pages.page(request, "transfer.html", transfer=row, lines=named, tag=tag, acts=acts)

    return router


async def prepare_transfer(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """The lines of the reader's partnerships, by name, with what is available on each."""
    statement = select(Budget).where(col(Budget.partnership).in_(actor.scopes("coordinator")))
    found = (await tx.session.exec(statement.order_by(col(Budget.name), col(Budget.id)))).all()
    sums = await totals(tx.session, [line.id for line in found])
    names = await names_of(tx, {line.member for line in found})
    choices = [
        (
            str(line.id),
            f"{line.name}, {names.get(line.member, '')}: {amount(sums[line.id][Account.AVAILABLE])} EUR",
        )
        for line in found
    ]
    return Prepared(values=query, choices={"giver": choices, "taker": choices})


def _transfer_table(
    rows: Sequence[Transfer], named: Mapping[UUID, str]
) -> tuple[list[Column], list[list[Cell | str]]]:
    columns = [
        Column(_("From")), Column(_("To")), Column(_("Amount in EUR"), number=True), Column(_("Proposed")),
        Column(_("Standing")),
    ]  # fmt: skip
    return columns, [
        [
            Cell(named[row.giver], href=f"/transfers/{row.id}"),
            named[row.taker],
            amount(row.amount_cents),
            short_day(row.proposed_at),
            Cell(tag=Tag(state_word("transfer", row.state), TAGS[row.state])),
        ]
        for row in rows
    ]


async def _lines_by_id(tx: Tx, rows: Sequence[Transfer]) -> dict[UUID, str]:
    """Lines by id, each with its member's name."""
    ids = {id for row in rows for id in (row.giver, row.taker)}
    found = (await tx.session.exec(select(Budget).where(col(Budget.id).in_(ids)))).all()
    names = await names_of(tx, {line.member for line in found})
    return {line.id: f"{line.name}, {names.get(line.member, '')}" for line in found}
