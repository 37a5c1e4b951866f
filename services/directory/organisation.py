"""Rules of Organisation: who registers it owns it; its legal signatory confirms it, an officer of another one
verifies it. Records of one legal person share an identity.
"""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field
from sqlalchemy import func, or_
from sqlmodel import col, select

from contracts import membership
from contracts import organisation as facts
from contracts.errors import DomainError
from contracts.ids import new_id
from contracts.organisation import ORGANISATION, Aspect, Kind
from contracts.tables import Input, Nothing
from contracts.workdays import Moment
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.chassis.web.look.forms import Cents
from services.directory.kinds import memberships, organisations
from services.directory.models import Membership, Organisation
from services.directory.numbers import registration_number, vat_number
from services.directory.regions import region
from services.directory.sizes import size_of
from services.directory.towns import town

_MOST = 1_000_000_000_000_00
NetworkName = Annotated[str, Field(min_length=2, max_length=100)]
Subtype = Literal[
    "technology_centre", "research_institute", "innovation_hub", "fab_lab", "creative_hub", "resource_efficiency",
    "incubator", "accelerator",
]  # fmt: skip
"""Organisations that help others to grow, and may visit as members of a cluster (CX-10)."""


class Legal(Input):
    """What the signatory confirms."""

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
    vat_number: str = Field("", title="VAT number", description="If it has one.", max_length=20)


class Belongs(Input):
    cluster: UUID | None = Field(
        None,
        title="Cluster organisation that it is a member of",
        description="A visiting enterprise must be a member of one.",
    )


class Register(Legal, Belongs):
    """The legal facts, and the cluster."""


class Describe(Belongs):
    """What it says of itself; nobody need confirm it anew."""

    region: str = Field(
        "",
        title="Region",
        description="Some grants go to work with somebody in another region.",
        max_length=6,
    )
    headcount: int | None = Field(
        None,
        title="Staff",
        description="Annual work units. Add those of partner enterprises (25 to 50 %) by share, and of linked"
        " ones (more than 50 %) in full; the same for the two amounts below.",
        ge=0,
        le=10_000_000,
    )
    turnover_cents: Annotated[int, Cents] | None = Field(
        None, title="Annual turnover in euro", description="Of the last closed year.", ge=0, le=_MOST
    )
    balance_cents: Annotated[int, Cents] | None = Field(
        None, title="Balance sheet total in euro", description="Of the last closed year.", ge=0, le=_MOST
    )
    beneficiary: bool = Field(
        False,
        title="It is itself a beneficiary of the project",
        description="A beneficiary gets no support from its own project unless the agency approves it.",
    )
    website: str = Field("", title="Web address", pattern=r"^(https?://[^\s<>\"]+)?$", max_length=200)
    subtype: Subtype | None = Field(
        None,
        title="What kind of support organisation is it?",
        description="Only for technology centres, hubs, incubators and the like.",
    )
    eccp: str = Field(
        "",
        title="Its profile on the European Cluster Collaboration Platform",
        description="The address of the page. Enterprises visit as members of a cluster that has one.",
        pattern=r"^(https?://([a-z]+\.)?clustercollaboration\.eu/[^\s<>\"]+)?$",
        max_length=300,
    )
    networks: tuple[NetworkName, ...] = Field((), title="Networks that it is a member of", max_length=30)


class Change(Legal):
    control: bool = Field(
        False,
        title="It is controlled by somebody else now",
        description="Its signatory confirms it anew, and an officer verifies it anew. Running cases go on.",
    )


@rule(ORGANISATION, "register")
async def register(work: Work[Organisation], given: Register, at: Moment) -> facts.Registered:
    id = new_id()
    work.row = await new(work.tx, given, id)
    owner = Membership(id=new_id(), person=work.actor.person, organisation=id, role="owner", since=at.now)
    body = membership.Activated(person=owner.person, organisation=id, role="owner")
    work.beside(memberships, owner, "found", body)
    return facts.Registered(**public(work.row))


@rule(ORGANISATION, "describe")
async def describe(work: Work[Organisation], given: Describe, at: Moment) -> facts.Described:
    row = work.row
    declared = (given.headcount, given.turnover_cents, given.balance_cents)
    row.headcount, row.turnover_cents, row.balance_cents = declared
    if None in declared and any(figure is not None for figure in declared):
        raise DomainError("declaration-incomplete", "headcount")
    headcount, turnover, balance = declared
    row.size = None
    if headcount is not None and turnover is not None and balance is not None:
        row.size, row.declared_on = size_of(headcount, turnover, balance), at.today()
    if row.kind == "sme" and row.size == "large":
        raise DomainError("not-an-sme", "headcount")
    row.cluster = None if row.kind == "cluster" else await _cluster(work.tx, given.cluster)
    row.region = region(row.country, given.region)
    row.beneficiary, row.website = given.beneficiary, given.website
    row.subtype, row.eccp, row.networks = given.subtype or "", given.eccp, list(given.networks)
    return facts.Described(**public(row))


@rule(ORGANISATION, "change")
async def change(work: Work[Organisation], given: Change, at: Moment) -> facts.Changed:
    """Its identity stays unless another legal person has the new number: visit once is not shaken off."""
    row, said = work.row, legal(given)
    if given.kind == "sme" and row.size == "large":
        raise DomainError("not-an-sme", "kind")
    aspects: dict[Aspect, tuple[str, ...]] = {
        "name": ("name", "kind"),
        "number": ("registration_number", "vat_number"),
        "country": ("country", "town"),
    }
    what: list[Aspect] = [
        aspect for aspect, names in aspects.items() if any(getattr(row, name) != said[name] for name in names)
    ]
    if given.control:
        what.append("control")
    if not what:
        raise DomainError("nothing-changed", status=409)
    row.identity = await _identity(work.tx, said) or row.identity
    for name, value in said.items():
        setattr(row, name, value)
    if "country" in what and not row.region.startswith(f"{row.country}-"):
        row.region = ""
    row.confirmed_by = row.verified_by = None
    return facts.Changed(**public(row), what=tuple(what))


@rule(ORGANISATION, "confirm")
async def confirm(work: Work[Organisation], given: Nothing, at: Moment) -> facts.Confirmed:
    """The signatory came in by a mailed link and says that what was registered is right."""
    work.row.confirmed_by = work.actor.person
    return facts.Confirmed()


@rule(ORGANISATION, "verify")
async def verify(work: Work[Organisation], given: Nothing, at: Moment) -> facts.Verified:
    """By an officer who has no role in the organisation."""
    if any(scope == work.row.id for _role, scope in work.actor.roles):
        raise DomainError("own-organisation", status=403)
    work.row.verified_by = work.actor.person
    return facts.Verified()


async def new(tx: Tx, given: Register, id: UUID) -> Organisation:
    """A record as it is registered, with the identity of the legal person who has its number."""
    known = legal(given)
    return Organisation(
        id=id,
        **known,
        identity=await _identity(tx, known) or id,
        cluster=None if given.kind == "cluster" else await _cluster(tx, given.cluster),
    )


def looked_after(work: Work[Any], row: Organisation, partnership: UUID) -> None:
    """Notes that a partnership's officers look after an organisation (locked by the caller), and says so."""
    if partnership not in row.partnerships:
        row.partnerships = [*row.partnerships, partnership]
        work.beside(organisations, row, "describe", facts.Described(**public(row)))


def public(row: Organisation) -> dict[str, Any]:
    """The public facts, as facts carry them."""
    return row.model_dump(include=set(facts.Public.model_fields))


def legal(given: Legal) -> dict[str, Any]:
    """The columns that the signatory confirms; DomainError for a town or number that cannot be."""
    place = town(given.town, "town")
    return {
        "name": given.name,
        "kind": given.kind,
        "town": place.name,
        "country": place.country,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "registration_number": registration_number(place.country, given.registration_number),
        "vat_number": vat_number(place.country, given.vat_number),
    }


async def _identity(tx: Tx, legal: dict[str, Any]) -> UUID | None:
    """The identity of the legal person who has one of these numbers; None as long as there is none.

    Registrations in one country that bring a number wait for each other, so that two at once get one identity.
    """
    country = legal["country"]
    same = [
        col(getattr(Organisation, name)) == legal[name]
        for name in ("registration_number", "vat_number")
        if legal[name]
    ]
    if not same:
        return None
    await tx.session.exec(select(func.pg_advisory_xact_lock(func.hashtext(f"numbers/{country}"))))
    statement = select(Organisation.identity).where(Organisation.country == country, or_(*same))
    return (await tx.session.exec(statement.order_by(col(Organisation.id)).limit(1))).first()


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
