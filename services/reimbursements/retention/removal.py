"""The removal of what is personal, once two people have agreed: files of receipts, accounts of payees with their key,
texts of claims, of the bank, and of reports to the funder with theirs. What money did stays: postings, amounts, days,
ids and digests, so every proof holds.

It is done by the sweep. Files and keys go before the transaction ends: if it does not, the next sweep does it again."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from contracts import payee as payee_facts
from contracts import retention as facts
from contracts.ids import new_id
from contracts.workdays import Moment
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause
from services.chassis.files import Files, forget
from services.reimbursements.kinds import payees
from services.reimbursements.payees.models import Payee
from services.reimbursements.retention.keeping import (
    CASES,
    LINES,
    OF_CLAIMS,
    PAYEES,
    REPORTS,
    going,
    nothing_open,
    of,
)
from services.reimbursements.retention.kinds import retentions
from services.reimbursements.retention.models import Retention
from services.reimbursements.vault import Vault


async def remove_agreed(tx: Tx, at: Moment, cause: Cause) -> None:
    """The daily sweep: whatever two people agreed on and nobody holds."""
    agreed = select(Retention).where(Retention.state == "agreed").order_by(col(Retention.id))
    for row in (await tx.session.exec(agreed.with_for_update())).all():
        await nothing_open(tx, row)
        await _remove(tx, row, at, cause)


async def _remove(tx: Tx, row: Retention, at: Moment, cause: Cause) -> None:
    goes = await going(tx, row)
    keys = [*await _remove_accounts(tx, row, at, cause), row.id]
    for statement in _BLANK:
        await tx.execute(statement, of(row))
    files: Sequence[str] = (await tx.execute(_FILES, of(row))).scalars().all()
    await tx.execute(_RECEIPTS, {**of(row), "today": at.today()})
    await forget(tx, files)
    row.removed_on = at.today()
    row.receipts, row.accounts, row.texts = goes.receipts, goes.accounts, goes.texts
    body = facts.Removed(
        partnership=row.partnership, member=row.member, receipts=goes.receipts, payees=goes.accounts,
        passages=goes.texts,
    )  # fmt: skip
    await retentions.record(tx, row, "remove", body, at, cause)
    await tx.session.flush()
    for key in keys:
        tx.tool(Vault).forget(key)
    for file in files:
        tx.tool(Files).remove(file)


async def _remove_accounts(tx: Tx, row: Retention, at: Moment, cause: Cause) -> Sequence[UUID]:
    """The keys under which they were sealed: without them nothing of them is readable, also in what is never changed.
    A new account of the same organisation gets a key of its own."""
    ids: Sequence[UUID] = (await tx.execute(_ACCOUNTS, of(row))).scalars().all()
    statement = select(Payee).where(col(Payee.id).in_(ids)).order_by(col(Payee.id)).with_for_update()
    keys: list[UUID] = []
    for payee in (await tx.session.exec(statement)).all():
        keys.append(payee.key)
        payee.key = new_id()
        payee.holder = payee.street = payee.building = payee.postcode = ""
        payee.iban_cipher, payee.bic_cipher = b"", None
        payee.iban_hash = payee.iban_masked = ""
        payee.remark = payee.excuse = payee.cleared_because = ""
        payee.hits = []
        body = payee_facts.Removed(organisation=payee.organisation)
        await payees.record(tx, payee, "remove", body, at, cause)
    return keys


def _gone(column: str) -> str:
    """In the place of words without which the row cannot stand: that somebody gave a reason is part of the proof."""
    return f"CASE WHEN {column} = '' THEN '' ELSE '–' END"


_ACCOUNTS = text(f"SELECT id FROM payees WHERE {PAYEES}")  # noqa: S608, the names are ours
_FILES = text(f"""
    SELECT DISTINCT file FROM receipts WHERE removed_on IS NULL AND {OF_CLAIMS} AND NOT EXISTS (
        SELECT FROM receipts AS other JOIN claims ON claims.id = other.claim
        WHERE other.file = receipts.file AND other.removed_on IS NULL
            AND claims.case_id NOT IN {CASES})
    UNION SELECT waiver_document FROM demands WHERE waiver_document <> '' AND {OF_CLAIMS}
    UNION SELECT denial ->> 'document' FROM payments WHERE denied_by IS NOT NULL AND case_id IN {CASES}
        AND NOT EXISTS (SELECT FROM payments AS other WHERE other.case_id NOT IN {CASES}
            AND other.denial ->> 'document' = payments.denial ->> 'document')""")  # noqa: S608
_RECEIPTS = text(f"""
    UPDATE receipts SET name = '', removed_on = :today WHERE removed_on IS NULL AND {OF_CLAIMS}""")  # noqa: S608
_BLANK = (
    text(f"""
        UPDATE claim_lines SET description = '', supplier = '', supplier_key = '', travellers = '', declaration = '',
            reason = '', note = '' WHERE case_id IN {CASES}"""),  # noqa: S608
    text(f"""
        UPDATE claims SET remark = '', explanation = '', appeal_text = '', appeal_answer = ''
        WHERE case_id IN {CASES}"""),  # noqa: S608
    text(f"UPDATE demands SET explanation = '', waiver_reason = '' WHERE {OF_CLAIMS}"),  # noqa: S608
    text(f"UPDATE suspense_lines SET told = ''::bytea, reason = {_gone('reason')} WHERE {LINES}"),  # noqa: S608
    text(f"""
        UPDATE late_payments SET reason = {_gone("reason")}, remark = {_gone("remark")}
        WHERE case_id IN {CASES}"""),  # noqa: S608
    text(f"""
        UPDATE payments SET denial = denial || '{{"name": "", "reason": ""}}'
        WHERE denied_by IS NOT NULL AND case_id IN {CASES}"""),  # noqa: S608
    text(f"UPDATE funder_costs SET description = '' WHERE report IN {REPORTS}"),  # noqa: S608
    text(f"""
        UPDATE funder_reports SET remarks = '', row_cuts = (
            SELECT coalesce(jsonb_object_agg(key, cut || '{{"reason": ""}}'), '{{}}')
            FROM jsonb_each(row_cuts) AS cuts(key, cut))
        WHERE id IN {REPORTS}"""),  # noqa: S608
)
