"""AidCheck: a case whose support is State aid needs its undertaking's declaration before money is reserved for it.
Whoever has not made one is asked as soon as the case is submitted."""

from typing import Literal
from uuid import UUID

from contracts.tables import BESIDE, HEARS, SYSTEM, Body, End, Table, act
from contracts.topics import REIMBURSEMENTS


class Needed(Body):
    """member_state: that of the member that pays, whose aid it is."""

    organisation: UUID
    basis: Literal["de_minimis", "gber_20a"]
    member_state: str


class Asked(Needed):
    pass


class Known(Needed):
    """The undertaking had declared before."""


class Outdated(Needed):
    """The declaration has grown too old before the award: another one is needed."""


class Declared(Body):
    pass


class Dropped(Body):
    """The case has ended without a declaration."""


_STORY = "grant-approval/{case}"

AID_CHECK = Table(
    "aid_check",
    service="reimbursements",
    topic=REIMBURSEMENTS.name,
    acts=(
        act("ask", HEARS, "", "asked", Asked, also=(End("declared", Known),)),
        act("declare", BESIDE, "asked", "declared", Declared, wakes=_STORY),
        act("ask_again", SYSTEM, "declared", "asked", Outdated),
        act("drop", HEARS, "asked", "dropped", Dropped),
    ),
    movers={"asked": "CLAIMANT"},
)
