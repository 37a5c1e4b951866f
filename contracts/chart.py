"""Chart: which accounts of a member's own bookkeeping the accounts of its cash are, for the export of its postings."""

from uuid import UUID

from contracts.tables import Body, Table, act
from contracts.topics import REIMBURSEMENTS


class Drawn(Body):
    """The member has said for the first time under which numbers it keeps its books."""

    member: UUID


class Changed(Body):
    """edition: counts the changes; every export names the one it was made with."""

    member: UUID
    edition: int


_FINANCE = "APPROVER TREASURER"

CHART = Table(
    "chart",
    service="reimbursements",
    topic=REIMBURSEMENTS.name,
    acts=(
        act("draw", _FINANCE, "", "in_force", Drawn),
        act("change", _FINANCE, "in_force", "in_force", Changed),
    ),
)
