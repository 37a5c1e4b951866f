"""The steps reimbursements offers: reserving, and the clocks of claims. Repeatable; each answers where things stand."""

from datetime import UTC, datetime, time, timedelta

from contracts import asks
from contracts import claim as facts
from contracts.amounts import sum_of_case
from contracts.claim import CLAIM
from contracts.errors import DomainError, NotKnownYet
from contracts.steps import Standing, Subject
from contracts.workdays import Moment
from services.chassis.clock import Clock
from services.chassis.database import Tx
from services.chassis.service import Service
from services.reimbursements.budgets import aid, aid_checks, amendments, reservations
from services.reimbursements.budgets.reservations import BY_STEP
from services.reimbursements.claims import recovery
from services.reimbursements.claims.claims import newest_of, pay_by_of, terms_of
from services.reimbursements.claims.opening import open_for_visit
from services.reimbursements.kinds import claims
from services.reimbursements.models import Case, Claim
from services.reimbursements.payees import screening
from services.reimbursements.retention import keeping, removal

REMINDERS = (timedelta(days=14), timedelta(days=3))
ALARMS = (timedelta(days=5), timedelta(days=2))
"""Before the last day to pay, for whoever holds the claim."""


def offer(service: Service) -> None:
    """Registers all steps."""
    offers, clock = service.offers, service.clock

    def where(claim: Claim) -> Standing:
        return _standing(clock, claim)

    @offers.step(asks.Reservation.reserve)
    async def reserve(tx: Tx, subject: Subject, at: Moment) -> Standing:
        return await reservations.reserve(tx, subject.uuid, subject.number, at)

    @offers.step(asks.Reservation.amend)
    async def amend(tx: Tx, subject: Subject, at: Moment) -> Standing:
        return await amendments.set_aside(tx, subject.uuid, at)

    @offers.step(asks.Claim.open)
    async def open_claim(tx: Tx, subject: Subject, at: Moment) -> Standing:
        """Asked with the case's id: opens its claim once, then answers where the claim stands."""
        case = await tx.session.get(Case, subject.uuid, with_for_update=True)
        if case is None or not case.validated:
            raise NotKnownYet("validated visit", subject.uuid)
        claim = await newest_of(tx, case.id)
        if claim is None:
            result = sum_of_case(case.frozen, int(case.validated["days"]))
            if result.amount_cents == 0:
                return Standing(state="none", open=False)
            reservation = await reservations.live_of(tx, case.id)
            if reservation is None or reservation.state != "committed":
                raise NotKnownYet("commitment", case.id)
            pay_by = pay_by_of(case.validated, terms_of(case))
            claim = await open_for_visit(tx, case, reservation, result, pay_by, at, BY_STEP)
        return where(claim)

    @offers.standing(asks.Claim.standing)
    async def standing(tx: Tx, subject: Subject, at: Moment) -> Standing:
        return where(await tx.found(Claim, subject.uuid))

    @offers.step(asks.Claim.expire)
    async def expire(tx: Tx, subject: Subject, at: Moment) -> Standing:
        claim = await claims.locked(tx, subject.uuid)
        if claim.state in CLAIM.act("expire").sources:
            _is_due(claim, at)
            case = await tx.found(Case, claim.case_id)
            claim.due_at = at.plus_days(terms_of(case).appeal_days)
            claim.reminders = 0
            await claims.record(tx, claim, "expire", facts.Expired(due_at=claim.due_at), at, BY_STEP)
        return where(claim)

    @offers.step(asks.Claim.close)
    async def close(tx: Tx, subject: Subject, at: Moment) -> Standing:
        """The return window is over."""
        claim = await claims.locked(tx, subject.uuid)
        if claim.state == "paid":
            _is_due(claim, at)
            claim.due_at = None
            case = await tx.found(Case, claim.case_id)
            body = facts.Closed(paid_cents=claim.paid_cents, part_of_voucher=bool(case.voucher))
            await claims.record(tx, claim, "close", body, at, BY_STEP)
            await reservations.release_after(tx, case, claim, at, BY_STEP)
        return where(claim)

    @offers.step(asks.Claim.finalise)
    async def finalise(tx: Tx, subject: Subject, at: Moment) -> Standing:
        claim = await claims.locked(tx, subject.uuid)
        if claim.state in ("rejected", "expired") and not claim.final and claim.appeal != "open":
            _is_due(claim, at)
            claim.final, claim.due_at = True, None
            case = await tx.found(Case, claim.case_id)
            body = facts.Finalised(part_of_voucher=bool(case.voucher), appealed=claim.appeal != "none")
            await claims.record(tx, claim, "finalise", body, at, BY_STEP)
            await reservations.release_after(tx, case, claim, at, BY_STEP)
        return where(claim)

    @offers.step(asks.Claim.remind)
    async def remind(tx: Tx, subject: Subject, at: Moment) -> Standing:
        claim = await claims.locked(tx, subject.uuid)
        if claim.state in CLAIM.act("remind").sources and claim.reminders == subject.number:
            claim.reminders += 1
            body = facts.Reminded(stage=claim.state, number=claim.reminders)
            await claims.record(tx, claim, "remind", body, at, BY_STEP)
        return where(claim)

    @offers.step(next(step for step in asks.SWEEPS if step.owner == "reimbursements"))
    async def sweep(tx: Tx, subject: Subject, at: Moment) -> Standing:
        """Once a day: aid that must stand in the register, declarations of it that have grown old, comparisons with the
        sanctions lists before they are too old, debtors who are late, and records whose time is over."""
        await aid.remind(tx, at, BY_STEP)
        await aid_checks.ask_again(tx, at, BY_STEP)
        await screening.repeat(tx, at, BY_STEP)
        await recovery.dun(tx, at, BY_STEP)
        await keeping.fall_due(tx, at, BY_STEP)
        await removal.remove_agreed(tx, at, BY_STEP)
        return Standing(state="swept", open=False)


def _is_due(claim: Claim, at: Moment) -> None:
    if claim.due_at is None or at.now < claim.due_at:
        raise DomainError("not-due", status=409)


def _standing(clock: Clock, claim: Claim) -> Standing:
    open_ = CLAIM.must_be_open(claim.state, claim.final)
    due = None if claim.appeal == "open" else claim.due_at
    waits_for = CLAIM.movers.get(claim.state, "TREASURER" if claim.state == "approved" else "")
    return Standing(
        state=claim.state,
        open=open_,
        waits_for=waits_for,
        reason=claim.reason,
        remind_in=_remind_in(clock, claim) if open_ else None,
        due_in=clock.real_seconds_until(due) if open_ and due is not None else None,
        reminder=claim.reminders,
    )


def _remind_in(clock: Clock, claim: Claim) -> float | None:
    """The claimant is reminded of the claim window, everybody else alarmed before the last day to pay."""
    if claim.state in ("opened", "returned"):
        ends, before = claim.due_at, REMINDERS
    elif claim.state in ("filed", "verified", "approved", "ordered"):
        ends, before = datetime.combine(claim.pay_by, time(23, 59), UTC), ALARMS
    else:
        return None
    if ends is None or claim.reminders >= len(before):
        return None
    return clock.real_seconds_until(ends - before[claim.reminders])
