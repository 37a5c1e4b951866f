"""Rules of Membership: owners say who acts for their organisation, in which role; the last owner hands over
before they go. Where an organisation has no owner, the officers of its partnerships decide.
"""

from typing import Any
from uuid import UUID

from pydantic import Field
from sqlmodel import col, select

from contracts import membership as facts
from contracts.errors import DomainError
from contracts.ids import new_id
from contracts.membership import MEMBERSHIP, Role
from contracts.tables import Input, Nothing
from contracts.workdays import Moment
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.directory.kinds import people
from services.directory.models import Membership, Organisation, Person
from services.directory.people import Address, Name, described, new_person, person_at
from services.directory.signing_in import links

_ROLES = (
    "Owners decide who belongs to it. Owners and signatories submit and sign; editors prepare; readers read."
)


class Invite(Input):
    organisation: UUID = Field(title="For which organisation?")
    email: Address = Field(title="Mail address", description="We send the invitation there.")
    name: Name | None = Field(
        None, title="Full name", description="Only if this person is not registered with Relais yet."
    )
    role: Role = Field(title="Role", description=_ROLES)
    function: str = Field(
        "",
        title="Function in the organisation",
        description="Of a signatory: what gives them the power to sign, such as managing director.",
        max_length=120,
    )


class Ask(Input):
    organisation: UUID = Field(title="For which organisation?")
    role: Role = Field(title="Role", description=_ROLES)
    function: str = Field("", title="Your function in the organisation", max_length=120)


@rule(MEMBERSHIP, "invite")
async def invite(work: Work[Membership], given: Invite, at: Moment) -> facts.Invited:
    """The mail that goes out proves the address, so also an owner who signs is invited by it."""
    await _organisation(work.tx, given.organisation)
    if given.role == "signatory" and not given.function:
        raise DomainError("function-missing", "function")
    person = await person_at(work.tx, given.email)
    if person is None:
        if given.name is None:
            raise DomainError("name-missing", "name")
        inviter = await work.tx.found(Person, work.actor.person)
        person = new_person(given.name, given.email, inviter.language)
        work.beside(people, person, "register", described(person))
    elif person.id == work.actor.person and given.role != "signatory":
        raise DomainError("role-for-oneself", "email", status=403)
    work.row = _new(person.id, given.organisation, given.role, given.function, at)
    work.row.invited_by = work.actor.person
    links.ask(work.tx, person.email, f"/memberships/{work.row.id}", membership=work.row.id)
    return facts.Invited(**_said(work.row))


@rule(MEMBERSHIP, "ask")
async def ask(work: Work[Membership], given: Ask, at: Moment) -> facts.Requested:
    organisation = await _organisation(work.tx, given.organisation)
    work.row = _new(work.actor.person, organisation.id, given.role, given.function, at)
    if not await owners(work.tx, organisation.id):
        work.row.officers = list(organisation.partnerships)
    return facts.Requested(**_said(work.row))


@rule(MEMBERSHIP, "accept")
async def accept(work: Work[Membership], given: Nothing, at: Moment) -> facts.Activated:
    work.row.since = at.now
    return facts.Activated(**_said(work.row))


@rule(MEMBERSHIP, "approve")
async def approve(work: Work[Membership], given: Nothing, at: Moment) -> facts.Activated:
    if work.row.person == work.actor.person:
        raise DomainError("role-for-oneself", status=403)
    work.row.since = at.now
    return facts.Activated(**_said(work.row))


@rule(MEMBERSHIP, "refuse")
async def refuse(work: Work[Membership], given: Nothing, at: Moment) -> facts.Refused:
    """Whoever was invited declines, whoever asked takes it back; owners and officers do not let in."""
    return facts.Refused(**_said(work.row))


@rule(MEMBERSHIP, "leave")
async def leave(work: Work[Membership], given: Nothing, at: Moment) -> facts.Ended:
    await _not_the_last_owner(work)
    return facts.Ended(**_said(work.row))


@rule(MEMBERSHIP, "remove")
async def remove(work: Work[Membership], given: Nothing, at: Moment) -> facts.Ended:
    await _not_the_last_owner(work)
    return facts.Ended(**_said(work.row))


async def owners(tx: Tx, organisation: UUID) -> list[UUID]:
    """The memberships of its owners."""
    statement = select(Membership.id).where(
        Membership.organisation == organisation, Membership.role == "owner", Membership.state == "active"
    )
    return list((await tx.session.exec(statement.order_by(col(Membership.id)))).all())


def _new(person: UUID, organisation: UUID, role: str, function: str, at: Moment) -> Membership:
    return Membership(
        id=new_id(), person=person, organisation=organisation, role=role, function=function, since=at.now
    )


def _said(row: Membership) -> dict[str, Any]:
    return row.model_dump(include={"person", "organisation", "role"})


async def _organisation(tx: Tx, id: UUID) -> Organisation:
    found = await tx.get(Organisation, id)
    if found is None:
        raise DomainError("organisation-unknown", "organisation")
    return found


async def _not_the_last_owner(work: Work[Membership]) -> None:
    """Under the organisation's lock: two owners who leave at once do not both get away."""
    if work.row.role == "owner":
        await work.tx.locked(Organisation, work.row.organisation)
        if await owners(work.tx, work.row.organisation) == [work.row.id]:
            raise DomainError("last-owner", status=409)
