"""Which payments a booked entry pays or returns, to the cent; everything else waits in suspense for a person.

All cases, claims, payments and lines of a statement are locked before the first entry is posted.
"""

from collections.abc import Sequence
from typing import Self

from sqlalchemy import or_
from sqlmodel import col, select

from contracts.ids import named_id
from contracts.workdays import Moment
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause
from services.reimbursements import ledger, settling
from services.reimbursements.banking.statements import Entry
from services.reimbursements.models import Budget
from services.reimbursements.payment_models import Batch, PayingAccount, Payment
from services.reimbursements.payments import OPEN, Attempt, locked_all, locked_attempts
from services.reimbursements.posting import Occasion
from services.reimbursements.settling import Booked

NOT_SAID = "NARR"
"""ISO 20022 for a reason that is only told in words."""


class Reconciler:
    """Posts the entries of one statement of one account."""

    def __init__(
        self, tx: Tx, account: PayingAccount, attempts: Sequence[Attempt], orders: dict[str, list[Attempt]]
    ) -> None:
        self._tx = tx
        self._account = account
        self._by_id = {attempt.payment.end_to_end_id: attempt for attempt in attempts}
        self._by_order = orders

    @classmethod
    async def over(cls, tx: Tx, account: PayingAccount, entries: Sequence[Entry]) -> Self:
        """With everything locked that these entries may move."""
        ids = {item.end_to_end_id for entry in entries for item in entry.items if item.end_to_end_id}
        orders = {entry.order_id for entry in entries if entry.order_id}
        named = or_(col(Payment.end_to_end_id).in_(ids), col(Batch.message_id).in_(orders))
        statement = (
            select(Payment.id, Batch.message_id)
            .join(Batch, col(Batch.id) == col(Payment.batch))
            .where(Batch.account == account.id, named)
        )
        order_of = dict((await tx.session.exec(statement)).all())
        attempts = await locked_attempts(tx, order_of)
        await locked_all(tx, Budget, {attempt.claim.budget for attempt in attempts})
        by_order: dict[str, list[Attempt]] = {}
        for attempt in attempts:
            by_order.setdefault(order_of[attempt.payment.id], []).append(attempt)
        return cls(tx, account, attempts, by_order)

    async def post(self, entry: Entry, at: Moment, cause: Cause) -> str:
        """Posts one booked entry and says as what: payment, return, charge or suspense."""
        tx, booked = self._tx, self._booked(entry)
        if entry.is_charge:
            await ledger.charge(
                tx.session, self._occasion("charge", entry, booked), self._account.member,
                self._account.id, entry.cents,
            )  # fmt: skip
            return "charge"
        if entry.credit:
            if attempt := self._came_back(entry):
                reason = entry.items[0].return_reason or NOT_SAID
                await settling.returned(tx, attempt, booked, reason, at, cause)
                return "return"
        elif ordered := self._ordered(entry):
            for attempt in ordered:
                await settling.paid(tx, attempt, booked, at, cause)
            return "payment"
        unknown = ledger.unknown_credit if entry.credit else ledger.unknown_debit
        await unknown(
            tx.session, self._occasion("unknown", entry, booked), self._account.member, self._account.id,
            entry.cents,
        )  # fmt: skip
        return "suspense"

    def _ordered(self, entry: Entry) -> list[Attempt]:
        """The open payments that a debit books: those it names one by one, or a batch booked as one sum."""
        named = {item.end_to_end_id: item.cents for item in entry.items if item.end_to_end_id}
        if named and all(item.end_to_end_id for item in entry.items):
            found = [self._by_id[id] for id in named if id in self._by_id]
            exact = len(found) == len(entry.items) and all(
                one.payment.state in OPEN and one.payment.amount_cents == named[one.payment.end_to_end_id]
                for one in found
            )
        else:
            found = [one for one in self._by_order.get(entry.order_id or "", ()) if one.payment.state in OPEN]
            exact = True
        return found if exact and sum(one.payment.amount_cents for one in found) == entry.cents else []

    def _came_back(self, entry: Entry) -> Attempt | None:
        """The booked payment that a credit returns, less at most the charges it tells of."""
        if len(entry.items) != 1:
            return None
        (item,) = entry.items
        if not (item.return_reason or entry.reversal):
            return None
        attempt = self._by_id.get(item.end_to_end_id or "")
        if attempt is None or attempt.payment.state != "booked":
            return None
        return attempt if entry.cents + entry.charges_cents == attempt.payment.amount_cents else None

    def _booked(self, entry: Entry) -> Booked:
        assert entry.booked_on is not None
        return Booked(self._account, entry.booked_on, entry.value_date or entry.booked_on, entry.cents)

    def _occasion(self, act: str, entry: Entry, booked: Booked) -> Occasion:
        """The bank's reference makes the same entry the same posting, in whatever statement it comes."""
        return Occasion(named_id("posting", act, self._account.id, entry.identity), booked.value_on)
