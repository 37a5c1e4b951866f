"""Entries of an account as banks describe them, alike in statements (camt.053) and advices (camt.054)."""

from dataclasses import dataclass
from datetime import date

from services.reimbursements.banking.iso20022 import NOTPROVIDED, Node

_CHARGES = frozenset("CHRG COMM FEES".split())
_TEXTS = ("Nm", "Ustrd", "AddtlTxInf", "AddtlNtryInf", "AddtlRmtInf")


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
    """A line of an account.

    reference      the bank's own reference, which it gives to no other entry of the same message
    position       where it stands in its message, counted from 1
    charges_cents  what the bank says that it kept or took with it
    told           names and words of the other side, for the eyes of whoever has to explain the entry
    """

    reference: str | None
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
    told: str

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

    @property
    def named(self) -> bool:
        """Whether it names each payment that it consists of."""
        return bool(self.items) and all(item.end_to_end_id for item in self.items)

    @property
    def gives_back(self) -> bool:
        """Whether the bank says that payments came back by it."""
        return self.credit and (
            self.reversal or (bool(self.items) and all(item.return_reason for item in self.items))
        )


def entries_of(lines: list[Node]) -> tuple[Entry, ...]:
    """All lines of one message; a reference that it gives twice tells nothing apart and is left out."""
    references = [given(line.text("AcctSvcrRef")) for line in lines]
    seen: set[str | None] = set()
    twice = {one for one in references if one in seen or seen.add(one)}
    return tuple(
        _entry(line, None if reference in twice else reference, position)
        for position, (line, reference) in enumerate(zip(lines, references, strict=True), start=1)
    )


def is_credit(block: Node) -> bool:
    indicator = block.must("CdtDbtInd")
    if indicator not in ("CRDT", "DBIT"):
        raise block.refused("CdtDbtInd")
    return indicator == "CRDT"


def given(text: str | None) -> str | None:
    return None if text == NOTPROVIDED else text


def _entry(line: Node, reference: str | None, position: int) -> Entry:
    cents, status = line.cents("Amt"), line.must("Sts/Cd", "Sts")
    details = line.all("NtryDtls/TxDtls")
    items = tuple(_item(detail, cents if len(details) == 1 else None) for detail in details)
    booked_on = line.day("BookgDt") if status == "BOOK" or line.maybe("BookgDt") else None
    orders = {item.order_id for item in items}
    return Entry(
        reference=reference,
        position=position,
        cents=cents,
        credit=is_credit(line),
        status=status,
        booked_on=booked_on,
        value_date=line.day("ValDt") if line.maybe("ValDt") else booked_on,
        reversal=line.text("RvslInd") in ("true", "1"),
        order_id=given(line.text("NtryDtls/Btch/PmtInfId")) or (orders.pop() if len(orders) == 1 else None),
        charges_cents=_charges(line) or sum(item.charges_cents for item in items),
        code=line.text("BkTxCd/Domn/Fmly/SubFmlyCd"),
        items=items,
        told=" · ".join(dict.fromkeys(text for name, text in line.texts() if name in _TEXTS))[:2000],
    )


def _item(detail: Node, whole_cents: int | None) -> Item:
    amounts = ("AmtDtls/InstdAmt/Amt", "AmtDtls/TxAmt/Amt", "Amt")
    in_euro = [path for path in amounts if (found := detail.maybe(path)) and found.currency() == "EUR"]
    cents = detail.cents(in_euro[0]) if in_euro else whole_cents
    if cents is None:
        raise detail.refused("Amt")
    return Item(
        cents=cents,
        end_to_end_id=given(detail.text("Refs/EndToEndId")),
        order_id=given(detail.text("Refs/PmtInfId")),
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
