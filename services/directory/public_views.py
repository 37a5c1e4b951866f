"""The public directory: clusters, and all who take part in a partnership's scheme, with search, filters and a map.

Nobody need sign in: it holds public facts of organisations, and no word about people. It stays after a project.
"""

from dataclasses import dataclass
from math import cos, radians
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy import exists, or_
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from services.chassis.database import Tx
from services.chassis.service import Service
from services.chassis.web.look.parts import Cell, Column
from services.chassis.web.look.values import country as country_name
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import code
from services.chassis.web.who import Guest
from services.directory.label_models import Recognition
from services.directory.label_views import label_words
from services.directory.models import Organisation, Participation
from services.directory.preparing import KINDS
from services.directory.recognition import schemes

PAGE = 50
ON_MAP = 1000
WEST, EAST, SOUTH, NORTH = -25.0, 45.0, 33.0, 72.0
WIDTH = 700.0
_SHRINK = cos(radians((SOUTH + NORTH) / 2))
"""How much a degree of longitude is shorter than one of latitude in the middle of the map."""
HEIGHT = WIDTH * (NORTH - SOUTH) / ((EAST - WEST) * _SHRINK)

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
        """By id; `after` is the last id of the page before."""
        async with database.transaction() as tx:
            rows = await _found(tx, Wanted(q, kind, country, label), after, PAGE)
            labels = await _labels(tx, [row.id for row in rows])
        return [
            {
                **row.model_dump(mode="json", include=_PUBLIC),
                "labels": [f"{one.scheme}/{one.level}" for one in labels.get(row.id, ())],
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
            rows = [row for row in every if after is None or row.id > after][:PAGE]
            labels = await _labels(tx, [row.id for row in rows])
            countries = (await tx.session.exec(select(Organisation.country).distinct())).all()
        more = bool(rows) and bool(every) and rows[-1].id != every[-1].id
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
            points=[(*place(row), f"{row.name}, {row.town}") for row in every],
            lines=_graticule(),
            size=(WIDTH, round(HEIGHT)),
            found=len(every),
            columns=[Column(_("Organisation")), Column(_("Kind")), Column(_("Place")), Column(_("Labels"))],
            rows=[
                [
                    Cell(row.name, href=f"/directory/{row.id}"),
                    code(f"kind.{row.kind}"),
                    f"{row.town}, {country_name(row.country)}",
                    "; ".join(label_words(one) for one in labels.get(row.id, ())) or "–",
                ]
                for row in rows
            ],
            next=f"?after={rows[-1].id}{wanted.query()}" if more else "",
        )

    return router


def place(row: Organisation) -> tuple[float, float]:
    """Where an organisation stands on the map; outside of Europe at its edge."""
    longitude, latitude = min(max(row.longitude, WEST), EAST), min(max(row.latitude, SOUTH), NORTH)
    return _x(longitude), _y(latitude)


_PUBLIC = {"id", "name", "kind", "town", "country", "latitude", "longitude", "cluster", "website"}


def _x(longitude: float) -> float:
    return round((longitude - WEST) / (EAST - WEST) * WIDTH, 1)


def _y(latitude: float) -> float:
    return round((NORTH - latitude) / (NORTH - SOUTH) * HEIGHT, 1)


def _graticule() -> list[tuple[float, float, float, float, str]]:
    """Every tenth degree: from, to, and its name."""
    meridians = [(_x(one), 0.0, _x(one), round(HEIGHT, 1), f"{one}°") for one in range(-20, 41, 10)]
    return [*meridians, *((0.0, _y(one), WIDTH, _y(one), f"{one}°") for one in range(40, 71, 10))]


async def _found(tx: Tx, wanted: Wanted, after: UUID | None, limit: int) -> list[Organisation]:
    """Clusters, and who takes part and agreed to be listed; never a record that was merged away."""
    taking_part = exists().where(
        col(Participation.organisation) == col(Organisation.id),
        col(Participation.state) == "validated",
        col(Participation.consents).contains(["directory"]),
    )
    statement = select(Organisation).where(
        Organisation.state != "merged", or_(col(Organisation.kind) == "cluster", taking_part)
    )
    if wanted.q:
        words = f"%{wanted.q.replace('%', '').replace('_', '')}%"
        statement = statement.where(
            or_(col(Organisation.name).ilike(words), col(Organisation.town).ilike(words))
        )
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
    if after:
        statement = statement.where(col(Organisation.id) > after)
    return list((await tx.session.exec(statement.order_by(col(Organisation.id)).limit(limit))).all())


async def _labels(tx: Tx, ids: list[UUID]) -> dict[UUID, list[Recognition]]:
    """Valid labels by organisation."""
    statement = select(Recognition).where(
        col(Recognition.organisation).in_(ids), col(Recognition.state) == "awarded"
    )
    labels: dict[UUID, list[Recognition]] = {}
    for row in (await tx.session.exec(statement)).all():
        labels.setdefault(row.organisation, []).append(row)
    return labels
