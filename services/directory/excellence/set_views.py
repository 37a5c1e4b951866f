"""What people and machines read of indicator sets, and what the forms of the operator's edits start from."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from contracts.errors import DomainError
from services.chassis.database import Tx
from services.chassis.identity.actor import PLATFORM, Actor
from services.chassis.service import Service
from services.chassis.web.faces import Prepared
from services.chassis.web.look.parts import Cell, Column, Link, Tag
from services.chassis.web.look.values import number
from services.chassis.web.look.words import coded
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import act_words, state_word
from services.chassis.web.who import Who
from services.directory.excellence.indicator_set import indicator_of, set_of
from services.directory.excellence.indicators import HEADINGS
from services.directory.excellence.models import IndicatorSet


def pages(service: Service) -> APIRouter:
    """Routes that read. A draft is seen by the operator alone."""
    router = APIRouter()
    database, look = service.database, service.pages

    @router.get("/api/v1/indicator-sets", tags=["indicator_set"], summary="Indicator sets, newest first")
    async def sets_json(actor: Who) -> list[dict[str, Any]]:
        async with database.transaction() as tx:
            return [row.model_dump(mode="json") for row in await _listed(tx, actor)]

    @router.get("/api/v1/indicator-sets/{id}", tags=["indicator_set"], summary="One indicator set")
    async def set_json(actor: Who, id: UUID) -> dict[str, Any]:
        async with database.transaction() as tx:
            return (await _seen(tx, actor, id)).model_dump(mode="json")

    @router.get("/indicator-sets", include_in_schema=False)
    async def sets_page(request: Request, actor: Who) -> Response:
        async with database.transaction() as tx:
            rows = await _listed(tx, actor)
        edits = actor.may("operator", PLATFORM) and not any(row.state == "draft" for row in rows)
        return look.page(
            request,
            "indicator_sets.html",
            columns=[Column(_("Version")), Column(_("Indicators"), number=True)],
            rows=[
                [
                    Cell(f"{row.number}  {row.title}", href=f"/indicator-sets/{row.id}", tag=_tag(row)),
                    len(row.indicators),
                ]
                for row in rows
            ],
            begin=Link(act_words("indicator_set", "begin").title, "/indicator-sets/begin") if edits else None,
        )

    @router.get("/indicator-sets/{id}", include_in_schema=False)
    async def set_page(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            row = await _seen(tx, actor, id)
        edits = row.state == "draft"
        acts = ("put_indicator", "remove_indicator", "describe", "publish", "discard")
        return look.page(
            request,
            "indicator_set.html",
            row=row,
            tag=_tag(row),
            columns=[
                Column(_("Indicator")), Column(_("Bronze"), number=True), Column(_("Silver"), number=True),
                Column(_("Gold"), number=True), Column(_("100 %"), number=True),
            ],
            groups=[(coded("heading", one), _rows(row, one, edits)) for one in HEADINGS],
            links=[
                Link(act_words("indicator_set", act).title, f"/indicator-sets/{id}/{act.replace('_', '-')}")
                for act in (acts if edits else ())
            ],
        )  # fmt: skip

    return router


async def prepare_description(tx: Tx, row: object, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """What stands."""
    assert isinstance(row, IndicatorSet)
    return Prepared(values=row.model_dump())


async def prepare_indicator(tx: Tx, row: object, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """The indicator that the link names, or a new one."""
    assert isinstance(row, IndicatorSet)
    return Prepared(values={**indicator_of(row, query.get("key", "")), **query})


async def prepare_removal(tx: Tx, row: object, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """All indicators to choose from."""
    assert isinstance(row, IndicatorSet)
    return Prepared(values=query, choices={"key": [(one["key"], one["title"]) for one in row.indicators]})


def answer_words(unit: str, value: int) -> str:
    """An answer, or a threshold, as its unit has it."""
    match unit:
        case "percent":
            return f"{number(value)} %"
        case "yes_no":
            return _("yes") if value else _("no")
        case _:
            return number(value)


def _rows(row: IndicatorSet, heading: str, edits: bool) -> list[list[Cell | str]]:
    def line(one: Mapping[str, Any]) -> list[Cell | str]:
        href = f"/indicator-sets/{row.id}/put-indicator?key={one['key']}" if edits else ""
        steps = [answer_words(one["unit"], one[level]) for level in ("bronze", "silver", "gold", "full")]
        return [Cell(one["title"], note=one["help"], href=href), *steps]

    return [line(one) for one in row.indicators if one["heading"] == heading]


def _tag(row: IndicatorSet) -> Tag:
    return Tag(state_word("indicator_set", row.state), "good" if row.state == "published" else "plain")


async def _listed(tx: Tx, actor: Actor) -> list[IndicatorSet]:
    shown = ["published", "retired", *(["draft"] if actor.may("operator", PLATFORM) else [])]
    statement = select(IndicatorSet).where(col(IndicatorSet.state).in_(shown))
    return list((await tx.session.exec(statement.order_by(col(IndicatorSet.number).desc()))).all())


async def _seen(tx: Tx, actor: Actor, id: UUID) -> IndicatorSet:
    row = await set_of(tx, id)
    if row.state == "draft" and not actor.may("operator", PLATFORM):
        raise DomainError("not-found", status=404)
    return row
