"""The monitor's figures from overview's own rows: cases by stage, what is late, the next dates, commit to
effect."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, func
from sqlmodel import col, select

from services.chassis.database import Tx
from services.overview.listing import is_open
from services.overview.models import Case, Line, Name, Subject
from services.overview.words import STAGES

TIMERS = 8
LATE_SHOWN = 8
SPAN = timedelta(minutes=10)
"""Real time over which commit to effect is measured."""


@dataclass(frozen=True)
class StageCount:
    """Open cases at one post of the road, and how many of them are past their date."""

    stage: str
    count: int
    late: int


@dataclass(frozen=True)
class Dated:
    """A subject with a date, and the case it belongs to."""

    subject: Subject
    case: Case | None
    name: str


@dataclass(frozen=True)
class Figures:
    """All of them at one moment. p99_seconds is None when nothing was heard in the last SPAN."""

    stages: Sequence[StageCount]
    oldest_due: datetime | None
    late: Sequence[Dated]
    timers: Sequence[Dated]
    p99_seconds: float | None

    @property
    def open(self) -> int:
        return sum(one.count for one in self.stages)

    @property
    def late_count(self) -> int:
        return sum(one.late for one in self.stages)


async def figures(tx: Tx, now: datetime) -> Figures:
    """Read in five statements, however many cases there are."""
    stages, oldest = await _stages(tx, now)
    late = await _dated(tx, col(Subject.due_at) < now, LATE_SHOWN)
    timers = await _dated(tx, col(Subject.due_at) >= now, TIMERS)
    return Figures(stages, oldest, late, timers, await _p99(tx))


async def _stages(tx: Tx, now: datetime) -> tuple[list[StageCount], datetime | None]:
    past = col(Case.due_at) < now
    statement = (
        select(Case.stage, func.count(), func.count(case((past, 1))), func.min(case((past, Case.due_at))))
        .select_from(Case)
        .join(Subject, col(Subject.id) == Case.about, isouter=True)
        .where(*is_open())
        .group_by(Case.stage)
    )
    found = {
        stage: (count, late, oldest)
        for stage, count, late, oldest in (await tx.session.exec(statement)).all()
    }
    counts = [StageCount(stage, *found[stage][:2]) for stage in STAGES if stage in found]
    oldest = min((dates for _count, _late, dates in found.values() if dates), default=None)
    return counts, oldest


async def _dated(tx: Tx, when: ColumnElement[bool], limit: int) -> list[Dated]:
    """Subjects with a date that is waited for, the nearest first; an agreement's is its case's."""
    no_case = col(Subject.case_id).is_(None)
    open_case = and_(col(Case.id) == Subject.case_id, col(Case.ended_at).is_(None))
    statement = (
        select(Subject, Case, Name.name)
        .join(Case, open_case, isouter=True)
        .join(Name, col(Name.id) == func.coalesce(Case.about, Subject.id), isouter=True)
        .where(when, Subject.aggregate != "agreement", no_case | col(Case.id).is_not(None))
        .order_by(col(Subject.due_at), col(Subject.id))
        .limit(limit)
    )
    return [
        Dated(subject, case, name or "") for subject, case, name in (await tx.session.exec(statement)).all()
    ]


async def _p99(tx: Tx) -> float | None:
    """From a fact's commit at its owner to its effect here, over the last real minutes. What was recorded before
    overview heard its first fact has waited for overview to be there, and says nothing."""
    took = func.extract("epoch", col(Line.applied_at) - col(Line.recorded_at))
    began = select(func.min(col(Line.applied_at))).scalar_subquery()
    statement = select(func.percentile_cont(0.99).within_group(took)).where(
        col(Line.applied_at) > func.clock_timestamp() - SPAN, col(Line.recorded_at) > began
    )
    found = (await tx.session.exec(statement)).one()
    return None if found is None else float(found)
