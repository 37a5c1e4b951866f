"""Suspense: a booked entry of the bank that nobody ordered or that differs. It waits until two people, or the bank's
own advice, explain it; there is no tolerance."""

from typing import Literal
from uuid import UUID

from contracts.tables import BESIDE, Body, Table, act
from contracts.topics import PAYMENTS

Why = Literal[
    "never_ordered",
    "paid_twice",
    "amount_differs",
    "one_sum",
    "reversed",
    "came_back",
    "paid_back",
    "not_expected",
]
How = Literal["payments", "came_back", "charge", "own"]


class Opened(Body):
    member: UUID
    amount_cents: int
    why: Why


class Explained(Body):
    """The first of two people says what it was."""

    how: How


class SentBack(Body):
    """The second person does not agree."""


class Settled(Body):
    """By the second person, also of those who match a repayment or an instalment, or by an advice of the bank."""

    how: Literal["payments", "came_back", "charge", "own", "advice", "recovery", "funder"]


SUSPENSE = Table(
    "suspense",
    service="reimbursements",
    topic=PAYMENTS.name,
    plural="suspense",
    movers={"open": "TREASURER", "explained": "TREASURER"},
    acts=(
        act("open", BESIDE, "", "open", Opened),
        act("explain", "TREASURER", "open", "explained", Explained),
        act("send_back", "TREASURER", "explained", "open", SentBack),
        act("confirm", "TREASURER", "explained", "settled", Settled),
        act("settle", BESIDE, "open explained", "settled", Settled),
    ),
)
