"""Cases in danger of missing the end of the action, and the late payments that two people decide on."""

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
from services.reimbursements.claims.after_end import OWED, AtRisk, at_risk
from services.reimbursements.kinds import budgets, late_payments
from services.reimbursements.models import Budget, Claim
from services.reimbursements.reading import PAGE, Limit, acts_of, newest, of_reader, visible

TAGS: Mapping[str, TagKind] = {"asked": "wait", "consented": "good", "refused": "bad"}


def after_end_views(service: Service) -> APIRouter:
    """Routes that read what may come too late."""
    router, database, pages, clock = APIRouter(), service.database, service.pages, service.clock
    signed_in = service.reception.actor

    @router.get("/api/v1/budgets/at-risk", tags=["budget"])
    async def risks_json(actor: Annotated[Actor, Depends(signed_in)]) -> list[dict[str, Any]]:
        """Cases whose money may leave only after the end of the action, or within a month before it."""
        async with database.transaction() as tx:
            return [vars(one) for one in await _risks(tx, actor)]

    @router.get("/budgets/at-risk", include_in_schema=False)
    async def risks_page(request: Request, actor: Annotated[Actor, Depends(signed_in)]) -> Response:
        async with database.transaction() as tx:
            found = await _risks(tx, actor)
        with reading(pages.context(request)):
            columns, rows = _table(found)
        may_ask = bool(actor.scopes("approver") | actor.scopes("treasurer"))
        return pages.page(request, "at_risk.html", columns=columns, rows=rows, may_ask=may_ask)

    async def _risks(tx: Tx, actor: Actor) -> list[AtRisk]:
        lines = (await tx.session.exec(select(Budget.id).where(of_reader(budgets, actor)))).all()
        return await at_risk(tx, lines, clock.moment().today())

    @router.get("/api/v1/late-payments", tags=["late_payment"])
    async def late_json(
        actor: Annotated[Actor, Depends(signed_in)], after: UUID | None = None, limit: Limit = PAGE
    ) -> list[dict[str, Any]]:
        async with database.transaction() as tx:
            rows = await newest(tx, late_payments, actor, after, limit)
        return [row.model_dump(mode="json") for row in rows]

    @router.get("/late-payments/{id}", include_in_schema=False)
    async def late_page(request: Request, actor: Annotated[Actor, Depends(signed_in)], id: UUID) -> Response:
        async with database.transaction() as tx:
            row = await visible(tx, late_payments, actor, id)
            claim = await tx.found(Claim, row.claim)
        with reading(pages.context(request)):
            acts = acts_of(late_payments, row, actor)
            tag = Tag(state_word("late_payment", row.state), TAGS[row.state])
        return pages.page(request, "late_payment.html", late=row, claim=claim, acts=acts, tag=tag)

    return router


async def prepare_late(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """The reader's open claims, by number."""
    members = actor.scopes("approver") | actor.scopes("treasurer")
    statement = select(Claim.id, Claim.number, Claim.amount_cents).where(
        col(Claim.payer).in_(members), col(Claim.state).in_(OWED)
    )
    rows = (await tx.session.exec(statement.order_by(col(Claim.number)).limit(200))).all()
    choices = [(str(id), f"{number}: {amount(cents)} EUR") for id, number, cents in rows]
    return Prepared(values=query, choices={"claim": choices})


def _table(found: Sequence[AtRisk]) -> tuple[list[Column], list[list[Cell | str]]]:
    columns = [
        Column(_("Case")), Column(_("Amount in EUR"), number=True), Column(_("Last day to pay")),
        Column(_("End of the action")), Column(_("Late payment")),
    ]  # fmt: skip
    return columns, [
        [
            Cell(one.number, href=f"/cases/{one.case}"),
            amount(one.held_cents),
            short_day(one.pay_by),
            short_day(one.action_end),
            Cell(state_word("late_payment", one.late), href=f"/late-payments/{one.request}")
            if one.late
            else "",
        ]
        for one in found
    ]
