"""A payment that was refused or withdrawn, and that the bank booked all the same: while two people have not said what
that debit was, its claim is in no batch, else its payee would be paid twice.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, and_, any_, func, or_
from sqlmodel import col, select

from contracts.errors import DomainError
from services.chassis.database import Tx
from services.chassis.many import among
from services.reimbursements.bank.models import StatementEntry, SuspenseLine
from services.reimbursements.models import Claim
from services.reimbursements.payments.models import Payment
from services.reimbursements.payments.payments import Due, payment_of

NOT_PAID = ("refused", "withdrawn")
"""States of a payment in which the bank should never book it."""


async def held_claims(tx: Tx, claims: Collection[UUID]) -> dict[UUID, UUID]:
    """Those of these claims that are held, each with the line in suspense that holds it."""
    statement = (
        select(Payment.claim, SuspenseLine.id)
        .join(StatementEntry, col(StatementEntry.account) == col(Payment.account))
        .join(SuspenseLine, _is_line_of_entry())
        .where(among(Payment.claim, claims), *_held())
    )
    return dict((await tx.session.exec(statement)).all())


async def held_by(tx: Tx, line: UUID) -> list[Claim]:
    """The claims that are held by a line in suspense."""
    claims = (
        select(Payment.claim)
        .join(StatementEntry, col(StatementEntry.account) == col(Payment.account))
        .join(SuspenseLine, _is_line_of_entry())
        .where(SuspenseLine.id == line, *_held())
    )
    found = select(Claim).where(col(Claim.id).in_(claims)).order_by(Claim.number)
    return list((await tx.session.exec(found)).all())


async def must_not_be_held(tx: Tx, claims: Collection[UUID]) -> None:
    """Asked once the claims are locked: whoever reads a statement locks what it names as well."""
    if await held_claims(tx, claims):
        raise DomainError("payment-in-suspense", status=409)


async def in_its_place(tx: Tx, due: Due) -> Payment:
    """The attempt that would be ordered next in place of one that the bank booked all the same, locked; refused unless
    the claim is owed as it was, and nothing else is under way for it."""
    payment, claim = due.payment, due.claim
    if claim.state != "approved" or claim.accepted_cents != payment.amount_cents:
        raise DomainError("claim-not-owed", "payments", id=payment.end_to_end_id)
    newer = await payment_of(tx, claim)
    if newer is None or newer.state != "proposed":
        raise DomainError("payment-in-batch", "payments", status=409)
    return newer


def _is_line_of_entry() -> ColumnElement[bool]:
    return and_(
        col(SuspenseLine.account) == col(StatementEntry.account),
        col(SuspenseLine.identity) == col(StatementEntry.identity),
    )


def _held() -> tuple[ColumnElement[bool], ...]:
    """An entry names its payments one by one, or the order whose whole sum it is."""
    named = func.string_to_array(StatementEntry.end_to_end_id, " ")
    of_order = and_(col(StatementEntry.order_id) != "", col(StatementEntry.order_id) == col(Payment.order_id))
    return (
        col(SuspenseLine.state) != "settled",
        col(SuspenseLine.cents) < 0,
        col(Payment.state).in_(NOT_PAID),
        or_(col(Payment.end_to_end_id) == any_(named), of_order),
    )
