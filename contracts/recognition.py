"""Recognition: a cluster's label under a scheme with levels of its own (excellence labels, Key National Cluster).

Its validity decides what it may be used for: valid | expired, renewable until | lapsed | date unknown (reported).
"""

from datetime import date
from uuid import UUID

from contracts.tables import SYSTEM, Body, Table, act
from contracts.topics import DIRECTORY


class OfLabel(Body):
    organisation: UUID
    scheme: str
    level: str


class Applied(OfLabel):
    pass


class Reported(OfLabel):
    pass


class Awarded(OfLabel):
    awarded_on: date
    valid_until: date


class Renewed(Awarded):
    pass


class Expired(OfLabel):
    renewable_until: date


class Lapsed(OfLabel):
    pass


class Reminded(OfLabel):
    """months: how many are left."""

    months: int
    valid_until: date


RECOGNITION = Table(
    "recognition",
    service="directory",
    topic=DIRECTORY.name,
    movers={"applied": "OFFICER"},
    acts=(
        act("apply", "MEMBER", "", "applied", Applied),
        act("report", "MEMBER", "", "reported", Reported),
        act("award", "OFFICER", "applied reported", "awarded", Awarded),
        act("renew", "OFFICER", "awarded expired", "awarded", Renewed),
        act("expire", SYSTEM, "awarded", "expired", Expired),
        act("lapse", SYSTEM, "expired", "lapsed", Lapsed),
        act("remind", SYSTEM, "awarded", "", Reminded),
    ),
)
