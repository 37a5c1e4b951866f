"""Tables of intake: what was applied for under a first-come call, and what its line was given to spend."""

from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint
from sqlmodel import Field, SQLModel


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
