"""Rules of Partnership: organisations that run a programme together, one of which coordinates."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlmodel import col, or_, select

from contracts import partnership as facts
from contracts.errors import DomainError
from contracts.ids import new_id
from contracts.partnership import PARTNERSHIP
from contracts.tables import Input
from contracts.workdays import Moment
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.directory.consortium.models import Deliverable, WorkPackage
from services.directory.models import Organisation, Partnership
from services.directory.organisation import looked_after

Number = Annotated[int, Field(ge=0, le=10_000)]


class Revise(Input):
    title: str = Field(title="Full title", min_length=2, max_length=200)
    members: tuple[UUID, ...] = Field(title="Members", min_length=1, max_length=40)
    themes: tuple[str, ...] = Field((), title="Themes", max_length=20)
    first_day: date = Field(title="First day of the action")
    last_day: date = Field(
        title="Last day of the action", description="Only payments inside the action are eligible."
    )


class Form(Input):
    name: str = Field(title="Short name", min_length=2, max_length=40)
    title: str = Field(title="Full title", min_length=2, max_length=200)
    programme: str = Field(title="Programme that funds it", min_length=2, max_length=100)
    coordinator: UUID = Field(title="Coordinating organisation")
    members: tuple[UUID, ...] = Field(title="Members", min_length=1, max_length=40)
    themes: tuple[str, ...] = Field((), title="Themes", max_length=20)
    first_day: date = Field(title="First day of the action")
    last_day: date = Field(
        title="Last day of the action", description="Only payments inside the action are eligible."
    )


class Plan(Input):
    exchanges: Number = Field(
        0, title="Exchanges", description="Counted once, for the visitor's partnership."
    )
    event_xchange: Number = Field(0, title="EventXchanges")
    training: Number = Field(0, title="Joint trainings")
    study_visit: Number = Field(0, title="Study visits")
    matchmaking: Number = Field(0, title="Matchmaking events")
    info_session: Number = Field(0, title="Information sessions")


@rule(PARTNERSHIP, "form")
async def form(work: Work[Partnership], given: Form, at: Moment) -> facts.Formed:
    known = await _members(work.tx, given.coordinator, given)
    work.row = Partnership(
        id=new_id(),
        **given.model_dump(exclude={"members", "themes"}),
        members=list(given.members),
        themes=list(given.themes),
    )
    for row in known:
        looked_after(work, row, work.row.id)
    return formed(work.row)


@rule(PARTNERSHIP, "revise")
async def revise(work: Work[Partnership], given: Revise, at: Moment) -> facts.Revised:
    """A member that leaves hands over what it leads or reviews before."""
    row = work.row
    known = await _members(work.tx, row.coordinator, given)
    await _hand_over(work.tx, row, given.members)
    row.title, row.members, row.themes = given.title, list(given.members), list(given.themes)
    row.first_day, row.last_day = given.first_day, given.last_day
    for one in known:
        looked_after(work, one, row.id)
    return facts.Revised.model_validate(_public(row))


@rule(PARTNERSHIP, "plan")
def plan(row: Partnership, given: Plan, at: Moment) -> facts.Planned:
    row.planned = given.model_dump()
    return facts.Planned(**row.planned)


def formed(row: Partnership) -> facts.Formed:
    """The public facts, as the fact carries them."""
    return facts.Formed.model_validate(_public(row))


async def all_partnerships(tx: Tx) -> list[Partnership]:
    """There are few: all of them by name."""
    return list((await tx.session.exec(select(Partnership).order_by(col(Partnership.name)))).all())


async def _members(tx: Tx, coordinator: UUID, given: Form | Revise) -> Sequence[Organisation]:
    """The members, locked in the order of their ids; DomainError for what no partnership can be."""
    if coordinator not in given.members:
        raise DomainError("coordinator-no-member", "members" if isinstance(given, Revise) else "coordinator")
    if given.last_day <= given.first_day:
        raise DomainError("last-day-first", "last_day")
    statement = select(Organisation).where(col(Organisation.id).in_(given.members))
    known = (await tx.session.exec(statement.order_by(col(Organisation.id)).with_for_update())).all()
    if {row.id for row in known} != set(given.members):
        raise DomainError("organisation-unknown", "members")
    return known


async def _hand_over(tx: Tx, row: Partnership, members: Sequence[UUID]) -> None:
    """DomainError for a member that leaves and still leads or reviews something."""
    leaving = set(row.members) - set(members)
    package = select(WorkPackage.title).where(
        WorkPackage.partnership == row.id,
        WorkPackage.state == "planned",
        col(WorkPackage.lead).in_(leaving),
    )
    deliverable = select(Deliverable.title).where(
        Deliverable.partnership == row.id,
        col(Deliverable.state).not_in(("accepted", "dropped")),
        or_(col(Deliverable.lead).in_(leaving), col(Deliverable.peer).in_(leaving)),
    )
    for statement in (package, deliverable):
        if title := (await tx.session.exec(statement.limit(1))).first():
            raise DomainError("member-leads", "members", title=title)


def _public(row: Partnership) -> dict[str, object]:
    return row.model_dump(include=set(facts.Public.model_fields))
