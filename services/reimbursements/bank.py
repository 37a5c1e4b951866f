"""What the bank answers becomes money: statements are read in order, each booked entry is posted once.

Only a booked entry of a statement means paid. A status report (pain.002) is information, but for refusals.
"""

import asyncio
from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlmodel import col, select

from contracts import batch as batch_facts
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
from services.reimbursements import ledger
from services.reimbursements.banking import statements
from services.reimbursements.kinds import payments
from services.reimbursements.ledger_tables import Account
from services.reimbursements.payment_models import Batch, PayingAccount, Statement, StatementEntry
from services.reimbursements.payments import OPEN, ids_in_batch, locked_attempts, payout_of, propose_anew
from services.reimbursements.posting import Occasion, Side, last_number
from services.reimbursements.reconciling import NOT_SAID, Reconciler
from services.reimbursements.settling import occasion_of, refused
from services.reimbursements.vault import Vault

OF_THE_BANK = ".xml"
"""The kind of file that a bank sends."""


class Read(Input):
    file: Annotated[str, Upload(OF_THE_BANK)] = Field(
        title="File of the bank", description="One day's statement, camt.053 as XML."
    )


class Report(Input):
    file: Annotated[str, Upload(OF_THE_BANK)] = Field(
        title="Status report of the bank", description="pain.002 as XML."
    )


@rule(STATEMENT, "import")
async def read(work: Work[Statement], given: Read, at: Moment) -> facts.Imported:
    """Reads one statement whole, or refuses it whole."""
    tx = work.tx
    found = await asyncio.to_thread(statements.read_statements, await _content(work, given.file))
    if len(found) != 1:
        raise DomainError("one-statement", "file", found=len(found))
    (statement,) = found
    account = await _account(work, statement.account)
    await _continues(tx, account, statement)
    work.row = row = Statement(
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
    new = await _not_posted_yet(tx, account.id, [entry for entry in statement.entries if entry.booked])
    reconciler = await Reconciler.over(tx, account, new)
    for entry in new:
        posted = await reconciler.post(entry, at, work.cause.of_a_step())
        tx.add(_line(row, entry, posted))
    row.bank_number = await last_number(tx.session, Side(Account.BANK, account.member, account.id))
    return facts.Imported(
        member=account.member,
        statement_id=statement.id,
        booked_to=statement.closed_on,
        entries=len(statement.entries),
        closing_cents=statement.closing_cents,
    )


@rule(BATCH, "read_report")
async def read_report(work: Work[Batch], given: Report, at: Moment) -> batch_facts.ReportRead:
    """Refusals for the payee's cause return the claim; for the payer's cause it is proposed anew."""
    batch, tx, cause = work.row, work.tx, work.cause.of_a_step()
    content = await _content(work, given.file)
    report = await asyncio.to_thread(statements.read_status_report, content)
    if report.original_message_id != batch.message_id:
        raise DomainError("report-of-another", "file")
    taken = turned_down = 0
    for attempt in await locked_attempts(tx, await ids_in_batch(tx, batch.id)):
        payment = attempt.payment
        status = report.status_of(batch.message_id, payment.end_to_end_id)
        if status is None or payment.state not in OPEN:
            continue
        taken, turned_down = taken + status.accepted, turned_down + status.refused
        if status.accepted and payment.state == "sent":
            body = payment_facts.Accepted(status=status.code)
            await payments.record(tx, payment, "accept", body, at, cause)
        elif status.refused and status.payees_cause:
            await refused(tx, attempt, status.reason or NOT_SAID, at, cause)
        elif status.refused:
            await ledger.withdraw_order(
                tx.session, occasion_of("refuse", payment, at.today()), batch.id, [payout_of(attempt.claim)]
            )
            await propose_anew(tx, attempt, at, cause)
    return batch_facts.ReportRead(accepted=taken, refused=turned_down)


async def _content(work: Work[Statement] | Work[Batch], file: str) -> bytes:
    (stored,) = await kept(work.tx, [file], work.actor.person, "file")
    return work.tx.tool(Files).read(stored.id)


async def _account(work: Work[Statement], iban: str) -> PayingAccount:
    """The account, locked, if the reader pays from it: its statements are read one after the other."""
    mark = work.tx.tool(Vault).fingerprint(iban)
    statement = select(PayingAccount).where(PayingAccount.iban_hash == mark).with_for_update()
    account = (await work.tx.session.exec(statement)).one_or_none()
    if account is None or account.member not in work.actor.scopes("treasurer"):
        raise DomainError("statement-of-another", "file")
    return account


async def _continues(tx: Tx, account: PayingAccount, statement: statements.Statement) -> None:
    """Each statement begins where the last one ended; the first one opens the account in the ledger."""
    read_before = select(Statement).where(Statement.account == account.id)
    last = (await tx.session.exec(read_before.order_by(col(Statement.id).desc()).limit(1))).first()
    if last is None:
        if statement.opening_cents:
            occasion = Occasion(named_id("posting", "opening", account.id), statement.closed_on)
            await ledger.opening_balance(
                tx.session, occasion, account.member, account.id, statement.opening_cents
            )
        return
    same = read_before.where(Statement.statement_id == statement.id)
    if (await tx.session.exec(same)).first() is not None:
        raise DomainError("statement-once", "file", status=409)
    statement.must_continue(last.closing_cents)


async def _not_posted_yet(
    tx: Tx, account: UUID, entries: Sequence[statements.Entry]
) -> list[statements.Entry]:
    known = select(StatementEntry.identity).where(
        StatementEntry.account == account,
        col(StatementEntry.identity).in_([entry.identity for entry in entries]),
    )
    posted = set((await tx.session.exec(known)).all())
    return [entry for entry in entries if entry.identity not in posted]


def _line(statement: Statement, entry: statements.Entry, posted: str) -> StatementEntry:
    assert entry.booked_on is not None
    return StatementEntry(
        id=new_id(),
        account=statement.account,
        statement=statement.id,
        identity=entry.identity,
        cents=entry.signed_cents,
        booked_on=entry.booked_on,
        value_on=entry.value_date or entry.booked_on,
        end_to_end_id=" ".join(item.end_to_end_id for item in entry.items if item.end_to_end_id)[:500],
        posted_as=posted,
    )
