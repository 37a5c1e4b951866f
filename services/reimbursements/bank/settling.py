"""What the bank's answer means for a payment and its claim: paid, returned, refused, replaced after closing.

Whoever calls holds the locks of the case, the claim, the payment and the budget line.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from contracts import claim as claim_facts
from contracts import payment as facts
from contracts import reservation as reservation_facts
from contracts.ids import named_id, new_id
from contracts.workdays import Moment
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause
from services.reimbursements.claims.claims import fresh_due, terms_of, void_checks
from services.reimbursements.claims.opening import open_again
from services.reimbursements.claims.recovery import owed_back
from services.reimbursements.claims.sums import pay
from services.reimbursements.funder.bearing import regain
from services.reimbursements.kinds import claims, payments, reservations
from services.reimbursements.ledger import acts as ledger
from services.reimbursements.ledger.posting import Occasion
from services.reimbursements.models import Reservation
from services.reimbursements.payments.held import in_its_place
from services.reimbursements.payments.models import PayingAccount, Payment
from services.reimbursements.payments.payments import Attempt, newest_attempt, payout_of

NOT_SAID = "NARR"
"""ISO 20022 for a reason that is only told in words."""


@dataclass(frozen=True)
class Booked:
    """An entry that the bank has booked on one of our accounts. explains: the posting under which its sum has waited
    in suspense until now."""

    account: PayingAccount
    booked_on: date
    value_on: date
    identity: str
    explains: UUID | None = None


async def reinstated(tx: Tx, attempt: Attempt, at: Moment, cause: Cause) -> None:
    """The bank executes what it had refused, or what was withdrawn: that order stands again, and the attempt that was
    to take its place is ordered no more."""
    payment, claim = attempt.payment, attempt.claim
    newer = await in_its_place(tx, attempt)
    assert payment.batch is not None
    await ledger.order(
        tx.session, occasion_of("reinstate", payment, at.today()), payment.batch, [payout_of(claim)]
    )
    await payments.record(tx, newer, "withdraw", facts.Withdrawn(), at, cause)
    payment.turned_down_for = ""
    claim.attempt = payment.attempt
    await payments.record(tx, payment, "reinstate", facts.Reinstated(batch=payment.batch), at, cause)
    ordered = claim_facts.Ordered(payment=payment.id, batch=payment.batch)
    await claims.record(tx, claim, "order", ordered, at, cause)


async def paid(tx: Tx, attempt: Attempt, booked: Booked, at: Moment, cause: Cause) -> None:
    """The money has left; the return window begins."""
    payment, claim = attempt.payment, attempt.claim
    line = attempt.budget
    assert payment.batch is not None
    payment.inside = line.action_start <= booked.value_on <= line.action_end
    await ledger.book(
        tx.session, occasion_of("book", payment, booked.value_on), payment.batch, booked.account.id,
        [payout_of(claim)], inside=payment.inside, explains=booked.explains,
    )  # fmt: skip
    due_at = at.plus_target_days(terms_of(attempt.case).return_days)
    claim.paid_cents, claim.booked_on, claim.due_at = payment.amount_cents, booked.booked_on, due_at
    pay(attempt.lines, claim.paid_cents)
    body = facts.Booked(
        amount_cents=payment.amount_cents, booked_on=booked.booked_on, value_date=booked.value_on
    )
    await payments.record(tx, payment, "book", body, at, cause)
    told = claim_facts.Paid(paid_cents=claim.paid_cents, booked_on=booked.booked_on, due_at=due_at)
    await claims.record(tx, claim, "book", told, at, cause)


async def returned(
    tx: Tx, attempt: Attempt, booked: Booked, fee_cents: int, reason: str, at: Moment, cause: Cause
) -> None:
    """The money came back, less the fee that was kept. Before closing the claim is mended; after it, replaced; and what
    was demanded of it is demanded no longer."""
    payment, claim = attempt.payment, attempt.claim
    payment.turned_down_for = reason
    await payments.record(tx, payment, "return", facts.Returned(reason=reason), at, cause)
    occasion = occasion_of("return", payment, booked.value_on)
    if claim.state == "recovering":
        await _withdraw_demand(tx, attempt, booked, at)
    await regain(tx, claim, occasion.id, payment.amount_cents, at)
    if claim.state in ("closed", "recovering"):
        await _replaced(tx, attempt, booked, fee_cents, at, cause)
        return
    await ledger.take_back(
        tx.session, occasion, booked.account.id, payout_of(claim), inside=bool(payment.inside),
        fee_cents=fee_cents, explains=booked.explains,
    )  # fmt: skip
    await _failed(tx, attempt, reason, at, cause)


async def refused(tx: Tx, attempt: Attempt, reason: str, at: Moment, cause: Cause) -> None:
    """The bank did not take the payee's account: nothing has left, what was drawn is given back."""
    payment, claim = attempt.payment, attempt.claim
    assert payment.batch is not None
    await ledger.refuse_payee(
        tx.session, occasion_of("refuse", payment, at.today()), payment.batch, payout_of(claim)
    )
    payment.turned_down_for = reason
    await payments.record(tx, payment, "refuse", facts.Refused(reason=reason), at, cause)
    await _failed(tx, attempt, reason, at, cause)


async def _withdraw_demand(tx: Tx, attempt: Attempt, booked: Booked, at: Moment) -> None:
    """Whoever never had the money cannot pay it back."""
    demand = attempt.demand
    assert demand is not None and not demand.received_cents
    await ledger.withdraw_recovery(
        tx.session,
        occasion_of("withdraw_recovery", attempt.payment, booked.value_on),
        owed_back(attempt.claim, demand),
    )
    demand.withdrawn, demand.settled_on = True, at.today()
    demand.matched = demand.matched_by = None


async def _failed(tx: Tx, attempt: Attempt, reason: str, at: Moment, cause: Cause) -> None:
    """It is the claimant's move again, usually to mend the account."""
    claim = attempt.claim
    due_at, newest = await fresh_due(tx, claim, at), await newest_attempt(tx, claim)
    pay(attempt.lines, 0)
    void_checks(claim)
    claim.attempt = newest + 1
    claim.paid_cents, claim.booked_on = 0, None
    claim.reason, claim.due_at = "account", due_at
    body = claim_facts.PaymentFailed(reason=reason, attempt=claim.attempt, due_at=due_at)
    await claims.record(tx, claim, "fail_payment", body, at, cause)


async def _replaced(
    tx: Tx, attempt: Attempt, booked: Booked, fee_cents: int, at: Moment, cause: Cause
) -> None:
    """Commits the sum on a reservation of its own and opens the claim that replaces the closed one."""
    payment, claim, case = attempt.payment, attempt.claim, attempt.case
    cents = payment.amount_cents
    reservation = Reservation(
        id=new_id(),
        case_id=case.id,
        round=case.round,
        purpose="replacing_claim",
        budget=claim.budget,
        payer=claim.payer,
        partnership=claim.partnership,
        organisation=claim.organisation,
        amount_cents=cents,
        queued_at=at.now,
    )
    await ledger.take_back_after_closing(
        tx.session, occasion_of("return", payment, booked.value_on), booked.account.id, payout_of(claim),
        reservation.id, inside=bool(payment.inside), fee_cents=fee_cents, explains=booked.explains,
    )  # fmt: skip
    made = reservation_facts.Made(
        budget=claim.budget, amount_cents=cents, round=case.round, purpose="replacing_claim"
    )
    await reservations.record(tx, reservation, "reserve", made, at, cause)
    committed = reservation_facts.Committed(amount_cents=cents)
    await reservations.record(tx, reservation, "commit", committed, at, cause)
    pay_by = at.today() + timedelta(days=terms_of(case).payment_days)
    newer = await open_again(tx, case, reservation, claim, pay_by, at, cause)
    await claims.record(tx, claim, "replace", claim_facts.Replaced(by=newer.id), at, cause)


def occasion_of(act: str, payment: Payment, on: date) -> Occasion:
    """An attempt is booked, returned or refused once."""
    return Occasion(named_id("posting", act, payment.id), on, case=payment.case_id, claim=payment.claim)
