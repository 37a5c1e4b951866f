"""Batch: payments of one paying member, authorised by two people; its pain.001 file is made once."""

from datetime import date
from uuid import UUID

from contracts.tables import Body, Table, act
from contracts.topics import PAYMENTS


class Proposed(Body):
    member: UUID
    payments: int
    sum_cents: int
    execution_date: date


class Seconded(Body):
    """The first of two people has authorised it."""


class Authorised(Body):
    message_id: str
    file_hash: str
    sum_cents: int
    payments: int


class ReportRead(Body):
    """What the bank said about the file (pain.002); only refusals change anything."""

    accepted: int
    refused: int


class WithdrawalAsked(Body):
    """The first of two people says that the bank will not execute the file."""


class Withdrawn(Body):
    pass


BATCH = Table(
    "batch",
    service="reimbursements",
    topic=PAYMENTS.name,
    plural="batches",
    movers={"proposed": "TREASURER", "seconded": "TREASURER"},
    acts=(
        act("propose", "TREASURER", "", "proposed", Proposed),
        act("second", "TREASURER", "proposed", "seconded", Seconded, step_up=True),
        act("authorise", "TREASURER", "seconded", "authorised", Authorised, step_up=True),
        act("read_report", "TREASURER", "authorised", "", ReportRead),
        act("ask_withdrawal", "TREASURER", "authorised", "", WithdrawalAsked),
        act("withdraw", "TREASURER", "proposed seconded authorised", "withdrawn", Withdrawn),
    ),
)
