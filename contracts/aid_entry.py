"""AidEntry: aid that was granted and has to stand in the central register within twenty working days from the legal
right, that is from the last signature."""

from datetime import date
from typing import Literal
from uuid import UUID

from contracts.tables import HEARS, SYSTEM, Body, Table, act
from contracts.topics import REIMBURSEMENTS


class Opened(Body):
    undertaking: UUID
    member_state: str
    amount_cents: int
    granted_on: date
    due_on: date


class Registered(Body):
    registered_on: date


class Reminded(Body):
    stage: Literal["due", "overdue"]
    number: int


AID_ENTRY = Table(
    "aid_entry",
    service="reimbursements",
    topic=REIMBURSEMENTS.name,
    plural="aid_entries",
    acts=(
        act("open", HEARS, "", "due", Opened),
        act("register", "PAY VERIFIER", "due", "registered", Registered),
        act("remind", SYSTEM, "due", "", Reminded),
    ),
    movers={"due": "PAY VERIFIER"},
)
