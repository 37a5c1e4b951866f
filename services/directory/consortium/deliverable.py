"""Rules of Deliverable: its lead hands in versions, its peer reviews them, the coordinator accepts one.

Nobody judges what they, or their own organisation, handed in. The daily sweep reminds the lead of the day.
"""

from datetime import date, datetime, timedelta
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import Field
from sqlmodel import col, select

from contracts import deliverable as facts
from contracts.deliverable import DELIVERABLE, Kind, Stage
from contracts.errors import DomainError
from contracts.ids import new_id
from contracts.tables import Input, Nothing
from contracts.workdays import BUSINESS_ZONE, END_OF_DAY, Moment
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause
from services.chassis.files import kept, relied_on
from services.chassis.web.look.forms import Upload
from services.directory.consortium.kinds import deliverables
from services.directory.consortium.models import Deliverable, Version, WorkPackage
from services.directory.consortium.work_package import member_of

LOOKED_AT_WITHIN = 10
"""Working days that a peer, and then the coordinator, takes."""
BETTER_WITHIN = 10
"""Working days for another version, where the day is over by then."""
AT_ONCE = 200
TAKEN = ".pdf,.docx,.xlsx"


class Replan(Input):
    title: str = Field(
        title="Title", description="As the grant agreement has it.", min_length=3, max_length=150
    )
    kind: Kind = Field(title="What is it?")
    work_package: UUID | None = Field(None, title="Work package")
    lead: UUID = Field(title="Which member hands it in?")
    peer: UUID | None = Field(
        None,
        title="Which member reviews it?",
        description="Another one. Left empty: nobody but you looks at it.",
    )
    due_on: date = Field(title="Due on")


class Plan(Replan):
    partnership: UUID = Field(title="Of which partnership?")


class Submit(Input):
    file: Annotated[str, Upload(TAKEN)] = Field(title="The version", description="PDF, DOCX or XLSX.")
    note: str = Field("", title="What is new in it?", max_length=1000)


class Review(Input):
    review: str = Field(title="Your review", min_length=3, max_length=4000)


class Verdict(Input):
    verdict: str = Field(title="What has to be better?", min_length=3, max_length=4000)


@rule(DELIVERABLE, "plan")
async def plan(work: Work[Deliverable], given: Plan, at: Moment) -> facts.Planned:
    work.row = Deliverable(id=new_id(), **given.model_dump(), due_at=end_of(given.due_on))
    await _check(work.tx, work.row, at)
    return facts.Planned.model_validate(deliverable_said(work.row))


@rule(DELIVERABLE, "replan")
async def replan(work: Work[Deliverable], given: Replan, at: Moment) -> facts.Replanned:
    stays = given.due_on == work.row.due_on
    for name in Replan.model_fields:
        setattr(work.row, name, getattr(given, name))
    if not stays:
        work.row.reminded, work.row.due_at = "", end_of(given.due_on)
    await _check(work.tx, work.row, at, dated=stays)
    return facts.Replanned.model_validate(deliverable_said(work.row))


@rule(DELIVERABLE, "submit")
async def submit(work: Work[Deliverable], given: Submit, at: Moment) -> facts.Submitted:
    row = work.row
    (file,) = await kept(work.tx, [given.file], work.actor.person, "file")
    row.versions, row.due_at = row.versions + 1, at.plus_working_days(LOOKED_AT_WITHIN)
    work.tx.add(
        Version(
            deliverable=row.id, number=row.versions, file=file.id, file_name=file.name, note=given.note,
            by=work.actor.person, at=at.now,
        )
    )  # fmt: skip
    return facts.Submitted(version=row.versions, peered=row.peer is not None, due_at=row.due_at)


@rule(DELIVERABLE, "review")
async def review(work: Work[Deliverable], given: Review, at: Moment) -> facts.Reviewed:
    version = await _judged(work)
    version.review, version.reviewed_by = given.review, work.actor.person
    work.row.due_at = at.plus_working_days(LOOKED_AT_WITHIN)
    return facts.Reviewed(version=version.number, due_at=work.row.due_at)


@rule(DELIVERABLE, "return")
async def return_(work: Work[Deliverable], given: Review, at: Moment) -> facts.Returned:
    version = await _judged(work)
    version.review, version.reviewed_by = given.review, work.actor.person
    work.row.due_at = _better_until(work.row, at)
    return facts.Returned(version=version.number, due_at=work.row.due_at)


@rule(DELIVERABLE, "accept")
async def accept(work: Work[Deliverable], given: Nothing, at: Moment) -> facts.Accepted:
    version = await _judged(work, by_coordinator=True)
    await relied_on(work.tx, [version.file])
    version.judged_by, work.row.due_at = work.actor.person, None
    return facts.Accepted(version=version.number)


@rule(DELIVERABLE, "refuse")
async def refuse(work: Work[Deliverable], given: Verdict, at: Moment) -> facts.Returned:
    version = await _judged(work, by_coordinator=True)
    version.verdict, version.judged_by = given.verdict, work.actor.person
    work.row.due_at = _better_until(work.row, at)
    return facts.Returned(version=version.number, due_at=work.row.due_at)


@rule(DELIVERABLE, "drop")
def drop(row: Deliverable, given: Nothing, at: Moment) -> facts.Dropped:
    row.due_at = None
    return facts.Dropped()


async def remind_of_deliverables(tx: Tx, at: Moment, cause: Cause) -> None:
    """A month and a week before, and once when it is late. Part of the daily sweep."""
    today = at.today()
    statement = (
        select(Deliverable)
        .where(
            col(Deliverable.state).in_(("planned", "returned")),
            col(Deliverable.due_on) <= today + timedelta(days=30),
            col(Deliverable.reminded) != "late",
        )
        .order_by(col(Deliverable.due_on))
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    for row in (await tx.session.exec(statement)).all():
        stage = _stage(row.due_on, today)
        if stage != row.reminded:
            row.reminded = stage
            body = facts.Reminded(stage=stage, due_at=end_of(row.due_on))
            await deliverables.record(tx, row, "remind", body, at, cause)


def end_of(day: date) -> datetime:
    """The last second of a day, business time."""
    return datetime.combine(day, END_OF_DAY, ZoneInfo(BUSINESS_ZONE))


def _stage(due_on: date, today: date) -> Stage:
    if due_on < today:
        return "late"
    return "week" if due_on <= today + timedelta(days=7) else "month"


def _better_until(row: Deliverable, at: Moment) -> datetime:
    """The day it is due, or some working days from now if that is later."""
    return max(end_of(row.due_on), at.plus_working_days(BETTER_WITHIN))


async def _judged(work: Work[Deliverable], *, by_coordinator: bool = False) -> Version:
    """The version that waits; DomainError for who handed it in, and for a peer of the lead's own people."""
    version = await work.tx.session.get(Version, (work.row.id, work.row.versions))
    assert version is not None
    own = work.actor.may("member", work.row.lead) and not by_coordinator
    if own or version.by == work.actor.person:
        raise DomainError("judged-by-another", status=403)
    work.tx.add(version)
    return version


async def _check(tx: Tx, row: Deliverable, at: Moment, *, dated: bool = False) -> None:
    """dated: its day stood before, and may be over."""
    partnership = await member_of(tx, row.partnership, row.lead, "lead")
    if row.peer is not None and row.peer not in partnership.members:
        raise DomainError("member-needed", "peer")
    if row.peer == row.lead:
        raise DomainError("peer-is-another", "peer")
    if row.due_on < at.today() and not dated:
        raise DomainError("due-over", "due_on")
    if row.work_package is not None:
        package = await tx.get(WorkPackage, row.work_package)
        if package is None or package.partnership != row.partnership or package.state != "planned":
            raise DomainError("work-package-unknown", "work_package")


def deliverable_said(row: Deliverable) -> dict[str, object]:
    """What facts say of it."""
    known = row.model_dump(include={"partnership", "title", "kind", "lead", "peer"})
    return {**known, "due_at": end_of(row.due_on)}
