"""The grants of a call as open data in the 360Giving Data Standard: who got how much for what, and no person's name.

Source: the standard's published schemas of a package and of a grant. Organisations are named by org-id.guide where
their number's register has a list there."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy
from sqlalchemy import func
from sqlmodel import col, select
from starlette.responses import Response

from contracts.application import APPLICATION, Granted
from contracts.errors import DomainError
from contracts.money import Money
from contracts.workdays import Moment
from services.applications.calls import acts
from services.applications.calls.models import Call
from services.applications.forms.definition import worded
from services.applications.models import Application
from services.applications.projections import KnownOrganisation
from services.chassis.database import Tx
from services.chassis.facts.tables import outbox
from services.chassis.identity.actor import Actor
from services.chassis.service import Service
from services.chassis.web.papers import attachment
from services.chassis.web.who import Who

STANDING = ("granted", "closed")
"""States in which a grant stands: what was withdrawn, cancelled or did not come about is none."""
LISTS: Mapping[str, str] = {
    "BE": "BE-BCE_KBO", "DK": "DK-CVR", "EE": "EE-RIK", "FI": "FI-PRO", "FR": "FR-INSEE", "HR": "HR-OIB",
    "MD": "MD-IDNO", "NO": "NO-BRC", "UA": "UA-EDR",
}  # fmt: skip
"""Country → the list of org-id.guide that its registration numbers are of."""
LONGEST_TITLE = 139
"""The standard wants titles under 140 characters."""
VERSION = "1.4"
"""Of the standard, whose checkers read it from the package."""
NO_CODES = ("XK",)
"""Codes that are used but that ISO 3166 has not assigned; the standard's list lacks them."""


def add_awards(service: Service) -> None:
    """The grants of a call as JSON, for its officers, who say where they are published."""
    app, database, clock = service.app, service.database, service.clock

    @app.get("/api/v1/calls/{id}/awards")
    async def as_json(actor: Who, id: UUID) -> dict[str, Any]:
        """A 360Giving package of the call's grants; without any it says so, since the standard knows no empty one."""
        async with database.transaction() as tx:
            return await package(tx, id, actor, clock.moment())

    @app.get("/calls/{id}/awards.json", include_in_schema=False)
    async def as_file(actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            told = await package(tx, id, actor, clock.moment())
        content = orjson.dumps(told, option=orjson.OPT_INDENT_2)
        return Response(content, media_type="application/json", headers=attachment("awards.json"))


async def package(tx: Tx, id: UUID, actor: Actor, at: Moment) -> dict[str, Any]:
    """The grants that stand, in the order in which they were applied for, and who publishes them."""
    call = await acts.seen(tx, id, actor)
    rows = await _granted(tx, id)
    if not rows:
        raise DomainError("no-awards", status=404)
    awarded = await _award_days(tx, [row.id for row in rows])
    wanted = {one for row in rows for one in (row.visitor, row.payer)} | {call.payer}
    found = await tx.session.exec(select(KnownOrganisation).where(col(KnownOrganisation.id).in_(wanted)))
    known = {one.id: one for one in found}
    return {
        "version": VERSION,
        "title": call.title,
        "identifier": f"urn:uuid:{call.id}",
        "issued": at.today().isoformat(),
        "publisher": {"identifier": org_id(known, call.payer), "name": name_of(known, call.payer)},
        "grants": [_grant(call, row, awarded[row.id], known) for row in rows],
    }


def _grant(
    call: Call, row: Application, awarded: str, known: Mapping[UUID, KnownOrganisation]
) -> dict[str, Any]:
    summary = worded(call.summary, "en")
    told: dict[str, Any] = {
        "id": f"{org_id(known, row.payer)}:{row.number}",
        "title": call.title[:LONGEST_TITLE],
        "description": summary or call.title,
        "currency": "EUR",
        "amountAwarded": float(Money(row.amount_cents).decimal),
        "awardDate": awarded,
        "recipientOrganization": [_organisation(known, row.visitor)],
        "fundingOrganization": [_organisation(known, row.payer)],
        "grantProgramme": [{"code": call.programme, "title": f"{call.programme}: {call.title}"}],
    }
    if row.first_day and row.last_day:
        told["plannedDates"] = [{"startDate": row.first_day.isoformat(), "endDate": row.last_day.isoformat()}]
    return told


def _organisation(known: Mapping[UUID, KnownOrganisation], id: UUID) -> dict[str, Any]:
    told: dict[str, Any] = {"id": org_id(known, id), "name": name_of(known, id)}
    if one := known.get(id):
        told |= {
            "addressLocality": one.town,
            "addressCountry": one.country,
            "location": [
                {"name": one.town, **({} if one.country in NO_CODES else {"countryCode": one.country})}
            ],
        }
    return told


def name_of(known: Mapping[UUID, KnownOrganisation], id: UUID) -> str:
    return known[id].name if id in known else str(id)


def org_id(known: Mapping[UUID, KnownOrganisation], id: UUID) -> str:
    """The register's list and the number in it, as org-id.guide has them; where neither is known, our own id."""
    one = known.get(id)
    scheme = list_of(one.country, one.registration_number) if one and one.registration_number else ""
    return f"{scheme}-{one.registration_number.removeprefix('KRS')}" if one and scheme else f"urn:uuid:{id}"


def list_of(country: str, number: str) -> str:
    """The list that a number is of. Poland has three registers, told apart by how their numbers are written."""
    if country != "PL":
        return LISTS.get(country, "")
    if number.startswith("KRS"):
        return "PL-KRS"
    return "PL-NIP" if len(number) == 10 else "PL-REGON"


async def _granted(tx: Tx, call: UUID) -> Sequence[Application]:
    statement = (
        select(Application)
        .where(Application.call == call, col(Application.state).in_(STANDING))
        .order_by(col(Application.id))
    )
    return (await tx.session.exec(statement)).all()


async def _award_days(tx: Tx, cases: Sequence[UUID]) -> dict[UUID, str]:
    """When each was granted: the day of the last signature, where the business is."""
    statement = (
        sqlalchemy.select(outbox.c.subject, func.max(outbox.c.time).label("at"))
        .where(outbox.c.subject.in_(cases), outbox.c.type == APPLICATION.type_of(Granted))
        .group_by(outbox.c.subject)
    )
    rows = (await tx.execute(statement)).all()
    return {row.subject: Moment(row.at).today().isoformat() for row in rows}
