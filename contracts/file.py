"""File: what somebody sent in with a case. Only that the scanner has refused it is a fact: its sender is told."""

from uuid import UUID

from contracts.tables import HEARS, Body, Table, act
from contracts.topics import APPLICATIONS


class Infected(Body):
    """person: who sent it."""

    person: UUID


FILE = Table(
    "file",
    service="applications",
    topic=APPLICATIONS.name,
    acts=(act("refuse", HEARS, "", "infected", Infected),),
)
