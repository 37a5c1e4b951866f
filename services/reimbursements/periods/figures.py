"""What a member's books say of a month or of a day, from the entries of the ledger alone: what stood on each account
before, what moved, what stands after, and since when what is open is open.

A closed month is made of the postings that its closing has taken up, so its figures never change."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlmodel import col, select

from services.chassis.database import Tx
from services.reimbursements.bank.models import Statement
from services.reimbursements.ledger.tables import CREDIT_ACCOUNTS, Account, names
from services.reimbursements.models import Budget
from services.reimbursements.payments.models import PayingAccount
from services.reimbursements.periods.models import Period

AGES = (30, 60, 90)
"""Bounds of the ages of what is open, in days."""
OPEN_OF_LINES = (Account.RESERVED, Account.COMMITTED, Account.DRAWN)
OPEN_OF_CASH = (Account.PAYABLE, Account.TRANSIT, Account.RECEIVABLE, Account.SUSPENSE)


@dataclass(frozen=True)
class Movement:
    """Of one account over its owners, in cents on its own side."""

    opening: int
    up: int
    down: int

    @property
    def closing(self) -> int:
        return self.opening + self.up - self.down


@dataclass(frozen=True)
class OpenItem:
    """What stands open on an account for one owner; since: the value date of its first entry."""

    book: UUID
    account: Account
    owner: UUID
    cents: int
    since: date
    label: str


@dataclass(frozen=True)
class Reconciliation:
    """A bank account: what its last statement up to the day says, and what leads from there to the ledger, in cents.

    later    entries of these figures that stand in a later statement
    earlier  entries of that statement that stand in other figures
    """

    account: PayingAccount
    statement: str
    booked_to: date | None
    statement_cents: int
    later: int
    earlier: int
    ledger_cents: int

    @property
    def difference(self) -> int:
        return self.statement_cents + self.later - self.earlier - self.ledger_cents


@dataclass(frozen=True)
class Span:
    """A month, or a day, of a member's books; as SQL, what of the entries stands before it (0) and within it (1)."""

    member: UUID
    first_day: date
    last_day: date
    phase: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Figures:
    """All that a finance report says."""

    span: Span
    lines: Sequence[Budget]
    movements: Mapping[UUID, Mapping[Account, Movement]]
    open_items: Sequence[OpenItem]
    accounts: Sequence[Reconciliation]

    def of(self, book: UUID, account: Account) -> Movement:
        return self.movements.get(book, {}).get(account, Movement(0, 0, 0))

    def ageing(self, book: UUID, account: Account) -> list[int]:
        """The sums of what is open, by age."""
        sums = [0] * (len(AGES) + 1)
        for item in self.open_items:
            if (item.book, item.account) == (book, account):
                days = (self.span.last_day - item.since).days
                sums[sum(days > bound for bound in AGES)] += item.cents
        return sums


def month_of(period: Period) -> Span:
    """A closed month by what was taken up; one that is open by what would be if it were closed now."""
    phase = """CASE WHEN closed.first_day < :first_day THEN 0
        WHEN taken.period = :period OR (taken.period IS NULL AND :open AND posting.business_date <= :last_day)
        THEN 1 END"""
    values = {
        "first_day": period.first_day, "last_day": period.last_day, "period": period.id,
        "open": period.state != "closed",
    }  # fmt: skip
    return Span(period.member, period.first_day, period.last_day, phase, values)


def day_of(member: UUID, day: date) -> Span:
    """A day by value dates, as they are known now."""
    phase = "CASE WHEN posting.business_date < :day THEN 0 WHEN posting.business_date = :day THEN 1 END"
    return Span(member, day, day, phase, {"day": day})


async def figures_of(tx: Tx, span: Span) -> Figures:
    """All figures of the span in a handful of statements."""
    lines = select(Budget).where(Budget.member == span.member).order_by(col(Budget.name), col(Budget.id))
    held = (await tx.session.exec(lines)).all()
    values = {"member": span.member, **span.values}
    movements: dict[UUID, dict[Account, Movement]] = defaultdict(dict)
    for row in await tx.execute(_sums(span), values):
        movements[row.book][Account(row.account)] = Movement(int(row.opening), int(row.up), int(row.down))
    items = [
        OpenItem(row.book, Account(row.account), row.owner, int(row.cents), row.since, row.label or "")
        for row in await tx.execute(_open_items(span), values)
    ]
    return Figures(span, held, movements, items, await _reconciled(tx, span, values))


async def _reconciled(tx: Tx, span: Span, values: Mapping[str, Any]) -> list[Reconciliation]:
    accounts = (
        select(PayingAccount).where(PayingAccount.member == span.member).order_by(col(PayingAccount.id))
    )
    found: list[Reconciliation] = []
    for account in (await tx.session.exec(accounts)).all():
        read = (
            select(Statement)
            .where(Statement.account == account.id, col(Statement.booked_to) <= span.last_day)
            .order_by(col(Statement.id).desc())
            .limit(1)
        )
        last = (await tx.session.exec(read)).first()
        number = last.bank_number if last else 0
        (row,) = await tx.execute(_bank(span), {**values, "account": account.id, "number": number})
        found.append(
            Reconciliation(
                account, last.statement_id if last else "", last.booked_to if last else None,
                last.closing_cents if last else 0, int(row.later), int(row.earlier), int(row.ledger),
            )
        )  # fmt: skip
    return found


_CHANGE = f"""CASE WHEN entry.account IN ({CREDIT_ACCOUNTS})
    THEN entry.credit_cents - entry.debit_cents ELSE entry.debit_cents - entry.credit_cents END"""


def _entries(span: Span) -> str:
    """The entries of the member's books with their phase and their change on the account's own side."""
    return f"""
        SELECT entry.book, entry.account, entry.owner, entry.number, posting.business_date,
            {_CHANGE} AS change, {span.phase} AS phase
        FROM ledger_entry AS entry JOIN ledger_transaction AS posting ON posting.id = entry.transaction
        LEFT JOIN period_postings AS taken ON taken.posting = posting.id AND taken.member = :member
        LEFT JOIN periods AS closed ON closed.id = taken.period
        WHERE entry.book = :member OR entry.book IN (SELECT id FROM budgets WHERE member = :member)
    """  # noqa: S608, the names are ours


def _sums(span: Span) -> TextClause:
    return text(f"""
        SELECT book, account, coalesce(sum(change) FILTER (WHERE phase = 0), 0) AS opening,
            coalesce(sum(change) FILTER (WHERE phase = 1 AND change > 0), 0) AS up,
            coalesce(-sum(change) FILTER (WHERE phase = 1 AND change < 0), 0) AS down
        FROM ({_entries(span)}) AS entries WHERE phase IS NOT NULL GROUP BY book, account""")  # noqa: S608


def _open_items(span: Span) -> TextClause:
    kept = names([*OPEN_OF_LINES, *OPEN_OF_CASH])
    return text(f"""
        SELECT open.*, coalesce(claims.number, batches.message_id,
            suspense_lines.identity, cases.frozen ->> 'number') AS label
        FROM (SELECT book, account, owner, sum(change) AS cents, min(business_date) AS since
            FROM ({_entries(span)}) AS entries WHERE phase IS NOT NULL AND account IN ({kept})
            GROUP BY book, account, owner HAVING sum(change) <> 0) AS open
        LEFT JOIN claims ON claims.id = open.owner LEFT JOIN batches ON batches.id = open.owner
        LEFT JOIN suspense_lines ON suspense_lines.posting = open.owner
        LEFT JOIN reservations ON reservations.id = open.owner
        LEFT JOIN reimbursements_known_cases AS cases ON cases.id = reservations.case_id
        ORDER BY open.account, since, label, open.owner""")  # noqa: S608


def _bank(span: Span) -> TextClause:
    return text(f"""
        SELECT coalesce(sum(change) FILTER (WHERE phase IS NOT NULL), 0) AS ledger,
            coalesce(sum(change) FILTER (WHERE phase IS NOT NULL AND number > :number), 0) AS later,
            coalesce(sum(change) FILTER (WHERE phase IS NULL AND number <= :number), 0) AS earlier
        FROM ({_entries(span)}) AS entries WHERE account = 'BANK' AND owner = :account""")  # noqa: S608
