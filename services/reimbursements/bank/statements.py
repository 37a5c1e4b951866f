"""What the bank answers becomes money: statements are read in order, each booked entry is posted once.

Only a booked entry of a statement means paid. A status report (pain.002) is information, but for refusals.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy import insert
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
from services.chassis.many import among
from services.chassis.web.look.forms import Upload
from services.reimbursements.bank.advising import advised
from services.reimbursements.bank.models import Statement, StatementEntry
from services.reimbursements.bank.receiving import account_of, contents_of, sealed_file
from services.reimbursements.bank.reconciling import Reconciler, demands_named
from services.reimbursements.bank.settling import NOT_SAID, Booked, occasion_of, refused
from services.reimbursements.bank.suspense import post
from services.reimbursements.banking import reports, statements
from services.reimbursements.banking.entries import Entry
from services.reimbursements.kinds import payments
from services.reimbursements.ledger import acts as ledger
from services.reimbursements.ledger.posting import Occasion, Side, balance, last_number, together
from services.reimbursements.ledger.tables import Account
from services.reimbursements.payments.models import Batch, PayingAccount
from services.reimbursements.payments.payments import (
    OPEN,
    ids_in_batch,
    locked_attempts,
    payout_of,
    propose_anew,
)

OF_THE_BANK = ".xml"
"""The kind of file that a bank sends."""


class Read(Input):
    file: Annotated[str, Upload(OF_THE_BANK)] = Field(
        title="File of the bank", description="One day's statement, camt.053 as XML."
    )
    pages: Annotated[list[str], Upload(OF_THE_BANK)] = Field(
        default_factory=list,
        title="Further pages",
        description="Only if your bank splits a statement into files.",
    )


class Report(Input):
    file: Annotated[str, Upload(OF_THE_BANK)] = Field(
        title="Status report of the bank", description="pain.002 as XML."
    )


@rule(STATEMENT, "import")
async def read(work: Work[Statement], given: Read, at: Moment) -> facts.Imported:
    """Reads one statement whole, or refuses it whole."""
    tx = work.tx
    contents = await contents_of(work, [given.file, *given.pages])
    found = await asyncio.to_thread(statements.read_statements, *contents)
    if len(found) != 1:
        raise DomainError("one-statement", "file", found=len(found))
    (statement,) = found
    account = await account_of(work, statement.account)
    await _continues(tx, account, statement)
    work.row = row = Statement(
        id=new_id(),
        member=account.member,
        account=account.id,
        statement_id=statement.id,
        number=statement.number,
        booked_to=statement.closed_on,
        opening_cents=statement.opening_cents,
        closing_cents=statement.closing_cents,
        entries=len(statement.booked),
        imported_at=at.now,
    )
    for content in contents:
        tx.add(sealed_file(tx, row.id, account.member, content))
    await _post_all(work, account, statement, at)
    bank = Side(Account.BANK, account.member, account.id)
    if await balance(tx.session, bank) != statement.closing_cents:
        raise DomainError("statement-does-not-add-up", "file")
    row.bank_number = await last_number(tx.session, bank)
    return facts.Imported(
        member=account.member,
        statement_id=statement.id,
        booked_to=statement.closed_on,
        entries=row.entries,
        closing_cents=statement.closing_cents,
    )


@rule(BATCH, "read_report")
async def read_report(work: Work[Batch], given: Report, at: Moment) -> batch_facts.ReportRead:
    """Refusals for the payee's cause return the claim; for the payer's cause it is proposed anew."""
    batch, tx, cause = work.row, work.tx, work.cause.of_a_step()
    (content,) = await contents_of(work, [given.file])
    report = await asyncio.to_thread(reports.read_status_report, content)
    if report.original_message_id != batch.message_id:
        raise DomainError("report-of-another", "file")
    tx.add(sealed_file(tx, batch.id, batch.member, content))
    taken = turned_down = 0
    attempts = await locked_attempts(tx, await ids_in_batch(tx, batch.id))
    async with tx.outbox.together(), together(tx.session):
        for attempt in attempts:
            payment = attempt.payment
            status = report.status_of(payment.order_id, payment.end_to_end_id)
            if status is None or payment.state not in OPEN:
                continue
            taken, turned_down = taken + status.accepted, turned_down + status.refused
            if status.accepted and payment.state == "sent":
                body = payment_facts.Accepted(status=status.code)
                await payments.record(tx, payment, "accept", body, at, cause)
            elif status.refused and status.payees_cause:
                await refused(tx, attempt, status.reason or NOT_SAID, at, cause)
            elif status.refused:
                payment.turned_down_for = status.reason or NOT_SAID
                await ledger.withdraw_order(
                    tx.session,
                    occasion_of("refuse", payment, at.today()),
                    batch.id,
                    [payout_of(attempt.claim)],
                )
                await propose_anew(tx, attempt, at, cause)
    return batch_facts.ReportRead(accepted=taken, refused=turned_down)


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
    statement.must_continue(last.closing_cents, last.number, last.booked_to)
    came_to_nothing = statement.booked and statement.opening_cents == statement.closing_cents
    if came_to_nothing and statement.closed_on == last.booked_to:
        await _says_something_new(tx, last, statement)


async def _says_something_new(tx: Tx, last: Statement, statement: statements.Statement) -> None:
    """A day whose entries come to nothing ends where it began. Sent again under another name, as banks do that write
    two versions of the message, it would seem to continue itself: it is known by its entries."""
    read = await tx.session.exec(select(StatementEntry).where(StatementEntry.statement == last.id))
    known = Counter((one.cents, one.booked_on, one.end_to_end_id) for one in read)
    if known == Counter((one.signed_cents, one.booked_on, _named(one)) for one in statement.booked):
        raise DomainError("statement-once", "file", status=409)


async def _post_all(
    work: Work[Statement], account: PayingAccount, statement: statements.Statement, at: Moment
) -> None:
    """Payments before what comes back, so that a day on which both are booked reads well in any order; and at the end,
    one by one, what pays demands back, for it serves who waits for money."""
    tx, row, cause = work.tx, work.row, work.cause.of_a_step()
    known = await _known_references(tx, account.id, statement.booked)
    entries = await advised(tx, account.id, statement.booked)
    reconciler = await Reconciler.over(tx, account, entries)
    lines: list[dict[str, object]] = []

    async def posted(entry: Entry) -> None:
        reference = None if entry.reference in known else entry.reference
        assert entry.booked_on is not None
        value_on = entry.value_date or entry.booked_on
        booked = Booked(account, entry.booked_on, value_on, reference or f"{statement.id}#{entry.position}")
        posted_as = await post(tx, row.id, booked, entry, reconciler.meaning(entry), at, cause)
        lines.append(_line(row, booked, entry, posted_as))

    async with tx.outbox.together(), together(tx.session):
        for entry in sorted(entries, key=lambda entry: entry.credit):
            if not demands_named(entry):
                await posted(entry)
    async with tx.outbox.together():
        for entry in entries:
            if demands_named(entry):
                await posted(entry)
    if lines:
        await tx.execute(insert(StatementEntry), lines)


async def _known_references(tx: Tx, account: UUID, entries: Sequence[Entry]) -> set[str]:
    """References that the bank has given before. A statement that continues the last one books all of its entries
    anew, so such a reference tells nothing: the entry goes by statement and position."""
    statement = select(StatementEntry.identity).where(
        StatementEntry.account == account,
        among(StatementEntry.identity, [entry.reference for entry in entries if entry.reference]),
    )
    return set((await tx.session.exec(statement)).all())


def _line(statement: Statement, booked: Booked, entry: Entry, posted_as: str) -> dict[str, object]:
    return {
        "id": new_id(),
        "account": statement.account,
        "statement": statement.id,
        "position": entry.position,
        "identity": booked.identity,
        "cents": entry.signed_cents,
        "booked_on": booked.booked_on,
        "value_on": booked.value_on,
        "end_to_end_id": _named(entry),
        "order_id": "" if entry.named else entry.order_id or "",
        "posted_as": posted_as,
    }


def _named(entry: Entry) -> str:
    """The payments that an entry names, as they are kept."""
    return " ".join(item.end_to_end_id for item in entry.items if item.end_to_end_id)[:500]
