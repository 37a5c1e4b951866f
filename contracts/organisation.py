"""Organisation: a legal identity. Visit once and every cap hold per identity, over all partnerships."""

from typing import Literal
from uuid import UUID

from contracts.tables import ANYONE, Body, Table, act
from contracts.topics import DIRECTORY

Kind = Literal["cluster", "network", "support", "sme", "large", "public", "training"]


class Registered(Body):
    """Public facts of an organisation; identity is shared by records of one legal person."""

    name: str
    kind: Kind
    town: str
    country: str
    latitude: float
    longitude: float
    identity: UUID
    cluster: UUID | None = None
    registration_number: str = ""


ORGANISATION = Table(
    "organisation",
    service="directory",
    topic=DIRECTORY.name,
    acts=(act("register", ANYONE, "", "registered", Registered),),
)
