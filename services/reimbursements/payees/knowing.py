"""Whose an account number is known to be, beside the payee who gives it: another payee's, the payer's own, or that of
somebody who works there. Nobody is paid to such an account before two people have given a reason."""

from collections.abc import Collection
from typing import Any

from sqlmodel import col, select

from contracts import payee as facts
from contracts.workdays import Moment
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause
from services.chassis.many import among
from services.reimbursements.kinds import payees
from services.reimbursements.payees.models import Payee, StaffAccount
from services.reimbursements.payments.models import PayingAccount


async def known_as(tx: Tx, row: Payee, mark: str) -> facts.Why | None:
    """As what an account that is being given is known, by the keyed hash of its number."""
    others = select(Payee.id).where(Payee.iban_hash == mark, Payee.organisation != row.organisation)
    own = select(PayingAccount.id).where(PayingAccount.iban_hash == mark)
    staff = select(StaffAccount.member).where(StaffAccount.iban_hash == mark)
    looked_at: tuple[tuple[facts.Why, Any], ...] = (
        ("payer", own),
        ("staff", staff),
        ("another_payee", others),
    )
    with tx.session.no_autoflush:
        for why, statement in looked_at:
            if (await tx.session.exec(statement)).first() is not None:
                return why
    return None


async def block_known(tx: Tx, marks: Collection[str], why: facts.Why, at: Moment, cause: Cause) -> None:
    """What was given, and perhaps checked, before it became known whose it is. Two people who have excused that
    already are not asked again."""
    given = (
        select(Payee)
        .where(among(Payee.iban_hash, marks), col(Payee.state).in_(("entered", "checked")))
        .where(Payee.blocked != why)
        .order_by(col(Payee.id))
        .with_for_update()
    )
    for payee in (await tx.session.exec(given)).all():
        payee.blocked, payee.excuse, payee.excused_by, payee.released_by = why, "", None, None
        payee.checked_by, payee.outcome, payee.remark = None, "", ""
        body = facts.Blocked(organisation=payee.organisation, why=why)
        await payees.record(tx, payee, "block", body, at, cause)
