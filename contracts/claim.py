"""Claim: what is owed for a case, line by line; verified by one person, approved by another, paid once per attempt
(FS-40). What was paid too much is demanded back by number."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from contracts.amounts.calculation import Category
from contracts.tables import BESIDE, HEARS, SYSTEM, Body, End, Table, act
from contracts.topics import REIMBURSEMENTS

ReturnReason = Literal["account", "evidence_missing", "amount", "other"]
RejectReason = Literal["not_eligible", "no_evidence", "double_funding", "other"]
LineReason = Literal[
    "in_order",
    "not_eligible",
    "personal",
    "outside_trip",
    "no_proof",
    "claimed_before",
    "wrong_amount",
    "other",
]
RecoveryReason = Literal["not_eligible", "double_funding", "not_done", "audit", "paid_in_error", "other"]


class Opened(Body):
    """part: which claim on a voucher it is; the only one of a visit is the first. takes_receipts: whether the claimant
    adds what was spent, line by line."""

    number: str
    organisation: UUID
    payer: UUID
    partnership: UUID
    amount_cents: int
    currency: str
    lines: tuple[dict[str, Any], ...]
    pay_by: date
    due_at: datetime
    replaces: UUID | None = None
    part: int = 1
    takes_receipts: bool = False


class LineAdded(Body):
    line: UUID
    category: Category
    currency: str
    amount_minor: int


class LineChanged(Body):
    line: UUID
    category: Category
    currency: str
    amount_minor: int


class LineRemoved(Body):
    line: UUID


class LineChecked(Body):
    """What the verifier accepts of a line's costs, in euro cents."""

    line: UUID
    accepted_cost_cents: int
    reason: LineReason


class Filed(Body):
    """pay_by: the last day to pay, which moves on with the last evidence."""

    amount_cents: int
    pay_by: date | None = None


class Revised(Body):
    amount_cents: int
    pay_by: date | None = None


class Returned(Body):
    reason: ReturnReason
    due_at: datetime


class Verified(Body):
    accepted_cents: int


class PassedFirst(Body):
    """Above the threshold a second person approves as well; this was the first."""

    accepted_cents: int


class Approved(Body):
    accepted_cents: int
    payment: UUID


class Ordered(Body):
    payment: UUID
    batch: UUID


class OrderWithdrawn(Body):
    attempt: int


class Paid(Body):
    paid_cents: int
    booked_on: date
    due_at: datetime


class PaymentFailed(Body):
    reason: str
    attempt: int
    due_at: datetime


class Closed(Body):
    """part_of_voucher: the case goes on; there may be further claims."""

    paid_cents: int
    part_of_voucher: bool = False


class Rejected(Body):
    reason: RejectReason
    due_at: datetime


class Expired(Body):
    due_at: datetime


class Finalised(Body):
    """appealed: an appeal was refused before, so it is not for want of one."""

    part_of_voucher: bool = False
    appealed: bool = False


class Replaced(Body):
    by: UUID


class Appealed(Body):
    due_at: datetime


class Reopened(Body):
    was: Literal["rejected", "expired"]
    due_at: datetime


class AppealRefused(Body):
    pass


class Reminded(Body):
    stage: str
    number: int


class RecoveryProposed(Body):
    amount_cents: int
    reason: RecoveryReason


class RecoveryOrdered(Body):
    number: str
    amount_cents: int
    reason: RecoveryReason
    due_on: date


class Dunned(Body):
    """level 1 to 3; after the third the coordinator decides."""

    number: str
    level: int
    open_cents: int
    due_on: date


class PartRecovered(Body):
    received_cents: int
    open_cents: int


class Recovered(Body):
    received_cents: int


class RecoveryMatched(Body):
    amount_cents: int


class WaiverAsked(Body):
    open_cents: int


class RecoveryWaived(Body):
    waived_cents: int


_WAKE = "reimbursement-claim/{subject}"
_CASE = "exchange-visit/{case}"

CLAIM = Table(
    "claim",
    service="reimbursements",
    topic=REIMBURSEMENTS.name,
    workflow=_WAKE,
    open_in="opened filed returned verified approved ordered paid rejected! expired!",
    movers={
        "opened": "CLAIMANT",
        "returned": "CLAIMANT",
        "filed": "VERIFIER",
        "verified": "APPROVER",
        "recovering": "CLAIMANT",
    },
    acts=(
        act("open", SYSTEM, "", "opened", Opened, wakes=_WAKE),
        act("open_part", "CLAIMANT", "", "opened", Opened, wakes=_WAKE),
        act("add_line", "CLAIMANT", "opened returned", "", LineAdded),
        act("change_line", "CLAIMANT", "opened returned", "", LineChanged),
        act("remove_line", "CLAIMANT", "opened returned", "", LineRemoved),
        act("file", "CLAIMANT", "opened", "filed", Filed, wakes=_WAKE),
        act("file_itself", BESIDE, "opened", "filed", Filed, wakes=_WAKE),
        act("revise", "CLAIMANT", "returned", "filed", Revised, wakes=_WAKE),
        act("return", "VERIFIER APPROVER", "filed verified approved", "returned", Returned, wakes=_WAKE),
        act("check_line", "VERIFIER", "filed", "", LineChecked),
        act("verify", "VERIFIER", "filed", "verified", Verified, wakes=_WAKE),
        act(
            "approve",
            "APPROVER",
            "verified",
            "approved",
            Approved,
            wakes=_WAKE,
            also=(End("", PassedFirst, (_WAKE,)),),
        ),
        act("order", BESIDE, "approved", "ordered", Ordered, wakes=_WAKE),
        act("withdraw_order", BESIDE, "ordered", "approved", OrderWithdrawn, wakes=_WAKE),
        act("book", BESIDE, "ordered", "paid", Paid, wakes=_WAKE),
        act("fail_payment", BESIDE, "ordered paid", "returned", PaymentFailed, wakes=_WAKE),
        act(
            "close",
            SYSTEM,
            "paid",
            "closed",
            Closed,
            wakes=_CASE,
            also=(End("closed", Closed, when=("part_of_voucher", True)),),
        ),
        act("reject", "VERIFIER APPROVER", "filed verified", "rejected", Rejected, wakes=_WAKE),
        act("expire", SYSTEM, "opened returned", "expired", Expired),
        act(
            "finalise",
            SYSTEM,
            "rejected expired",
            "",
            Finalised,
            wakes=_CASE,
            also=(End("", Finalised, when=("part_of_voucher", True)),),
        ),
        act("replace", HEARS, "closed recovering", "replaced", Replaced),
        act("appeal", "CLAIMANT", "rejected expired", "", Appealed, wakes=_WAKE),
        act(
            "grant_appeal",
            "COORD",
            "rejected expired",
            "filed",
            Reopened,
            wakes=_WAKE,
            also=(End("opened", Reopened, (_WAKE,), when=("was", "expired")),),
        ),
        act("refuse_appeal", "COORD", "rejected expired", "", AppealRefused, wakes=_WAKE),
        act("remind", SYSTEM, "opened filed returned verified approved ordered paid", "", Reminded),
        act("propose_recovery", "COORD", "closed", "", RecoveryProposed),
        act("order_recovery", "COORD", "closed", "recovering", RecoveryOrdered),
        act("dun", SYSTEM, "recovering", "", Dunned),
        act("match_recovery", "TREASURER", "recovering", "", RecoveryMatched),
        act(
            "confirm_recovery",
            "TREASURER",
            "recovering",
            "",
            PartRecovered,
            also=(End("recovered", Recovered),),
        ),
        act("ask_waiver", "COORD", "recovering", "", WaiverAsked),
        act("waive_recovery", "COORD", "recovering", "recovered", RecoveryWaived),
    ),
)
