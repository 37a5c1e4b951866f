"""Rules of Mandate: a person lets another act for them, for one organisation or partnership and some time.

A proxy or power of attorney is given by the person themselves. An officer's deputy is named by a coordinator of the
partnership, and never by that officer.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlmodel import col, select

from contracts import mandate as facts
from contracts.errors import DomainError
from contracts.ids import new_id
from contracts.mandate import MANDATE, Kind
from contracts.tables import Input, Nothing
from contracts.workdays import Moment
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause
from services.chassis.files import kept
from services.chassis.web.look.forms import Upload
from services.directory.kinds import mandates
from services.directory.models import Mandate, Membership, Partnership, Person, RoleGrant
from services.directory.people import Address, person_at

SIGNED = ".pdf,.jpg,.jpeg,.png"
AT_ONCE = 500
"""Mandates that one sweep ends; the next one goes on."""
NEEDED: Mapping[Kind, frozenset[str]] = {
    "deputy": frozenset({"officer"}),
    "power_of_attorney": frozenset({"owner", "signatory", "payer"}),
}
"""Roles of which the principal has to have one, where any role will not do."""


class Give(Input):
    kind: Kind = Field(title="What may the other person do?")
    scope: UUID = Field(title="For which organisation or partnership?")
    email: Address = Field(
        title="Mail address of the person who acts", description="Somebody who is registered already."
    )
    principal: Address | None = Field(
        None,
        title="Whose deputy?",
        description="Mail address of the officer. Only a coordinator names a deputy, and not their own.",
    )
    first_day: date = Field(title="From")
    last_day: date = Field(title="Until, this day included")
    document: Annotated[str, Upload(SIGNED)] | None = Field(
        None, title="The power of attorney, signed", description="Needed for a power of attorney."
    )


@rule(MANDATE, "give")
async def give(work: Work[Mandate], given: Give, at: Moment) -> facts.Granted:
    if given.last_day < max(given.first_day, at.today()):
        raise DomainError("mandate-over", "last_day")
    agent = await _known(work.tx, given.email, "email")
    principal = work.actor.person
    if given.principal is not None:
        principal = (await _known(work.tx, given.principal, "principal")).id
    partnership = await work.tx.get(Partnership, given.scope)
    if (given.kind == "deputy") == (principal == work.actor.person):
        raise DomainError("mandate-not-yours", "principal", status=403)
    if given.kind == "deputy" and not work.actor.may("coordinator", given.scope):
        raise DomainError("mandate-not-yours", "principal", status=403)
    if given.kind == "deputy" and not work.actor.stepped_up:
        raise DomainError("step-up-needed", status=403)
    if agent.id == principal:
        raise DomainError("mandate-for-oneself", "email")
    held = await _roles(work.tx, principal, given.scope)
    if not held or (given.kind in NEEDED and not held & NEEDED[given.kind]):
        raise DomainError("mandate-of-nothing", "scope")
    if given.kind == "power_of_attorney" and given.document is None:
        raise DomainError("document-missing", "document")
    if given.document is not None:
        await kept(work.tx, [given.document], work.actor.person, "document")
    work.row = Mandate(
        id=new_id(),
        principal=principal,
        agent=agent.id,
        kind=given.kind,
        scope=given.scope,
        partnership=partnership.id if partnership else None,
        first_day=given.first_day,
        last_day=given.last_day,
        document=given.document,
        given_by=work.actor.person,
    )
    return facts.Granted.model_validate(work.row.model_dump(include=set(facts.Granted.model_fields)))


@rule(MANDATE, "revoke")
def revoke(row: Mandate, given: Nothing, at: Moment) -> facts.Revoked:
    return facts.Revoked(principal=row.principal, agent=row.agent)


async def expire_ended(tx: Tx, at: Moment, cause: Cause) -> int:
    """Ends mandates whose last day is over; answers how many. Part of the daily sweep."""
    statement = (
        select(Mandate)
        .where(Mandate.state == "granted", col(Mandate.last_day) < at.today())
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    rows = (await tx.session.exec(statement)).all()
    for row in rows:
        body = facts.Expired(principal=row.principal, agent=row.agent)
        await mandates.record(tx, row, "expire", body, at, cause)
    return len(rows)


async def _known(tx: Tx, address: str, field: str) -> Person:
    person = await person_at(tx, address)
    if person is None:
        raise DomainError("person-unknown", field)
    return person


async def _roles(tx: Tx, person: UUID, scope: UUID) -> set[str]:
    """What somebody is there: nobody can pass on what they do not have."""
    memberships = await tx.session.exec(
        select(Membership.role).where(
            Membership.person == person, Membership.organisation == scope, Membership.state == "active"
        )
    )
    grants = await tx.session.exec(
        select(RoleGrant.role).where(
            RoleGrant.person == person, RoleGrant.scope == scope, RoleGrant.state == "granted"
        )
    )
    return {*memberships.all(), *grants.all()}
