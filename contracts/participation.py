"""Participation: an organisation takes part in one partnership's scheme, as visitor, as host or as knowledge provider
(CX-40 to CX-42).
"""

from datetime import date
from typing import Literal
from uuid import UUID

from contracts.tables import SYSTEM, Body, Table, act
from contracts.topics import DIRECTORY

Side = Literal["visitor", "host", "both", "provider"]
Activity = Literal["capacity_building", "knowledge_sharing", "innovation", "market_research", "networking"]
ReasonCode = Literal["incomplete", "not_eligible", "not_relevant", "duplicate", "other"]


class Profile(Body):
    """The public profile that matching and catalogues show.

    countries            where a visitor would like to go, or visitors may come from (alpha-2); empty means any
    first_day, last_day  when an exchange could take place, both days included; None means at any time
    """

    organisation: UUID
    partnership: UUID
    side: Side
    contact: UUID
    activities: tuple[Activity, ...]
    sectors: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    first_day: date | None = None
    last_day: date | None = None


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
