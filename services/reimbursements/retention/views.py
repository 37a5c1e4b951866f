"""Records whose time runs: until when they are kept, what goes then, and who holds them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from services.chassis.service import Service
from services.chassis.web.look.context import reading
from services.chassis.web.look.parts import Cell, Column, Tag, TagKind
from services.chassis.web.look.values import short_day
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import state_word
from services.chassis.web.who import Who
from services.reimbursements.reading import (
    PAGE,
    Limit,
    acts_of,
    further,
    names_of,
    newest,
    partnerships_of,
    visible,
)
from services.reimbursements.retention.keeping import going
from services.reimbursements.retention.kinds import retentions
from services.reimbursements.retention.models import Retention

TAGS: Mapping[str, TagKind] = {
    "kept": "plain", "due": "wait", "proposed": "wait", "agreed": "wait", "held": "bad", "removed": "good",
}  # fmt: skip
HIDDEN = {"proposed_by", "agreed_by", "held_by"}


def retention_views(service: Service) -> APIRouter:
    """Routes that read kept records."""
    router, database, pages = APIRouter(), service.database, service.pages

    @router.get("/api/v1/retentions", tags=["retention"])
    async def retentions_json(
        actor: Who, after: UUID | None = None, limit: Limit = PAGE
    ) -> list[dict[str, Any]]:
        async with database.transaction() as tx:
            rows = await newest(tx, retentions, actor, after, limit)
        return [row.model_dump(mode="json", exclude=HIDDEN) for row in rows]

    @router.get("/api/v1/retentions/{id}", tags=["retention"])
    async def retention_json(actor: Who, id: UUID) -> dict[str, Any]:
        """One member's records of an action; going: what is personal in them now."""
        async with database.transaction() as tx:
            row = await visible(tx, retentions, actor, id)
            goes = await going(tx, row)
        return {**row.model_dump(mode="json", exclude=HIDDEN), "going": asdict(goes)}

    @router.get("/retentions", include_in_schema=False)
    async def retentions_page(request: Request, actor: Who, after: UUID | None = None) -> Response:
        async with database.transaction() as tx:
            rows = await newest(tx, retentions, actor, after, PAGE)
            names = await names_of(tx, (row.member for row in rows))
            actions = {
                one.id: one.name for one in await partnerships_of(tx, (row.partnership for row in rows))
            }
        with reading(pages.context(request)):
            columns, shown = _table(rows, names, actions)
        return pages.page(request, "retentions.html", columns=columns, rows=shown, next=further(rows, PAGE))

    @router.get("/retentions/{id}", include_in_schema=False)
    async def retention_page(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            row = await visible(tx, retentions, actor, id)
            names = await names_of(tx, [row.member])
            (action,) = await partnerships_of(tx, [row.partnership])
            goes = await going(tx, row)
        with reading(pages.context(request)):
            acts, tag = acts_of(retentions, row, actor), _tag(row)
        return pages.page(
            request, "retention.html", row=row, member=names.get(row.member, ""), action=action.name,
            goes=goes, acts=acts, tag=tag,
        )  # fmt: skip

    return router


def _table(
    rows: Sequence[Retention], names: Mapping[UUID, str], actions: Mapping[UUID, str]
) -> tuple[list[Column], list[list[Cell | str]]]:
    columns = [
        Column(_("Partnership")), Column(_("Member")), Column(_("Last payment of the funder")),
        Column(_("Kept until")), Column(_("Standing")),
    ]  # fmt: skip
    return columns, [
        [
            Cell(actions.get(row.partnership, ""), href=f"/retentions/{row.id}"),
            names.get(row.member, ""),
            short_day(row.final_on),
            short_day(row.kept_until),
            Cell(tag=_tag(row)),
        ]
        for row in rows
    ]


def _tag(row: Retention) -> Tag:
    return Tag(state_word("retention", row.state), TAGS[row.state])
