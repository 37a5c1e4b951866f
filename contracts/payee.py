"""Payee: the account an organisation is paid to. Its number never leaves reimbursements: facts carry ids only."""

from typing import Literal
from uuid import UUID

from contracts.tables import Body, Table, act
from contracts.topics import REIMBURSEMENTS


class Entered(Body):
    organisation: UUID


class Changed(Body):
    organisation: UUID


class Checked(Body):
    organisation: UUID
    outcome: Literal["match", "close", "no_match", "not_possible"]


class Refused(Body):
    organisation: UUID


PAYEE = Table(
    "payee",
    service="reimbursements",
    topic=REIMBURSEMENTS.name,
    movers={"entered": "VERIFIER", "refused": "CLAIMANT"},
    acts=(
        act("enter", "CLAIMANT", "", "entered", Entered),
        act("change", "CLAIMANT", "entered checked refused", "entered", Changed),
        act("check", "VERIFIER APPROVER", "entered", "checked", Checked),
        act("refuse", "VERIFIER APPROVER", "entered", "refused", Refused),
    ),
)
