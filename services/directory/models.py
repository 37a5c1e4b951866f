"""Tables of directory. Constraints state what must hold whoever asks twice: one person per address, one role
once, one membership of a role, one live participation of an organisation in a partnership.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel

from services.chassis.acts.aggregate import Root
from services.chassis.database import instant
from services.chassis.mailing import MailedLink


class Person(Root, table=True):
    """Everybody who gets a mail."""

    __tablename__ = "people"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index("address_known", text("lower(email)"), unique=True, postgresql_where=text("state = 'active'")),
    )

    name: str
    email: str
    language: str


class Organisation(Root, table=True):
    """A record of a legal person; several records of one share `identity`.

    partnerships  those that it is a member of or takes part in: their officers look after it
    merged_into, merged_at, state_before  where it went in a merge, and what it was; identity_before and
        merged_through  the identity that it, or one that shared it, had before that merge
    eccp, networks  its profile on the European Cluster Collaboration Platform, and the networks it is a member of
    headcount, turnover_cents, balance_cents  its own declaration as an enterprise, partner and linked
        enterprises included; size follows from them
    """

    __tablename__ = "organisations"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index("organisations_number", "country", "registration_number"),
        Index("organisations_vat_number", "country", "vat_number"),
    )

    name: str
    kind: str
    town: str
    country: str
    latitude: float
    longitude: float
    identity: UUID
    subtype: str = ""
    cluster: UUID | None = None
    region: str = Field(default="", sa_column_kwargs={"server_default": ""})
    registration_number: str = ""
    vat_number: str = ""
    beneficiary: bool = False
    headcount: int | None = None
    turnover_cents: int | None = Field(default=None, sa_column=Column(BigInteger))
    balance_cents: int | None = Field(default=None, sa_column=Column(BigInteger))
    size: str | None = None
    declared_on: date | None = None
    website: str = ""
    eccp: str = ""
    networks: list[str] = Field(
        default_factory=list, sa_column=Column(ARRAY(Text), nullable=False, server_default="{}")
    )
    partnerships: list[UUID] = Field(
        default_factory=list, sa_column=Column(ARRAY(Uuid), nullable=False, server_default="{}")
    )
    confirmed_by: UUID | None = None
    verified_by: UUID | None = None
    merged_into: UUID | None = None
    merged_at: datetime | None = instant(default=None, nullable=True)
    state_before: str = ""
    identity_before: UUID | None = None
    merged_through: UUID | None = None


class OrganisationCase(SQLModel, table=True):
    """A case that an organisation visits or hosts in, as heard of: a merge that one rests on stays."""

    __tablename__ = "organisation_cases"  # pyright: ignore[reportAssignmentType]

    organisation: UUID = Field(primary_key=True)
    case_id: UUID = Field(primary_key=True)
    submitted_at: datetime = instant()


class Import(SQLModel, table=True):
    """A table that somebody has uploaded, what was thought of its rows, and what has become of them."""

    __tablename__ = "imports"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (Index("imports_by", "by", "at"),)

    id: UUID = Field(primary_key=True)
    by: UUID
    kind: str
    partnership: UUID
    file: str
    rows: list[dict[str, Any]] = Field(sa_column=Column(JSONB, nullable=False))
    findings: list[dict[str, Any]] = Field(sa_column=Column(JSONB, nullable=False))
    results: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    at: datetime = instant()


class Membership(Root, table=True):
    """A person's role in an organisation. officers: the partnerships whose officers decide where no owner can."""

    __tablename__ = "memberships"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index(
            "membership_once",
            "person",
            "organisation",
            "role",
            unique=True,
            postgresql_where=text("state in ('invited', 'requested', 'active')"),
        ),
        Index("memberships_organisation", "organisation", "state"),
    )

    person: UUID
    organisation: UUID
    role: str
    function: str = ""
    invited_by: UUID | None = None
    since: datetime = instant()
    officers: list[UUID] = Field(
        default_factory=list, sa_column=Column(ARRAY(Uuid), nullable=False, server_default="{}")
    )


class Mandate(Root, table=True):
    """The principal lets the agent act for them, in one organisation or partnership, between two days."""

    __tablename__ = "mandates"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        CheckConstraint("principal <> agent", name="mandate_for_oneself"),
        CheckConstraint("first_day <= last_day", name="mandate_days"),
        Index("mandates_agent", "agent", "state"),
        Index("mandates_principal", "principal", "state"),
        Index("mandates_running", "last_day", postgresql_where=text("state = 'granted'")),
    )

    principal: UUID
    agent: UUID
    kind: str
    scope: UUID
    partnership: UUID | None = None
    first_day: date
    last_day: date
    document: str | None = None
    given_by: UUID


class Partnership(Root, table=True):
    """Organisations that run a programme together; first_day to last_day is the action. planned: how many of what."""

    __tablename__ = "partnerships"  # pyright: ignore[reportAssignmentType]

    name: str = Field(unique=True)
    title: str
    programme: str
    coordinator: UUID
    members: list[UUID] = Field(sa_column=Column(ARRAY(Uuid), nullable=False))
    themes: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    first_day: date
    last_day: date
    planned: dict[str, int] = Field(
        default_factory=dict, sa_column=Column(JSONB, nullable=False, server_default="{}")
    )


class Participation(Root, table=True):
    """An organisation's profile with one partnership. Texts, and what is known of the person who travels, stay here;
    facts carry codes.

    services  what a knowledge provider offers; everybody reads it
    function, phone, third_country, permit_days, business, cv  of that person: what they are there, how they are
        reached, and whether a national of a third country has settled (CX-14); cv is a file's id, cv_name its name
    """

    __tablename__ = "participations"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index(
            "participation_once",
            "organisation",
            "partnership",
            unique=True,
            postgresql_where=text("state not in ('rejected', 'withdrawn')"),
        ),
        Index("participations_partnership", "partnership", "state"),
        Index("participations_resting", "confirmed_at", postgresql_where=text("state = 'validated'")),
        CheckConstraint("first_day <= last_day", name="profile_days"),
    )

    organisation: UUID
    partnership: UUID
    side: str
    contact: UUID
    activities: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    sectors: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    languages: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    countries: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False, server_default="{}"))
    first_day: date | None = None
    last_day: date | None = None
    motivation: str
    objectives: str = ""
    function: str = ""
    phone: str = ""
    third_country: bool = False
    permit_days: int | None = None
    business: bool = False
    cv: str = ""
    cv_name: str = ""
    services: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False, server_default="{}"))
    consents: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False, server_default="{}"))
    submitted_at: datetime = instant()
    confirmed_at: datetime | None = instant(default=None, nullable=True)
    reason: str = ""
    explanation: str = ""
    agency_approval: str = ""
    decided_by: UUID | None = None


class RoleGrant(Root, table=True):
    """partnerships: those through whose coordinators the grant was and can be changed."""

    __tablename__ = "role_grants"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index(
            "role_held", "person", "role", "scope", unique=True, postgresql_where=text("state = 'granted'")
        ),
        Index("role_grants_scope", "scope"),
    )

    person: UUID
    role: str
    scope: UUID
    partnerships: list[UUID] = Field(sa_column=Column(ARRAY(Uuid), nullable=False))


class SignIn(Root, table=True):
    """One browser or client of a person. The session's token is kept as its hash; all its times are real. mandate: by
    which they act for another person at present."""

    __tablename__ = "sign_ins"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (Index("sign_ins_person", "person"),)

    person: UUID
    assurance: int = 1
    client: str = ""
    session_hash: str = Field(unique=True)
    opened_at: datetime = instant()
    seen_at: datetime = instant()
    stepped_up_at: datetime | None = instant(default=None, nullable=True)
    mandate: UUID | None = None


class SignInLink(MailedLink, table=True):
    """A mailed link that signs in.

    membership is what somebody is invited to by this mail; identity the visit to a provider whose identity it links.
    name and language are what somebody who joins has typed: the person is registered when the mail has proved the
    address, not before.
    """

    __tablename__ = "sign_in_links"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (Index("sign_in_links_unsent", "try_at", postgresql_where=text("sent_at is null")),)

    address: str
    name: str = ""
    language: str = "en"
    next: str
    membership: UUID | None = None
    identity: UUID | None = None
    expires_at: datetime | None = instant(default=None, nullable=True)


class SignInCount(SQLModel, table=True):
    """How often a link was asked for, per hashed address and per hashed client, in one real window."""

    __tablename__ = "sign_in_counts"  # pyright: ignore[reportAssignmentType]

    who: str = Field(primary_key=True)
    window: datetime = instant(primary_key=True)
    times: int
