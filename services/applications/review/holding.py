"""Who holds a stage, changed by an officer: another holder, more time, another lead of a consensus."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from contracts import stage as facts
from contracts.errors import DomainError
from contracts.stage import STAGE
from contracts.tables import Input
from contracts.workdays import Moment
from services.applications.models import Application
from services.applications.review.closing import assessments_of
from services.applications.review.conflicts import without_own
from services.applications.review.models import Stage
from services.applications.review.opening import reminders_over
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule


class Reassign(Input):
    """What is left empty stays as it is."""

    reason: facts.MoveReason = Field(title="Why does this change?")
    holder: Literal["VOP", "HOP", "PAY", "COORD", "AGENCY"] | None = Field(None, title="Who does it now?")
    due_at: datetime | None = Field(None, title="Until when?", description="Only later than it is due now.")
    lead: UUID | None = Field(None, title="Who leads the consensus?")


@rule(STAGE, "reassign")
async def reassign(work: Work[Stage], given: Reassign, at: Moment) -> facts.Reassigned:
    stage = work.row
    case = await work.tx.found(Application, stage.application)
    await without_own(work.tx, case, work.actor.person)
    if given.holder is not None:
        if given.holder not in stage.scopes:
            raise DomainError("holder-unknown", "holder")
        stage.parties = [given.holder]
    if given.due_at is not None:
        if given.due_at <= stage.due_at:
            raise DomainError("date-later-only", "due_at")
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
