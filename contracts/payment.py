"""Payment: one attempt to pay one claim. Its end-to-end id is claim number and attempt, never used twice."""

from datetime import date
from uuid import UUID

from contracts.tables import BESIDE, Body, Table, act
from contracts.topics import PAYMENTS


class Proposed(Body):
    claim: UUID
    end_to_end_id: str
    amount_cents: int
    currency: str
    attempt: int


class Batched(Body):
    batch: UUID


class TakenOut(Body):
    """Its batch was withdrawn before anybody ordered it."""

    batch: UUID


class Sent(Body):
    batch: UUID
    execution_date: date


class Accepted(Body):
    status: str


class Booked(Body):
    amount_cents: int
    booked_on: date
    value_date: date


class Refused(Body):
    reason: str


class Returned(Body):
    reason: str


class Withdrawn(Body):
    pass


class Reinstated(Body):
    """The bank executed it although it was refused or withdrawn: its order stands again."""

    batch: UUID


class Denied(Body):
    """The first of two people records the bank's written word that it has not executed the payment."""

    document: str


PAYMENT = Table(
    "payment",
    service="reimbursements",
    topic=PAYMENTS.name,
    movers={"proposed": "TREASURER"},
    acts=(
        act("propose", BESIDE, "", "proposed", Proposed),
        act("put_in_batch", BESIDE, "proposed", "batched", Batched),
        act("take_out", BESIDE, "batched", "proposed", TakenOut),
        act("send", BESIDE, "batched", "sent", Sent),
        act("accept", BESIDE, "sent", "accepted", Accepted),
        act("book", BESIDE, "sent accepted", "booked", Booked),
        act("refuse", BESIDE, "sent accepted", "refused", Refused),
        act("deny", "TREASURER", "sent accepted", "", Denied),
        act("confirm_denial", "TREASURER", "sent accepted", "withdrawn", Withdrawn),
        act("reinstate", BESIDE, "refused withdrawn", "sent", Reinstated),
        act("return", BESIDE, "booked", "returned", Returned),
        act("withdraw", BESIDE, "proposed batched sent accepted", "withdrawn", Withdrawn),
    ),
)
