"""The sums of a claim: each of the four amounts is worked out on the whole and split back over the lines.

Computed lines (lump sum, units) and claimed costs are two groups: intensity holds for both, the ceiling of what may be
claimed with receipts for the second only, less what other claims of the case have taken of it."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TypeAlias
from uuid import UUID

from sqlmodel import col, select

from contracts.amounts import COMPUTED, ExchangeRate, Support, month_of, settle, support_of
from contracts.errors import DomainError
from contracts.money import Money
from contracts.workdays import Moment
from services.chassis.database import Tx
from services.reimbursements.claims.models import ClaimLine
from services.reimbursements.models import Case, Claim
from services.reimbursements.rates.currencies import rate_for

LEFT_OUT = ("rejected", "expired", "replaced")
"""States of a claim that takes nothing of the case's money any more (a replaced one has its successor)."""
Shares: TypeAlias = list[int]


def support_for(claim: Claim, case: Case) -> Support:
    """The scheme's support; a claim that replaces another asks for what was accepted before, as it stands."""
    return Support() if claim.replaces else support_of(case.frozen)


def divided(lines: Sequence[ClaimLine], costs: Sequence[int], support: Support, ceiling: int) -> Shares:
    """Each line's share of what is paid for these costs; the shares add up to the sum."""
    shares = [0] * len(lines)
    for computed, most in ((True, None), (False, ceiling)):
        group = [n for n, line in enumerate(lines) if (line.category in COMPUTED) == computed]
        settled = settle([costs[n] for n in group], support.intensity_percent, most)
        for n, share in zip(group, settled.shares, strict=True):
            shares[n] = share
    return shares


async def ceiling_left(tx: Tx, claim: Claim, support: Support) -> int:
    """What may still be claimed with receipts in this case; steady while the caller holds the case's lock."""
    others = (
        select(ClaimLine.claimed_cents, ClaimLine.accepted_cents, Claim.state)
        .join(Claim, col(Claim.id) == col(ClaimLine.claim))
        .where(
            ClaimLine.case_id == claim.case_id,
            ClaimLine.claim != claim.id,
            ~col(ClaimLine.removed),
            col(ClaimLine.category).not_in(COMPUTED),
            col(Claim.state).not_in(LEFT_OUT),
        )
    )
    rows = (await tx.session.exec(others)).all()
    taken = sum(
        claimed if state in ("opened", "filed", "returned") else accepted for claimed, accepted, state in rows
    )
    return max(support.claimable_cents - taken, 0)


async def price(tx: Tx, claim: Claim, case: Case, lines: Sequence[ClaimLine], at: Moment) -> None:
    """Works out what a claim asks for: each line in euro at its rate, then intensity and ceiling on the sum.

    A line that has its rate keeps it. DomainError("rate-missing") where the member has none in force."""
    support = support_for(claim, case)
    for line in lines:
        if line.category not in COMPUTED:
            await _in_euro(tx, claim, line, support, at)
    ceiling = await ceiling_left(tx, claim, support)
    claimed = divided(lines, [line.cost_cents for line in lines], support, ceiling)
    receipts = [n for n, line in enumerate(lines) if line.category not in COMPUTED]
    weights = [lines[n].cost_cents for n in receipts]
    granted = Money(ceiling).split(weights) if any(weights) else [Money(0)] * len(weights)
    for n, line in enumerate(lines):
        line.claimed_cents = claimed[n]
    for n, share in zip(receipts, granted, strict=True):
        lines[n].estimated_cents = share.cents
    claim.amount_cents = sum(claimed)
    tx.session.add_all(lines)


async def _in_euro(tx: Tx, claim: Claim, line: ClaimLine, support: Support, at: Moment) -> None:
    assert line.spent_on is not None
    minor = line.amount_minor - line.vat_minor
    if line.currency == "EUR":
        line.cost_cents = minor
        return
    if line.rate_units is None:
        wanted = {
            "submission": ("inforeuro", month_of(at.today())),
            "invoice": ("inforeuro", month_of(line.spent_on)),
            "day": ("ecb", line.spent_on),
        }
        source, on = wanted[support.rate_day]
        rate = await rate_for(tx, claim.payer, line.currency, "ecb" if source == "ecb" else "inforeuro", on)
        if rate is None:
            raise DomainError("rate-missing", status=409, currency=line.currency, day=on)
        line.rate_units, line.rate_on, line.rate_source = rate.units, rate.on, rate.source
    assert line.rate_on is not None
    stored = ExchangeRate(
        line.currency,
        Decimal(line.rate_units),
        line.rate_on,
        "ecb" if line.rate_source == "ecb" else "inforeuro",
    )
    line.cost_cents = stored.to_cents(minor)


async def accept(tx: Tx, claim: Claim, case: Case, lines: Sequence[ClaimLine]) -> int:
    """What is paid for the costs that were accepted line by line."""
    support = support_for(claim, case)
    costs = [
        line.cost_cents if line.accepted_cost_cents is None else line.accepted_cost_cents for line in lines
    ]
    claimed = sum(line.claimed_cents for line in lines if line.category not in COMPUTED)
    ceiling = min(await ceiling_left(tx, claim, support), claimed)
    shares = divided(lines, costs, support, ceiling)
    for line, share in zip(lines, shares, strict=True):
        line.accepted_cents = share
    tx.session.add_all(lines)
    return sum(shares)


def accept_in_all(lines: Sequence[ClaimLine], cents: int) -> None:
    """Splits a sum that was accepted as a whole over computed lines, by what they claim."""
    if cents and sum(line.claimed_cents for line in lines):
        for line, share in zip(
            lines, Money(cents).split([line.claimed_cents for line in lines]), strict=True
        ):
            line.accepted_cents = share.cents


def pay(lines: Iterable[ClaimLine], cents: int) -> None:
    """What was paid is what was accepted: a payment is never in part."""
    for line in lines:
        line.paid_cents = line.accepted_cents if cents else 0


async def taken_of(tx: Tx, case: UUID) -> int:
    """What all claims of a case have taken or ask for."""
    statement = select(Claim.amount_cents, Claim.accepted_cents).where(
        Claim.case_id == case, col(Claim.state).not_in(LEFT_OUT)
    )
    return sum(accepted or claimed for claimed, accepted in (await tx.session.exec(statement)).all())


async def committed_to(tx: Tx, reservation: UUID, but: UUID) -> int:
    """The sum of all other claims on a reservation: thresholds look at it, so that splitting lowers no level."""
    statement = select(Claim.amount_cents, Claim.accepted_cents).where(
        Claim.reservation == reservation, Claim.id != but, col(Claim.state).not_in(LEFT_OUT)
    )
    return sum(accepted or claimed for claimed, accepted in (await tx.session.exec(statement)).all())
