"""BreakGlass: one act of a case done in a role that its doer lacks, because whoever holds it cannot and the case
cannot wait. A coordinator asks with a reason, a second person consents, and everybody concerned is told of both at
once. It is no way round the tables: the act is a listed one, in its state, with its rules; it is done once, and soon.
"""

from datetime import datetime
from typing import Literal
from uuid import UUID

from contracts.tables import BESIDE, SYSTEM, Act, Body, Table, act
from contracts.topics import APPLICATIONS

Party = Literal["VO", "HO", "VOP"]
"""In whose place somebody may act: never for another partnership, the payer, or a person as such."""
Reason = Literal["holder_away", "holder_left", "no_access", "other"]
NEVER = frozenset({"application.appeal", "visit.appeal", "agreement.sign", "agreement.refuse"})
"""What takes the party itself, whatever the need: to sign, to refuse a signature, to appeal."""
OF_A_CASE = ("application", "stage", "agreement", "amendment", "visit", "voucher", "report")
"""Aggregates with such acts."""


def place_in(table: Table, act: Act) -> Party | None:
    """In whose place an act may be done; None where it is nobody's to do for another."""
    if table.name not in OF_A_CASE or f"{table.name}.{act.name}" in NEVER or act.creates or act.step_up:
        return None
    for party in ("VOP", "VO", "HO"):
        if party in act.parties:
            return party
    return None


class OfAct(Body):
    """act: aggregate and act as their table names them; thing: of which it is done; party: in whose place."""

    act: str
    thing: UUID
    party: Party


class Requested(OfAct):
    reason: Reason
    due_at: datetime


class Consented(OfAct):
    """due_at: until when the act may be done."""

    due_at: datetime


class Refused(OfAct):
    pass


class Used(OfAct):
    pass


class Expired(OfAct):
    pass


BREAK_GLASS = Table(
    "break_glass",
    service="applications",
    topic=APPLICATIONS.name,
    plural="break_glasses",
    movers={"requested": "COORD OPERATOR"},
    acts=(
        act("request", "COORD", "", "requested", Requested, step_up=True),
        act("consent", "COORD OPERATOR", "requested", "consented", Consented, step_up=True),
        act("refuse", "COORD OPERATOR", "requested consented", "refused", Refused),
        act("use", BESIDE, "consented", "used", Used),
        act("expire", SYSTEM, "requested consented", "expired", Expired),
    ),
)
