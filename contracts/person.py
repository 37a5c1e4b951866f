"""Person: everybody who gets a mail. Its one fact carries the whole state, and is the only one with personal data."""

from typing import Literal

from contracts.tables import ANYONE, Body, Table, act
from contracts.topics import PERSONS


class Described(Body):
    """Who a person is, always complete; once erased, only the status is left."""

    status: Literal["active", "erased"]
    name: str = ""
    email: str = ""
    language: str = "en"


PERSON = Table(
    "person",
    service="directory",
    topic=PERSONS.name,
    plural="people",
    acts=(
        act("register", ANYONE, "", "active", Described),
        act("describe", "SELF", "active", "active", Described),
    ),
)
