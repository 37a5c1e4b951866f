"""What people and machines read of partnerships: the list, and one with its plan beside what has taken place."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from services.chassis.database import Tx
from services.chassis.identity.actor import PLATFORM, Actor
from services.chassis.service import Service
from services.chassis.web.look.charts import Plot, Series, columns
from services.chassis.web.look.parts import Cell, Column, Link
from services.chassis.web.look.values import day, short_day
from services.chassis.web.look.words import coded
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import act_words
from services.chassis.web.who import Who
from services.directory.consortium.actual import MEASURES, Count, counts
from services.directory.consortium.deliverable_views import deliverable_rows
from services.directory.consortium.models import Activity, Deliverable, WorkPackage
from services.directory.consortium.preparing import members, packages
from services.directory.models import Organisation, Partnership
from services.directory.partnership import all_partnerships
from services.directory.places import place_of

SHOWN = 200


def pages(service: Service) -> APIRouter:
    """Routes that read."""
    router = APIRouter()
    database, look = service.database, service.pages

    @router.get("/api/v1/partnerships", tags=["partnership"], summary="All partnerships")
    async def partnerships_json(actor: Who) -> list[dict[str, Any]]:
        async with database.transaction() as tx:
            return [row.model_dump(mode="json") for row in await all_partnerships(tx)]

    @router.get("/api/v1/partnerships/{id}", tags=["partnership"], summary="One partnership")
    async def partnership_json(actor: Who, id: UUID) -> dict[str, Any]:
        """With its work packages, deliverables, and what has taken place of what was planned."""
        async with database.transaction() as tx:
            row = await tx.found(Partnership, id)
            parts, promised = await packages(tx, id), await _deliverables(tx, id)
            told = await counts(tx, id, row.planned)
        return {
            **row.model_dump(mode="json"),
            "work_packages": [one.model_dump(mode="json") for one in parts],
            "deliverables": [one.model_dump(mode="json", exclude={"reminded"}) for one in promised],
            "counts": [vars(one) for one in told],
        }

    @router.get("/partnerships", include_in_schema=False)
    async def partnerships_page(request: Request, actor: Who) -> Response:
        async with database.transaction() as tx:
            rows = await all_partnerships(tx)
        return look.page(
            request,
            "partnerships.html",
            columns=[Column(_("Partnership")), Column(_("Programme"))],
            rows=[
                [Cell(row.name, note=row.title, href=f"/partnerships/{row.id}"), row.programme]
                for row in rows
            ],
            form=Link(_("Form a partnership"), "/partnerships/form")
            if actor.may("operator", PLATFORM)
            else None,
        )

    @router.get("/partnerships/{id}", include_in_schema=False)
    async def partnership_page(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            row = await tx.found(Partnership, id)
            known = await members(tx, id)
            parts, promised = await packages(tx, id), await _deliverables(tx, id)
            told = await counts(tx, id, row.planned)
        names = {one.id: one.name for one in known}
        leads = actor.may("coordinator", id)
        numbers = {part.id: str(part.number) for part in parts}
        return look.page(
            request,
            "partnership.html",
            partnership=row,
            member_columns=[Column(_("Member")), Column(_("Place"))],
            members=[_member(one, row) for one in known],
            counts=told,
            count_columns=[
                Column(_("What")), Column(_("Planned"), number=True), Column(_("Ahead"), number=True),
                Column(_("Took place"), number=True),
            ],
            count_rows=[
                [Cell(measure_words(one.measure), href=f"/partnerships/{id}/activities?kind={MEASURES[one.measure]}"),
                 one.planned, one.ahead, one.done]
                for one in told
            ],
            plot=_plot(told),
            part_columns=[Column(_("Work package")), Column(_("Lead")), Column(_("From – until"))],
            parts=[_part(one, names, leads) for one in parts],
            deliverable_columns=[
                Column(_("Deliverable")), Column(_("Work package")), Column(_("Lead")), Column(_("Due")),
            ],
            deliverables=deliverable_rows(promised, names, numbers, service.clock.moment().today()),
            links=_links(actor, id),
            plan_part=Link(act_words("work_package", "plan").title, f"/work-packages/plan?partnership={id}")
            if leads
            else None,
            plan_deliverable=Link(act_words("deliverable", "plan").title, f"/deliverables/plan?partnership={id}")
            if leads
            else None,
        )  # fmt: skip

    @router.get("/partnerships/{id}/activities", include_in_schema=False)
    async def activities_page(request: Request, actor: Who, id: UUID, kind: str = "") -> Response:
        """The list behind a number: those with a role in the partnership read names of exchanges."""
        async with database.transaction() as tx:
            row = await tx.found(Partnership, id)
            found = await _activities(tx, id, kind)
        inside = any(actor.may(role, id) for role in ("coordinator", "officer", "organiser")) or any(
            actor.may(role, one) for role in ("member", "reader") for one in row.members
        )
        return look.page(
            request,
            "activities.html",
            partnership=row,
            columns=[Column(_("What")), Column(_("Day")), Column(_("Standing"))],
            rows=[
                [
                    Cell(
                        one.title if inside or one.kind != "exchange" else _("An exchange"),
                        note=measure_words(one.kind),
                        href=f"/events/{one.id}" if one.kind != "exchange" else "",
                    ),
                    day(one.day) if one.day else "–",
                    coded("activity", one.state),
                ]
                for one in found
            ],
        )

    return router


def measure_words(kind: str) -> str:
    return _("Exchanges") if kind in ("exchange", "exchanges") else coded("event_kind", kind)


def _member(one: Organisation, row: Partnership) -> list[Cell | str]:
    note = _("coordinates") if one.id == row.coordinator else ""
    return [Cell(one.name, note=note, href=f"/directory/{one.id}"), place_of(one)]


def _part(one: WorkPackage, names: dict[UUID, str], leads: bool) -> list[Cell | str]:
    change = f"/work-packages/{one.id}/replan" if leads else ""
    days = f"{short_day(one.first_day)} – {short_day(one.last_day)}"
    return [Cell(f"{one.number}  {one.title}", href=change), names.get(one.lead, "–"), days]


def _plot(told: Sequence[Count]) -> Plot:
    labels = [measure_words(one.measure) for one in told]
    planned = Series(_("Planned"), [one.planned for one in told], planned=True)
    return columns(labels, [planned, Series(_("Took place"), [one.done for one in told])])


def _links(actor: Actor, id: UUID) -> list[Link]:
    """What the reader may do, and where its money stands: budgets are kept by reimbursements alone."""
    mine = [
        Link(act_words("partnership", name).title, f"/partnerships/{id}/{name}")
        for name in ("plan", "revise")
    ]
    budgets = any(
        actor.scopes(role) for role in ("coordinator", "payer", "verifier", "approver", "treasurer")
    )
    return [
        *(mine if actor.may("coordinator", id) else ()),
        *([Link(_("Budgets"), "/budgets")] if budgets else ()),
    ]


async def _deliverables(tx: Tx, partnership: UUID) -> list[Deliverable]:
    statement = select(Deliverable).where(
        Deliverable.partnership == partnership, Deliverable.state != "dropped"
    )
    return list((await tx.session.exec(statement.order_by(col(Deliverable.due_on)).limit(SHOWN))).all())


async def _activities(tx: Tx, partnership: UUID, kind: str) -> Sequence[Activity]:
    statement = select(Activity).where(Activity.partnership == partnership, Activity.state != "known")
    if kind:
        statement = statement.where(Activity.kind == kind)
    return (await tx.session.exec(statement.order_by(col(Activity.day).desc()).limit(SHOWN))).all()
