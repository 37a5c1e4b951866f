"""Finance file: what somebody sent in with a claim or for the books. Only that the scanner has
refused it is a fact: its sender is told.
"""

from uuid import UUID

from contracts.tables import HEARS, Body, Table, act
from contracts.topics import REIMBURSEMENTS


class Infected(Body):
    """person: who sent it."""

    person: UUID


FINANCE_FILE = Table(
    "finance_file",
    service="reimbursements",
    topic=REIMBURSEMENTS.name,
    acts=(act("refuse", HEARS, "", "infected", Infected),),
)
