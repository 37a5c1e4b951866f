"""A member's months as finance reads them: what stands in the way of closing one, its report, its export; and the
report of a day."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Literal, TypeAlias
from uuid import UUID

from fastapi import APIRouter, Query
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from contracts.errors import DomainError
from services.chassis.acts.aggregate import Root
from services.chassis.database import Tx
from services.chassis.identity.actor import Actor
from services.chassis.service import Service
from services.chassis.web.faces import Prepared
from services.chassis.web.look.context import reading
from services.chassis.web.look.parts import Cell, Column, Tag, TagKind
from services.chassis.web.look.values import month, short_day
from services.chassis.web.look.words import coded
from services.chassis.web.look.words import gettext as _
from services.chassis.web.papers import Paper, attached
from services.chassis.web.sentences import refusal, state_word
from services.chassis.web.who import Who
from services.reimbursements.ledger.verify import chain_head
from services.reimbursements.periods.books import Change, content_of, fields
from services.reimbursements.periods.closing import obstacles
from services.reimbursements.periods.figures import Figures, day_of, figures_of, month_of
from services.reimbursements.periods.kinds import books_exports, charts, periods
from services.reimbursements.periods.models import BooksExport, Chart, Period
from services.reimbursements.periods.reports import day_report, month_report
from services.reimbursements.reading import PAGE, Limit, acts_of, further, names_of, newest, visible

FINANCE = ("approver", "treasurer")
READERS = ("payer", "verifier", *FINANCE)
TAGS: Mapping[str, TagKind] = {"open": "plain", "proposed": "wait", "closed": "good"}
Ending: TypeAlias = Literal["pdf", "xlsx"]


def period_views(service: Service) -> APIRouter:
    """Routes that read months, finance reports and exports."""
    router, database, pages, clock = APIRouter(), service.database, service.pages, service.clock

    @router.get("/api/v1/periods", tags=["period"])
    async def periods_json(
        actor: Who, after: UUID | None = None, limit: Limit = PAGE
    ) -> list[dict[str, Any]]:
        async with database.transaction() as tx:
            return [_json(row) for row in await newest(tx, periods, actor, after, limit)]

    @router.get("/api/v1/periods/day", tags=["period"])
    async def day_json(actor: Who, member: UUID, day: date) -> dict[str, Any]:
        """The finance report of a day, as the page shows it."""
        _must_read(actor, member)
        async with database.transaction() as tx:
            return _figures_json(await figures_of(tx, day_of(member, day)))

    @router.get("/api/v1/periods/{id}", tags=["period"])
    async def period_json(actor: Who, id: UUID) -> dict[str, Any]:
        """One month, and what stands in the way of closing it."""
        async with database.transaction() as tx:
            row = await visible(tx, periods, actor, id)
            found = [] if row.state == "closed" else await obstacles(tx, row, clock.moment().today())
        return {**_json(row), "obstacles": [one.slug for one in found]}

    @router.get("/api/v1/periods/{id}/report", tags=["period"])
    async def report_json(actor: Who, id: UUID) -> dict[str, Any]:
        """The finance report of a month: movements by budget line and of the member's cash, in cents."""
        async with database.transaction() as tx:
            row = await visible(tx, periods, actor, id)
            return _figures_json(await figures_of(tx, month_of(row)))

    @router.get("/api/v1/books-exports", tags=["books_export"])
    async def exports_json(
        actor: Who, after: UUID | None = None, limit: Limit = PAGE
    ) -> list[dict[str, Any]]:
        async with database.transaction() as tx:
            rows = await newest(tx, books_exports, actor, after, limit)
        return [row.model_dump(mode="json", exclude={"content"}) for row in rows]

    @router.get("/api/v1/charts", tags=["chart"])
    async def charts_json(actor: Who) -> list[dict[str, Any]]:
        async with database.transaction() as tx:
            return [row.model_dump(mode="json") for row in await newest(tx, charts, actor, None, PAGE)]

    @router.get("/periods", include_in_schema=False)
    async def periods_page(request: Request, actor: Who, after: UUID | None = None) -> Response:
        async with database.transaction() as tx:
            rows = await newest(tx, periods, actor, after, PAGE)
            drawn = await newest(tx, charts, actor, None, PAGE)
            members = _members(actor)
            names = await names_of(tx, {*members, *(row.member for row in rows)})
        with reading(pages.context(request)):
            columns, shown = _period_table(rows, names)
        return pages.page(
            request, "periods.html", columns=columns, rows=shown, next=further(rows, PAGE),
            may_open=bool(_finance(actor) - {row.member for row in rows}) and not after,
            may_draw=bool(_finance(actor) - {row.member for row in drawn}),
            charts=[(names.get(row.member, ""), f"/charts/{row.id}") for row in drawn],
            days=[(names.get(id, ""), f"/periods/day?member={id}") for id in sorted(members)],
        )  # fmt: skip

    @router.get("/periods/day", include_in_schema=False)
    async def day_page(request: Request, actor: Who, member: UUID, day: str = "") -> Response:
        on = _day(day) or clock.moment().today()
        with reading(pages.context(request)):
            paper = await _day_paper(actor, member, on)
        return pages.page(request, "period_day.html", paper=paper, member=member, day=on)

    @router.get("/periods/day.{ending}", include_in_schema=False)
    async def day_file(
        request: Request, actor: Who, ending: Ending, member: UUID, day: Annotated[date, Query()]
    ) -> Response:
        with reading(pages.context(request)):
            return attached(await _day_paper(actor, member, day), ending)

    @router.get("/periods/{id}", include_in_schema=False)
    async def period_page(request: Request, actor: Who, id: UUID) -> Response:
        with reading(pages.context(request)):
            row, paper = await _month_paper(actor, id)
            async with database.transaction() as tx:
                closed = row.state == "closed"
                found = [] if closed else await obstacles(tx, row, clock.moment().today())
                made = select(BooksExport).where(BooksExport.period == row.id)
                export = (await tx.session.exec(made)).one_or_none()
            shown: dict[str, Any] = {
                "title": month(row.first_day),
                "tag": _tag(row),
                "obstacles": [refusal(one.slug, one.params) for one in found],
                "acts": acts_of(periods, row, actor),
                "may_export": closed and export is None and row.member in _finance(actor),
            }
        own = export if export and row.member in _finance(actor) else None
        return pages.page(request, "period.html", period=row, paper=paper, export=own, **shown)

    @router.get("/periods/{id}/report.{ending}", include_in_schema=False)
    async def period_file(request: Request, actor: Who, id: UUID, ending: Ending) -> Response:
        with reading(pages.context(request)):
            _row, paper = await _month_paper(actor, id)
            return attached(paper, ending)

    @router.get("/books-exports/{id}/file", tags=["books_export"])
    async def export_file(actor: Who, id: UUID) -> Response:
        """The bytes as they were made, every time."""
        async with database.transaction() as tx:
            row = await visible(tx, books_exports, actor, id)
            content = content_of(tx, row)
        headers = {
            "Content-Disposition": f'attachment; filename="books-{row.number:04d}.csv"',
            "Cache-Control": "no-store",
            "Digest": f"sha-256={row.sha256}",
        }
        return Response(content, media_type="text/csv; charset=utf-8", headers=headers)

    @router.get("/charts/{id}", include_in_schema=False)
    async def chart_page(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            row = await visible(tx, charts, actor, id)
            names = await names_of(tx, [row.member])
        with reading(pages.context(request)):
            columns = [Column(_("Account")), Column(_("Number in your books"))]
            shown = [[coded("account", one.value), row.numbers[one.value]] for one in fields()]
            acts = acts_of(charts, row, actor)
        return pages.page(
            request, "chart.html", chart=row, member=names.get(row.member, ""), columns=columns, rows=shown,
            acts=acts,
        )  # fmt: skip

    async def _month_paper(actor: Actor, id: UUID) -> tuple[Period, Paper]:
        async with database.transaction() as tx:
            row = await visible(tx, periods, actor, id)
            names = await names_of(tx, [row.member])
            figures = await figures_of(tx, month_of(row))
            head = row.chain_head or await chain_head(tx.session)
            return row, month_report(tx, row, figures, names.get(row.member, ""), head, clock.now())

    async def _day_paper(actor: Actor, member: UUID, day: date) -> Paper:
        _must_read(actor, member)
        async with database.transaction() as tx:
            names = await names_of(tx, [member])
            figures = await figures_of(tx, day_of(member, day))
            head = await chain_head(tx.session)
            return day_report(tx, figures, names.get(member, ""), head, clock.now())

    return router


async def prepare_open(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """The members for whom the reader is in finance."""
    names = await names_of(tx, _finance(actor))
    return Prepared(values=dict(query), choices={"member": [(str(id), name) for id, name in names.items()]})


async def prepare_chart(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """The same, with the numbers that stand."""
    prepared = await prepare_open(tx, row, actor, query)
    numbers = row.numbers if isinstance(row, Chart) else {}
    stand = {name: numbers.get(name.upper(), "") for name in Change.model_fields}
    return Prepared(values={**stand, **query}, choices=prepared.choices)


async def prepare_export(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """Closed months that were not exported yet."""
    made = select(BooksExport.period)
    found = select(Period).where(
        col(Period.member).in_(_finance(actor)), Period.state == "closed", col(Period.id).not_in(made)
    )
    rows = (await tx.session.exec(found.order_by(col(Period.first_day)))).all()
    names = await names_of(tx, (row.member for row in rows))
    choices = [(str(row.id), f"{month(row.first_day)}, {names.get(row.member, '')}") for row in rows]
    return Prepared(values=dict(query), choices={"period": choices})


def _period_table(
    rows: Sequence[Period], names: Mapping[UUID, str]
) -> tuple[list[Column], list[list[Cell | str]]]:
    columns = [
        Column(_("Month")), Column(_("Member")), Column(_("Postings"), number=True), Column(_("Closed")),
        Column(_("Standing")),
    ]  # fmt: skip
    return columns, [
        [
            Cell(month(row.first_day), href=f"/periods/{row.id}"),
            names.get(row.member, ""),
            str(row.postings) if row.closed_at else "",
            short_day(row.closed_at) if row.closed_at else "",
            Cell(tag=_tag(row)),
        ]
        for row in sorted(rows, key=lambda row: row.first_day, reverse=True)
    ]


def _tag(row: Period) -> Tag:
    return Tag(state_word("period", row.state), TAGS[row.state])


def _finance(actor: Actor) -> set[UUID]:
    return {scope for role in FINANCE for scope in actor.scopes(role)}


def _members(actor: Actor) -> set[UUID]:
    return {scope for role in READERS for scope in actor.scopes(role)}


def _must_read(actor: Actor, member: UUID) -> None:
    if member not in _members(actor):
        raise DomainError("not-found", status=404)


def _day(given: str) -> date | None:
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        raise DomainError("day-unreadable", "day") from None


def _json(row: Period) -> dict[str, Any]:
    return row.model_dump(mode="json", exclude={"proposed_by", "closed_by", "snapshot"})


def _figures_json(figures: Figures) -> dict[str, Any]:
    return {
        "first_day": figures.span.first_day,
        "last_day": figures.span.last_day,
        "books": {
            str(book): {
                account: {**vars(one), "closing": one.closing} for account, one in accounts.items()
            }
            for book, accounts in figures.movements.items()
        },
        "bank": [
            {"account": str(one.account.id), "ledger": one.ledger_cents, "difference": one.difference}
            for one in figures.accounts
        ],
        "open": [
            {"account": one.account, "of": one.label, "since": one.since, "cents": one.cents}
            for one in figures.open_items
        ],
    }  # fmt: skip
