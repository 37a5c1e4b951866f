"""Claims as finance and claimants read them: by the last day to pay, one claim on one screen, each receipt."""

from typing import Annotated, Any, get_args
from urllib.parse import urlencode
from uuid import UUID, uuid4

from fastapi import APIRouter, File, Form, Query, UploadFile
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from contracts.claim import LineReason
from contracts.errors import DomainError
from contracts.tables import Input
from services.chassis.database import Tx
from services.chassis.downloads import may_show
from services.chassis.files import opened, states_of
from services.chassis.service import Service
from services.chassis.web.look.context import reading
from services.chassis.web.look.words import coded
from services.chassis.web.request import idempotency_key
from services.chassis.web.sheet import Ending, saved
from services.chassis.web.who import Who
from services.reimbursements.audit.views import may_audit
from services.reimbursements.banking.iban import grouped
from services.reimbursements.claims.acts import wanted_line
from services.reimbursements.claims.line_page import alike_lines, receipts_of, rows_of
from services.reimbursements.claims.lines import lines_of
from services.reimbursements.claims.listing import (
    UNFINISHED,
    Wanted,
    listing_of,
    neighbours,
    page_of,
    standings,
    table_of,
    verify_together,
)
from services.reimbursements.claims.models import ClaimLine, Demand, Receipt
from services.reimbursements.claims.page import (
    claim_tag,
    granted_and_done,
    history_of,
    move_of,
    road_of,
    sum_of,
)
from services.reimbursements.kinds import claims
from services.reimbursements.models import Budget, Case, Claim
from services.reimbursements.payees.models import Payee
from services.reimbursements.payments.held import held_claims
from services.reimbursements.payments.models import PayingAccount, Payment
from services.reimbursements.reading import PAGE, Limit, further, names_of, visible
from services.reimbursements.vault import Vault

UNSAID = {
    "deciders", "remark", "explanation", "appeal_text", "appeal_answer", "filed_by", "verified_by", "passed_by",
    "approval",
}  # fmt: skip
"""Columns that a machine is not told: who checked, and free text."""
LINE_ACTS = ("change_line", "remove_line", "check_line")
"""Acts whose buttons stand at the line."""


class Together(Input):
    claims: list[UUID]


class Asked(Wanted):
    limit: Limit = PAGE


class Chosen(Wanted):
    """On a page, what is finished is left out until somebody wants it."""

    state: str = UNFINISHED


def claim_views(service: Service) -> APIRouter:
    """Routes that read claims, and the one act on many of them."""
    router, database, pages = APIRouter(), service.database, service.pages

    @router.get("/api/v1/claims", tags=["claim"])
    async def listed(actor: Who, asked: Annotated[Asked, Query()]) -> list[dict[str, Any]]:
        """Claims that the reader takes part in, by the last day to pay; `q` is a number or a claimant's name."""
        async with database.transaction() as tx:
            rows = await page_of(tx, actor, asked, asked.limit)
        return [_json(row) for row in rows]

    @router.post("/api/v1/claims/files", status_code=201, tags=["claim"])
    async def upload(actor: Who, file: Annotated[UploadFile, File()]) -> dict[str, Any]:
        """Takes a receipt in; its id (the hash of its bytes) is given to the line's act."""
        return (await service.files.keep(file, actor.person)).model_dump()

    @router.post("/api/v1/claims/verify-together", tags=["claim"])
    async def together_json(request: Request, actor: Who, given: Together) -> list[dict[str, Any]]:
        """Verifies claims that no receipt belongs to, each as claimed and each by itself: a result per claim."""
        results = await verify_together(service, actor, given.claims, idempotency_key(request))
        return [result.as_json() for result in results]

    @router.post("/claims/verify-together", include_in_schema=False)
    async def together_page(
        request: Request,
        actor: Who,
        chosen: Annotated[list[UUID], Form(default_factory=list, alias="claim")],
        key: Annotated[str, Form(alias="idempotency_key")] = "",
    ) -> Response:
        results = await verify_together(service, actor, chosen, idempotency_key(request, key))
        return pages.page(request, "claims_together.html", results=results)

    @router.get("/api/v1/claims/{id}", tags=["claim"])
    async def one(actor: Who, id: UUID) -> dict[str, Any]:
        """The claim with its lines, each with its four amounts in cents, and its demand to pay back, if any."""
        async with database.transaction() as tx:
            claim = await visible(tx, claims, actor, id)
            lines = await lines_of(tx, id)
            demands = (await tx.session.exec(select(Demand).where(Demand.claim == id))).all()
        return {
            **_json(claim),
            "claimed_lines": [_line_json(line) for line in lines],
            "demands": [_demand_json(demand) for demand in demands if demand.ordered_on],
        }

    @router.get("/claims", include_in_schema=False)
    async def list_page(request: Request, actor: Who, wanted: Annotated[Chosen, Query()]) -> Response:
        async with database.transaction() as tx:
            rows = await page_of(tx, actor, wanted, PAGE)
            names = await names_of(tx, (row.organisation for row in rows))
        with reading(pages.context(request)):
            shown = table_of(rows, names, service.clock.moment().today(), actor)
            choices = standings()
        query = urlencode(wanted.model_dump(include={"q", "state"}))
        return pages.page(
            request, "claims.html", key=str(uuid4()), **shown, wanted=wanted.model_dump(), standings=choices,
            query=query, next=further(rows, PAGE, f"{query}&"),
        )  # fmt: skip

    @router.get("/claims/list.{ending}", include_in_schema=False)
    async def list_file(actor: Who, ending: Ending, wanted: Annotated[Chosen, Query()]) -> Response:
        return await saved(database, listing_of(actor, wanted), ending, service.clock.now())

    @router.get("/claims/{id}/receipts/{receipt}", include_in_schema=False)
    async def receipt(actor: Who, id: UUID, receipt: UUID) -> Response:
        """A receipt of a claim that the reader takes part in: shown in place, or saved."""
        async with database.transaction() as tx:
            claim = await visible(tx, claims, actor, id)
            found = await tx.get(Receipt, receipt)
            named = {one for line in await lines_of(tx, claim.id) for one in line.receipts}
            if found is None or found.id not in named:
                raise DomainError("not-found", status=404)
            if found.removed_on:
                raise DomainError("receipt-removed", status=410)
            file = await opened(tx, found.file, actor.person)
            state = (await states_of(tx, [file.id]))[file.id]
            return service.downloads.give(file, in_place=may_show(file.type, state))

    @router.get("/claims/{id}", include_in_schema=False)
    async def page(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            claim = await visible(tx, claims, actor, id)
            case = await tx.found(Case, claim.case_id)
            names = await names_of(tx, (claim.organisation, claim.payer))
            payee = (
                await tx.session.exec(select(Payee).where(Payee.organisation == claim.organisation))
            ).first()
            attempts = select(Payment).where(Payment.claim == id).order_by(col(Payment.attempt))
            payments = list((await tx.session.exec(attempts)).all())
            history = await history_of(tx, id)
            lines = await lines_of(tx, id)
            receipts, alike = await receipts_of(tx, lines), await alike_lines(tx, lines)
            states = await states_of(tx, [one.file for one in receipts.values()])
            demand = await _newest_demand(tx, id)
            pay_to = (
                await _pay_to(tx, claim) if demand and demand.ordered_on and not demand.settled_on else None
            )
            held = await held_claims(tx, [id])
            place = await neighbours(tx, actor, claim)
        parties = claims.parties(actor, claim)
        with reading(pages.context(request)):
            rows = rows_of(claim, lines, receipts, states, alike, wanted_line(request.query_params))
            shown: dict[str, Any] = {
                "move": move_of(claim, actor, names, history[-1][1], _hidden(claim, lines, demand)),
                "posts": road_of(claim, history),
                "sum": sum_of(claim, case, lines),
                "granted_and_done": granted_and_done(case),
                "tag": claim_tag(claim),
                "rows": rows if claim.takes_receipts else [],
                "chosen": next((row for row in rows if row.chosen), None),
                "line_reasons": [(name, coded("reason", name)) for name in get_args(LineReason)],
                "totals": (sum(line.cost_cents for line in lines), claim.accepted_cents),
            }
        return pages.page(
            request, "claim.html", claim=claim, case=case, payee=payee, payments=payments,
            organisation=names.get(claim.organisation, ""), payer=names.get(claim.payer, ""),
            claimant="CLAIMANT" in parties,
            may_check="VERIFIER" in parties and claim.state == "filed",
            may_change="CLAIMANT" in parties and claim.state in ("opened", "returned"),
            may_audit=may_audit(actor, case), demand=demand, pay_to=pay_to, beside_it=place, held=held.get(id),
            pays="TREASURER" in parties, key=str(uuid4()),
            **shown,
        )  # fmt: skip

    return router


def _hidden(claim: Claim, lines: list[ClaimLine], demand: Demand | None) -> list[str]:
    """Acts that make no sense yet, and those whose buttons stand elsewhere on the page."""
    hidden = [*LINE_ACTS]
    if not claim.takes_receipts:
        hidden.append("add_line")
    if claim.takes_receipts and not lines:
        hidden += ["file", "revise"]
    if demand is None or demand.settled_on is not None:
        hidden += ["order_recovery", "match_recovery", "confirm_recovery", "ask_waiver", "waive_recovery"]
    elif demand.matched is None:
        hidden.append("confirm_recovery")
    if demand is not None and demand.waiver_asked_by is None:
        hidden.append("waive_recovery")
    return hidden


async def _newest_demand(tx: Tx, claim: UUID) -> Demand | None:
    statement = select(Demand).where(Demand.claim == claim).order_by(col(Demand.id).desc()).limit(1)
    return (await tx.session.exec(statement)).first()


async def _pay_to(tx: Tx, claim: Claim) -> tuple[str, str]:
    """Holder and number of the account that the claim was paid from, to which it is paid back."""
    line = await tx.found(Budget, claim.budget)
    account = await tx.found(PayingAccount, line.account)
    number = tx.tool(Vault).open(account.iban_cipher, account.id, under=account.member).decode()
    return account.holder, grouped(number)


def _json(claim: Claim) -> dict[str, Any]:
    return {**claim.model_dump(mode="json", exclude=UNSAID), "case": str(claim.case_id)}


def _line_json(line: ClaimLine) -> dict[str, Any]:
    return line.model_dump(
        mode="json", exclude={"supplier_key", "removed", "checked_by", "travellers", "case_id"}
    )


def _demand_json(demand: Demand) -> dict[str, Any]:
    kept = {
        "number",
        "amount_cents",
        "received_cents",
        "waived_cents",
        "level",
        "ordered_on",
        "due_on",
        "settled_on",
    }
    return demand.model_dump(mode="json", include=kept)
