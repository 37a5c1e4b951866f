"""Batches with their file, and statements with what became of each entry, for those who pay."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, File, UploadFile
from sqlmodel import col, func, select
from starlette.requests import Request
from starlette.responses import Response

from services.chassis.acts.aggregate import Root
from services.chassis.database import Tx
from services.chassis.identity.actor import Actor
from services.chassis.service import Service
from services.chassis.web.faces import Prepared
from services.chassis.web.look.context import reading
from services.chassis.web.look.parts import Cell, Column, Link, Tag, TagKind
from services.chassis.web.look.values import amount, short_day
from services.chassis.web.look.words import coded
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import state_word
from services.chassis.web.who import Who
from services.reimbursements.bank import OF_THE_BANK
from services.reimbursements.batches import file_of, may_be_taken_back
from services.reimbursements.kinds import batches, statements
from services.reimbursements.models import Budget
from services.reimbursements.payment_models import Batch, Payment, Statement, StatementEntry
from services.reimbursements.reading import PAGE, Limit, acts_of, further, names_of, newest, visible

TAGS: Mapping[str, TagKind] = {
    "authorised": "good", "booked": "good", "accepted": "good", "withdrawn": "plain", "refused": "bad",
    "returned": "bad", "suspense": "bad", "payment": "good", "return": "wait", "charge": "plain",
}  # fmt: skip


def payment_views(service: Service) -> APIRouter:
    """Routes that read batches and statements, and the upload of what the bank sends."""
    router, database, pages = APIRouter(), service.database, service.pages

    @router.get("/api/v1/batches", tags=["batch"])
    async def batches_json(
        actor: Who, after: UUID | None = None, limit: Limit = PAGE
    ) -> list[dict[str, Any]]:
        async with database.transaction() as tx:
            rows = await newest(tx, batches, actor, after, limit)
        return [row.model_dump(mode="json") for row in rows]

    @router.get("/api/v1/batches/{id}", tags=["batch"])
    async def batch_json(actor: Who, id: UUID) -> dict[str, Any]:
        async with database.transaction() as tx:
            return (await visible(tx, batches, actor, id)).model_dump(mode="json")

    @router.get("/api/v1/batches/{id}/file", tags=["batch"])
    @router.get("/batches/{id}/file", include_in_schema=False)
    async def batch_file(actor: Who, id: UUID) -> Response:
        """The pain.001 that was authorised: always the same bytes."""
        async with database.transaction() as tx:
            batch = await visible(tx, batches, actor, id)
            content, kept = await file_of(tx, batch)
        service.log.info("payment file downloaded", batch=str(id), by=str(actor.person), sha256=kept.sha256)
        headers = {
            "Content-Disposition": f'attachment; filename="{batch.message_id}.xml"',
            "Cache-Control": "no-store",
        }
        return Response(content, media_type="application/xml", headers=headers)

    @router.get("/batches", include_in_schema=False)
    async def batches_page(request: Request, actor: Who, after: UUID | None = None) -> Response:
        async with database.transaction() as tx:
            rows = await newest(tx, batches, actor, after, PAGE)
            waiting = await _waiting(tx, actor)
            names = await names_of(tx, waiting)
        with reading(pages.context(request)):
            columns, shown = _batch_table(rows)
        return pages.page(
            request, "batches.html", columns=columns, rows=shown, waiting=waiting, names=names,
            next=further(rows, PAGE),
        )  # fmt: skip

    @router.get("/batches/{id}", include_in_schema=False)
    async def batch_page(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            batch = await visible(tx, batches, actor, id)
            rows = await _payments(tx, batch)
            names = await names_of(tx, (row.organisation for row in rows))
            kept = (await file_of(tx, batch))[1] if batch.file_hash else None
        with reading(pages.context(request)):
            shown: dict[str, Any] = {
                **payment_table(batch, rows, names),
                "tag": _tag("batch", batch.state),
                "acts": _acts(batch, rows, actor),
            }
        return pages.page(request, "batch.html", batch=batch, file=kept, **shown)

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
        with reading(pages.context(request)):
            columns, shown = _statement_table(rows)
        return pages.page(request, "statements.html", columns=columns, rows=shown, next=further(rows, PAGE))

    @router.get("/statements/{id}", include_in_schema=False)
    async def statement_page(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            row = await visible(tx, statements, actor, id)
            entries = await _entries(tx, row)
        with reading(pages.context(request)):
            columns, shown = _entry_table(entries)
        return pages.page(request, "statement.html", statement=row, columns=columns, rows=shown)

    @router.post("/api/v1/statements/files", status_code=201, tags=["statement"])
    async def upload(actor: Who, file: Annotated[UploadFile, File()]) -> dict[str, Any]:
        """Takes a file of the bank in; its id is then given to an import or to a batch's read-report."""
        return (await service.files.keep(file, actor.person, takes=OF_THE_BANK)).model_dump()

    return router


async def prepare_proposal(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """The members that the reader pays for, and their lines."""
    members = actor.scopes("treasurer")
    names = await names_of(tx, members)
    lines = await tx.session.exec(select(Budget).where(col(Budget.member).in_(members)).order_by(Budget.name))
    choices = {
        "member": [(str(id), name) for id, name in names.items()],
        "budget": [(str(line.id), line.name) for line in lines.all()],
    }
    return Prepared(values=query, choices=choices)


async def prepare_authorisation(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """Every payment with its control sum, beside the decision."""
    assert isinstance(row, Batch)
    rows = await _payments(tx, row)
    names = await names_of(tx, (payment.organisation for payment in rows))
    return Prepared(beside={"batch": row, **payment_table(row, rows, names)})


def payment_table(batch: Batch, rows: Sequence[Payment], names: Mapping[UUID, str]) -> dict[str, Any]:
    """The payments of a batch above their control sum."""
    return {
        "columns": [
            Column(_("Payment")),
            Column(_("Organisation")),
            Column(_("Amount in EUR"), number=True),
            Column(_("Standing")),
        ],
        "rows": [
            [
                Cell(row.end_to_end_id, href=f"/claims/{row.claim}"),
                names.get(row.organisation, ""),
                amount(row.amount_cents),
                Cell(tag=_tag("payment", row.state)),
            ]
            for row in rows
        ],
        "total": [_("Control sum"), "", amount(batch.sum_cents), ""],
    }


def _batch_table(rows: Sequence[Batch]) -> tuple[list[Column], list[list[Cell | str]]]:
    columns = [
        Column(_("Batch")),
        Column(_("Payments"), number=True),
        Column(_("Sum in EUR"), number=True),
        Column(_("Execution")),
        Column(_("Standing")),
    ]
    return columns, [
        [
            Cell(row.message_id, href=f"/batches/{row.id}"),
            str(row.payments),
            amount(row.sum_cents),
            short_day(row.execution_date),
            Cell(tag=_tag("batch", row.state)),
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


def _entry_table(rows: Sequence[StatementEntry]) -> tuple[list[Column], list[list[Cell | str]]]:
    columns = [
        Column(_("Booked")),
        Column(_("Reference")),
        Column(_("Amount in EUR"), number=True),
        Column(_("Posted as")),
    ]
    return columns, [
        [
            short_day(row.booked_on),
            Cell(row.identity, note=row.end_to_end_id),
            amount(row.cents),
            Cell(tag=Tag(coded("posted", row.posted_as), TAGS[row.posted_as])),
        ]
        for row in rows
    ]


def _acts(batch: Batch, rows: Sequence[Payment], actor: Actor) -> list[Link]:
    """An authorised batch is asked back by one person and withdrawn by another: each sees their own button, and
    nobody one once the bank has paid."""
    acts = acts_of(batches, batch, actor)
    if batch.state != "authorised":
        return acts
    if not may_be_taken_back(rows):
        return [act for act in acts if not act.href.endswith(("/withdraw", "/ask-withdrawal"))]
    not_yet = "withdraw" if batch.asked_by in (None, actor.person) else "ask-withdrawal"
    return [act for act in acts if not act.href.endswith(f"/{not_yet}")]


def _tag(table: str, state: str) -> Tag:
    return Tag(state_word(table, state), TAGS.get(state, "wait"))


async def _payments(tx: Tx, batch: Batch) -> list[Payment]:
    statement = select(Payment).where(Payment.batch == batch.id).order_by(col(Payment.end_to_end_id))
    return list((await tx.session.exec(statement)).all())


async def _entries(tx: Tx, statement: Statement) -> list[StatementEntry]:
    found = select(StatementEntry).where(StatementEntry.statement == statement.id)
    return list((await tx.session.exec(found.order_by(col(StatementEntry.id)))).all())


async def _waiting(tx: Tx, actor: Actor) -> dict[UUID, int]:
    """How many approved payments wait for a batch, by paying member."""
    statement = (
        select(Payment.member, func.count())
        .where(Payment.state == "proposed", col(Payment.member).in_(actor.scopes("treasurer")))
        .group_by(col(Payment.member))
    )
    return dict((await tx.session.exec(statement)).all())
