"""Payee: the account an organisation is paid to. Its number never leaves reimbursements: facts carry ids only."""

from typing import Literal
from uuid import UUID

from contracts.tables import BESIDE, SYSTEM, Body, End, Table, act
from contracts.topics import REIMBURSEMENTS

Why = Literal["another_payee", "payer", "staff"]


class Entered(Body):
    organisation: UUID


class Changed(Body):
    """Nothing is paid to it before it was checked anew."""

    organisation: UUID


class Blocked(Body):
    """The account is known for somebody else, or for the payer or its staff."""

    organisation: UUID
    why: Why


class Excused(Body):
    """The first of two people gives a reason why a blocked account may be used."""

    organisation: UUID


class Released(Body):
    """A second person agrees; the account is then checked like any other."""

    organisation: UUID


class Checked(Body):
    organisation: UUID
    outcome: Literal["match", "close", "no_match", "not_possible"]


class Refused(Body):
    organisation: UUID


class Screened(Body):
    """The holder's name was compared with the sanctions lists."""

    organisation: UUID
    outcome: Literal["clear", "hit"]


class Removed(Body):
    """The time for which its records are kept is over; the organisation may give an account again."""

    organisation: UUID


class Cleared(Body):
    """Another person has looked at the names that resembled, and found none to be the holder."""

    organisation: UUID


PAYEE = Table(
    "payee",
    service="reimbursements",
    topic=REIMBURSEMENTS.name,
    movers={"entered": "VERIFIER", "blocked": "VERIFIER", "refused": "CLAIMANT"},
    acts=(
        act("enter", "CLAIMANT", "", "entered", Entered, also=(End("blocked", Blocked),)),
        act(
            "change", "CLAIMANT", "entered checked refused blocked removed", "entered", Changed,
            also=(End("blocked", Blocked),),
        ),
        act("block", BESIDE, "entered checked", "blocked", Blocked),
        act("excuse", "VERIFIER APPROVER", "blocked", "", Excused),
        act("release", "VERIFIER APPROVER", "blocked", "entered", Released),
        act("check", "VERIFIER APPROVER", "entered", "checked", Checked),
        act("refuse", "VERIFIER APPROVER", "entered blocked", "refused", Refused),
        act("screen", "VERIFIER APPROVER", "entered checked", "", Screened),
        act("rescreen", BESIDE, "entered checked refused blocked", "", Screened),
        act("clear", "VERIFIER APPROVER", "entered checked", "", Cleared),
        act("remove", SYSTEM, "entered checked refused blocked", "removed", Removed),
    ),
)  # fmt: skip
