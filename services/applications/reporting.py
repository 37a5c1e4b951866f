"""When reports by form are awaited: dated with the grant, moved later by an officer, overdue when time is over."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from contracts import report as facts
from contracts.ids import new_id
from contracts.workdays import Moment, end_of_day
from services.applications.application import document_scopes, rules_of
from services.applications.kinds import reports
from services.applications.models import Application, Report
from services.chassis.acts.perform import Work
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause

UNFINISHED = ("awaited", "returned", "submitted", "overdue")


def schedule_reports(work: Work[Any], application: Application, last: date) -> None:
    """Beside the last signature: every report that the call asks for, counted from the last day of the activity."""
    rules = rules_of(application)
    for due in rules.reports:
        assert due.form is not None
        due_at = end_of_day(last + timedelta(days=due.days_after or 0))
        report = Report(
            id=new_id(),
            application=application.id,
            scopes=document_scopes(application),
            key=due.key,
            title=due.title,
            form=due.form,
            fulfilment=rules.fulfilment.kind,
            due_at=due_at,
        )
        said = facts.Scheduled(key=due.key, form=due.form, due_at=due_at, fulfilment=rules.fulfilment.kind)
        work.beside(reports, report, "schedule", said)


def fulfilment_of(report: Report) -> facts.Fulfilment:
    """What the report's grant leads to, as facts say it."""
    return "visit" if report.fulfilment == "visit" else "voucher"


async def reports_of(tx: Tx, case: UUID) -> list[Report]:
    """The case's reports by their dates."""
    statement = select(Report).where(Report.application == case).order_by(col(Report.due_at), col(Report.id))
    return list((await tx.session.exec(statement)).all())


async def unfinished_reports(tx: Tx, case: UUID) -> list[Report]:
    """Those that are still to be written or to be looked at."""
    return [one for one in await reports_of(tx, case) if one.state in UNFINISHED]


async def drop_reports(work: Work[Any], case: UUID) -> None:
    """Beside the end of a case: nothing is reported on it any more."""
    for report in await unfinished_reports(work.tx, case):
        work.beside(reports, report, "drop", facts.Dropped())


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
        await reports.record(tx, report, "lapse", facts.Overdue(), at, cause)
