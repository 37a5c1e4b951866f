"""What has taken place, heard from applications and events: it stands beside what a partnership has planned.

Facts of one case come from several streams in any order, so each writes its own columns only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from contracts import application, event, visit
from contracts.facts import Fact
from contracts.tables import Body
from services.chassis.database import Tx
from services.chassis.facts.reader import Reader
from services.chassis.migrate import table_of
from services.directory.consortium.models import Activity

MEASURES: Mapping[str, str] = {
    "exchanges": "exchange",
    "event_xchange": "event_xchange",
    "training": "training",
    "study_visit": "study_visit",
    "matchmaking": "matchmaking",
    "info_session": "info_session",
}
"""What is planned → the kind of activity that counts for it."""


@dataclass(frozen=True)
class Count:
    """Of one measure: what was planned, what lies ahead, what has taken place."""

    measure: str
    planned: int
    ahead: int
    done: int


def hear(reader: Reader) -> None:
    """Registers the projection."""

    @reader.hears(application.Submitted, application.Revised, application.Amended)
    async def applied(tx: Tx, fact: Fact, body: application.Frozen) -> None:
        if body.host is None:
            return  # a grant without a host is no exchange
        await _note(
            tx,
            fact.subject,
            kind="exchange",
            partnership=body.visitor_partnership,
            organisations=[body.visitor, body.host],
            title=f"{body.visitor_name} – {body.host_name}",
        )

    @reader.hears(visit.Planned)
    async def planned(tx: Tx, fact: Fact, body: visit.Planned) -> None:
        await _visit(tx, fact, day=body.first_day, state="planned")

    @reader.hears(visit.Validated)
    async def validated(tx: Tx, fact: Fact, body: visit.Validated) -> None:
        await _visit(tx, fact, day=body.first_day, state="done")

    @reader.hears(visit.NotCompleted, visit.Cancelled)
    async def came_to_nothing(tx: Tx, fact: Fact, body: Body) -> None:
        await _visit(tx, fact, state="off")

    @reader.hears(visit.Reopened)
    async def reopened(tx: Tx, fact: Fact, body: visit.Reopened) -> None:
        await _visit(tx, fact, state="planned")

    @reader.hears(event.Published)
    async def published(tx: Tx, fact: Fact, body: event.Published) -> None:
        await _note(
            tx,
            fact.subject,
            kind=body.kind,
            partnership=body.partnership,
            title=body.title,
            day=_local(body.starts_at, body.timezone),
            state="planned",
        )

    @reader.hears(event.Ended, event.Closed)
    async def ended(tx: Tx, fact: Fact, body: Body) -> None:
        await _note(tx, fact.subject, kind="", state="done")

    @reader.hears(event.Cancelled)
    async def cancelled(tx: Tx, fact: Fact, body: event.Cancelled) -> None:
        await _note(tx, fact.subject, kind="", state="off")


async def counts(tx: Tx, partnership: UUID, planned: Mapping[str, int]) -> list[Count]:
    """Each measure with its plan and what has come of it; those that were neither planned nor done are left out."""
    statement = (
        select(Activity.kind, Activity.state, func.count())
        .where(Activity.partnership == partnership)
        .group_by(col(Activity.kind), col(Activity.state))
    )
    found = {(kind, state): number for kind, state, number in (await tx.session.exec(statement)).all()}
    every = [
        Count(name, planned.get(name, 0), found.get((kind, "planned"), 0), found.get((kind, "done"), 0))
        for name, kind in MEASURES.items()
    ]
    return [one for one in every if one.planned or one.ahead or one.done]


async def _visit(tx: Tx, fact: Fact, **known: Any) -> None:
    if fact.case is not None:
        await _note(tx, fact.case, kind="exchange", **known)


async def _note(tx: Tx, id: UUID, *, kind: str, **known: Any) -> None:
    """Writes what one fact says of an activity, beside what others have said."""
    values = {"kind": kind, **known} if kind else known
    statement = insert(table_of(Activity)).values(
        id=id, **{"kind": "meeting", "state": "known", "title": "", **values}
    )
    await tx.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))


def _local(at: datetime, zone: str) -> Any:
    return at.astimezone(ZoneInfo(zone)).date()
