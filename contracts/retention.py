"""Retention: the records of one member's part of an action, from the funder's last payment until the law lets them go.
Then two people remove what is personal in them; whoever has a reason to keep them says so and holds them."""

from datetime import date
from uuid import UUID

from contracts.tables import BESIDE, SYSTEM, Body, Table, act
from contracts.topics import REIMBURSEMENTS


class Begun(Body):
    """With the funder's last payment; kept_until: the last day on which the records must be kept."""

    partnership: UUID
    member: UUID
    final_on: date
    kept_until: date


class FellDue(Body):
    """The time is over, and nothing of the action is open."""


class Proposed(Body):
    """The first of two people says that what is personal may go."""


class SentBack(Body):
    """The second person does not agree."""


class Agreed(Body):
    """The next sweep removes it; until then it can be held."""


class Removed(Body):
    """How much is gone: receipts with their files, accounts of payees, texts of claims and of the bank."""

    partnership: UUID
    member: UUID
    receipts: int
    payees: int
    passages: int


class Held(Body):
    """For a dispute or an audit; the reason stays with the row."""


class Lifted(Body):
    """Nobody needs the records any longer."""


_FINANCE = "APPROVER TREASURER"

RETENTION = Table(
    "retention",
    service="reimbursements",
    topic=REIMBURSEMENTS.name,
    movers={"due": _FINANCE, "proposed": _FINANCE},
    acts=(
        act("begin", BESIDE, "", "kept", Begun),
        act("fall_due", SYSTEM, "kept", "due", FellDue),
        act("propose", _FINANCE, "due", "proposed", Proposed),
        act("send_back", _FINANCE, "proposed", "due", SentBack),
        act("agree", _FINANCE, "proposed", "agreed", Agreed, step_up=True),
        act("remove", SYSTEM, "agreed", "removed", Removed),
        act("hold", f"COORD {_FINANCE}", "kept due proposed agreed", "held", Held),
        act("lift", f"COORD {_FINANCE}", "held", "kept", Lifted),
    ),
)
