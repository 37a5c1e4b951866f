"""ExchangeTable: exchange rates that a paying member has read from a file, put into force by a second person."""

from datetime import date
from typing import Literal
from uuid import UUID

from contracts.tables import Body, Table, act
from contracts.topics import REIMBURSEMENTS


class Imported(Body):
    """on: the first day of the month (inforeuro), or the day (ecb) that the rates count for."""

    member: UUID
    source: Literal["inforeuro", "ecb"]
    on: date
    currencies: int
    file_hash: str


class PutInForce(Body):
    source: Literal["inforeuro", "ecb"]
    on: date


class Dropped(Body):
    pass


_FINANCE = "VERIFIER APPROVER TREASURER"

EXCHANGE_TABLE = Table(
    "exchange_table",
    service="reimbursements",
    topic=REIMBURSEMENTS.name,
    movers={"imported": _FINANCE},
    acts=(
        act("import", _FINANCE, "", "imported", Imported),
        act("put_in_force", _FINANCE, "imported", "in_force", PutInForce),
        act("drop", _FINANCE, "imported", "dropped", Dropped),
    ),
)
