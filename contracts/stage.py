"""Stage: one task of an application's review in one round, with its holder and its time. The tasks of a group run side
by side and join; closing the last of them opens the next group. Applicants and hosts do not read its facts.
"""

from datetime import datetime
from typing import Literal

from contracts.call_rules import TrackKind
from contracts.tables import BESIDE, SYSTEM, Body, End, Table, act
from contracts.topics import APPROVALS

Officer = Literal["VOP", "HOP", "PAY", "COORD", "AGENCY", "DEPUTY"]
MoveReason = Literal["absent", "workload", "conflict_found", "more_time", "other"]


class Opened(Body):
    """stage is the group's key in the call's rules, key the task's; parties are those whose move it is: of a task that
    evaluators do, who assigns them."""

    stage: str
    key: str
    kind: TrackKind
    round: int
    parties: tuple[Officer, ...]
    quorum: int
    due_at: datetime


class Reassigned(Body):
    parties: tuple[Officer, ...]
    reason: MoveReason
    due_at: datetime


class Escalated(Body):
    parties: tuple[Officer, ...]
    due_at: datetime


class Judged(Body):
    """One of its people has answered; which way is not said here."""

    round: int


class ThirdNeeded(Body):
    """The results are too far apart: so many evaluators are needed now."""

    quorum: int
    due_at: datetime


class Met(Body):
    """by: its people, or their silence."""

    by: Literal["quorum", "silence"]
    round: int


class Refused(Body):
    by: Literal["quorum", "silence"]
    round: int


class Voided(Body):
    round: int


class Reminded(Body):
    number: int


STAGE = Table(
    "stage",
    service="applications",
    topic=APPROVALS.name,
    movers={"open": "VOP HOP PAY COORD AGENCY DEPUTY"},
    acts=(
        act("open", BESIDE, "", "open", Opened),
        act("judge", "VOP HOP PAY COORD AGENCY DEPUTY", "open", "", Judged),
        act("reassign", "VOP COORD", "open", "", Reassigned),
        act("escalate", SYSTEM, "open", "", Escalated),
        act("widen", SYSTEM, "open", "", ThirdNeeded),
        act("close", SYSTEM, "open", "met", Met, also=(End("refused", Refused),)),
        act("void", BESIDE, "open", "voided", Voided),
        act("remind", SYSTEM, "open", "", Reminded),
    ),
)
