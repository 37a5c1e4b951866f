"""Refuses payment files that a schema would let pass: wrong sums, wrong accounts, ids used before.

It reads the bytes that would be sent, not the objects they were written from, and compares them with what was
authorised; a file is sent only if it has no fault."""

import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from contracts.countries import CODES, in_sepa
from contracts.errors import DomainError
from contracts.money import Money
from contracts.workdays import is_target_day
from services.reimbursements.banking.iban import country_of, is_bic, is_iban
from services.reimbursements.banking.iso20022 import Node, cents_of, read
from services.reimbursements.banking.latin import ALLOWED
from services.reimbursements.banking.sepa import LONGEST_ID, MESSAGE

_ID = re.compile(rf"(?!/)(?!.*//)[A-Za-z0-9/\-?:().,'+ ]{{1,{LONGEST_ID}}}(?<!/)")
_IDS = ("MsgId", "PmtInfId", "EndToEndId")
_NEEDED = {"name-missing": "Nm", "town-missing": "PstlAdr/TwnNm", "country-missing": "PstlAdr/Ctry"}
_FREE_TEXTS = ("Nm", "StrtNm", "BldgNb", "PstCd", "TwnNm", "Ustrd")


@dataclass(frozen=True)
class Fault:
    """Why a file must not be sent; the refusal "file-<slug>" with these params says what to do."""

    slug: str
    params: dict[str, object]


def check(content: bytes, authorised: Mapping[str, int], used: Collection[str]) -> list[Fault]:
    """All faults of a file.

    authorised  cents per order id, as the ledger has them in transit
    used        end-to-end ids of every earlier file
    """
    try:
        message, _version = read(content, (MESSAGE,))
        return _Check(authorised, used).file(message)
    except DomainError:
        return [Fault("unreadable", {"message": MESSAGE})]


class _Check:
    def __init__(self, authorised: Mapping[str, int], used: Collection[str]) -> None:
        self.authorised = authorised
        self.used = used
        self.faults: list[Fault] = []

    def file(self, message: Node) -> list[Fault]:
        orders = message.all("PmtInf")
        self._totals("GrpHdr", message.one("GrpHdr"), message.all("PmtInf/CdtTrfTxInf"))
        for order in orders:
            self._order(order)
        ordered = {order.must("PmtInfId"): _cents(order.all("CdtTrfTxInf")) for order in orders}
        for id in sorted(self.authorised.keys() | ordered.keys()):
            if self.authorised.get(id, 0) != ordered.get(id, 0):
                asked, found = self.authorised.get(id, 0), ordered.get(id, 0)
                self._fault("not-authorised", id, _euro(asked), counted=_euro(found))
        self._ids(message)
        for name, text in message.texts():
            if name in _FREE_TEXTS and not ALLOWED.issuperset(text):
                self._fault("characters", name, text)
        return self.faults

    def _order(self, order: Node) -> None:
        where = order.must("PmtInfId")
        self._totals(where, order, order.all("CdtTrfTxInf"))
        execution = order.day("ReqdExctnDt")
        if not is_target_day(execution):
            self._fault("bank-day", where, execution)
        terms = (order.text("PmtTpInf/SvcLvl/Cd"), order.text("ChrgBr"), order.text("BtchBookg"))
        outside = terms == (None, "DEBT", "false")
        if terms != ("SEPA", "SLEV", "false") and not outside:
            self._fault("terms", where, terms)
        self._party(where, order, "Dbtr")
        self._account(where, order, "Dbtr", execution)
        for transfer in order.all("CdtTrfTxInf"):
            end_to_end_id = transfer.must("PmtId/EndToEndId")
            amount = transfer.maybe("Amt/InstdAmt")
            if amount is None or amount.currency() != "EUR" or not cents_of(amount.own_text()):
                self._fault("amount", end_to_end_id, amount.own_text() if amount else "")
            self._party(end_to_end_id, transfer, "Cdtr")
            if outside:
                self._account_outside(end_to_end_id, transfer)
            else:
                self._account(end_to_end_id, transfer, "Cdtr", execution)

    def _account(self, where: str, block: Node, role: str, execution: date) -> None:
        iban = block.text(f"{role}Acct/Id/IBAN") or ""
        if not is_iban(iban):
            self._fault("iban", where, iban)
        elif not in_sepa(country_of(iban), execution):
            self._fault("outside-sepa", where, country_of(iban))

    def _account_outside(self, where: str, transfer: Node) -> None:
        """Outside SEPA a bank is found by its BIC alone, and the payee by the full address."""
        iban, other = transfer.text("CdtrAcct/Id/IBAN"), transfer.text("CdtrAcct/Id/Othr/Id")
        if (iban is None or not is_iban(iban)) and other is None:
            self._fault("iban", where, iban or "")
        if not is_bic(transfer.text("CdtrAgt/FinInstnId/BICFI") or ""):
            self._fault("bic", where, transfer.text("CdtrAgt/FinInstnId/BICFI"))
        if not transfer.text("Cdtr/PstlAdr/StrtNm"):
            self._fault("street-missing", where, "")

    def _party(self, where: str, block: Node, role: str) -> None:
        for slug, path in _NEEDED.items():
            if not block.text(f"{role}/{path}"):
                self._fault(slug, where, "")
        country = block.text(f"{role}/PstlAdr/Ctry")
        if country and country not in CODES:
            self._fault("country", where, country)

    def _totals(self, where: str, block: Node, transfers: list[Node]) -> None:
        if block.text("NbOfTxs") != str(len(transfers)):
            self._fault("count", where, block.text("NbOfTxs"), counted=len(transfers))
        if cents_of(block.text("CtrlSum") or "") != _cents(transfers):
            self._fault("sum", where, block.text("CtrlSum"), counted=_euro(_cents(transfers)))

    def _ids(self, message: Node) -> None:
        ids = [(name, text) for name, text in message.texts() if name in _IDS]
        for name, text in ids:
            if not _ID.fullmatch(text):
                self._fault("id", name, text)
        for (name, text), count in Counter(ids).items():
            if count > 1:
                self._fault("id-repeated", name, text)
            if name == "EndToEndId" and text in self.used:
                self._fault("id-used", name, text)

    def _fault(self, slug: str, where: str, given: object, **params: object) -> None:
        self.faults.append(Fault(slug, {"where": where, "given": given, **params}))


def _cents(transfers: list[Node]) -> int:
    amounts = (transfer.text("Amt/InstdAmt") or "" for transfer in transfers)
    return sum(cents_of(amount) or 0 for amount in amounts)


def _euro(cents: int) -> str:
    return f"{Money(cents).decimal:.2f}"
