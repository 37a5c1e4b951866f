"""BooksExport: the postings of a closed month as a file for the member's own bookkeeping. A month is exported once, so
each posting is."""

from uuid import UUID

from contracts.tables import Body, Table, act
from contracts.topics import REIMBURSEMENTS


class Made(Body):
    """number: of the member's exports, without gap; file_hash: SHA-256 of the file's bytes."""

    member: UUID
    period: UUID
    number: int
    entries: int
    file_hash: str


BOOKS_EXPORT = Table(
    "books_export",
    service="reimbursements",
    topic=REIMBURSEMENTS.name,
    acts=(act("make", "APPROVER TREASURER", "", "made", Made),),
)
