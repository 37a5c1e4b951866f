"""What people and machines read of participations: members their organisation's, officers their partnership's
list with the profile and the rules beside the decision.
"""

from typing import Annotated, Any, Literal, TypeAlias
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy import ColumnElement, or_, true
from sqlmodel import col, select
from sqlmodel.sql.expression import Select
from starlette.requests import Request
from starlette.responses import Response

from contracts.errors import DomainError
from contracts.participation import PARTICIPATION
from services.chassis.database import Tx
from services.chassis.files import opened
from services.chassis.identity.actor import PLATFORM, Actor
from services.chassis.service import Service
from services.chassis.web.look.parts import Cell, Column, Link, Move, Tag, TagKind
from services.chassis.web.look.values import day
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import act_words, code, state_word
from services.chassis.web.sheet import PIECE, Ending, Listing, Rows, saved
from services.chassis.web.who import Who
from services.directory.kinds import participations
from services.directory.models import Organisation, Participation, Partnership, Person
from services.directory.places import place_of
from services.directory.profile import cluster_of, profile_pairs, rule_checks, side_words

PAGE = 50
Limit = Annotated[int, Query(ge=1, le=200)]
State = Literal["submitted", "needs_info", "validated", "rejected", "dormant", "withdrawn"]
SHOWN_STATES: tuple[State, ...] = ("submitted", "needs_info", "validated", "rejected", "dormant", "withdrawn")
_KINDS: dict[str, TagKind] = {
    "submitted": "wait",
    "needs_info": "wait",
    "validated": "good",
    "rejected": "bad",
}

Row: TypeAlias = tuple[Participation, Organisation, Partnership]


def pages(service: Service) -> APIRouter:
    """Routes that read."""
    router = APIRouter()
    database, look = service.database, service.pages

    @router.get("/api/v1/participations", tags=["participation"], summary="Participations that I may see")
    async def participations_json(
        actor: Who,
        state: State | None = None,
        after: UUID | None = None,
        limit: Limit = PAGE,
    ) -> list[dict[str, Any]]:
        """Oldest first; `after` is the last id of the page before."""
        async with database.transaction() as tx:
            return [_as_json(actor, row) for row in await _listed(tx, actor, state, after, limit)]

    @router.get("/api/v1/participations/{id}", tags=["participation"], summary="One participation")
    async def participation_json(actor: Who, id: UUID) -> dict[str, Any]:
        async with database.transaction() as tx:
            return _as_json(actor, await _found(tx, actor, id))

    @router.get("/participations/{id}/cv", include_in_schema=False)
    async def cv(actor: Who, id: UUID) -> Response:
        """Of whoever travels: for their organisation and its officers."""
        async with database.transaction() as tx:
            row, _organisation, _partnership = await _found(tx, actor, id)
            if not row.cv or not participations.parties(actor, row) & {"MEMBER", "OFFICER"}:
                raise DomainError("not-found", status=404)
            return service.downloads.give(await opened(tx, row.cv, actor.person))

    @router.get("/participations", include_in_schema=False)
    async def participations_page(
        request: Request,
        actor: Who,
        state: State | None = None,
        after: UUID | None = None,
    ) -> Response:
        async with database.transaction() as tx:
            rows = await _listed(tx, actor, state, after, PAGE)
        return look.page(
            request,
            "participations.html",
            state=state or "",
            states=[("", _("All")), *((one, state_word("participation", one)) for one in SHOWN_STATES)],
            columns=[
                Column(_("Organisation")),
                Column(_("Partnership")),
                Column(_("Side")),
                Column(_("Since")),
            ],
            rows=[
                [
                    participation_cell(row, organisation.name, note=place_of(organisation)),
                    partnership.name,
                    side_words(row),
                    day(row.submitted_at),
                ]
                for row, organisation, partnership in rows
            ],
            next=f"?state={state or ''}&after={rows[-1][0].id}" if len(rows) == PAGE else "",
        )

    @router.get("/participations/list.{ending}", include_in_schema=False)
    async def participations_file(actor: Who, ending: Ending, state: State | None = None) -> Response:
        return await saved(database, _listing(actor, state), ending, service.clock.now())

    @router.get("/participations/{id}", include_in_schema=False)
    async def participation_page(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            row, organisation, partnership = await _found(tx, actor, id)
            contact = await tx.get(Person, row.contact)
            cluster = await cluster_of(tx, organisation)
        return look.page(
            request,
            "participation.html",
            title=organisation.name,
            partnership=partnership,
            row=row,
            tag=state_tag(row),
            move=_move(actor, row, organisation, partnership),
            profile=profile_pairs(row, organisation, contact),
            checks=rule_checks(row, organisation, cluster),
        )

    return router


def state_tag(row: Participation) -> Tag:
    return Tag(state_word("participation", row.state), _KINDS.get(row.state, "plain"))


def participation_cell(row: Participation, text: str, note: str = "") -> Cell:
    """A participation in a list: its page behind the name, its standing beside it."""
    return Cell(text, note=note, href=f"/participations/{row.id}", tag=state_tag(row))


def _visible(actor: Actor) -> ColumnElement[bool]:
    if actor.may("operator", PLATFORM):
        return true()
    return or_(
        col(Participation.organisation).in_(actor.scopes("member") | actor.scopes("reader")),
        col(Participation.partnership).in_(actor.scopes("officer") | actor.scopes("coordinator")),
    )


def _rows() -> Select[Participation, Organisation, Partnership]:
    return (
        select(Participation, Organisation, Partnership)
        .join(Organisation, col(Organisation.id) == col(Participation.organisation))
        .join(Partnership, col(Partnership.id) == col(Participation.partnership))
    )


async def _listed(tx: Tx, actor: Actor, state: State | None, after: UUID | None, limit: int) -> list[Row]:
    statement = _rows().where(_visible(actor)).order_by(col(Participation.id)).limit(limit)
    if state:
        statement = statement.where(Participation.state == state)
    if after:
        statement = statement.where(col(Participation.id) > after)
    return [
        (row, organisation, partnership)
        for row, organisation, partnership in await tx.session.exec(statement)
    ]


def _listing(actor: Actor, state: State | None) -> Listing:
    """The list as it is saved."""

    async def read(tx: Tx, after: UUID | None) -> tuple[Rows, UUID | None]:
        rows = await _listed(tx, actor, state, after, PIECE)
        told: Rows = [
            (
                organisation.name, code(f"kind.{organisation.kind}"), organisation.town, organisation.country,
                partnership.name, side_words(row), state_word("participation", row.state), row.submitted_at,
            )
            for row, organisation, partnership in rows
        ]  # fmt: skip
        return told, rows[-1][0].id if rows else None

    labels = (
        _("Organisation"), _("Kind"), _("Town"), _("Country"), _("Partnership"), _("Side"), _("Standing"), _("Since"),
    )  # fmt: skip
    return Listing("participants", _("Participants"), [Column(label) for label in labels], read)


async def _found(tx: Tx, actor: Actor, id: UUID) -> Row:
    found = (await tx.session.exec(_rows().where(Participation.id == id, _visible(actor)))).one_or_none()
    if found is None:
        raise DomainError("not-found", status=404)
    row, organisation, partnership = found
    return row, organisation, partnership


def _as_json(actor: Actor, found: Row) -> dict[str, Any]:
    row, organisation, partnership = found
    names = {"organisation_name": organisation.name, "partnership_name": partnership.name}
    hidden = (
        set[str]()
        if participations.parties(actor, row) & {"OFFICER", "COORD", "OPERATOR"}
        else {"decided_by"}
    )
    return {**row.model_dump(mode="json", exclude=hidden), **names}


def _move(
    actor: Actor, row: Participation, organisation: Organisation, partnership: Partnership
) -> Move | None:
    """Whose move it is, with the acts that are the reader's; None when there is neither."""
    mine = participations.parties(actor, row)
    links = [
        Link(act_words("participation", act.name).button, f"/participations/{row.id}/{act.name}")
        for act in PARTICIPATION.acts
        if act.by_person and row.state in act.sources and mine.intersection(act.parties)
    ]
    if mine.intersection(PARTICIPATION.movers_in(row.state)):
        first = next(link for link in links if link.href.endswith(f"/{_FIRST[row.state]}"))
        others = [link for link in links if link is not first]
        return Move(_mine(row.state), True, row.explanation, button=first, others=others)
    match row.state:
        case "submitted":
            title = _("Waiting for the officer of %(partnership)s") % {"partnership": partnership.name}
        case "needs_info" | "dormant":
            title = _("Waiting for %(organisation)s") % {"organisation": organisation.name}
        case _ if links:
            title = _("Nobody's move: %(state)s") % {"state": state_word("participation", row.state)}
        case _:
            return None
    since = row.submitted_at if row.state == "submitted" else None
    return Move(title, False, row.explanation, since=since, others=links)


_FIRST = {"submitted": "validate", "needs_info": "revise", "dormant": "resume"}


def _mine(state: str) -> str:
    match state:
        case "submitted":
            return _("Your move: validate this participation, ask for more, or reject it")
        case "needs_info":
            return _("Your move: revise what you submitted")
        case _:
            return _("Your move: say whether you still want to take part")
