"""Application: what a visitor asks for, decided, awarded and granted. Its id is the case's id.

The row lock of the application settles every race between withdrawal, award and last signature.
"""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from contracts.cutoff import Outcome
from contracts.tables import BESIDE, SYSTEM, Body, End, Table, act
from contracts.topics import APPLICATIONS

Mode = Literal["physical", "virtual"]
RejectReason = Literal[
    "not_eligible",
    "quality",
    "not_relevant",
    "visited_before",
    "no_budget",
    "cap",
    "aid_headroom",
    "aid_not_in_force",
    "aid_sector",
    "payee_out_of_reach",
    "check_failed",
    "below_threshold",
]
MoveReason = Literal["illness", "waits_for_others", "technical_trouble", "other"]
ReturnReason = Literal["agenda_unclear", "dates", "host_programme", "documents", "other"]


class Frozen(Body):
    """What a case is frozen with when it is submitted or revised; reimbursements computes again from it.

    support is the call's, and for units the bands and the daily rate that count (contracts/amounts/again.py).
    title, rules, revision, form and cut_off are the call's; a party that the call lacks is None. Of the answers to
    a form only their hash is said. staged: the call's stages are the review, each with its own holder.
    group: the group visit whose days and agenda it shares."""

    number: str
    call: UUID
    edition: str
    proposal: UUID | None = None
    applicant: UUID
    visitor: UUID
    visitor_identity: UUID
    visitor_name: str
    visitor_country: str
    visitor_town: str
    host: UUID | None = None
    host_name: str = ""
    host_country: str = ""
    host_town: str = ""
    visitor_partnership: UUID
    host_partnership: UUID | None = None
    payer: UUID
    budget: UUID
    mode: Mode | None = None
    first_day: date
    last_day: date
    days: tuple[date, ...] = ()
    working_days: int = 0
    distance_km: int = 0
    amount_cents: int
    currency: str
    rate_version: str = ""
    rate_cents: int = 0
    rate_basis: str = ""
    terms: dict[str, Any]
    lines: tuple[dict[str, Any], ...]
    action_end: date
    round: int
    support: dict[str, Any] = Field(default_factory=dict[str, Any])
    title: str = ""
    rules: dict[str, Any] = Field(default_factory=dict[str, Any])
    revision: int = 0
    form: UUID | None = None
    answers_hash: str = ""
    cut_off: str = ""
    staged: bool = False
    group: UUID | None = None


class Submitted(Frozen):
    """waiting: all of the call's money had been applied for already, and the call lets applications wait."""

    waiting: bool = False


class Revised(Frozen):
    due_at: datetime


class Amended(Frozen):
    """The terms that hold since an amendment came into force."""

    amendment: UUID


class Admitted(Body):
    """rules: each rule's slug and whether it is met."""

    rules: tuple[dict[str, Any], ...]
    due_at: datetime


class Rejected(Body):
    reason: RejectReason
    round: int
    due_at: datetime
    rules: tuple[dict[str, Any], ...] = ()


class Opined(Body):
    """Beside decision.made: the host partnership's opinion changes no state."""

    favourable: bool
    round: int


class Escalated(Body):
    stage: str
    due_at: datetime


class Returned(Body):
    reason: ReturnReason
    due_at: datetime


class Rescheduled(Body):
    """An officer gave this applicant more time: to submit a draft, to revise, to sign."""

    due_at: datetime
    reason: MoveReason


class FirstDecided(Body):
    """One person has decided; where the call asks for a second one, that one decides too."""

    round: int


class Assessed(Body):
    """All stages are over, and the ranking at the cut-off decides. Results are read at their owner."""

    round: int
    cut_off: str


class Selected(Body):
    """Of a call that ranks: the cut-off, the place in its ranking as of ranked_at, and whether it joined after that."""

    round: int
    amount_cents: int
    cut_off: UUID | None = None
    place: float | None = None
    ranked_at: datetime | None = None
    joined: bool = False


class Announced(Body):
    """The results of its cut-off are out; its story goes on. outcome: what the ranking says of it."""

    cut_off: UUID
    outcome: Outcome


class ShortOfBudget(Body):
    round: int
    due_at: datetime


class Awarded(Body):
    round: int
    amount_cents: int
    due_at: datetime


class Granted(Body):
    round: int
    amount_cents: int
    currency: str
    payer: UUID
    first_day: date
    last_day: date


class Withdrawn(Body):
    round: int


class Lapsed(Body):
    reason: Literal["not_revised", "not_signed", "first_day_reached", "party_refused"]
    round: int


class Cancelled(Body):
    by: Literal["visitor", "officer"]
    round: int


class NotCompleted(Body):
    round: int


class Closed(Body):
    round: int
    counted_for: UUID


class Finalised(Body):
    """appealed: an appeal was refused before, so it is not for want of one."""

    round: int
    appealed: bool = False


class Appealed(Body):
    due_at: datetime


class Reopened(Body):
    round: int
    due_at: datetime


class AppealRefused(Body):
    round: int


class Reminded(Body):
    stage: str
    number: int


_WAKE = "grant-approval/{case}"
_BEFORE_GRANT = "submitted in_review changes_requested assessed selected awaiting_budget awarded"
_FIRST = End("", FirstDecided, (_WAKE,))

APPLICATION = Table(
    "application",
    service="applications",
    topic=APPLICATIONS.name,
    workflow=_WAKE,
    open_in=f"{_BEFORE_GRANT} rejected!",
    movers={
        "draft": "VO",
        "in_review": "VOP HOP DEPUTY",
        "changes_requested": "VO",
        "awaiting_budget": "COORD",
    },
    acts=(
        act("submit", "OWNER SIGNATORY", "draft", "submitted", Submitted, wakes=_WAKE),
        act(
            "check_eligibility",
            SYSTEM,
            "submitted",
            "in_review",
            Admitted,
            also=(End("rejected", Rejected),),
        ),
        act("opine", "HOP", "in_review", "", Opined, wakes=_WAKE),
        act(
            "close_stage",
            SYSTEM,
            "in_review",
            "",
            Escalated,
            also=(End("assessed", Assessed), End("rejected", Rejected)),
        ),
        act("return", "VOP DEPUTY", "in_review", "changes_requested", Returned, wakes=_WAKE),
        act("revise", "OWNER SIGNATORY", "changes_requested", "in_review", Revised, wakes=_WAKE),
        act("extend", "VOP COORD", "draft changes_requested awarded", "", Rescheduled, wakes=_WAKE),
        act("select", "VOP COORD DEPUTY", "in_review", "selected", Selected, wakes=_WAKE, also=(_FIRST,)),
        act("refuse", "VOP COORD DEPUTY", "in_review", "rejected", Rejected, wakes=_WAKE, also=(_FIRST,)),
        act("place", BESIDE, "assessed", "selected", Selected, wakes=_WAKE),
        act("announce", BESIDE, "assessed selected", "", Announced, wakes=_WAKE),
        act("record_shortfall", SYSTEM, "selected", "awaiting_budget", ShortOfBudget),
        act("award", SYSTEM, "selected awaiting_budget", "awarded", Awarded),
        act("reject", SYSTEM, "assessed selected awaiting_budget", "rejected", Rejected),
        act("grant", BESIDE, "awarded", "granted", Granted, wakes=_WAKE),
        act("amend", BESIDE, "granted", "", Amended),
        act("withdraw", "VO", _BEFORE_GRANT, "withdrawn", Withdrawn, wakes=_WAKE),
        act("lapse", SYSTEM, "changes_requested awarded", "lapsed", Lapsed),
        act("fall", BESIDE, "awarded", "lapsed", Lapsed, wakes=_WAKE),
        act("step_back", BESIDE, "awarded", "withdrawn", Withdrawn, wakes=_WAKE),
        act("cancel", "VO VOP", "granted", "cancelled", Cancelled),
        act("fail", BESIDE, "granted", "not_completed", NotCompleted),
        act("close", BESIDE, "granted", "closed", Closed),
        act("appeal", "VO", "rejected", "", Appealed, wakes=_WAKE),
        act("grant_appeal", "COORD", "rejected", "in_review", Reopened, wakes=_WAKE),
        act("refuse_appeal", "COORD", "rejected", "", AppealRefused, wakes=_WAKE),
        act("finalise", SYSTEM, "rejected", "", Finalised),
        act("remind", SYSTEM, _BEFORE_GRANT + " rejected", "", Reminded),
    ),
)
