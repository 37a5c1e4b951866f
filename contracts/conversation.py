"""Conversation: what those who take part in a case write to each other. None of it changes the case.

Facts carry ids only; the words stay with the applications service. It is there from the first time that somebody opens
it, so no act creates it.
"""

from datetime import datetime
from typing import Literal
from uuid import UUID

from contracts.tables import HEARS, Body, Table, act
from contracts.topics import APPLICATIONS

Via = Literal["page", "mail", "call"]
LetterKind = Literal["welcome_pack", "visa_invitation", "confirmation_of_stay"]


class Posted(Body):
    """entry: what was said; via: written on the page, sent by mail, or the note of a telephone call."""

    entry: UUID
    via: Via


class HandedOver(Body):
    entry: UUID
    due_at: datetime


class GivenBack(Body):
    entry: UUID


class Dropped(Body):
    """Nobody answers any more: what was asked was removed, for the time of the records was over."""


class LetterSent(Body):
    """entry: what was said, with the letter."""

    entry: UUID
    letter: LetterKind


_ANY = "open with_support"

CONVERSATION = Table(
    "conversation",
    service="applications",
    topic=APPLICATIONS.name,
    movers={"with_support": "COORD"},
    acts=(
        act("give_back", "COORD", "with_support", "open", GivenBack),
        act("post", "VO HO VOP HOP PAY COORD", _ANY, "", Posted),
        act("receive", HEARS, _ANY, "", Posted),
        act("note_call", "VOP HOP COORD", _ANY, "", Posted),
        act("send_letter", "HO VOP HOP COORD", _ANY, "", LetterSent),
        act("hand_over", "VOP HOP", "open", "with_support", HandedOver),
        act("drop", HEARS, "with_support", "open", Dropped),
    ),
)
