"""The State aid of one case: what the recipient may still get, for whoever decides, and who has to declare."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from contracts.errors import NotKnownYet
from contracts.programmes import AidBasis, aid_bases
from services.chassis.database import Tx
from services.chassis.identity.actor import Actor
from services.chassis.service import Service
from services.chassis.web.look.context import reading
from services.chassis.web.look.parts import Cell, Column, Link, Tag
from services.chassis.web.look.values import amount, days, short_day
from services.chassis.web.look.words import coded
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import state_word
from services.reimbursements.budgets.aid_checks import Outlook, outlooks
from services.reimbursements.budgets.limit_models import AidCheck, AidDeclaration
from services.reimbursements.budgets.limits import declared_for
from services.reimbursements.kinds import aid_checks
from services.reimbursements.models import Case
from services.reimbursements.reading import PAGE, Limit, names_of, newest, visible


def aid_check_views(service: Service) -> APIRouter:
    """Routes that read what a case needs of State aid."""
    router, database, pages = APIRouter(), service.database, service.pages
    signed_in = service.reception.actor

    async def limits_of_case(tx: Tx, row: AidCheck) -> tuple[Case, list[Outlook]]:
        case = await tx.found(Case, row.case_id)
        try:
            return case, await outlooks(tx, case, service.clock.moment())
        except NotKnownYet:
            return case, []

    @router.get("/api/v1/aid-checks", tags=["aid_check"])
    async def checks_json(
        actor: Annotated[Actor, Depends(signed_in)], after: UUID | None = None, limit: Limit = PAGE
    ) -> list[dict[str, Any]]:
        async with database.transaction() as tx:
            return [row.model_dump(mode="json") for row in await newest(tx, aid_checks, actor, after, limit)]

    @router.get("/api/v1/aid-checks/{id}", tags=["aid_check"])
    async def check_json(actor: Annotated[Actor, Depends(signed_in)], id: UUID) -> dict[str, Any]:
        """With every limit of the case in cents, what is left of it, what the case holds; none before a declaration."""
        async with database.transaction() as tx:
            row = await visible(tx, aid_checks, actor, id)
            case, limits = await limits_of_case(tx, row)
        return {
            **row.model_dump(mode="json"),
            "amount_cents": case.amount_cents,
            "limits": [
                {
                    "kind": one.limit.kind, "ceiling_cents": one.limit.ceiling_cents, "left_cents": one.left_cents,
                    "own_cents": one.own_cents, "enough": one.allows(case.amount_cents),
                }
                for one in limits
            ],
        }  # fmt: skip

    @router.get("/aid-checks/{id}", include_in_schema=False)
    async def check_page(request: Request, actor: Annotated[Actor, Depends(signed_in)], id: UUID) -> Response:
        async with database.transaction() as tx:
            row = await visible(tx, aid_checks, actor, id)
            case, limits = await limits_of_case(tx, row)
            declared = await declared_for(tx, row.identity, row.member_state)
            names = await names_of(tx, [row.organisation])
        mine = row.organisation in actor.scopes("member")
        with reading(pages.context(request)):
            table, tag = _limit_table(limits, case.amount_cents), _tag(row)
            ground = _ground(aid_bases()[row.basis], declared)
            declare = _declare(row) if mine and row.state == "asked" else None
        return pages.page(
            request, "aid_check.html", check=row, case=case, name=names.get(row.organisation, ""), tag=tag,
            table=table, ground=ground, declare=declare,
        )  # fmt: skip

    return router


def _limit_table(limits: Sequence[Outlook], asked: int) -> tuple[list[Column], list[list[Cell | str]]]:
    labels = (_("At most"), _("Left"), _("Held for this case"))
    columns = [Column(_("Limit")), *(Column(label, number=True) for label in labels), Column(_("Enough?"))]
    return columns, [
        [
            coded("limit", one.limit.kind),
            amount(one.limit.ceiling_cents),
            amount(one.left_cents),
            amount(one.own_cents),
            Cell(tag=Tag(_("enough"), "good") if one.allows(asked) else Tag(_("too little is left"), "bad")),
        ]
        for one in limits
    ]


def _ground(basis: AidBasis, declared: AidDeclaration | None) -> list[tuple[str, str | Cell]]:
    """On what the aid rests, as pairs of a name and a value."""
    rows: list[tuple[str, str | Cell]] = [
        (_("Basis"), Cell(coded("limit", basis.name), note=basis.source)),
        (_("In force"), days(basis.since, basis.until)),
    ]
    if declared is not None:
        made = Cell(short_day(declared.declared_at.date()), href=f"/aid-declarations/{declared.id}")
        rows += [(_("Declared"), made), (_("NACE code"), declared.nace)]
    return rows


def _declare(row: AidCheck) -> Link:
    query = f"organisation={row.organisation}&member_state={row.member_state}"
    return Link(_("Make the declaration"), f"/aid-declarations/make?{query}")


def _tag(row: AidCheck) -> Tag:
    return Tag(state_word("aid_check", row.state), "wait" if row.state == "asked" else "good")
