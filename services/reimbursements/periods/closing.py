"""A month is closed by two people, once the bank's statements reach over its end, nothing waits without an explanation,
and all that must hold of the money is proved.

Closing names the postings that stand in the month: those with a value date up to its end that were recorded by then.
Whatever is recorded later stands in the next month, whose closing takes it up with the value date that it has."""

from datetime import date, timedelta
from uuid import UUID

from pydantic import Field
from sqlalchemy import func, text
from sqlmodel import col, select, update

from contracts import period as facts
from contracts.errors import DomainError
from contracts.ids import new_id
from contracts.period import PERIOD
from contracts.tables import Input, Nothing
from contracts.workdays import Moment
from services.chassis.acts.perform import Work
from services.chassis.acts.rules import rule
from services.chassis.database import Tx
from services.chassis.web.look.values import short_day
from services.reimbursements.bank.models import Statement, SuspenseLine
from services.reimbursements.ledger.proof import proved
from services.reimbursements.payments.models import PayingAccount
from services.reimbursements.periods.kinds import periods
from services.reimbursements.periods.models import Period


class Open(Input):
    member: UUID = Field(title="Paying member")


class Propose(Input):
    remark: str = Field("", title="Remark", description="The second person reads it.", max_length=2000)


@rule(PERIOD, "open")
async def open_(work: Work[Period], given: Open, at: Moment) -> facts.Opened:
    """The first month: that of the member's first posting, so that no entry stands before it."""
    found = await work.tx.execute(_FIRST_POSTING, {"member": given.member})
    work.row = period_of(given.member, found.scalar_one_or_none() or at.today())
    return facts.Opened(member=given.member, first_day=work.row.first_day)


@rule(PERIOD, "propose")
async def propose(work: Work[Period], given: Propose, at: Moment) -> facts.Proposed:
    period = work.row
    await _must_be_ready(work.tx, period, at.today())
    period.proposed_by, period.remark = work.actor.person, given.remark
    return facts.Proposed(member=period.member, first_day=period.first_day)


@rule(PERIOD, "send_back")
async def send_back(work: Work[Period], given: Nothing, at: Moment) -> facts.SentBack:
    """Whoever proposed it may take it back in this way."""
    work.row.proposed_by, work.row.remark = None, ""
    return facts.SentBack()


@rule(PERIOD, "close")
async def close(work: Work[Period], given: Nothing, at: Moment) -> facts.Closed:
    period, tx = work.row, work.tx
    if work.actor.person == period.proposed_by:
        raise DomainError("month-proposed-yourself", status=403)
    await _must_be_ready(tx, period, at.today())
    (seen,) = (await tx.execute(_SEEN)).all()
    period.snapshot, period.chain_head = seen.snapshot, seen.head
    taken = await tx.execute(
        _TAKE,
        {
            "member": period.member, "period": period.id, "last_day": period.last_day,
            "snapshot": period.snapshot,
        },
    )  # fmt: skip
    period.postings = taken.rowcount
    period.closed_by, period.closed_at = work.actor.person, at.now
    await _blank_other_business(tx, period)
    following = period_of(period.member, period.last_day + timedelta(days=1))
    opened = facts.Opened(member=following.member, first_day=following.first_day)
    work.beside(periods, following, "open_next", opened)
    return facts.Closed(
        member=period.member,
        first_day=period.first_day,
        postings=period.postings,
        chain_head=period.chain_head,
    )


def period_of(member: UUID, day: date) -> Period:
    """The member's month in which the day lies."""
    first = day.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return Period(id=new_id(), member=member, first_day=first, last_day=last)


async def obstacles(tx: Tx, period: Period, today: date) -> list[DomainError]:
    """Why the month cannot be closed yet; none if only the proof of the money is to come."""
    found: list[DomainError] = []
    if today <= period.last_day:
        found.append(DomainError("month-not-over", status=409))
    accounts = (
        select(PayingAccount).where(PayingAccount.member == period.member).order_by(col(PayingAccount.id))
    )
    for account in (await tx.session.exec(accounts)).all():
        read = select(Statement).where(Statement.account == account.id).order_by(col(Statement.id).desc())
        last = (await tx.session.exec(read.limit(1))).first()
        if last is None:
            found.append(DomainError("month-without-statement", status=409, holder=account.holder))
        elif last.booked_to < period.last_day:
            found.append(
                DomainError(
                    "month-beyond-statement", status=409, holder=account.holder, day=short_day(last.booked_to)
                )
            )
    waiting = select(func.count()).where(
        SuspenseLine.member == period.member,
        SuspenseLine.state == "open",
        col(SuspenseLine.value_on) <= period.last_day,
    )
    if lines := (await tx.session.exec(waiting)).one():
        found.append(DomainError("month-with-suspense", status=409, lines=lines))
    return found


async def _must_be_ready(tx: Tx, period: Period, today: date) -> None:
    for obstacle in await obstacles(tx, period, today):
        raise obstacle
    if not (await proved(tx.session)).sound:
        raise DomainError("books-unsound", status=409)


async def _blank_other_business(tx: Tx, period: Period) -> None:
    """What the bank wrote of the other side of entries that are not ours is needed no longer."""
    await tx.execute(
        update(SuspenseLine)
        .where(
            col(SuspenseLine.member) == period.member,
            col(SuspenseLine.state) == "settled",
            col(SuspenseLine.how) == "own",
            col(SuspenseLine.value_on) <= period.last_day,
        )
        .values(told=b"")
    )


_FIRST_POSTING = text("""
    SELECT min(posting.business_date) FROM ledger_entry AS entry
    JOIN ledger_transaction AS posting ON posting.id = entry.transaction
    WHERE entry.book = :member OR entry.book IN (SELECT id FROM budgets WHERE member = :member)""")
_SEEN = text("""
    SELECT pg_current_snapshot()::text AS snapshot, encode(sha256(coalesce(
        string_agg(last_digest, ''::bytea ORDER BY book, account, owner), ''::bytea)), 'hex') AS head
    FROM ledger_account_balance""")
"""The head as ledger.verify.chain_head makes it, and in the same statement what it is the head of."""
_TAKE = text("""
    INSERT INTO period_postings (member, posting, period)
    SELECT :member, posting.id, :period FROM ledger_transaction AS posting
    WHERE posting.business_date <= :last_day
        AND pg_visible_in_snapshot(posting.posted_in::text::xid8, CAST(:snapshot AS pg_snapshot))
        AND EXISTS (SELECT FROM ledger_entry AS entry WHERE entry.transaction = posting.id
            AND (entry.book = :member OR entry.book IN (SELECT id FROM budgets WHERE member = :member)))
        AND NOT EXISTS (SELECT FROM period_postings AS taken
            WHERE taken.member = :member AND taken.posting = posting.id)""")
