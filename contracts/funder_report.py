"""FunderReport: what one member of a partnership tells the funder of one reporting period. Each version that was sent
is kept; what the funder cuts is noted by one person and confirmed by another, and so accepted."""

from datetime import date
from typing import Literal
from uuid import UUID

from contracts.tables import Body, Table, act
from contracts.topics import REIMBURSEMENTS

Category = Literal["staff", "travel", "equipment", "services", "other_costs"]
"""A member's own costs; support to third parties comes from the ledger."""


class Opened(Body):
    partnership: UUID
    member: UUID
    since: date
    until: date


class PeriodChanged(Body):
    """Before anything was sent."""

    since: date
    until: date


class CostAdded(Body):
    category: Category
    amount_cents: int


class CostsImported(Body):
    costs: int
    amount_cents: int


class CostRemoved(Body):
    category: Category
    amount_cents: int


class Prepared(Body):
    """total_cents: eligible costs, indirect costs included."""

    total_cents: int


class TakenBack(Body):
    """The second person does not agree, or something came to light."""


class Submitted(Body):
    """funder_cents: the funder's part; file_hash: SHA-256 of what was sent."""

    number: int
    total_cents: int
    funder_cents: int
    file_hash: str


class SentBack(Body):
    """By the funder, with its reasons."""

    number: int


class RowCut(Body):
    """What the funder does not accept of one of the member's own costs, or of what was paid on one claim; 0 takes a cut
    off again."""

    category: Literal[Category, "support"]
    amount_cents: int


class CutsNoted(Body):
    """A first person has entered the funder's cuts; nothing is posted yet."""

    cut_cents: int
    asked_back_cents: int = 0


class CutsSentBack(Body):
    """The second person reads the funder's letter otherwise."""


class Accepted(Body):
    """asked_back_cents: what of its earlier payments the funder wants to have back because of its cuts."""

    number: int
    accepted_cents: int
    cut_cents: int
    asked_back_cents: int = 0


_FINANCE = "APPROVER TREASURER"
_OPEN = "draft sent_back"

FUNDER_REPORT = Table(
    "funder_report",
    service="reimbursements",
    topic=REIMBURSEMENTS.name,
    movers={
        "draft": _FINANCE, "prepared": "COORD", "submitted": "COORD", "sent_back": _FINANCE, "cuts_noted": _FINANCE,
    },
    acts=(
        act("open", _FINANCE, "", "draft", Opened),
        act("change_period", _FINANCE, "draft", "", PeriodChanged),
        act("add_cost", _FINANCE, _OPEN, "", CostAdded),
        act("import_costs", _FINANCE, _OPEN, "", CostsImported),
        act("remove_cost", _FINANCE, _OPEN, "", CostRemoved),
        act("prepare", _FINANCE, _OPEN, "prepared", Prepared),
        act("take_back", f"COORD {_FINANCE}", "prepared", "draft", TakenBack),
        act("submit", "COORD", "prepared", "submitted", Submitted),
        act("send_back", "COORD", "submitted", "sent_back", SentBack),
        act("accept", "COORD", "submitted", "accepted", Accepted),
        act("cut_row", "COORD", "submitted", "", RowCut),
        act("note_cuts", "COORD", "submitted", "cuts_noted", CutsNoted),
        act("send_cuts_back", f"COORD {_FINANCE}", "cuts_noted", "submitted", CutsSentBack),
        act("confirm_cuts", _FINANCE, "cuts_noted", "accepted", Accepted),
    ),
)  # fmt: skip
