"""Rules of a visit: start and end by date, report, validation of the days done, counted once (CX-37, CX-49)."""

from datetime import datetime, time
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import Field

from contracts import visit as facts
from contracts.amounts import sum_of_case
from contracts.errors import DomainError
from contracts.tables import Input, Nothing
from contracts.visit import VISIT
from contracts.workdays import BUSINESS_ZONE, Moment
from services.applications.application import RefuseAppeal, in_time, is_due, least_days, terms_of
from services.applications.models import Application, Visit
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.files import kept, relied_on
from services.chassis.web.look.forms import Upload

EVIDENCE = ".pdf,.jpg,.jpeg,.png"
"""Kinds of files that prove what was done."""


class Confirm(Input):
    days: int = Field(title="How many working days was the visitor with you?", ge=0, le=366)
    feedback: str = Field("", title="Your feedback", max_length=2000)


class Report(Input):
    """The closing report with its evidence; files are kept already and named by their hash."""

    days: int = Field(
        title="Days actually done",
        description="At a host only working days count, without travel.",
        ge=0,
        le=366,
    )
    report: str = Field(title="What did you do, and what came of it?", min_length=20, max_length=8000)
    helpful: Literal[5, 4, 3, 2, 1] = Field(title="How helpful was it for your internationalisation?")
    evidence: list[Annotated[str, Upload(EVIDENCE)]] = Field(
        title="Evidence",
        description="Boarding passes, tickets, invoices for travel and stay: PDF or photo, up to 10 MB each.",
        max_length=20,
    )


class Return(Input):
    reason: facts.ReturnReason = Field(title="What is missing?")
    explanation: str = Field(title="Tell the visitor what to do", min_length=3, max_length=2000)


class Validate(Input):
    days: int = Field(
        title="Days actually done",
        description="By evidence and the host's confirmation; at a host only working days count.",
        ge=0,
        le=366,
    )


class Appeal(Input):
    explanation: str = Field(title="Why should this be looked at again?", min_length=10, max_length=4000)


@rule(VISIT, "check_in")
def check_in(visit: Visit, given: Nothing, at: Moment) -> facts.Started:
    _first_day_reached(visit, at)
    return facts.Started()


@rule(VISIT, "start")
def start(visit: Visit, given: Nothing, at: Moment) -> facts.Started:
    _first_day_reached(visit, at)
    return facts.Started()


@rule(VISIT, "confirm")
def confirm(visit: Visit, given: Confirm, at: Moment) -> facts.Confirmed:
    visit.host_days = given.days
    visit.host_feedback = given.feedback
    return facts.Confirmed(days=given.days)


@rule(VISIT, "report")
async def report(work: Work[Visit], given: Report, at: Moment) -> facts.Reported:
    await _take(work, given, at)
    return facts.Reported(days=given.days, evidence=tuple(given.evidence), due_at=work.row.due_at)


@rule(VISIT, "revise")
async def revise(work: Work[Visit], given: Report, at: Moment) -> facts.Revised:
    await _take(work, given, at)
    return facts.Revised(days=given.days, evidence=tuple(given.evidence), due_at=work.row.due_at)


async def _take(work: Work[Visit], given: Report, at: Moment) -> None:
    visit = work.row
    if not given.evidence:
        raise DomainError("evidence-missing", "evidence")
    files = await kept(work.tx, given.evidence, work.actor.person, "evidence")
    visit.evidence = [file.model_dump() for file in files]
    visit.reporters = sorted({*visit.reporters, *map(str, work.actor.people)})
    visit.evidence_at = at.now
    visit.days_reported = given.days
    visit.report = given.report
    visit.helpful = given.helpful
    application = await work.tx.found(Application, visit.application)
    visit.due_at = at.plus_working_days(terms_of(application).validation_days)
    visit.reminders = 0


@rule(VISIT, "return")
async def return_(work: Work[Visit], given: Return, at: Moment) -> facts.Returned:
    visit = work.row
    _not_own(work)
    application = await work.tx.found(Application, visit.application)
    visit.reason, visit.explanation = given.reason, given.explanation
    visit.due_at = at.plus_working_days(terms_of(application).revision_days)
    return facts.Returned(reason=given.reason, due_at=visit.due_at)


@rule(VISIT, "validate")
async def validate(work: Work[Visit], given: Validate, at: Moment) -> facts.Validated | facts.NotCompleted:
    """The days actually done decide the sum; under the least days the visit does not count."""
    visit = work.row
    application = await work.tx.found(Application, visit.application)
    if given.days > application.frozen["working_days"]:
        raise DomainError("more-days-than-granted", "days", granted=application.frozen["working_days"])
    _not_own(work)
    await relied_on(work.tx, [one["id"] for one in visit.evidence])
    visit.days_done = given.days
    visit.validator = work.actor.person
    if given.days < least_days(application):
        return not_completed(visit, application, at)
    visit.validated_on = at.today()
    visit.due_at = None
    evidence_on = (visit.evidence_at or at.now).astimezone(ZoneInfo(BUSINESS_ZONE)).date()
    return facts.Validated(
        days=given.days,
        first_day=visit.first_day,
        last_day=visit.last_day,
        validated_on=at.today(),
        completed_on=visit.last_day,
        last_evidence_on=evidence_on,
        amount_cents=sum_of_case(application.frozen, given.days).amount_cents,
    )


@rule(VISIT, "give_up")
async def give_up(work: Work[Visit], given: Nothing, at: Moment) -> facts.NotCompleted:
    """After the deadline, its reminders and the escalation the officer ends a case without a report."""
    visit = work.row
    _not_own(work)
    if not visit.escalated:
        raise DomainError("not-escalated-yet", status=409)
    return not_completed(visit, await work.tx.found(Application, visit.application), at)


def not_completed(visit: Visit, application: Application, at: Moment) -> facts.NotCompleted:
    """Opens the appeal window."""
    visit.due_at = at.plus_days(terms_of(application).appeal_days)
    visit.reminders = 0
    return facts.NotCompleted(days=visit.days_done, due_at=visit.due_at)


@rule(VISIT, "appeal")
async def appeal(work: Work[Visit], given: Appeal, at: Moment) -> facts.Appealed:
    visit = work.row
    if visit.appeal != "none" or visit.final:
        raise DomainError("appeal-once", status=409)
    in_time(visit.due_at, at)
    application = await work.tx.found(Application, visit.application)
    visit.appeal, visit.appeal_text = "open", given.explanation
    visit.due_at = at.plus_days(terms_of(application).appeal_days)
    return facts.Appealed(due_at=visit.due_at)


@rule(VISIT, "grant_appeal")
async def grant_appeal(work: Work[Visit], given: Nothing, at: Moment) -> facts.Reopened:
    visit = work.row
    _not_own(work)
    if visit.appeal != "open":
        raise DomainError("no-appeal", status=409)
    application = await work.tx.found(Application, visit.application)
    visit.appeal = "none"
    visit.due_at = at.plus_working_days(terms_of(application).validation_days)
    return facts.Reopened(reported=bool(visit.report), due_at=visit.due_at)


@rule(VISIT, "refuse_appeal")
async def refuse_appeal(work: Work[Visit], given: RefuseAppeal, at: Moment) -> facts.AppealRefused:
    visit = work.row
    _not_own(work)
    if visit.appeal != "open":
        raise DomainError("no-appeal", status=409)
    visit.appeal = "refused"
    visit.appeal_answer = given.explanation
    visit.due_at = at.now
    return facts.AppealRefused()


def _not_own(work: Work[Visit]) -> None:
    """Nobody of the visiting organisation judges its visit, nor who reported it for somebody, nor for whom."""
    visit = work.row
    if UUID(visit.scopes["VO"]) in work.actor.partial_to or str(work.actor.person) in visit.reporters:
        raise DomainError("own-case", status=403)


def end(visit: Visit, application: Application, at: Moment) -> facts.Ended:
    """The last day is over: the report falls due."""
    is_due(end_of(visit), at)
    visit.due_at = at.plus_days(terms_of(application).report_days)
    visit.reminders = 0
    return facts.Ended(due_at=visit.due_at)


def escalate(visit: Visit, application: Application, at: Moment) -> facts.Escalated:
    """The report is late: the officer is told and may give the case up; the visitor may still report."""
    is_due(visit.due_at, at)
    visit.escalated = True
    visit.due_at = at.plus_working_days(terms_of(application).validation_days)
    visit.reminders = 0
    return facts.Escalated(due_at=visit.due_at)


def start_of(visit: Visit) -> datetime:
    """Midnight at the beginning of the first day."""
    return datetime.combine(visit.first_day, time(0), ZoneInfo(BUSINESS_ZONE))


def end_of(visit: Visit) -> datetime:
    """The last second of the last day."""
    return datetime.combine(visit.last_day, time(23, 59, 59), ZoneInfo(BUSINESS_ZONE))


def _first_day_reached(visit: Visit, at: Moment) -> None:
    is_due(start_of(visit), at)


def counted_for(visit: Visit) -> UUID:
    """The partnership whose figures count the exchange: the visitor's, once (CX-49)."""
    return UUID(visit.scopes["VOP"])
