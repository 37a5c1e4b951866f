"""What the bank answers becomes money: statements are read in order, each booked entry is posted once.

Only a booked entry of a statement means paid. A status report (pain.002) is information, but for refusals.
"""

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlmodel import col, select

from contracts import batch as batch_facts
from contracts import claim as claim_facts
from contracts import payment as payment_facts
from contracts import statement as facts
from contracts.batch import BATCH
from contracts.errors import DomainError
from contracts.ids import named_id, new_id
from contracts.statement import STATEMENT
from contracts.tables import Input
from contracts.workdays import Moment
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.chassis.files import Files, kept
from services.chassis.web.look.forms import Upload
from services.reimbursements import ledger, statements
from services.reimbursements.batches import order_anew, payments_of
from services.reimbursements.claims import fresh_due, open_for, payout_of, terms_of
from services.reimbursements.kinds import claims, payments
from services.reimbursements.models import Batch, Budget, Case, Claim, PayingAccount, Payment, Reservation, Statement, StatementEntry
from services.reimbursements.posting import Occasion
from services.reimbursements.kinds import reservations
from services.reimbursements.vault import Vault
from contracts import reservation as reservation_facts


class Read(Input):
    file: Annotated[str, Upload(".xml")] = Field(title="File of the bank", description="camt.053 as XML")


class Report(Input):
    file: Annotated[str, Upload(".xml")] = Field(title="Status report of the bank", description="pain.002 as XML")


@dataclass(frozen=True)
class Line:
    """One booked entry with the account and statement that it stands in."""

    entry: statements.Entry
    account: PayingAccount

    @property
    def booked_on(self) -> date:
        assert self.entry.booked_on is not None
        return self.entry.booked_on

    @property
    def value_on(self) -> date:
        return self.entry.value_date or self.booked_on

    @property
    def identity(self) -> tuple[str, str]:
        return (str(self.account.id), self.entry.identity)


@rule(STATEMENT, "import")
async def read(work: Work[Statement], given: Read, at: Moment) -> facts.Imported:
    """Reads one statement whole, or refuses it whole."""
    tx = work.tx
    content = await _content(work, given.file)
    found = statements.read_statements(content)
    if len(found) != 1:
        raise DomainError("one-statement", "file", found=len(found))
    statement = found[0]
    account = await _account(tx, statement.account)
    last = await _last(tx, account.id)
    if last is None:
        if statement.opening_cents:
            occasion = Occasion(named_id("posting", "opening", account.id), statement.closed_on)
            await ledger.opening_balance(
                tx.session, occasion, account.member, account.id, statement.opening_cents
            )
    else:
        statement.must_continue(last.closing_cents)
    row = Statement(
        id=new_id(),
        member=account.member,
        account=account.id,
        statement_id=statement.id,
        booked_to=statement.closed_on,
        opening_cents=statement.opening_cents,
        closing_cents=statement.closing_cents,
        entries=len(statement.entries),
        imported_at=at.now,
    )
    work.row = row
    for entry in statement.entries:
        if entry.booked:
            await _post(work, row, Line(entry, account), at)
    return facts.Imported(
        member=account.member,
        statement_id=statement.id,
        booked_to=statement.closed_on,
        entries=len(statement.entries),
        closing_cents=statement.closing_cents,
    )


async def _post(work: Work[Statement], statement: Statement, line: Line, at: Moment) -> None:
    """Posts an entry once: as the payments it books or returns, as a charge, or into suspense."""
    tx, entry = work.tx, line.entry
    known = select(StatementEntry).where(
        StatementEntry.account == line.account.id, StatementEntry.identity == entry.identity
    )
    if (await tx.session.exec(known)).one_or_none() is not None:
        return
    if entry.is_charge:
        occasion = Occasion(named_id("posting", "charge", *line.identity), line.value_on)
        await ledger.charge(tx.session, occasion, line.account.member, line.account.id, entry.cents)
        posted = "charge"
    elif entry.credit:
        posted = await _returned(work, line, at)
    else:
        posted = await _paid(work, line, at)
    tx.add(
        StatementEntry(
            id=new_id(),
            account=line.account.id,
            statement=statement.id,
            identity=entry.identity,
            cents=entry.signed_cents,
            booked_on=line.booked_on,
            value_on=line.value_on,
            end_to_end_id=" ".join(filter(None, (item.end_to_end_id for item in entry.items)))[:500],
            posted_as=posted,
        )
    )


async def _paid(work: Work[Statement], line: Line, at: Moment) -> str:
    """A debit that books payments we ordered, one by one or a batch as one sum; anything else is suspense."""
    tx, entry = work.tx, line.entry
    rows = await _ordered(tx, line)
    if not rows or sum(payment.amount_cents for payment in rows) != entry.cents:
        occasion = Occasion(named_id("posting", "unknown", *line.identity), line.value_on)
        await ledger.unknown_debit(tx.session, occasion, line.account.member, line.account.id, entry.cents)
        return "suspense"
    for payment in rows:
        case = await tx.locked(Case, payment.case_id)
        claim = await tx.locked(Claim, payment.claim)
        budget = await tx.locked(Budget, claim.budget)
        assert payment.batch is not None
        payment.inside = budget.action_start <= line.value_on <= budget.action_end
        occasion = Occasion(named_id("posting", "book", payment.id), line.value_on, case=case.id, claim=claim.id)
        await ledger.book(
            tx.session, occasion, payment.batch, line.account.id, [payout_of(claim)], inside=payment.inside
        )
        claim.paid_cents, claim.booked_on = payment.amount_cents, line.booked_on
        claim.due_at = at.plus_target_days(terms_of(case).return_days)
        booked = payment_facts.Booked(
            amount_cents=payment.amount_cents, booked_on=line.booked_on, value_date=line.value_on
        )
        work.beside(payments, payment, "book", booked)
        paid = claim_facts.Paid(
            paid_cents=claim.paid_cents, booked_on=line.booked_on, due_at=claim.due_at
        )
        work.beside(claims, claim, "book", paid)
    return "payment"


async def _returned(work: Work[Statement], line: Line, at: Moment) -> str:
    """A credit that returns a booked payment; anything else is suspense."""
    tx, entry = work.tx, line.entry
    item = entry.items[0] if len(entry.items) == 1 else None
    payment = await _booked_payment(tx, item.end_to_end_id) if item and item.end_to_end_id else None
    if item is None or payment is None or entry.cents + item.charges_cents != payment.amount_cents:
        occasion = Occasion(named_id("posting", "unknown", *line.identity), line.value_on)
        await ledger.unknown_credit(tx.session, occasion, line.account.member, line.account.id, entry.cents)
        return "suspense"
    case = await tx.locked(Case, payment.case_id)
    claim = await tx.locked(Claim, payment.claim)
    fee = payment.amount_cents - entry.cents
    reason = item.return_reason or "NOAS"
    work.beside(payments, payment, "return", payment_facts.Returned(reason=reason))
    occasion = Occasion(named_id("posting", "return", payment.id), line.value_on, case=case.id, claim=claim.id)
    inside = bool(payment.inside)
    if claim.state == "paid":
        await ledger.take_back(
            tx.session, occasion, line.account.id, payout_of(claim), inside=inside, fee_cents=fee
        )
        await fail(work, claim, reason, at)
        return "return"
    await _replace(work, case, claim, occasion, line, fee, inside, at)
    return "return"


async def _replace(
    work: Work[Statement], case: Case, claim: Claim, occasion: Occasion, line: Line, fee: int, inside: bool,
    at: Moment,
) -> None:  # fmt: skip
    """A return after closing: the money is committed on a new reservation, and a replacing claim is opened."""
    tx = work.tx
    cause = work.cause.of_a_step()
    await tx.locked(Budget, claim.budget)
    reservation = Reservation(
        id=new_id(),
        case_id=case.id,
        round=case.round,
        purpose="replacing_claim",
        budget=claim.budget,
        payer=claim.payer,
        partnership=claim.partnership,
        amount_cents=claim.paid_cents,
        queued_at=at.now,
    )
    await ledger.take_back_after_closing(
        tx.session, occasion, line.account.id, payout_of(claim), reservation.id, inside=inside, fee_cents=fee
    )
    made = reservation_facts.Made(
        budget=claim.budget, amount_cents=claim.paid_cents, round=case.round, purpose="replacing_claim"
    )
    await reservations.record(tx, reservation, "reserve", made, at, cause)
    committed = reservation_facts.Committed(amount_cents=claim.paid_cents)
    await reservations.record(tx, reservation, "commit", committed, at, cause)
    newer = await open_for(
        tx, case, reservation, claim.paid_cents, claim.lines, claim.pay_by, at, cause, replaces=claim.id
    )
    work.beside(claims, claim, "replace", claim_facts.Replaced(by=newer.id))


async def fail(work: Work[Statement] | Work[Batch], claim: Claim, reason: str, at: Moment) -> None:
    """The payee's cause: the claim is the claimant's again, with what was drawn given back."""
    claim.attempt += 1
    claim.paid_cents = 0
    claim.booked_on = None
    claim.reason = "account"
    claim.verified_by = claim.approved_by = None
    claim.due_at = await fresh_due(work.tx, claim, at)
    body = claim_facts.PaymentFailed(reason=reason, attempt=claim.attempt, due_at=claim.due_at)
    work.beside(claims, claim, "fail_payment", body)


@rule(BATCH, "read_report")
async def read_report(work: Work[Batch], given: Report, at: Moment) -> batch_facts.ReportRead:
    """Refusals for the payee's cause return the claim; for the payer's cause it is proposed anew."""
    batch, tx = work.row, work.tx
    report = statements.read_status_report(await _content(work, given.file))
    if report.original_message_id != batch.message_id:
        raise DomainError("report-of-another", "file")
    accepted = refused = 0
    for payment in await payments_of(tx, batch.id):
        status = report.status_of(batch.message_id, payment.end_to_end_id)
        if status is None or payment.state not in ("sent", "accepted"):
            continue
        if not status.refused:
            accepted += 1
            if payment.state == "sent":
                work.beside(payments, payment, "accept", payment_facts.Accepted(status=status.code))
            continue
        refused += 1
        await tx.locked(Case, payment.case_id)
        claim = await tx.locked(Claim, payment.claim)
        occasion = Occasion(named_id("posting", "refuse", payment.id), at.today(), payment.case_id, claim.id)
        if status.payees_cause:
            await ledger.refuse_payee(tx.session, occasion, batch.id, payout_of(claim))
            body = payment_facts.Refused(reason=status.reason or "NARR")
            work.beside(payments, payment, "refuse", body)
            await fail(work, claim, status.reason or "NARR", at)
        else:
            await ledger.withdraw_order(tx.session, occasion, batch.id, [payout_of(claim)])
            order_anew(work, payment, claim)
    return batch_facts.ReportRead(accepted=accepted, refused=refused)


async def _content(work: Work[Statement] | Work[Batch], file: str) -> bytes:
    stored = await kept(work.tx, [file], work.actor.person, "file")
    return work.tx.tool(Files).read(stored[0].id)


async def _account(tx: Tx, iban: str) -> PayingAccount:
    mark = tx.tool(Vault).fingerprint(iban)
    found = select(PayingAccount).where(PayingAccount.iban_hash == mark).with_for_update()
    account = (await tx.session.exec(found)).one_or_none()
    if account is None:
        raise DomainError("statement-of-another", "file")
    return account


async def _last(tx: Tx, account: UUID) -> Statement | None:
    statement = select(Statement).where(Statement.account == account).order_by(col(Statement.id).desc()).limit(1)
    return (await tx.session.exec(statement)).one_or_none()


async def _ordered(tx: Tx, line: Line) -> list[Payment]:
    """The payments that a debit names: by end-to-end id, or all of a batch that was booked as one sum."""
    entry = line.entry
    ids = [item.end_to_end_id for item in entry.items if item.end_to_end_id]
    statement = select(Payment).where(col(Payment.state).in_(("sent", "accepted")))
    if ids:
        statement = statement.where(col(Payment.end_to_end_id).in_(ids))
    elif entry.order_id:
        batch = (await tx.session.exec(select(Batch).where(Batch.message_id == entry.order_id))).one_or_none()
        if batch is None:
            return []
        statement = statement.where(Payment.batch == batch.id)
    else:
        return []
    return list((await tx.session.exec(statement.order_by(col(Payment.id)).with_for_update())).all())


async def _booked_payment(tx: Tx, end_to_end_id: str) -> Payment | None:
    statement = select(Payment).where(Payment.end_to_end_id == end_to_end_id, Payment.state == "booked")
    return (await tx.session.exec(statement.with_for_update())).one_or_none()
