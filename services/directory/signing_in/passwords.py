"""Passwords, for those who want one beside the mailed link: hashed with argon2id, checked in a thread.

An unknown address costs what a wrong password costs, and is answered alike.
"""

import asyncio
from datetime import UTC, datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.dialects.postgresql import insert

from contracts.errors import DomainError
from services.chassis.database import Tx
from services.directory.models import Person
from services.directory.sign_in_models import Password

LEAST = 12
MOST = 200
_HASHER = PasswordHasher()
_NOBODYS = _HASHER.hash("nobody's password")


async def keep(tx: Tx, person: Person, password: str) -> None:
    """Sets the person's password; DomainError("password-weak") for one that says who it belongs to."""
    known = (*person.email.lower().split("@"), *person.name.lower().split())
    if any(len(part) > 3 and part in password.lower() for part in known) or len(set(password)) < 5:
        raise DomainError("password-weak", "password")
    hash = await asyncio.to_thread(_HASHER.hash, password)
    values = {"hash": hash, "set_at": datetime.now(UTC)}
    statement = insert(Password).values(person=person.id, **values)
    await tx.execute(statement.on_conflict_do_update(index_elements=["person"], set_=values))


async def check(tx: Tx, person: Person | None, password: str) -> Person:
    """The person whose password this is; DomainError("password-wrong") for everything else."""
    kept = await tx.get(Password, person.id) if person else None
    right = await asyncio.to_thread(_verified, kept.hash if kept else _NOBODYS, password)
    if person is None or kept is None or not right:
        raise DomainError("password-wrong", status=401)
    if _HASHER.check_needs_rehash(kept.hash):
        kept.hash = await asyncio.to_thread(_HASHER.hash, password)
        tx.add(kept)
    return person


def _verified(hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(hash, password)
    except (VerificationError, InvalidHashError):
        return False
