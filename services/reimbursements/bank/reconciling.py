"""What a booked entry means: payments it pays, payments it brings back, a charge; everything else waits in suspense.

There is no tolerance: one cent more or less, and two people look at it. All cases, claims, payments and lines that the
entries of a message may move are locked before the first is posted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Self
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col, select

from contracts.suspense import Why
from services.chassis.database import Tx
from services.chassis.many import among
from services.reimbursements.banking.entries import Entry
from services.reimbursements.claims.models import Demand
from services.reimbursements.claims.recovery import NUMBER
from services.reimbursements.payments.models import PayingAccount, Payment
from services.reimbursements.payments.payments import OPEN, Attempt, locked_attempts


@dataclass(frozen=True)
class Meaning:
    """What an entry is. fees: what was kept of each payment; why: the reason for not knowing. Of a repayment, attempts
    are the one payment that is paid back."""

    kind: Literal["payment", "return", "charge", "repayment", "suspense"]
    attempts: tuple[Attempt, ...] = ()
    fees: tuple[int, ...] = ()
    why: Why = "not_expected"


CHARGE = Meaning("charge")
PAID = ("booked", "returned")
"""States of a payment that the bank has executed, whatever came of it."""


class Reconciler:
    """Knows the payments of one account that the entries of a message name."""

    def __init__(self, attempts: Sequence[Attempt]) -> None:
        self._by_id = {attempt.payment.end_to_end_id: attempt for attempt in attempts}
        self._by_order: dict[str, list[Attempt]] = {}
        for attempt in attempts:
            self._by_order.setdefault(attempt.payment.order_id, []).append(attempt)

    @classmethod
    async def over(cls, tx: Tx, account: PayingAccount, entries: Sequence[Entry]) -> Self:
        """With everything locked that these entries may move."""
        ids = {item.end_to_end_id for entry in entries for item in entry.items if item.end_to_end_id}
        orders = {entry.order_id for entry in entries if entry.order_id and not entry.named}
        named = or_(among(Payment.end_to_end_id, ids), among(Payment.order_id, orders))
        found = await tx.session.exec(select(Payment.id).where(Payment.account == account.id, named))
        demanded = await _demanded(tx, account, entries)
        return cls(await locked_attempts(tx, {*found.all(), *demanded}))

    def meaning(self, entry: Entry) -> Meaning:
        """To be asked again after each posting: what was paid by the entry before is not paid by the next."""
        if entry.is_charge:
            return CHARGE
        if entry.gives_back:
            return self._came_back(entry)
        if entry.credit:
            return self._repayment(entry)
        if entry.reversal:
            return Meaning("suspense", why="reversed")
        return self._ordered(entry) if entry.named else self._one_sum(entry)

    def named(self, end_to_end_ids: Sequence[str]) -> list[Attempt] | None:
        """The payments with these ids, or None if one of them is not of this account or is named twice."""
        found = [self._by_id[id] for id in dict.fromkeys(end_to_end_ids) if id in self._by_id]
        return found if len(found) == len(end_to_end_ids) else None

    def _ordered(self, entry: Entry) -> Meaning:
        """The open payments that a debit names one by one, each to the cent."""
        found = self.named([item.end_to_end_id or "" for item in entry.items])
        if found is None or any(one.payment.state not in (*OPEN, *PAID) for one in found):
            return Meaning("suspense", why="never_ordered")
        if any(one.payment.state in PAID for one in found):
            return Meaning("suspense", why="paid_twice")
        if any(one.payment.amount_cents != item.cents for one, item in zip(found, entry.items, strict=True)):
            return Meaning("suspense", why="amount_differs")
        return self._paid(entry, found, "amount_differs")

    def _one_sum(self, entry: Entry) -> Meaning:
        """A batch that is booked as one sum: all of its payments that are open, if they are that sum."""
        found = [one for one in self._by_order.get(entry.order_id or "", ()) if one.payment.state in OPEN]
        return self._paid(entry, found, "one_sum") if found else Meaning("suspense", why="never_ordered")

    def _repayment(self, entry: Entry) -> Meaning:
        """A credit that names the number of one open demand, and is not more than is open."""
        numbers = demands_named(entry)
        found = [one for one in self._by_id.values() if one.demand and one.demand.number in numbers]
        if len(numbers) != 1 or len(found) != 1 or not found[0].demand:
            return Meaning("suspense", why="not_expected")
        if found[0].claim.state != "recovering" or entry.cents > found[0].demand.open_cents:
            return Meaning("suspense", why="amount_differs")
        return Meaning("repayment", tuple(found))

    def _paid(self, entry: Entry, found: Sequence[Attempt], otherwise: Why) -> Meaning:
        fee = entry.cents - sum(one.payment.amount_cents for one in found)
        if fee not in (0, entry.charges_cents):
            return Meaning("suspense", why=otherwise)
        return Meaning("payment", tuple(found), (fee,) if fee else ())

    def _came_back(self, entry: Entry) -> Meaning:
        """The booked payments that a credit brings back, less at most the charges it tells of."""
        found = self.named([item.end_to_end_id or "" for item in entry.items])
        if not found or any(one.payment.state != "booked" for one in found):
            return Meaning("suspense", why="came_back")
        if any(paid_back(one) for one in found):
            return Meaning("suspense", why="paid_back")
        fee = sum(one.payment.amount_cents for one in found) - entry.cents
        if fee not in (0, entry.charges_cents):
            return Meaning("suspense", why="amount_differs")
        fees = [item.charges_cents for item in entry.items]
        if sum(fees) != fee:
            fees = [fee, *(0 for _ in found[1:])]
        return Meaning("return", tuple(found), tuple(fees))


def demands_named(entry: Entry) -> set[str]:
    """Numbers of demands in what the other side wrote."""
    return set(NUMBER.findall(entry.told.upper()))


def paid_back(attempt: Attempt) -> bool:
    """Whether money of this payment was recovered: then two people look at what the bank returns of it."""
    return attempt.claim.state == "recovered" or bool(attempt.demand and attempt.demand.received_cents)


async def _demanded(tx: Tx, account: PayingAccount, entries: Sequence[Entry]) -> Sequence[UUID]:
    """The payments of this account that are demanded back under a number that an entry names."""
    numbers = {number for entry in entries if entry.credit for number in demands_named(entry)}
    statement = (
        select(Payment.id)
        .join(Demand, col(Demand.claim) == col(Payment.claim))
        .where(col(Demand.number).in_(numbers), Payment.account == account.id, Payment.state == "booked")
    )
    return (await tx.session.exec(statement)).all()
