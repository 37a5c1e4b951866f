"""What the claimant claims with receipts: lines that can be added, changed and taken out until the claim is filed.

Rules per line: only what the call lists, within the trip and a day before and after, a taxi with the names of those
in it, a receipt or what stands for one, and no receipt that was claimed before by anybody."""

import unicodedata
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from babel.core import get_global
from babel.numbers import get_territory_currencies
from pydantic import Field
from sqlalchemy import func
from sqlmodel import col, select

from contracts import claim as facts
from contracts.amounts import COMPUTED, COVERED, Category, support_of
from contracts.claim import CLAIM
from contracts.errors import DomainError
from contracts.ids import new_id
from contracts.tables import Input
from contracts.workdays import Moment
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.chassis.files import StoredFile, kept
from services.chassis.many import among
from services.chassis.web.look.forms import Minor, Upload
from services.chassis.web.look.values import amount
from services.reimbursements.claims.models import ClaimLine, Receipt
from services.reimbursements.models import Case, Claim, KnownParty

JOURNEYS = ("travel", "local_transport", "taxi")
"""What a lost ticket can be declared for."""
CURRENCIES = frozenset(
    currency
    for country in get_global("territory_currencies")
    for currency in get_territory_currencies(country)
)
"""Those that somebody can pay with today: a rate of any other will never come."""


class Costs(Input):
    """One receipt's worth of costs."""

    category: Category = Field(title="What is it?")
    description: str = Field(title="In your words", min_length=2, max_length=200)
    supplier: str = Field(title="Who was paid", max_length=140, min_length=2)
    spent_on: date = Field(title="Date on the receipt")
    currency: str = Field("EUR", title="Currency", description="Three letters, as EUR or CHF.", max_length=3)
    amount_minor: Annotated[int, Minor] = Field(title="Amount on the receipt", gt=0, le=10_000_000_00)
    vat_minor: Annotated[int, Minor] = Field(
        0, title="VAT of it that you get back", description="That part is not paid.", ge=0
    )
    travellers: str = Field(
        "", title="Who was in the taxi", description="Only for a taxi: every name.", max_length=400
    )
    proof: Literal["receipt", "bank_statement", "declaration"] = Field("receipt", title="What proves it?")
    receipts: list[Annotated[str, Upload(".pdf,.jpg,.jpeg,.png")]] = Field(
        default_factory=list[str],
        title="Photo or PDF",
        description="The receipt, or the bank's own statement with name, account, amount, date and place.",
        max_length=5,
    )
    declaration: str = Field(
        "",
        title="Declaration of a lost ticket",
        description="Only if the ticket is lost: what journey, when, and why there is no ticket.",
        max_length=1000,
    )


class AddLine(Costs):
    pass


class ChangeLine(Costs):
    """A change without a new file keeps the receipts."""

    line: UUID = Field(title="Line")


class RemoveLine(Input):
    line: UUID = Field(title="Line")


@rule(CLAIM, "add_line")
async def add_line(work: Work[Claim], given: AddLine, at: Moment) -> facts.LineAdded:
    claim, tx = work.row, work.tx
    _prepared(work)
    counted = select(func.count()).select_from(ClaimLine).where(col(ClaimLine.claim) == claim.id)
    number = int((await tx.execute(counted)).scalar_one()) + 1
    if number > 200:
        raise DomainError("lines-too-many", status=409)
    line = ClaimLine(
        id=new_id(), claim=claim.id, case_id=claim.case_id, number=number, category=given.category,
        amount_minor=given.amount_minor,
    )  # fmt: skip
    await _fill(work, line, given, at)
    tx.add(line)
    return facts.LineAdded(
        line=line.id, category=given.category, currency=line.currency, amount_minor=line.amount_minor
    )


@rule(CLAIM, "change_line")
async def change_line(work: Work[Claim], given: ChangeLine, at: Moment) -> facts.LineChanged:
    """A line that was filed keeps its rate for the same currency; what was accepted of it counts no more."""
    line = await own_line(work, given.line)
    _prepared(work)
    if line.currency != given.currency:
        line.rate_units, line.rate_on, line.rate_source = None, None, ""
    await _fill(work, line, given, at)
    return facts.LineChanged(
        line=line.id, category=given.category, currency=line.currency, amount_minor=line.amount_minor
    )


@rule(CLAIM, "remove_line")
async def remove_line(work: Work[Claim], given: RemoveLine, at: Moment) -> facts.LineRemoved:
    line = await own_line(work, given.line)
    _prepared(work)
    line.removed = True
    line.cost_cents = line.estimated_cents = line.claimed_cents = 0
    line.accepted_cost_cents = None
    work.tx.add(line)
    await _free_receipts(work.tx, work.row, line.receipts)
    return facts.LineRemoved(line=line.id)


def _prepared(work: Work[Claim]) -> None:
    """Who had a hand in what is claimed, and for whom: neither judges it."""
    work.row.prepared_by = sorted({*work.row.prepared_by, *work.actor.people})


async def lines_of(tx: Tx, claim: UUID) -> list[ClaimLine]:
    """The lines that count, in order."""
    statement = select(ClaimLine).where(ClaimLine.claim == claim, ~col(ClaimLine.removed))
    return list((await tx.session.exec(statement.order_by(col(ClaimLine.number)))).all())


async def lines_of_all(tx: Tx, claims: Collection[UUID]) -> dict[UUID, list[ClaimLine]]:
    """The same of many claims, in one statement."""
    statement = select(ClaimLine).where(among(ClaimLine.claim, claims), ~col(ClaimLine.removed))
    found: dict[UUID, list[ClaimLine]] = {claim: [] for claim in claims}
    for line in (await tx.session.exec(statement.order_by(col(ClaimLine.number)))).all():
        found[line.claim].append(line)
    return found


async def own_line(work: Work[Claim], id: UUID) -> ClaimLine:
    """A line of this claim that somebody may change; the caller holds the claim's lock."""
    line = await work.tx.get(ClaimLine, id)
    if line is None or line.claim != work.row.id or line.removed:
        raise DomainError("no-such-line", "line")
    if line.category in COMPUTED:
        raise DomainError("line-computed", "line")
    return line


async def _fill(work: Work[Claim], line: ClaimLine, given: Costs, at: Moment) -> None:
    """Checks what was given against the call and the trip, and takes it into the line."""
    claim, tx = work.row, work.tx
    case = await tx.found(Case, claim.case_id)
    if given.category not in support_of(case.frozen).categories:
        raise DomainError("category-not-listed", "category")
    if any(given.category in COVERED.get(one.category, ()) for one in await lines_of(tx, claim.id)):
        raise DomainError("covered-already", "category")
    if given.currency not in CURRENCIES:
        raise DomainError("currency-unknown", "currency")
    if given.vat_minor >= given.amount_minor:
        raise DomainError("vat-too-high", "vat_minor")
    if given.category == "taxi" and not given.travellers:
        raise DomainError("taxi-names", "travellers")
    first, last = trip_of(case)
    if not first - timedelta(days=1) <= given.spent_on <= last + timedelta(days=1):
        raise DomainError("outside-trip", "spent_on", first=first, last=last)
    if given.spent_on > at.today():
        raise DomainError("date-ahead", "spent_on")
    files = await kept(tx, given.receipts, work.actor.person, "receipts")
    _proved(given, bool(files) or bool(line.receipts))
    line.category, line.description = given.category, given.description
    line.supplier, line.supplier_key = given.supplier, alike(given.supplier)
    line.spent_on, line.currency = given.spent_on, given.currency
    line.amount_minor, line.vat_minor = given.amount_minor, given.vat_minor
    line.proof, line.declaration, line.travellers = given.proof, given.declaration, given.travellers
    line.accepted_cost_cents, line.reason, line.note, line.checked_by = None, "", "", None
    line.estimated_cents = line.claimed_cents = line.accepted_cents = 0
    line.cost_cents = given.amount_minor - given.vat_minor if given.currency == "EUR" else 0
    if files:
        before, line.receipts = line.receipts, await _taken_in(tx, claim, files, at)
        tx.add(line)
        await _free_receipts(tx, claim, [one for one in before if one not in line.receipts])


def _proved(given: Costs, has_file: bool) -> None:
    if given.proof == "declaration":
        if given.category not in JOURNEYS:
            raise DomainError("declaration-for-journeys", "proof")
        if len(given.declaration) < 20:
            raise DomainError("declaration-too-short", "declaration")
    elif not has_file:
        raise DomainError("receipt-missing", "receipts")


def trip_of(case: Case) -> tuple[date, date]:
    """The days between which costs arise: a voucher's validity, those of the validated visit, else what was frozen."""
    if case.voucher:
        return date.fromisoformat(case.voucher["valid_from"]), date.fromisoformat(case.voucher["valid_until"])
    days = case.validated or case.frozen
    return date.fromisoformat(days["first_day"]), date.fromisoformat(days["last_day"])


def alike(supplier: str) -> str:
    """A supplier's name without accents, case and signs: two ways to write it are one."""
    plain = unicodedata.normalize("NFKD", supplier).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


async def _taken_in(tx: Tx, claim: Claim, files: Sequence[StoredFile], at: Moment) -> list[UUID]:
    """The receipts of these files on this claim. A file that proves another claim is refused: the reader is told
    which member, when and how much, and nothing else."""
    found: list[UUID] = []
    for file in files:
        held = (
            await tx.session.exec(select(Receipt).where(Receipt.file == file.id, Receipt.live).limit(1))
        ).first()
        if held is not None and held.claim != claim.id:
            raise DomainError("receipt-claimed-before", "receipts", **await _hit(tx, held))
        if held is None:
            held = Receipt(
                id=new_id(), claim=claim.id, file=file.id, name=file.name, type=file.type, size=file.size,
                kept_at=at.now,
            )  # fmt: skip
            tx.add(held)
            await tx.session.flush()
        found.append(held.id)
    return found


async def _hit(tx: Tx, receipt: Receipt) -> dict[str, Any]:
    other = await tx.found(Claim, receipt.claim)
    payer = await tx.get(KnownParty, other.payer)
    line = next(one for one in await lines_of(tx, other.id) if receipt.id in one.receipts)
    return {
        "member": payer.name if payer else "–",
        "day": receipt.kept_at.date(),
        "amount": f"{amount(line.amount_minor)} {line.currency}",
    }


async def _free_receipts(tx: Tx, claim: Claim, ids: Sequence[UUID]) -> None:
    """Receipts that no line of the claim needs any more can be used again."""
    await tx.session.flush()
    needed = {receipt for line in await lines_of(tx, claim.id) for receipt in line.receipts}
    for id in ids:
        if id not in needed:
            receipt = await tx.found(Receipt, id)
            receipt.live = False
            tx.add(receipt)
