"""What-if as rows of its page: each open case and task with its date, and what comes when nobody acts, as the deadlines
are and as they might be.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from services.applications.deadlines.rehearsing import Course
from services.applications.models import Application
from services.chassis.web.look.parts import Cell, Column
from services.chassis.web.look.values import moment
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import coming_line, state_word


def columns() -> list[Column]:
    return [Column(_("Case")), Column(_("Now, if nobody acts")), Column(_("Then, if nobody acts"))]


def rows(case: Application, now: Course, then: Course, tasks: Mapping[str, str]) -> Iterator[list[Any]]:
    """A row for each task that is open, and one for the case itself where something comes of it. tasks: key → words."""
    later = {one.stage: one.due_at for one in then.due}
    for one in now.due:
        task = tasks.get(one.key, one.key)
        yield [
            Cell(case.number, href=f"/applications/{case.id}", note=task),
            _told(one.due_at, now, one.stage),
            _told(later.get(one.stage), then, one.stage),
        ]
    own = [any(event.subject == case.id for event in course.events) for course in (now, then)]
    if any(own) or not now.due:
        dates = (None, None) if now.due else (now.due_at, then.due_at)
        yield [
            Cell(case.number, href=f"/applications/{case.id}", note=state_word("application", case.state)),
            _told(dates[0], now, case.id),
            _told(dates[1], then, case.id),
        ]


def _told(due_at: datetime | None, course: Course, subject: UUID) -> Cell:
    """Until when, then each reminder, and what the end of the time means; of a task its first end, since one that
    escalates goes on for ever.
    """
    lines: list[str] = []
    for event in course.events:
        if event.subject == subject:
            lines.append(f"{moment(event.at)}: {coming_line(event.what)}")
            if event.what.startswith("stage.") and event.what != "stage.reminded":
                break
    return Cell(moment(due_at) if due_at else "", note=" · ".join(lines) or ("" if due_at else "–"))
