"""The public directory: clusters, and all who take part in a partnership's scheme, with search, filters and a map.

Nobody need sign in: it holds public facts of organisations, and no word about people. It stays after a project.
"""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy import exists, func, or_, tuple_
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from services.chassis.database import Tx
from services.chassis.finding import has
from services.chassis.service import Service
from services.chassis.web.look.parts import Cell, Column
from services.chassis.web.look.values import country as country_name
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import code
from services.chassis.web.who import Guest
from services.directory.europe import HEIGHT, WIDTH, coast, graticule, place
from services.directory.label_models import Recognition
from services.directory.label_views import shown
from services.directory.models import Organisation, Participation
from services.directory.preparing import KINDS
from services.directory.recognition import schemes

PAGE = 50
ON_MAP = 1000
Text = Annotated[str, Query(max_length=100)]


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for; empty means all."""

    q: str = ""
    kind: str = ""
    country: str = ""
    label: str = ""

    def query(self) -> str:
        return "".join(f"&{name}={value}" for name, value in vars(self).items() if value)


def pages(service: Service) -> APIRouter:
    """Routes that read."""
    router = APIRouter()
    database, look = service.database, service.pages

    @router.get("/api/v1/directory", tags=["organisation"], summary="The public directory")
    async def directory_json(
        q: Text = "", kind: Text = "", country: Text = "", label: Text = "", after: UUID | None = None
    ) -> list[dict[str, Any]]:
        """By name; `after` is the last id of the page before."""
        async with database.transaction() as tx:
            rows = await _found(tx, Wanted(q, kind, country, label), after, PAGE)
            labels = await _labels(tx, [row.id for row in rows])
        return [
            {
                **row.model_dump(mode="json", include=_PUBLIC),
                "labels": [
                    f"{one.scheme}/{one.level}" for one in labels.get(row.id, ()) if one.state == "awarded"
                ],
            }
            for row in rows
        ]

    @router.get("/directory", include_in_schema=False)
    async def directory_page(
        request: Request, actor: Guest, q: Text = "", kind: Text = "", country: Text = "", label: Text = "",
        after: UUID | None = None,
    ) -> Response:  # fmt: skip
        wanted = Wanted(q, kind, country, label)
        async with database.transaction() as tx:
            every = await _found(tx, wanted, None, ON_MAP)
            first = next((number for number, row in enumerate(every, 1) if row.id == after), 0)
            rows = every[first : first + PAGE]
            labels = await _labels(tx, [row.id for row in rows])
            countries = (await tx.session.exec(select(Organisation.country).distinct())).all()
        more = bool(rows) and rows[-1].id != every[-1].id
        return look.page(
            request,
            "directory.html",
            wanted=wanted,
            kinds=[(one, code(f"kind.{one}")) for one in KINDS],
            countries=sorted(((one, country_name(one)) for one in countries), key=lambda pair: pair[1]),
            labels=[
                (f"{scheme.scheme}/{level.level}", code(f"level.{level.level}"))
                for scheme in schemes().values()
                for level in scheme.levels
            ],
            points=[(*place(row.longitude, row.latitude), f"{row.name}, {row.town}") for row in every],
            lines=graticule(),
            land=coast(),
            size=(WIDTH, round(HEIGHT)),
            found=len(every),
            columns=[Column(_("Organisation")), Column(_("Kind")), Column(_("Place")), Column(_("Labels"))],
            rows=[
                [
                    Cell(row.name, href=f"/directory/{row.id}"),
                    code(f"kind.{row.kind}"),
                    f"{row.town}, {country_name(row.country)}",
                    "; ".join(_label(one) for one in shown(labels.get(row.id, ()))) or "–",
                ]
                for row in rows
            ],
            next=f"?after={rows[-1].id}{wanted.query()}" if more else "",
        )

    return router


_PUBLIC = {"id", "name", "kind", "town", "country", "latitude", "longitude", "cluster", "website"}


def _label(row: Recognition) -> str:
    words = code(f"level.{row.level}")
    return words if row.state == "awarded" else _("%(label)s, as reported") % {"label": words}


async def _found(tx: Tx, wanted: Wanted, after: UUID | None, limit: int) -> list[Organisation]:
    """Clusters and networks, and who takes part and agreed to be listed, by name; never a merged record."""
    taking_part = exists().where(
        col(Participation.organisation) == col(Organisation.id),
        col(Participation.state) == "validated",
        col(Participation.consents).contains(["directory"]),
    )
    statement = select(Organisation).where(
        Organisation.state != "merged", or_(col(Organisation.kind).in_(("cluster", "network")), taking_part)
    )
    if wanted.q.strip():
        statement = statement.where(has(wanted.q, (col(Organisation.name), col(Organisation.town))))
    if wanted.kind:
        statement = statement.where(Organisation.kind == wanted.kind)
    if wanted.country:
        statement = statement.where(Organisation.country == wanted.country)
    if wanted.label:
        scheme, _slash, level = wanted.label.partition("/")
        held = exists().where(
            col(Recognition.organisation) == col(Organisation.id),
            col(Recognition.scheme) == scheme,
            col(Recognition.level) == level,
            col(Recognition.state) == "awarded",
        )
        statement = statement.where(held)
    by_name = func.lower(col(Organisation.name))
    if after and (last := await tx.get(Organisation, after)):
        statement = statement.where(
            tuple_(by_name, col(Organisation.id)) > tuple_(func.lower(last.name), after)
        )
    return list((await tx.session.exec(statement.order_by(by_name, col(Organisation.id)).limit(limit))).all())


async def _labels(tx: Tx, ids: list[UUID]) -> dict[UUID, list[Recognition]]:
    """Labels by organisation: valid ones, and those that a cluster reports."""
    statement = select(Recognition).where(
        col(Recognition.organisation).in_(ids), col(Recognition.state).in_(("awarded", "reported"))
    )
    labels: dict[UUID, list[Recognition]] = {}
    for row in (await tx.session.exec(statement)).all():
        labels.setdefault(row.organisation, []).append(row)
    return labels
