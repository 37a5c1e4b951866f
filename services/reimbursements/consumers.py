"""What reimbursements hears: cases and their ends. Committing and releasing money needs no workflow: facts are
enough.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import func, update
from sqlmodel import col

from contracts import (
    application,
    attendance,
    cutoff,
    organisation,
    partnership,
    registration,
    report,
    visit,
    voucher,
)
from contracts.amendment import Agreed, InForce, Lapsed, Refused, Withdrawn
from contracts.errors import NotKnownYet
from contracts.facts import Fact
from contracts.organisation import ORGANISATION
from contracts.tables import Body
from contracts.workdays import Moment
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause
from services.chassis.facts.reader import Reader
from services.reimbursements.audit.hearing import hear_cases
from services.reimbursements.budgets import aid_checks, reservations
from services.reimbursements.budgets.amendments import KnownAmendment, give_up, put_in_force
from services.reimbursements.budgets.ranked import serve_joined, serve_ranked
from services.reimbursements.claims.models import KnownAttendance, KnownRegistration
from services.reimbursements.models import Case, KnownAction, KnownParty
from services.reimbursements.payees.models import Payee


def hear(reader: Reader) -> None:
    """Registers the handlers. Each locks the case's row before any money of it moves."""
    hear_cases(reader)

    @reader.hears(*(body for body in ORGANISATION.facts if issubclass(body, organisation.Public)))
    async def registered(tx: Tx, fact: Fact, body: organisation.Public) -> None:
        row = KnownParty(
            id=fact.subject, name=body.name, town=body.town, country=body.country, identity=body.identity
        )
        await tx.session.merge(row)

    @reader.hears(partnership.Formed, partnership.Revised)
    async def formed(tx: Tx, fact: Fact, body: partnership.Public) -> None:
        row = KnownAction(
            id=fact.subject,
            name=body.name,
            programme=body.programme,
            members=list(body.members),
            first_day=body.first_day,
            last_day=body.last_day,
        )
        await tx.session.merge(row)

    @reader.hears(application.Submitted, application.Revised)
    async def frozen(tx: Tx, fact: Fact, body: application.Frozen) -> None:
        row = await tx.session.get(Case, fact.subject, with_for_update=True)
        values: dict[str, Any] = {
            "organisation": body.visitor,
            "payer": body.payer,
            "budget": body.budget,
            "partnership": body.visitor_partnership,
            "applicant": body.applicant,
            "round": body.round,
            "amount_cents": body.amount_cents,
            "frozen": body.model_dump(mode="json"),
            "ended": False,
        }
        if row is None:
            row = Case(id=fact.subject, **values)
            tx.add(row)
        else:
            row.sqlmodel_update(values)
        await aid_checks.ask(tx, row, Moment(fact.time), _after(fact))
        await _may_check_the_account(tx, body.visitor, body.payer)

    @reader.hears(application.Reopened)
    async def reopened(tx: Tx, fact: Fact, body: application.Reopened) -> None:
        case = await _case(tx, fact)
        case.round, case.ended = body.round, False

    @reader.hears(application.Selected)
    async def selected(tx: Tx, fact: Fact, body: application.Selected) -> None:
        case = await _case(tx, fact)
        _decided(case, fact)
        await serve_joined(tx, case, body, Moment(fact.time), _after(fact))

    @reader.hears(cutoff.Ranked)
    async def ranked(tx: Tx, fact: Fact, body: cutoff.Ranked) -> None:
        await serve_ranked(tx, body, Moment(fact.time), _after(fact))

    @reader.hears(application.Announced)
    async def announced(tx: Tx, fact: Fact, body: application.Announced) -> None:
        await reservations.announce(tx, await _case(tx, fact))

    @reader.hears(application.Granted)
    async def granted(tx: Tx, fact: Fact, body: application.Granted) -> None:
        case = await _case(tx, fact)
        case.granted, case.granted_on = True, Moment(fact.time).today()
        await reservations.commit(tx, case, Moment(fact.time), _after(fact))

    @reader.hears(application.Rejected)
    async def rejected(tx: Tx, fact: Fact, body: application.Rejected) -> None:
        case = await _case(tx, fact)
        case.ended = True
        await reservations.leave_queue(tx, case, Moment(fact.time), _after(fact))

    @reader.hears(
        application.Withdrawn,
        application.Lapsed,
        application.Cancelled,
        application.NotCompleted,
        application.Closed,
        application.Finalised,
    )
    async def ended(tx: Tx, fact: Fact, body: Body) -> None:
        case = await _case(tx, fact)
        case.ended = True
        await reservations.end(tx, case, Moment(fact.time), _after(fact))
        await aid_checks.drop(tx, case, Moment(fact.time), _after(fact))

    @reader.hears(visit.Validated)
    async def validated(tx: Tx, fact: Fact, body: visit.Validated) -> None:
        case = await _case(tx, fact)
        case.validated = body.model_dump(mode="json")
        _decided(case, fact)

    @reader.hears(voucher.Issued)
    async def issued(tx: Tx, fact: Fact, body: voucher.Issued) -> None:
        case = await _case(tx, fact)
        case.voucher = body.model_dump(mode="json")

    @reader.hears(voucher.Changed)
    async def changed(tx: Tx, fact: Fact, body: voucher.Changed) -> None:
        case = await _case(tx, fact)
        case.voucher = {**case.voucher, **body.model_dump(mode="json")}

    @reader.hears(Agreed)
    async def amendment_agreed(tx: Tx, fact: Fact, body: Agreed) -> None:
        case = await _case(tx, fact)
        tx.add(KnownAmendment(id=fact.subject, case_id=case.id, amount_cents=body.amount_cents))

    @reader.hears(InForce)
    async def amendment_in_force(tx: Tx, fact: Fact, body: InForce) -> None:
        case = await _case(tx, fact)
        await put_in_force(tx, case, fact.subject, body, Moment(fact.time), _after(fact))

    @reader.hears(Refused, Withdrawn, Lapsed)
    async def amendment_over(tx: Tx, fact: Fact, body: Body) -> None:
        case = await _case(tx, fact)
        await give_up(tx, case, fact.subject, Moment(fact.time), _after(fact))

    @reader.hears(voucher.Surrendered)
    async def surrendered(tx: Tx, fact: Fact, body: voucher.Surrendered) -> None:
        case = await _case(tx, fact)
        case.voucher = {**case.voucher, "claim_until": body.claim_until.isoformat()}

    @reader.hears(report.Overdue)
    async def overdue(tx: Tx, fact: Fact, body: report.Overdue) -> None:
        case = await _case(tx, fact)
        case.overdue = [*case.overdue, fact.subject]

    @reader.hears(report.Submitted, report.Waived, report.Dropped)
    async def reported(tx: Tx, fact: Fact, body: Body) -> None:
        case = await _case(tx, fact)
        case.overdue = [one for one in case.overdue if one != fact.subject]

    @reader.hears(registration.Confirmed)
    async def confirmed(tx: Tx, fact: Fact, body: registration.Confirmed) -> None:
        await tx.session.merge(KnownRegistration(id=fact.subject, event=body.event, person=body.person))

    @reader.hears(attendance.Recorded)
    async def recorded(tx: Tx, fact: Fact, body: attendance.Recorded) -> None:
        await tx.session.merge(
            KnownAttendance(registration=body.registration, day=body.day, present=body.present)
        )


async def _case(tx: Tx, fact: Fact) -> Case:
    """The case that a fact is about, locked."""
    case = await tx.session.get(Case, fact.case, with_for_update=True)
    if case is None:
        raise NotKnownYet("case", fact.case)
    return case


async def _may_check_the_account(tx: Tx, organisation: UUID, payer: UUID) -> None:
    """An account that was given before this payer had a case of the organisation is the payer's to check as well."""
    members = col(Payee.members)
    await tx.execute(
        update(Payee)
        .where(col(Payee.organisation) == organisation, ~members.contains([payer]))
        .values(members=func.array_append(members, payer))
    )


def _decided(case: Case, fact: Fact) -> None:
    """Who decides or validates a case does not approve its payment, nor does the officer whose deputy decided."""
    if fact.actor != "system":
        case.deciders = sorted({*case.deciders, UUID(fact.actor), UUID(fact.behalfof or fact.actor)})


def _after(fact: Fact) -> Cause:
    return Cause("system", via="system", correlation=fact.correlation, causation=fact.id)
