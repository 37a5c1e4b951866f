"""Transfer: money of one budget line that goes to another of the same partnership, by two people. The two lines sum to
zero."""

from typing import Literal
from uuid import UUID

from contracts.tables import Body, Table, act
from contracts.topics import REIMBURSEMENTS

RefusalReason = Literal["amount", "other_line", "not_needed"]


class Proposed(Body):
    giver: UUID
    taker: UUID
    amount_cents: int


class Made(Body):
    giver: UUID
    taker: UUID
    amount_cents: int


class Refused(Body):
    reason: RefusalReason


TRANSFER = Table(
    "transfer",
    service="reimbursements",
    topic=REIMBURSEMENTS.name,
    acts=(
        act("propose", "COORD", "", "proposed", Proposed),
        act("make", "COORD PAY", "proposed", "made", Made),
        act("refuse", "COORD PAY", "proposed", "refused", Refused),
    ),
    movers={"proposed": "COORD PAY"},
)
