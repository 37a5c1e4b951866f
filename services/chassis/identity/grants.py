"""This service's projection of who holds which role and which sign-ins were revoked, fed from relais.directory."""

from uuid import UUID

from sqlalchemy import Column, Index, Table, Text, Uuid, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import SQLModel

from contracts import role_grant, sign_in
from contracts.facts import Fact
from services.chassis.database import Tx
from services.chassis.facts.reader import Reader

grants = Table(
    "grants",
    SQLModel.metadata,
    Column("person", Uuid, primary_key=True),
    Column("role", Text, primary_key=True),
    Column("scope", Uuid, primary_key=True),
    Index("grants_scope", "scope", "role"),
)

revoked_sign_ins = Table("revoked_sign_ins", SQLModel.metadata, Column("sign_in", Uuid, primary_key=True))


async def roles_of(tx: Tx, person: UUID) -> frozenset[tuple[str, UUID]]:
    """The (role, scope) pairs that a person holds, as far as this service has heard."""
    rows = await tx.execute(select(grants.c.role, grants.c.scope).where(grants.c.person == person))
    return frozenset((row.role, row.scope) for row in rows)


async def is_revoked(tx: Tx, id: UUID) -> bool:
    """Whether a sign-in was revoked, so that its tokens are refused before they expire."""
    found = await tx.execute(select(revoked_sign_ins).where(revoked_sign_ins.c.sign_in == id))
    return found.first() is not None


def hear_grants(reader: Reader) -> None:
    """Lets a reader keep the projection; every service's reader does."""

    @reader.hears(role_grant.Granted)
    async def granted(tx: Tx, fact: Fact, body: role_grant.Granted) -> None:
        values = {"person": body.person, "role": body.role, "scope": body.scope}
        await tx.execute(insert(grants).values(values).on_conflict_do_nothing())

    @reader.hears(role_grant.Revoked)
    async def revoked(tx: Tx, fact: Fact, body: role_grant.Revoked) -> None:
        await tx.execute(
            delete(grants).where(
                grants.c.person == body.person, grants.c.role == body.role, grants.c.scope == body.scope
            )
        )

    @reader.hears(sign_in.Revoked)
    async def signed_out(tx: Tx, fact: Fact, body: sign_in.Revoked) -> None:
        await tx.execute(insert(revoked_sign_ins).values(sign_in=fact.subject).on_conflict_do_nothing())
