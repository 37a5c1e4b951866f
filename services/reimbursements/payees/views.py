"""Accounts of payees, their numbers masked; and the lists that they are compared with, for those who check them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, File, UploadFile
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from services.chassis.acts.aggregate import Root
from services.chassis.database import Tx
from services.chassis.identity.actor import Actor
from services.chassis.service import Service
from services.chassis.web.faces import Prepared
from services.chassis.web.look.context import reading
from services.chassis.web.look.parts import Column, Link, Tag
from services.chassis.web.look.values import short_day
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import state_word
from services.chassis.web.who import Who
from services.reimbursements.banking.iban import grouped, masked
from services.reimbursements.kinds import payees, sanctions_lists, staff_lists
from services.reimbursements.payees.models import Payee, PayeeVersion
from services.reimbursements.reading import PAGE, Limit, acts_of, names_of, newest, visible
from services.reimbursements.vault import Vault

UNSAID = {
    "key", "iban_cipher", "iban_hash", "bic_cipher", "members", "entered_by", "contact", "checked_by", "remark",
    "excuse", "excused_by", "released_by", "hits", "screened_by", "cleared_by", "cleared_because",
}  # fmt: skip
"""Columns of a payee that a machine is not told."""


def payee_views(service: Service) -> APIRouter:
    """Routes that read payees and lists, and the upload of a list."""
    router, database, pages = APIRouter(), service.database, service.pages

    @router.get("/api/v1/payees", tags=["payee"])
    async def payees_json(actor: Who, after: UUID | None = None, limit: Limit = PAGE) -> list[dict[str, Any]]:
        """Accounts that the reader gave or may check, their numbers masked."""
        async with database.transaction() as tx:
            return [_payee_json(row) for row in await newest(tx, payees, actor, after, limit)]

    @router.get("/api/v1/payees/{id}", tags=["payee"])
    async def payee_json(actor: Who, id: UUID) -> dict[str, Any]:
        async with database.transaction() as tx:
            return _payee_json(await visible(tx, payees, actor, id))

    @router.get("/payees/{id}", include_in_schema=False)
    async def payee_page(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            row = await visible(tx, payees, actor, id)
            names = await names_of(tx, [row.organisation])
            versions = await _versions(tx, row)
        with reading(pages.context(request)):
            acts = _acts(row, actor)
            kind = {"checked": "good", "refused": "bad", "blocked": "bad"}.get(row.state, "wait")
            tag = Tag(state_word("payee", row.state), kind)  # pyright: ignore[reportArgumentType]
        organisation = names.get(row.organisation, "")
        judges = bool(actor.scopes("verifier").union(actor.scopes("approver")).intersection(row.members))
        return pages.page(
            request, "payee.html", payee=row, organisation=organisation, tag=tag, acts=acts, versions=versions,
            judges=judges,
        )  # fmt: skip

    @router.get("/api/v1/sanctions-lists", tags=["sanctions_list"])
    async def lists_json(actor: Who, after: UUID | None = None, limit: Limit = PAGE) -> list[dict[str, Any]]:
        async with database.transaction() as tx:
            rows = await newest(tx, sanctions_lists, actor, after, limit)
        return [row.model_dump(mode="json") for row in rows]

    @router.get("/sanctions-lists", include_in_schema=False)
    @router.get("/sanctions-lists/{id}", include_in_schema=False)
    @router.get("/staff-lists/{id}", include_in_schema=False)
    async def lists_page(request: Request, actor: Who, id: UUID | None = None) -> Response:
        """The lists that were imported, the newest first."""
        async with database.transaction() as tx:
            rows = await newest(tx, sanctions_lists, actor, None, PAGE)
            staff = await newest(tx, staff_lists, actor, None, PAGE)
        with reading(pages.context(request)):
            columns = [
                Column(_("List")), Column(_("Dated")), Column(_("Names"), number=True), Column(_("SHA-256")),
            ]  # fmt: skip
            shown = [[row.source, short_day(row.dated), str(row.names), row.sha256[:16]] for row in rows]
        accounts = sum(row.accounts for row in staff)
        return pages.page(request, "sanctions_lists.html", columns=columns, rows=shown, accounts=accounts)

    @router.post("/api/v1/sanctions-lists/files", status_code=201, tags=["sanctions_list"])
    async def upload(actor: Who, file: Annotated[UploadFile, File()]) -> dict[str, Any]:
        """Takes a list in, of sanctions or of staff; its id is then given to the import."""
        return (await service.files.keep(file, actor.person, takes=".csv,.txt")).model_dump()

    return router


async def prepare_account(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """The organisations that the reader speaks for; a change starts from the holder as it stands."""
    names = await names_of(tx, actor.scopes("member"))
    kept = ("holder", "street", "building", "postcode")
    values = {name: getattr(row, name) for name in kept} if isinstance(row, Payee) else query
    return Prepared(values=values, choices={"organisation": [(str(id), name) for id, name in names.items()]})


async def prepare_account_check(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """The second person sees the whole number once, beside the organisation that it is said to belong to."""
    assert isinstance(row, Payee)
    names = await names_of(tx, [row.organisation])
    number = tx.tool(Vault).open(row.iban_cipher, row.id, under=row.key).decode()
    number = grouped(number) if row.is_iban else number
    beside = {"payee": row, "number": number, "organisation": names.get(row.organisation, "")}
    return Prepared(beside=beside)


async def prepare_list(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """The members that the reader handles money for."""
    members = actor.scopes("verifier") | actor.scopes("approver") | actor.scopes("treasurer")
    names = await names_of(tx, members)
    return Prepared(values=query, choices={"member": [(str(id), name) for id, name in names.items()]})


def _acts(row: Payee, actor: Actor) -> list[Link]:
    """Of the acts that two people do one after the other, each sees their own; names are cleared only if there are."""
    hidden: set[str] = set()
    if row.state == "blocked":
        hidden.add("release" if row.excused_by in (None, actor.person) else "excuse")
    if row.screening != "hit":
        hidden.add("clear")
    return [act for act in acts_of(payees, row, actor) if act.href.rsplit("/", 1)[-1] not in hidden]


def _payee_json(row: Payee) -> dict[str, Any]:
    return {**row.model_dump(mode="json", exclude=UNSAID), "iban": row.iban_masked}


async def _versions(tx: Tx, row: Payee) -> Sequence[tuple[datetime, str, str]]:
    """What the account was before, the newest first: when it was given, its number masked, its holder."""
    statement = select(PayeeVersion).where(
        PayeeVersion.payee == row.id, PayeeVersion.key == row.key, PayeeVersion.number <= row.version
    )
    rows = (await tx.session.exec(statement.order_by(col(PayeeVersion.number).desc()).limit(20))).all()
    vault = tx.tool(Vault)
    return [
        (
            one.given_at,
            masked(vault.open(one.iban_cipher, one.id, under=one.key).decode()),
            vault.open(one.holder_cipher, one.id, under=one.key).decode(),
        )
        for one in rows
    ]
