"""What this service knows of others, from their facts: whom and what its rules ask about."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from services.chassis.database import json_column


class KnownOrganisation(SQLModel, table=True):
    """Projection of organisation.registered."""

    __tablename__ = "applications_known_organisations"  # pyright: ignore[reportAssignmentType]

    id: UUID = Field(primary_key=True)
    name: str = Field(index=True)
    kind: str
    town: str
    country: str
    latitude: float
    longitude: float
    identity: UUID
    cluster: UUID | None = None
    region: str = Field(default="", sa_column_kwargs={"server_default": ""})
    registration_number: str = Field(default="", sa_column_kwargs={"server_default": ""})


class KnownPartnership(SQLModel, table=True):
    """Projection of partnership.formed."""

    __tablename__ = "applications_known_partnerships"  # pyright: ignore[reportAssignmentType]

    id: UUID = Field(primary_key=True)
    name: str
    programme: str
    coordinator: UUID
    members: list[UUID] = Field(
        default_factory=list, sa_column=Column(ARRAY(Uuid), nullable=False, server_default="{}")
    )
    first_day: date
    last_day: date


class KnownParticipation(SQLModel, table=True):
    """Projection of participation.*: the catalogue that visitors search."""

    __tablename__ = "applications_known_participations"  # pyright: ignore[reportAssignmentType]

    id: UUID = Field(primary_key=True)
    organisation: UUID = Field(index=True)
    partnership: UUID
    side: str
    contact: UUID
    activities: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    sectors: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    languages: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    countries: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    first_day: date | None = None
    last_day: date | None = None
    validated: bool


class KnownBudget(SQLModel, table=True):
    """Projection of budget.opened: who pays in a partnership, and until when."""

    __tablename__ = "applications_known_budgets"  # pyright: ignore[reportAssignmentType]

    id: UUID = Field(primary_key=True)
    partnership: UUID
    member: UUID
    name: str
    action_start: date
    action_end: date


class KnownRates(SQLModel, table=True):
    """Projection of rate_table.published."""

    __tablename__ = "applications_known_rates"  # pyright: ignore[reportAssignmentType]

    id: UUID = Field(primary_key=True)
    scheme: str
    version: str
    valid_from: date
    partnership: UUID | None = None
    rates: dict[str, Any] = Field(sa_column=json_column())
