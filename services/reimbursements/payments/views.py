"""Batches with their payments and their file, for those who pay."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, File, UploadFile
from sqlmodel import col, func, select
from sqlmodel.sql.expression import SelectOfScalar
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
from services.chassis.web.sentences import act_words, state_word
from services.chassis.web.who import Who
from services.reimbursements.kinds import batches
from services.reimbursements.models import Budget
from services.reimbursements.payments.batches import may_be_taken_back
from services.reimbursements.payments.files import Funds, fetched, file_of, funds_of
from services.reimbursements.payments.late import OF_A_LETTER, late
from services.reimbursements.payments.models import Batch, FileDownload, Payment
from services.reimbursements.reading import PAGE, Limit, acts_of, further, names_of, newest, visible

TAGS: Mapping[str, TagKind] = {
    "authorised": "good", "booked": "good", "accepted": "good", "withdrawn": "plain", "refused": "bad",
    "returned": "bad",
}  # fmt: skip


def payment_views(service: Service) -> APIRouter:
    """Routes that read batches."""
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
        """The pain.001 that was authorised: always the same bytes; whoever fetches them is noted."""
        async with database.transaction() as tx:
            batch = await visible(tx, batches, actor, id)
            content = await fetched(tx, batch, actor.person, service.clock.moment())
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
            overdue = await late(tx, actor.scopes("treasurer"), service.clock.moment().today())
            names = await names_of(tx, [*waiting, *(one.organisation for one in overdue)])
        with reading(pages.context(request)):
            columns, shown = _batch_table(rows)
            late_columns, late_rows = _late_table(overdue, names, actor)
        return pages.page(
            request, "batches.html", columns=columns, rows=shown, waiting=waiting, names=names,
            next=further(rows, PAGE), late_columns=late_columns, late_rows=late_rows,
        )  # fmt: skip

    @router.get("/api/v1/payments/late", tags=["payment"])
    async def late_json(actor: Who) -> list[dict[str, Any]]:
        """Ordered payments that the bank has neither booked nor refused three TARGET days after their execution."""
        async with database.transaction() as tx:
            rows = await late(tx, actor.scopes("treasurer"), service.clock.moment().today())
        return [row.model_dump(mode="json") for row in rows]

    @router.post("/api/v1/payments/files", status_code=201, tags=["payment"])
    async def upload(actor: Who, file: Annotated[UploadFile, File()]) -> dict[str, Any]:
        """Takes the bank's written confirmation in; its id is then given to the act."""
        return (await service.files.keep(file, actor.person, takes=OF_A_LETTER)).model_dump()

    @router.get("/batches/{id}", include_in_schema=False)
    async def batch_page(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            batch = await visible(tx, batches, actor, id)
            rows = await _payments(tx, batch)
            names = await names_of(tx, (row.organisation for row in rows))
            kept = (await file_of(tx, batch))[1] if batch.file_hash else None
            downloads = (await tx.session.exec(_downloads(batch))).all()
            funds = await funds_of(tx, rows)
        with reading(pages.context(request)):
            shown: dict[str, Any] = {
                **payment_table(batch, rows, names),
                "tag": _tag("batch", batch.state),
                "acts": _acts(batch, rows, actor),
                "funds": funds_table(funds),
            }
        return pages.page(
            request, "batch.html", batch=batch, file=kept, downloads=downloads,
            changes=_changes(kept.changes if kept else ()), **shown,
        )  # fmt: skip

    return router


async def prepare_proposal(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """The members that the reader pays for, and their lines."""
    members = actor.scopes("treasurer")
    names = await names_of(tx, members)
    lines = await tx.session.exec(select(Budget).where(col(Budget.member).in_(members)).order_by(Budget.name))
    choices = {
        "member": [(str(id), name) for id, name in names.items()],
        "also": [(str(id), name) for id, name in names.items()],
        "budget": [(str(line.id), line.name) for line in lines.all()],
    }
    return Prepared(values=query, choices=choices)


async def prepare_authorisation(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """Every payment with its control sum, beside the decision."""
    assert isinstance(row, Batch)
    rows = await _payments(tx, row)
    names = await names_of(tx, (payment.organisation for payment in rows))
    funds = funds_table(await funds_of(tx, rows))
    return Prepared(beside={"batch": row, "funds": funds, **payment_table(row, rows, names)})


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
                Cell(note=turned_down(row), tag=_tag("payment", row.state)),
            ]
            for row in rows
        ],
        "total": [_("Control sum"), "", amount(batch.sum_cents), ""],
    }


def turned_down(row: Payment) -> str:
    """Why the bank refused or returned it, with its code; "" if it did neither."""
    code = row.turned_down_for
    return f"{coded('turned_down', code)} ({code})" if code else ""


def funds_table(funds: Sequence[Funds]) -> dict[str, Any]:
    """What each account holds by its last statement, beside what this batch takes from it."""

    def cents(value: int | None) -> str:
        return _("no statement yet") if value is None else amount(value)

    return {
        "columns": [
            Column(_("Account")),
            Column(_("Last statement"), number=True),
            Column(_("Ordered, not booked"), number=True),
            Column(_("Left"), number=True),
            Column(_("This batch"), number=True),
        ],
        "rows": [
            [
                Cell(one.holder, note=one.account, tag=Tag(_("not enough"), "bad") if one.short else None),
                cents(one.balance_cents),
                amount(one.ordered_cents),
                cents(one.left_cents),
                amount(one.batch_cents),
            ]
            for one in funds
        ],
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


def _late_table(
    rows: Sequence[Payment], names: Mapping[UUID, str], actor: Actor
) -> tuple[list[Column], list[list[Cell | str]]]:
    """Each with the button of whose turn it is: the first person's, or the second's."""
    columns = [
        Column(_("Payment")), Column(_("Organisation")), Column(_("Execution")),
        Column(_("Amount in EUR"), number=True), Column(_("What to do")),
    ]  # fmt: skip
    return columns, [
        [
            Cell(row.end_to_end_id, href=f"/batches/{row.batch}"),
            names.get(row.organisation, ""),
            short_day(row.execution_date) if row.execution_date else "",
            amount(row.amount_cents),
            Cell(button=_late_button(row, actor)),
        ]
        for row in rows
    ]


def _late_button(row: Payment, actor: Actor) -> Link:
    name = "deny" if row.denied_by in (None, actor.person) else "confirm_denial"
    return Link(act_words("payment", name).button, f"/payments/{row.id}/{name.replace('_', '-')}")


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


def _changes(found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Each text that was changed once, with the places where it stands."""
    grouped: dict[tuple[str, str, bool], list[str]] = {}
    for one in found:
        grouped.setdefault((one["original"], one["written"], one["cut"]), []).append(one["where"])
    return [
        {"original": original, "written": written, "cut": cut, "places": ", ".join(dict.fromkeys(places))}
        for (original, written, cut), places in grouped.items()
    ]


def _tag(table: str, state: str) -> Tag:
    return Tag(state_word(table, state), TAGS.get(state, "wait"))


async def _payments(tx: Tx, batch: Batch) -> list[Payment]:
    statement = select(Payment).where(Payment.batch == batch.id).order_by(col(Payment.end_to_end_id))
    return list((await tx.session.exec(statement)).all())


def _downloads(batch: Batch) -> SelectOfScalar[FileDownload]:
    return (
        select(FileDownload)
        .where(FileDownload.batch == batch.id)
        .order_by(col(FileDownload.id).desc())
        .limit(20)
    )


async def _waiting(tx: Tx, actor: Actor) -> dict[UUID, int]:
    """How many approved payments wait for a batch, by paying member."""
    statement = (
        select(Payment.member, func.count())
        .where(Payment.state == "proposed", col(Payment.member).in_(actor.scopes("treasurer")))
        .group_by(col(Payment.member))
    )
    return dict((await tx.session.exec(statement)).all())
