"""One's own account: details, roles, and every sign-in with a way to end it; and the roles that one may give
and take.
"""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import true
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from services.chassis.database import Tx
from services.chassis.identity.actor import PLATFORM, Actor
from services.chassis.service import Service
from services.chassis.web.faces import Prepared
from services.chassis.web.look.parts import Cell, Column, Link, Tag
from services.chassis.web.look.values import moment
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import code, state_word
from services.chassis.web.who import Who
from services.directory.membership_views import LIVE
from services.directory.models import Membership, Organisation, Partnership, Person, RoleGrant, SignIn
from services.directory.roles import OF_ORGANISATION, OF_PARTNERSHIP, scopes_of

PAGE = 50
_PROGRAMS = re.compile(r"(Edg|Firefox|Chrome|Safari|httpx|curl)\S*")
_SYSTEMS = re.compile(r"Windows|Android|iPhone|iPad|Mac OS X|Linux")


def pages(service: Service) -> APIRouter:
    """Routes that read."""
    router = APIRouter()
    database, look = service.database, service.pages

    @router.get("/api/v1/account", tags=["person"], summary="Who I am, what I may do, where I am signed in")
    async def account_json(actor: Who) -> dict[str, Any]:
        async with database.transaction() as tx:
            person = await tx.found(Person, actor.person)
            sign_ins = await _sign_ins(tx, actor)
        return {
            **person.model_dump(mode="json", include={"id", "name", "email", "language"}),
            "roles": [{"role": role, "scope": str(scope)} for role, scope in sorted(actor.roles, key=str)],
            "sign_ins": [one.model_dump(mode="json", exclude={"session_hash"}) for one in sign_ins],
        }

    @router.get("/account", include_in_schema=False)
    async def account_page(request: Request, actor: Who) -> Response:
        async with database.transaction() as tx:
            person = await tx.found(Person, actor.person)
            sign_ins = await _sign_ins(tx, actor)
            roles = await _roles(tx, RoleGrant.person == actor.person, None)
            belongs = await _memberships(tx, actor)
        return look.page(
            request,
            "account.html",
            person=person,
            sign_in_columns=[
                Column(_("Where")),
                Column(_("Since")),
                Column(_("Last used")),
                Column(_("Standing")),
            ],
            sign_ins=[_sign_in_row(one, actor) for one in sign_ins],
            role_columns=[Column(_("Role")), Column(_("Where"))],
            roles=[
                *(
                    [Cell(code(f"membership.{row.role}"), href=f"/memberships/{row.id}"), name]
                    for row, name in belongs
                ),
                *([code(f"role.{grant.role}"), name or "Relais"] for grant, _person, name in roles),
            ],
        )

    @router.get("/api/v1/role-grants", tags=["role_grant"], summary="Roles that I may take away")
    async def roles_json(actor: Who, after: UUID | None = None) -> list[dict[str, Any]]:
        async with database.transaction() as tx:
            rows = await _roles(tx, _manageable(actor), after)
        return [
            {**grant.model_dump(mode="json"), "person_name": person.name, "scope_name": name}
            for grant, person, name in rows
        ]

    @router.get("/role-grants", include_in_schema=False)
    async def roles_page(request: Request, actor: Who, after: UUID | None = None) -> Response:
        async with database.transaction() as tx:
            rows = await _roles(tx, _manageable(actor), after)
        return look.page(
            request,
            "role_grants.html",
            columns=[Column(_("Person")), Column(_("Role")), Column(_("Where")), Column(_("Change"))],
            rows=[
                [
                    Cell(person.name, note=person.email),
                    code(f"role.{grant.role}"),
                    name or "Relais",
                    Cell(button=Link(_("Take away"), f"/role-grants/{grant.id}/revoke")),
                ]
                for grant, person, name in rows
            ],
            next=f"?after={rows[-1][0].id}" if len(rows) == PAGE else "",
        )

    _routes = (account_json, account_page, roles_json, roles_page)
    return router


async def prepare_details(tx: Tx, row: object, actor: Actor, query: Mapping[str, str]) -> Prepared:
    assert isinstance(row, Person)
    return Prepared(values=row.model_dump())


async def prepare_grant(tx: Tx, row: object, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """The places where the reader may give roles, and the roles that there are."""
    scopes = [(str(id), name) for id, name in await scopes_of(tx, actor)]
    roles = (*OF_PARTNERSHIP, *OF_ORGANISATION, "operator")
    return Prepared(
        values=query, choices={"scope": scopes, "role": [(one, code(f"role.{one}")) for one in roles]}
    )


def client_name(agent: str) -> str:
    """A browser or program by its name: "Firefox, Linux"."""
    program, system = _PROGRAMS.search(agent), _SYSTEMS.search(agent)
    names = [{"Edg": "Edge"}.get(program[1], program[1]) if program else "", system[0] if system else ""]
    return ", ".join(name for name in names if name) or _("unknown program")


async def _sign_ins(tx: Tx, actor: Actor) -> list[SignIn]:
    """The newest, ended ones too."""
    statement = (
        select(SignIn).where(SignIn.person == actor.person).order_by(col(SignIn.opened_at).desc()).limit(PAGE)
    )
    return list((await tx.session.exec(statement)).all())


def _sign_in_row(one: SignIn, actor: Actor) -> list[Cell | str]:
    if one.id == actor.sign_in:
        standing = Cell(tag=Tag(_("this device"), "good"))
    elif one.state == "open":
        standing = Cell(button=Link(_("End it"), f"/sign-ins/{one.id}/revoke"))
    else:
        standing = Cell(tag=Tag(state_word("sign_in", one.state)))
    return [client_name(one.client), moment(one.opened_at), moment(one.seen_at), standing]


async def _memberships(tx: Tx, actor: Actor) -> list[tuple[Membership, str]]:
    """The reader's own, those that wait for an answer too, with the organisation's name."""
    statement = (
        select(Membership, Organisation.name)
        .join(Organisation, col(Organisation.id) == col(Membership.organisation))
        .where(Membership.person == actor.person, col(Membership.state).in_(LIVE))
        .order_by(col(Organisation.name), col(Membership.role))
    )
    return [(row, name) for row, name in (await tx.session.exec(statement)).all()]


def _manageable(actor: Actor) -> Any:
    """Grants that the reader may take away: as the table's parties have it, for whole lists."""
    if actor.may("operator", PLATFORM):
        return true()
    return col(RoleGrant.partnerships).op("&&")(list(actor.scopes("coordinator")))


async def _roles(tx: Tx, where: Any, after: UUID | None) -> list[tuple[RoleGrant, Person, str | None]]:
    """Standing grants with the person and the name of where they hold; by id."""
    statement = (
        select(RoleGrant, Person, Organisation.name, Partnership.name)
        .join(Person, col(Person.id) == col(RoleGrant.person))
        .outerjoin(Organisation, col(Organisation.id) == col(RoleGrant.scope))
        .outerjoin(Partnership, col(Partnership.id) == col(RoleGrant.scope))
        .where(RoleGrant.state == "granted", where)
        .order_by(col(RoleGrant.id))
        .limit(PAGE)
    )
    if after:
        statement = statement.where(col(RoleGrant.id) > after)
    return [
        (grant, person, organisation or partnership)
        for grant, person, organisation, partnership in (await tx.session.exec(statement)).all()
    ]
