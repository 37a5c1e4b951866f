"""Sessions: a sign-in's secret in the browser's cookie, and the short tokens that it is good for.

A session ends 30 minutes after it was last used, 12 hours after it began, or when it is revoked. Real time.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from joserfc.jwk import OKPKey
from sqlalchemy import or_, update
from sqlmodel import col, select

from contracts import sign_in as facts
from contracts.errors import DomainError
from contracts.ids import new_id
from contracts.sign_in import SIGN_IN
from contracts.tables import Nothing
from contracts.workdays import Moment
from services.chassis.acts.rules import rule
from services.chassis.database import Database, Tx
from services.chassis.facts.outbox import Cause
from services.chassis.identity.secrets import hashed, new_secret
from services.chassis.identity.tokens import BadToken, Identity, sign
from services.directory.kinds import sign_ins
from services.directory.models import Mandate, Person, SignIn
from services.directory.signing_in.secret import form_token

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
AT_ONCE = 500
"""Sign-ins that one sweep closes."""


@dataclass(frozen=True)
class Opened:
    """A fresh sign-in: the secret of its session, shown this once, and its first token."""

    person: UUID
    session: str
    token: str


class Sessions:
    def __init__(self, database: Database, key: OKPKey) -> None:
        self._database = database
        self._key = key

    async def open(
        self,
        tx: Tx,
        person: Person,
        client: str,
        at: Moment,
        correlation: UUID,
        *,
        stepped_up: bool = False,
    ) -> Opened:
        """Signs a person in, always with a new secret: one set in the browser before is worth nothing.

        stepped_up: the second factor was shown.
        """
        now, session = datetime.now(UTC), new_secret()
        row = SignIn(
            id=new_id(),
            person=person.id,
            client=client[:300],
            session_hash=hashed(session),
            opened_at=now,
            seen_at=now,
            assurance=2 if stepped_up else 1,
            stepped_up_at=now if stepped_up else None,
        )
        cause = Cause(str(person.id), correlation=correlation)
        body = facts.Opened(person=person.id, assurance=row.assurance)
        await sign_ins.record(tx, row, "open", body, at, cause)
        return Opened(person.id, session, self._token(person, row, form_token(session)))

    async def renewed(self, session: str) -> str:
        """A fresh token; BadToken when the session has ended."""
        now = datetime.now(UTC)
        statement = (
            update(SignIn)
            .where(
                col(SignIn.session_hash) == hashed(session),
                col(SignIn.state) == "open",
                col(SignIn.seen_at) > now - IDLE,
                col(SignIn.opened_at) > now - LONGEST,
            )
            .values(seen_at=now)
            .returning(col(SignIn.id))
        )
        async with self._database.transaction() as tx:
            found = (await tx.execute(statement)).scalar_one_or_none()
            row = None if found is None else await tx.get(SignIn, found)
            person = None if row is None else await tx.get(Person, row.person)
            principal = None if row is None else await _principal(tx, row)
        if row is None or person is None or person.state != "active":
            raise BadToken("the session has ended")
        return self._token(person, row, form_token(session), principal)

    async def act_for(self, tx: Tx, sign_in: UUID | None, mandate: UUID | None, csrf: str) -> str:
        """A token by which the person of a sign-in acts under a mandate from now on, or for themselves again."""
        row = await tx.get(SignIn, sign_in) if sign_in else None
        if row is None or row.state != "open":
            raise DomainError("sign-in-ended", status=401)
        row.mandate = mandate
        principal = await _principal(tx, row)
        if mandate is not None and principal is None:
            raise DomainError("mandate-ended", status=409)
        tx.add(row)
        return self._token(await tx.found(Person, row.person), row, csrf, principal)

    async def stepped_up(self, tx: Tx, sign_in: UUID | None, csrf: str) -> str:
        """A token of a sign-in whose second factor was just shown; DomainError where it has no session."""
        row = await tx.get(SignIn, sign_in) if sign_in else None
        if row is None or row.state != "open":
            raise DomainError("sign-in-ended", status=401)
        row.stepped_up_at, row.assurance = datetime.now(UTC), 2
        tx.add(row)
        return self._token(await tx.found(Person, row.person), row, csrf, await _principal(tx, row))

    def _token(self, person: Person, row: SignIn, csrf: str, principal: Person | None = None) -> str:
        shown = int(row.stepped_up_at.timestamp()) if row.stepped_up_at else 0
        identity = Identity(
            person.id, row.id, row.assurance, person.name, person.language, csrf=csrf, stepped_up_at=shown,
            mandate=row.mandate if principal else None, principal=principal.name if principal else "",
        )  # fmt: skip
        return sign(identity, self._key)


async def _principal(tx: Tx, row: SignIn) -> Person | None:
    """For whom a sign-in acts, as long as the mandate stands."""
    mandate = None if row.mandate is None else await tx.get(Mandate, row.mandate)
    if mandate is None or mandate.state != "granted" or mandate.agent != row.person:
        return None
    return await tx.get(Person, mandate.principal)


@rule(SIGN_IN, "revoke")
def revoke(row: SignIn, given: Nothing, at: Moment) -> facts.Revoked:
    return facts.Revoked(person=row.person)


async def expire_idle(tx: Tx, at: Moment, cause: Cause) -> int:
    """Closes the sign-ins that have ended by themselves; answers how many. Part of the daily sweep."""
    now = datetime.now(UTC)
    statement = (
        select(SignIn)
        .where(
            SignIn.state == "open",
            or_(col(SignIn.seen_at) <= now - IDLE, col(SignIn.opened_at) <= now - LONGEST),
        )
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    rows = (await tx.session.exec(statement)).all()
    for row in rows:
        await sign_ins.record(tx, row, "expire", facts.Expired(person=row.person), at, cause)
    return len(rows)
