"""Membership: a person acts for an organisation, in one role. An owner invites, or a person asks."""

from collections.abc import Mapping
from typing import Literal
from uuid import UUID

from contracts.tables import ANYONE, BESIDE, Body, Table, act
from contracts.topics import DIRECTORY

Role = Literal["owner", "editor", "reader", "signatory"]

RIGHTS: Mapping[str, tuple[str, ...]] = {
    "owner": ("owner", "member", "signs"),
    "editor": ("member",),
    "signatory": ("signatory", "member", "signs"),
    "reader": ("reader",),
}
"""Role in an organisation → what it lets one be. `member` acts for the organisation, `signs`
binds it by a signature, `reader` only reads."""


class OfPerson(Body):
    person: UUID
    organisation: UUID
    role: Role


class Invited(OfPerson):
    pass


class Requested(OfPerson):
    pass


class Activated(OfPerson):
    pass


class Refused(OfPerson):
    pass


class Ended(OfPerson):
    pass


MEMBERSHIP = Table(
    "membership",
    service="directory",
    topic=DIRECTORY.name,
    movers={"invited": "SELF", "requested": "OWNER OFFICER"},
    acts=(
        act("invite", "OWNER", "", "invited", Invited),
        act("ask", ANYONE, "", "requested", Requested),
        act("found", BESIDE, "", "active", Activated),
        act("accept", "SELF", "invited", "active", Activated),
        act("approve", "OWNER OFFICER", "requested", "active", Activated),
        act("refuse", "OWNER OFFICER SELF", "invited requested", "refused", Refused),
        act("leave", "SELF", "active", "ended", Ended),
        act("remove", "OWNER", "active", "ended", Ended),
    ),
)
