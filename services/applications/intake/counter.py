"""First come, first served: how much of a call's money has been applied for. The time is that of the first submission.

One statement counts and one constraint refuses, so whoever submits at the same instant is taken or told `call-full`,
and never more is taken than fits.
"""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import BigInteger, and_, bindparam, cast, exists, func, not_, or_, update
from sqlmodel import col, select

from contracts.call_rules import CallRules
from services.applications.calls.models import Call
from services.applications.intake_models import CallCounter, KnownAllocation
from services.applications.models import Application
from services.chassis.database import Tx
from services.chassis.statements import Fixed

ENDED = frozenset({"withdrawn", "lapsed", "cancelled", "not_completed"})

_given = (
    select(func.coalesce(func.sum(KnownAllocation.cents), 0))
    .where(col(KnownAllocation.budget) == col(CallCounter.budget))
    .correlate(CallCounter)
    .scalar_subquery()
)
_limit = cast(_given * col(CallCounter.factor) / 100, BigInteger)
_sum = col(CallCounter.taken_cents) + bindparam("cents")
_mine = (col(CallCounter.call) == bindparam("of_call"), col(CallCounter.budget) == bindparam("of_budget"))
_taken = (
    update(CallCounter)
    .where(*_mine, or_(not_(col(CallCounter.waits)), _sum <= _limit))
    .values(taken_cents=_sum, limit_cents=_limit)
    .returning(col(CallCounter.call))
    .cte("taken")
)
_TAKE = Fixed(select(exists().select_from(_taken).label("taken"), exists().where(*_mine).label("counted")))
"""Above the limit the constraint `call_full` refuses, or nothing is taken where the call lets applications wait."""
_GIVE_BACK = Fixed(
    update(CallCounter)
    .where(*_mine)
    .values(taken_cents=func.greatest(0, col(CallCounter.taken_cents) - bindparam("cents")))
    .returning(col(CallCounter.taken_cents))
)
"""Never below nothing: no end of a case fails for a count."""

_granted = (
    select(func.coalesce(func.sum(Application.amount_cents), 0))
    .where(col(Application.call) == col(Call.id), col(Application.state).in_(("granted", "closed")))
    .correlate(Call)
    .scalar_subquery()
)
_least = func.coalesce(cast(col(Call.rules)["amount"]["fixed_cents"].astext, BigInteger), 1)
_LOOK = select(col(CallCounter.taken_cents), _limit).where(*_mine)


def counted(call: Call) -> CallCounter | None:
    """The counter that a call begins with; None where nobody is counted: it ranks, or no money is owed."""
    rules = CallRules.model_validate(call.rules)
    if rules.intake.mode != "first_come" or not rules.amount.owed:
        return None
    return CallCounter(
        call=call.id,
        budget=call.budget,
        factor=rules.intake.factor,
        waits=rules.intake.full == "wait",
    )


async def take(tx: Tx, case: Application) -> None:
    """Counts a submission or what a revision changed of it; DomainError("call-full") where it does not fit."""
    more = case.amount_cents - case.counted_cents
    if more:
        [answer] = await tx.change(_TAKE, _of(case, more))
        if answer.taken:
            case.counted_cents = case.amount_cents
        case.waiting = answer.counted and not answer.taken


async def give_back(tx: Tx, case: Application) -> None:
    """An end takes a case off its counter; a rejection does so once it is final."""
    if case.counted_cents and (case.state in ENDED or case.final):
        await tx.change(_GIVE_BACK, _of(case, case.counted_cents))
        case.counted_cents = 0


class AskedFor(NamedTuple):
    """How much of a call's money is applied for, of how much as of now, in cents."""

    taken_cents: int
    limit_cents: int

    @property
    def full(self) -> bool:
        return self.taken_cents >= self.limit_cents


async def asked_for(tx: Tx, call: Call) -> AskedFor | None:
    """None where nobody is counted."""
    row = (await tx.execute(_LOOK, {"of_call": call.id, "of_budget": call.budget})).one_or_none()
    return None if row is None else AskedFor(*row)


async def left_for(tx: Tx, call: Call, case: Application) -> int | None:
    """The most that a case could still be taken with, in cents; None where its call takes whatever is asked for."""
    found = await asked_for(tx, call)
    if found is None or CallRules.model_validate(call.rules).intake.full == "wait":
        return None
    return max(0, found.limit_cents - found.taken_cents + case.counted_cents)


def _of(case: Application, cents: int) -> dict[str, UUID | int]:
    return {"of_call": case.call, "of_budget": case.budget, "cents": cents}


async def used_up(tx: Tx) -> list[Call]:
    """Published calls that have granted so much that no further grant fits, locked: the daily sweep closes them."""
    statement = (
        select(Call)
        .join(
            CallCounter,
            and_(col(CallCounter.call) == col(Call.id), col(CallCounter.budget) == col(Call.budget)),
        )
        .where(col(Call.state) == "published", _granted + _least > _given)
        .with_for_update(of=Call)
    )
    return list((await tx.session.exec(statement.limit(200))).all())
