"""What overview reads of cases for its pages: my cases, one case with all that belongs to it.

A constant number of statements each; nobody gets a row whose audience their grants do not meet.
"""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, and_, literal, or_, tuple_
from sqlmodel import col, select

from contracts.errors import DomainError
from contracts.workdays import Moment
from services.chassis.database import Database, Tx
from services.chassis.finding import has
from services.chassis.identity.actor import Actor
from services.chassis.identity.grants import grants, on
from services.chassis.web.look.words import gettext as _
from services.overview.models import Case, Line, Name, Subject
from services.overview.moves import (
    entries,
    is_operator,
    role_entries,
    split,
)
from services.overview.road import Scene
from services.overview.standing import OVER, now_of

PATIENCE = 2.0
"""Seconds that a page waits for what its reader has just done."""
LOOKS_AFTER = ("coordinator", "officer", "organiser")
"""Roles of a partnership's own people."""


class Wanted(BaseModel):
    """What a list of cases is narrowed to.

    q      words that are all found in its number or in the names and towns it tells
    stage  post of its road where it is now
    which  all, the open ones, or the open ones whose date is past
    after  the last one seen: those that follow it
    """

    q: Annotated[str, Field(max_length=100)] = ""
    stage: str = ""
    which: Literal["", "open", "late"] = ""
    after: UUID | None = None


@dataclass(frozen=True)
class Row:
    """A case in a list."""

    case: Case
    title: str
    late: bool
    ended_at: datetime | None
    stage: str


async def heard(database: Database, done: str) -> bool:
    """Waits until overview has read this version of a subject ("<subject>:<version>"); whether it has."""
    subject, _colon, version = done.partition(":")
    try:
        wanted = UUID(subject), int(version)
    except ValueError:
        return True
    deadline = monotonic() + PATIENCE
    while True:
        async with database.transaction() as tx:
            row = await tx.get(Subject, wanted[0])
        if row is not None and row.version >= wanted[1]:
            return True
        if monotonic() > deadline:
            return False
        await asyncio.sleep(0.05)


def title_of(case: Case, name: str) -> str:
    """ "Kraków to Tartu", or the name of the event."""
    if case.kind == "exchange":
        return _("%(origin)s to %(destination)s") % {"origin": case.origin, "destination": case.destination}
    if case.kind == "grant":
        return _("%(visitor)s: %(call)s") % {"visitor": case.visitor, "call": case.destination}
    return name or _("Registration")


async def cases(
    tx: Tx,
    actor: Actor,
    now: datetime,
    wanted: Wanted,
    limit: int = 25,
) -> tuple[list[Row], bool]:
    """The cases that the reader may see, newest first, and whether there are more."""
    statement = (
        select(Case, Name.name, Subject)
        .join(Name, col(Name.id) == Case.about, isouter=True)
        .join(Subject, col(Subject.id) == Case.about, isouter=True)
        .where(col(Case.kind) != "", *visible(actor), *(_tells(word) for word in wanted.q.split()))
        .order_by(col(Case.opened_at).desc(), col(Case.id).desc())
        .limit(limit + 1)
    )
    if wanted.stage:
        statement = statement.where(Case.stage == wanted.stage)
    if wanted.which == "late":
        statement = statement.where(col(Case.due_at) < now)
    if wanted.which:
        statement = statement.where(*is_open())
    if wanted.after and (last := await tx.get(Case, wanted.after)):
        earlier, same = col(Case.opened_at) < last.opened_at, col(Case.opened_at) == last.opened_at
        statement = statement.where(or_(earlier, and_(same, col(Case.id) < last.id)))
    found = (await tx.session.exec(statement)).all()
    rows = [row_of(case, name or "", event, now) for case, name, event in found[:limit]]
    return rows, len(found) > limit


def _tells(word: str) -> ColumnElement[bool]:
    """Whether a case tells this word, wherever it stands in a name."""
    told = (Case.number, Case.visitor, Case.origin, Case.destination, Name.name)
    return has(word, map(col, told))


def row_of(case: Case, name: str, event: Subject | None, now: datetime) -> Row:
    late = case.due_at is not None and case.due_at < now
    return Row(case, title_of(case, name), late, *now_of(case, event))


def visible(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """Operators see every case, everybody else those whose audience they meet."""
    return () if is_operator(actor) else (meets(Case.audience, entries(actor)),)


def meets(column: Any, mine: Collection[str]) -> ColumnElement[bool]:
    """Whether an array of entries has one of the reader's."""
    return column.overlap(mine)


def is_open() -> tuple[ColumnElement[bool], ...]:
    """Open cases; a registration ends with its event. The statement joins the event's Subject."""
    running = or_(col(Subject.state).is_(None), col(Subject.state).not_in(OVER))
    return col(Case.kind) != "", col(Case.ended_at).is_(None), running


async def scene(tx: Tx, id: UUID, actor: Actor, now: datetime) -> Scene:
    """One case with all that belongs to it; DomainError("not-found") for who may not see it.

    An operator who takes no part in it sees every line and nobody's name.
    """
    case = await tx.get(Case, id)
    mine = frozenset(entries(actor))
    takes_part = case is not None and bool(mine.intersection(case.audience))
    if case is None or not case.kind or not (takes_part or is_operator(actor)):
        raise DomainError("not-found", status=404)
    subjects = (
        await tx.session.exec(
            select(Subject)
            .where(or_(col(Subject.case_id) == id, col(Subject.id).in_([*case.joined, case.about])))
            .order_by(col(Subject.id))
        )
    ).all()
    lines = (
        await tx.session.exec(
            select(Line)
            .where(or_(col(Line.case_id) == id, col(Line.subject).in_(case.joined)))
            .order_by(col(Line.at), col(Line.recorded_at), col(Line.subject), col(Line.version))
        )
    ).all()
    seen = [line for line in lines if not takes_part or mine.intersection(line.audience)]
    scopes = [scope for _party, scope in split(case.audience)]
    wanted = ids_of([*scopes, case.about, *(one for line in seen for one in (line.actor, line.behalf_of))])
    names = await names_of(tx, wanted, people=takes_part)
    return Scene(
        case=case,
        subjects=[one for one in subjects if one.id != case.about],
        lines=seen,
        names=names,
        mine=mine,
        now=now,
        mandate=actor.mandate,
        event=next((one for one in subjects if one.id == case.about), None),
        holders=await _holders(tx, case, now) if takes_part else {},
        changed=await _changed(tx, case, subjects),
    )


async def partnerships(tx: Tx, actor: Actor) -> list[tuple[UUID, str]]:
    """Those that the reader looks after, by name."""
    mine = {scope for role in LOOKS_AFTER for scope in actor.scopes(role)}
    if not mine:
        return []
    statement = select(Name.id, Name.name).where(col(Name.id).in_(mine), Name.kind == "partnership")
    return [(id, name) for id, name in (await tx.session.exec(statement.order_by(Name.name))).all()]


async def names_of(tx: Tx, ids: Collection[UUID], people: bool = True) -> dict[UUID, str]:
    statement = select(Name.id, Name.name).where(col(Name.id).in_(ids))
    if not people:
        statement = statement.where(Name.kind != "person")
    return dict((await tx.session.exec(statement)).all())


async def _changed(tx: Tx, case: Case, subjects: Sequence[Subject]) -> list[Subject]:
    """Visitor and host of a running case whose legal facts changed, until these are confirmed again."""
    sides = ids_of(
        one.said.get(side) for one in subjects if one.id == case.id for side in ("visitor", "host")
    )
    statement = select(Subject).where(
        col(Subject.id).in_(sides),
        Subject.aggregate == "organisation",
        Subject.state == "registered",
    )
    found = (await tx.session.exec(statement)).all() if case.ended_at is None else ()
    return [one for one in found if one.said.get("what")]


async def _holders(tx: Tx, case: Case, now: datetime) -> dict[tuple[str, UUID], list[str]]:
    """Who holds the roles of the case's parties, by party and scope."""
    wanted = role_entries(case.audience)
    statement = (
        select(grants.c.role, grants.c.scope, Name.name)
        .join(Name, col(Name.id) == grants.c.person)
        .where(tuple_(grants.c.role, grants.c.scope).in_([(role, scope) for _party, role, scope in wanted]))
        .where(on(literal(Moment(now).today())))
        .distinct()
        .order_by(Name.name)
    )
    found: dict[tuple[str, UUID], list[str]] = {}
    rows: Sequence[Any] = (await tx.execute(statement)).all()
    for party, role, scope in wanted:
        found[party, scope] = [row.name for row in rows if (row.role, row.scope) == (role, scope)]
    return found


def ids_of(values: Any) -> set[UUID]:
    return {id for value in values if (id := uuid_of(value)) is not None}


def uuid_of(value: object) -> UUID | None:
    if isinstance(value, UUID):
        return value
    try:
        return UUID(str(value))
    except ValueError:
        return None
