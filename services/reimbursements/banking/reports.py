"""Reads status reports (pain.002, versions .10 and .03): what a bank says of a payment file. It is information, but for
refusals."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.reimbursements.banking.iso20022 import Node, read

STATUS_REPORTS = ("pain.002.001.10", "pain.002.001.03")

PAYEES_CAUSES = frozenset(
    "AC01 AC03 AC04 AC06 AC07 AG01 BE01 BE04 BE06 CNOR MD07 RC01 RC04 RR02 RR03".split()
)
"""Reasons (ISO 20022 external codes) that lie with the payee or the account; the rest is the payer's."""


@dataclass(frozen=True)
class Status:
    """A status code (ACCP, ACSP, ACSC, PDNG, RJCT …) and the reason code given with it."""

    code: str
    reason: str | None

    @property
    def accepted(self) -> bool:
        """Checked by the bank and under way; it is information, not money."""
        return self.code in ("ACCP", "ACSP", "ACSC")

    @property
    def refused(self) -> bool:
        return self.code == "RJCT"

    @property
    def payees_cause(self) -> bool:
        return self.reason in PAYEES_CAUSES


@dataclass(frozen=True)
class StatusReport:
    """What the bank says about a payment file: for the whole, for an order, for a transfer."""

    id: str
    original_message_id: str
    group: Status | None
    orders: Mapping[str, Status]
    transfers: Mapping[str, Status]

    def status_of(self, order_id: str, end_to_end_id: str) -> Status | None:
        """The most particular status that holds for a transfer."""
        return self.transfers.get(end_to_end_id) or self.orders.get(order_id) or self.group


def read_status_report(content: bytes) -> StatusReport:
    """The status report of a file; refusals have the slugs message-…."""
    message, _version = read(content, STATUS_REPORTS)
    group = message.one("OrgnlGrpInfAndSts")
    orders: dict[str, Status] = {}
    transfers: dict[str, Status] = {}
    for order in message.all("OrgnlPmtInfAndSts"):
        if status := _status(order, "PmtInfSts"):
            orders[order.must("OrgnlPmtInfId")] = status
        for transfer in order.all("TxInfAndSts"):
            if status := _status(transfer, "TxSts"):
                transfers[transfer.must("OrgnlEndToEndId")] = status
    return StatusReport(
        message.must("GrpHdr/MsgId"), group.must("OrgnlMsgId"), _status(group, "GrpSts"), orders, transfers
    )


def _status(block: Node, path: str) -> Status | None:
    code = block.text(path)
    reason = block.text("StsRsnInf/Rsn/Cd", "StsRsnInf/Rsn/Prtry")
    return Status(code, reason) if code else None
