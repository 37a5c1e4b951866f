"""Table of labels."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from services.chassis.acts.aggregate import Root


class Recognition(Root, table=True):
    """A cluster's label. reminded: how many months before its end the last reminder was."""

    __tablename__ = "recognitions"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index(
            "label_once",
            "organisation",
            "scheme",
            "level",
            unique=True,
            postgresql_where=text("state <> 'lapsed'"),
        ),
        Index("recognitions_ending", "valid_until", postgresql_where=text("state in ('awarded', 'expired')")),
        CheckConstraint("state <> 'awarded' or valid_until is not null", name="award_has_an_end"),
    )

    organisation: UUID
    scheme: str
    level: str
    partnerships: list[UUID] = Field(sa_column=Column(ARRAY(Uuid), nullable=False))
    awarded_on: date | None = None
    valid_until: date | None = None
    certificate: str | None = None
    score: int | None = None
    reminded: int = 0
