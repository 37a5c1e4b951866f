"""RoleGrant: who may act for what. Every service keeps its own projection of these; tokens carry no roles."""

from typing import Literal
from uuid import UUID

from contracts.tables import Body, Table, act
from contracts.topics import DIRECTORY

Role = Literal[
    "owner",
    "member",
    "officer",
    "coordinator",
    "payer",
    "verifier",
    "approver",
    "treasurer",
    "organiser",
    "operator",
]


class Granted(Body):
    """scope is an organisation (owner, member, payer, verifier, approver, treasurer), a partnership
    (officer, coordinator, organiser), or the platform itself (operator)."""

    person: UUID
    role: Role
    scope: UUID


class Revoked(Body):
    person: UUID
    role: Role
    scope: UUID


ROLE_GRANT = Table(
    "role_grant",
    service="directory",
    topic=DIRECTORY.name,
    acts=(
        act("grant", "COORD OWNER OPERATOR", "", "granted", Granted),
        act("revoke", "COORD OWNER OPERATOR", "granted", "revoked", Revoked),
    ),
)
