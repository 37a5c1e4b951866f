"""What everybody reads of one organisation, and of the services of all clusters. Nobody need sign in; it holds no word
about people.
"""

from collections.abc import Sequence
from typing import Annotated, Any, get_args
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy import any_
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar
from starlette.requests import Request
from starlette.responses import Response

from contracts.errors import DomainError
from contracts.member_service import MEMBER_SERVICE, About
from services.chassis.database import Tx
from services.chassis.finding import has
from services.chassis.service import Service
from services.chassis.web.look.parts import Cell, Column, Link, Tag, TagKind
from services.chassis.web.look.values import day
from services.chassis.web.look.words import coded
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import act_words, code, state_word
from services.chassis.web.who import Guest
from services.directory.consortium.models import Activity
from services.directory.label_models import Recognition
from services.directory.label_views import label_words, shown, validity_words
from services.directory.models import Organisation, Participation, Partnership
from services.directory.places import place_of
from services.directory.portfolio.models import MemberService
from services.directory.regions import region_name

PAGE = 50
SHOWN = 200
STATES = ("offered", "piloted", "planned")
_KINDS: dict[str, TagKind] = {"offered": "good", "piloted": "wait"}
ABOUT: tuple[About, ...] = get_args(About)
Text = Annotated[str, Query(max_length=100)]


def pages(service: Service) -> APIRouter:
    """Routes that read."""
    router = APIRouter()
    database, look = service.database, service.pages

    @router.get(
        "/api/v1/member-services", tags=["member_service"], summary="Services of clusters for their members"
    )
    async def services_json(
        q: Text = "", about: Text = "", state: Text = "", after: UUID | None = None
    ) -> list[dict[str, Any]]:
        """Public; by id, `after` is the last id of the page before."""
        async with database.transaction() as tx:
            rows = await _listed(tx, q, about, state, after)
        return [{**row.model_dump(mode="json"), "organisation_name": name} for row, name in rows]

    @router.get("/member-services", include_in_schema=False)
    async def services_page(
        request: Request,
        actor: Guest,
        q: Text = "",
        about: Text = "",
        state: Text = "",
        after: UUID | None = None,
    ) -> Response:
        async with database.transaction() as tx:
            rows = await _listed(tx, q, about, state, after)
        return look.page(
            request,
            "member_services.html",
            wanted={"q": q, "about": about, "state": state},
            topics=[(one, coded("about", one)) for one in ABOUT],
            states=[(one, state_word("member_service", one)) for one in STATES],
            columns=[Column(_("Service")), Column(_("Cluster"))],
            rows=[
                [
                    Cell(row.title, note=row.description, tag=_tag(row)),
                    Cell(name, href=f"/directory/{row.organisation}"),
                ]
                for row, name in rows
            ],
            next=f"?q={q}&about={about}&state={state}&after={rows[-1][0].id}" if len(rows) == PAGE else "",
        )

    @router.get(
        "/api/v1/directory/{id}", tags=["organisation"], summary="One organisation, as everybody sees it"
    )
    async def organisation_json(id: UUID) -> dict[str, Any]:
        async with database.transaction() as tx:
            row = await _found(tx, id)
            offered = await _services_of(tx, id)
        public = {"id", "name", "kind", "subtype", "town", "country", "website", "eccp", "networks"}
        return {
            **row.model_dump(mode="json", include=public),
            "services": [one.model_dump(mode="json", exclude={"version"}) for one in offered],
        }

    @router.get("/directory/{id}", include_in_schema=False)
    async def organisation_page(request: Request, actor: Guest, id: UUID) -> Response:
        async with database.transaction() as tx:
            row = await _found(tx, id)
            offered = await _services_of(tx, id)
            origins = await _activities(tx, [one.origin for one in offered if one.origin])
            labels = await _labels(tx, id)
            joined = await _partnerships(tx, id)
            belonging = await _members(tx, id)
            cluster = await tx.get(Organisation, row.cluster) if row.cluster else None
        mine = bool(actor and actor.may("member", id))
        plans = mine and row.kind in ("cluster", "network")
        return look.page(
            request,
            "directory_entry.html",
            row=row,
            lead=f"{code(f'kind.{row.kind}')}, {place_of(row)}",
            services=[
                {
                    "row": one,
                    "tag": _tag(one),
                    "about": coded("about", one.about),
                    "since": _since(one),
                    "origin": _origin(origins.get(one.origin)) if one.origin else "",
                    "links": _links(one) if mine else [],
                }
                for one in offered
            ],
            plan=Link(act_words("member_service", "plan").title, f"/member-services/plan?organisation={id}")
            if plans
            else None,
            facts=[
                *([(_("Member of"), Cell(cluster.name, href=f"/directory/{cluster.id}"))] if cluster else []),
                (_("Partnerships"), ", ".join(one.name for one in joined) or "–"),
                *([(_("Region"), region_name(row.region))] if row.region else []),
                (_("Networks"), "; ".join(row.networks) or "–"),
                *(
                    (label_words(one), validity_words(one, service.clock.moment().today()))
                    for one in shown(labels)
                ),
                *([(_("Web address"), Cell(row.website, href=row.website))] if row.website else []),
                *([(_("On the European platform"), Cell(row.eccp, href=row.eccp))] if row.eccp else []),
            ],
            columns=[Column(_("Member")), Column(_("Place"))],
            members=[[Cell(one.name, href=f"/directory/{one.id}"), place_of(one)] for one in belonging],
        )

    return router


def _tag(row: MemberService) -> Tag:
    return Tag(state_word("member_service", row.state), _KINDS.get(row.state, "plain"))


def _since(row: MemberService) -> str:
    since = row.offered_since or row.piloted_since
    return _("since %(day)s") % {"day": day(since)} if since else ""


def _origin(activity: Activity | None) -> str:
    """Where it was learned; who took part in an exchange stays with those who did."""
    if activity is None:
        return ""
    title = _("an exchange") if activity.kind == "exchange" else activity.title
    when = f", {day(activity.day)}" if activity.day else ""
    told = _("Learned at: %(activity)s") if activity.state == "done" else _("To be learned at: %(activity)s")
    return told % {"activity": title + when}


def _links(row: MemberService) -> list[Link]:
    return [
        Link(act_words("member_service", act.name).button, f"/member-services/{row.id}/{act.name}")
        for act in MEMBER_SERVICE.acts
        if row.state in act.sources
    ]


async def _found(tx: Tx, id: UUID) -> Organisation:
    """A cluster or network, or somebody who takes part and agreed to be listed."""
    row = await tx.get(Organisation, id)
    if row is not None and row.state != "merged":
        if row.kind in ("cluster", "network"):
            return row
        listed = _listed_participants().where(Participation.organisation == id)
        if (await tx.session.exec(listed.limit(1))).first() is not None:
            return row
    raise DomainError("not-found", status=404)


def _listed_participants() -> SelectOfScalar[UUID]:
    return select(Participation.organisation).where(
        Participation.state == "validated", col(Participation.consents).contains(["directory"])
    )


async def _listed(
    tx: Tx, q: str, about: str, state: str, after: UUID | None
) -> Sequence[tuple[MemberService, str]]:
    statement = (
        select(MemberService, Organisation.name)
        .join(Organisation, col(Organisation.id) == col(MemberService.organisation))
        .where(MemberService.state != "withdrawn")
        .order_by(col(MemberService.id))
        .limit(PAGE)
    )
    if q.strip():
        places = (col(MemberService.title), col(MemberService.description), col(Organisation.name))
        statement = statement.where(has(q, places))
    if about:
        statement = statement.where(MemberService.about == about)
    if state:
        statement = statement.where(MemberService.state == state)
    if after:
        statement = statement.where(col(MemberService.id) > after)
    return (await tx.session.exec(statement)).all()


async def _services_of(tx: Tx, id: UUID) -> list[MemberService]:
    """Offered ones first, then piloted, then planned."""
    statement = select(MemberService).where(
        MemberService.organisation == id, MemberService.state != "withdrawn"
    )
    rows = (await tx.session.exec(statement.limit(SHOWN))).all()
    return sorted(rows, key=lambda one: (STATES.index(one.state), one.title))


async def _activities(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, Activity]:
    rows = (await tx.session.exec(select(Activity).where(col(Activity.id).in_(ids)))).all()
    return {row.id: row for row in rows}


async def _labels(tx: Tx, id: UUID) -> Sequence[Recognition]:
    statement = select(Recognition).where(
        Recognition.organisation == id, col(Recognition.state).in_(("awarded", "expired", "reported"))
    )
    return (await tx.session.exec(statement)).all()


async def _partnerships(tx: Tx, id: UUID) -> Sequence[Partnership]:
    statement = select(Partnership).where(any_(col(Partnership.members)) == id)
    return (await tx.session.exec(statement.order_by(col(Partnership.name)))).all()


async def _members(tx: Tx, id: UUID) -> Sequence[Organisation]:
    """A cluster's members who take part and agreed to be listed."""
    statement = select(Organisation).where(
        Organisation.cluster == id,
        Organisation.state != "merged",
        col(Organisation.id).in_(_listed_participants()),
    )
    return (await tx.session.exec(statement.order_by(col(Organisation.name)).limit(SHOWN))).all()
