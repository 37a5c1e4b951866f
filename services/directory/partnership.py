"""Rules of Partnership: organisations that run a programme together, one of which coordinates."""

from datetime import date
from uuid import UUID

from pydantic import Field
from sqlmodel import col, select

from contracts.errors import DomainError
from contracts.ids import new_id
from contracts.partnership import PARTNERSHIP, Formed
from contracts.tables import Input
from contracts.workdays import Moment
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.directory.models import Organisation, Partnership
from services.directory.organisation import looked_after


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


@rule(PARTNERSHIP, "form")
async def form(work: Work[Partnership], given: Form, at: Moment) -> Formed:
    if given.coordinator not in given.members:
        raise DomainError("coordinator-no-member", "coordinator")
    if given.last_day <= given.first_day:
        raise DomainError("last-day-first", "last_day")
    statement = select(Organisation).where(col(Organisation.id).in_(given.members))
    known = (await work.tx.session.exec(statement.order_by(col(Organisation.id)).with_for_update())).all()
    if {row.id for row in known} != set(given.members):
        raise DomainError("organisation-unknown", "members")
    work.row = Partnership(
        id=new_id(),
        **given.model_dump(exclude={"members", "themes"}),
        members=list(given.members),
        themes=list(given.themes),
    )
    for row in known:
        looked_after(work, row, work.row.id)
    return formed(work.row)


def formed(row: Partnership) -> Formed:
    """The public facts, as the fact carries them."""
    return Formed.model_validate(row.model_dump(include=set(Formed.model_fields)))


async def all_partnerships(tx: Tx) -> list[Partnership]:
    """There are few: all of them by name."""
    return list((await tx.session.exec(select(Partnership).order_by(col(Partnership.name)))).all())
