"""Event: what people attend. It closes, starts, ends and asks by date."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from contracts.tables import SYSTEM, Body, Table, act
from contracts.topics import EVENTS

Kind = Literal["event_xchange", "training", "study_visit", "matchmaking", "info_session", "meeting"]
ReminderStage = Literal["start", "feedback"]


class Published(Body):
    kind: Kind
    title: str
    partnership: UUID
    venue: str
    town: str
    country: str
    timezone: str
    starts_at: datetime
    ends_at: datetime
    registration_until: datetime
    places: int
    approval: bool


class Rescheduled(Body):
    starts_at: datetime
    ends_at: datetime
    registration_until: datetime


class RegistrationClosed(Body):
    pass


class Started(Body):
    pass


class Ended(Body):
    pass


class FeedbackAsked(Body):
    due_at: datetime


class Closed(Body):
    """People, counted once each: with a place, seen at the door at least once, who gave feedback."""

    registered: int
    attended: int
    answered: int


class Cancelled(Body):
    pass


class PlacesAdded(Body):
    """places is how many there are now, added how many of them are new."""

    places: int
    added: int


class Reminded(Body):
    """start: it begins soon; feedback: answers are waited for a few days longer."""

    stage: ReminderStage
    number: int


_WAKE = "event/{subject}"
_OPEN = "published registration_closed running ended"

EVENT = Table(
    "event",
    service="events",
    topic=EVENTS.name,
    workflow=_WAKE,
    open_in=_OPEN,
    acts=(
        act("publish", "ORGANISER", "", "published", Published, wakes=_WAKE),
        act("reschedule", "ORGANISER", "published registration_closed", "", Rescheduled, wakes=_WAKE),
        act("add_places", "ORGANISER", "published registration_closed", "", PlacesAdded),
        act("close_early", "ORGANISER", "published", "registration_closed", RegistrationClosed, wakes=_WAKE),
        act("close_registration", SYSTEM, "published", "registration_closed", RegistrationClosed),
        act("start", SYSTEM, "registration_closed", "running", Started),
        act("end", SYSTEM, "running", "ended", Ended),
        act("ask_feedback", SYSTEM, "ended", "", FeedbackAsked),
        act("close", SYSTEM, "ended", "closed", Closed),
        act(
            "cancel",
            "ORGANISER",
            "published registration_closed running",
            "cancelled",
            Cancelled,
            wakes=_WAKE,
        ),
        act("remind", SYSTEM, _OPEN, "", Reminded),
    ),
)
