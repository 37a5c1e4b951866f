"""Claim: what is owed for a case, verified by one person, approved by another, paid once per attempt (FS-40)."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from contracts.tables import BESIDE, HEARS, SYSTEM, Body, End, Table, act
from contracts.topics import REIMBURSEMENTS

ReturnReason = Literal["account", "evidence_missing", "amount", "other"]
RejectReason = Literal["not_eligible", "no_evidence", "double_funding", "other"]


class Opened(Body):
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


class Filed(Body):
    amount_cents: int


class Revised(Body):
    amount_cents: int


class Returned(Body):
    reason: ReturnReason
    due_at: datetime


class Verified(Body):
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
    paid_cents: int


class Rejected(Body):
    reason: RejectReason
    due_at: datetime


class Expired(Body):
    due_at: datetime


class Finalised(Body):
    pass


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


_WAKE = "reimbursement-claim/{subject}"
_CASE = "exchange-visit/{case}"

CLAIM = Table(
    "claim",
    service="reimbursements",
    topic=REIMBURSEMENTS.name,
    workflow=_WAKE,
    open_in="opened filed returned verified approved ordered paid rejected! expired!",
    movers={"opened": "CLAIMANT", "returned": "CLAIMANT", "filed": "VERIFIER", "verified": "APPROVER"},
    acts=(
        act("open", SYSTEM, "", "opened", Opened, wakes=_WAKE),
        act("file", "CLAIMANT", "opened", "filed", Filed, wakes=_WAKE),
        act("file_itself", BESIDE, "opened", "filed", Filed, wakes=_WAKE),
        act("revise", "CLAIMANT", "returned", "filed", Revised, wakes=_WAKE),
        act("return", "VERIFIER APPROVER", "filed verified approved", "returned", Returned, wakes=_WAKE),
        act("verify", "VERIFIER", "filed", "verified", Verified, wakes=_WAKE),
        act("approve", "APPROVER", "verified", "approved", Approved, wakes=_WAKE),
        act("order", BESIDE, "approved", "ordered", Ordered, wakes=_WAKE),
        act("withdraw_order", BESIDE, "ordered", "approved", OrderWithdrawn, wakes=_WAKE),
        act("book", BESIDE, "ordered", "paid", Paid, wakes=_WAKE),
        act("fail_payment", BESIDE, "ordered paid", "returned", PaymentFailed, wakes=_WAKE),
        act("close", SYSTEM, "paid", "closed", Closed, wakes=_CASE),
        act("reject", "VERIFIER APPROVER", "filed verified", "rejected", Rejected, wakes=_WAKE),
        act("expire", SYSTEM, "opened returned", "expired", Expired),
        act("finalise", SYSTEM, "rejected expired", "", Finalised, wakes=_CASE),
        act("replace", HEARS, "closed", "replaced", Replaced),
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
    ),
)
