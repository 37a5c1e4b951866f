"""Profile file: what somebody sent in about themselves, their organisation or their partnership. Only that the
scanner has refused it is a fact: its sender is told.
"""

from uuid import UUID

from contracts.tables import HEARS, Body, Table, act
from contracts.topics import DIRECTORY


class Infected(Body):
    """person: who sent it."""

    person: UUID


PROFILE_FILE = Table(
    "profile_file",
    service="directory",
    topic=DIRECTORY.name,
    acts=(act("refuse", HEARS, "", "infected", Infected),),
)
