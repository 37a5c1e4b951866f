"""Writes payment files: pain.001.001.09, credit transfers in euro, within SEPA and outside of it.

The same orders always give the same bytes. Each paying member and account has a payment information block of
its own, because the member organisation that holds the budget line is the one that pays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from lxml import etree

from contracts.money import Money
from services.reimbursements.banking.iso20022 import NOTPROVIDED, Element
from services.reimbursements.banking.latin import latin

MESSAGE = "pain.001.001.09"
NAMESPACE = f"urn:iso:std:iso:20022:tech:xsd:{MESSAGE}"
LONGEST_ID = 35
LONGEST_NAME = 70
LONGEST_TOWN = 35
LONGEST_NUMBER = 16
LONGEST_REMITTANCE = 140


@dataclass(frozen=True)
class Address:
    """Where an organisation is; banks take no address without town and country."""

    town: str
    country: str
    street: str = ""
    building: str = ""
    postcode: str = ""


@dataclass(frozen=True)
class Party:
    """An account and whose it is: the paying member or the visiting organisation. number is an IBAN, or what the bank
    calls the account where there are none."""

    name: str
    address: Address
    number: str
    bic: str | None = None
    is_iban: bool = True


@dataclass(frozen=True)
class Transfer:
    """One payment of one claim."""

    end_to_end_id: str
    cents: int
    payee: Party
    remittance: str


@dataclass(frozen=True)
class Order:
    """All transfers from one account on one day; its id is the one that a bank reports for a batch.

    outside  whether they go outside SEPA: then the payer bears all charges, so that the full sum arrives"""

    id: str
    payer: Party
    execution: date
    transfers: tuple[Transfer, ...]
    outside: bool = False

    @property
    def cents(self) -> int:
        return sum(transfer.cents for transfer in self.transfers)


@dataclass(frozen=True)
class Change:
    """A text that the file gives otherwise than we keep it, shown to whoever authorises."""

    where: str
    field: str
    original: str
    written: str
    cut: bool


@dataclass(frozen=True)
class PaymentFile:
    content: bytes
    changes: tuple[Change, ...]


def end_to_end_id(claim_number: str, attempt: int) -> str:
    """The id by which a payment is recognised on statements; each attempt has one of its own."""
    return f"{claim_number}-{attempt}"


def write(message_id: str, created: datetime, initiator: str, orders: Sequence[Order]) -> PaymentFile:
    """The file of these orders. What is wrong with it is for services.reimbursements.banking.sepa_check to say."""
    return _Writer().file(message_id, created, initiator, orders)


class _Writer:
    def __init__(self) -> None:
        self.changes: list[Change] = []

    def file(
        self, message_id: str, created: datetime, initiator: str, orders: Sequence[Order]
    ) -> PaymentFile:
        document = etree.Element(f"{{{NAMESPACE}}}Document", nsmap={None: NAMESPACE})
        message = _add(document, "CstmrCdtTrfInitn")
        header = _add(message, "GrpHdr")
        _add(header, "MsgId", message_id)
        _add(header, "CreDtTm", created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
        _add(header, "NbOfTxs", str(sum(len(order.transfers) for order in orders)))
        _add(header, "CtrlSum", _amount(sum(order.cents for order in orders)))
        self._text(_add(header, "InitgPty"), "Nm", initiator, LONGEST_NAME, message_id)
        for order in orders:
            self._order(message, order)
        content = etree.tostring(document, xml_declaration=True, encoding="UTF-8", pretty_print=True)
        return PaymentFile(content, tuple(self.changes))

    def _order(self, message: Element, order: Order) -> None:
        block = _add(message, "PmtInf")
        _add(block, "PmtInfId", order.id)
        _add(block, "PmtMtd", "TRF")
        _add(block, "BtchBookg", "false")
        _add(block, "NbOfTxs", str(len(order.transfers)))
        _add(block, "CtrlSum", _amount(order.cents))
        if not order.outside:
            _add(_add(_add(block, "PmtTpInf"), "SvcLvl"), "Cd", "SEPA")
        _add(_add(block, "ReqdExctnDt"), "Dt", order.execution.isoformat())
        self._party(_add(block, "Dbtr"), order.payer, order.id)
        _account(_add(block, "DbtrAcct"), order.payer)
        bank = _add(_add(block, "DbtrAgt"), "FinInstnId")
        if order.payer.bic:
            _add(bank, "BICFI", order.payer.bic)
        else:
            _add(_add(bank, "Othr"), "Id", NOTPROVIDED)
        _add(block, "ChrgBr", "DEBT" if order.outside else "SLEV")
        for transfer in order.transfers:
            self._transfer(_add(block, "CdtTrfTxInf"), transfer)

    def _transfer(self, block: Element, transfer: Transfer) -> None:
        _add(_add(block, "PmtId"), "EndToEndId", transfer.end_to_end_id)
        _add(_add(block, "Amt"), "InstdAmt", _amount(transfer.cents)).set("Ccy", "EUR")
        if transfer.payee.bic:
            _add(_add(_add(block, "CdtrAgt"), "FinInstnId"), "BICFI", transfer.payee.bic)
        self._party(_add(block, "Cdtr"), transfer.payee, transfer.end_to_end_id)
        _account(_add(block, "CdtrAcct"), transfer.payee)
        remittance = _add(block, "RmtInf")
        self._text(remittance, "Ustrd", transfer.remittance, LONGEST_REMITTANCE, transfer.end_to_end_id)

    def _party(self, block: Element, party: Party, where: str) -> None:
        self._text(block, "Nm", party.name, LONGEST_NAME, where)
        address, given = _add(block, "PstlAdr"), party.address
        self._text(address, "StrtNm", given.street, LONGEST_NAME, where)
        self._text(address, "BldgNb", given.building, LONGEST_NUMBER, where)
        self._text(address, "PstCd", given.postcode, LONGEST_NUMBER, where)
        self._text(address, "TwnNm", given.town, LONGEST_TOWN, where)
        if given.country:
            _add(address, "Ctry", given.country)

    def _text(self, parent: Element, name: str, original: str, longest: int, where: str) -> None:
        written = latin(original, longest)
        if written.changed:
            self.changes.append(Change(where, name, original, written.text, written.cut))
        if written.text:
            _add(parent, name, written.text)


def _add(parent: Element, name: str, text: str | None = None) -> Element:
    child = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    child.text = text
    return child


def _account(block: Element, party: Party) -> None:
    id = _add(block, "Id")
    if party.is_iban:
        _add(id, "IBAN", party.number)
    else:
        _add(_add(id, "Othr"), "Id", party.number)


def _amount(cents: int) -> str:
    return f"{Money(cents).decimal:.2f}"
