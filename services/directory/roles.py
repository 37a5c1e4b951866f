"""Rules of RoleGrant: who may act for a partnership or with money. Coordinators give the roles of their
partnership and of its members, the operator gives any; nobody gives a role to themselves.
"""

from uuid import UUID

from pydantic import Field
from sqlalchemy import any_, literal
from sqlmodel import col, select

from contracts.errors import DomainError
from contracts.ids import new_id
from contracts.role_grant import ROLE_GRANT, Given, Granted, Revoked
from contracts.tables import Input, Nothing
from contracts.workdays import Moment
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.chassis.identity.actor import PLATFORM, Actor
from services.directory.models import Organisation, Partnership, RoleGrant
from services.directory.people import Address, person_at

OF_ORGANISATION = ("payer", "verifier", "approver", "treasurer")
OF_PARTNERSHIP = ("officer", "coordinator", "organiser", "evaluator", "agency")


class Grant(Input):
    email: Address = Field(
        title="Mail address of the person", description="Somebody who is registered already."
    )
    role: Given = Field(title="Role")
    scope: UUID = Field(title="Where do they have this role?")


@rule(ROLE_GRANT, "grant")
async def grant(work: Work[RoleGrant], given: Grant, at: Moment) -> Granted:
    person = await person_at(work.tx, given.email)
    if person is None:
        raise DomainError("person-unknown", "email")
    if person.id == work.actor.person:
        raise DomainError("role-for-oneself", "email", status=403)
    partnerships = await managing(work.tx, given.role, given.scope)
    if not _may_give(work.actor, partnerships):
        raise DomainError("role-not-yours", "role")
    work.row = RoleGrant(
        id=new_id(), person=person.id, role=given.role, scope=given.scope, partnerships=partnerships
    )
    return Granted(person=person.id, role=given.role, scope=given.scope)


@rule(ROLE_GRANT, "revoke")
def revoke(row: RoleGrant, given: Nothing, at: Moment) -> Revoked:
    return Revoked.model_validate(row.model_dump(include={"person", "role", "scope"}))


async def managing(tx: Tx, role: str, scope: UUID) -> list[UUID]:
    """The partnerships whose coordinators manage this role there; DomainError where it cannot be held."""
    if role in OF_PARTNERSHIP and await tx.get(Partnership, scope):
        return [scope]
    if role in OF_ORGANISATION and await tx.get(Organisation, scope):
        found = await tx.session.exec(
            select(Partnership.id).where(literal(scope) == any_(col(Partnership.members)))
        )
        return list(found.all())
    if role == "operator" and scope == PLATFORM:
        return []
    raise DomainError("role-elsewhere", "scope")


def _may_give(actor: Actor, partnerships: list[UUID]) -> bool:
    return actor.may("operator", PLATFORM) or not actor.scopes("coordinator").isdisjoint(partnerships)


async def scopes_of(tx: Tx, actor: Actor) -> list[tuple[UUID, str]]:
    """Where the actor may give roles: (scope, name), partnerships before organisations."""
    everywhere = actor.may("operator", PLATFORM)
    coordinated = actor.scopes("coordinator")
    partnerships = [
        row
        for row in (await tx.session.exec(select(Partnership).order_by(col(Partnership.name)))).all()
        if everywhere or row.id in coordinated
    ]
    members = {member for row in partnerships for member in row.members}
    statement = select(Organisation).order_by(col(Organisation.name))
    if not everywhere:
        statement = statement.where(col(Organisation.id).in_(members))
    organisations = (await tx.session.exec(statement)).all()
    named = [(row.id, row.name) for row in (*partnerships, *organisations)]
    return [*named, (PLATFORM, "Relais")] if everywhere else named
