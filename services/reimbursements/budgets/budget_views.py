"""Budget lines with what the ledger holds on them and who waits for money, and the accounts of payees."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
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
from services.chassis.web.look.values import amount, short_day
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import state_word
from services.chassis.web.who import Who
from services.reimbursements.budgets.reservations import LIVE
from services.reimbursements.kinds import budgets
from services.reimbursements.ledger.posting import totals
from services.reimbursements.ledger.tables import Account
from services.reimbursements.models import Budget, Case, Reservation
from services.reimbursements.reading import (
    PAGE,
    Limit,
    acts_of,
    case_link,
    further,
    names_of,
    newest,
    partnerships_of,
    visible,
)


def budget_views(service: Service) -> APIRouter:
    """Routes that read budget lines."""
    router, database, pages = APIRouter(), service.database, service.pages

    @router.get("/api/v1/budgets", tags=["budget"])
    async def budgets_json(
        actor: Who, after: UUID | None = None, limit: Limit = PAGE
    ) -> list[dict[str, Any]]:
        async with database.transaction() as tx:
            rows = await newest(tx, budgets, actor, after, limit)
            sums = await totals(tx.session, [row.id for row in rows])
        return [_budget_json(row, sums) for row in rows]

    @router.get("/api/v1/budgets/{id}", tags=["budget"])
    async def budget_json(actor: Who, id: UUID) -> dict[str, Any]:
        """A line with the balance of each of its accounts, in cents."""
        async with database.transaction() as tx:
            row = await visible(tx, budgets, actor, id)
            sums = await totals(tx.session, [row.id])
        return _budget_json(row, sums)

    @router.get("/budgets", include_in_schema=False)
    async def budgets_page(request: Request, actor: Who, after: UUID | None = None) -> Response:
        async with database.transaction() as tx:
            rows = await newest(tx, budgets, actor, after, PAGE)
            sums = await totals(tx.session, [row.id for row in rows])
            names = await names_of(tx, (row.member for row in rows))
        with reading(pages.context(request)):
            columns, shown = _line_table(rows, sums, names)
        return pages.page(
            request, "budgets.html", columns=columns, rows=shown, next=further(rows, PAGE),
            may_open=bool(actor.scopes("coordinator")),
        )  # fmt: skip

    @router.get("/budgets/{id}", include_in_schema=False)
    async def budget_page(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            line = await visible(tx, budgets, actor, id)
            sums = (await totals(tx.session, [line.id]))[line.id]
            names = await names_of(tx, [line.member])
            live = await _live(tx, line)
        with reading(pages.context(request)):
            columns, shown = _reservation_table(live, partial(case_link, actor, line))
            acts = acts_of(budgets, line, actor)
        return pages.page(
            request, "budget.html", line=line, sums=sums, member=names.get(line.member, ""), acts=acts,
            columns=columns, rows=shown,
        )  # fmt: skip

    return router


async def prepare_line(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """The reader's partnerships and their members, by name."""
    actions = await partnerships_of(tx, actor.scopes("coordinator"))
    names = await names_of(tx, (member for action in actions for member in action.members))
    choices = {
        "partnership": [(str(action.id), action.name) for action in actions],
        "member": sorted(((str(id), name) for id, name in names.items()), key=lambda pair: pair[1]),
    }
    return Prepared(values=query, choices=choices)


def _line_table(
    rows: Sequence[Budget], sums: Mapping[UUID, Mapping[Account, int]], names: Mapping[UUID, str]
) -> tuple[list[Column], list[list[Cell | str]]]:
    shown = (Account.AVAILABLE, Account.RESERVED, Account.COMMITTED, Account.DRAWN)
    labels = (_("Allotted"), _("Available"), _("Reserved"), _("Committed"), _("Being paid"), _("Paid"))
    columns = [Column(_("Line")), *(Column(label, number=True) for label in labels)]
    return columns, [
        [
            Cell(row.name, note=names.get(row.member, ""), href=f"/budgets/{row.id}"),
            _allotted(sums[row.id]),
            *(amount(sums[row.id][account]) for account in shown),
            amount(sums[row.id][Account.PAID] + sums[row.id][Account.PAID_OUTSIDE]),
        ]
        for row in rows
    ]


def _allotted(of: Mapping[Account, int]) -> Cell:
    """With what came back and can be granted again, so that the row adds up."""
    back = of[Account.RECOVERED]
    note = _("and %(sum)s that came back") % {"sum": amount(back)} if back else ""
    return Cell(amount(of[Account.ALLOTTED]), note=note)


def _reservation_table(
    rows: Sequence[tuple[Reservation, Case]], link: Callable[[UUID | None], str]
) -> tuple[list[Column], list[list[Cell | str]]]:
    columns = [
        Column(_("Case")),
        Column(_("Exchange")),
        Column(_("Amount in EUR"), number=True),
        Column(_("Since")),
        Column(_("Standing")),
    ]
    return columns, [
        [
            Cell(case.frozen["number"], href=link(case.id)),
            f"{case.frozen['visitor_name']} – {case.frozen['host_name'] or case.frozen.get('title', '')}",
            amount(row.amount_cents),
            short_day(row.queued_at),
            Cell(tag=Tag(state_word("reservation", row.state), "wait" if row.state == "queued" else "plain")),
        ]
        for row, case in rows
    ]


def _budget_json(row: Budget, sums: Mapping[UUID, Mapping[Account, int]]) -> dict[str, Any]:
    return {**row.model_dump(mode="json", exclude={"account"}), "accounts": sums[row.id]}


async def _live(tx: Tx, line: Budget) -> list[tuple[Reservation, Case]]:
    """Who waits for money of this line, in the order of the queue, then whose money is set aside."""
    statement = (
        select(Reservation, Case)
        .join(Case, col(Case.id) == col(Reservation.case_id))
        .where(Reservation.budget == line.id, col(Reservation.state).in_(LIVE))
        .order_by((col(Reservation.state) != "queued"), col(Reservation.queued_at), col(Reservation.id))
        .limit(200)
    )
    return [(row, case) for row, case in (await tx.session.exec(statement)).all()]
