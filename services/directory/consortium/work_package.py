"""Rules of WorkPackage: the coordinator plans them; each is led by a member, within the action."""

from datetime import date
from uuid import UUID

from pydantic import Field
from sqlmodel import col, update

from contracts import work_package as facts
from contracts.errors import DomainError
from contracts.ids import new_id
from contracts.tables import Input, Nothing
from contracts.work_package import WORK_PACKAGE
from contracts.workdays import Moment
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.directory.consortium.models import Deliverable, WorkPackage
from services.directory.models import Partnership


class Replan(Input):
    number: int = Field(title="Number", ge=1, le=99)
    title: str = Field(title="Title", min_length=3, max_length=150)
    lead: UUID = Field(title="Which member leads it?")
    first_day: date = Field(title="First day")
    last_day: date = Field(title="Last day")


class Plan(Replan):
    partnership: UUID = Field(title="Of which partnership?")


@rule(WORK_PACKAGE, "plan")
async def plan(work: Work[WorkPackage], given: Plan, at: Moment) -> facts.Planned:
    work.row = WorkPackage(id=new_id(), **given.model_dump())
    await _check(work.tx, work.row)
    return facts.Planned.model_validate(_said(work.row))


@rule(WORK_PACKAGE, "replan")
async def replan(work: Work[WorkPackage], given: Replan, at: Moment) -> facts.Replanned:
    for name in Replan.model_fields:
        setattr(work.row, name, getattr(given, name))
    await _check(work.tx, work.row)
    return facts.Replanned.model_validate(_said(work.row))


@rule(WORK_PACKAGE, "drop")
async def drop(work: Work[WorkPackage], given: Nothing, at: Moment) -> facts.Dropped:
    await work.tx.execute(
        update(Deliverable).where(col(Deliverable.work_package) == work.row.id).values(work_package=None)
    )
    return facts.Dropped()


async def member_of(tx: Tx, partnership: UUID, organisation: UUID, field: str) -> Partnership:
    """The partnership, if the organisation is its member."""
    row = await tx.get(Partnership, partnership)
    if row is None:
        raise DomainError("partnership-unknown", "partnership")
    if organisation not in row.members:
        raise DomainError("member-needed", field)
    return row


async def _check(tx: Tx, row: WorkPackage) -> None:
    partnership = await member_of(tx, row.partnership, row.lead, "lead")
    if row.last_day < row.first_day:
        raise DomainError("work-package-days", "last_day")
    first, last = partnership.first_day, partnership.last_day
    if row.first_day < first or row.last_day > last:
        raise DomainError("outside-the-action", "first_day", first=first, last=last)


def _said(row: WorkPackage) -> dict[str, object]:
    return row.model_dump(include=set(facts.Promised.model_fields))
