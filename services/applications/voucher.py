"""Grants without host: issued with the last signature, reported on by form, closed once nothing is left or time is up.

What is claimed and paid is another service's; it is heard here, so that a grant is not closed over an open claim.
"""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from contracts import application as application_facts
from contracts import report as report_facts
from contracts import voucher as facts
from contracts.errors import DomainError
from contracts.ids import new_id
from contracts.workdays import BUSINESS_ZONE, END_OF_DAY, Moment
from services.applications.application import document_scopes, rules_of, terms_of
from services.applications.kinds import applications, reports, vouchers
from services.applications.models import Application, Report, Voucher
from services.chassis.acts.perform import Work
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause

OPEN = "open"


def issue(work: Work[Any], application: Application, first: date, last: date, at: Moment) -> None:
    """Beside the last signature: the grant itself, and every report that the call asks for."""
    rules, terms = rules_of(application), terms_of(application)
    validity = rules.fulfilment.validity_days or 0
    until = max(last, at.today() + timedelta(days=validity))
    voucher = Voucher(
        id=new_id(),
        application=application.id,
        scopes=document_scopes(application),
        amount_cents=application.amount_cents,
        valid_from=at.today(),
        valid_until=until,
        due_at=_end_of(until + timedelta(days=terms.claim_days)),
    )
    body = facts.Issued(
        amount_cents=voucher.amount_cents, currency="EUR", valid_from=voucher.valid_from, valid_until=until
    )
    work.beside(vouchers, voucher, "issue", body)
    for due in rules.reports:
        assert due.form is not None
        due_at = _end_of(last + timedelta(days=due.days_after or 0))
        report = Report(
            id=new_id(),
            application=application.id,
            scopes=document_scopes(application),
            key=due.key,
            title=due.title,
            form=due.form,
            due_at=due_at,
        )
        said = report_facts.Scheduled(key=due.key, form=due.form, due_at=due_at)
        work.beside(reports, report, "schedule", said)


def _end_of(day: date) -> datetime:
    return datetime.combine(day, END_OF_DAY, ZoneInfo(BUSINESS_ZONE))


async def voucher_of(tx: Tx, case: UUID, *, lock: bool = False) -> Voucher | None:
    """The case's grant without host, if it has one."""
    statement = select(Voucher).where(Voucher.application == case)
    return (await tx.session.exec(statement.with_for_update() if lock else statement)).one_or_none()


async def cancel_with(work: Work[Application], by: Any) -> bool:
    """Ends the grant of a case that is cancelled; DomainError("voucher-claimed") once something was claimed on it."""
    voucher = await voucher_of(work.tx, work.row.id, lock=True)
    if voucher is None:
        return False
    if voucher.claims:
        raise DomainError("voucher-claimed", status=409)
    voucher.due_at = None
    work.beside(vouchers, voucher, "cancel", facts.Cancelled(by=by))
    return True


async def close(tx: Tx, case: Application, voucher: Voucher, at: Moment, cause: Cause) -> None:
    """Nothing is left, or the time to claim is over, and no claim is open: the case is closed and counted."""
    if is_claimed(voucher):
        return
    if voucher.paid_cents < voucher.amount_cents and (voucher.due_at is None or at.now < voucher.due_at):
        return
    body = facts.UsedUp if voucher.paid_cents >= voucher.amount_cents else facts.Expired
    voucher.due_at = None
    await vouchers.record(tx, voucher, "close", body(paid_cents=voucher.paid_cents), at, cause)
    counted = case.visitor_partnership
    closed = application_facts.Closed(round=case.round, counted_for=counted)
    await applications.record(tx, case, "close", closed, at, cause)


def is_claimed(voucher: Voucher) -> bool:
    """Whether a claim on it is still under way."""
    return OPEN in voucher.claims.values()


def due_of(voucher: Voucher) -> datetime | None:
    """When its time is over: at once when nothing is left, never while a claim is open."""
    if is_claimed(voucher):
        return None
    if voucher.paid_cents >= voucher.amount_cents:
        return datetime.combine(voucher.valid_from, time(0), ZoneInfo(BUSINESS_ZONE))
    return voucher.due_at


async def hear_claim(tx: Tx, case: UUID | None, claim: UUID, state: str, paid_cents: int = 0) -> None:
    """A claim of a case was opened, came to its end, or was paid; of an exchange nothing is kept."""
    voucher = await voucher_of(tx, case, lock=True) if case else None
    if voucher is None:
        return
    voucher.claims = {**voucher.claims, str(claim): state}
    voucher.paid_cents += paid_cents
    tx.add(voucher)


async def lapse_reports(tx: Tx, at: Moment, cause: Cause) -> None:
    """The daily sweep: reports whose time is over are overdue."""
    statement = (
        select(Report)
        .where(col(Report.state).in_(("awaited", "returned")), col(Report.due_at) < at.now)
        .order_by(col(Report.id))
        .limit(500)
        .with_for_update()
    )
    for report in (await tx.session.exec(statement)).all():
        await reports.record(tx, report, "lapse", report_facts.Overdue(), at, cause)
