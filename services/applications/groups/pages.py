"""Group visits as people and machines read them: the list, one group, its Commitments to sign, its cases to end."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Form
from pydantic import ValidationError
from sqlmodel import col, or_, select
from starlette.requests import Request
from starlette.responses import Response

from contracts.errors import DomainError
from contracts.group import GROUP
from contracts.words.moves import move_words
from services.applications.agreements.documents import read
from services.applications.catalogue import own
from services.applications.groups.models import GroupVisit
from services.applications.groups.preparing import PLANNERS, names_of
from services.applications.groups.sharing import cases_of
from services.applications.groups.together import SignAll, end_cases, seen, sign_all, to_sign
from services.applications.kinds import groups
from services.applications.models import Application
from services.chassis.database import Tx
from services.chassis.identity.actor import Actor
from services.chassis.service import Service
from services.chassis.web.look.parts import Cell, Column, Link, Move, Tag, TagKind
from services.chassis.web.look.values import day, days
from services.chassis.web.look.words import coded
from services.chassis.web.look.words import gettext as _
from services.chassis.web.request import idempotency_key
from services.chassis.web.sentences import act_words, refusal, state_word
from services.chassis.web.together import Result
from services.chassis.web.who import Who

PAGE = 50
_KINDS: Mapping[str, TagKind] = {"open": "good", "draft": "wait", "cancelled": "bad"}


def add_groups(service: Service) -> None:
    """Routes."""
    app, database, pages = service.app, service.database, service.pages

    @app.get("/api/v1/groups")
    async def groups_json(actor: Who, after: UUID | None = None) -> list[dict[str, Any]]:
        """Groups that the reader takes part in or may join, the newest first; `after` is the last id of the page
        before."""
        async with database.transaction() as tx:
            return [_public(row) for row in await _listed(tx, actor, after)]

    @app.get("/api/v1/groups/{id}")
    async def group_json(actor: Who, id: UUID) -> dict[str, Any]:
        """One group; delegates and members' cases only for whoever runs it."""
        async with database.transaction() as tx:
            row = await _visible(tx, id, actor)
            cases = await cases_of(tx, id) if _runs(actor, row) else []
        told = {**_public(row), "agenda": row.agenda, "lessons": row.lessons}
        if _runs(actor, row):
            told["delegates"] = row.delegates
            told["cases"] = [
                {
                    "id": str(one.id), "number": one.number, "state": one.state, "visitor": str(one.visitor),
                    "agenda_version": one.agenda_version,
                }
                for one in cases
            ]  # fmt: skip
        return told

    @app.post("/api/v1/groups/{id}/sign")
    async def sign_json(request: Request, actor: Who, id: UUID, given: SignAll) -> list[dict[str, Any]]:
        """Signs all listed Commitments as host or for its partnership: a result for each."""
        return [
            result.as_json() for result in await sign_all(service, actor, id, given, idempotency_key(request))
        ]

    @app.post("/api/v1/groups/{id}/end-cases")
    async def end_json(request: Request, actor: Who, id: UUID) -> list[dict[str, Any]]:
        """Ends the cases of a cancelled group that the reader may end: a result for each."""
        return [result.as_json() for result in await end_cases(service, actor, id, idempotency_key(request))]

    @app.get("/groups", include_in_schema=False)
    async def groups_page(request: Request, actor: Who) -> Response:
        async with database.transaction() as tx:
            rows = await _listed(tx, actor, None)
            names = await names_of(tx, {row.host for row in rows})
        plans = any(actor.scopes(role) for role in PLANNERS)
        return pages.page(
            request, "groups/groups.html", title=_("Group visits"),
            columns=[Column(_("Group visit")), Column(_("Days")), Column(_("Places")), Column(_("Standing"))],
            rows=[
                [
                    Cell(row.title, href=f"/groups/{row.id}", note=names.get(row.host, "")),
                    days(row.first_day, row.last_day), _places(row), Cell(tag=tag_of(row)),
                ]
                for row in rows
            ],
            plan=Link(act_words("group", "plan").title, "/groups/plan") if plans else None,
        )  # fmt: skip

    @app.get("/groups/{id}", include_in_schema=False)
    async def group_page(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            row = await _visible(tx, id, actor)
            runs = _runs(actor, row)
            cases = await cases_of(tx, id)
            shown = cases if runs else [one for one in cases if one.visitor in actor.scopes("member")]
            named = {row.host, *row.members, *(UUID(one["organisation"]) for one in row.delegates)}
            names = await names_of(tx, named)
            waiting = await to_sign(tx, id, actor)
            joins = [one for one, _o in await own(tx, actor) if one.partnership == row.partnership]
        return pages.page(
            request, "groups/group.html", title=row.title, group=row, tag=tag_of(row),
            lead=_lead(row, names[row.host]),
            facts=[
                (_("Host"), names[row.host]),
                (_("How"), _("Online, without travel") if row.mode == "virtual" else _("At the host")),
                (_("Days"), days(row.first_day, row.last_day)), (_("Places"), _places(row)),
                (_("Join until"), day(row.join_until)),
            ],
            member_columns=[Column(_("Member")), Column(_("Agenda")), Column(_("Standing"))],
            members=[_member(one, row, names) for one in shown],
            delegate_columns=[Column(_("Delegate")), Column(_("At whose cost"))],
            delegates=[
                [Cell(one["name"], note=names.get(UUID(one["organisation"]), "")), coded("kind", one["kind"])]
                for one in row.delegates
            ] if runs else [],
            runs=runs, waiting=len(waiting), move=_asked_host(actor, row, names[row.host]),
            links=_links(actor, row, service.clock.moment().today()),
            key=idempotency_key(request),
            join=Link(act_words("proposal", "join").button, f"/proposals/join?group={id}")
            if row.state == "open" and row.taken < row.places and joins and not _joined(actor, row) else None,
            ends=row.state == "cancelled" and bool(groups.parties(actor, row) & {"VO", "VOP"}),
        )  # fmt: skip

    @app.get("/groups/{id}/sign", include_in_schema=False)
    async def sign_page(request: Request, actor: Who, id: UUID) -> Response:
        return await _signing(request, actor, id, {}, {})

    async def _signing(
        request: Request, actor: Actor, id: UUID, errors: dict[str, str], typed: Mapping[str, str]
    ) -> Response:
        async with database.transaction() as tx:
            row = await seen(tx, id, actor)
            waiting = await to_sign(tx, id, actor)
            names = await names_of(tx, {case.visitor for _p, case in waiting})
        return pages.page(
            request, "groups/sign.html", 422 if errors else 200, title=_("Sign for the whole group"), group=row,
            papers=[(paper, case, names.get(case.visitor, case.number)) for paper, case in waiting], errors=errors,
            texts={paper.id: read(paper.content) for paper, _case in waiting},
            function=typed.get("function", ""), key=idempotency_key(request),
        )  # fmt: skip

    @app.post("/groups/{id}/sign", include_in_schema=False)
    async def sign_posted(
        request: Request,
        actor: Who,
        id: UUID,
        chosen: Annotated[list[str], Form(default_factory=list, alias="commitment")],
        function: Annotated[str, Form()] = "",
        power: Annotated[str, Form()] = "",
        key: Annotated[str, Form(alias="idempotency_key")] = "",
    ) -> Response:
        listed = [dict(zip(("agreement", "document"), one.split(":", 1), strict=False)) for one in chosen]
        errors = {} if listed else {"commitments": refusal("group-nothing-to-sign", {})}
        if len(function.strip()) < 2:
            errors["function"] = _("Enter your function.")
        if not power:
            errors["power"] = refusal("power-missing", {})
        if errors:
            return await _signing(request, actor, id, errors, {"function": function})
        try:
            given = SignAll.model_validate({"commitments": listed, "function": function, "power": True})
        except ValidationError:
            return await _signing(
                request, actor, id, {"commitments": refusal("document-changed", {})}, {"function": function}
            )
        return _results(request, id, await sign_all(service, actor, id, given, idempotency_key(request, key)))

    @app.post("/groups/{id}/end-cases", include_in_schema=False)
    async def end_page(
        request: Request, actor: Who, id: UUID, key: Annotated[str, Form(alias="idempotency_key")] = ""
    ) -> Response:
        return _results(request, id, await end_cases(service, actor, id, idempotency_key(request, key)))

    def _results(request: Request, id: UUID, results: list[Result]) -> Response:
        return pages.page(
            request, "groups/results.html", title=_("What became of each"), group=id, results=results
        )


def tag_of(row: GroupVisit) -> Tag:
    if row.state == "open" and row.taken >= row.places:
        return Tag(_("all places are taken"), "wait")
    return Tag(state_word("group", row.state), _KINDS.get(row.state, "plain"))


def _lead(row: GroupVisit, host: str) -> str:
    words = {"host": host, "days": days(row.first_day, row.last_day)}
    if row.mode == "virtual":
        return _("An online delegation to %(host)s, %(days)s") % words
    return _("A group visits %(host)s, %(days)s") % words


def _places(row: GroupVisit) -> str:
    return _("%(taken)s of %(places)s taken") % {"taken": row.taken, "places": row.places}


def _member(case: Application, group: GroupVisit, names: Mapping[UUID, str]) -> list[Any]:
    """A member's case; whose agenda is behind the group's asks for an amendment."""
    behind = case.agenda_version != group.agenda_version and case.state in ("awarded", "granted")
    version = _("version %(number)s") % {"number": case.agenda_version}
    return [
        Cell(names.get(case.visitor, "?"), href=f"/cases/{case.id}", note=case.number),
        Cell(version, note=_("signed before the change: ask for an amendment") if behind else ""),
        Cell(tag=Tag(state_word("application", case.told))),
    ]


def _links(actor: Actor, row: GroupVisit, today: date) -> list[Link]:
    """The acts of the reader, the most likely first."""
    parties = groups.parties(actor, row)
    return [
        Link(act_words("group", act.name).title, f"/groups/{row.id}/{act.name.replace('_', '-')}")
        for act in GROUP.acts
        if act.by_person and row.state in act.sources and parties & set(act.parties)
        if act.name != "remove_delegate" or row.delegates
        if act.name != "note_lessons" or today > row.last_day
    ]


def _asked_host(actor: Actor, row: GroupVisit, host: str) -> Move | None:
    """Whose move it is until the host has accepted."""
    if row.state != "draft":
        return None
    words = move_words("group.draft")
    if "HO" not in groups.parties(actor, row):
        title = _("Waiting for %(who)s: %(what)s") % {"who": host, "what": _(words.awaited)}
        return Move(title, False)
    button = Link(act_words("group", "open").title, f"/groups/{row.id}/open")
    return Move(_("Your move: %(what)s") % {"what": _(words.what)}, True, button=button)


def _runs(actor: Actor, row: GroupVisit) -> bool:
    """Whether the reader sees all members: organiser, host, officers; a member sees its own case."""
    return bool(groups.parties(actor, row) & {"ORGANISER", "VOP", "HO", "HOP", "COORD"})


def _joined(actor: Actor, row: GroupVisit) -> bool:
    return not actor.scopes("member").isdisjoint(row.members)


async def _visible(tx: Tx, id: UUID, actor: Actor) -> GroupVisit:
    """For those who take part, and while it is open for those who may join."""
    row = await tx.found(GroupVisit, id)
    if groups.parties(actor, row):
        return row
    if row.state == "open" and any(one.partnership == row.partnership for one, _o in await own(tx, actor)):
        return row
    raise DomainError("not-found", status=404)


async def _listed(tx: Tx, actor: Actor, after: UUID | None) -> list[GroupVisit]:
    runs = {scope for role in (*PLANNERS, "coordinator") for scope in actor.scopes(role)}
    mine = actor.scopes("member")
    joins = {one.partnership for one, _o in await own(tx, actor)}
    statement = select(GroupVisit).where(
        or_(
            col(GroupVisit.partnership).in_(runs),
            col(GroupVisit.host_partnership).in_(runs),
            col(GroupVisit.host).in_(mine),
            col(GroupVisit.members).op("&&")(list(mine)),
            (col(GroupVisit.state) == "open") & col(GroupVisit.partnership).in_(joins),
        )
    )
    if after:
        statement = statement.where(col(GroupVisit.id) < after)
    rows = await tx.session.exec(statement.order_by(col(GroupVisit.id).desc()).limit(PAGE))
    return list(rows.all())


def _public(row: GroupVisit) -> dict[str, Any]:
    hidden = {"delegates", "agenda", "lessons", "host_contact"}
    return row.model_dump(mode="json", exclude=hidden)
