"""What one mail says. A notice is data: fact → notices, worded here and nowhere else, naming no free text.

One mail per person and fact: the first notice that fits wins. What asks for a move says which, so that a mail
whose move was made meanwhile is not sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from contracts.words.kinds import mark as _
from contracts.words.moves import MoveWords

MOVERS = "MOVERS"
"""Whoever's move it is in the state after the fact."""
REGISTRANTS: Mapping[str, tuple[str, ...]] = {
    "CONFIRMED": ("confirmed",),
    "IN_LINE": ("pending", "waiting", "offered"),
}
"""Everybody registered for the event that the fact is about, by how their registration stands."""
DRAFTS = "DRAFTS"
"""The persons whom a call's fact names because they have begun an application under it."""
BY_NAME: Mapping[str, str] = {"AGENT": "agent", "PRINCIPAL": "principal"}
"""One person whom the fact names, by the field in which it does."""
PAYER = "PAYER"
"""The paying member, once every other signature stands."""


@dataclass(frozen=True)
class Notice:
    """What one mail says.

    to        parties of the fact's audience, or one of the words above
    subject   of the mail; text: its paragraphs; money: those only where an amount is owed
    move      what the reader has to do; None when it is not their move
    button    and the page it leads to: {subject}, {case} and {page} are filled in
    payer     whether it says who pays, and from which programme
    calendar  whether a calendar file goes with it: the date as it stands, or its cancellation
    actor_too whether whoever did it gets it as well
    when      only for facts that say this value in this field
    without_host, subject_without_host   what is said instead where the call has no host
    """

    to: tuple[str, ...]
    subject: str
    text: tuple[str, ...]
    money: tuple[str, ...] = ()
    move: MoveWords | None = None
    button: str = _("Open the exchange")
    page: str = "/cases/{case}"
    payer: bool = False
    calendar: Literal["", "date", "cancelled"] = ""
    actor_too: bool = False
    when: tuple[str, object] | None = None
    without_host: tuple[str, ...] = ()
    subject_without_host: str = ""
