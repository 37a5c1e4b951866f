"""What people and machines read of labels: a cluster's own, those that wait for an officer, the public list."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, File, UploadFile
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from contracts.errors import DomainError
from contracts.recognition import RECOGNITION
from services.chassis.database import Tx
from services.chassis.files import opened
from services.chassis.identity.actor import Actor
from services.chassis.service import Service
from services.chassis.web.faces import Prepared
from services.chassis.web.look.parts import Cell, Column, Link, Move, Tag, TagKind
from services.chassis.web.look.values import day
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import act_words, code
from services.chassis.web.who import Guest, Who
from services.directory.kinds import recognitions
from services.directory.label_models import Recognition
from services.directory.models import Organisation
from services.directory.recognition import CERTIFICATE, renewable_until, schemes, validity

PAGE = 200
_KINDS: dict[str, TagKind] = {"valid": "good", "expired": "wait", "lapsed": "bad"}


def pages(service: Service) -> APIRouter:
    """Routes that read."""
    router = APIRouter()
    database, look = service.database, service.pages

    @router.get(
        "/api/v1/recognitions", tags=["recognition"], summary="Labels of clusters, with their validity"
    )
    async def labels_json(actor: Guest) -> list[dict[str, Any]]:
        """Public: labels are shown on clusters' own pages too. Applications are seen by those concerned only."""
        async with database.transaction() as tx:
            rows = await _listed(tx, actor)
        return [_as_json(row, name, service.clock.moment().today()) for row, name in rows]

    @router.get("/api/v1/recognitions/{id}", tags=["recognition"], summary="One label")
    async def label_json(actor: Who, id: UUID) -> dict[str, Any]:
        async with database.transaction() as tx:
            row, organisation = await _found(tx, actor, id)
        return _as_json(row, organisation.name, service.clock.moment().today())

    @router.get("/recognitions", include_in_schema=False)
    async def labels_page(request: Request, actor: Guest) -> Response:
        async with database.transaction() as tx:
            rows = await _listed(tx, actor)
        mine, today = bool(actor and actor.scopes("member")), service.clock.moment().today()
        return look.page(
            request,
            "recognitions.html",
            columns=[Column(_("Cluster")), Column(_("Label")), Column(_("Validity"))],
            rows=[
                [
                    Cell(name, href=f"/recognitions/{row.id}" if actor else f"/directory/{row.organisation}"),
                    label_words(row),
                    Cell(validity_words(row, today), tag=validity_tag(row, today)),
                ]
                for row, name in rows
            ],
            apply=Link(act_words("recognition", "apply").title, "/recognitions/apply") if mine else None,
            report=Link(act_words("recognition", "report").title, "/recognitions/report") if mine else None,
        )

    @router.get("/recognitions/{id}", include_in_schema=False)
    async def label_page(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            row, organisation = await _found(tx, actor, id)
        terms, today = schemes()[row.scheme].level(row.level), service.clock.moment().today()
        return look.page(
            request,
            "recognition.html",
            title=organisation.name,
            lead=label_words(row),
            tag=validity_tag(row, today),
            move=_move(actor, row),
            facts=[
                (_("Validity"), validity_words(row, today)),
                (_("Awarded on"), day(row.awarded_on) if row.awarded_on else "–"),
                (_("Score"), f"{row.score} %" if row.score is not None else "–"),
                *_certificate(actor, row),
                (
                    _("Terms of the scheme"),
                    Cell(
                        _("first award %(first)s months, renewal %(renewal)s months")
                        % {"first": terms.first_months, "renewal": terms.renewal_months},
                        note=f"{code(f'basis.{terms.basis}')}: {terms.source}",
                    ),
                ),
            ],
        )

    @router.get("/recognitions/{id}/certificate", include_in_schema=False)
    async def certificate(actor: Who, id: UUID) -> Response:
        """For the cluster and the officers of its partnerships."""
        async with database.transaction() as tx:
            row, _organisation = await _found(tx, actor, id)
            if row.certificate is None or not recognitions.parties(actor, row):
                raise DomainError("not-found", status=404)
            return service.downloads.give(await opened(tx, row.certificate, actor.person))

    @router.post(
        "/api/v1/recognitions/files", status_code=201, tags=["recognition"], summary="A file for an act"
    )
    async def upload(actor: Who, file: Annotated[UploadFile, File()]) -> dict[str, Any]:
        """Its id is then given to the act that names a certificate, or to a mandate as its document."""
        return (await service.files.keep(file, actor.person, takes=CERTIFICATE)).model_dump()

    _routes = (labels_json, label_json, labels_page, label_page, certificate, upload)
    return router


async def prepare_label(tx: Tx, row: object, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """The reader's own clusters, and all schemes with their levels."""
    statement = select(Organisation).where(
        col(Organisation.id).in_(actor.scopes("member")), Organisation.kind == "cluster"
    )
    own = (await tx.session.exec(statement.order_by(col(Organisation.name)))).all()
    labels = [
        (f"{scheme.scheme}/{level.level}", f"{scheme.name}: {code(f'level.{level.level}')}")
        for scheme in schemes().values()
        for level in scheme.levels
    ]
    return Prepared(
        values=query, choices={"organisation": [(str(one.id), one.name) for one in own], "label": labels}
    )


def label_words(row: Recognition) -> str:
    """Scheme and level by name."""
    return f"{schemes()[row.scheme].name}: {code(f'level.{row.level}')}"


def shown(rows: Sequence[Recognition]) -> list[Recognition]:
    """A label that a cluster only reports steps back where a certificate of the same scheme stands."""
    certified = {row.scheme for row in rows if row.state != "reported"}
    return [row for row in rows if row.state != "reported" or row.scheme not in certified]


def validity_words(row: Recognition, today: date) -> str:
    """valid | expired, renewable until | lapsed | date unknown, with its day."""
    until, renewable = row.valid_until, renewable_until(row)
    match validity(row, today):
        case "valid" if until:
            return _("valid until %(day)s") % {"day": day(until)}
        case "expired" if renewable:
            return _("expired, renewable until %(day)s") % {"day": day(renewable)}
        case "lapsed":
            return _("lapsed")
        case "date_unknown":
            return _("reported by the cluster, date unknown")
        case _:
            return _("applied for")


def validity_tag(row: Recognition, today: date) -> Tag:
    kind = validity(row, today)
    return Tag(code(f"validity.{kind}"), _KINDS.get(kind, "plain"))


async def _listed(tx: Tx, actor: Actor | None) -> list[tuple[Recognition, str]]:
    statement = (
        select(Recognition, Organisation.name)
        .join(Organisation, col(Organisation.id) == col(Recognition.organisation))
        .order_by(col(Organisation.name), col(Recognition.scheme))
        .limit(PAGE)
    )
    concerned = col(Recognition.state) != "applied"
    if actor is not None:
        own = col(Recognition.organisation).in_(actor.scopes("member") | actor.scopes("reader"))
        theirs = col(Recognition.partnerships).op("&&")(list(actor.scopes("officer")))
        concerned = concerned | own | theirs
    return [(row, name) for row, name in (await tx.session.exec(statement.where(concerned))).all()]


async def _found(tx: Tx, actor: Actor, id: UUID) -> tuple[Recognition, Organisation]:
    row = await tx.get(Recognition, id)
    if row is None or (row.state == "applied" and not recognitions.parties(actor, row)):
        raise DomainError("not-found", status=404)
    return row, await tx.found(Organisation, row.organisation)


def _certificate(actor: Actor, row: Recognition) -> list[tuple[str, Cell]]:
    if row.certificate is None or not recognitions.parties(actor, row):
        return []
    return [(_("Certificate"), Cell(_("Open"), href=f"/recognitions/{row.id}/certificate"))]


def _as_json(row: Recognition, name: str, today: date) -> dict[str, Any]:
    public = row.model_dump(mode="json", exclude={"certificate", "partnerships", "reminded"})
    renewable = renewable_until(row)
    return {
        **public,
        "organisation_name": name,
        "validity": validity(row, today),
        "renewable_until": renewable.isoformat() if renewable else None,
    }


def _move(actor: Actor, row: Recognition) -> Move | None:
    mine = recognitions.parties(actor, row)
    links = [
        Link(act_words("recognition", act.name).button, f"/recognitions/{row.id}/{act.name}")
        for act in RECOGNITION.acts
        if act.by_person and row.state in act.sources and mine.intersection(act.parties)
    ]
    if links and row.state == "applied":
        return Move(_("Your move: record the award"), True, button=links[0], others=links[1:])
    if row.state == "applied":
        return Move(_("Waiting for an officer to record the award"), False)
    return Move(_("Nobody's move"), False, others=links) if links else None
