"""Tables of cluster excellence: indicator sets in versions, and clusters' answers to them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.chassis.acts.aggregate import Root
from services.chassis.database import instant


class IndicatorSet(Root, table=True):
    """One version. indicators: see indicators.Indicator; silver_score, gold_score: per cent that a level needs."""

    __tablename__ = "indicator_sets"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index("one_set_in_force", "state", unique=True, postgresql_where=text("state = 'published'")),
        Index("indicator_set_number", "number", unique=True),
    )

    number: int
    title: str
    source: str
    inferred: bool
    silver_score: int
    gold_score: int
    indicators: list[dict[str, Any]] = Field(sa_column=Column(JSONB, nullable=False))


class SelfAssessment(Root, table=True):
    """A cluster's answers by the key of the indicator, and what they came to then."""

    __tablename__ = "self_assessments"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (Index("self_assessments_organisation", "organisation", "at"),)

    organisation: UUID
    indicator_set: UUID = Field(index=True)
    answers: dict[str, int] = Field(sa_column=Column(JSONB, nullable=False))
    reached: str
    score: int
    by: UUID
    at: datetime = instant()
