"""Conflicts of interest that follow from what is known: whoever belongs to an organisation that applies, hosts or is
named in the answers, as a knowledge provider is, or to one of the same legal identity, neither scores nor answers nor
decides. All others are declared.
"""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select as select_columns
from sqlmodel import col, select

from contracts.errors import DomainError
from services.applications.applying.choosing import chosen_of
from services.applications.models import Application
from services.applications.projections import KnownOrganisation, KnownPartnership
from services.chassis.database import Tx
from services.chassis.identity.actor import Actor
from services.chassis.identity.grants import grants

OF_AN_ORGANISATION = ("member", "owner")


@dataclass(frozen=True)
class Ties:
    """What binds a person to an application: own: to an organisation of its sides; partner: to a member of its
    partnership."""

    own: bool
    partner: bool


async def ties_of(tx: Tx, case: Application, people: Collection[UUID]) -> dict[UUID, Ties]:
    """The ties of each of these people, in a constant number of statements."""
    held = select_columns(grants.c.person, grants.c.scope).where(
        grants.c.person.in_(people), grants.c.role.in_(OF_AN_ORGANISATION)
    )
    belongs: dict[UUID, set[UUID]] = {person: set() for person in people}
    for row in await tx.execute(held):
        belongs[row.person].add(row.scope)
    sides = {id for id in (case.visitor, case.host) if id is not None} | await chosen_of(tx, case)
    wanted = sides.union(*belongs.values())
    rows = (
        await tx.session.exec(select(KnownOrganisation).where(col(KnownOrganisation.id).in_(wanted)))
    ).all()
    identity = {row.id: row.identity for row in rows}
    theirs = {identity.get(id, id) for id in sides}
    partnership = await tx.get(KnownPartnership, case.visitor_partnership)
    members = set(partnership.members) if partnership else set[UUID]()
    return {
        person: Ties(
            own=any(id in sides or identity.get(id, id) in theirs for id in mine),
            partner=not members.isdisjoint(mine),
        )
        for person, mine in belongs.items()
    }


async def without_own(tx: Tx, case: Application, actor: Actor) -> None:
    """DomainError("conflict-own-organisation") for somebody who belongs to a side of the case, or acts for who does."""
    if any(ties.own for ties in (await ties_of(tx, case, actor.people)).values()):
        raise DomainError("conflict-own-organisation", status=403)
