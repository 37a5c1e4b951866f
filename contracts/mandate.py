"""Mandate: a person acts for another. A proxy prepares, and never signs, declares, decides or releases money; a deputy
also judges what has escalated, and is named by the coordinator; a power of attorney lets the one it names sign.
"""

from datetime import date
from typing import Literal
from uuid import UUID

from contracts.tables import SYSTEM, Body, Table, act
from contracts.topics import DIRECTORY

Kind = Literal["proxy", "deputy", "power_of_attorney"]


class Granted(Body):
    """scope is the organisation or partnership that it holds for, from first_day to last_day, both included."""

    principal: UUID
    agent: UUID
    kind: Kind
    scope: UUID
    first_day: date
    last_day: date


class Revoked(Body):
    principal: UUID
    agent: UUID


class Expired(Body):
    principal: UUID
    agent: UUID


MANDATE = Table(
    "mandate",
    service="directory",
    topic=DIRECTORY.name,
    acts=(
        act("give", "SELF COORD", "", "granted", Granted),
        act("revoke", "SELF COORD OWNER", "granted", "revoked", Revoked),
        act("expire", SYSTEM, "granted", "expired", Expired),
    ),
)
