"""Acts in somebody's place, for those who ask, those who consent, and those in whose place it is done."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from contracts.break_glass import place_in
from contracts.catalogue import TABLES
from services.applications.break_glass.acts import KINDS
from services.applications.break_glass.models import OPEN, BreakGlass
from services.applications.kinds import break_glasses
from services.applications.models import Application
from services.applications.views import visible
from services.chassis.acts.aggregate import Root
from services.chassis.database import Tx
from services.chassis.identity.actor import PLATFORM, Actor
from services.chassis.identity.people import KnownPerson, people_of
from services.chassis.service import Service
from services.chassis.web.faces import Prepared
from services.chassis.web.look.parts import Cell, Column, Link, Move, Tag
from services.chassis.web.look.values import moment
from services.chassis.web.look.words import coded
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import act_words, party, state_word
from services.chassis.web.who import Who

SHOWN = 200


def add_break_glasses(service: Service) -> None:
    """Their list and page, and their JSON."""
    app, database, pages, clock = service.app, service.database, service.pages, service.clock

    @app.get("/api/v1/break-glasses")
    async def list_json(actor: Who) -> list[dict[str, Any]]:
        """Those of the reader's partnerships, newest first; operators see all."""
        async with database.transaction() as tx:
            return [row.model_dump(mode="json") for row in await _listed(tx, actor)]

    @app.get("/api/v1/break-glasses/{id}")
    async def one_json(actor: Who, id: UUID) -> dict[str, Any]:
        async with database.transaction() as tx:
            return (await visible(tx, break_glasses, actor, id)).model_dump(mode="json")

    @app.get("/break-glasses", include_in_schema=False)
    async def list_page(request: Request, actor: Who) -> Response:
        async with database.transaction() as tx:
            rows = await _listed(tx, actor)
            people = await people_of(tx, [row.requested_by for row in rows])
        return pages.page(
            request,
            "break_glasses.html",
            title=_("Acts in somebody's place"),
            columns=[
                Column(_("What")),
                Column(_("In whose place")),
                Column(_("Who asked")),
                Column(_("State")),
            ],
            rows=[
                [
                    Cell(_what(row), href=f"/break-glasses/{row.id}", note=moment(row.requested_at)),
                    party(row.party),
                    _name(people, row.requested_by),
                    Cell(tag=_tag(row.stands_at(clock.now()))),
                ]
                for row in rows
            ],
        )

    @app.get("/break-glasses/{id}", include_in_schema=False)
    async def one_page(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            row = await visible(tx, break_glasses, actor, id)
            case = await tx.found(Application, row.application)
            who = [one for one in (row.requested_by, row.consented_by) if one]
            people = await people_of(tx, who)
        return pages.page(
            request,
            "break_glass.html",
            title=_("In somebody's place: %(act)s") % {"act": _what(row)},
            number=case.number,
            row=row,
            tag=_tag(row.stands_at(clock.now())),
            move=_move(row, actor, clock.now()),
            facts=[
                (_("In whose place"), party(row.party)),
                (_("Asked for by"), Cell(_name(people, row.requested_by), note=moment(row.requested_at))),
                (_("Why"), coded("reason", row.reason)),
                (_("Consented by"), _name(people, row.consented_by)),
                (_("Until"), moment(row.due_at)),
            ],
        )


async def prepare_request(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """Cases of the reader's partnerships; of the one that is named, the acts that are possible now and not theirs."""
    statement = select(Application).where(
        col(Application.visitor_partnership).in_(actor.scopes("coordinator")),
        col(Application.submitted_at).is_not(None),
    )
    cases = (await tx.session.exec(statement.order_by(col(Application.number).desc()).limit(SHOWN))).all()
    chosen = next((case for case in cases if str(case.id) == query.get("application")), None)
    return Prepared(
        values=dict(query),
        choices={
            "application": [
                (str(case.id), f"{case.number}, {case.frozen['visitor_name']}")
                for case in ([chosen] if chosen else cases)
            ],
            "what": await _possible(tx, chosen, actor) if chosen else [],
        },
    )


async def _possible(tx: Tx, case: Application, actor: Actor) -> Sequence[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, kind in KINDS.items():
        model: Any = kind.model
        own = model.id if model is Application else model.application
        for row in (await tx.session.exec(select(model).where(own == case.id).order_by(col(model.id)))).all():
            for act in kind.table.acts:
                place = place_in(kind.table, act)
                mine = kind.parties(actor, row).intersection(act.parties)
                if place and not mine and row.state in act.sources:
                    words = f"{act_words(name, act.name).title} · {party(place)}"
                    found.append((f"{name}.{act.name}:{row.id}", words))
    return found


async def _listed(tx: Tx, actor: Actor) -> Sequence[BreakGlass]:
    statement = select(BreakGlass).order_by(col(BreakGlass.requested_at).desc()).limit(SHOWN)
    if not actor.may("operator", PLATFORM):
        theirs = [
            col(BreakGlass.scopes)["COORD"].as_string().in_([str(one) for one in actor.scopes(role)])
            for role in ("coordinator", "officer")
        ]
        statement = statement.where(or_(*theirs))
    return (await tx.session.exec(statement)).all()


def _name(people: Mapping[UUID, KnownPerson], id: UUID | None) -> str:
    return people[id].name if id and id in people else "–"


def _what(row: BreakGlass) -> str:
    return act_words(*row.act.split(".")).title


def _tag(state: str) -> Tag:
    return Tag(state_word("break_glass", state), "wait" if state in OPEN else "plain")


def _move(row: BreakGlass, actor: Actor, now: datetime) -> Move | None:
    """What the reader may do with it, while it is not over."""
    state = row.stands_at(now)
    if not break_glasses.parties(actor, row) & {"COORD", "OPERATOR"}:
        return None
    refuse = Link(act_words("break_glass", "refuse").button, f"/break-glasses/{row.id}/refuse")
    mine = row.requested_by == actor.person
    if state == "requested" and mine:
        return Move(_("Waiting for a second person"), False, due=row.due_at, others=[refuse])
    if state == "requested":
        consent = Link(act_words("break_glass", "consent").button, f"/break-glasses/{row.id}/consent")
        return Move(_("Your move: consent, or refuse"), True, due=row.due_at, button=consent, others=[refuse])
    if state == "consented" and mine:
        aggregate, _dot, act = row.act.partition(".")
        table = TABLES[aggregate]
        use = Link(act_words(aggregate, act).button, table.page_of(table.act(act)).format(id=row.thing))
        return Move(_("Your move: do this one act"), True, due=row.due_at, button=use, others=[refuse])
    if state == "consented":
        return Move(_("It may be done once"), False, due=row.due_at, others=[refuse])
    return None
