"""Batches: payments of one member and account, authorised by two people who approved none of them.

The payment file is made once, checked, and kept: whoever downloads it later gets the same bytes.
"""

import hashlib
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
from services.reimbursements.claims import payout_of, propose
from services.reimbursements.iban import bic_of
from services.reimbursements.kinds import claims, payments
from services.reimbursements.models import Batch, Budget, Case, Claim, Payee, PayingAccount, Payment, PaymentFile
from services.reimbursements.posting import Occasion
from services.reimbursements.sepa import Address, Order, Party, Transfer, write
from services.reimbursements.sepa_check import check
from services.reimbursements.target import execution_day
from services.reimbursements.vault import Vault

MOST = 5000


class Propose(Input):
    member: UUID = Field(title="Paying member")
    budget: UUID | None = Field(None, title="Only of this budget line")


@rule(BATCH, "propose")
async def propose_batch(work: Work[Batch], given: Propose, at: Moment) -> facts.Proposed:
    """Everything that this member owes from the account of the earliest due payment."""
    tx = work.tx
    due = await _proposed(tx, given.member, given.budget)
    if not due:
        raise DomainError("nothing-to-pay", "member", status=409)
    account, chosen = await _of_one_account(tx, due)
    execution = execution_day(at.today(), min(payment.due_on for payment in chosen))
    batch = Batch(
        id=new_id(),
        member=given.member,
        account=account,
        message_id=f"RELAIS-{new_id().hex[:20]}",
        execution_date=execution,
        sum_cents=sum(payment.amount_cents for payment in chosen),
        payments=len(chosen),
        approvers=sorted({payment.approved_by for payment in chosen}),
        proposed_at=at.now,
    )
    work.row = batch
    for payment in chosen:
        payment.batch = batch.id
        work.beside(payments, payment, "put_in_batch", payment_facts.Batched(batch=batch.id))
    return facts.Proposed(
        member=given.member, payments=batch.payments, sum_cents=batch.sum_cents, execution_date=execution
    )


@rule(BATCH, "second")
async def second(work: Work[Batch], given: Nothing, at: Moment) -> facts.Seconded:
    """The first of the two who authorise."""
    _may_authorise(work)
    work.row.first = work.actor.person
    return facts.Seconded()


@rule(BATCH, "authorise")
async def authorise(work: Work[Batch], given: Nothing, at: Moment) -> facts.Authorised:
    """The second person: the file is written, checked and kept, and the money is ordered."""
    batch, tx = work.row, work.tx
    _may_authorise(work)
    if work.actor.person == batch.first:
        raise DomainError("authorised-yourself", status=403)
    batch.second = work.actor.person
    if batch.execution_date <= at.today():
        batch.execution_date = execution_day(at.today(), at.today())
    rows = await payments_of(tx, batch.id)
    claimed = await _claims_of(tx, rows)
    content = await _written(tx, batch, rows, claimed, at)
    batch.file_hash = hashlib.sha256(content).hexdigest()
    payouts = [payout_of(claimed[payment.claim]) for payment in rows]
    occasion = Occasion(named_id("posting", "order", batch.id), at.today())
    await ledger.order(tx.session, occasion, batch.id, payouts)
    for payment in rows:
        sent = payment_facts.Sent(batch=batch.id, execution_date=batch.execution_date)
        work.beside(payments, payment, "send", sent)
        ordered = claim_facts.Ordered(payment=payment.id, batch=batch.id)
        work.beside(claims, claimed[payment.claim], "order", ordered)
    return facts.Authorised(
        message_id=batch.message_id, file_hash=batch.file_hash, sum_cents=batch.sum_cents, payments=batch.payments
    )


@rule(BATCH, "withdraw")
async def withdraw(work: Work[Batch], given: Nothing, at: Moment) -> facts.Withdrawn:
    """Before ordering the payments are free again; after it each gets a new attempt."""
    batch, tx = work.row, work.tx
    if batch.second == work.actor.person:
        raise DomainError("withdraw-by-another", status=403)
    rows = await payments_of(tx, batch.id)
    if batch.state != "authorised":
        for payment in rows:
            payment.batch = None
            work.beside(payments, payment, "take_out", payment_facts.TakenOut(batch=batch.id))
        return facts.Withdrawn()
    claimed = await _claims_of(tx, rows)
    if any(claim.state != "ordered" for claim in claimed.values()):
        raise DomainError("payment-booked", status=409)
    payouts = [payout_of(claim) for claim in claimed.values()]
    occasion = Occasion(named_id("posting", "withdraw_order", batch.id), at.today())
    await ledger.withdraw_order(tx.session, occasion, batch.id, payouts)
    for payment in rows:
        order_anew(work, payment, claimed[payment.claim])
    return facts.Withdrawn()


def order_anew(work: Work[Batch], payment: Payment, claim: Claim) -> None:
    """The payer's cause: the approval stands, the payment is proposed once more with the next attempt."""
    assert claim.approved_by is not None
    work.beside(payments, payment, "withdraw", payment_facts.Withdrawn())
    claim.attempt += 1
    work.beside(claims, claim, "withdraw_order", claim_facts.OrderWithdrawn(attempt=claim.attempt))
    propose(work, claim, payment.payee, claim.approved_by)


async def payments_of(tx: Tx, batch: UUID) -> list[Payment]:
    """The batch's payments by id, locked."""
    statement = select(Payment).where(Payment.batch == batch).order_by(col(Payment.id)).with_for_update()
    return list((await tx.session.exec(statement)).all())


async def file_of(tx: Tx, batch: Batch) -> PaymentFile:
    """The file that was authorised; DomainError("not-found") before that."""
    return await tx.found(PaymentFile, batch.id)


def _may_authorise(work: Work[Batch]) -> None:
    if work.actor.person in work.row.approvers:
        raise DomainError("approved-a-payment", status=403)


async def _proposed(tx: Tx, member: UUID, budget: UUID | None) -> list[Payment]:
    of_line = select(Claim.id).where(Claim.budget == budget)
    statement = (
        select(Payment)
        .where(Payment.member == member, Payment.state == "proposed")
        .where(col(Payment.claim).in_(of_line) if budget else true())
        .order_by(col(Payment.due_on), col(Payment.id))
        .limit(MOST)
        .with_for_update()
    )
    return list((await tx.session.exec(statement)).all())


async def _of_one_account(tx: Tx, due: list[Payment]) -> tuple[UUID, list[Payment]]:
    """Each line pays from one account; a file's batch is of one account."""
    rows = await tx.session.exec(
        select(Claim, Budget).where(
            Claim.budget == Budget.id, col(Claim.id).in_([payment.claim for payment in due])
        )
    )
    account_of = {claim.id: line.account for claim, line in rows}
    account = account_of[due[0].claim]
    return account, [payment for payment in due if account_of[payment.claim] == account]


async def _claims_of(tx: Tx, rows: list[Payment]) -> dict[UUID, Claim]:
    """Their claims, each locked after its case, in the order of the cases."""
    found: dict[UUID, Claim] = {}
    for payment in sorted(rows, key=lambda one: one.case_id):
        await tx.locked(Case, payment.case_id)
        found[payment.claim] = await tx.locked(Claim, payment.claim)
    return found


async def _written(
    tx: Tx, batch: Batch, rows: list[Payment], claimed: dict[UUID, Claim], at: Moment
) -> bytes:
    """Writes the file, has it checked, keeps it; a fault refuses the authorisation with its sentence."""
    vault = tx.tool(Vault)
    account = await tx.found(PayingAccount, batch.account)
    iban = vault.open(account.iban_cipher)
    payer = Party(account.holder, Address(account.town, account.country), iban, bic_of(iban))
    transfers: list[Transfer] = []
    for payment in rows:
        payee = await tx.found(Payee, payment.payee)
        number = vault.open(payee.iban_cipher)
        party = Party(payee.holder, Address(payee.town, payee.country), number, bic_of(number))
        remittance = f"{claimed[payment.claim].number} {account.holder}"
        transfers.append(Transfer(payment.end_to_end_id, payment.amount_cents, party, remittance))
    order = Order(batch.message_id, payer, batch.execution_date, tuple(transfers))
    written = write(batch.message_id, at.now, account.holder, [order])
    used = await _used_before(tx, rows)
    if faults := check(written.content, {order.id: batch.sum_cents}, used):
        raise DomainError(f"file-{faults[0].slug}", status=409, **faults[0].params)
    tx.add(
        PaymentFile(
            batch=batch.id,
            sha256=hashlib.sha256(written.content).hexdigest(),
            content=written.content,
            changes=[asdict(change) for change in written.changes],
        )
    )
    return written.content


async def _used_before(tx: Tx, rows: list[Payment]) -> set[str]:
    """End-to-end ids of earlier files that these payments' ids must not be among."""
    mine = [payment.id for payment in rows]
    statement = select(Payment.end_to_end_id).where(
        col(Payment.end_to_end_id).in_([payment.end_to_end_id for payment in rows]), col(Payment.id).not_in(mine)
    )
    return set((await tx.session.exec(statement)).all())
