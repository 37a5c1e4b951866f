"""Period: one month of a paying member's books. Two people close it; what is recorded afterwards stands in the next one
and keeps its value date."""

from datetime import date
from uuid import UUID

from contracts.tables import BESIDE, Body, Table, act
from contracts.topics import REIMBURSEMENTS


class Opened(Body):
    """first_day: of the month."""

    member: UUID
    first_day: date


class Proposed(Body):
    member: UUID
    first_day: date


class SentBack(Body):
    """The second person does not agree."""


class Closed(Body):
    """chain_head: one digest over all entries of the ledger when the month was closed."""

    member: UUID
    first_day: date
    postings: int
    chain_head: str


_FINANCE = "APPROVER TREASURER"

PERIOD = Table(
    "period",
    service="reimbursements",
    topic=REIMBURSEMENTS.name,
    movers={"proposed": _FINANCE},
    acts=(
        act("open", _FINANCE, "", "open", Opened),
        act("open_next", BESIDE, "", "open", Opened),
        act("propose", _FINANCE, "open", "proposed", Proposed),
        act("send_back", _FINANCE, "proposed", "open", SentBack),
        act("close", _FINANCE, "proposed", "closed", Closed),
    ),
)
