"""This service's projection of who holds which role and which sign-ins were revoked, fed from relais.directory.

A role comes from a RoleGrant, with a membership of an organisation or with a mandate; whatever it came with, it ends
with it. What comes with a mandate holds on its days only.
"""

from datetime import date
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    Date,
    Index,
    Table,
    Text,
    Uuid,
    and_,
    bindparam,
    delete,
    exists,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import SQLModel

from contracts import membership, role_grant, sign_in
from contracts.facts import Fact
from contracts.membership import RIGHTS
from services.chassis.database import Database, Tx
from services.chassis.facts.reader import Reader
from services.chassis.statements import Fixed

grants = Table(
    "grants",
    SQLModel.metadata,
    Column(
        "source", Uuid, primary_key=True, comment="the RoleGrant, Membership or Mandate that it comes with"
    ),
    Column("person", Uuid, nullable=False),
    Column("role", Text, primary_key=True),
    Column("scope", Uuid, nullable=False),
    Column("first_day", Date, comment="of a role that holds from that day to last_day only"),
    Column("last_day", Date),
    Index("grants_person", "person"),
    Index("grants_scope", "scope", "role"),
)

revoked_sign_ins = Table("revoked_sign_ins", SQLModel.metadata, Column("sign_in", Uuid, primary_key=True))


def on(today: ColumnElement[date]) -> ColumnElement[bool]:
    """Whether a role holds on that day."""
    return or_(grants.c.first_day.is_(None), today.between(grants.c.first_day, grants.c.last_day))


_one = select(literal(1)).subquery("one")
_ROLES = Fixed(
    select(
        exists().where(revoked_sign_ins.c.sign_in == bindparam("sign_in")).label("revoked"),
        grants.c.role,
        grants.c.scope,
    ).select_from(
        _one.outerjoin(
            grants, and_(grants.c.person == bindparam("person"), on(bindparam("today", type_=Date)))
        )
    )
)


async def roles_of(
    database: Database, person: UUID, sign_in: UUID, today: date
) -> frozenset[tuple[str, UUID]] | None:
    """The (role, scope) pairs that a person holds on this day, as far as this service has heard; None if the sign-in
    was revoked, so that its tokens are refused before they expire. One statement: every request asks it.
    """
    rows = await database.look(_ROLES, {"person": person, "sign_in": sign_in, "today": today})
    if rows[0].revoked:
        return None
    return frozenset((row.role, row.scope) for row in rows if row.role is not None)


def hear_grants(reader: Reader) -> None:
    """Lets a reader keep the projection; every service's reader does."""

    @reader.hears(role_grant.Granted)
    async def granted(tx: Tx, fact: Fact, body: role_grant.Granted) -> None:
        await hold(tx, fact.subject, body.person, (body.role,), body.scope)

    @reader.hears(membership.Activated)
    async def activated(tx: Tx, fact: Fact, body: membership.Activated) -> None:
        await hold(tx, fact.subject, body.person, RIGHTS[body.role], body.organisation)

    @reader.hears(role_grant.Revoked, membership.Ended)
    async def ended(tx: Tx, fact: Fact, body: role_grant.Revoked | membership.Ended) -> None:
        await tx.execute(delete(grants).where(grants.c.source == fact.subject))

    @reader.hears(sign_in.Revoked)
    async def signed_out(tx: Tx, fact: Fact, body: sign_in.Revoked) -> None:
        await tx.execute(insert(revoked_sign_ins).values(sign_in=fact.subject).on_conflict_do_nothing())


async def hold(
    tx: Tx,
    source: UUID,
    person: UUID,
    roles: tuple[str, ...],
    scope: UUID,
    first_day: date | None = None,
    last_day: date | None = None,
) -> None:
    """Notes roles that come with something, and end with it; some hold on its days only."""
    days = {"first_day": first_day, "last_day": last_day}
    values = [{"source": source, "person": person, "role": role, "scope": scope, **days} for role in roles]
    await tx.execute(insert(grants).values(values).on_conflict_do_nothing())
