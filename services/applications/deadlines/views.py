"""What-if on the deadlines of a call: for officers, as a page and as JSON. It changes nothing; applying it moves the
due dates of open tasks, each as an act of its own with a reason.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, get_args
from uuid import UUID

from pydantic import Field, ValidationError
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from contracts import stage as stage_facts
from contracts.errors import DomainError
from contracts.tables import Input
from contracts.workdays import Moment
from services.applications.calls import acts
from services.applications.calls.call_pages import rules_of
from services.applications.calls.models import Call
from services.applications.deadlines.rehearsing import Change, Course, Rehearsal
from services.applications.deadlines.showing import columns, rows
from services.applications.forms.definition import worded
from services.applications.kinds import stages
from services.applications.models import Application
from services.applications.review.holding import Reassign
from services.applications.review.models import Stage
from services.chassis.acts.perform import perform
from services.chassis.database import Tx
from services.chassis.identity.actor import Actor
from services.chassis.service import Service
from services.chassis.web.look.context import reader
from services.chassis.web.look.parts import Figure
from services.chassis.web.look.values import number
from services.chassis.web.look.words import gettext as _
from services.chassis.web.request import idempotency_key
from services.chassis.web.sentences import code, refusal
from services.chassis.web.who import Who

PAGE = 20
HORIZON = timedelta(days=365)
MOST_FINISHED = 20_000
TERMS = ("revision_days", "decision_days", "budget_days", "signing_days", "appeal_days")
OPEN = (
    "submitted",
    "in_review",
    "changes_requested",
    "assessed",
    "selected",
    "awaiting_budget",
    "awarded",
    "rejected",
)


class WhatIf(Input):
    """What would be different. What is left out stays as it is."""

    closed: tuple[date, ...] = Field((), title="Further days on which nobody works", max_length=100)
    days: dict[str, int] = Field(default_factory=dict[str, int], title="Working days of a task, by its key")
    terms: dict[str, int] = Field(default_factory=dict[str, int], title="Days of a clock of the scheme")

    def change(self, call: Call) -> Change:
        """DomainError where it names what the call does not have."""
        known = {track.key for _stage, track in rules_of(call).tracks}
        for name, value in (*self.days.items(), *self.terms.items()):
            if name not in known.union(TERMS):
                raise DomainError("what-if-unknown", "days", name=name)
            if not 1 <= value <= 500:
                raise DomainError("what-if-days", "days", name=name)
        return Change(frozenset(self.closed), self.days, self.terms)


class Apply(WhatIf):
    """The same, and why."""

    reason: stage_facts.MoveReason = Field(title="Why are the dates moved?")


@dataclass(frozen=True)
class Finished:
    """Tasks that are over: how many, and how many of them were later than they were, or would have been, due."""

    total: int
    late_now: int
    late_then: int


async def finished(tx: Tx, call: Call, change: Change) -> Finished:
    """Judged by the functions that compute due dates, from each task's own beginning."""
    statement = (
        select(Stage)
        .join(Application, col(Application.id) == col(Stage.application))
        .where(Application.call == call.id, col(Stage.state).in_(("met", "refused")))
        .order_by(col(Stage.id).desc())
        .limit(MOST_FINISHED)
    )
    rows = (await tx.session.exec(statement)).all()

    def late(row: Stage, days: int, at: Moment) -> bool:
        return row.closed_at is not None and row.closed_at > at.plus_working_days(days, row.calendar or None)

    now = sum(late(row, row.days, Moment(row.opened_at)) for row in rows)
    then = sum(late(row, change.days.get(row.key, row.days), change.moment(row.opened_at)) for row in rows)
    return Finished(len(rows), now, then)


async def open_cases(tx: Tx, call: Call, after: UUID | None, limit: int) -> list[Application]:
    """Cases that are not over, by their ids."""
    statement = select(Application).where(
        Application.call == call.id, col(Application.state).in_(OPEN), ~col(Application.final)
    )
    if after is not None:
        statement = statement.where(col(Application.id) > after)
    return list((await tx.session.exec(statement.order_by(col(Application.id)).limit(limit))).all())


def add_deadlines(service: Service) -> None:
    """Routes of what-if."""
    app, database, pages, clock = service.app, service.database, service.pages, service.clock

    async def both(cases: Sequence[Application], change: Change) -> list[tuple[Application, Course, Course]]:
        """Each case under the deadlines as they are and as they might be."""
        now = clock.now()
        rehearsal = Rehearsal(database, now)
        return [
            (
                case,
                await rehearsal.play(case.id, Change(), now + HORIZON),
                await rehearsal.play(case.id, change, now + HORIZON),
            )
            for case in cases
        ]

    @app.post("/api/v1/calls/{id}/what-if")
    async def what_if(actor: Who, id: UUID, given: WhatIf, after: UUID | None = None) -> dict[str, Any]:
        """For each open case what is due, and what comes when nobody acts within a year, now and under the change;
        for finished tasks how many would have been late. Twenty cases at once: `after` is the last one's id. Changes
        nothing, so no idempotency key is needed."""
        async with database.transaction() as tx:
            call = await acts.seen(tx, id, actor)
            change = given.change(call)
            over = await finished(tx, call, change)
            cases = await open_cases(tx, call, after, PAGE)
        return {
            "finished": {"total": over.total, "late_now": over.late_now, "late_then": over.late_then},
            "cases": [
                {"id": str(case.id), "number": case.number, "state": case.state, "now": _said(now), "then": _said(then)}
                for case, now, then in await both(cases, change)
            ],
        }  # fmt: skip

    @app.post("/api/v1/calls/{id}/move-deadlines")
    async def move(request: Request, actor: Who, id: UUID, given: Apply) -> list[dict[str, Any]]:
        """Moves the open tasks of a call to where they would be due, later only, each as an act of its own; a result
        for each. The same idempotency key moves them once."""
        return await apply(actor, id, given, idempotency_key(request))

    async def apply(actor: Actor, id: UUID, given: Apply, key: str) -> list[dict[str, Any]]:
        async with database.transaction() as tx:
            call = await acts.seen(tx, id, actor)
            change = given.change(call)
            statement = (
                select(Stage)
                .join(Application, col(Application.id) == col(Stage.application))
                .where(Application.call == call.id, Stage.state == "open")
                .order_by(col(Stage.id))
            )
            rows = list((await tx.session.exec(statement)).all())
            before = {row.id: row.due_at for row in rows}
            wanted = [(row.id, row.key, row.application, row.due_at) for row in rows if change.of(row)]
            tx.session.expunge_all()
        results: list[dict[str, Any]] = []
        for stage, name, case, due_at in wanted:
            said: dict[str, Any] = {"stage": str(stage), "key": name, "application": str(case), "ok": True}
            said |= {"due_at": due_at.isoformat(), "before": before[stage].isoformat()}
            move_it = Reassign.model_validate({"reason": given.reason, "due_at": due_at})
            try:
                await perform(
                    database,
                    stages,
                    "reassign",
                    stage,
                    move_it,
                    actor=actor,
                    key=f"{key}:{stage}",
                    at=clock.moment(),
                )
            except DomainError as reason:
                said |= {"ok": False, "slug": reason.slug, "detail": refusal(reason.slug, reason.params)}
            results.append(said)
        return results

    @app.get("/calls/{id}/deadlines", include_in_schema=False)
    async def page(request: Request, actor: Who, id: UUID, after: UUID | None = None) -> Response:
        given, wrong = _read(request.query_params)
        async with database.transaction() as tx:
            call = await acts.seen(tx, id, actor)
            try:
                change = given.change(call)
            except DomainError as reason:
                change, wrong = Change(), refusal(reason.slug, reason.params)
            over = await finished(tx, call, change)
            cases = await open_cases(tx, call, after, PAGE)
        return show(request, call, change, over, await both(cases, change), wrong, typed=request.query_params)

    @app.post("/calls/{id}/deadlines", include_in_schema=False)
    async def applied(request: Request, actor: Who, id: UUID) -> Response:
        posted = {name: str(value) for name, value in (await request.form()).items()}
        given, wrong = _read(posted)
        async with database.transaction() as tx:
            call = await acts.seen(tx, id, actor)
        reason = posted.get("reason")
        if reason not in get_args(stage_facts.MoveReason):
            wrong = wrong or _("Choose why the dates are moved.")
        results = None
        if not wrong:
            why = Apply.model_validate({**given.model_dump(), "reason": reason})
            results = await apply(actor, id, why, idempotency_key(request, posted.get("idempotency_key", "")))
        async with database.transaction() as tx:
            over = await finished(tx, call, Change())
            cases = await open_cases(tx, call, None, PAGE)
        return show(request, call, Change(), over, await both(cases, Change()), wrong, results, posted)

    def show(
        request: Request,
        call: Call,
        change: Change,
        over: Finished,
        found: Sequence[tuple[Application, Course, Course]],
        wrong: str = "",
        results: Sequence[Mapping[str, Any]] | None = None,
        typed: Mapping[str, str] = MappingProxyType({}),
    ) -> Response:
        """What was typed stands there again where it could not be read."""
        kept: Mapping[str, str] = typed if wrong else {}
        closed = "\n".join(sorted(day.isoformat() for day in change.closed))
        language = reader().language
        tracks = [
            (
                track.key,
                worded(track.title, language) or track.key,
                kept.get(f"days-{track.key}", change.days.get(track.key, track.days)),
            )
            for _stage, track in rules_of(call).tracks
        ]
        tasks = {key: title for key, title, _days in tracks}
        return pages.page(
            request, "deadlines.html", 422 if wrong else 200, title=_("What if the deadlines were others?"), call=call,
            change=change, tracks=tracks, code=code,
            terms=[
                (name, kept.get(f"term-{name}", change.terms.get(name, call.terms.get(name)))) for name in TERMS
            ],
            closed=kept.get("closed", closed), wrong=wrong, results=results,
            figures=[
                Figure(number(over.total), _("tasks are finished")),
                Figure(number(over.late_now), _("of them were late")),
                Figure(number(over.late_then), _("would have been late"), kind="wait" if over.late_then else "plain"),
            ],
            columns=columns(), rows=[row for one in found for row in rows(*one, tasks)],
            moved=any(a.due != b.due for _c, a, b in found),
            key=idempotency_key(request), next=_next(request, found) if len(found) == PAGE else "",
        )  # fmt: skip


def _read(given: Mapping[str, str]) -> tuple[WhatIf, str]:
    """The change as the page's form has it; a sentence where a field cannot be read."""
    numbers = {name: value.strip() for name, value in given.items() if value.strip()}
    days = {name.removeprefix("days-"): value for name, value in numbers.items() if name.startswith("days-")}
    terms = {name.removeprefix("term-"): value for name, value in numbers.items() if name.startswith("term-")}
    closed = [_iso(text) for text in given.get("closed", "").split()]
    try:
        return WhatIf.model_validate({"closed": closed, "days": days, "terms": terms}), ""
    except ValidationError:
        return WhatIf(closed=()), _(
            "Enter days as 2026-12-24 or 24.12.2026, one on each line, and whole numbers of days."
        )


def _iso(text: str) -> str:
    """A day as machines write it, also where it was written as people do: 24.12.2026."""
    written = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text)
    return f"{written[3]}-{written[2]:0>2}-{written[1]:0>2}" if written else text


def _next(request: Request, found: Sequence[tuple[Application, Course, Course]]) -> str:
    return f"?{request.url.include_query_params(after=found[-1][0].id).query}"


def _said(course: Course) -> dict[str, Any]:
    return {
        "due_at": course.due_at and course.due_at.isoformat(),
        "stages": [{"stage": str(one.stage), "key": one.key, "due_at": one.due_at.isoformat()} for one in course.due],
        "events": [{"at": one.at.isoformat(), "fact": one.what, "subject": str(one.subject)} for one in course.events],
    }  # fmt: skip
