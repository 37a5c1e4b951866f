"""The audit pack of one case: a ZIP with all that is recorded of its money, and an index that is signed.

The index names each file with its SHA-256; whoever has the public key proves that nothing was added, left out or
changed since. The same case at the same moment is the same bytes."""

import base64
import csv
import hashlib
import io
import zipfile
from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import TextClause, text

from services.chassis.database import Tx
from services.chassis.files import UNFIT, Files, states_of
from services.reimbursements.ledger.verify import chain_head
from services.reimbursements.models import Case
from services.reimbursements.vault import Vault

_OPTIONS = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""A ZIP cannot say less; when the pack was made stands in its index."""
README = """This is all that is recorded of the money of one case.

index.json   every file with its SHA-256, receipts left out because a scanner refused them or has still to look at
             them, or because their time is over and they were removed, and the head of the ledger's chain when this
             was made
index.sig    Ed25519 signature of index.json, base64
public.pem   the key to prove it with; compare it with the one that the installation publishes

The texts that were signed are named in the index by their SHA-256 ("documents"). Their bytes are a ZIP of their own,
which is fetched from Relais at the address "documents_at": in it texts/<SHA-256>.txt is each of them.

relais prove pack.zip signed.zip        proves the signature, each file here, and each text there

Without Relais, compare each SHA-256, and the signature by

openssl pkeyutl -verify -pubin -inkey public.pem -rawin -in index.json -sigfile <(base64 -d index.sig)
"""


async def pack_of(tx: Tx, case: Case, made_at: datetime) -> bytes:
    """All files of the case, as a ZIP."""
    receipts, left_out = await _receipts(tx, case)
    files = {name: content async for name, content in _files(tx, case, receipts)}
    index = {
        "case": str(case.id),
        "number": case.frozen["number"],
        "made_at": made_at.isoformat(),
        "chain_head": await chain_head(tx.session),
        "documents": await _documents(tx, case),
        "documents_at": f"/applications/{case.id}/signed",
        "files": [
            {"name": name, "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
            for name, content in files.items()
        ],
        "left_out": left_out,
    }
    vault, said = tx.tool(Vault), orjson.dumps(index, option=_OPTIONS)
    signed = {
        "index.json": said,
        "index.sig": base64.b64encode(vault.sign(said)) + b"\n",
        "public.pem": vault.public_key(),
        "README.txt": README.encode(),
    }
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as pack:
        for name, content in {**signed, **files}.items():
            pack.writestr(zipfile.ZipInfo(name, _FIRST_DAY), content, zipfile.ZIP_DEFLATED)
    return written.getvalue()


async def _receipts(tx: Tx, case: Case) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Name → file of each receipt, and those that the scanner has refused or not looked at yet, which nobody gets, or
    that were removed since their time was over."""
    rows = (await tx.execute(_RECEIPTS, {"case": case.id})).all()
    states = await states_of(tx, [row.file for row in rows])
    states |= {row.file: "removed" for row in rows if row.removed_on}
    named = {f"receipts/{row.claim}/{row.file[:12]}-{row.name}": row.file for row in rows}
    unfit = {name: file for name, file in named.items() if states.get(file) in (*UNFIT, "removed")}
    left_out = [{"name": name, "sha256": file, "scan": states[file]} for name, file in unfit.items()]
    return {name: file for name, file in named.items() if name not in unfit}, left_out


async def _files(tx: Tx, case: Case, receipts: Mapping[str, str]) -> AsyncIterator[tuple[str, bytes]]:
    """Name and bytes of each file, in the order in which somebody reads them."""
    frozen = {"frozen": case.frozen, "validated": case.validated, "granted_on": case.granted_on}
    yield "case.json", orjson.dumps(frozen, option=_OPTIONS)
    of = {"case": case.id}
    for name, query in _TABLES.items():
        yield f"{name}.csv", _sheet((await tx.execute(query, of)).mappings().all())
    for name, file in receipts.items():
        yield name, tx.tool(Files).read(file)


async def _documents(tx: Tx, case: Case) -> list[dict[str, Any]]:
    """What was signed: SHA-256 of each text and where it lies. No service asks another for bytes, and facts carry no
    words; so the texts are a ZIP of their own, and this index proves them."""
    rows = (await tx.execute(_SIGNED, {"case": case.id})).mappings().all()
    return [{name: str(value) for name, value in row.items()} for row in rows]


def _sheet(rows: Iterable[Mapping[Any, Any]]) -> bytes:
    written = io.StringIO()
    writer = csv.writer(written)
    for n, row in enumerate(rows):
        if n == 0:
            writer.writerow(row.keys())
        writer.writerow([_cell(value) for value in row.values()])
    return written.getvalue().encode()


def _cell(value: Any) -> Any:
    if isinstance(value, dict | list):
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t")):
        return f"'{value}"
    return value


_CLAIMS = "(SELECT id FROM claims WHERE case_id = :case)"
_TABLES: Mapping[str, TextClause] = {
    "road": text("""
        SELECT time AS at, type, subject, version, state, actor, body FROM outbox WHERE case_id = :case
        UNION ALL SELECT at, type, subject, version, state, actor, body FROM reimbursements_case_facts
            WHERE case_id = :case
        ORDER BY at, type, version"""),
    "claims": text("""
        SELECT number, state, amount_cents, accepted_cents, paid_cents, booked_on, filed_by, verified_by, reason
        FROM claims WHERE case_id = :case ORDER BY number"""),
    "lines": text(f"""
        SELECT claims.number AS claim, line.number, category, description, supplier, spent_on, currency, amount_minor,
            rate_units, rate_on, rate_source, cost_cents, claimed_cents, line.accepted_cents, line.paid_cents,
            line.reason
        FROM claim_lines AS line JOIN claims ON claims.id = line.claim
        WHERE line.claim IN {_CLAIMS} AND NOT removed ORDER BY claims.number, line.number"""),  # noqa: S608
    "approvals": text(f"""
        SELECT claims.number AS claim, approvals.accepted_cents, approvals.filed_by, approvals.verified_by,
            approvals.passed_by, approvals.approved_by, approved_at
        FROM approvals JOIN claims ON claims.id = approvals.claim
        WHERE approvals.claim IN {_CLAIMS} ORDER BY approved_at"""),  # noqa: S608
    "payments": text("""
        SELECT end_to_end_id, attempt, payments.state, amount_cents, payments.execution_date, order_id,
            payments.first, payments.second, inside, batches.message_id, payment_files.sha256 AS file_sha256
        FROM payments LEFT JOIN batches ON batches.id = payments.batch
        LEFT JOIN payment_files ON payment_files.batch = payments.batch
        WHERE case_id = :case ORDER BY end_to_end_id"""),
    "ledger": text("""
        SELECT posting.id AS posting, kind, business_date, recorded_at, claim, position, block, book, account, owner,
            debit_cents, credit_cents, number, balance_cents, encode(digest, 'hex') AS digest
        FROM ledger_transaction AS posting JOIN ledger_entry AS entry ON entry.transaction = posting.id
        WHERE "case" = :case ORDER BY posted_in, posting.id, position"""),
    "statement-lines": text("""
        SELECT statements.statement_id, line.position, line.identity, line.cents, line.booked_on, line.value_on,
            line.posted_as, payments.end_to_end_id
        FROM payments JOIN statement_entries AS line ON line.account = payments.account
            AND (payments.end_to_end_id = ANY(string_to_array(line.end_to_end_id, ' '))
                OR payments.order_id = nullif(line.order_id, ''))
        JOIN statements ON statements.id = line.statement
        WHERE payments.case_id = :case ORDER BY line.booked_on, line.position"""),
}
_RECEIPTS = text(f"""
    SELECT claims.number AS claim, file, receipts.name, removed_on
    FROM receipts JOIN claims ON claims.id = receipts.claim
    WHERE receipts.claim IN {_CLAIMS} AND live ORDER BY claims.number, receipts.kept_at, file""")  # noqa: S608
_SIGNED = text("""
    SELECT body ->> 'document' AS sha256, '/agreements/' || subject AS address, type, body ->> 'party' AS party,
        actor, at
    FROM reimbursements_case_facts WHERE case_id = :case AND body ? 'document' ORDER BY at, type""")
