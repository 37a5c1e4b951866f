"""Tables of signing in beyond the mailed link: passwords, passkeys, recovery codes, identities of other providers,
and what waits between two requests. All times are real. Secrets are kept as hashes.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from services.chassis.acts.aggregate import Root
from services.chassis.database import instant


class Password(SQLModel, table=True):
    """An argon2id hash with its parameters; none for those who use mailed links only."""

    __tablename__ = "passwords"  # pyright: ignore[reportAssignmentType]

    person: UUID = Field(primary_key=True)
    hash: str
    set_at: datetime = instant()


class Passkey(SQLModel, table=True):
    """A second factor: the public half of a key pair that an authenticator keeps."""

    __tablename__ = "passkeys"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (Index("passkeys_person", "person"),)

    id: UUID = Field(primary_key=True)
    person: UUID
    name: str
    credential: bytes = Field(sa_column=Column(LargeBinary, nullable=False, unique=True))
    public_key: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    sign_count: int = 0
    added_at: datetime = instant()
    used_at: datetime | None = instant(default=None, nullable=True)


class RecoveryCode(SQLModel, table=True):
    """One of ten; each works once in a passkey's place."""

    __tablename__ = "recovery_codes"  # pyright: ignore[reportAssignmentType]

    person: UUID = Field(primary_key=True)
    hash: str = Field(primary_key=True)
    used_at: datetime | None = instant(default=None, nullable=True)


class Waiting(SQLModel, table=True):
    """Somebody whose first factor was right and whose second one is still to be shown."""

    __tablename__ = "sign_ins_waiting"  # pyright: ignore[reportAssignmentType]

    hash: str = Field(primary_key=True)
    person: UUID
    next: str
    tries: int = 0
    expires_at: datetime = instant()


class Challenge(SQLModel, table=True):
    """What an authenticator is to sign, once."""

    __tablename__ = "challenges"  # pyright: ignore[reportAssignmentType]

    id: UUID = Field(primary_key=True)
    person: UUID
    purpose: str
    value: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    expires_at: datetime = instant()


class ProviderVisit(SQLModel, table=True):
    """A browser that was sent to the OpenID provider. person: who links the identity, where it is for that;
    subject: whom the provider has named, once it has.
    """

    __tablename__ = "provider_visits"  # pyright: ignore[reportAssignmentType]

    id: UUID = Field(primary_key=True)
    hash: str = Field(unique=True)
    nonce: str
    verifier: str
    next: str
    person: UUID | None = None
    issuer: str = ""
    subject: str = ""
    expires_at: datetime = instant()


class ProviderIdentity(SQLModel, table=True):
    """Somebody's identity with an OpenID provider, linked by themselves and never by an equal address."""

    __tablename__ = "provider_identities"  # pyright: ignore[reportAssignmentType]

    issuer: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    person: UUID = Field(index=True)
    linked_at: datetime = instant()


class FactorReset(Root, table=True):
    """Somebody has lost their second factor and all codes: two officers let them begin anew."""

    __tablename__ = "factor_resets"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        CheckConstraint("first <> second", name="reset_by_two"),
        CheckConstraint("person <> first and person <> second", name="reset_of_oneself"),
        Index("reset_once", "person", unique=True, postgresql_where=text("state in ('asked', 'seconded')")),
    )

    person: UUID
    partnerships: list[UUID] = Field(sa_column=Column(ARRAY(Uuid), nullable=False))
    first: UUID | None = None
    second: UUID | None = None
