"""Self-assessment: a cluster's own answers to an indicator set, with the level that they reach. It awards nothing."""

from typing import Literal
from uuid import UUID

from contracts.tables import Body, Table, act
from contracts.topics import DIRECTORY

Reached = Literal["none", "bronze", "silver", "gold"]


class Recorded(Body):
    """score: per cent of what can be reached over all indicators."""

    organisation: UUID
    indicator_set: UUID
    reached: Reached
    score: int


class Withdrawn(Body):
    pass


SELF_ASSESSMENT = Table(
    "self_assessment",
    service="directory",
    topic=DIRECTORY.name,
    acts=(
        act("record", "MEMBER", "", "recorded", Recorded),
        act("withdraw", "MEMBER", "recorded", "withdrawn", Withdrawn),
    ),
)
