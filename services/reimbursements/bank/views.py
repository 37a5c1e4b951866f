"""Statements with what became of each entry, and what waits in suspense for an explanation, for those who pay."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, File, UploadFile
from sqlalchemy import and_, or_
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from services.chassis.acts.aggregate import Root
from services.chassis.database import Tx
from services.chassis.identity.actor import Actor
from services.chassis.many import among
from services.chassis.service import Service
from services.chassis.web.faces import Prepared
from services.chassis.web.look.context import reading
from services.chassis.web.look.parts import Cell, Column, Tag, TagKind
from services.chassis.web.look.values import amount, short_day
from services.chassis.web.look.words import coded
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import state_word
from services.chassis.web.who import Who
from services.reimbursements.bank.models import Statement, StatementEntry, SuspenseLine
from services.reimbursements.bank.statements import OF_THE_BANK
from services.reimbursements.kinds import advices, statements, suspense
from services.reimbursements.payments.held import NOT_PAID, held_by
from services.reimbursements.payments.models import Payment
from services.reimbursements.payments.payments import OPEN
from services.reimbursements.reading import PAGE, Limit, acts_of, further, newest, visible
from services.reimbursements.vault import Vault

TAGS: Mapping[str, TagKind] = {
    "suspense": "bad", "payment": "good", "return": "wait", "charge": "plain", "repayment": "good",
    "open": "bad", "explained": "wait", "settled": "good",
}  # fmt: skip
HIDDEN = {"told"}


def bank_views(service: Service) -> APIRouter:
    """Routes that read statements and lines in suspense, and the upload of what the bank sends."""
    router, database, pages = APIRouter(), service.database, service.pages

    @router.get("/api/v1/statements", tags=["statement"])
    async def statements_json(
        actor: Who, after: UUID | None = None, limit: Limit = PAGE
    ) -> list[dict[str, Any]]:
        async with database.transaction() as tx:
            rows = await newest(tx, statements, actor, after, limit)
        return [row.model_dump(mode="json") for row in rows]

    @router.get("/api/v1/statements/{id}", tags=["statement"])
    async def statement_json(actor: Who, id: UUID) -> dict[str, Any]:
        """One statement, and what each of its booked entries was posted as."""
        async with database.transaction() as tx:
            row = await visible(tx, statements, actor, id)
            entries = await _entries(tx, row)
        return {**row.model_dump(mode="json"), "lines": [one.model_dump(mode="json") for one in entries]}

    @router.get("/statements", include_in_schema=False)
    async def statements_page(request: Request, actor: Who, after: UUID | None = None) -> Response:
        async with database.transaction() as tx:
            rows = await newest(tx, statements, actor, after, PAGE)
            open_lines = await newest(tx, suspense, actor, None, PAGE, col(SuspenseLine.state) != "settled")
        with reading(pages.context(request)):
            columns, shown = _statement_table(rows)
            line_columns, lines = _suspense_table(open_lines)
        return pages.page(
            request, "statements.html", columns=columns, rows=shown, next=further(rows, PAGE),
            line_columns=line_columns, lines=lines,
        )  # fmt: skip

    @router.get("/statements/{id}", include_in_schema=False)
    async def statement_page(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            row = await visible(tx, statements, actor, id)
            entries = await _entries(tx, row)
            waiting = select(SuspenseLine.identity, SuspenseLine.id).where(SuspenseLine.statement == id)
            lines = dict((await tx.session.exec(waiting)).all())
        with reading(pages.context(request)):
            columns, shown = _entry_table(entries, lines)
        return pages.page(request, "statement.html", statement=row, columns=columns, rows=shown)

    @router.get("/api/v1/advices/{id}", tags=["advice"])
    async def advice_json(actor: Who, id: UUID) -> dict[str, Any]:
        async with database.transaction() as tx:
            return (await visible(tx, advices, actor, id)).model_dump(mode="json")

    @router.get("/advices/{id}", include_in_schema=False)
    async def advice_page(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            row = await visible(tx, advices, actor, id)
        return pages.page(request, "advice.html", advice=row)

    @router.get("/api/v1/suspense", tags=["suspense"])
    async def suspense_json(
        actor: Who, after: UUID | None = None, limit: Limit = PAGE
    ) -> list[dict[str, Any]]:
        async with database.transaction() as tx:
            rows = await newest(tx, suspense, actor, after, limit)
        return [row.model_dump(mode="json", exclude=HIDDEN) for row in rows]

    @router.get("/api/v1/suspense/{id}", tags=["suspense"])
    async def line_json(actor: Who, id: UUID) -> dict[str, Any]:
        """One line, without what the bank wrote of the other side."""
        async with database.transaction() as tx:
            return (await visible(tx, suspense, actor, id)).model_dump(mode="json", exclude=HIDDEN)

    @router.get("/suspense/{id}", include_in_schema=False)
    async def line_page(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            line = await visible(tx, suspense, actor, id)
            told, named, held = _told(tx, line), await _named(tx, line), await held_by(tx, line.id)
        with reading(pages.context(request)):
            tag = Tag(state_word("suspense", line.state), TAGS[line.state])
            acts = acts_of(suspense, line, actor)
        return pages.page(
            request, "suspense.html", line=line, told=told, named=named, held=held, tag=tag, acts=acts
        )

    @router.post("/api/v1/statements/files", status_code=201, tags=["statement"])
    async def upload(actor: Who, file: Annotated[UploadFile, File()]) -> dict[str, Any]:
        """Takes a file of the bank in; its id is then given to an import or to a batch's read-report."""
        return (await service.files.keep(file, actor.person, takes=OF_THE_BANK)).model_dump()

    return router


async def prepare_line(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """The entry, and the payments of its account that may be what it is."""
    assert isinstance(row, SuspenseLine)
    states = OPEN if row.cents < 0 else ("booked",)
    named = await _named(tx, row)
    not_paid = and_(among(Payment.end_to_end_id, named.split()), col(Payment.state).in_(NOT_PAID))
    candidates = (
        select(Payment)
        .where(Payment.account == row.account, or_(col(Payment.state).in_(states), not_paid))
        .order_by(col(Payment.end_to_end_id).desc())
        .limit(PAGE)
    )
    rows = (await tx.session.exec(candidates)).all()
    columns = [
        Column(_("Payment")),
        Column(_("Amount in EUR"), number=True),
        Column(_("Due")),
        Column(_("Standing")),
    ]
    shown = [
        [
            one.end_to_end_id, amount(one.amount_cents), short_day(one.due_on), state_word("payment", one.state)
        ]
        for one in rows
    ]  # fmt: skip
    return Prepared(
        values={"payments": named.replace(" ", "\n"), **query},
        beside={"line": row, "told": _told(tx, row), "named": named, "columns": columns, "rows": shown},
    )


def _told(tx: Tx, line: SuspenseLine) -> str:
    """What the bank wrote of the other side; empty once it was blanked."""
    return tx.tool(Vault).open(line.told, line.id, under=line.member).decode() if line.told else ""


async def _named(tx: Tx, line: SuspenseLine) -> str:
    """The end-to-end ids that the bank gives with the entry."""
    entry = select(StatementEntry.end_to_end_id).where(
        StatementEntry.account == line.account, StatementEntry.identity == line.identity
    )
    return (await tx.session.exec(entry)).one()


def _suspense_table(rows: Sequence[SuspenseLine]) -> tuple[list[Column], list[list[Cell | str]]]:
    columns = [
        Column(_("Booked")), Column(_("Why it waits")), Column(_("Amount in EUR"), number=True),
        Column(_("Standing")),
    ]  # fmt: skip
    return columns, [
        [
            short_day(row.booked_on),
            Cell(coded("why", row.why), href=f"/suspense/{row.id}"),
            amount(row.cents),
            Cell(tag=Tag(state_word("suspense", row.state), TAGS[row.state])),
        ]
        for row in rows
    ]


def _statement_table(rows: Sequence[Statement]) -> tuple[list[Column], list[list[Cell | str]]]:
    columns = [
        Column(_("Statement")),
        Column(_("Booked to")),
        Column(_("Entries"), number=True),
        Column(_("Opening in EUR"), number=True),
        Column(_("Closing in EUR"), number=True),
    ]
    return columns, [
        [
            Cell(row.statement_id, href=f"/statements/{row.id}"),
            short_day(row.booked_to),
            str(row.entries),
            amount(row.opening_cents),
            amount(row.closing_cents),
        ]
        for row in rows
    ]


def _entry_table(
    rows: Sequence[StatementEntry], lines: Mapping[str, UUID]
) -> tuple[list[Column], list[list[Cell | str]]]:
    columns = [
        Column(_("Booked")),
        Column(_("Reference")),
        Column(_("Amount in EUR"), number=True),
        Column(_("Posted as")),
    ]
    return columns, [
        [
            short_day(row.booked_on),
            Cell(row.identity, note=row.end_to_end_id, href=_line_of(row, lines)),
            amount(row.cents),
            Cell(tag=Tag(coded("posted", row.posted_as), TAGS[row.posted_as])),
        ]
        for row in rows
    ]


def _line_of(entry: StatementEntry, lines: Mapping[str, UUID]) -> str:
    return f"/suspense/{lines[entry.identity]}" if entry.identity in lines else ""


async def _entries(tx: Tx, statement: Statement) -> list[StatementEntry]:
    found = select(StatementEntry).where(StatementEntry.statement == statement.id)
    return list((await tx.session.exec(found.order_by(col(StatementEntry.position)))).all())
