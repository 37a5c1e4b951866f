"""Rehearses what comes of a case when nobody acts: its own steps are done one after the other, each at its moment, in a
transaction that is taken back. What they would say is what will be said; nothing is changed.
"""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from contracts.asks import Application as Ask
from contracts.steps import Standing, Step, Subject, next_of
from contracts.workdays import Moment
from services.applications import steps
from services.applications.models import Application
from services.applications.review.closing import fresh
from services.applications.review.models import Stage
from services.applications.review.opening import stages_of
from services.chassis.clock import FixedClock
from services.chassis.database import Database, Tx
from services.chassis.facts.tables import outbox
from services.chassis.steps import Offers

AT_ONCE: Mapping[str, Step] = {"submitted": Ask.check_eligibility}
SILENCE: Mapping[str, Step] = {
    "in_review": Ask.close_stage,
    "changes_requested": Ask.lapse,
    "awaiting_budget": Ask.reject,
    "awarded": Ask.lapse,
    "rejected": Ask.finalise,
}
"""State → what the story of a case asks for when its time is over. Where money or the results are awaited, it stops."""
MOST_STEPS = 100


@dataclass(frozen=True)
class Change:
    """Deadlines as they might be. closed: further days on which nobody works; days: working days of a task by its key;
    terms: days of a clock of the scheme. Clocks that run already keep their terms."""

    closed: frozenset[date] = frozenset()
    days: Mapping[str, int] = field(default_factory=dict[str, int])
    terms: Mapping[str, int] = field(default_factory=dict[str, int])

    def moment(self, now: datetime) -> Moment:
        return Moment(now, self.closed)

    def of(self, stage: Stage) -> bool:
        """Moves an open task to where it would be due; what was escalated or moved by hand keeps its date."""
        as_opened = Moment(stage.opened_at).plus_working_days(stage.days, stage.calendar or None)
        stage.days = self.days.get(stage.key, stage.days)
        if stage.state != "open" or stage.due_at != as_opened:
            return False
        before = stage.due_at, stage.reminders
        fresh(stage, self.moment(stage.opened_at))
        stage.reminders = max(stage.reminders, before[1])
        return stage.due_at != before[0]

    def frozen(self, frozen: dict[str, Any]) -> dict[str, Any]:
        """What a case is frozen with, under this change."""
        rules: dict[str, Any] = deepcopy(frozen.get("rules") or {})
        for stage in rules.get("stages", ()):
            for track in stage["tracks"]:
                track["days"] = self.days.get(track["key"], track["days"])
        return {**frozen, "rules": rules, "terms": {**frozen["terms"], **self.terms}}


@dataclass(frozen=True)
class Event:
    """What will be said: the fact as the catalogue of words knows it, when, and about what."""

    at: datetime
    what: str
    subject: UUID


@dataclass(frozen=True)
class Due:
    """An open task of a case, and until when."""

    stage: UUID
    key: str
    due_at: datetime


@dataclass(frozen=True)
class Course:
    """What a case waits for now, and what comes when nobody acts."""

    due: tuple[Due, ...]
    due_at: datetime | None
    events: tuple[Event, ...]


class Rehearsal:
    """The steps of applications on a clock of its own."""

    def __init__(self, database: Database, now: datetime) -> None:
        self.clock = FixedClock(now)
        self.offers = Offers("applications", database, self.clock)
        self._database = database
        self._now = now
        steps.offer(self)

    async def play(self, case: UUID, change: Change, until: datetime) -> Course:
        """Nobody acts on a case until then."""
        self.clock.forward(self._now - self.clock.now())
        async with _taken_back(self._database) as tx:
            row = await tx.locked(Application, case)
            row.frozen = change.frozen(row.frozen)
            open_ = [one for one in await stages_of(tx, case, row.round) if one.state == "open"]
            for stage in open_:
                change.of(stage)
            due = tuple(Due(one.id, one.key, one.due_at) for one in open_)
            await tx.session.flush()
            newest = (await tx.execute(select(func.coalesce(func.max(outbox.c.position), 0)))).scalar_one()
            await self._silence(tx, case, change, until)
            said = await tx.execute(
                select(outbox.c.type, outbox.c.time, outbox.c.subject)
                .where(outbox.c.case_id == case, outbox.c.position > newest)
                .order_by(outbox.c.position)
            )
            events = tuple(Event(one.time, _key(one.type), one.subject) for one in said)
        first = min((one.due_at for one in due), default=row.due_at)
        return Course(due, first, events)

    async def _silence(self, tx: Tx, case: UUID, change: Change, until: datetime) -> None:
        """As the story of a case goes on."""
        now = await self._do(tx, case, Ask.standing, change)
        for _ in range(MOST_STEPS):
            if not now.open:
                return
            if step := AT_ONCE.get(now.state):
                now = await self._do(tx, case, step, change)
                continue
            then = SILENCE.get(now.state)
            coming = next_of(now, then, Ask.remind) if then else None
            if coming is None:
                return
            step, number, seconds = coming
            if self.clock.now() + timedelta(seconds=seconds) > until:
                return
            self.clock.forward(timedelta(seconds=seconds))
            now = await self._do(tx, case, step, change, number)

    async def _do(self, tx: Tx, case: UUID, step: Step, change: Change, number: int = 0) -> Standing:
        subject = Subject(str(case), number=number)
        return await self.offers.within(tx, step, subject, change.moment(self.clock.now()))


def _key(type: str) -> str:
    return ".".join(type.split(".")[1:3])


class _TakenBack(Exception):
    pass


@asynccontextmanager
async def _taken_back(database: Database) -> AsyncGenerator[Tx]:
    """A transaction of which nothing stays."""
    try:
        async with database.transaction() as tx:
            yield tx
            raise _TakenBack
    except _TakenBack:
        pass
