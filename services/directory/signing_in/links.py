"""Mailed links: asked for by anybody for any address, good for half an hour and for one sign-in. Real time.

Asking does the same whether the address is known or not; who has it is looked up when the mail is written.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import delete, or_, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from contracts.errors import DomainError
from contracts.ids import new_id
from contracts.workdays import Moment
from services.chassis.database import Database, Tx
from services.chassis.facts.outbox import Cause
from services.chassis.identity.secrets import hashed
from services.directory.kinds import people
from services.directory.models import Person, SignInCount, SignInLink
from services.directory.people import described, new_person, person_at

VALID = timedelta(minutes=30)
INVITED_FOR = timedelta(days=7)
"""How long the link of an invitation is good."""
KEPT = timedelta(days=1)
WINDOW = timedelta(minutes=15)
PER_ADDRESS = 5
PER_CLIENT = 100
"""Links asked for in one window. A whole conference may sign in through one address of the network."""

_OWN_PATH = re.compile(r"/(?![/\\])[!-\[\]-~]{0,500}")


def own_path(target: str, web_url: str) -> str:
    """Where to go after signing in: a path of our own, whatever was asked for."""
    path = target.removeprefix(web_url)
    return path if _OWN_PATH.fullmatch(path) else "/"


async def count(database: Database, address: str, client: str) -> None:
    """Counts one request; DomainError("too-many-links") beyond the limits, known address or not."""
    now = datetime.now(UTC)
    window = datetime.fromtimestamp(now.timestamp() // WINDOW.total_seconds() * WINDOW.total_seconds(), UTC)
    limits = {_of("address", address.lower()): PER_ADDRESS, _of("client", client): PER_CLIENT}
    statement = (
        insert(SignInCount)
        .values([{"who": who, "window": window, "times": 1} for who in sorted(limits)])
        .on_conflict_do_update(index_elements=["who", "window"], set_={"times": col(SignInCount.times) + 1})
        .returning(col(SignInCount.who), col(SignInCount.times))
    )
    async with database.transaction() as tx:
        counted = (await tx.execute(statement)).all()
    if any(row.times > limits[row.who] for row in counted):
        minutes = int((window + WINDOW - now).total_seconds() // 60) + 1
        raise DomainError("too-many-links", status=429, minutes=minutes)


def _of(kind: str, value: str) -> str:
    return sha256(f"{kind}/{value}".encode()).hexdigest()


def ask(
    tx: Tx,
    address: str,
    next: str,
    *,
    name: str = "",
    language: str = "en",
    membership: UUID | None = None,
    identity: UUID | None = None,
) -> None:
    """Notes that a link is to be mailed. A name comes from somebody who joins; a membership is what somebody
    is invited to; identity is the visit to a provider that the link links.
    """
    now = datetime.now(UTC)
    tx.add(
        SignInLink(
            id=new_id(),
            address=address,
            name=name,
            language=language,
            next=next,
            membership=membership,
            identity=identity,
            asked_at=now,
            try_at=now,
        )
    )


async def identity_of(tx: Tx, token: str) -> UUID | None:
    """The visit to a provider whose identity a link would link."""
    statement = select(SignInLink.identity).where(SignInLink.token_hash == hashed(token))
    return (await tx.session.exec(statement)).first()


@dataclass(frozen=True)
class Spent:
    """What a link that was used up says: who asked, and where it leads."""

    address: str
    name: str
    language: str
    next: str
    identity: UUID | None


async def spend(tx: Tx, token: str) -> Spent:
    """The link of a token, used up by this; DomainError("link-spent") when it was used or is too old."""
    now = datetime.now(UTC)
    statement = (
        update(SignInLink)
        .where(
            col(SignInLink.token_hash) == hashed(token),
            col(SignInLink.used_at).is_(None),
            col(SignInLink.expires_at) > now,
        )
        .values(used_at=now)
        .returning(
            col(SignInLink.address),
            col(SignInLink.name),
            col(SignInLink.language),
            col(SignInLink.next),
            col(SignInLink.identity),
        )
    )
    row = (await tx.execute(statement)).one_or_none()
    if row is None:
        raise DomainError("link-spent", status=410)
    return Spent(*row)


async def person_of(tx: Tx, link: Spent, at: Moment, correlation: UUID) -> Person:
    """Who signs in by a spent link. Who joins is registered now that the mail has proved the address."""
    known = await person_at(tx, link.address)
    if known is not None:
        return known
    if not link.name:
        raise DomainError("link-spent", status=410)
    person = new_person(link.name, link.address, link.language)
    cause = Cause(str(person.id), correlation=correlation)
    await people.record(tx, person, "register", described(person), at, cause)
    return person


async def forget_old(tx: Tx) -> None:
    """Deletes links and counts that are of no use any more. Part of the daily sweep."""
    now = datetime.now(UTC)
    asked, no_invitation = col(SignInLink.asked_at), col(SignInLink.membership).is_(None)
    old = or_(asked < now - INVITED_FOR - KEPT, (asked < now - KEPT) & no_invitation)
    await tx.execute(delete(SignInLink).where(old))
    await tx.execute(delete(SignInCount).where(col(SignInCount.window) < now - KEPT))
