"""Grants without host: issued with the last signature, reported on by form, closed once nothing is left or time is up.

What is claimed and paid is another service's; it is heard here, so that a grant is not closed over an open claim.
"""

from datetime import date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlmodel import select

from contracts import application as application_facts
from contracts import voucher as facts
from contracts.errors import DomainError
from contracts.facts import Fact
from contracts.ids import new_id
from contracts.report import Dropped
from contracts.tables import Nothing
from contracts.voucher import VOUCHER
from contracts.workdays import Moment, end_of_day
from services.applications.application import document_scopes, rules_of, terms_of
from services.applications.applying.ground import latest_last_day
from services.applications.kinds import applications, reports, vouchers
from services.applications.models import Application, Voucher
from services.applications.reporting import drop_reports, schedule_reports, unfinished_reports
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause


def issue(work: Work[Any], application: Application, first: date, last: date, at: Moment) -> None:
    """Beside the last signature: the grant itself, no longer than it can be paid within the action, and its reports."""
    rules, terms = rules_of(application), terms_of(application)
    until = max(last, at.today() + timedelta(days=rules.fulfilment.validity_days or 0))
    payable = latest_last_day(date.fromisoformat(application.frozen["action_end"]), rules, terms)
    until = min(until, max(last, payable))
    voucher = Voucher(
        id=new_id(),
        application=application.id,
        scopes=document_scopes(application),
        amount_cents=application.amount_cents,
        valid_from=at.today(),
        valid_until=until,
        claim_until=until + timedelta(days=terms.claim_days),
        in_parts=rules.fulfilment.in_parts,
    )
    body = facts.Issued(
        amount_cents=voucher.amount_cents, currency="EUR", valid_from=voucher.valid_from, valid_until=until,
        claim_until=voucher.claim_until, in_parts=voucher.in_parts,
    )  # fmt: skip
    work.beside(vouchers, voucher, "issue", body)
    schedule_reports(work, application, last)


@rule(VOUCHER, "surrender")
def surrender(voucher: Voucher, given: Nothing, at: Moment) -> facts.Surrendered:
    """What was not claimed goes back to the budget; claims that are under way are looked at and paid."""
    voucher.claim_until = at.today() - timedelta(days=1)
    left = voucher.amount_cents - voucher.paid_cents
    return facts.Surrendered(left_cents=left, claim_until=voucher.claim_until)


async def voucher_of(tx: Tx, case: UUID, *, lock: bool = False) -> Voucher | None:
    """The case's grant without host, if it has one."""
    statement = select(Voucher).where(Voucher.application == case)
    return (await tx.session.exec(statement.with_for_update() if lock else statement)).one_or_none()


async def cancel_with(work: Work[Application], by: Literal["visitor", "officer"]) -> bool:
    """Ends the grant of a case that is cancelled; DomainError("voucher-claimed") once something was claimed on it."""
    voucher = await voucher_of(work.tx, work.row.id, lock=True)
    if voucher is None:
        return False
    if voucher.claims:
        raise DomainError("voucher-claimed", status=409)
    work.beside(vouchers, voucher, "cancel", facts.Cancelled(by=by))
    await drop_reports(work, work.row.id)
    return True


async def close(tx: Tx, case: Application, voucher: Voucher, at: Moment, cause: Cause) -> None:
    """Closed and counted: no claim is under way, and nothing is left or the time to claim is over."""
    due_at = await due_of(tx, voucher)
    if due_at is None or at.now < due_at:
        return
    for report in await unfinished_reports(tx, case.id):
        await reports.record(tx, report, "drop", Dropped(), at, cause)
    body = facts.UsedUp if voucher.paid_cents >= voucher.amount_cents else facts.Expired
    await vouchers.record(tx, voucher, "close", body(paid_cents=voucher.paid_cents), at, cause)
    closed = application_facts.Closed(round=case.round, counted_for=case.visitor_partnership)
    await applications.record(tx, case, "close", closed, at, cause)


async def due_of(tx: Tx, voucher: Voucher) -> datetime | None:
    """When it is closed: at once when nothing is left, else when the time to claim is over. Not while a claim is under
    way, nor while a report is looked at or, once something was paid, still to be written: then nothing closes it."""
    if voucher.is_claimed:
        return None
    owed = await unfinished_reports(tx, voucher.application)
    if any(voucher.paid_cents or one.state == "submitted" for one in owed):
        return None
    if voucher.paid_cents < voucher.amount_cents:
        return end_of_day(voucher.claim_until)
    return end_of_day(voucher.valid_from - timedelta(days=1))


async def hear_claim(tx: Tx, fact: Fact, paid_cents: int | None) -> None:
    """A claim of a case was opened (None), or has come to its end; of an exchange nothing is kept."""
    if fact.case is None or await voucher_of(tx, fact.case) is None:
        return
    await tx.locked(Application, fact.case)
    voucher = await voucher_of(tx, fact.case, lock=True)
    assert voucher is not None
    voucher.claims = {**voucher.claims, str(fact.subject): paid_cents}
    tx.add(voucher)
    if paid_cents is not None and voucher.state == "issued":
        left = voucher.amount_cents - voucher.paid_cents
        body = facts.Settled(claim=fact.subject, paid_cents=paid_cents, left_cents=left)
        cause = Cause("system", via="system", correlation=fact.correlation, causation=fact.id)
        await vouchers.record(tx, voucher, "settle", body, Moment(fact.time), cause)
