"""LatePayment: a claim that is due after the end of the action. It is paid all the same, by the reasoned consent of a
second person, but never reported to the funder."""

from datetime import date
from uuid import UUID

from contracts.tables import Body, Table, act
from contracts.topics import REIMBURSEMENTS


class Asked(Body):
    claim: UUID
    amount_cents: int
    action_end: date


class Consented(Body):
    claim: UUID


class Refused(Body):
    claim: UUID


LATE_PAYMENT = Table(
    "late_payment",
    service="reimbursements",
    topic=REIMBURSEMENTS.name,
    acts=(
        act("ask", "APPROVER TREASURER", "", "asked", Asked),
        act("consent", "APPROVER TREASURER", "asked", "consented", Consented),
        act("refuse", "APPROVER TREASURER", "asked", "refused", Refused),
    ),
    movers={"asked": "APPROVER TREASURER"},
)
