"""RoleGrant: who may act for a partnership, with money, or for Relais itself. Every service keeps its own
projection of these and of memberships (who acts for an organisation); tokens carry no roles."""

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
    "evaluator",
    "agency",
]
"""What a fact may say. Owners and members are memberships today; a service that reads old facts knows both."""

Given = Literal[
    "officer",
    "coordinator",
    "organiser",
    "evaluator",
    "agency",
    "payer",
    "verifier",
    "approver",
    "treasurer",
    "operator",
]
"""What is given today."""


class Granted(Body):
    """scope is an organisation (payer, verifier, approver, treasurer), a partnership
    (officer, coordinator, organiser, evaluator, agency), or the platform itself (operator)."""

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
        act("grant", "COORD OPERATOR", "", "granted", Granted, step_up=True),
        act("revoke", "COORD OPERATOR", "granted", "revoked", Revoked, step_up=True),
    ),
)
