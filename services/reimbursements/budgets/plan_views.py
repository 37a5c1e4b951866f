"""Budgets as a whole: the plan by programme, partnership and member, what stood on an account of a line at any day, and
how a line burns down."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import partial
from typing import Annotated, Any, TypeAlias
from uuid import UUID

from babel.dates import format_skeleton
from fastapi import APIRouter, Depends, Query
from sqlmodel import select
from starlette.requests import Request
from starlette.responses import Response

from contracts.errors import DomainError
from services.chassis.database import Tx
from services.chassis.identity.actor import Actor
from services.chassis.service import Service
from services.chassis.web.look.charts import Series, lines
from services.chassis.web.look.context import reading
from services.chassis.web.look.parts import Cell, Column
from services.chassis.web.look.values import amount, short_day
from services.chassis.web.look.words import coded, locale
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sheet import sheet
from services.reimbursements.budgets.account_statement import AccountStatement, account_statement
from services.reimbursements.budgets.plans import Month, PartnershipPlan, burn_down, plans_of
from services.reimbursements.kinds import budgets
from services.reimbursements.ledger.posting import totals
from services.reimbursements.ledger.tables import CHART, Account
from services.reimbursements.models import Budget
from services.reimbursements.reading import (
    case_link,
    names_of,
    of_reader,
    visible,
)

Asked: TypeAlias = Annotated[date | None, Query()]


def plan_views(service: Service) -> APIRouter:
    """Routes that read plans, statements of accounts and forecasts."""
    router, database, pages, clock = APIRouter(), service.database, service.pages, service.clock
    signed_in = service.reception.actor

    @router.get("/api/v1/budgets/plans", tags=["budget"])
    async def plans_json(actor: Annotated[Actor, Depends(signed_in)]) -> list[dict[str, Any]]:
        """By partnership: the programme's rates, and each member's costs with indirect costs and the funder's part."""
        async with database.transaction() as tx:
            return [_plan_json(one) for one in await _plans(tx, actor)]

    @router.get("/budgets/plans", include_in_schema=False)
    async def plans_page(request: Request, actor: Annotated[Actor, Depends(signed_in)]) -> Response:
        async with database.transaction() as tx:
            found = await _plans(tx, actor)
            names = await names_of(tx, {member.member for one in found for member in one.members})
        with reading(pages.context(request)):
            tables = [(one, *_plan_table(one, names)) for one in found]
        return pages.page(request, "plans.html", tables=tables)

    @router.get("/api/v1/budgets/{id}/statement", tags=["budget"])
    async def statement_json(
        actor: Annotated[Actor, Depends(signed_in)],
        id: UUID,
        account: Account = Account.AVAILABLE,
        since: Asked = None,
        until: Asked = None,
        known_at: datetime | None = None,
    ) -> dict[str, Any]:
        """An account of the line, or of the member that holds it: balances and movements by value date, as they were
        known at an instant (real time). Sums in cents."""
        async with database.transaction() as tx:
            _line, found = await _statement(tx, actor, id, account, since, until, known_at)
        return {
            "account": found.account,
            "opening": found.opening,
            "closing": found.closing,
            "movements": [dict(zip(_HEAD, row, strict=True)) for row in _rows(found)],
        }

    @router.get("/budgets/{id}/statement.csv", include_in_schema=False)
    async def statement_sheet(
        actor: Annotated[Actor, Depends(signed_in)],
        id: UUID,
        account: Account = Account.AVAILABLE,
        since: Asked = None,
        until: Asked = None,
        known_at: datetime | None = None,
    ) -> Response:
        async with database.transaction() as tx:
            line, found = await _statement(tx, actor, id, account, since, until, known_at)
        return sheet(f"{account.lower()}-{line.id}", _HEAD, _rows(found))

    @router.get("/budgets/{id}/statement", include_in_schema=False)
    async def statement_page(
        request: Request,
        actor: Annotated[Actor, Depends(signed_in)],
        id: UUID,
        account: Account = Account.AVAILABLE,
        since: str = "",
        until: str = "",
        known_at: str = "",
    ) -> Response:
        first, last, instant = _day(since, "since"), _day(until, "until"), _instant(known_at)
        async with database.transaction() as tx:
            line, found = await _statement(tx, actor, id, account, first, last, instant)
            accounts = [one for one in Account if await _may_read(actor, line, one)]
        with reading(pages.context(request)):
            columns, rows = _movement_table(found, partial(case_link, actor, line))
        asked = {"account": account, "since": since, "until": until, "known_at": known_at}
        return pages.page(
            request, "account.html", line=line, found=found, accounts=accounts, asked=asked,
            query=request.url.query, columns=columns, rows=rows,
        )  # fmt: skip

    @router.get("/api/v1/budgets/{id}/forecast", tags=["budget"])
    async def forecast_json(actor: Annotated[Actor, Depends(signed_in)], id: UUID) -> list[dict[str, Any]]:
        """By month of the action, in cents: what was left, what is expected to be left, what leaves in that month."""
        async with database.transaction() as tx:
            line = await visible(tx, budgets, actor, id)
            return [vars(month) for month in await burn_down(tx, line, clock.moment().today())]

    @router.get("/budgets/{id}/forecast.csv", include_in_schema=False)
    async def forecast_sheet(actor: Annotated[Actor, Depends(signed_in)], id: UUID) -> Response:
        async with database.transaction() as tx:
            line = await visible(tx, budgets, actor, id)
            months = await burn_down(tx, line, clock.moment().today())
        head = ("month", "left_cents", "expected_cents", "leaving_cents")
        return sheet(
            f"forecast-{line.id}",
            head,
            [(one.last_day, one.left, one.expected, one.leaving) for one in months],
        )

    @router.get("/budgets/{id}/forecast", include_in_schema=False)
    async def forecast_page(
        request: Request, actor: Annotated[Actor, Depends(signed_in)], id: UUID
    ) -> Response:
        async with database.transaction() as tx:
            line = await visible(tx, budgets, actor, id)
            months = await burn_down(tx, line, clock.moment().today())
            allotted = (await totals(tx.session, [line.id]))[line.id][Account.ALLOTTED]
        with reading(pages.context(request)):
            plot = _plot(months, allotted)
        return pages.page(request, "forecast.html", line=line, plot=plot)

    return router


async def _plans(tx: Tx, actor: Actor) -> list[PartnershipPlan]:
    lines_of_reader = (await tx.session.exec(select(Budget).where(of_reader(budgets, actor)))).all()
    return await plans_of(
        tx, lines_of_reader, await totals(tx.session, [line.id for line in lines_of_reader])
    )


async def _statement(
    tx: Tx,
    actor: Actor,
    id: UUID,
    account: Account,
    since: date | None,
    until: date | None,
    known_at: datetime | None,
) -> tuple[Budget, AccountStatement]:
    line = await visible(tx, budgets, actor, id)
    if not await _may_read(actor, line, account):
        raise DomainError("not-found", status=404)
    book = line.id if CHART[account].block == "budget" else line.member
    found = await account_statement(
        tx.session, book, account, since=since or date.min, until=until or date.max, known_at=known_at
    )
    return line, found


async def _may_read(actor: Actor, line: Budget, account: Account) -> bool:
    """Whoever sees the line sees its accounts; the cash of a member is seen by the member's own people only."""
    if CHART[account].block == "budget":
        return True
    return any(actor.may(role, line.member) for role in ("payer", "verifier", "approver", "treasurer"))


def _day(typed: str, name: str) -> date | None:
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError as reason:
        raise DomainError("day-unreadable", name) from reason


def _instant(typed: str) -> datetime | None:
    try:
        instant = datetime.fromisoformat(typed) if typed else None
    except ValueError as reason:
        raise DomainError("day-unreadable", "known_at") from reason
    return instant.replace(tzinfo=UTC) if instant and instant.tzinfo is None else instant


_HEAD = ("value_date", "recorded_at", "act", "case", "claim", "posting", "change_cents", "balance_cents")


def _rows(found: AccountStatement) -> list[tuple[Any, ...]]:
    return [
        (
            one.value_on.isoformat(), one.recorded_at.isoformat(), one.kind, one.case and str(one.case),
            one.claim and str(one.claim), str(one.transaction), one.change, one.balance,
        )
        for one in found.movements
    ]  # fmt: skip


def _movement_table(
    found: AccountStatement, link: Callable[[UUID | None], str]
) -> tuple[list[Column], list[list[Cell | str]]]:
    columns = [
        Column(_("Value date")), Column(_("What happened")),
        Column(_("Change in EUR"), number=True), Column(_("Balance in EUR"), number=True),
    ]  # fmt: skip
    return columns, [
        [
            short_day(one.value_on),
            Cell(
                coded("posting", one.kind.removesuffix("_from_suspense")),
                href=link(one.case),
            ),
            amount(one.change),
            amount(one.balance),
        ]
        for one in found.movements
    ]


def _plan_table(
    plan: PartnershipPlan, names: Mapping[UUID, str]
) -> tuple[list[Column], list[list[Cell | str]], list[str]]:
    labels = (
        _("Own costs"),
        _("Indirect costs"),
        _("Support"),
        _("In all"),
        _("The funder pays"),
        _("Borne itself"),
    )
    columns = [Column(_("Paying member")), *(Column(label, number=True) for label in labels)]
    rows: list[list[Cell | str]] = []
    for one in plan.members:
        note = ", ".join(line.name for line in one.lines)
        figures = (
            one.plan.own,
            one.plan.indirect,
            one.plan.support,
            one.plan.total,
            one.plan.funded,
            one.plan.borne,
        )
        rows.append([Cell(names.get(one.member, ""), note=note), *(amount(figure) for figure in figures)])
    summed = [
        amount(sum(getattr(one.plan, part) for one in plan.members))
        for part in ("own", "indirect", "support")
    ]
    last = [amount(plan.total), amount(plan.granted), amount(plan.total - plan.granted)]
    return columns, rows, [_("Partnership"), *summed, *last]


def _plan_json(plan: PartnershipPlan) -> dict[str, Any]:
    return {
        "partnership": str(plan.id), "name": plan.name, "programme": plan.programme_name,
        "rates": vars(plan.programme), "total_cents": plan.total, "granted_cents": plan.granted,
        "members": [
            {
                "member": str(one.member), "lines": [str(line.id) for line in one.lines],
                "own_cents": one.plan.own, "indirect_cents": one.plan.indirect, "support_cents": one.plan.support,
                "total_cents": one.plan.total, "funded_cents": one.plan.funded,
            }
            for one in plan.members
        ],
    }  # fmt: skip


def _plot(months: Sequence[Month], allotted: int) -> Any:
    last = max(len(months) - 1, 1)
    straight = [round(allotted / 100 * (1 - at / last)) for at in range(len(months))]
    return lines(
        [format_skeleton("yMMM", one.last_day, locale=locale()) for one in months],
        [
            Series(_("Left"), [None if one.left is None else one.left / 100 for one in months]),
            Series(
                _("Left once promises are paid"),
                [None if one.expected is None else one.expected / 100 for one in months],
                planned=True,
            ),
            Series(_("Even use"), straight, planned=True),
        ],
    )
