"""Knowledge providers that a partnership has registered, with their services and their region, for everybody.

Nobody need sign in; only who agreed to be listed stands here, and no word about people.
"""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy import ColumnElement, func
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from services.chassis.database import Tx
from services.chassis.finding import has
from services.chassis.service import Service
from services.chassis.web.look.parts import Cell, Column
from services.chassis.web.look.values import country as country_name
from services.chassis.web.look.words import gettext as _
from services.chassis.web.who import Guest
from services.directory.models import Organisation, Participation, Partnership
from services.directory.places import place_of
from services.directory.regions import region_name

PAGE = 50
Text = Annotated[str, Query(max_length=100)]
Registered = tuple[Participation, Organisation, str]


def pages(service: Service) -> APIRouter:
    """Routes that read."""
    router = APIRouter()
    database, look = service.database, service.pages

    @router.get("/api/v1/providers", tags=["participation"], summary="Registered knowledge providers")
    async def providers_json(
        q: Text = "", country: Text = "", region: Text = "", after: UUID | None = None
    ) -> list[dict[str, Any]]:
        """By id of the registration; `after` is the last id of the page before."""
        async with database.transaction() as tx:
            rows = await _registered(tx, q, country, region, after)
        return [
            {
                "id": str(row.id), "organisation": str(who.id), "name": who.name, "town": who.town,
                "country": who.country, "region": who.region, "partnership": name, "services": row.services,
                "sectors": row.sectors, "languages": row.languages,
            }
            for row, who, name in rows
        ]  # fmt: skip

    @router.get("/providers", include_in_schema=False)
    async def providers_page(
        request: Request,
        actor: Guest,
        q: Text = "",
        country: Text = "",
        region: Text = "",
        after: UUID | None = None,
    ) -> Response:
        async with database.transaction() as tx:
            rows = await _registered(tx, q, country, region, after)
            places = (
                await tx.session.exec(
                    select(Organisation.country, Organisation.region)
                    .join(Participation, col(Participation.organisation) == col(Organisation.id))
                    .where(*_LISTED)
                    .distinct()
                )
            ).all()
        countries = {one: country_name(one) for one, _region in places}
        regions = {one: f"{region_name(one)}, {country_name(one[:2])}" for _country, one in places if one}
        return look.page(
            request,
            "providers.html",
            wanted={"q": q, "country": country, "region": region},
            countries=sorted(countries.items(), key=lambda pair: pair[1]),
            regions=sorted(regions.items(), key=lambda pair: pair[1]),
            columns=[Column(_("Knowledge provider")), Column(_("Services")), Column(_("Partnership"))],
            rows=[
                [
                    Cell(who.name, href=f"/directory/{who.id}", note=_where(who)),
                    Cell("; ".join(row.services), note=", ".join(row.sectors)),
                    name,
                ]
                for row, who, name in rows
            ],
            next=f"?q={q}&country={country}&region={region}&after={rows[-1][0].id}"
            if len(rows) == PAGE
            else "",
        )

    return router


_LISTED: tuple[ColumnElement[bool], ...] = (
    col(Participation.side) == "provider",
    col(Participation.state) == "validated",
    col(Participation.consents).contains(["directory"]),
)


async def _registered(tx: Tx, q: str, country: str, region: str, after: UUID | None) -> list[Registered]:
    statement = (
        select(Participation, Organisation, Partnership.name)
        .join(Organisation, col(Organisation.id) == col(Participation.organisation))
        .join(Partnership, col(Partnership.id) == col(Participation.partnership))
        .where(*_LISTED)
        .order_by(col(Participation.id))
        .limit(PAGE)
    )
    if q.strip():
        offered = func.array_to_string(col(Participation.services), "; ")
        topics = func.array_to_string(col(Participation.sectors), "; ")
        places = (col(Organisation.name), col(Organisation.town), offered, topics)
        statement = statement.where(has(q, places))
    if country:
        statement = statement.where(Organisation.country == country.upper())
    if region:
        statement = statement.where(Organisation.region == region.upper())
    if after:
        statement = statement.where(col(Participation.id) > after)
    return [(row, who, name) for row, who, name in (await tx.session.exec(statement)).all()]


def _where(who: Organisation) -> str:
    return ", ".join(filter(None, (region_name(who.region), place_of(who))))
