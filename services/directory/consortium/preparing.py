"""What the forms of a partnership's plan start from: its members and work packages to choose from, what stands."""

from collections.abc import Mapping
from uuid import UUID

from sqlmodel import col, select

from services.chassis.database import Tx
from services.chassis.identity.actor import Actor
from services.chassis.web.faces import Prepared
from services.directory.consortium.models import Deliverable, Version, WorkPackage
from services.directory.models import Organisation, Partnership

Choices = dict[str, list[tuple[str, str]]]


async def prepare_new(tx: Tx, row: object, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """A work package or a deliverable of one partnership; those that the reader coordinates."""
    mine = await _coordinated(tx, actor)
    chosen = next((one for one in mine if str(one.id) == query.get("partnership")), mine[0] if mine else None)
    choices = {"partnership": [(str(one.id), one.name) for one in mine]}
    if chosen is None:
        return Prepared(choices=choices)
    return Prepared(
        values={**query, "partnership": str(chosen.id)}, choices=choices | await _choices(tx, chosen.id)
    )


async def prepare_change(tx: Tx, row: object, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """What stands, to be changed."""
    assert isinstance(row, WorkPackage | Deliverable)
    return Prepared(values=row.model_dump(), choices=await _choices(tx, row.partnership))


async def prepare_judgement(tx: Tx, row: object, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """The version that is judged stands beside the judgement."""
    assert isinstance(row, Deliverable)
    version = await tx.session.get(Version, (row.id, row.versions))
    return Prepared(beside={"deliverable": row, "version": version})


async def prepare_revision(tx: Tx, row: object, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """What a partnership is, to be changed."""
    assert isinstance(row, Partnership)
    found = await tx.session.exec(
        select(Organisation).where(col(Organisation.kind) != "sme").order_by(col(Organisation.name))
    )
    return Prepared(
        values=row.model_dump(), choices={"members": [(str(one.id), one.name) for one in found.all()]}
    )


async def prepare_numbers(tx: Tx, row: object, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """What was planned so far."""
    assert isinstance(row, Partnership)
    return Prepared(values=row.planned)


async def members(tx: Tx, partnership: UUID) -> list[Organisation]:
    """A partnership's members by name."""
    row = await tx.found(Partnership, partnership)
    statement = select(Organisation).where(col(Organisation.id).in_(row.members))
    return list((await tx.session.exec(statement.order_by(col(Organisation.name)))).all())


async def packages(tx: Tx, partnership: UUID) -> list[WorkPackage]:
    """A partnership's work packages by number."""
    statement = select(WorkPackage).where(
        WorkPackage.partnership == partnership, WorkPackage.state == "planned"
    )
    return list((await tx.session.exec(statement.order_by(col(WorkPackage.number)))).all())


async def _choices(tx: Tx, partnership: UUID) -> Choices:
    known = [(str(one.id), one.name) for one in await members(tx, partnership)]
    parts = [(str(one.id), f"{one.number}: {one.title}") for one in await packages(tx, partnership)]
    return {"lead": known, "peer": known, "work_package": parts}


async def _coordinated(tx: Tx, actor: Actor) -> list[Partnership]:
    statement = select(Partnership).where(col(Partnership.id).in_(actor.scopes("coordinator")))
    return list((await tx.session.exec(statement.order_by(col(Partnership.name)))).all())
