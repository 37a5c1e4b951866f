"""The second factor: who needs to show one, the ten codes that stand in for it, and beginning anew.

Whoever has a passkey shows it, or a recovery code, at each sign-in and again for acts of money and roles.
"""

from datetime import UTC, datetime, timedelta
from secrets import choice
from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import col, select

from contracts import factor_reset as facts
from contracts import sign_in
from contracts.errors import DomainError
from contracts.factor_reset import FACTOR_RESET
from contracts.ids import new_id
from contracts.tables import Nothing
from contracts.workdays import Moment
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause
from services.chassis.identity.actor import Actor
from services.chassis.identity.secrets import hashed, new_secret
from services.chassis.identity.tokens import STEP_UP
from services.directory.kinds import factor_resets, sign_ins
from services.directory.models import Membership, Organisation, Person, RoleGrant, SignIn
from services.directory.sign_in_models import FactorReset, Passkey, RecoveryCode, Waiting

CODES = 10
WAITS_FOR = timedelta(minutes=10)
TRIES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


async def needed(tx: Tx, person: UUID) -> bool:
    """Whether this person has a second factor to show."""
    return (
        await tx.session.exec(select(Passkey.id).where(Passkey.person == person).limit(1))
    ).first() is not None


async def fresh(tx: Tx, actor: Actor) -> None:
    """DomainError unless the second factor, or where there is none the sign-in, is a few minutes old."""
    if actor.stepped_up:
        return
    if await needed(tx, actor.person):
        raise DomainError("step-up-needed", status=403)
    row = await tx.get(SignIn, actor.sign_in) if actor.sign_in else None
    if row is None or (datetime.now(UTC) - row.opened_at).total_seconds() > STEP_UP:
        raise DomainError("sign-in-again", status=409)


async def new_codes(tx: Tx, person: UUID) -> list[str]:
    """Ten fresh recovery codes, shown this once; earlier ones are worth nothing from now on."""
    codes = ["-".join("".join(choice(_LETTERS) for _ in range(5)) for _ in range(3)) for _ in range(CODES)]
    await tx.execute(delete(RecoveryCode).where(col(RecoveryCode.person) == person))
    for code in codes:
        tx.add(RecoveryCode(person=person, hash=_hash(code)))
    return codes


async def codes_left(tx: Tx, person: UUID) -> int:
    """How many codes are still good."""
    statement = select(RecoveryCode.hash).where(
        RecoveryCode.person == person, col(RecoveryCode.used_at).is_(None)
    )
    return len((await tx.session.exec(statement)).all())


async def spend_code(tx: Tx, person: UUID, code: str) -> None:
    """Uses a recovery code up; DomainError("code-wrong")."""
    statement = (
        update(RecoveryCode)
        .where(
            col(RecoveryCode.person) == person,
            col(RecoveryCode.hash) == _hash(code),
            col(RecoveryCode.used_at).is_(None),
        )
        .values(used_at=datetime.now(UTC))
        .returning(col(RecoveryCode.hash))
    )
    if (await tx.execute(statement)).one_or_none() is None:
        raise DomainError("code-wrong", "code")


async def let_wait(tx: Tx, person: UUID, next: str) -> str:
    """Remembers a right first factor; answers the secret that the browser brings with the second one."""
    secret = new_secret()
    tx.add(Waiting(hash=hashed(secret), person=person, next=next, expires_at=datetime.now(UTC) + WAITS_FOR))
    return secret


async def waiting(tx: Tx, secret: str) -> Waiting:
    """Who waits with this secret, one try counted; DomainError("waited-too-long")."""
    statement = (
        update(Waiting)
        .where(
            col(Waiting.hash) == hashed(secret),
            col(Waiting.expires_at) > datetime.now(UTC),
            col(Waiting.tries) < TRIES,
        )
        .values(tries=col(Waiting.tries) + 1)
        .returning(col(Waiting.hash))
    )
    found = (await tx.execute(statement)).scalar_one_or_none()
    if found is None:
        raise DomainError("waited-too-long", status=401)
    row = await tx.session.get(Waiting, found)
    assert row is not None
    return row


async def stop_waiting(tx: Tx, secret: str) -> None:
    """The second factor was right: the secret is used up."""
    await tx.execute(delete(Waiting).where(col(Waiting.hash) == hashed(secret)))


async def forget_waiting(tx: Tx) -> None:
    """Deletes what nobody can use any more. Part of the daily sweep."""
    await tx.execute(delete(Waiting).where(col(Waiting.expires_at) < datetime.now(UTC)))


async def ask_reset(tx: Tx, person: Person, at: Moment, correlation: UUID) -> None:
    """Somebody who has shown their first factor says that the second is lost."""
    row = FactorReset(id=new_id(), person=person.id, partnerships=await _near(tx, person.id))
    cause = Cause(str(person.id), correlation=correlation)
    await factor_resets.record(tx, row, "ask", facts.Asked(person=person.id), at, cause)


@rule(FACTOR_RESET, "second")
async def second(work: Work[FactorReset], given: Nothing, at: Moment) -> facts.Seconded:
    _not_for_oneself(work)
    work.row.first = work.actor.person
    return facts.Seconded(person=work.row.person)


@rule(FACTOR_RESET, "complete")
async def complete(work: Work[FactorReset], given: Nothing, at: Moment) -> facts.Done:
    """Takes passkeys and codes away and ends every sign-in of the person."""
    _not_for_oneself(work)
    row = work.row
    if row.first == work.actor.person:
        raise DomainError("second-person-needed", status=403)
    row.second = work.actor.person
    for table in (Passkey, RecoveryCode):
        await work.tx.execute(delete(table).where(col(table.person) == row.person))
    open_ones = select(SignIn).where(SignIn.person == row.person, SignIn.state == "open")
    for one in (await work.tx.session.exec(open_ones.with_for_update())).all():
        work.beside(sign_ins, one, "revoke", sign_in.Revoked(person=row.person))
    return facts.Done(person=row.person)


@rule(FACTOR_RESET, "refuse")
def refuse(row: FactorReset, given: Nothing, at: Moment) -> facts.Refused:
    return facts.Refused(person=row.person)


def _not_for_oneself(work: Work[FactorReset]) -> None:
    if work.row.person == work.actor.person:
        raise DomainError("reset-of-oneself", status=403)


async def _near(tx: Tx, person: UUID) -> list[UUID]:
    """The partnerships whose officers can know this person."""
    own = select(Membership.organisation).where(Membership.person == person, Membership.state == "active")
    organisations = select(Organisation).where(col(Organisation.id).in_(own))
    grants = select(RoleGrant).where(RoleGrant.person == person, RoleGrant.state == "granted")
    found = {id for row in (await tx.session.exec(organisations)).all() for id in row.partnerships}
    for grant in (await tx.session.exec(grants)).all():
        found |= {grant.scope, *grant.partnerships}
    return sorted(found)


def _hash(code: str) -> str:
    return hashed("".join(sign for sign in code.lower() if sign.isalnum()))
