"""Dates and holders, changed by an officer with a reason: of a stage, or of one applicant. Never of an own case."""

from datetime import datetime
from typing import Annotated, Literal, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field

from contracts import stage as facts
from contracts.acting import DEPUTY
from contracts.application import APPLICATION, MoveReason, Rescheduled
from contracts.errors import DomainError
from contracts.stage import STAGE
from contracts.tables import Input
from contracts.workdays import BUSINESS_ZONE, Moment
from services.applications.models import Application
from services.applications.review.closing import assessments_of, note_escalation
from services.applications.review.conflicts import without_own
from services.applications.review.models import Stage
from services.applications.review.opening import reminders_over, stages_of
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule


def _zoned(given: datetime) -> datetime:
    """A time that names no zone is Brussels time, as on the page."""
    return given if given.tzinfo else given.replace(tzinfo=ZoneInfo(BUSINESS_ZONE))


Instant: TypeAlias = Annotated[datetime, AfterValidator(_zoned)]


class Reassign(Input):
    """What is left empty stays as it is."""

    reason: facts.MoveReason = Field(title="Why does this change?")
    holder: Literal["VOP", "HOP", "PAY", "COORD", "AGENCY"] | None = Field(None, title="Who does it now?")
    due_at: Instant | None = Field(None, title="Until when?", description="Only later than it is due now.")
    lead: UUID | None = Field(None, title="Who leads the consensus?")


@rule(STAGE, "reassign")
async def reassign(work: Work[Stage], given: Reassign, at: Moment) -> facts.Reassigned:
    stage = work.row
    case = await work.tx.found(Application, stage.application)
    await without_own(work.tx, case, work.actor)
    if given.holder is not None:
        if given.holder not in stage.scopes:
            raise DomainError("holder-unknown", "holder")
        stage.parties = [given.holder]
        stage.scopes = {party: scope for party, scope in stage.scopes.items() if party != DEPUTY}
        note_escalation(case, await stages_of(work.tx, case.id, stage.round))
    if given.due_at is not None:
        if given.due_at <= stage.due_at:
            raise DomainError("date-later-only", "due_at", due=stage.due_at)
        stage.due_at = given.due_at
    if given.lead is not None:
        await _lead(work, given.lead)
    stage.reminders = reminders_over(stage, at)
    said = {"parties": stage.parties, "reason": given.reason, "due_at": stage.due_at}
    return facts.Reassigned.model_validate(said)


async def _lead(work: Work[Stage], lead: UUID) -> None:
    """One of those who scored, while nobody has submitted anything yet."""
    rows = await assessments_of(work.tx, work.row)
    if lead not in {one.evaluator for one in rows} or any(one.state == "submitted" for one in rows):
        raise DomainError("lead-not-now", "lead", status=409)
    work.row.lead = lead


class Extend(Input):
    due_at: Instant = Field(title="Until when?", description="Only later than it is due now.")
    reason: MoveReason = Field(title="Why is more time needed?")


@rule(APPLICATION, "extend")
async def extend(work: Work[Application], given: Extend, at: Moment) -> Rescheduled:
    """More time for one applicant: a draft then has a cut-off of its own."""
    case = work.row
    await without_own(work.tx, case, work.actor)
    stands = max(case.due_at or at.now, at.now)
    if given.due_at <= stands:
        raise DomainError("date-later-only", "due_at", due=stands)
    case.due_at, case.reminders = given.due_at, 0
    return Rescheduled(due_at=given.due_at, reason=given.reason)
