"""Delivery: one mail to one person about one fact. Its id is made of them, so a repeat is the same mail."""

from uuid import UUID

from contracts.tables import SYSTEM, Body, Table, act
from contracts.topics import NOTIFICATIONS


class Queued(Body):
    person: UUID
    template: str
    about: UUID


class Sent(Body):
    person: UUID
    template: str


class Failed(Body):
    person: UUID
    code: str


DELIVERY = Table(
    "delivery",
    service="notifications",
    topic=NOTIFICATIONS.name,
    plural="deliveries",
    acts=(
        act("queue", SYSTEM, "", "queued", Queued),
        act("send", SYSTEM, "queued failed", "sent", Sent),
        act("fail", SYSTEM, "queued failed", "failed", Failed),
    ),
)
