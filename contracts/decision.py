"""Decision: an answer, score or decision on one application and round. Kept when a round is voided, never changed."""

from typing import Literal
from uuid import UUID

from contracts.tables import BESIDE, Body, Table, act
from contracts.topics import APPROVALS


class Made(Body):
    application: UUID
    kind: Literal["opinion", "decision", "check", "panel", "score", "consensus"]
    favourable: bool
    round: int


DECISION = Table(
    "decision",
    service="applications",
    topic=APPROVALS.name,
    acts=(act("make", BESIDE, "", "made", Made, wakes="grant-approval/{case}"),),
)
