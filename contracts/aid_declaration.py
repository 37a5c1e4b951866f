"""AidDeclaration: what a single undertaking says of itself and of the aid it got, before it is granted any (Regulation
(EU) 2023/2831). A new declaration replaces the one before; both are kept."""

from uuid import UUID

from contracts.tables import Body, Table, act
from contracts.topics import REIMBURSEMENTS


class Made(Body):
    """received_cents: other de minimis aid of the last three years in the member's country, as declared."""

    organisation: UUID
    linked: tuple[UUID, ...]
    nace: str
    member_state: str
    received_cents: int


AID_DECLARATION = Table(
    "aid_declaration",
    service="reimbursements",
    topic=REIMBURSEMENTS.name,
    acts=(act("make", "CLAIMANT", "", "made", Made),),
)
