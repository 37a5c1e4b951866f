"""Attendance at an event as evidence: recorded at the door by events, it opens a claim or keeps it from being filed."""

from uuid import UUID

from sqlmodel import col, select

from contracts.amounts import support_of
from services.chassis.database import Tx
from services.reimbursements.claims.models import KnownAttendance, KnownRegistration
from services.reimbursements.models import Case


async def attended(tx: Tx, case: Case) -> bool | None:
    """Whether the applicant was there for the share of days that the scheme asks for; None where it asks for none."""

    support = support_of(case.frozen)
    if not support.attendance_percent or not support.event:
        return None
    statement = (
        select(KnownAttendance.present)
        .join(KnownRegistration, col(KnownRegistration.id) == col(KnownAttendance.registration))
        .where(KnownRegistration.event == UUID(support.event), KnownRegistration.person == case.applicant)
    )
    days = (await tx.session.exec(statement)).all()
    return bool(days) and sum(days) * 100 >= support.attendance_percent * len(days)
