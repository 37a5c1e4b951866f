"""Sanctions list: names that nobody may pay, imported from a file. The newest one decides how old a check may be."""

from datetime import date
from uuid import UUID

from contracts.tables import Body, Table, act
from contracts.topics import REIMBURSEMENTS


class Imported(Body):
    """hits: accounts whose holder now resembles a name of the list."""

    member: UUID
    source: str
    dated: date
    sha256: str
    entries: int
    hits: int


SANCTIONS_LIST = Table(
    "sanctions_list",
    service="reimbursements",
    topic=REIMBURSEMENTS.name,
    acts=(act("import", "VERIFIER APPROVER TREASURER", "", "imported", Imported),),
)
