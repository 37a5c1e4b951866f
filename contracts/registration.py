"""Registration: one person's place, or place in the line. Never more confirmed or held than places."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from contracts.tables import ANYONE, BESIDE, SYSTEM, Body, End, Table, act
from contracts.topics import REGISTRATIONS


class Submitted(Body):
    event: UUID
    person: UUID


class Confirmed(Body):
    """code is what its holder is checked in by at the door; it opens nothing to anybody but the organiser."""

    event: UUID
    person: UUID
    code: str


class Queued(Body):
    event: UUID
    person: UUID
    position: int


class Rejected(Body):
    event: UUID
    person: UUID


class Offered(Body):
    event: UUID
    person: UUID
    vacancy: UUID
    due_at: datetime


class Declined(Body):
    vacancy: UUID


class OfferExpired(Body):
    vacancy: UUID


class Cancelled(Body):
    """by "event": the event was cancelled; by "start": it began while the person still had no place."""

    by: Literal["person", "organiser", "event", "start"]


class FeedbackGiven(Body):
    """helpful from 5 (very helpful) to 1 (not helpful)."""

    helpful: int


class Reminded(Body):
    stage: Literal["offer"]
    number: int


REGISTRATION = Table(
    "registration",
    service="events",
    topic=REGISTRATIONS.name,
    movers={"pending": "ORGANISER", "offered": "REGISTRANT"},
    acts=(
        act(
            "register",
            ANYONE,
            "",
            "confirmed",
            Confirmed,
            also=(End("waiting", Queued), End("pending", Submitted)),
        ),
        act("admit", "ORGANISER", "pending", "confirmed", Confirmed, also=(End("waiting", Queued),)),
        act("reject", "ORGANISER", "pending", "rejected", Rejected),
        act("offer", BESIDE, "waiting", "offered", Offered),
        act("accept", "REGISTRANT", "offered", "confirmed", Confirmed),
        act("decline", "REGISTRANT", "offered", "declined", Declined),
        act("expire_offer", SYSTEM, "offered", "offer_expired", OfferExpired),
        act("cancel", "REGISTRANT ORGANISER", "pending waiting offered confirmed", "cancelled", Cancelled),
        act("fall", BESIDE, "pending waiting offered confirmed", "cancelled", Cancelled),
        act("remind", SYSTEM, "offered", "", Reminded),
        act("give_feedback", "REGISTRANT", "confirmed", "", FeedbackGiven),
    ),
)
