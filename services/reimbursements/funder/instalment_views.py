"""What the funder has announced and paid, what was passed on, and how long records are kept."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from fastapi import APIRouter
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
from services.chassis.web.look.words import coded
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import state_word
from services.chassis.web.who import Who
from services.reimbursements.funder.instalments import fitting, received_of
from services.reimbursements.funder.kinds import instalments
from services.reimbursements.funder.models import Instalment
from services.reimbursements.funder.naming import partnerships_with
from services.reimbursements.reading import PAGE, Limit, acts_of, further, names_of, newest, visible

TAGS: Mapping[str, TagKind] = {"announced": "plain", "matched": "wait", "settled": "good", "dropped": "plain"}
HIDDEN = {"announced_by", "matched_by", "settled_by"}


def instalment_views(service: Service) -> APIRouter:
    """Routes that read instalments."""
    router, database, pages = APIRouter(), service.database, service.pages

    @router.get("/api/v1/instalments", tags=["instalment"])
    async def instalments_json(
        actor: Who, after: UUID | None = None, limit: Limit = PAGE
    ) -> list[dict[str, Any]]:
        async with database.transaction() as tx:
            rows = await newest(tx, instalments, actor, after, limit)
        return [row.model_dump(mode="json", exclude=HIDDEN) for row in rows]

    @router.get("/api/v1/instalments/{id}", tags=["instalment"])
    async def instalment_json(actor: Who, id: UUID) -> dict[str, Any]:
        """One instalment; received_cents: all that the funder paid the member; kept_until: once it paid the last."""
        async with database.transaction() as tx:
            row = await visible(tx, instalments, actor, id)
            received, kept = await received_of(tx, row.partnership, row.member)
        return {
            **row.model_dump(mode="json", exclude=HIDDEN),
            "received_cents": received,
            "kept_until": kept,
        }

    @router.get("/instalments", include_in_schema=False)
    async def instalments_page(request: Request, actor: Who, after: UUID | None = None) -> Response:
        async with database.transaction() as tx:
            rows = await newest(tx, instalments, actor, after, PAGE)
            names = await names_of(tx, (row.member for row in rows))
        with reading(pages.context(request)):
            columns, shown = _table(rows, names)
        return pages.page(
            request, "instalments.html", columns=columns, rows=shown, next=further(rows, PAGE),
            may_announce=bool(actor.scopes("treasurer")),
        )  # fmt: skip

    @router.get("/instalments/{id}", include_in_schema=False)
    async def instalment_page(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            row = await visible(tx, instalments, actor, id)
            names = await names_of(tx, [row.member])
            received, kept = await received_of(tx, row.partnership, row.member)
        with reading(pages.context(request)):
            acts, tag = acts_of(instalments, row, actor), _tag(row)
        return pages.page(
            request, "instalment.html", row=row, member=names.get(row.member, ""), received=received, kept=kept,
            acts=acts, tag=tag,
        )  # fmt: skip

    return router


async def prepare_announcement(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """The members that the reader pays for, and their partnerships."""
    own = actor.scopes("treasurer")
    names = await names_of(tx, own)
    choices = {
        "partnership": [(str(one.id), one.name) for one in await partnerships_with(tx, own)],
        "member": [(str(id), name) for id, name in names.items()],
    }
    return Prepared(values=dict(query), choices=choices)


async def prepare_match(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """Entries that are this sum to the cent."""
    assert isinstance(row, Instalment)
    choices = [
        (str(line.id), f"{short_day(line.booked_on)}, {amount(line.cents)} EUR, {line.identity}")
        for line in await fitting(tx, row)
    ]
    return Prepared(values=dict(query), choices={"line": choices})


def _table(
    rows: Sequence[Instalment], names: Mapping[UUID, str]
) -> tuple[list[Column], list[list[Cell | str]]]:
    columns = [
        Column(_("What")), Column(_("Member")), Column(_("Amount in EUR"), number=True), Column(_("Value date")),
        Column(_("Standing")),
    ]  # fmt: skip
    return columns, [
        [
            Cell(coded("kind", row.kind), note=row.note, href=f"/instalments/{row.id}"),
            names.get(row.member, ""),
            amount(row.amount_cents),
            short_day(row.value_on) if row.value_on else "",
            Cell(tag=_tag(row)),
        ]
        for row in rows
    ]


def _tag(row: Instalment) -> Tag:
    return Tag(state_word("instalment", row.state), TAGS[row.state])
