"""Statement: one bank statement read back. Each continues the one before; a gap stops posting."""

from datetime import date
from uuid import UUID

from contracts.tables import Body, Table, act
from contracts.topics import PAYMENTS


class Imported(Body):
    member: UUID
    statement_id: str
    booked_to: date
    entries: int
    closing_cents: int


STATEMENT = Table(
    "statement",
    service="reimbursements",
    topic=PAYMENTS.name,
    acts=(act("import", "TREASURER", "", "imported", Imported),),
)
