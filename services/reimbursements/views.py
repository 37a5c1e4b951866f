"""What finance reads: claims by due date, one claim on one screen, batches with their file, budget lines."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, File, UploadFile
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from contracts.claim import CLAIM
from contracts.errors import DomainError
from services.chassis.acts.aggregate import Aggregate, R, Root
from services.chassis.database import Tx
from services.chassis.identity.actor import Actor
from services.chassis.service import Service
from services.chassis.web.faces import Prepared
from services.chassis.web.look.parts import Cell, Column, Link, Sum, SumLine, Tag
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import act_words, calculation_line, state_word
from services.reimbursements.batches import file_of
from services.reimbursements.iban import grouped
from services.reimbursements.kinds import batches, budgets, claims, payees
from services.reimbursements.models import Batch, Budget, Case, Claim, KnownParty, Payee, Payment
from services.reimbursements.posting import totals
from services.reimbursements.vault import Vault

PAGE = 50
MONEY_ROLES = ("verifier", "approver", "treasurer", "payer")


async def visible(tx: Tx, kind: Aggregate[R], actor: Actor, id: UUID) -> R:
    """The row, if the reader takes part in it; DomainError("not-found") to a stranger."""
    row = await tx.found(kind.model, id)
    if not kind.parties(actor, row):
        raise DomainError("not-found", status=404)
    return row


def sum_of(claim: Claim) -> Sum:
    """What will be paid, with its calculation."""
    rate = next((line for line in claim.lines if line["code"].startswith("rate")), None)
    lines = [
        SumLine(calculation_line(line["code"], line["params"]), "" if line is rate else f"× {line['factor']}")
        for line in claim.lines
    ]
    if claim.accepted_cents and claim.accepted_cents != claim.amount_cents:
        lines.append(SumLine(_("Accepted of it"), claim.accepted_cents))
    return Sum(_("What will be paid"), lines, _("To pay"), claim.accepted_cents or claim.amount_cents)


def add_views(service: Service) -> None:
    """Routes that read, and the uploads of finance."""
    app, database, pages = service.app, service.database, service.pages
    Who = Annotated[Actor, Depends(service.reception.actor)]

    @app.get("/api/v1/claims")
    async def claims_json(actor: Who, after: UUID | None = None, case: UUID | None = None) -> list[dict[str, Any]]:
        """Claims that the reader takes part in by the last day to pay, or those of one case."""
        async with database.transaction() as tx:
            rows = await _claims(tx, actor, after, case)
        return [_claim_json(row) for row in rows]

    @app.get("/claims", include_in_schema=False)
    async def claims_page(request: Request, actor: Who, after: UUID | None = None) -> Response:
        async with database.transaction() as tx:
            rows = await _claims(tx, actor, after)
            names = await _names(tx, [row.organisation for row in rows])
        return pages.page(
            request,
            "claims.html",
            title=_("Claims"),
            columns=[
                Column(_("Claim")), Column(_("Organisation")), Column(_("Amount"), number=True),
                Column(_("Pay by")), Column(_("Standing")),
            ],
            rows=[
                [
                    Cell(row.number, href=f"/claims/{row.id}"),
                    Cell(names.get(row.organisation, "")),
                    Cell(f"{row.amount_cents / 100:,.2f}"),
                    Cell(row.pay_by.isoformat()),
                    Cell(tag=claim_tag(row)),
                ]
                for row in rows
            ],
            next=f"?after={rows[-1].id}" if len(rows) == PAGE else "",
        )  # fmt: skip

    @app.get("/api/v1/claims/{id}")
    async def claim_json(actor: Who, id: UUID) -> dict[str, Any]:
        async with database.transaction() as tx:
            return _claim_json(await visible(tx, claims, actor, id))

    @app.get("/claims/{id}", include_in_schema=False)
    async def claim_page(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            claim = await visible(tx, claims, actor, id)
            case = await tx.found(Case, claim.case_id)
            names = await _names(tx, [claim.organisation, claim.payer])
            payee = (await tx.session.exec(select(Payee).where(Payee.organisation == claim.organisation))).one_or_none()
            attempts = await _payments(tx, claim.id)
        parties = claims.parties(actor, claim)
        return pages.page(
            request,
            "claim.html",
            title=claim.number,
            claim=claim,
            case=case,
            payee=payee,
            attempts=attempts,
            organisation=names.get(claim.organisation, ""),
            payer=names.get(claim.payer, ""),
            tag=claim_tag(claim),
            sum=sum_of(claim),
            acts=_acts(claim, parties),
            claimant="CLAIMANT" in parties,
        )

    @app.get("/api/v1/payees/{organisation}")
    async def payee_json(actor: Who, organisation: UUID) -> dict[str, Any]:
        """The account an organisation is paid to, its number masked."""
        async with database.transaction() as tx:
            found = (await tx.session.exec(select(Payee).where(Payee.organisation == organisation))).one_or_none()
        if found is None or not payees.parties(actor, found):
            raise DomainError("not-found", status=404)
        return _payee_json(found)

    @app.get("/payees/{id}", include_in_schema=False)
    async def payee_page(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            row = await visible(tx, payees, actor, id)
        return pages.page(
            request, "payee.html", title=row.holder, payee=row, tag=Tag(state_word("payee", row.state)),
            parties=payees.parties(actor, row),
        )  # fmt: skip

    @app.get("/batches", include_in_schema=False)
    async def batches_page(request: Request, actor: Who) -> Response:
        async with database.transaction() as tx:
            mine = actor.scopes("treasurer")
            statement = select(Batch).where(col(Batch.member).in_(mine)).order_by(col(Batch.id).desc()).limit(PAGE)
            rows = list((await tx.session.exec(statement)).all())
            waiting = list(
                (
                    await tx.session.exec(
                        select(Payment).where(col(Payment.member).in_(mine), Payment.state == "proposed")
                    )
                ).all()
            )
        return pages.page(
            request,
            "batches.html",
            title=_("Payments"),
            waiting=waiting,
            members=sorted(str(one) for one in mine),
            columns=[
                Column(_("Batch")), Column(_("Payments"), number=True), Column(_("Sum"), number=True),
                Column(_("Execution")), Column(_("Standing")),
            ],
            rows=[
                [
                    Cell(row.message_id, href=f"/batches/{row.id}"),
                    Cell(str(row.payments)),
                    Cell(f"{row.sum_cents / 100:,.2f}"),
                    Cell(row.execution_date.isoformat()),
                    Cell(tag=Tag(state_word("batch", row.state))),
                ]
                for row in rows
            ],
        )  # fmt: skip

    @app.get("/batches/{id}", include_in_schema=False)
    async def batch_page(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            batch = await visible(tx, batches, actor, id)
            rows = list((await tx.session.exec(select(Payment).where(Payment.batch == id))).all())
            names = await _names(tx, [row.organisation for row in rows])
            written = await file_of(tx, batch) if batch.file_hash else None
        return pages.page(
            request, "batch.html", title=batch.message_id, batch=batch, payments=rows, names=names,
            file=written, tag=Tag(state_word("batch", batch.state)),
        )  # fmt: skip

    @app.get("/api/v1/batches/{id}")
    async def batch_json(actor: Who, id: UUID) -> dict[str, Any]:
        async with database.transaction() as tx:
            batch = await visible(tx, batches, actor, id)
        return batch.model_dump(mode="json")

    @app.get("/api/v1/batches/{id}/file")
    @app.get("/batches/{id}/file", include_in_schema=False)
    async def batch_file(actor: Who, id: UUID) -> Response:
        """The pain.001 that was authorised: always the same bytes."""
        async with database.transaction() as tx:
            batch = await visible(tx, batches, actor, id)
            written = await file_of(tx, batch)
        service.log.info("payment file downloaded", batch=str(id), by=str(actor.person), sha256=written.sha256)
        name = f'attachment; filename="{batch.message_id}.xml"'
        return Response(written.content, media_type="application/xml", headers={"Content-Disposition": name})

    @app.get("/budgets", include_in_schema=False)
    async def budgets_page(request: Request, actor: Who) -> Response:
        async with database.transaction() as tx:
            rows = await _budgets(tx, actor)
            sums = await totals(tx.session, [row.id for row in rows])
            names = await _names(tx, [row.member for row in rows])
        return pages.page(
            request, "budgets.html", title=_("Budgets"), lines=rows, sums=sums, names=names,
            may_open=bool(actor.scopes("coordinator")),
        )  # fmt: skip

    @app.get("/api/v1/budgets/{id}")
    async def budget_json(actor: Who, id: UUID) -> dict[str, Any]:
        async with database.transaction() as tx:
            row = await visible(tx, budgets, actor, id)
            sums = await totals(tx.session, [row.id])
        return {**row.model_dump(mode="json", exclude={"account"}), "accounts": sums.get(row.id, {})}

    @app.get("/budgets/{id}", include_in_schema=False)
    async def budget_page(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            row = await visible(tx, budgets, actor, id)
            sums = await totals(tx.session, [row.id])
            names = await _names(tx, [row.member])
        return pages.page(
            request, "budgets.html", title=row.name, lines=[row], sums=sums, names=names,
            may_open=bool(actor.scopes("coordinator")),
        )  # fmt: skip

    @app.post("/api/v1/statements/files", status_code=201)
    async def upload(actor: Who, file: Annotated[UploadFile, File()]) -> dict[str, Any]:
        """Takes a file of the bank in; its id is then given to an import."""
        return (await service.files.keep(file, actor.person)).model_dump()


async def prepare_check(tx: Tx, row: Root | None, actor: Actor, query: dict[str, str]) -> Prepared:
    """The second person sees the whole number once, beside the decision."""
    assert isinstance(row, Payee)
    return Prepared(beside={"payee": row, "number": grouped(tx.tool(Vault).open(row.iban_cipher))})


async def prepare_verification(tx: Tx, row: Root | None, actor: Actor, query: dict[str, str]) -> Prepared:
    """The sum and what it rests on, beside the decision."""
    assert isinstance(row, Claim)
    case = await tx.found(Case, row.case_id)
    return Prepared(values={"accepted_cents": row.amount_cents}, beside={"claim": row, "case": case, "sum": sum_of(row)})


async def prepare_payee(tx: Tx, row: Root | None, actor: Actor, query: dict[str, str]) -> Prepared:
    names = await _names(tx, sorted(actor.scopes("member")))
    return Prepared(values=query, choices={"organisation": [(str(id), name) for id, name in names.items()]})


async def prepare_batch(tx: Tx, row: Root | None, actor: Actor, query: dict[str, str]) -> Prepared:
    names = await _names(tx, sorted(actor.scopes("treasurer")))
    return Prepared(values=query, choices={"member": [(str(id), name) for id, name in names.items()]})


def claim_tag(claim: Claim) -> Tag:
    kinds = {"paid": "good", "closed": "good", "rejected": "bad", "expired": "bad"}
    return Tag(state_word("claim", claim.state), kinds.get(claim.state, "wait"))  # pyright: ignore[reportArgumentType]


def _acts(claim: Claim, parties: frozenset[str]) -> list[Link]:
    """What this reader may do with the claim now, the usual act first."""
    return [
        Link(act_words("claim", act.name).button, f"/claims/{claim.id}/{act.name.replace('_', '-')}")
        for act in CLAIM.acts
        if act.by_person and claim.state in act.sources and parties.intersection(act.parties)
    ]


def _claim_json(claim: Claim) -> dict[str, Any]:
    shown = claim.model_dump(
        mode="json", exclude={"deciders", "facts", "explanation", "appeal_text", "filed_by", "verified_by", "approved_by"}
    )
    return {**shown, "case": str(claim.case_id)}


def _payee_json(row: Payee) -> dict[str, Any]:
    shown = row.model_dump(mode="json", exclude={"iban_cipher", "iban_hash", "members", "entered_by", "checked_by"})
    return {**shown, "iban": row.iban_masked}


async def _claims(tx: Tx, actor: Actor, after: UUID | None, case: UUID | None = None) -> list[Claim]:
    payer = {scope for role in MONEY_ROLES for scope in actor.scopes(role)}
    mine = actor.scopes("member")
    statement = (
        select(Claim)
        .where(col(Claim.payer).in_(payer) | col(Claim.organisation).in_(mine))
        .order_by(col(Claim.pay_by), col(Claim.id))
        .limit(PAGE)
    )
    if case is not None:
        statement = statement.where(Claim.case_id == case)
    if after is not None:
        last = await tx.found(Claim, after)
        statement = statement.where(
            (col(Claim.pay_by) > last.pay_by) | ((col(Claim.pay_by) == last.pay_by) & (col(Claim.id) > after))
        )
    return list((await tx.session.exec(statement)).all())


async def _payments(tx: Tx, claim: UUID) -> list[Payment]:
    return list((await tx.session.exec(select(Payment).where(Payment.claim == claim).order_by(col(Payment.attempt)))).all())


async def _budgets(tx: Tx, actor: Actor) -> list[Budget]:
    members = {scope for role in MONEY_ROLES for scope in actor.scopes(role)}
    statement = (
        select(Budget)
        .where(col(Budget.partnership).in_(actor.scopes("coordinator")) | col(Budget.member).in_(members))
        .order_by(col(Budget.id).desc())
        .limit(PAGE)
    )
    return list((await tx.session.exec(statement)).all())


async def _names(tx: Tx, ids: list[UUID]) -> dict[UUID, str]:
    rows = await tx.session.exec(select(KnownParty).where(col(KnownParty.id).in_(ids)))
    return {row.id: row.name for row in rows}
