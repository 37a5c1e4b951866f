"""The same reads for machines: my worklist, my cases, one case with where each of its parts stands."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from contracts.errors import NotKnownYet
from services.chassis.service import Service
from services.chassis.web.sentences import fact_line
from services.chassis.web.who import Who
from services.overview import listing
from services.overview.listing import Row, Wanted
from services.overview.models import Subject
from services.overview.panel import turns
from services.overview.road import Scene, doer
from services.overview.standing import latest
from services.overview.tasks import Task, tasks_of

Limit = Annotated[int, Query(ge=1, le=200)]


class Asked(Wanted):
    limit: Limit = 50


def api(service: Service) -> APIRouter:
    """Routes under /api/v1."""
    router = APIRouter(prefix="/api/v1", tags=["overview"])

    @router.get("/worklist")
    async def worklist(actor: Who, limit: Limit = 100) -> dict[str, Any]:
        """My open moves, the most urgent first."""
        async with service.database.transaction() as tx:
            tasks, total = await tasks_of(tx, actor, service.clock.now(), limit)
        return {"total": total, "items": [_task(task) for task in tasks]}

    @router.get("/cases")
    async def cases(actor: Who, wanted: Annotated[Asked, Query()]) -> dict[str, Any]:
        """Cases that I may see, newest first; `after` is the last id seen. `q` is looked for in numbers and names."""
        async with service.database.transaction() as tx:
            rows, more = await listing.cases(tx, actor, service.clock.now(), wanted, wanted.limit)
        return {"items": [_row(row) for row in rows], "after": str(rows[-1].case.id) if more else None}

    @router.get("/cases/{id}")
    async def case(actor: Who, id: UUID, done: str = "") -> dict[str, Any]:
        """One case. With `done=<subject>:<version>` it answers once overview has read that version."""
        if not await listing.heard(service.database, done):
            raise NotKnownYet("case", id)
        async with service.database.transaction() as tx:
            scene = await listing.scene(tx, id, actor, service.clock.now())
        return _case(scene)

    return router


def _task(task: Task) -> dict[str, Any]:
    one, case = task.subject, task.case
    return {
        "what": task.words.what,
        "act": f"{one.aggregate}.{task.act.act.name}" if task.act else None,
        "href": task.href,
        "subject": {
            "id": str(one.id),
            "aggregate": one.aggregate,
            "state": one.state,
            "version": one.version,
        },
        "case": {"id": str(case.id), "number": case.number, "title": task.about} if case else None,
        "since": one.since.isoformat(),
        "due_at": _iso(one.due_at),
        "late": task.late,
    }


def _row(row: Row) -> dict[str, Any]:
    case = row.case
    return {
        "id": str(case.id),
        "kind": case.kind,
        "number": case.number,
        "title": row.title,
        "status": case.status,
        "stage": row.stage,
        "due_at": _iso(case.due_at),
        "late": row.late,
        "amount_cents": case.amount_cents,
        "currency": case.currency,
        "opened_at": _iso(case.opened_at),
        "ended_at": _iso(row.ended_at),
    }


def _case(scene: Scene) -> dict[str, Any]:
    case = scene.case
    name = scene.name(case.about) if case.about else ""
    waiting = turns(scene)
    return {
        **_row(listing.row_of(case, name, scene.event, scene.now)),
        "application": _part(scene, "application"),
        "registration": _part(scene, "registration"),
        "visit": _part(scene, "visit"),
        "claim": _part(scene, "claim", "number", "amount_cents", "accepted_cents", "paid_cents", "pay_by"),
        "reservation": _part(scene, "reservation", "amount_cents", "purpose"),
        "agreements": [_agreement(one) for one in scene.subjects if one.aggregate == "agreement"],
        "moves": [
            {
                "subject": str(turn.subject.id),
                "aggregate": turn.subject.aggregate,
                "state": turn.subject.state,
                "parties": list(turn.parties),
                "mine": turn.mine,
                "since": turn.subject.since.isoformat(),
                "due_at": _iso(turn.subject.due_at),
            }
            for turn in waiting
        ],
        "next_deadline": _iso(case.due_at),
        "timeline": [
            {
                "at": line.at.isoformat(),
                "type": line.type,
                "text": fact_line(line.type),
                "actor": line.actor,
                "name": doer(scene, line),
            }
            for line in scene.lines
        ],
    }


def _part(scene: Scene, aggregate: str, *fields: str) -> dict[str, Any] | None:
    """Where a part of the case stands; None if there is none, or the reader's parties do not see it."""
    one = latest(scene.subjects, aggregate)
    if one is None or not scene.sees(one):
        return None
    standing = {
        "id": str(one.id),
        "state": one.state,
        "version": one.version,
        "final": one.final,
        "appeal": one.appeal,
    }
    return standing | {field: one.said.get(field) for field in fields}


def _agreement(one: Subject) -> dict[str, Any]:
    signed = one.said.get("parties", []) if one.state == "completed" else one.done
    return {"id": str(one.id), "kind": one.said.get("kind"), "state": one.state, "signed": list(signed)}


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
