"""This service's projection of mandates, fed from relais.directory: who acts for whom, where, and until when.

Somebody who acts for another has that person's roles at the mandate's scope and no other; who may do what with them
is said by contracts.acting. Somebody who holds a mandate is an agent of its scope, and so is never free to judge it;
a deputy is known as one, so that they hear of what has escalated.
"""

from dataclasses import dataclass
from datetime import date
from typing import cast
from uuid import UUID

from sqlalchemy import Column, Date, Table, Text, Uuid, and_, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import SQLModel

from contracts import mandate
from contracts.acting import BINDING
from contracts.facts import Fact
from contracts.mandate import Kind
from services.chassis.database import Database, Tx
from services.chassis.facts.reader import Reader
from services.chassis.identity.grants import grants, hold
from services.chassis.statements import Fixed

known_mandates = Table(
    "known_mandates",
    SQLModel.metadata,
    Column("id", Uuid, primary_key=True),
    Column("principal", Uuid, nullable=False),
    Column("agent", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("scope", Uuid, nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
)
AGENT = "agent"
"""The role of whoever holds a mandate, at its scope."""
DEPUTY = "deputy"
"""The role of whoever is an officer's deputy, on its days; it lets them do nothing until they act for that officer."""

_FOR = Fixed(
    select(
        known_mandates.c.principal,
        known_mandates.c.kind,
        known_mandates.c.scope,
        grants.c.role,
    )
    .select_from(
        known_mandates.outerjoin(
            grants,
            and_(grants.c.person == known_mandates.c.principal, grants.c.scope == known_mandates.c.scope),
        )
    )
    .where(
        known_mandates.c.id == bindparam("mandate"),
        known_mandates.c.agent == bindparam("agent"),
        bindparam("today", type_=Date).between(known_mandates.c.first_day, known_mandates.c.last_day),
    )
)


@dataclass(frozen=True)
class Acting:
    """For whom somebody acts, by which kind of mandate, and with which roles."""

    principal: UUID
    kind: Kind
    roles: frozenset[tuple[str, UUID]]


async def acting_of(database: Database, id: UUID, agent: UUID, today: date) -> Acting | None:
    """What a mandate lets its agent be today; None when it does not hold, or not any more."""
    rows = await database.look(_FOR, {"mandate": id, "agent": agent, "today": today})
    if not rows:
        return None
    held = {row.role for row in rows if row.role is not None}
    if rows[0].kind == "power_of_attorney":
        roles = (held & BINDING) | ({"reader"} if held & {"member", "reader"} else set[str]())
    else:
        roles = held - {"signs", AGENT, DEPUTY} | ({DEPUTY} if rows[0].kind == "deputy" else set[str]())
    return Acting(
        rows[0].principal, cast("Kind", rows[0].kind), frozenset((role, rows[0].scope) for role in roles)
    )


def hear_mandates(reader: Reader) -> None:
    """Lets a reader keep the projection; every service's reader does."""

    @reader.hears(mandate.Granted)
    async def granted(tx: Tx, fact: Fact, body: mandate.Granted) -> None:
        await tx.execute(
            insert(known_mandates).values(id=fact.subject, **body.model_dump()).on_conflict_do_nothing()
        )
        await hold(tx, fact.subject, body.agent, (AGENT,), body.scope)
        if body.kind == "deputy":
            await hold(tx, fact.subject, body.agent, (DEPUTY,), body.scope, body.first_day, body.last_day)

    @reader.hears(mandate.Revoked, mandate.Expired)
    async def over(tx: Tx, fact: Fact, body: mandate.Revoked | mandate.Expired) -> None:
        await tx.execute(delete(known_mandates).where(known_mandates.c.id == fact.subject))
        await tx.execute(delete(grants).where(grants.c.source == fact.subject))
