"""What people and machines read of deliverables: those they have to do with, and one with all its versions.

Read by whoever leads or reviews it, the partnership's coordinators and officers, and its other members.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, File, UploadFile
from sqlmodel import col, or_, select
from starlette.requests import Request
from starlette.responses import Response

from contracts.deliverable import DELIVERABLE
from contracts.errors import DomainError
from contracts.words.moves import MOVES
from services.chassis.database import Tx
from services.chassis.files import opened
from services.chassis.identity.actor import PLATFORM, Actor
from services.chassis.service import Service
from services.chassis.web.look.parts import Cell, Column, Link, Move, Tag, TagKind
from services.chassis.web.look.values import day, short_day
from services.chassis.web.look.words import coded
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import act_words, state_word
from services.chassis.web.who import Who
from services.directory.consortium.deliverable import TAKEN
from services.directory.consortium.kinds import deliverables
from services.directory.consortium.models import Deliverable, Version, WorkPackage
from services.directory.consortium.preparing import members
from services.directory.models import Partnership, Person

PAGE = 200
OPEN = ("planned", "returned", "in_review", "reviewed")
_KINDS: dict[str, TagKind] = {"accepted": "good", "returned": "wait", "in_review": "wait", "reviewed": "wait"}
_FIRST = {"planned": "submit", "returned": "submit", "in_review": "review", "reviewed": "accept"}


def pages(service: Service) -> APIRouter:
    """Routes that read."""
    router = APIRouter()
    database, look = service.database, service.pages

    @router.get(
        "/api/v1/deliverables", tags=["deliverable"], summary="Open deliverables of mine, by due date"
    )
    async def deliverables_json(actor: Who) -> list[dict[str, Any]]:
        async with database.transaction() as tx:
            return [_as_json(row) for row in await _mine(tx, actor)]

    @router.get(
        "/api/v1/deliverables/{id}", tags=["deliverable"], summary="One deliverable with its versions"
    )
    async def deliverable_json(actor: Who, id: UUID) -> dict[str, Any]:
        async with database.transaction() as tx:
            row = await _found(tx, actor, id)
            versions = await _versions(tx, id)
        return {**_as_json(row), "all_versions": [one.model_dump(mode="json") for one in versions]}

    @router.get("/deliverables", include_in_schema=False)
    async def deliverables_page(request: Request, actor: Who) -> Response:
        """What the reader's organisations lead or review, and what they coordinate."""
        async with database.transaction() as tx:
            rows = await _mine(tx, actor)
            found = select(Partnership).where(col(Partnership.id).in_([row.partnership for row in rows]))
            names = {one.id: one.name for one in (await tx.session.exec(found)).all()}
        today = service.clock.moment().today()
        return look.page(
            request,
            "deliverables.html",
            columns=[Column(_("Deliverable")), Column(_("Partnership")), Column(_("Due"))],
            rows=[
                [
                    Cell(
                        row.title,
                        note=coded("kind", row.kind),
                        href=f"/deliverables/{row.id}",
                        tag=state_tag(row),
                    ),
                    names.get(row.partnership, "–"),
                    due_cell(row, today),
                ]
                for row in rows
            ],
        )

    @router.get("/deliverables/{id}", include_in_schema=False)
    async def deliverable_page(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            row = await _found(tx, actor, id)
            partnership = await tx.found(Partnership, row.partnership)
            package = await tx.get(WorkPackage, row.work_package) if row.work_package else None
            names = {one.id: one.name for one in await members(tx, row.partnership)}
            versions = await _versions(tx, id)
            people = await _people(tx, versions)
        return look.page(
            request,
            "deliverable.html",
            row=row,
            partnership=partnership,
            tag=state_tag(row),
            move=_move(actor, row, names, partnership),
            versions=versions,
            people=people,
            facts=[
                (_("What"), coded("kind", row.kind)),
                (_("Due"), due_cell(row, service.clock.moment().today())),
                (_("Lead"), names.get(row.lead, "–")),
                (
                    _("Peer"),
                    names.get(row.peer, "–") if row.peer else _("none: the coordinator alone looks at it"),
                ),
                (_("Work package"), f"{package.number}  {package.title}" if package else "–"),
            ],
        )

    @router.get("/deliverables/{id}/versions/{number}", include_in_schema=False)
    async def version_file(actor: Who, id: UUID, number: int) -> Response:
        async with database.transaction() as tx:
            await _found(tx, actor, id)
            version = await tx.session.get(Version, (id, number))
            if version is None:
                raise DomainError("not-found", status=404)
            file = await opened(tx, version.file, actor.person)
        return service.downloads.give(file.model_copy(update={"name": version.file_name}))

    @router.post(
        "/api/v1/deliverables/files", status_code=201, tags=["deliverable"], summary="A file for an act"
    )
    async def upload(actor: Who, file: Annotated[UploadFile, File()]) -> dict[str, Any]:
        """Its id is then given to the act that hands in a version, or to a profile as curriculum vitae."""
        return (await service.files.keep(file, actor.person, takes=TAKEN)).model_dump()

    return router


def state_tag(row: Deliverable) -> Tag:
    return Tag(state_word("deliverable", row.state), _KINDS.get(row.state, "plain"))


def due_cell(row: Deliverable, today: date) -> Cell:
    """The day, and that it is over where somebody still has to hand it in."""
    late = row.due_on < today and row.state in ("planned", "returned")
    return Cell(day(row.due_on), tag=Tag(_("late"), "bad") if late else None)


def deliverable_rows(
    rows: Sequence[Deliverable], names: Mapping[UUID, str], parts: Mapping[UUID, str], today: date
) -> list[list[Cell | str]]:
    """A partnership's deliverables, for its page."""
    return [
        [
            Cell(row.title, note=coded("kind", row.kind), href=f"/deliverables/{row.id}", tag=state_tag(row)),
            parts.get(row.work_package, "–") if row.work_package else "–",
            names.get(row.lead, "–"),
            Cell(short_day(row.due_on), tag=due_cell(row, today).tag),
        ]
        for row in rows
    ]


async def led_or_reviewed(tx: Tx, organisation: UUID) -> Sequence[Deliverable]:
    """The open deliverables that an organisation leads or reviews."""
    statement = select(Deliverable).where(
        or_(Deliverable.lead == organisation, Deliverable.peer == organisation),
        col(Deliverable.state).in_(OPEN),
    )
    return (await tx.session.exec(statement.order_by(col(Deliverable.due_on)).limit(PAGE))).all()


def _as_json(row: Deliverable) -> dict[str, Any]:
    return row.model_dump(mode="json", exclude={"reminded"})


def _move(actor: Actor, row: Deliverable, names: Mapping[UUID, str], partnership: Partnership) -> Move | None:
    mine = deliverables.parties(actor, row)
    links = [
        Link(act_words("deliverable", act.name).button, f"/deliverables/{row.id}/{act.name}")
        for act in DELIVERABLE.acts
        if act.by_person and row.state in act.sources and mine.intersection(act.parties)
    ]
    if mine.intersection(DELIVERABLE.movers_in(row.state)):
        first = next(link for link in links if link.href.endswith(f"/{_FIRST[row.state]}"))
        others = [link for link in links if link is not first]
        title = _("Your move: %(what)s") % {"what": _(MOVES[f"deliverable.{row.state}"].what)}
        return Move(title, True, due=row.due_at, button=first, others=others)
    waits = {
        "planned": names.get(row.lead, ""), "returned": names.get(row.lead, ""),
        "in_review": names.get(row.peer, "") if row.peer else "", "reviewed": partnership.name,
    }  # fmt: skip
    if row.state in waits:
        return Move(_("Waiting for %(who)s") % {"who": waits[row.state]}, False, due=row.due_at, others=links)
    return None


async def _mine(tx: Tx, actor: Actor) -> Sequence[Deliverable]:
    own = actor.scopes("member") | actor.scopes("reader")
    statement = select(Deliverable).where(
        col(Deliverable.state).in_(OPEN),
        or_(
            col(Deliverable.lead).in_(own),
            col(Deliverable.peer).in_(own),
            col(Deliverable.partnership).in_(actor.scopes("coordinator") | actor.scopes("officer")),
        ),
    )
    return (await tx.session.exec(statement.order_by(col(Deliverable.due_on)).limit(PAGE))).all()


async def _found(tx: Tx, actor: Actor, id: UUID) -> Deliverable:
    row = await tx.get(Deliverable, id)
    if row is None:
        raise DomainError("not-found", status=404)
    partnership = await tx.found(Partnership, row.partnership)
    member = any(actor.may(role, one) for role in ("member", "reader") for one in partnership.members)
    if not (member or deliverables.parties(actor, row) or actor.may("operator", PLATFORM)):
        raise DomainError("not-found", status=404)
    return row


async def _versions(tx: Tx, id: UUID) -> Sequence[Version]:
    statement = select(Version).where(Version.deliverable == id).order_by(col(Version.number).desc())
    return (await tx.session.exec(statement)).all()


async def _people(tx: Tx, versions: Sequence[Version]) -> dict[UUID, str]:
    ids = {id for one in versions for id in (one.by, one.reviewed_by, one.judged_by) if id}
    rows = (await tx.session.exec(select(Person).where(col(Person.id).in_(ids)))).all()
    return {row.id: row.name for row in rows}
