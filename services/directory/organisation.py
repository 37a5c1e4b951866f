"""Rules of Organisation: who registers it belongs to it; records of one legal person share an identity."""

from uuid import UUID

from pydantic import Field
from sqlalchemy import func
from sqlmodel import col, select

from contracts import role_grant
from contracts.errors import DomainError
from contracts.ids import new_id
from contracts.organisation import ORGANISATION, Kind, Registered
from contracts.tables import Input
from contracts.workdays import Moment
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.directory.kinds import role_grants
from services.directory.models import Organisation, RoleGrant
from services.directory.towns import town


class Register(Input):
    name: str = Field(title="Legal name of the organisation", min_length=2, max_length=150)
    kind: Kind = Field(title="What kind of organisation is it?")
    town: str = Field(
        title="Town",
        description="Where it is registered; distances are measured from there. Choose the nearest listed.",
    )
    registration_number: str = Field(
        "",
        title="Registration number",
        description="As in the national register. An organisation visits once, under whatever name.",
        max_length=40,
    )
    cluster: UUID | None = Field(
        None,
        title="Cluster organisation that it is a member of",
        description="A visiting enterprise must be a member of one.",
    )


@rule(ORGANISATION, "register")
async def register(work: Work[Organisation], given: Register, at: Moment) -> Registered:
    place = town(given.town, "town")
    id = new_id()
    number = written_plainly(given.registration_number)
    cluster = None if given.kind == "cluster" else await _cluster(work.tx, given.cluster)
    work.row = Organisation(
        id=id,
        name=given.name,
        kind=given.kind,
        town=place.name,
        country=place.country,
        latitude=place.latitude,
        longitude=place.longitude,
        identity=await _identity(work.tx, place.country, number) or id,
        cluster=cluster,
        registration_number=number,
    )
    for role in ("owner", "member"):
        grant = RoleGrant(id=new_id(), person=work.actor.person, role=role, scope=id, partnerships=[])
        body = role_grant.Granted(person=grant.person, role=role, scope=id)
        work.beside(role_grants, grant, "grant", body)
    return registered(work.row)


def registered(row: Organisation) -> Registered:
    """The public facts, as the fact carries them."""
    return Registered.model_validate(row.model_dump(include=set(Registered.model_fields)))


def written_plainly(number: str) -> str:
    """A registration number without what people put between its characters: "HRB 12.345" is "HRB12345"."""
    return "".join(character for character in number.upper() if character.isalnum())


async def _identity(tx: Tx, country: str, number: str) -> UUID | None:
    """The identity of the legal person who has this number; None as long as there is none.

    Registrations of one number wait for each other, so that two at once get one identity.
    """
    if not number:
        return None
    await tx.session.exec(select(func.pg_advisory_xact_lock(func.hashtext(f"{country}/{number}"))))
    statement = select(Organisation.identity).where(
        Organisation.country == country, Organisation.registration_number == number
    )
    return (await tx.session.exec(statement.limit(1))).first()


async def _cluster(tx: Tx, id: UUID | None) -> UUID | None:
    """Only cluster organisations count as such; a business network is none (CX-12)."""
    if id is None:
        return None
    found = await tx.get(Organisation, id)
    if found is None or found.kind != "cluster":
        raise DomainError("cluster-unknown", "cluster")
    return id


async def clusters(tx: Tx) -> list[Organisation]:
    """All cluster organisations by name."""
    statement = select(Organisation).where(Organisation.kind == "cluster").order_by(col(Organisation.name))
    return list((await tx.session.exec(statement)).all())
