"""SignIn: one browser or client of a person. Its revocation is a fact, so that every service refuses its tokens."""

from uuid import UUID

from contracts.tables import SYSTEM, Body, Table, act
from contracts.topics import DIRECTORY


class Opened(Body):
    person: UUID
    assurance: int


class Revoked(Body):
    person: UUID


class Expired(Body):
    person: UUID


SIGN_IN = Table(
    "sign_in",
    service="directory",
    topic=DIRECTORY.name,
    acts=(
        act("open", SYSTEM, "", "open", Opened),
        act("revoke", "SELF", "open", "revoked", Revoked),
        act("expire", SYSTEM, "open", "expired", Expired),
    ),
)
