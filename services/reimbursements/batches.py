"""Batches: payments from one account, authorised by two people who filed and approved none of them.

The payment file is made once, checked, and kept: whoever downloads it later gets the same bytes.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from pydantic import Field
from sqlalchemy import true
from sqlmodel import col, select

from contracts import batch as facts
from contracts import claim as claim_facts
from contracts import payment as payment_facts
from contracts.batch import BATCH
from contracts.errors import DomainError
from contracts.ids import named_id, new_id
from contracts.tables import Input, Nothing
from contracts.workdays import Moment
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.reimbursements import ledger
from services.reimbursements.banking import sepa
from services.reimbursements.banking.iban import bic_of
from services.reimbursements.banking.sepa import Address, Order, Party, Transfer, write
from services.reimbursements.banking.sepa_check import check
from services.reimbursements.banking.target import execution_day
from services.reimbursements.kinds import claims, payments
from services.reimbursements.models import Budget, Claim, Payee
from services.reimbursements.payment_models import Batch, PayingAccount, Payment, PaymentFile
from services.reimbursements.payments import (
    OPEN,
    Attempt,
    ids_in_batch,
    locked_all,
    locked_attempts,
    payout_of,
    propose_anew,
)
from services.reimbursements.posting import Occasion
from services.reimbursements.vault import Vault

MOST = 1000
"""Payments in one batch: all of them are ordered in one transaction, and wait for nobody else meanwhile."""


class Propose(Input):
    member: UUID = Field(title="Paying member")
    budget: UUID | None = Field(None, title="Only of this budget line")


@rule(BATCH, "propose")
async def propose(work: Work[Batch], given: Propose, at: Moment) -> facts.Proposed:
    """Everything that this member owes from the account of the earliest due payment; what is owed to an account
    that is not checked now waits for the next batch."""
    tx = work.tx
    due = await _due(tx, given.member, given.budget)
    if not due:
        raise DomainError("nothing-to-pay", "member", status=409)
    account = due[0][1]
    chosen = [payment for payment, paying in due if paying == account]
    _not_the_claimants(work, chosen)
    work.row = batch = Batch(
        id=new_id(),
        member=given.member,
        account=account,
        message_id=f"RELAIS-{new_id().hex[:20]}",
        execution_date=execution_day(at.today(), min(payment.due_on for payment in chosen)),
        sum_cents=sum(payment.amount_cents for payment in chosen),
        payments=len(chosen),
        proposed_at=at.now,
    )
    for payment in chosen:
        payment.batch = batch.id
        work.beside(payments, payment, "put_in_batch", payment_facts.Batched(batch=batch.id))
    return facts.Proposed(
        member=given.member,
        payments=batch.payments,
        sum_cents=batch.sum_cents,
        execution_date=batch.execution_date,
    )


@rule(BATCH, "second")
async def second(work: Work[Batch], given: Nothing, at: Moment) -> facts.Seconded:
    """The first of the two who authorise."""
    _may_authorise(work, await locked_attempts(work.tx, await ids_in_batch(work.tx, work.row.id)))
    work.row.first = work.actor.person
    return facts.Seconded()


@rule(BATCH, "authorise")
async def authorise(work: Work[Batch], given: Nothing, at: Moment) -> facts.Authorised:
    """The second person: the file is written, checked and kept, and the money is ordered."""
    batch, tx = work.row, work.tx
    attempts = await locked_attempts(tx, await ids_in_batch(tx, batch.id))
    _may_authorise(work, attempts)
    if work.actor.person == batch.first:
        raise DomainError("authorised-yourself", status=403)
    batch.second = work.actor.person
    if batch.execution_date < at.today():
        batch.execution_date = execution_day(at.today(), at.today())
    batch.file_hash = await _write_file(tx, batch, attempts, at)
    occasion = Occasion(named_id("posting", "order", batch.id), at.today())
    await ledger.order(tx.session, occasion, batch.id, [payout_of(one.claim) for one in attempts])
    for one in attempts:
        one.payment.first, one.payment.second = batch.first, batch.second
        sent = payment_facts.Sent(batch=batch.id, execution_date=batch.execution_date)
        work.beside(payments, one.payment, "send", sent)
        ordered = claim_facts.Ordered(payment=one.payment.id, batch=batch.id)
        work.beside(claims, one.claim, "order", ordered)
    return facts.Authorised(
        message_id=batch.message_id,
        file_hash=batch.file_hash,
        sum_cents=batch.sum_cents,
        payments=batch.payments,
    )


@rule(BATCH, "ask_withdrawal")
async def ask_withdrawal(work: Work[Batch], given: Nothing, at: Moment) -> facts.WithdrawalAsked:
    """The first of the two who say that the bank will not execute an authorised file."""
    work.row.asked_by = work.actor.person
    return facts.WithdrawalAsked()


@rule(BATCH, "withdraw")
async def withdraw(work: Work[Batch], given: Nothing, at: Moment) -> facts.Withdrawn:
    """Before ordering the payments are free again; after it two people are needed, and each payment gets a new
    attempt, for its end-to-end id may be known to the bank."""
    batch, tx, cause = work.row, work.tx, work.cause.of_a_step()
    attempts = await locked_attempts(tx, await ids_in_batch(tx, batch.id))
    if batch.state != "authorised":
        for one in attempts:
            one.payment.batch = None
            work.beside(payments, one.payment, "take_out", payment_facts.TakenOut(batch=batch.id))
        return facts.Withdrawn()
    if batch.asked_by is None:
        raise DomainError("ask-withdrawal-first", status=409)
    if batch.asked_by == work.actor.person:
        raise DomainError("withdraw-by-another", status=403)
    if not may_be_taken_back([one.payment for one in attempts]):
        raise DomainError("payment-booked", status=409)
    ordered = [one for one in attempts if one.payment.state in OPEN]
    batch.withdrawn_by = work.actor.person
    occasion = Occasion(named_id("posting", "withdraw_order", batch.id), at.today())
    await ledger.withdraw_order(tx.session, occasion, batch.id, [payout_of(one.claim) for one in ordered])
    for one in ordered:
        await propose_anew(tx, one, at, cause)
    return facts.Withdrawn()


def may_be_taken_back(rows: Sequence[Payment]) -> bool:
    """Whether an authorised batch may still be withdrawn: the bank has executed none of its payments."""
    states = {row.state for row in rows}
    return bool(states.intersection(OPEN)) and not states.intersection(("booked", "returned"))


async def file_of(tx: Tx, batch: Batch) -> tuple[bytes, PaymentFile]:
    """The bytes that were authorised, and what is known of them; DomainError("not-found") before that."""
    kept = await tx.found(PaymentFile, batch.id)
    return tx.tool(Vault).open(kept.content, batch.id), kept


def _may_authorise(work: Work[Batch], attempts: Sequence[Attempt]) -> None:
    _not_the_claimants(work, [one.payment for one in attempts])
    if any(work.actor.person in one.payment.barred for one in attempts):
        raise DomainError("approved-a-payment", status=403)


def _not_the_claimants(work: Work[Batch], rows: Sequence[Payment]) -> None:
    """Nobody handles a payment to their own organisation."""
    own = work.actor.scopes("member") | work.actor.scopes("owner")
    if any(payment.organisation in own for payment in rows):
        raise DomainError("own-claim", status=403)


async def _due(tx: Tx, member: UUID, budget: UUID | None) -> list[tuple[Payment, UUID]]:
    """Payments that wait for a batch, the earliest due first, each with the account that its line pays from."""
    statement = (
        select(Payment, Budget.account)
        .join(Claim, col(Claim.id) == col(Payment.claim))
        .join(Budget, col(Budget.id) == col(Claim.budget))
        .join(Payee, col(Payee.id) == col(Payment.payee))
        .where(Payment.member == member, Payment.state == "proposed", Payee.state == "checked")
        .where(Claim.budget == budget if budget else true())
        .order_by(col(Payment.due_on), col(Payment.id))
        .limit(MOST)
        .with_for_update(of=Payment)
    )
    return [(payment, account) for payment, account in (await tx.session.exec(statement)).all()]


async def _write_file(tx: Tx, batch: Batch, attempts: Sequence[Attempt], at: Moment) -> str:
    """Writes the file, has it checked, keeps it, answers its hash; a fault refuses the authorisation."""
    vault = tx.tool(Vault)
    account = await tx.found(PayingAccount, batch.account)
    payees = await locked_all(tx, Payee, {one.payment.payee for one in attempts})
    if unchecked := [payee.holder for payee in payees.values() if payee.state != "checked"]:
        raise DomainError("payee-changed", status=409, holder=unchecked[0])
    payer = _party(vault, account)
    transfers = tuple(
        Transfer(
            one.payment.end_to_end_id,
            one.payment.amount_cents,
            _party(vault, payees[one.payment.payee]),
            f"{one.claim.number} {account.holder}",
        )
        for one in attempts
    )
    order = Order(batch.message_id, payer, batch.execution_date, transfers)
    written = await asyncio.to_thread(_checked, order, batch.sum_cents, at)
    sha256 = hashlib.sha256(written.content).hexdigest()
    changes = [asdict(change) for change in written.changes]
    content = vault.seal(written.content, batch.id)
    tx.add(PaymentFile(batch=batch.id, sha256=sha256, content=content, changes=changes))
    return sha256


def _checked(order: Order, authorised_cents: int, at: Moment) -> sepa.PaymentFile:
    """The file, read again from its bytes. Ids of earlier files cannot be in it: they are unique in the database."""
    written = write(order.id, at.now, order.payer.name, [order])
    if faults := check(written.content, {order.id: authorised_cents}, ()):
        raise DomainError(f"file-{faults[0].slug}", None, status=409, **faults[0].params)
    return written


def _party(vault: Vault, row: Payee | PayingAccount) -> Party:
    iban = vault.open(row.iban_cipher, row.id).decode()
    return Party(row.holder, Address(row.town, row.country), iban, bic_of(iban))
