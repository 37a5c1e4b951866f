"""A closed month for the member's own bookkeeping: the postings of its cash under the numbers of its own chart, as a
file that is made once. A posting stands in one month and a month is exported once, so nothing is booked twice."""

import csv
import hashlib
import io
from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints
from sqlalchemy import func, text
from sqlmodel import col, select

from contracts import books_export as export_facts
from contracts import chart as facts
from contracts.books_export import BOOKS_EXPORT
from contracts.chart import CHART
from contracts.errors import DomainError
from contracts.ids import new_id
from contracts.tables import Input
from contracts.words import CODES
from contracts.workdays import Moment
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.reimbursements.ledger.tables import Account
from services.reimbursements.periods.models import BooksExport, Chart, Period
from services.reimbursements.vault import Vault

Number = Annotated[
    str, StringConstraints(min_length=1, max_length=20, pattern=r"^[0-9A-Za-z][0-9A-Za-z ./-]*$")
]
HEAD = (
    "Export",
    "Line",
    "Posting",
    "Value date",
    "Account",
    "Name",
    "Debit",
    "Credit",
    "Text",
    "Claim",
    "Case",
)


class Change(Input):
    """The member's number for each account of its cash."""

    bank: Number = Field(title="Bank")
    transit: Number = Field(title="Ordered, not booked")
    payable: Number = Field(title="Approved, not ordered")
    receivable: Number = Field(title="To be recovered")
    support: Number = Field(title="Support paid or owed")
    charges: Number = Field(title="Charges of the bank")
    suspense: Number = Field(title="Booked, not explained yet")
    funder_advance: Number = Field(title="Received from the funder")
    due_to_funder: Number = Field(title="Owed to the funder")
    written_off: Number = Field(title="Written off")
    own: Number = Field(title="Other business of the account")

    @property
    def numbers(self) -> dict[str, str]:
        return {name.upper(): number for name, number in self.model_dump(exclude={"member"}).items()}


class Draw(Change):
    member: UUID = Field(title="Paying member")


class Make(Input):
    period: UUID = Field(title="Closed month")


@rule(CHART, "draw")
async def draw(work: Work[Chart], given: Draw, at: Moment) -> facts.Drawn:
    work.row = Chart(
        id=new_id(),
        member=given.member,
        numbers=given.numbers,
        changed_by=work.actor.person,
    )
    return facts.Drawn(member=given.member)


@rule(CHART, "change")
async def change(work: Work[Chart], given: Change, at: Moment) -> facts.Changed:
    """Counts for exports to come; those that were made keep the numbers they were made with."""
    chart = work.row
    chart.numbers, chart.edition, chart.changed_by = given.numbers, chart.edition + 1, work.actor.person
    return facts.Changed(member=chart.member, edition=chart.edition)


@rule(BOOKS_EXPORT, "make")
async def make(work: Work[BooksExport], given: Make, at: Moment) -> export_facts.Made:
    tx = work.tx
    period = await tx.found(Period, given.period)
    if period.state != "closed":
        raise DomainError("month-open", "period")
    mine = select(Chart).where(Chart.member == period.member).with_for_update()
    chart = (await tx.session.exec(mine)).one_or_none()
    if chart is None:
        raise DomainError("chart-missing", "period")
    made = select(func.coalesce(func.max(col(BooksExport.number)), 0)).where(
        BooksExport.member == period.member
    )
    number = (await tx.session.exec(made)).one() + 1
    entries, content = await written(tx, period, number, chart.numbers)
    id, digest = new_id(), hashlib.sha256(content).hexdigest()
    work.row = BooksExport(
        id=id,
        member=period.member,
        period=period.id,
        number=number,
        edition=chart.edition,
        entries=entries,
        sha256=digest,
        content=tx.tool(Vault).seal(content, id, under=period.member),
        made_by=work.actor.person,
        made_at=at.now,
    )
    return export_facts.Made(
        member=period.member, period=period.id, number=number, entries=entries, file_hash=digest
    )


async def written(tx: Tx, period: Period, number: int, numbers: Mapping[str, str]) -> tuple[int, bytes]:
    """How many entries, and the file (CSV, UTF-8, comma, CRLF): the same for the same month and numbers."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(HEAD)
    rows = (await tx.execute(_ENTRIES, {"member": period.member, "period": period.id})).all()
    for line, row in enumerate(rows, start=1):
        writer.writerow(
            (
                number, line, row.id, row.business_date, numbers[row.account], CODES[f"account.{row.account}"],
                _euro(row.debit_cents), _euro(row.credit_cents), _told(row.kind), row.claim or "", row.case or "",
            )
        )  # fmt: skip
    return len(rows), file.getvalue().encode()


def content_of(tx: Tx, export: BooksExport) -> bytes:
    """The bytes as they were made."""
    return tx.tool(Vault).open(export.content, export.id, under=export.member)


def fields() -> list[Account]:
    """The accounts that a chart gives a number, in its order."""
    return [Account(name.upper()) for name in Change.model_fields]


def _euro(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}" if cents else ""


def _told(kind: str) -> str:
    return CODES[f"posting.{kind.removesuffix('_from_suspense')}"]


_ENTRIES = text("""
    SELECT posting.id, posting.kind, posting.business_date, entry.account, entry.debit_cents, entry.credit_cents,
        claims.number AS claim, cases.frozen ->> 'number' AS "case"
    FROM period_postings AS taken JOIN ledger_transaction AS posting ON posting.id = taken.posting
    JOIN ledger_entry AS entry ON entry.transaction = posting.id AND entry.book = :member
    LEFT JOIN claims ON claims.id = posting.claim
    LEFT JOIN reimbursements_known_cases AS cases ON cases.id = posting."case"
    WHERE taken.member = :member AND taken.period = :period
    ORDER BY posting.business_date, posting.posted_in, posting.id, entry.position""")
