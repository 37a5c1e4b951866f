"""The end of the action: which cases are in danger of missing it, and how a claim that is due after it is paid all the
same, by two people and with reasons. What is booked then is PAID_OUTSIDE and costs the member alone."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from pydantic import Field
from sqlalchemy import text
from sqlmodel import col, select

from contracts import late_payment as facts
from contracts.errors import DomainError
from contracts.ids import new_id
from contracts.late_payment import LATE_PAYMENT
from contracts.tables import Input
from contracts.workdays import Moment, plus_target_days
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.chassis.many import among
from services.reimbursements.claims.models import LatePayment
from services.reimbursements.models import Budget, Claim
from services.reimbursements.payments.models import Payment

OWED = ("opened", "filed", "returned", "verified", "approved")
"""States of a claim of which nothing was ordered yet."""
MARGIN = timedelta(days=30)
"""A case is in danger when the last day on which it may be paid lies nearer to the end of the action than this."""


class Ask(Input):
    claim: UUID = Field(title="Claim")
    reason: str = Field(
        title="Reason", description="Why it is owed, and why it comes late.", min_length=10, max_length=2000
    )


class Decide(Input):
    remark: str = Field(title="Reason for your decision", min_length=10, max_length=2000)


@rule(LATE_PAYMENT, "ask")
async def ask(work: Work[LatePayment], given: Ask, at: Moment) -> facts.Asked:
    claim = await work.tx.found(Claim, given.claim)
    line = await work.tx.found(Budget, claim.budget)
    if earliest_booking(at.today()) <= line.action_end:
        raise DomainError("action-not-over", "claim")
    if claim.state not in OWED:
        raise DomainError("nothing-owed", "claim")
    _not_theirs(work, claim)
    work.row = LatePayment(
        id=new_id(),
        claim=claim.id,
        case_id=claim.case_id,
        member=claim.payer,
        organisation=claim.organisation,
        amount_cents=claim.accepted_cents or claim.amount_cents,
        reason=given.reason,
        asked_by=work.actor.person,
        asked_at=at.now,
    )
    return facts.Asked(claim=claim.id, amount_cents=work.row.amount_cents, action_end=line.action_end)


@rule(LATE_PAYMENT, "consent")
async def consent(work: Work[LatePayment], given: Decide, at: Moment) -> facts.Consented:
    if work.actor.person == work.row.asked_by:
        raise DomainError("late-payment-by-another", status=403)
    _not_theirs(work, await work.tx.found(Claim, work.row.claim))
    work.row.consented_by, work.row.remark = work.actor.person, given.remark
    return facts.Consented(claim=work.row.claim)


@rule(LATE_PAYMENT, "refuse")
async def refuse(work: Work[LatePayment], given: Decide, at: Moment) -> facts.Refused:
    """Whoever asked may take it back in this way."""
    work.row.remark = given.remark
    return facts.Refused(claim=work.row.claim)


def earliest_booking(today: date) -> date:
    """The first day on which the bank may book what is ordered today."""
    return plus_target_days(today, 1)


async def last_days(tx: Tx, ids: Collection[UUID]) -> dict[UUID, date]:
    """Of these payments the last day on which the bank may book them within the action; those that two people agreed
    to pay late are left out."""
    consented = select(LatePayment.claim).where(LatePayment.state == "consented")
    statement = (
        select(col(Payment.id), col(Budget.action_end))
        .join(Claim, col(Claim.id) == col(Payment.claim))
        .join(Budget, col(Budget.id) == col(Claim.budget))
        .where(among(Payment.id, ids), col(Payment.claim).not_in(consented))
    )
    return dict((await tx.session.exec(statement)).all())


@dataclass(frozen=True)
class AtRisk:
    """A case whose money may leave only after the end of the action: what it holds, the last day on which it may be
    paid, and the newest request to pay it late with its standing."""

    case: UUID
    number: str
    line: UUID
    claim: UUID | None
    held_cents: int
    pay_by: date
    action_end: date
    late: str
    request: UUID | None


async def at_risk(tx: Tx, lines: Collection[UUID], today: date) -> list[AtRisk]:
    """Of these lines, those that end first at the top."""
    rows = (await tx.execute(_AT_RISK, {"lines": list(lines), "today": today, "margin": MARGIN})).all()
    return [
        AtRisk(
            row.case_id, row.number, row.budget, row.claim, int(row.held), row.leaves, row.action_end,
            row.late or "", row.request,
        )
        for row in rows
    ]  # fmt: skip


def _not_theirs(work: Work[LatePayment], claim: Claim) -> None:
    if work.actor.may("member", claim.organisation):
        raise DomainError("own-claim", status=403)


_AT_RISK = text("""
    SELECT held.*, late.state AS late, late.id AS request FROM (
        SELECT reservations.case_id, cases.frozen ->> 'number' AS number, reservations.budget, claim.id AS claim,
            budgets.action_end, sum(kept.balance_cents) AS held,
            coalesce(claim.pay_by, (cases.frozen ->> 'last_day')::date
                + (cases.frozen #>> '{terms,report_days}')::int + (cases.frozen #>> '{terms,validation_days}')::int
                + (cases.frozen #>> '{terms,payment_days}')::int) AS leaves
        FROM ledger_account_balance AS kept
        JOIN reservations ON reservations.id = kept.owner
        JOIN budgets ON budgets.id = reservations.budget
        JOIN reimbursements_known_cases AS cases ON cases.id = reservations.case_id
        LEFT JOIN claims AS claim ON claim.reservation = reservations.id
            AND claim.state NOT IN ('closed', 'replaced', 'rejected', 'expired')
        WHERE kept.book = ANY(:lines) AND kept.balance_cents > 0
            AND kept.account IN ('RESERVED', 'COMMITTED', 'DRAWN')
        GROUP BY reservations.id, cases.id, claim.id, budgets.id
    ) AS held LEFT JOIN LATERAL (SELECT id, state FROM late_payments WHERE late_payments.claim = held.claim
        ORDER BY id DESC LIMIT 1) AS late ON true
    WHERE greatest(held.leaves, :today) > held.action_end - CAST(:margin AS interval)
    ORDER BY held.action_end, held.leaves, held.case_id LIMIT 500""")
