"""Advice: the bank names the single payments of what its statement books as one sum (camt.054)."""

from uuid import UUID

from contracts.tables import Body, Table, act
from contracts.topics import PAYMENTS


class Imported(Body):
    member: UUID
    advice_id: str
    entries: int
    explained: int


ADVICE = Table(
    "advice",
    service="reimbursements",
    topic=PAYMENTS.name,
    acts=(act("import", "TREASURER", "", "imported", Imported),),
)
