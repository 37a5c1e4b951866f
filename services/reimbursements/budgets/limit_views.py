"""What recipients may still get, which limits a later merge has exceeded, and aid that must stand in the register."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from sqlalchemy import text
from starlette.requests import Request
from starlette.responses import Response

from services.chassis.acts.aggregate import Root
from services.chassis.database import Tx
from services.chassis.identity.actor import Actor
from services.chassis.service import Service
from services.chassis.web.faces import Prepared
from services.chassis.web.look.context import reading
from services.chassis.web.look.parts import Cell, Column, Tag
from services.chassis.web.look.values import amount, short_day
from services.chassis.web.look.words import coded
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import state_word
from services.reimbursements.budgets.limit_models import AidEntry
from services.reimbursements.kinds import aid_declarations, aid_entries
from services.reimbursements.reading import PAGE, Limit, acts_of, further, names_of, newest, visible


def limit_views(service: Service) -> APIRouter:
    """Routes that read limits, declarations of aid and entries in the register."""
    router, database, pages = APIRouter(), service.database, service.pages
    signed_in = service.reception.actor

    @router.get("/api/v1/limits", tags=["limit"])
    async def limits_json(actor: Annotated[Actor, Depends(signed_in)]) -> list[dict[str, Any]]:
        """The limits of the reader's recipients, in cents: ceiling, held, granted, headroom."""
        async with database.transaction() as tx:
            return await _limits(tx, actor)

    @router.get("/api/v1/limits/exceeded", tags=["limit"])
    async def exceeded_json(actor: Annotated[Actor, Depends(signed_in)]) -> list[dict[str, Any]]:
        """Of recipients that were found to be one only later: what they got together beyond a limit."""
        async with database.transaction() as tx:
            return await _exceeded(tx, actor)

    @router.get("/limits", include_in_schema=False)
    async def limits_page(request: Request, actor: Annotated[Actor, Depends(signed_in)]) -> Response:
        async with database.transaction() as tx:
            rows, exceeded = await _limits(tx, actor), await _exceeded(tx, actor)
            names = await names_of(tx, {UUID(row["identity"]) for row in (*rows, *exceeded)})
        with reading(pages.context(request)):
            table, beyond = _limit_table(rows, names), _exceeded_table(exceeded, names)
        return pages.page(request, "limits.html", table=table, beyond=beyond)

    @router.get("/api/v1/aid-declarations", tags=["aid_declaration"])
    async def declarations_json(
        actor: Annotated[Actor, Depends(signed_in)], after: UUID | None = None, limit: Limit = PAGE
    ) -> list[dict[str, Any]]:
        async with database.transaction() as tx:
            rows = await newest(tx, aid_declarations, actor, after, limit)
        return [row.model_dump(mode="json", exclude={"declared_by"}) for row in rows]

    @router.get("/api/v1/aid-entries", tags=["aid_entry"])
    async def entries_json(
        actor: Annotated[Actor, Depends(signed_in)], after: UUID | None = None, limit: Limit = PAGE
    ) -> list[dict[str, Any]]:
        async with database.transaction() as tx:
            return [row.model_dump(mode="json") for row in await newest(tx, aid_entries, actor, after, limit)]

    @router.get("/aid-declarations/{id}", include_in_schema=False)
    async def declaration_page(
        request: Request, actor: Annotated[Actor, Depends(signed_in)], id: UUID
    ) -> Response:
        async with database.transaction() as tx:
            row = await visible(tx, aid_declarations, actor, id)
            names = await names_of(tx, [row.organisation, *row.linked])
        return pages.page(request, "aid_declaration.html", declared=row, names=names)

    @router.get("/aid-entries", include_in_schema=False)
    async def entries_page(
        request: Request, actor: Annotated[Actor, Depends(signed_in)], after: UUID | None = None
    ) -> Response:
        async with database.transaction() as tx:
            rows = await newest(tx, aid_entries, actor, after, PAGE)
            names = await names_of(tx, {row.organisation for row in rows})
        with reading(pages.context(request)):
            columns, shown = _entry_table(rows, names)
        return pages.page(request, "aid_entries.html", columns=columns, rows=shown, next=further(rows, PAGE))

    @router.get("/aid-entries/{id}", include_in_schema=False)
    async def entry_page(request: Request, actor: Annotated[Actor, Depends(signed_in)], id: UUID) -> Response:
        async with database.transaction() as tx:
            row = await visible(tx, aid_entries, actor, id)
            names = await names_of(tx, [row.organisation])
        with reading(pages.context(request)):
            acts, tag = acts_of(aid_entries, row, actor), _tag(row)
        return pages.page(
            request, "aid_entry.html", entry=row, name=names.get(row.organisation, ""), acts=acts, tag=tag
        )

    return router


async def prepare_declaration(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """The organisations that the reader speaks for; all others that are known may be linked with one of them."""
    names = await names_of(tx, actor.scopes("member"))
    known = (
        await tx.execute(text("SELECT id, name FROM reimbursements_known_organisations ORDER BY name"))
    ).all()
    others = [(str(one.id), str(one.name)) for one in known if len(names) > 1 or one.id not in names]
    choices = {"organisation": [(str(id), name) for id, name in names.items()], "linked": others}
    return Prepared(values=query, choices=choices)


_MINE = """EXISTS (SELECT FROM ledger_account_balance AS kept JOIN reservations ON reservations.case_id = kept.owner
    WHERE kept.book = limits.id AND kept.account IN ('HELD', 'GRANTED')
        AND (reservations.partnership = ANY(:coordinated) OR reservations.payer = ANY(:paid)))"""
_LIMITS = text(f"""
    SELECT limits.id, kind, identity, scope, ceiling_cents,
        sum(balance_cents) FILTER (WHERE account = 'HELD') AS held,
        sum(balance_cents) FILTER (WHERE account = 'GRANTED') AS granted,
        sum(balance_cents) FILTER (WHERE account = 'HEADROOM') AS headroom
    FROM limits JOIN ledger_account_balance ON book = limits.id
    WHERE {_MINE} GROUP BY limits.id ORDER BY headroom, limits.id LIMIT 500""")  # noqa: S608, the names are ours
_EXCEEDED = text(f"""
    SELECT kind, scope, coalesce(party.identity, limits.identity) AS identity, max(ceiling_cents) AS ceiling,
        sum(used) AS used FROM limits
    JOIN (SELECT book, sum(balance_cents) AS used FROM ledger_account_balance
        WHERE account IN ('HELD', 'GRANTED') GROUP BY book) AS taken ON taken.book = limits.id
    LEFT JOIN reimbursements_known_organisations AS party ON party.id = limits.identity
    GROUP BY kind, scope, coalesce(party.identity, limits.identity)
    HAVING sum(used) > max(ceiling_cents) AND bool_or({_MINE}) ORDER BY used DESC LIMIT 500""")  # noqa: S608


def _scopes(actor: Actor) -> dict[str, list[UUID]]:
    paid = {scope for role in ("payer", "verifier", "approver", "treasurer") for scope in actor.scopes(role)}
    return {"coordinated": list(actor.scopes("coordinator")), "paid": list(paid)}


async def _limits(tx: Tx, actor: Actor) -> list[dict[str, Any]]:
    rows = (await tx.execute(_LIMITS, _scopes(actor))).all()
    return [
        {
            "id": str(row.id), "kind": row.kind, "identity": str(row.identity), "scope": row.scope,
            "ceiling_cents": row.ceiling_cents, "held_cents": int(row.held or 0),
            "granted_cents": int(row.granted or 0), "headroom_cents": int(row.headroom),
        }
        for row in rows
    ]  # fmt: skip


async def _exceeded(tx: Tx, actor: Actor) -> list[dict[str, Any]]:
    rows = (await tx.execute(_EXCEEDED, _scopes(actor))).all()
    return [
        {
            "kind": row.kind, "identity": str(row.identity), "scope": row.scope,
            "ceiling_cents": int(row.ceiling), "used_cents": int(row.used),
        }
        for row in rows
    ]  # fmt: skip


def _limit_table(
    rows: Sequence[Mapping[str, Any]], names: Mapping[UUID, str]
) -> tuple[list[Column], list[list[Cell | str]]]:
    figures = ("ceiling_cents", "held_cents", "granted_cents", "headroom_cents")
    labels = (_("At most"), _("Held"), _("Granted"), _("Left"))
    columns = [Column(_("Recipient")), *(Column(label, number=True) for label in labels)]
    return columns, [[_recipient(row, names), *(amount(row[figure]) for figure in figures)] for row in rows]


def _exceeded_table(
    rows: Sequence[Mapping[str, Any]], names: Mapping[UUID, str]
) -> tuple[list[Column], list[list[Cell | str]]]:
    columns = [
        Column(_("Recipient")),
        Column(_("At most"), number=True),
        Column(_("Held and granted"), number=True),
    ]
    return columns, [
        [_recipient(row, names), amount(row["ceiling_cents"]), amount(row["used_cents"])] for row in rows
    ]


def _recipient(row: Mapping[str, Any], names: Mapping[UUID, str]) -> Cell:
    return Cell(names.get(UUID(row["identity"]), row["identity"]), note=coded("limit", row["kind"]))


def _entry_table(
    rows: Sequence[AidEntry], names: Mapping[UUID, str]
) -> tuple[list[Column], list[list[Cell | str]]]:
    columns = [
        Column(_("Recipient")), Column(_("Amount in EUR"), number=True), Column(_("Granted")), Column(_("Due")),
        Column(_("Standing")),
    ]  # fmt: skip
    return columns, [
        [
            Cell(
                names.get(row.organisation, ""), href=f"/aid-entries/{row.id}", note=coded("limit", row.kind)
            ),
            amount(row.amount_cents),
            short_day(row.granted_on),
            short_day(row.due_on),
            Cell(tag=_tag(row)),
        ]
        for row in rows
    ]


def _tag(row: AidEntry) -> Tag:
    return Tag(state_word("aid_entry", row.state), "good" if row.state == "registered" else "wait")
