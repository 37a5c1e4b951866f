"""Reads what the bank answers: statements (camt.053, versions .08 and .02) and status reports (pain.002).

Strict: a file is read whole or refused whole, and so is a statement whose entries do not lead from its
opening to its closing balance. Only an entry with status BOOK is money; a pain.002 is information."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from contracts.errors import DomainError
from services.reimbursements.banking.iban import is_iban
from services.reimbursements.banking.iso20022 import NOTPROVIDED, Node, read

STATEMENTS = ("camt.053.001.08", "camt.053.001.02")
STATUS_REPORTS = ("pain.002.001.10", "pain.002.001.03")

PAYEES_CAUSES = frozenset(
    "AC01 AC03 AC04 AC06 AC07 AG01 BE01 BE04 BE06 CNOR MD07 RC01 RC04 RR02 RR03".split()
)
"""Reasons (ISO 20022 external codes) that lie with the payee or the account; the rest is the payer's."""

_CHARGES = frozenset("CHRG COMM FEES".split())


@dataclass(frozen=True)
class Item:
    """One payment within an entry. cents is the payment's own amount, before charges the bank netted."""

    cents: int
    end_to_end_id: str | None
    order_id: str | None
    return_reason: str | None
    charges_cents: int


@dataclass(frozen=True)
class Entry:
    """A line of a statement; its identity on the account is the bank's reference, or else statement and position."""

    identity: str
    position: int
    cents: int
    credit: bool
    status: str
    booked_on: date | None
    value_date: date | None
    reversal: bool
    order_id: str | None
    charges_cents: int
    code: str | None
    items: tuple[Item, ...]

    @property
    def booked(self) -> bool:
        return self.status == "BOOK"

    @property
    def signed_cents(self) -> int:
        return self.cents if self.credit else -self.cents

    @property
    def is_charge(self) -> bool:
        """Whether the line itself is a fee of the bank."""
        return not self.credit and self.code in _CHARGES


@dataclass(frozen=True)
class Statement:
    """One statement of one account, in cents of euro."""

    id: str
    number: int | None
    account: str
    opening_cents: int
    closing_cents: int
    closed_on: date
    entries: tuple[Entry, ...]

    def must_continue(self, closing_cents: int) -> None:
        """Refuses a statement that does not begin where the one before it ended."""
        if self.opening_cents != closing_cents:
            raise DomainError("statement-gap", "file", expected=closing_cents, found=self.opening_cents)


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


def read_statements(content: bytes) -> list[Statement]:
    """The statements of a file; refusals have the slugs message-… and statement-…."""
    message, _version = read(content, STATEMENTS)
    statements = [_statement(found) for found in message.all("Stmt")]
    if not statements:
        raise message.refused("Stmt")
    return statements


def read_status_report(content: bytes) -> StatusReport:
    """The status report of a file."""
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


def _statement(block: Node) -> Statement:
    account = block.must("Acct/Id/IBAN")
    if not is_iban(account):
        raise block.refused("Acct/Id/IBAN")
    if (currency := block.text("Acct/Ccy") or "EUR") != "EUR":
        raise DomainError("message-currency", "file", where="Acct/Ccy", currency=currency)
    id, number = block.must("Id"), block.text("ElctrncSeqNb", "LglSeqNb")
    balances = {balance.must("Tp/CdOrPrtry/Cd"): balance for balance in block.all("Bal")}
    opening, closing = balances.get("OPBD") or balances.get("PRCD"), balances.get("CLBD")
    if opening is None or closing is None:
        raise block.refused("Bal[OPBD]" if opening is None else "Bal[CLBD]")
    lines = block.all("Ntry")
    references = Counter(_reference(line) for line in lines)
    entries: list[Entry] = []
    for position, line in enumerate(lines, start=1):
        reference = _reference(line)
        identity = reference if reference and references[reference] == 1 else f"{id}#{position}"
        entries.append(_entry(line, identity, position))
    statement = Statement(
        id=id,
        number=int(number) if number and number.isdecimal() else None,
        account=account,
        opening_cents=_signed(opening),
        closing_cents=_signed(closing),
        closed_on=closing.day("Dt"),
        entries=tuple(entries),
    )
    booked = sum(entry.signed_cents for entry in entries if entry.booked)
    if statement.opening_cents + booked != statement.closing_cents:
        raise DomainError(
            "statement-does-not-add-up",
            "file",
            opening=statement.opening_cents,
            booked=booked,
            closing=statement.closing_cents,
        )
    return statement


def _entry(line: Node, identity: str, position: int) -> Entry:
    cents, status = line.cents("Amt"), line.must("Sts/Cd", "Sts")
    details = line.all("NtryDtls/TxDtls")
    items = tuple(_item(detail, cents if len(details) == 1 else None) for detail in details)
    booked_on = line.day("BookgDt") if status == "BOOK" or line.maybe("BookgDt") else None
    return Entry(
        identity=identity,
        position=position,
        cents=cents,
        credit=_credit(line),
        status=status,
        booked_on=booked_on,
        value_date=line.day("ValDt") if line.maybe("ValDt") else booked_on,
        reversal=line.text("RvslInd") == "true",
        order_id=_given(line.text("NtryDtls/Btch/PmtInfId")),
        charges_cents=_charges(line) or sum(item.charges_cents for item in items),
        code=line.text("BkTxCd/Domn/Fmly/SubFmlyCd"),
        items=items,
    )


def _item(detail: Node, whole_cents: int | None) -> Item:
    amounts = ("AmtDtls/InstdAmt/Amt", "AmtDtls/TxAmt/Amt", "Amt")
    in_euro = [path for path in amounts if (found := detail.maybe(path)) and found.currency() == "EUR"]
    cents = detail.cents(in_euro[0]) if in_euro else whole_cents
    if cents is None:
        raise detail.refused("Amt")
    return Item(
        cents=cents,
        end_to_end_id=_given(detail.text("Refs/EndToEndId")),
        order_id=_given(detail.text("Refs/PmtInfId")),
        return_reason=detail.text("RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry"),
        charges_cents=_charges(detail),
    )


def _charges(block: Node) -> int:
    total = 0
    for charges in block.all("Chrgs"):
        if charges.maybe("TtlChrgsAndTaxAmt"):
            total += charges.cents("TtlChrgsAndTaxAmt")
        elif charges.maybe("Amt"):
            total += charges.cents("Amt")
        else:
            total += sum(record.cents("Amt") for record in charges.all("Rcrd"))
    return total


def _signed(balance: Node) -> int:
    cents = balance.cents("Amt")
    return cents if _credit(balance) else -cents


def _credit(block: Node) -> bool:
    indicator = block.must("CdtDbtInd")
    if indicator not in ("CRDT", "DBIT"):
        raise block.refused("CdtDbtInd")
    return indicator == "CRDT"


def _reference(line: Node) -> str | None:
    return _given(line.text("AcctSvcrRef"))


def _given(text: str | None) -> str | None:
    return None if text == NOTPROVIDED else text
