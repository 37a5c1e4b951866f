"""What people read of an amendment: what holds, what is asked for, and why; beside the decision and on its own page."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from services.applications.amendments.models import Amendment
from services.applications.kinds import amendments
from services.applications.models import Application
from services.applications.views import visible
from services.chassis.acts.aggregate import Root
from services.chassis.database import Tx
from services.chassis.identity.actor import Actor
from services.chassis.service import Service
from services.chassis.web.faces import Prepared
from services.chassis.web.look.parts import Column, Tag
from services.chassis.web.look.values import day, money
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import state_word
from services.chassis.web.who import Who


def add_amendments(service: Service) -> None:
    """Their page, and their JSON."""
    app, database, pages = service.app, service.database, service.pages

    @app.get("/api/v1/amendments/{id}")
    async def amendment_json(actor: Who, id: UUID) -> dict[str, Any]:
        async with database.transaction() as tx:
            return (await visible(tx, amendments, actor, id)).model_dump(mode="json")

    @app.get("/amendments/{id}", include_in_schema=False)
    async def amendment_page(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            row = await visible(tx, amendments, actor, id)
            beside = await _beside(tx, row)
        return pages.page(
            request, "amendment.html", title=_("Amendment %(number)s") % {"number": row.number},
            tag=Tag(state_word("amendment", row.state)), parties=amendments.parties(actor, row), **beside,
        )  # fmt: skip


async def prepare_request(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """The granted cases of the reader."""
    mine = actor.scopes("owner") | actor.scopes("signatory")
    theirs = col(Application.visitor).in_(mine) | col(Application.visitor_partnership).in_(
        actor.scopes("officer")
    )
    statement = select(Application).where(Application.state == "granted", theirs)
    cases = (await tx.session.exec(statement.order_by(col(Application.number)).limit(200))).all()
    choices = [(str(case.id), f"{case.number}, {case.frozen['visitor_name']}") for case in cases]
    return Prepared(values=dict(query), choices={"application": choices})


async def prepare_decision(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    assert isinstance(row, Amendment)
    return Prepared(beside=await _beside(tx, row))


async def _beside(tx: Tx, row: Amendment) -> dict[str, Any]:
    case = await tx.found(Application, row.application)
    old = {**case.frozen, **{name: case.frozen.get(name) for name in row.changed}}
    before = {**old, "amount_cents": row.before_cents}
    return {
        "amendment": row,
        "case": case,
        "columns": [Column(_("What")), Column(_("Granted")), Column(_("Asked for"))],
        "terms": [*_days(before, row.frozen), *_sum(row), *_agenda(row)],
    }


def _days(old: Mapping[str, Any], new: Mapping[str, Any]) -> Sequence[Sequence[str]]:
    named = (("first_day", _("First day")), ("last_day", _("Last day")))
    return [[label, *(day(date.fromisoformat(one[name])) for one in (old, new))] for name, label in named]


def _sum(row: Amendment) -> Sequence[Sequence[str]]:
    return [[_("Sum"), money(row.before_cents), money(row.amount_cents)]] if row.amount_cents else []


def _agenda(row: Amendment) -> Sequence[Sequence[str]]:
    return [[_("Agenda"), row.agenda_before, row.agenda]] if row.agenda else []
