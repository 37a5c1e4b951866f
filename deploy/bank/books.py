"""The bank's own accounts: what it was ordered, what it has booked, and the messages in which it says so."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import etree
from lxml.etree import _Element as Element  # pyright: ignore[reportPrivateUsage]

from deploy.bank.dialects import DIALECTS, Dialect
from deploy.bank.messages import Line, Message, Payment, advice, refusal, statement

_PAIN = "{urn:iso:std:iso:20022:tech:xsd:pain.001.001.09}"


class Refused(Exception):
    """The bank does not take this: a file that it has had, an id that it has paid."""


@dataclass
class Account:
    """An account: its balance in cents, how many statements it has had, what is booked since the last."""

    iban: str
    cents: int = 100_000_000
    statements: int = 0
    lines: list[Line] = field(default_factory=list[Line])


class Bank:
    """Customers' accounts are opened by the first payment from them, unless they were opened before.

    received  cents on the accounts of payees, by IBAN
    kept      cents of charges and fees, the bank's own income"""

    def __init__(self, accounts: Iterable[Account] = (), dialect: Dialect = DIALECTS["plain"]) -> None:
        self.dialect = dialect
        self.accounts = {account.iban: account for account in accounts}
        self.received: dict[str, int] = {}
        self.kept = 0
        self._files: list[str] = []
        self._paid: dict[str, Payment] = {}

    def take(self, payment_file: bytes) -> list[Payment]:
        """Books every payment of a file; Refused if it was taken before."""
        message_id = message_id_of(payment_file)
        payments = payments_in(payment_file)
        if message_id in self._files or any(one.end_to_end_id in self._paid for one in payments):
            raise Refused(message_id)
        self._files.append(message_id)
        self._paid |= {payment.end_to_end_id: payment for payment in payments}
        for payment in payments:
            self.received[payment.payee_account] = self.received.get(payment.payee_account, 0) + payment.cents
        for group in self._groups(payments):
            fee = self.dialect.fee_cents * len(group)
            self.kept += fee
            cents = sum(payment.cents for payment in group) + fee
            self._move(Line(group[0].account, -cents, tuple(group), fee_cents=fee))
        return payments

    def give_back(self, end_to_end_id: str, reason: str = "AC04", fee_cents: int | None = None) -> None:
        """A payment comes back, less the fee that is kept."""
        payment = self._paid[end_to_end_id]
        fee = self.dialect.return_fee_cents if fee_cents is None else fee_cents
        self.received[payment.payee_account] -= payment.cents
        self.kept += fee
        line = Line(payment.account, payment.cents - fee, (payment,), reason=reason, fee_cents=fee)
        self._move(line)

    def charge(self, iban: str, cents: int) -> None:
        """The bank's own charge."""
        self.kept += cents
        self._move(Line(iban, -cents, (), kind="CHRG"))

    def move(self, iban: str, cents: int, text: str) -> None:
        """Other business of the account, money in or (below zero) out."""
        self._move(Line(iban, cents, (), kind="ESCT", text=text))

    def close_day(self, on: date) -> list[Message]:
        """Statements, in pages where the bank writes pages, and advices of all that was booked since the last time."""
        messages: list[Message] = []
        for account in self.accounts.values():
            if account.lines:
                account.statements += 1
                id = f"{on:%Y%m%d}-{account.iban[-4:]}-{account.statements:05}"
                opening = account.cents - sum(line.cents for line in account.lines)
                messages += statement(
                    self.dialect, account.iban, account.statements, id, opening, account.lines, on
                )
                messages += advice(self.dialect, account.iban, id, account.lines, on)
                account.lines = []
        return messages

    def book(self, payment_file: bytes, on: date) -> list[bytes]:
        """Takes a file and closes the day: the statements."""
        self.take(payment_file)
        return [message.content for message in self.close_day(on) if message.kind == "camt.053"]

    def save(self, file: Path) -> None:
        known = {
            "dialect": self.dialect.name,
            "accounts": [asdict(account) for account in self.accounts.values()],
            "received": self.received, "kept": self.kept, "files": self._files,
            "paid": [asdict(payment) for payment in self._paid.values()],
        }  # fmt: skip
        partial = file.with_suffix(".partial")
        partial.write_text(json.dumps(known, indent=1))
        partial.replace(file)

    @classmethod
    def load(cls, file: Path) -> "Bank":
        known: dict[str, Any] = json.loads(file.read_text())
        bank = cls((), DIALECTS[known["dialect"]])
        for one in known["accounts"]:
            lines = [Line(**_with_payments(line)) for line in one.pop("lines")]
            bank.accounts[one["iban"]] = Account(**one, lines=lines)
        bank.received, bank.kept = known["received"], known["kept"]
        bank._files = known["files"]
        bank._paid = {one["end_to_end_id"]: Payment(**one) for one in known["paid"]}
        return bank

    def _groups(self, payments: list[Payment]) -> list[list[Payment]]:
        """What is booked as one entry: each payment, or all of one order."""
        if not self.dialect.one_sum:
            return [[payment] for payment in payments]
        orders: dict[str, list[Payment]] = {}
        for payment in payments:
            orders.setdefault(payment.order_id, []).append(payment)
        return list(orders.values())

    def _move(self, line: Line) -> None:
        account = self.accounts.setdefault(line.account, Account(line.account))
        account.cents += line.cents
        account.lines.append(line)


def payments_in(payment_file: bytes) -> list[Payment]:
    """The payments of a pain.001.001.09 file."""
    document = etree.fromstring(payment_file)
    return [
        Payment(
            account=_text(order, "DbtrAcct/Id/IBAN"),
            order_id=_text(order, "PmtInfId"),
            end_to_end_id=_text(transfer, "PmtId/EndToEndId"),
            cents=int(Decimal(_text(transfer, "Amt/InstdAmt")) * 100),
            payee=_text(transfer, "Cdtr/Nm"),
            payee_account=_text(transfer, "CdtrAcct/Id/IBAN") or _text(transfer, "CdtrAcct/Id/Othr/Id"),
        )
        for order in document.iter(f"{_PAIN}PmtInf")
        for transfer in order.findall(f"{_PAIN}CdtTrfTxInf")
    ]


def refuse(payment_file: bytes, on: date, reason: str = "AM04", end_to_end_id: str | None = None) -> bytes:
    """A status report (pain.002): the whole file refused, or only one payment in it."""
    return refusal(message_id_of(payment_file), payments_in(payment_file), on, reason, end_to_end_id)


def message_id_of(payment_file: bytes) -> str:
    return _text(next(etree.fromstring(payment_file).iter(f"{_PAIN}GrpHdr")), "MsgId")


def _with_payments(line: dict[str, Any]) -> dict[str, Any]:
    return line | {"payments": tuple(Payment(**payment) for payment in line["payments"])}


def _text(element: Element, path: str) -> str:
    return element.findtext("/".join(f"{_PAIN}{step}" for step in path.split("/"))) or ""
