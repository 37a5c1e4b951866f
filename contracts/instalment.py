"""Instalment: money that the funder pays, that a member passes on, or that goes back to the funder. It is announced,
matched to an entry of the bank by one person and confirmed by another."""

from datetime import date
from typing import Literal
from uuid import UUID

from contracts.tables import Body, Table, act
from contracts.topics import REIMBURSEMENTS

Kind = Literal["prefinancing", "interim", "final", "passed_on", "repayment"]
"""final: the funder's last payment, with which the time begins for which records are kept."""


class Announced(Body):
    partnership: UUID
    member: UUID
    kind: Kind
    amount_cents: int


class Matched(Body):
    """The first of two people says which entry of the bank it is."""


class Unmatched(Body):
    """The second person does not agree."""


class Settled(Body):
    """value_on: the value date of the entry."""

    partnership: UUID
    member: UUID
    kind: Kind
    amount_cents: int
    value_on: date


class Dropped(Body):
    """It will not come."""


INSTALMENT = Table(
    "instalment",
    service="reimbursements",
    topic=REIMBURSEMENTS.name,
    movers={"announced": "TREASURER", "matched": "TREASURER"},
    acts=(
        act("announce", "TREASURER", "", "announced", Announced),
        act("match", "TREASURER", "announced", "matched", Matched),
        act("unmatch", "TREASURER", "matched", "announced", Unmatched),
        act("confirm", "TREASURER", "matched", "settled", Settled),
        act("drop", "TREASURER", "announced", "dropped", Dropped),
    ),
)
