"""Budget: one line of a paying member in a partnership's action. Its balances are the ledger's."""

from datetime import date
from uuid import UUID

from contracts.tables import Body, Table, act
from contracts.topics import REIMBURSEMENTS


class Opened(Body):
    partnership: UUID
    member: UUID
    name: str
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
