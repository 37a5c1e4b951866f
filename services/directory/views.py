"""What people and machines read of organisations and partnerships. An organisation is seen by those who hold
a role there, by the officers and coordinators of its partnerships, and by the operator; to all others it
does not exist.
"""

from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy import ColumnElement, any_, exists, or_, true
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from contracts.errors import DomainError
from services.chassis.database import Tx
from services.chassis.finding import has
from services.chassis.identity.actor import PLATFORM, Actor
from services.chassis.service import Service
from services.chassis.web.look.parts import Cell, Column, Link, Move, Tag, TagKind
from services.chassis.web.look.values import amount, day, number
from services.chassis.web.look.words import coded
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import act_words, code, state_word
from services.chassis.web.who import Who
from services.directory.consortium.deliverable_views import due_cell, led_or_reviewed
from services.directory.consortium.deliverable_views import state_tag as deliverable_tag
from services.directory.excellence.models import SelfAssessment
from services.directory.excellence.self_assessment import latest
from services.directory.kinds import organisations
from services.directory.membership_views import people_rows
from services.directory.models import Organisation, Participation, Partnership
from services.directory.participation_views import participation_cell
from services.directory.places import place_of
from services.directory.profile import side_words
from services.directory.regions import region_name
from services.directory.resembling import alike_of, merged_with

Limit = Annotated[int, Query(ge=1, le=200)]
PAGE = 50
MANAGERS = ("coordinator", "operator")


def pages(service: Service) -> APIRouter:
    """Routes that read."""
    router = APIRouter()
    database, look = service.database, service.pages

    @router.get("/api/v1/organisations", tags=["organisation"], summary="Organisations that I may see")
    async def organisations_json(
        actor: Who, after: UUID | None = None, limit: Limit = PAGE
    ) -> list[dict[str, Any]]:
        """By id; `after` is the last id of the page before."""
        async with database.transaction() as tx:
            return [row.model_dump(mode="json") for row in await _organisations(tx, actor, after, limit)]

    @router.get("/api/v1/organisations/{id}", tags=["organisation"], summary="One organisation")
    async def organisation_json(actor: Who, id: UUID) -> dict[str, Any]:
        async with database.transaction() as tx:
            return (await _organisation(tx, actor, id)).model_dump(mode="json")

    @router.get("/organisations", include_in_schema=False)
    async def organisations_page(
        request: Request, actor: Who, after: UUID | None = None, q: Annotated[str, Query(max_length=100)] = ""
    ) -> Response:
        async with database.transaction() as tx:
            rows = await _organisations(tx, actor, after, PAGE, q)
        return look.page(
            request,
            "organisations.html",
            wanted={"q": q},
            searched=len(rows) == PAGE or bool(q or after),
            columns=[Column(_("Organisation")), Column(_("Kind")), Column(_("Place"))],
            rows=[
                [Cell(row.name, href=f"/organisations/{row.id}"), code(f"kind.{row.kind}"), place_of(row)]
                for row in rows
            ],
            next=f"?{urlencode({'q': q, 'after': rows[-1].id})}" if len(rows) == PAGE else "",
        )

    @router.get("/organisations/{id}", include_in_schema=False)
    async def organisation_page(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            row = await _organisation(tx, actor, id)
            cluster = await tx.get(Organisation, row.cluster) if row.cluster else None
            people = await people_rows(tx, actor, id)
            participations = await _participations(tx, actor, id)
            promised = await led_or_reviewed(tx, id)
            assessed = await latest(tx, id)
            alike = await alike_of(tx, actor, row)
            merged = await merged_with(tx, row)
        today = service.clock.moment().today()
        manages = any(actor.scopes(role) for role in MANAGERS)
        owns = actor.may("owner", id)
        return look.page(
            request,
            "organisation.html",
            title=row.name,
            lead=place_of(row),
            tag=state_tag(row),
            move=_move(actor, row),
            facts=[*organisation_facts(row, cluster), *merged],
            change=_changes(actor, row),
            member_columns=[Column(_("Person")), Column(_("Role"))],
            members=people,
            invite=Link(_("Invite somebody"), f"/memberships/invite?organisation={id}") if owns else None,
            give_role=Link(_("Give a role"), f"/role-grants/grant?scope={id}") if manages else None,
            participation_columns=[Column(_("Partnership")), Column(_("Takes part"))],
            participations=[[participation_cell(one, name), side_words(one)] for one, name in participations],
            alike=alike,
            excellence=_excellence(actor, row, assessed),
            deliverable_columns=[Column(_("Deliverable")), Column(_("Due"))],
            deliverables=[
                [
                    Cell(one.title, href=f"/deliverables/{one.id}", tag=deliverable_tag(one)),
                    due_cell(one, today),
                ]
                for one in promised
            ],
            take_part=Link(
                _("Take part as visitor, host or knowledge provider"),
                f"/participations/submit?organisation={id}",
            )
            if actor.may("member", id)
            else None,
        )

    return router


def _visible(actor: Actor) -> ColumnElement[bool]:
    """The organisations that somebody may see."""
    if actor.may("operator", PLATFORM):
        return true()
    held = {scope for _role, scope in actor.roles}
    partnerships = actor.scopes("officer") | actor.scopes("coordinator")
    id = col(Organisation.id)
    taking_part = select(Participation.organisation).where(col(Participation.partnership).in_(partnerships))
    member = exists().where(col(Partnership.id).in_(partnerships), id == any_(col(Partnership.members)))
    looked_after = col(Organisation.partnerships).bool_op("&&")(list(partnerships))
    return or_(id.in_(held), id.in_(taking_part), looked_after, member)


async def _organisations(
    tx: Tx, actor: Actor, after: UUID | None, limit: int, q: str = ""
) -> list[Organisation]:
    statement = select(Organisation).where(_visible(actor)).order_by(col(Organisation.id)).limit(limit)
    if q.strip():
        named = has(q, (col(Organisation.name), col(Organisation.town)))
        statement = statement.where(or_(named, col(Organisation.registration_number) == q.strip().upper()))
    if after:
        statement = statement.where(col(Organisation.id) > after)
    return list((await tx.session.exec(statement)).all())


async def _organisation(tx: Tx, actor: Actor, id: UUID) -> Organisation:
    row = (
        await tx.session.exec(select(Organisation).where(Organisation.id == id, _visible(actor)))
    ).one_or_none()
    if row is None:
        raise DomainError("not-found", status=404)
    return row


async def _participations(tx: Tx, actor: Actor, organisation: UUID) -> list[tuple[Participation, str]]:
    """Those of the organisation that the reader may open, with the partnership's name."""
    statement = (
        select(Participation, Partnership.name)
        .join(Partnership, col(Partnership.id) == col(Participation.partnership))
        .where(Participation.organisation == organisation)
        .order_by(col(Participation.id).desc())
        .limit(PAGE)
    )
    own = actor.may("member", organisation) or actor.may("reader", organisation)
    if not own and not actor.may("operator", PLATFORM):
        mine = actor.scopes("officer") | actor.scopes("coordinator")
        statement = statement.where(col(Participation.partnership).in_(mine))
    return [(row, name) for row, name in (await tx.session.exec(statement)).all()]


def state_tag(row: Organisation) -> Tag:
    kinds: dict[str, TagKind] = {"registered": "plain", "confirmed": "wait", "verified": "good"}
    return Tag(state_word("organisation", row.state), kinds.get(row.state, "plain"))


def organisation_facts(row: Organisation, cluster: Organisation | None) -> list[tuple[str, str]]:
    """What an organisation is and has declared."""
    facts = [
        (_("Kind"), code(f"kind.{row.kind}")),
        (_("Registered in"), place_of(row)),
        (_("Region"), region_name(row.region) or _("not given")),
        (_("Registration number"), row.registration_number or _("not given")),
        (_("VAT number"), row.vat_number or _("not given")),
    ]
    if row.subtype:
        facts.append((_("Kind of support"), coded("subtype", row.subtype)))
    if cluster:
        facts.append((_("Member of"), cluster.name))
    if row.networks:
        facts.append((_("Networks"), "; ".join(row.networks)))
    if row.eccp:
        facts.append((_("On the European Cluster Collaboration Platform"), row.eccp))
    if row.size and row.declared_on:
        figures = _("%(staff)s staff, turnover %(turnover)s, balance sheet total %(balance)s") % {
            "staff": number(row.headcount or 0),
            "turnover": f"{amount(row.turnover_cents or 0)} EUR",
            "balance": f"{amount(row.balance_cents or 0)} EUR",
        }
        facts.append(
            (_("Size, declared on %(day)s") % {"day": day(row.declared_on)}, code(f"size.{row.size}"))
        )
        facts.append((_("Declared figures"), figures))
    if row.beneficiary:
        facts.append((_("Beneficiary"), _("It is itself a beneficiary of the project")))
    return [*facts, (_("Web address"), row.website)] if row.website else facts


def _excellence(actor: Actor, row: Organisation, assessed: SelfAssessment | None) -> list[Link]:
    """A cluster's way to its page in the directory, its services, its self-assessment."""
    if row.kind not in ("cluster", "network"):
        return []
    links = [Link(_("Page in the public directory, with its services"), f"/directory/{row.id}")]
    if assessed is not None:
        links.append(Link(_("Self-assessment, gap and comparison"), f"/self-assessments/{assessed.id}"))
    if row.kind == "cluster" and actor.may("member", row.id):
        words = act_words("self_assessment", "record").title
        links.append(Link(words, f"/self-assessments/record?organisation={row.id}"))
    return links


def _changes(actor: Actor, row: Organisation) -> list[Link]:
    """What the reader may change."""
    mine = organisations.parties(actor, row)
    offered = (
        [("unmerge", "COORD")]
        if row.state == "merged"
        else [("describe", "MEMBER"), ("change", "OWNER"), ("merge", "COORD")]
    )
    return [
        Link(act_words("organisation", name).title, f"/organisations/{row.id}/{name}")
        for name, party in offered
        if mine & {party, "OPERATOR"} and (party == "COORD" or party in mine)
    ]


def _move(actor: Actor, row: Organisation) -> Move | None:
    """What is still missing until the organisation is verified."""
    mine = organisations.parties(actor, row)
    own = any(scope == row.id for _role, scope in actor.roles)

    def button(name: str) -> Link:
        return Link(act_words("organisation", name).button, f"/organisations/{row.id}/{name}")

    match row.state:
        case "registered" if "SIGNATORY" in mine:
            return Move(_("Your move: confirm what was registered"), True, button=button("confirm"))
        case "registered" if "OWNER" in mine:
            return Move(
                _("Your move: have the legal signatory confirm it"),
                True,
                _(
                    "Invite the person with the power to sign, as signatory. The mail leads to the confirmation."
                ),
                button=Link(
                    _("Invite the signatory"), f"/memberships/invite?organisation={row.id}&role=signatory"
                ),
            )
        case "registered":
            return Move(_("Waiting for the legal signatory to confirm it"), False)
        case "confirmed" if "OFFICER" in mine and not own:
            return Move(_("Your move: verify this organisation"), True, button=button("verify"))
        case "confirmed":
            return Move(_("Waiting for an officer of a partnership to verify it"), False)
        case _:
            return None
