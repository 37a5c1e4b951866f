"""Participation: an organisation takes part in one partnership's scheme, as visitor or as host (CX-40 to CX-42)."""

from typing import Literal
from uuid import UUID

from contracts.tables import SYSTEM, Body, Table, act
from contracts.topics import DIRECTORY

Side = Literal["visitor", "host", "both"]
Activity = Literal["capacity_building", "knowledge_sharing", "innovation", "market_research", "networking"]
ReasonCode = Literal["incomplete", "not_eligible", "not_relevant", "duplicate", "other"]


class Profile(Body):
    """The public profile that matching and catalogues show."""

    organisation: UUID
    partnership: UUID
    side: Side
    contact: UUID
    activities: tuple[Activity, ...]
    sectors: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


class Submitted(Profile):
    pass


class Revised(Profile):
    pass


class Returned(Body):
    reason: ReasonCode


class Validated(Profile):
    pass


class Rejected(Body):
    reason: ReasonCode


class Rested(Body):
    pass


class Resumed(Profile):
    pass


class Withdrawn(Body):
    pass


PARTICIPATION = Table(
    "participation",
    service="directory",
    topic=DIRECTORY.name,
    movers={"submitted": "OFFICER", "needs_info": "MEMBER", "dormant": "MEMBER"},
    acts=(
        act("submit", "MEMBER", "", "submitted", Submitted),
        act("return", "OFFICER", "submitted", "needs_info", Returned),
        act("revise", "MEMBER", "needs_info", "submitted", Revised),
        act("validate", "OFFICER", "submitted", "validated", Validated),
        act("reject", "OFFICER", "submitted", "rejected", Rejected),
        act("rest", SYSTEM, "validated", "dormant", Rested),
        act("resume", "MEMBER", "dormant", "validated", Resumed),
        act("withdraw", "MEMBER", "submitted needs_info validated dormant", "withdrawn", Withdrawn),
    ),
)
