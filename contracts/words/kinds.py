"""The shape of the words of an act."""

from typing import NamedTuple


class ActWords(NamedTuple):
    """title: heading of its page; button: what happens; explanation: what it means, and what silence means."""

    title: str
    button: str
    explanation: str = ""


def _(text: str) -> str:
    """Marks a text for the catalogues."""
    return text


mark = _
