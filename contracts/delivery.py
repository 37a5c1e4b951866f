"""Delivery: one mail to one person about one fact. Its id is made of them, so a repeat is the same mail."""

from typing import Literal
from uuid import UUID

from contracts.tables import SYSTEM, Body, Table, act
from contracts.topics import NOTIFICATIONS

Needless = Literal["overtaken", "erased"]
"""overtaken: what it asks for was done already; erased: the person is."""


class Queued(Body):
    """about: the fact; template: which notice of it."""

    person: UUID
    template: str
    about: UUID


class Sent(Body):
    person: UUID
    template: str


class Failed(Body):
    """refused: for good; not_taken: put off until the tries were used up."""

    person: UUID
    code: Literal["refused", "not_taken", "no_address", "not_known", "unwritable"]


class Dropped(Body):
    person: UUID
    code: Needless


class Resent(Body):
    person: UUID


DELIVERY = Table(
    "delivery",
    service="notifications",
    topic=NOTIFICATIONS.name,
    plural="deliveries",
    acts=(
        act("queue", SYSTEM, "", "queued", Queued),
        act("send", SYSTEM, "queued", "sent", Sent),
        act("fail", SYSTEM, "queued", "failed", Failed),
        act("drop", SYSTEM, "queued", "dropped", Dropped),
        act("resend", "OPERATOR", "sent failed dropped", "queued", Resent),
    ),
)
