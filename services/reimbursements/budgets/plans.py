"""Programme › partnership › paying member › line: what is planned with indirect costs and the funder's part, and how a
line burns down: what has left it, and when what is promised is expected to leave."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from contracts.programmes import Plan, Programme, plan, programme_of
from services.chassis.database import Tx
from services.reimbursements.budgets.account_statement import account_statement
from services.reimbursements.ledger.tables import Account
from services.reimbursements.models import Budget, KnownAction


@dataclass(frozen=True)
class MemberPlan:
    """A paying member of a partnership, its lines and its costs as allotted, in cents."""

    member: UUID
    lines: Sequence[Budget]
    plan: Plan


@dataclass(frozen=True)
class PartnershipPlan:
    """A partnership under its programme; granted is the funder's part, at most the programme's largest grant."""

    id: UUID
    name: str
    programme_name: str
    programme: Programme
    members: Sequence[MemberPlan]

    @property
    def total(self) -> int:
        return sum(member.plan.total for member in self.members)

    @property
    def granted(self) -> int:
        funded = sum(member.plan.funded for member in self.members)
        return min(funded, self.programme.max_grant_cents or funded)


@dataclass(frozen=True)
class Month:
    """The end of a month of the action, in cents: left is known only up to today, expected only from today on."""

    last_day: date
    left: int | None
    expected: int | None
    leaving: int


async def plans_of(
    tx: Tx, lines: Sequence[Budget], sums: Mapping[UUID, Mapping[Account, int]]
) -> list[PartnershipPlan]:
    """The reader's lines under their partnerships and members, by name."""
    ids = {line.partnership for line in lines}
    actions = (await tx.session.exec(select(KnownAction).where(col(KnownAction.id).in_(ids)))).all()
    found: list[PartnershipPlan] = []
    for action in sorted(actions, key=lambda action: (action.programme, action.name)):
        programme = programme_of(action.programme)
        members = _members([line for line in lines if line.partnership == action.id], programme, sums)
        found.append(PartnershipPlan(action.id, action.name, action.programme, programme, members))
    return found


def _members(
    lines: Iterable[Budget], programme: Programme, sums: Mapping[UUID, Mapping[Account, int]]
) -> list[MemberPlan]:
    of_member: dict[UUID, list[Budget]] = defaultdict(list)
    for line in lines:
        of_member[line.member].append(line)
    planned: list[MemberPlan] = []
    for member, held in of_member.items():
        support = sum(sums[line.id][Account.ALLOTTED] for line in held if line.category == "support")
        own = sum(sums[line.id][Account.ALLOTTED] for line in held if line.category != "support")
        planned.append(MemberPlan(member, held, plan(programme, own, support)))
    return planned


async def burn_down(tx: Tx, line: Budget, today: date) -> list[Month]:
    """By month of the action, from the first allotment on: what was left of the line, and what will be once all that
    is promised is paid. A promise is expected to leave when its claim must be paid, or before, when its case allows it
    at the latest."""
    changes: list[tuple[date, int]] = []
    for account, sign in _LEFT.items():
        found = await account_statement(tx.session, line.id, account)
        changes += [(one.value_on, sign * one.change) for one in found.movements]
    promised = (await tx.execute(_PROMISED, {"line": line.id})).all()
    leaving: list[tuple[date, int]] = [(max(row.leaves, today), int(row.cents)) for row in promised]
    first = max(line.action_start, min((on for on, _cents in changes), default=line.action_start))
    ends = _month_ends(first, max([line.action_end, *(on for on, _cents in leaving)]))
    left = [sum(change for on, change in changes if on <= end) for end in ends]
    now = sum(change for _, change in changes)
    due = [
        sum(cents for on, cents in leaving if (ends[at - 1] if at else date.min) < on <= end)
        for at, end in enumerate(ends)
    ]
    gone = list(accumulate(due))
    return [
        Month(
            end,
            left[at] if _first_of(end) <= today else None,
            now - gone[at] if end >= today else None,
            due[at],
        )
        for at, end in enumerate(ends)
    ]


_LEFT = {Account.ALLOTTED: 1, Account.RECOVERED: 1, Account.PAID: -1, Account.PAID_OUTSIDE: -1}
_PROMISED = text("""
    SELECT coalesce(claim.pay_by, (cases.frozen ->> 'last_day')::date
            + (cases.frozen #>> '{terms,report_days}')::int + (cases.frozen #>> '{terms,payment_days}')::int) AS leaves,
        sum(kept.balance_cents) AS cents
    FROM ledger_account_balance AS kept
    JOIN reservations ON reservations.id = kept.owner
    JOIN reimbursements_known_cases AS cases ON cases.id = reservations.case_id
    LEFT JOIN claims AS claim ON claim.reservation = reservations.id
        AND claim.state NOT IN ('closed', 'replaced', 'rejected', 'expired')
    WHERE kept.book = :line AND kept.account IN ('RESERVED', 'COMMITTED', 'DRAWN') AND kept.balance_cents > 0
    GROUP BY reservations.id, leaves ORDER BY leaves""")


def _month_ends(first: date, last: date) -> list[date]:
    ends: list[date] = []
    month = _first_of(first)
    while month <= last:
        month = _first_of(month + timedelta(days=31))
        ends.append(month - timedelta(days=1))
    return ends


def _first_of(day: date) -> date:
    return day.replace(day=1)
