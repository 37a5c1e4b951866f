"""My worklist: the open moves of a reader, the most urgent first, by a constant number of statements."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func
from sqlmodel import col, select

from contracts.mandate import Kind
from contracts.words.moves import MoveWords
from services.chassis.database import Tx
from services.chassis.identity.actor import Actor
from services.chassis.web.look.words import gettext as _
from services.overview.listing import ids_of, meets, names_of, title_of, uuid_of
from services.overview.models import Case, Line, Subject
from services.overview.moves import Possible, entries, foremost, parties_in, possible, words_of

WORKLIST_LIMIT = 100
NAMED = ("organisation", "visitor", "host", "event", "member", "person")
"""Fields of what a subject has said that name what it is about."""


@dataclass(frozen=True)
class Task:
    """One open move of the reader."""

    subject: Subject
    words: MoveWords
    act: Possible | None
    case: Case | None
    about: str
    late: bool

    @property
    def href(self) -> str:
        if page := self.words.page(self.subject.id, self.subject.case_id):
            return page
        return self.act.href if self.act else f"/cases/{self.subject.case_id}"


async def tasks_of(
    tx: Tx, actor: Actor, now: datetime, limit: int = WORKLIST_LIMIT
) -> tuple[list[Task], int]:
    """The reader's open moves by deadline, and how many there are in all."""
    mine = entries(actor)
    turn = and_(meets(Subject.movers, mine), ~_of_another(actor.person))
    total = (await tx.session.exec(select(func.count()).select_from(Subject).where(turn))).one()
    statement = (
        select(Subject, Case)
        .join(Case, col(Case.id) == Subject.case_id, isouter=True)
        .where(turn)
        .order_by(col(Subject.due_at).asc().nulls_last(), col(Subject.since), col(Subject.id))
        .limit(limit)
    )
    rows = (await tx.session.exec(statement)).all()
    names = await names_of(tx, ids_of(one for subject, _case in rows for one in map(subject.said.get, NAMED)))
    return [_task(subject, case, mine, names, now, actor.mandate) for subject, case in rows], total


SECONDED = ("relais.batch.seconded.v1", "relais.suspense.explained.v1")
"""Facts of the first of two people, after which the same role is asked, but somebody else."""


def _of_another(person: UUID) -> ColumnElement[bool]:
    """Whether a subject waits for a second person, this one having been the first."""
    return exists().where(
        col(Line.subject) == col(Subject.id),
        col(Line.version) == col(Subject.version),
        col(Line.type).in_(SECONDED),
        col(Line.actor) == str(person),
    )


def _task(
    subject: Subject,
    case: Case | None,
    mine: Collection[str],
    names: dict[UUID, str],
    now: datetime,
    mandate: Kind | None,
) -> Task:
    parties = parties_in(mine, subject.audience)
    turn = parties_in(mine, subject.movers)
    return Task(
        subject=subject,
        words=words_of(subject, min(turn)),
        act=foremost(possible(subject, parties, now, mandate), parties),
        case=case,
        about=_about(subject, case, names),
        late=subject.due_at is not None and subject.due_at < now,
    )


def _about(subject: Subject, case: Case | None, names: dict[UUID, str]) -> str:
    """What a task is about, by names that everybody may know."""
    if case is not None and case.kind in ("exchange", "grant"):
        return title_of(case, "")
    named = {field: names.get(id) for field in NAMED if (id := uuid_of(subject.said.get(field)))}
    said = {field: name for field, name in named.items() if name}
    if {"visitor", "host"} <= said.keys():
        return _("%(visitor)s to %(host)s") % said
    told = subject.said.get("title") or subject.said.get("end_to_end_id", "")
    return next(iter(said.values()), str(told))
