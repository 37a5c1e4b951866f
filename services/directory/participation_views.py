"""What people and machines read of participations: members their organisation's, officers their partnership's
list with the profile and the rules beside the decision.
"""

from collections.abc import Mapping
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
from services.chassis.identity.actor import PLATFORM, Actor
from services.chassis.service import Service
from services.chassis.web.faces import Prepared
from services.chassis.web.look.parts import Cell, Check, Column, Link, Move, Tag, TagKind
from services.chassis.web.look.values import country, day
from services.chassis.web.look.words import coded, locale
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import act_words, code, state_word
from services.chassis.web.who import Who
from services.directory.kinds import participations
from services.directory.models import Organisation, Participation, Partnership, Person
from services.directory.participation import conditions
from services.directory.partnership import all_partnerships

PAGE = 50
Limit = Annotated[int, Query(ge=1, le=200)]
State = Literal["submitted", "needs_info", "validated", "rejected", "dormant", "withdrawn"]
SHOWN_STATES: tuple[State, ...] = ("submitted", "needs_info", "validated", "rejected", "dormant", "withdrawn")
LANGUAGES = ("en", "cs", "da", "de", "el", "es", "et", "fr", "hu", "it", "nl", "pl", "pt", "ro", "uk")
"""To choose from on the form; machines may name any."""
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
                    participation_cell(row, organisation.name, note=_place(organisation)),
                    partnership.name,
                    side_words(row),
                    day(row.submitted_at),
                ]
                for row, organisation, partnership in rows
            ],
            next=f"?state={state or ''}&after={rows[-1][0].id}" if len(rows) == PAGE else "",
        )

    @router.get("/participations/{id}", include_in_schema=False)
    async def participation_page(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            row, organisation, partnership = await _found(tx, actor, id)
            contact = await tx.get(Person, row.contact)
            cluster = await _cluster(tx, organisation)
        return look.page(
            request,
            "participation.html",
            title=organisation.name,
            partnership=partnership,
            row=row,
            tag=state_tag(row),
            move=_move(actor, row, organisation, partnership),
            profile=_profile(row, organisation, contact),
            checks=_checks(row, organisation, cluster),
        )

    _routes = (participations_json, participation_json, participations_page, participation_page)
    return router


async def prepare_submission(tx: Tx, row: object, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """Own organisations, and all partnerships."""
    mine = await tx.session.exec(
        select(Organisation)
        .where(col(Organisation.id).in_(actor.scopes("member")))
        .order_by(col(Organisation.name))
    )
    choices = {
        "organisation": [(str(one.id), one.name) for one in mine.all()],
        "partnership": [(str(one.id), f"{one.name}: {one.title}") for one in await all_partnerships(tx)],
    }
    return Prepared(values=query, choices={**choices, **_language_choices()})


async def prepare_revision(tx: Tx, row: object, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """What was submitted, to be mended; the officer's words stand beside it."""
    assert isinstance(row, Participation)
    return Prepared(values=row.model_dump(), choices=_language_choices(), beside={"returned": row})


async def prepare_decision(tx: Tx, row: object, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """The profile and the rules, beside the decision."""
    assert isinstance(row, Participation)
    organisation = await tx.found(Organisation, row.organisation)
    contact = await tx.get(Person, row.contact)
    cluster = await _cluster(tx, organisation)
    profile, checks = _profile(row, organisation, contact), _checks(row, organisation, cluster)
    return Prepared(beside={"organisation": organisation, "profile": profile, "checks": checks})


def side_words(row: Participation) -> str:
    return coded("side", row.side)


def state_tag(row: Participation) -> Tag:
    return Tag(state_word("participation", row.state), _KINDS.get(row.state, "plain"))


def participation_cell(row: Participation, text: str, note: str = "") -> Cell:
    """A participation in a list: its page behind the name, its standing beside it."""
    return Cell(text, note=note, href=f"/participations/{row.id}", tag=state_tag(row))


def _language_choices() -> dict[str, list[tuple[str, str]]]:
    names: dict[str, str] = dict(locale().languages)
    return {"languages": [(one, names.get(one, one)) for one in LANGUAGES]}


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


def _place(row: Organisation) -> str:
    return f"{row.town}, {country(row.country)}"


def _profile(row: Participation, organisation: Organisation, contact: Person | None) -> list[tuple[str, str]]:
    names: dict[str, str] = dict(locale().languages)
    return [
        (_("Organisation"), f"{organisation.name}, {_place(organisation)}"),
        (_("Kind"), code(f"kind.{organisation.kind}")),
        (_("Takes part"), side_words(row)),
        (_("Contact"), contact.name if contact else "–"),
        (_("For"), ", ".join(coded("activities", one) for one in row.activities)),
        (_("Sectors and topics"), ", ".join(row.sectors) or "–"),
        (_("Languages"), ", ".join(names.get(one, one) for one in row.languages) or "–"),
        (_("Motivation"), row.motivation),
    ]


async def _cluster(tx: Tx, organisation: Organisation) -> Organisation | None:
    return await tx.get(Organisation, organisation.cluster) if organisation.cluster else None


def _checks(row: Participation, organisation: Organisation, cluster: Organisation | None) -> list[Check]:
    """The rules of taking part with their results. What the agency approved counts as met."""
    membership = cluster.name if cluster else row.agency_approval or code(f"kind.{organisation.kind}")
    evidence = {
        "country-not-eligible": country(organisation.country),
        "hosts-only": code(f"kind.{organisation.kind}"),
        "visitor-needs-cluster": membership,
        "host-needs-approval": membership,
    }
    return [
        Check(
            code(f"condition.{one.slug}"),
            one.met or (not one.final and bool(row.agency_approval)),
            evidence[one.slug],
        )
        for one in conditions(organisation, row.side)
    ]


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
