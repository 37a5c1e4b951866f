"""How a claim opens: by itself for a validated visit, by a person for part of a voucher, anew after a return."""

from dataclasses import asdict
from datetime import date, timedelta
from uuid import UUID

from pydantic import Field
from sqlalchemy import Sequence as Counter
from sqlmodel import SQLModel, col, select

from contracts import claim as facts
from contracts.amounts import Calculation, settle, sum_of_case, support_of
from contracts.claim import CLAIM
from contracts.errors import DomainError
from contracts.ids import named_id, new_id
from contracts.tables import Input
from contracts.workdays import Moment
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause
from services.reimbursements.budgets.reservations import live_of
from services.reimbursements.claims.attendance import attended
from services.reimbursements.claims.claims import (
    checked_payee,
    claimed_before,
    terms_of,
    trip_key,
    void_checks,
)
from services.reimbursements.claims.lines import lines_of
from services.reimbursements.claims.models import ClaimLine
from services.reimbursements.kinds import claims
from services.reimbursements.models import Case, Claim, Reservation

numbers = Counter("claim_numbers", metadata=SQLModel.metadata)


class OpenPart(Input):
    voucher: UUID = Field(title="Voucher", description="The case that was granted.")


@rule(CLAIM, "open_part")
async def open_part(work: Work[Claim], given: OpenPart, at: Moment) -> facts.Opened:
    """A person claims part of a voucher, as often as it has value left, while it is valid."""
    tx = work.tx
    case = await tx.session.get(Case, given.voucher, with_for_update=True)
    if case is None or not case.voucher:
        raise DomainError("no-such-voucher", "voucher")
    if case.organisation not in work.actor.scopes("member"):
        raise DomainError("not-found", status=404)
    reservation = await live_of(tx, case.id)
    until = case.voucher.get("claim_until") or ""
    if case.ended or reservation is None or at.today().isoformat() > until:
        raise DomainError("voucher-over", "voucher", status=409)
    part = await _next_part(tx, case)
    claim = await _new(tx, case, reservation, at, pay_by=at.today() + timedelta(days=90), part=part)
    claim.takes_receipts = True
    work.row = claim
    return _opened(claim)


async def _next_part(tx: Tx, case: Case) -> int:
    """Number of the next claim on a voucher. What is claimed at once is claimed again only if it was refused."""
    statement = select(Claim).where(Claim.case_id == case.id, col(Claim.replaces).is_(None))
    before = (await tx.session.exec(statement)).all()
    if not case.voucher["in_parts"] and any(not claim.final for claim in before):
        raise DomainError("voucher-claimed-at-once", "voucher", status=409)
    taken = sum(
        claim.accepted_cents or claim.amount_cents
        for claim in before
        if claim.state not in ("rejected", "expired")
    )
    if taken >= case.amount_cents:
        raise DomainError("voucher-used-up", "voucher", status=409)
    return len(before) + 1


async def open_for_visit(
    tx: Tx, case: Case, reservation: Reservation, done: Calculation, pay_by: date, at: Moment, cause: Cause
) -> Claim:
    """Opens the claim of a validated visit on its committed reservation. If nothing is claimed with receipts it files
    itself, once the account is known and checked."""
    support = support_of(case.frozen)
    claim = await _new(tx, case, reservation, at, pay_by=pay_by)
    claim.takes_receipts = bool(support.categories)
    claim.lines = [asdict(line) for line in done.lines]
    granted = {item.category: item.cents for item in sum_of_case(case.frozen).items}
    estimated = settle([granted.get(item.category, 0) for item in done.items], support.intensity_percent)
    claimed = settle([item.cents for item in done.items], support.intensity_percent, reservation.amount_cents)
    for n, item in enumerate(done.items):
        tx.add(
            ClaimLine(
                id=named_id("claim-line", claim.id, item.category), claim=claim.id, case_id=case.id, number=n + 1,
                category=item.category, amount_minor=item.cents, cost_cents=item.cents,
                estimated_cents=estimated.shares[n], claimed_cents=claimed.shares[n],
            )
        )  # fmt: skip
    claim.amount_cents = claimed.total_cents
    await claims.record(tx, claim, "open", _opened(claim), at, cause)
    await tx.session.flush()
    if not claim.takes_receipts and await checked_payee(tx, case.organisation) is not None:
        await file_itself(tx, claim, case, at, cause)
    return claim


async def open_again(
    tx: Tx, case: Case, reservation: Reservation, old: Claim, pay_by: date, at: Moment, cause: Cause
) -> Claim:
    """Opens the claim that replaces one whose payment came back after closing. It does not file itself, for its
    account has just failed; its lines are those that were accepted."""
    claim = await _new(tx, case, reservation, at, pay_by=pay_by, replaces=old.id, part=old.part)
    claim.lines, claim.amount_cents = old.lines, reservation.amount_cents
    for line in await lines_of(tx, old.id):
        again = ClaimLine(
            id=new_id(), claim=claim.id, case_id=case.id, number=line.number, category="lump_sum",
            description=line.description, receipts=line.receipts, amount_minor=line.accepted_cents,
            cost_cents=line.accepted_cents, estimated_cents=line.estimated_cents, claimed_cents=line.accepted_cents,
        )  # fmt: skip
        tx.add(again)
    await claims.record(tx, claim, "open", _opened(claim), at, cause)
    return claim


async def file_itself(tx: Tx, claim: Claim, case: Case, at: Moment, cause: Cause) -> None:
    """Without receipts a claim needs no words of the claimant once the account is known and checked.

    What must not be filed (claimed before, attendance missing) waits for the claimant, who is told so on filing."""
    trip = trip_key(case)
    waits = claim.takes_receipts or await claimed_before(tx, claim, trip) or await attended(tx, case) is False
    if waits:
        return
    claim.trip = trip
    claim.filed_by = case.applicant
    void_checks(claim)
    filed = facts.Filed(amount_cents=claim.amount_cents, pay_by=claim.pay_by)
    await claims.record(tx, claim, "file_itself", filed, at, cause)


async def _new(
    tx: Tx, case: Case, reservation: Reservation, at: Moment, *, pay_by: date, part: int = 1,
    replaces: UUID | None = None,
) -> Claim:  # fmt: skip
    sequence = int((await tx.execute(select(numbers.next_value()))).scalar_one())
    return Claim(
        id=named_id("claim", case.id, replaces or ("first" if part == 1 else f"part-{part}")),
        number=f"RC-{at.today().year}-{sequence:04d}",
        case_id=case.id,
        organisation=case.organisation,
        payer=case.payer,
        partnership=case.partnership,
        budget=reservation.budget,
        reservation=reservation.id,
        amount_cents=0,
        lines=[],
        pay_by=pay_by,
        due_at=at.plus_days(terms_of(case).claim_days),
        deciders=case.deciders,
        part=part,
        replaces=replaces,
        opened_at=at.now,
    )


def _opened(claim: Claim) -> facts.Opened:
    assert claim.due_at is not None
    return facts.Opened(
        number=claim.number,
        organisation=claim.organisation,
        payer=claim.payer,
        partnership=claim.partnership,
        amount_cents=claim.amount_cents,
        currency="EUR",
        lines=tuple(claim.lines),
        pay_by=claim.pay_by,
        due_at=claim.due_at,
        replaces=claim.replaces,
        part=claim.part,
        takes_receipts=claim.takes_receipts,
    )
