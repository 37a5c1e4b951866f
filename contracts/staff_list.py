"""Staff list: the accounts of a paying member's own people. Only a keyed hash of each number is kept."""

from uuid import UUID

from contracts.tables import Body, Table, act
from contracts.topics import REIMBURSEMENTS


class Imported(Body):
    member: UUID
    entries: int


STAFF_LIST = Table(
    "staff_list",
    service="reimbursements",
    topic=REIMBURSEMENTS.name,
    acts=(act("import", "VERIFIER APPROVER TREASURER", "", "imported", Imported),),
)
