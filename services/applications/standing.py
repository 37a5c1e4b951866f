"""Where a thing stands, as its story is told: its state, whose move it is, and the real seconds to wait."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from contracts.steps import Standing
from services.chassis.clock import Clock
from services.chassis.facts.outbox import Cause

REMINDERS = (timedelta(days=7), timedelta(days=2))
"""How long before a due date whoever holds the case is reminded."""
TO_THE_LAST = (*REMINDERS, timedelta(0))
"""The same where silence means nothing: at the date itself the coordinator is told as well."""
BY_STEP = Cause("system", via="system")


def standing_of(
    clock: Clock,
    state: str,
    open_: bool,
    waits_for: str,
    due_at: datetime | None,
    reminders: int,
    *,
    round: int = 1,
    reason: str = "",
    remind_for: datetime | None = None,
    before: Sequence[timedelta] = REMINDERS,
) -> Standing:
    """The standing with its real seconds to wait."""
    remind_for = remind_for or due_at
    remind_in = None
    if open_ and waits_for and remind_for is not None and reminders < len(before):
        remind_in = clock.real_seconds_until(remind_for - before[reminders])
    return Standing(
        state=state,
        open=open_,
        round=round,
        waits_for=waits_for,
        reason=reason,
        remind_in=remind_in,
        due_in=clock.real_seconds_until(due_at) if open_ and due_at is not None else None,
        reminder=reminders,
    )
