"""This service's projection of people, for those that mail them or show their names; fed from relais.persons.

Kept only by services that ask for it with `hear_people`; an erased person keeps an id here and nothing else.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Column, Table, Text, Uuid, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import SQLModel

from contracts import person
from contracts.errors import NotKnownYet
from contracts.facts import Fact
from services.chassis.database import Tx
from services.chassis.facts.reader import Reader

known_people = Table(
    "known_people",
    SQLModel.metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("status", Text, nullable=False, comment="active or erased"),
)


@dataclass(frozen=True)
class KnownPerson:
    """A person as this service has last heard of them; all but id and status is empty once erased."""

    id: UUID
    name: str
    email: str
    language: str
    status: str


async def people_of(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, KnownPerson]:
    """Those of the given people that this service has heard of, in one statement."""
    rows = await tx.execute(select(known_people).where(known_people.c.id.in_(set(ids))))
    return {row.id: KnownPerson(*row) for row in rows}


async def known_person(tx: Tx, id: UUID) -> KnownPerson:
    """The person; NotKnownYet as long as this service has not heard of them."""
    found = await people_of(tx, [id])
    if id not in found:
        raise NotKnownYet("person", id)
    return found[id]


def hear_people(reader: Reader) -> None:
    """Lets a reader keep the projection."""

    @reader.hears(person.Described)
    async def described(tx: Tx, fact: Fact, body: person.Described) -> None:
        values = body.model_dump()
        await tx.execute(
            insert(known_people)
            .values(id=fact.subject, **values)
            .on_conflict_do_update(index_elements=["id"], set_=values)
        )
