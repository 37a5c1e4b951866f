"""What people and machines read of memberships and mandates: who acts for an organisation, who asks to, and who
acts for whom.
"""

from collections.abc import Mapping
from typing import Any, get_args
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import or_
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from contracts.errors import DomainError
from contracts.mandate import Kind
from contracts.membership import MEMBERSHIP
from services.chassis.database import Tx
from services.chassis.files import opened
from services.chassis.identity.actor import PLATFORM, Actor
from services.chassis.service import Service
from services.chassis.web.faces import Prepared
from services.chassis.web.look.parts import Cell, Column, Link, Move, Tag, TagKind
from services.chassis.web.look.values import day
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import act_words, code, state_word
from services.chassis.web.who import Who
from services.directory.kinds import memberships
from services.directory.mandate import NEEDED
from services.directory.models import Mandate, Membership, Organisation, Partnership, Person, RoleGrant

PAGE = 100
LIVE = ("invited", "requested", "active")
GIVEN_BY: Mapping[Kind, frozenset[str]] = {**NEEDED, "deputy": frozenset({"coordinator"})}
"""Roles of which whoever gives a mandate has to have one, where not any role will do."""
_KINDS: dict[str, TagKind] = {"invited": "wait", "requested": "wait", "active": "good"}


def pages(service: Service) -> APIRouter:
    """Routes that read."""
    router = APIRouter()
    database, look = service.database, service.pages

    @router.get("/api/v1/memberships", tags=["membership"], summary="Memberships that I may see")
    async def memberships_json(
        actor: Who, organisation: UUID | None = None, after: UUID | None = None
    ) -> list[dict[str, Any]]:
        """My own, and those of organisations that I own; by id."""
        statement = select(Membership).where(_visible(actor)).order_by(col(Membership.id)).limit(PAGE)
        if organisation:
            statement = statement.where(Membership.organisation == organisation)
        if after:
            statement = statement.where(col(Membership.id) > after)
        async with database.transaction() as tx:
            return [row.model_dump(mode="json") for row in (await tx.session.exec(statement)).all()]

    @router.get("/api/v1/memberships/{id}", tags=["membership"], summary="One membership")
    async def membership_json(actor: Who, id: UUID) -> dict[str, Any]:
        async with database.transaction() as tx:
            return (await _found(tx, actor, id)).model_dump(mode="json")

    @router.get("/memberships/{id}", include_in_schema=False)
    async def membership_page(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            row = await _found(tx, actor, id)
            person = await tx.found(Person, row.person)
            organisation = await tx.found(Organisation, row.organisation)
        to_confirm = (
            row.state == "active"
            and row.role == "signatory"
            and row.person == actor.person
            and organisation.state == "registered"
        )
        return look.page(
            request,
            "membership.html",
            title=_("%(person)s for %(organisation)s")
            % {"person": person.name, "organisation": organisation.name},
            tag=state_tag(row),
            organisation=organisation,
            member=bool(actor.scopes("member") & {row.organisation}),
            move=_confirm(organisation) if to_confirm else _move(actor, row, person, organisation),
            facts=[
                (_("Person"), Cell(person.name, note=person.email)),
                (_("Organisation"), organisation.name),
                (_("Role"), code(f"membership.{row.role}")),
                (_("Function"), row.function or "–"),
                (_("Since"), day(row.since)),
            ],
        )

    @router.get("/api/v1/mandates", tags=["mandate"], summary="Who acts for me, and for whom I act")
    async def mandates_json(actor: Who) -> list[dict[str, Any]]:
        async with database.transaction() as tx:
            return [row.model_dump(mode="json") for row, *_names in await _mandates(tx, actor)]

    @router.get("/mandates", include_in_schema=False)
    async def mandates_page(request: Request, actor: Who) -> Response:
        async with database.transaction() as tx:
            rows = await _mandates(tx, actor)
        return look.page(
            request,
            "mandates.html",
            columns=[
                Column(_("Acts")),
                Column(_("For")),
                Column(_("What")),
                Column(_("Where")),
                Column(_("From, until")),
                Column(_("Standing")),
            ],
            rows=[
                [
                    agent,
                    principal,
                    Cell(
                        code(f"mandate.{row.kind}"),
                        href=f"/mandates/{row.id}/document" if row.document else "",
                    ),
                    place,
                    f"{day(row.first_day)} – {day(row.last_day)}",
                    Cell(button=Link(_("Act for them"), f"/mandates/{row.id}/act-for"))
                    if row.state == "granted" and row.agent == actor.person
                    else Cell(button=Link(_("Revoke"), f"/mandates/{row.id}/revoke"))
                    if row.state == "granted"
                    else Cell(tag=Tag(state_word("mandate", row.state))),
                ]
                for row, agent, principal, place in rows
            ],
        )

    @router.get("/mandates/{id}/document", include_in_schema=False)
    async def document(actor: Who, id: UUID) -> Response:
        """The power of attorney, for whoever sees the mandate."""
        async with database.transaction() as tx:
            row = next((row for row, *_names in await _mandates(tx, actor) if row.id == id), None)
            if row is None or row.document is None:
                raise DomainError("not-found", status=404)
            return service.downloads.give(await opened(tx, row.document, actor.person))

    _routes = (memberships_json, membership_json, membership_page, mandates_json, mandates_page, document)
    return router


async def prepare_invitation(tx: Tx, row: object, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """The organisations that the reader owns."""
    return Prepared(
        values=query, choices=await _organisations(tx, col(Organisation.id).in_(actor.scopes("owner")))
    )


async def prepare_asking(tx: Tx, row: object, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """The one that the reader comes from, or all."""
    named = query.get("organisation", "")
    only = col(Organisation.id) == UUID(named) if _is_id(named) else col(Organisation.id).is_not(None)
    return Prepared(values=query, choices=await _organisations(tx, only))


async def prepare_mandate(tx: Tx, row: object, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """Where the reader has a role to pass on, and the kinds of mandate that these roles let them give. Only a
    coordinator is asked for whom."""
    scopes = {scope for _role, scope in actor.roles}
    held = {role for role, _scope in actor.roles}
    kinds = [kind for kind in get_args(Kind) if not (needed := GIVEN_BY.get(kind)) or held & needed]
    found: list[tuple[str, str]] = []
    for model in (Organisation, Partnership):
        statement = select(model.id, model.name).where(col(model.id).in_(scopes)).order_by(col(model.name))
        found += [(str(id), name) for id, name in (await tx.session.exec(statement)).all()]
    return Prepared(
        values=query,
        choices={"scope": found, "kind": [(kind, code(f"mandate.{kind}")) for kind in kinds]},
        left_out=frozenset() if "deputy" in kinds else frozenset({"principal"}),
    )


async def people_rows(tx: Tx, actor: Actor, organisation: UUID) -> list[list[Cell | str]]:
    """Who has a role in an organisation, or is about to, and who has a role with its money."""
    owner = actor.may("owner", organisation) or actor.may("operator", PLATFORM)
    living = (
        select(Membership, Person.name)
        .join(Person, col(Person.id) == col(Membership.person))
        .where(Membership.organisation == organisation, col(Membership.state).in_(LIVE))
        .order_by(col(Person.name), col(Membership.role))
    )
    granted = (
        select(RoleGrant.role, Person.name)
        .join(Person, col(Person.id) == col(RoleGrant.person))
        .where(RoleGrant.scope == organisation, RoleGrant.state == "granted")
        .order_by(col(Person.name), col(RoleGrant.role))
    )
    rows: list[list[Cell | str]] = []
    for row, name in (await tx.session.exec(living)).all():
        opens = owner or row.person == actor.person or bool(memberships.parties(actor, row))
        href = f"/memberships/{row.id}" if opens else ""
        role = code(f"membership.{row.role}")
        rows.append([Cell(name, note=row.function, href=href, tag=state_tag(row)), role])
    rows += [[Cell(name), code(f"role.{role}")] for role, name in (await tx.session.exec(granted)).all()]
    return rows


def state_tag(row: Membership) -> Tag:
    return Tag(state_word("membership", row.state), _KINDS.get(row.state, "plain"))


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


async def _organisations(tx: Tx, where: Any) -> dict[str, list[tuple[str, str]]]:
    statement = select(Organisation.id, Organisation.name).where(where).order_by(col(Organisation.name))
    rows = (await tx.session.exec(statement.limit(500))).all()
    return {"organisation": [(str(id), name) for id, name in rows]}


def _visible(actor: Actor) -> Any:
    return or_(
        col(Membership.person) == actor.person,
        col(Membership.organisation).in_(actor.scopes("owner")),
        col(Membership.officers).op("&&")(list(actor.scopes("officer"))),
    )


async def _found(tx: Tx, actor: Actor, id: UUID) -> Membership:
    row = await tx.get(Membership, id)
    if row is None or not memberships.parties(actor, row):
        raise DomainError("not-found", status=404)
    return row


async def _mandates(tx: Tx, actor: Actor) -> list[tuple[Mandate, str, str, str]]:
    """Mandates of the reader, and of the partnerships that they coordinate and the organisations that they own: with
    agent, principal and place by name."""
    statement = select(Mandate).where(
        or_(
            col(Mandate.principal) == actor.person,
            col(Mandate.agent) == actor.person,
            col(Mandate.partnership).in_(actor.scopes("coordinator")),
            col(Mandate.scope).in_(actor.scopes("owner")),
        )
    )
    rows = (await tx.session.exec(statement.order_by(col(Mandate.id).desc()).limit(PAGE))).all()
    people = {id for row in rows for id in (row.agent, row.principal)}
    places = {row.scope for row in rows}
    named: dict[UUID, str] = {}
    for model, ids in ((Person, people), (Organisation, places), (Partnership, places)):
        found = await tx.session.exec(select(model.id, model.name).where(col(model.id).in_(ids)))
        named.update(dict(found.all()))
    return [(row, named[row.agent], named[row.principal], named.get(row.scope, "")) for row in rows]


def _confirm(organisation: Organisation) -> Move:
    button = Link(act_words("organisation", "confirm").button, f"/organisations/{organisation.id}/confirm")
    return Move(
        _("Your move: confirm what was registered"),
        True,
        _(
            "Look at the facts of %(organisation)s. An officer of another organisation verifies them after you."
        )
        % {"organisation": organisation.name},
        button=button,
    )


def _move(actor: Actor, row: Membership, person: Person, organisation: Organisation) -> Move | None:
    """Whose move it is on a membership, with the acts that are the reader's."""
    mine = memberships.parties(actor, row)
    links = [
        Link(act_words("membership", act.name).button, f"/memberships/{row.id}/{act.name}")
        for act in MEMBERSHIP.acts
        if act.by_person and row.state in act.sources and mine.intersection(act.parties)
    ]
    first = next((link for link in links if link.href.endswith(("/accept", "/approve"))), None)
    others = [link for link in links if link is not first]
    names = {"person": person.name, "organisation": organisation.name}
    match row.state:
        case "invited" if first:
            return Move(_("Your move: accept the invitation, or decline"), True, button=first, others=others)
        case "requested" if first:
            return Move(_("Your move: let this person in, or refuse"), True, button=first, others=others)
        case "invited":
            return Move(_("Waiting for %(person)s") % names, False, since=row.since, others=others)
        case "requested":
            title = _("Waiting for the owner of %(organisation)s") % names
            return Move(title, False, since=row.since, others=others)
        case "active":
            return Move(_("Nobody's move"), False, others=others)
        case _:
            return None
