"""Budget: one line of a paying member in a partnership's action. Its balances are the ledger's."""

from datetime import date
from typing import Literal
from uuid import UUID

from contracts.tables import Body, Table, act
from contracts.topics import REIMBURSEMENTS

Category = Literal["support", "staff", "travel", "other_costs"]


class Opened(Body):
    """category: support to third parties, which calls grant, or a member's own costs."""

    partnership: UUID
    member: UUID
    name: str
    category: Category = "support"
    amount_cents: int
    action_start: date
    action_end: date


class Raised(Body):
    amount_cents: int


class Cut(Body):
    amount_cents: int


BUDGET = Table(
    "budget",
    service="reimbursements",
    topic=REIMBURSEMENTS.name,
    acts=(
        act("open", "COORD", "", "open", Opened),
        act("raise", "COORD", "open", "", Raised),
        act("cut", "COORD", "open", "", Cut),
    ),
)
