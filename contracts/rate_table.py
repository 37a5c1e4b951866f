"""RateTable: amounts by country with their source and validity; a case keeps the version it was frozen with."""

from datetime import date
from typing import Any

from contracts.tables import SYSTEM, Body, Table, act
from contracts.topics import REIMBURSEMENTS


class Published(Body):
    """rates: country → {"cents", "basis"}."""

    scheme: str
    version: str
    source: str
    valid_from: date
    rates: dict[str, Any]


RATE_TABLE = Table(
    "rate_table",
    service="reimbursements",
    topic=REIMBURSEMENTS.name,
    acts=(act("publish", SYSTEM, "", "published", Published),),
)
