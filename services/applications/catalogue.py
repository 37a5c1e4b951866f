"""How a visitor finds a host: suggestions with their reasons, the catalogue with its filters, the proposal's form."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from sqlalchemy import func
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.sql.expression import Select
from starlette.requests import Request
from starlette.responses import Response

from contracts.errors import DomainError
from contracts.terms import Terms
from services.applications.calls.models import Call
from services.applications.matching import open_proposals, visited_before
from services.applications.models import Application
from services.applications.projections import KnownOrganisation, KnownParticipation
from services.applications.suggesting import Reason, Suggestion, Taking, ranked
from services.chassis.acts.aggregate import Root
from services.chassis.database import Tx
from services.chassis.finding import has
from services.chassis.identity.actor import Actor
from services.chassis.service import Service
from services.chassis.web.faces import Prepared
from services.chassis.web.look.values import country as country_name
from services.chassis.web.look.values import days, number
from services.chassis.web.look.words import coded, locale, ngettext
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import refusal
from services.chassis.web.who import Who

PAGE = 50
LOOKED_AT = 2000
"""Hosts that a ranking looks at: those validated last."""
SHOWN = 5
MOST_SHOWN = 50
ACTIVITIES = ("capacity_building", "knowledge_sharing", "innovation", "market_research", "networking")
Text = Annotated[str, Query(max_length=100)]


def add_catalogue(service: Service) -> None:
    """Routes that read."""
    app, database, pages = service.app, service.database, service.pages

    @app.get("/api/v1/catalogue")
    async def catalogue_json(
        actor: Who, country: Text = "", activity: Text = "", q: Text = "", after: UUID | None = None
    ) -> list[dict[str, Any]]:
        """Validated hosts, filtered; `after` is the last id of the page before."""
        async with database.transaction() as tx:
            return [_as_json(row) for row in await _hosts(tx, country, activity, q, after)]

    @app.get("/api/v1/catalogue/suggestions")
    async def suggestions_json(actor: Who, visitor: UUID) -> list[dict[str, Any]]:
        """Hosts that suit a participation of mine as visitor, best first, each with its reasons and their points."""
        async with database.transaction() as tx:
            mine = next((one for one in await own(tx, actor) if one[0].id == visitor), None)
            if mine is None:
                raise DomainError("not-found", status=404)
            found = await _suggested(tx, service, mine, MOST_SHOWN)
        return [
            {**_as_json((one.profile, one.host)), "points": one.points,
             "reasons": [vars(reason) for reason in one.reasons]}
            for one in found
        ]  # fmt: skip

    @app.get("/catalogue", include_in_schema=False)
    async def catalogue_page(
        request: Request, actor: Who, country: Text = "", activity: Text = "", q: Text = "",
        visitor: UUID | None = None, after: UUID | None = None,
    ) -> Response:  # fmt: skip
        async with database.transaction() as tx:
            rows = await _hosts(tx, country, activity, q, after)
            mine = await own(tx, actor)
            chosen = next((one for one in mine if one[0].id == visitor), mine[0] if mine else None)
            plain = not (country or activity or q or after)
            found = await _suggested(tx, service, chosen, SHOWN) if chosen and plain else []
            obstacles = await _obstacles(tx, chosen) if chosen else []
            countries = await _countries(tx)
        return pages.page(
            request,
            "catalogue.html",
            title=_("Find a host"),
            hosts=rows,
            mine=[(str(p.id), o.name) for p, o in mine],
            chosen=chosen,
            obstacles=obstacles,
            suggestions=[(one, [sentence(reason) for reason in one.reasons]) for one in found],
            wanted={"country": country, "activity": activity, "q": q},
            countries=sorted(((one, country_name(one)) for one in countries), key=lambda pair: pair[1]),
            activities=[(value, coded("activities", value)) for value in ACTIVITIES],
            next=f"?country={country}&activity={activity}&q={q}&after={rows[-1][0].id}"
            if len(rows) == PAGE
            else "",
        )


async def prepare_proposal(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """Who may visit whom under which call; started from the catalogue's link."""
    mine = await own(tx, actor)
    calls = await _calls(tx)
    host = None
    if given := query.get("host"):
        try:
            host = await tx.get(KnownParticipation, UUID(given))
        except ValueError:
            raise DomainError("not-found", status=404) from None
    name = await tx.get(KnownOrganisation, host.organisation) if host else None
    hosts = (
        [(str(host.id), name.name)]
        if host and name
        else [(str(p.id), o.name) for p, o in await _hosts(tx, "", "", "", None)]
    )
    fitting = [call for call in calls if any(call.partnership == p.partnership for p, _o in mine)]
    return Prepared(
        values={"host": query.get("host", ""), "call": str(fitting[0].id) if fitting else "",
                "visitor": query.get("visitor") or (str(mine[0][0].id) if mine else "")},
        choices={
            "call": [(str(call.id), call.title) for call in fitting],
            "visitor": [(str(p.id), o.name) for p, o in mine],
            "host": hosts,
        },
    )  # fmt: skip


def sentence(reason: Reason) -> str:
    """Why a host suits, for its reader."""
    match reason.why:
        case "topics":
            return _("You share topics: %(topics)s") % {"topics": ", ".join(reason.shared)}
        case "activities":
            words = ", ".join(coded("activities", one) for one in reason.shared)
            return _("Both want: %(activities)s") % {"activities": words}
        case "dates":
            assert reason.first_day is not None and reason.last_day is not None
            return _("Both can: %(days)s") % {"days": days(reason.first_day, reason.last_day)}
        case "wanted":
            return _("You would like to go to %(country)s") % {"country": country_name(reason.shared[0])}
        case "wanted_there":
            return _("They look for visitors from %(country)s") % {"country": country_name(reason.shared[0])}
        case "languages":
            names: dict[str, str] = dict(locale().languages)
            words = ", ".join(names.get(one, one) for one in reason.shared)
            return _("Languages of both: %(languages)s") % {"languages": words}
        case "first":
            here, there = map(country_name, reason.shared)
            return _("It would be the first exchange from %(here)s to %(there)s") % {
                "here": here,
                "there": there,
            }
        case "far":
            return _("%(km)s km away: the lump sum is not halved for the distance") % {
                "km": number(reason.km)
            }


async def own(tx: Tx, actor: Actor) -> list[Taking]:
    """The reader's own validated participations as visitor."""
    statement = select(KnownParticipation, KnownOrganisation).where(
        KnownParticipation.organisation == KnownOrganisation.id,
        col(KnownParticipation.organisation).in_(actor.scopes("member")),
        col(KnownParticipation.side).in_(("visitor", "both")),
        col(KnownParticipation.validated),
    )
    return list((await tx.session.exec(statement.order_by(col(KnownParticipation.id)))).all())


def _as_json(row: Taking) -> dict[str, Any]:
    p, o = row
    return {
        "participation": str(p.id), "organisation": str(o.id), "name": o.name, "town": o.town,
        "country": o.country, "activities": p.activities, "sectors": p.sectors, "languages": p.languages,
        "countries": p.countries, "first_day": p.first_day, "last_day": p.last_day,
        "partnership": str(p.partnership),
    }  # fmt: skip


async def _suggested(tx: Tx, service: Service, mine: Taking, most: int) -> list[Suggestion]:
    statement = hosting().order_by(col(KnownParticipation.id).desc()).limit(LOOKED_AT)
    hosts = list((await tx.session.exec(statement)).all())
    return ranked(mine, hosts, await _pairs(tx, mine[1].country), service.clock.moment().today())[:most]


async def _pairs(tx: Tx, country: str) -> set[tuple[str, str]]:
    """The pairs of countries that exchanges from this one have joined."""
    visitor, host = aliased(KnownOrganisation), aliased(KnownOrganisation)
    statement = (
        select(host.country)
        .join(Application, col(Application.host) == host.id)
        .join(visitor, col(Application.visitor) == visitor.id)
        .where(visitor.country == country, col(Application.state).in_(("granted", "closed")))
        .distinct()
    )
    return {(country, there) for there in (await tx.session.exec(statement)).all()}


async def _obstacles(tx: Tx, mine: Taking) -> list[str]:
    """What would refuse a proposal whoever the host is, said before work is spent on one."""
    profile, organisation = mine
    calls = [call for call in await _calls(tx) if call.partnership == profile.partnership]
    if not calls:
        return [_("Your partnership has no open call for exchanges now.")]
    found = [
        refusal("visited-before", {"edition": call.edition})
        for call in calls
        if await visited_before(tx, call.edition, organisation.identity)
    ]
    under_way, most = await open_proposals(tx, organisation.id), Terms(**calls[0].terms).open_proposals
    if under_way >= most:
        return [*found, refusal("too-many-proposals", {"most": most})]
    if under_way:
        words = ngettext("%(num)s of your proposals is open", "%(num)s of your proposals are open", under_way)
        found.append(
            _("%(open)s; there may be %(most)s.") % {"open": words % {"num": under_way}, "most": most}
        )
    return found


async def _calls(tx: Tx) -> list[Call]:
    """Open calls for exchanges."""
    statement = select(Call).where(Call.state == "published", col(Call.form).is_(None))
    return list((await tx.session.exec(statement.order_by(col(Call.id).desc()).limit(PAGE))).all())


def hosting() -> Select[KnownParticipation, KnownOrganisation]:
    """The validated hosts."""
    return select(KnownParticipation, KnownOrganisation).where(
        KnownParticipation.organisation == KnownOrganisation.id,
        col(KnownParticipation.validated),
        col(KnownParticipation.side).in_(("host", "both")),
    )


async def _hosts(tx: Tx, country: str, activity: str, q: str, after: UUID | None) -> Sequence[Taking]:
    statement = hosting().order_by(col(KnownParticipation.id)).limit(PAGE)
    if country:
        statement = statement.where(KnownOrganisation.country == country.upper())
    if activity:
        statement = statement.where(col(KnownParticipation.activities).contains([activity]))
    if q.strip():
        topics = func.array_to_string(col(KnownParticipation.sectors), "; ")
        places = (col(KnownOrganisation.name), col(KnownOrganisation.town), topics)
        statement = statement.where(has(q, places))
    if after:
        statement = statement.where(col(KnownParticipation.id) > after)
    return list((await tx.session.exec(statement)).all())


async def _countries(tx: Tx) -> Sequence[str]:
    """The countries that there are hosts in."""
    hosting = select(KnownParticipation.organisation).where(
        col(KnownParticipation.validated), col(KnownParticipation.side).in_(("host", "both"))
    )
    statement = select(KnownOrganisation.country).where(col(KnownOrganisation.id).in_(hosting)).distinct()
    return (await tx.session.exec(statement)).all()
