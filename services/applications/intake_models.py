"""Tables of intake: what was applied for under a first-come call, what its line was given to spend, and the cut-offs of
calls that rank.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from services.chassis.acts.aggregate import Root
from services.chassis.database import instant


class CallCounter(SQLModel, table=True):
    """One call on one paying line. limit_cents is the line's sum times the call's factor, as of the last submission
    taken; `waits` says whether what comes above it is taken as waiting.
    """

    __tablename__ = "call_counters"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (CheckConstraint("taken_cents BETWEEN 0 AND limit_cents", name="call_full"),)

    call: UUID = Field(primary_key=True)
    budget: UUID = Field(primary_key=True)
    factor: int
    waits: bool
    taken_cents: int = Field(default=0, sa_type=BigInteger)
    limit_cents: int = Field(default=0, sa_type=BigInteger)


class KnownAllocation(SQLModel, table=True):
    """Projection of budget.opened, .raised, .cut and transfer.made: what one fact gave to a line or took from it."""

    __tablename__ = "applications_known_allocations"  # pyright: ignore[reportAssignmentType]

    fact: UUID = Field(primary_key=True)
    budget: UUID = Field(primary_key=True, index=True)
    cents: int = Field(sa_type=BigInteger)


class CutOff(Root, table=True):
    """applications: how many came in time, once that is over. proposed is the hash of the ranking that one person has
    settled; it stands once a second one settles the same."""

    __tablename__ = "cutoffs"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (Index("cutoff_once", "call", "key", unique=True),)

    call: UUID
    key: str
    title: dict[str, str] = Field(
        default_factory=dict, sa_column=Column(JSONB, nullable=False, server_default=text("'{}'::jsonb"))
    )
    partnership: UUID
    budget: UUID
    tie: str
    closes_at: datetime = instant()
    announce_at: datetime | None = instant(default=None, nullable=True)
    applications: int = 0
    proposed: str = ""
    proposer: UUID | None = None
    ranked_at: datetime | None = instant(default=None, nullable=True)
    announced_at: datetime | None = instant(default=None, nullable=True)
