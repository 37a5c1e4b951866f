"""Merging two records of one legal person: what it would do, doing it, and taking it back until a case rests on it.

Both records and all that hangs on them stay. The merged one does nothing new, and all records that shared its
identity share the other's from now on, so that the legal person visits once, over all partnerships.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from pydantic import Field
from sqlalchemy import func
from sqlmodel import col, select

from contracts import organisation as facts
from contracts.errors import DomainError
from contracts.organisation import ORGANISATION
from contracts.tables import Input, Nothing
from contracts.workdays import Moment
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.directory.kinds import organisations
from services.directory.models import Membership, Organisation, OrganisationCase, Participation
from services.directory.organisation import public


class Merge(Input):
    into: UUID = Field(
        title="Into which record?",
        description="That one goes on. Both histories stay; it can be taken back until a case rests on it.",
    )


@dataclass(frozen=True)
class Effect:
    """What a merge touches, counted."""

    people: int
    participations: int
    cases: int
    shared: int


@rule(ORGANISATION, "merge")
async def merge(work: Work[Organisation], given: Merge, at: Moment) -> facts.Merged:
    row = work.row
    if given.into == row.id:
        raise DomainError("merge-with-itself", "into")
    into = await work.tx.get(Organisation, given.into)
    if into is None or into.state == "merged" or not organisations.parties(work.actor, into):
        raise DomainError("merge-unknown", "into")
    for other in await _sharing(work.tx, row):
        other.identity_before, other.merged_through = other.identity, row.id
        other.identity = into.identity
        work.beside(organisations, other, "describe", facts.Described(**public(other)))
    row.identity_before, row.merged_through, row.identity = row.identity, row.id, into.identity
    row.merged_into, row.merged_at, row.state_before = into.id, at.now, row.state
    return facts.Merged(**public(row), into=into.id)


@rule(ORGANISATION, "unmerge")
async def unmerge(work: Work[Organisation], given: Nothing, at: Moment) -> facts.Unmerged:
    row = work.row
    statement = select(Organisation).where(Organisation.merged_through == row.id)
    touched = (await work.tx.session.exec(statement.order_by(col(Organisation.id)).with_for_update())).all()
    ids = [row.merged_into, *(one.id for one in touched)]
    used = select(OrganisationCase.case_id).where(
        col(OrganisationCase.organisation).in_(ids), col(OrganisationCase.submitted_at) >= row.merged_at
    )
    if (await work.tx.session.exec(used.limit(1))).first() is not None:
        raise DomainError("merge-in-use", status=409)
    for other in touched:
        assert other.identity_before is not None
        other.identity, other.identity_before, other.merged_through = other.identity_before, None, None
        if other.id != row.id:
            work.beside(organisations, other, "describe", facts.Described(**public(other)))
    row.merged_into = row.merged_at = None
    back_to, row.state_before = row.state_before, ""
    return facts.Unmerged.model_validate({**public(row), "back_to": back_to})


async def effect(tx: Tx, row: Organisation) -> Effect:
    """What merging this record would touch."""
    people = select(func.count()).where(
        col(Membership.organisation) == row.id, col(Membership.state) == "active"
    )
    taking_part = select(func.count()).where(col(Participation.organisation) == row.id)
    cases = select(func.count()).where(col(OrganisationCase.organisation) == row.id)
    counts = [int((await tx.execute(one)).scalar_one()) for one in (people, taking_part, cases)]
    return Effect(*counts, shared=len(await _sharing(tx, row)))


async def _sharing(tx: Tx, row: Organisation) -> Sequence[Organisation]:
    """The other records of its legal person, locked in the order of their ids."""
    statement = select(Organisation).where(
        Organisation.identity == row.identity, Organisation.id != row.id, Organisation.state != "merged"
    )
    return (await tx.session.exec(statement.order_by(col(Organisation.id)).with_for_update())).all()
