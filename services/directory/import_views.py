"""Imports in the browser and over the API: upload a table, look at each row's verdict, record the good ones."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any, cast
from uuid import UUID

from fastapi import APIRouter, Form
from sqlmodel import col, select
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from contracts.errors import DomainError
from contracts.ids import new_id
from services.chassis.database import Tx
from services.chassis.facts.outbox import Cause
from services.chassis.identity.actor import Actor
from services.chassis.service import Service
from services.chassis.web.look.parts import Cell, Column, Tag, TagKind
from services.chassis.web.look.values import moment
from services.chassis.web.look.words import gettext as _
from services.chassis.web.request import correlation
from services.chassis.web.sentences import code, refusal
from services.chassis.web.who import Who
from services.directory import importing, sheets
from services.directory.duplicates import Records
from services.directory.models import Import, Organisation, Participation, Partnership, Person

_KINDS: dict[str, TagKind] = {"good": "good", "known": "plain", "alike": "wait", "wrong": "bad"}
_MODELS = {"organisations": Organisation, "people": Person, "registrations": Participation}
PAGE = 50


def pages(service: Service) -> APIRouter:
    """All routes of this file."""
    router = APIRouter()
    _Imports(service).add_to(router)
    return router


class _Imports:
    def __init__(self, service: Service) -> None:
        self._service = service
        self._database = service.database

    def add_to(self, router: APIRouter) -> None:

        @router.get("/imports", include_in_schema=False)
        async def imports_page(request: Request, actor: Who) -> Response:
            return await self._start(request, actor)

        @router.post("/imports", include_in_schema=False)
        async def upload(request: Request, actor: Who) -> Response:
            form = await request.form(max_part_size=sheets.LARGEST)
            kind, partnership = str(form.get("kind")), str(form.get("partnership"))
            try:
                run = await self._uploaded(actor, form.get("file"), kind, partnership)
            except DomainError as reason:
                if reason.status in (401, 403, 404):
                    raise
                problem = refusal(reason.slug, reason.params)
                return await self._start(request, actor, problem, kind, partnership)
            return RedirectResponse(f"/imports/{run.id}", 303)

        @router.get("/imports/{id}", include_in_schema=False)
        async def preview(request: Request, actor: Who, id: UUID) -> Response:
            async with self._database.transaction() as tx:
                return self._preview(request, await _own(tx, actor, id))

        @router.post("/imports/{id}/record", include_in_schema=False)
        async def record_page(request: Request, actor: Who, id: UUID) -> Response:
            alike = (await request.form()).get("alike") == "yes"
            await self._record(request, actor, id, alike)
            return RedirectResponse(f"/imports/{id}", 303)

        @router.post("/api/v1/imports", status_code=201, tags=["import"], summary="Upload a table")
        async def upload_by_api(
            actor: Who, request: Request, kind: Annotated[str, Form()], partnership: Annotated[str, Form()]
        ) -> dict[str, Any]:
            """CSV or XLSX as `file`; the answer says what is thought of each row. Nothing is recorded yet."""
            form = await request.form(max_part_size=sheets.LARGEST)
            return _as_json(await self._uploaded(actor, form.get("file"), kind, partnership))

        @router.get("/api/v1/imports/{id}", tags=["import"], summary="One import with its rows")
        async def import_json(actor: Who, id: UUID) -> dict[str, Any]:
            async with self._database.transaction() as tx:
                return _as_json(await _own(tx, actor, id))

        @router.post("/api/v1/imports/{id}/record", tags=["import"], summary="Record the good rows")
        async def record_by_api(
            request: Request, actor: Who, id: UUID, alike: bool = False
        ) -> dict[str, Any]:
            """Each row on its own; repeating it records what is still missing. alike: also rows like others."""
            return _as_json(await self._record(request, actor, id, alike))

    async def _start(
        self, request: Request, actor: Actor, problem: str = "", kind: str = "", partnership: str = ""
    ) -> Response:
        scopes = actor.scopes("officer") | actor.scopes("coordinator")
        if not scopes:
            raise DomainError("not-found", status=404)
        async with self._database.transaction() as tx:
            named = select(Partnership.id, Partnership.name).where(col(Partnership.id).in_(scopes))
            partnerships = (await tx.session.exec(named.order_by(col(Partnership.name)))).all()
            mine = select(Import).where(Import.by == actor.person).order_by(col(Import.at).desc()).limit(PAGE)
            runs = (await tx.session.exec(mine)).all()
        return self._service.pages.page(
            request,
            "imports.html",
            422 if problem else 200,
            problem=problem,
            partnerships=partnerships,
            chosen={"kind": kind, "partnership": partnership},
            kinds=[(one, code(f"import.{one}"), _told(one)) for one in importing.COLUMNS],
            told=[Column(_("Column")), Column(_("What stands in it"))],
            columns=[
                Column(_("File")),
                Column(_("What")),
                Column(_("Uploaded")),
                Column(_("Rows"), number=True),
                Column(_("Recorded"), number=True),
            ],
            rows=[
                [
                    Cell(run.file, href=f"/imports/{run.id}"),
                    code(f"import.{run.kind}"),
                    moment(run.at),
                    str(len(run.rows)),
                    str(len(_done(run))),
                ]
                for run in runs
            ],
        )

    async def _uploaded(self, actor: Actor, file: object, kind: str, partnership: str) -> Import:
        if kind not in importing.COLUMNS:
            raise DomainError("import-kind", "kind")
        scope = _scope(actor, partnership)
        if not isinstance(file, UploadFile) or not file.filename:
            raise DomainError("import-empty", "file")
        sheet = sheets.read(await file.read())
        named = cast("importing.Kind", kind)
        importing.check_columns(named, sheet.columns)
        async with self._database.transaction() as tx:
            records = Records(tx)
            findings = [
                replace(await importing.judge(tx, named, scope, row, number, records), row=number)
                for row, number in zip(sheet.rows, sheet.numbers, strict=True)
            ]
            run = Import(
                id=new_id(),
                by=actor.person,
                kind=kind,
                partnership=scope,
                file=file.filename[:120],
                rows=list(sheet.rows),
                findings=[vars(one) for one in _once(sheet.rows, findings)],
                results={},
                at=datetime.now(UTC),
            )
            tx.add(run)
        return run

    async def _record(self, request: Request, actor: Actor, id: UUID, alike: bool) -> Import:
        """Row by row: one that fails hinders no other, and what was recorded before is not recorded again."""
        async with self._database.transaction() as tx:
            run = await _own(tx, actor, id)
        _scope(actor, str(run.partnership))
        kind, at = cast("importing.Kind", run.kind), self._service.clock.moment()
        results: dict[str, str] = dict(run.results)
        wanted = {"good", "alike"} if alike else {"good"}
        for number, (row, finding) in enumerate(zip(run.rows, run.findings, strict=True)):
            if finding["verdict"] not in wanted or results.get(str(number)) == "recorded":
                continue
            made = importing.row_id(run.id, number)
            cause = Cause(
                str(actor.person), key=f"import/{run.id}/{number}", correlation=correlation(request)
            )
            try:
                async with self._database.transaction() as tx:
                    if await tx.get(_MODELS[kind], made) is None:
                        await importing.record(tx, kind, run.partnership, row, made, at, cause)
                results[str(number)] = "recorded"
            except importing.Unreadable as reason:
                results[str(number)] = str(reason)
            except DomainError as reason:
                results[str(number)] = refusal(reason.slug, reason.params)
        async with self._database.transaction() as tx:
            run = await _own(tx, actor, id)
            run.results = results
            tx.add(run)
        return run

    def _preview(self, request: Request, run: Import) -> Response:
        columns = [
            name for name in importing.COLUMNS[cast("importing.Kind", run.kind)] if name in run.rows[0]
        ]
        counted = Counter(finding["verdict"] for finding in run.findings)
        done = Counter(run.findings[number]["verdict"] for number in _done(run))
        return self._service.pages.page(
            request,
            "import.html",
            run=run,
            title=run.file,
            counted=[(code(f"verdict.{verdict}"), counted[verdict] - done[verdict]) for verdict in _KINDS],
            recorded=done.total(),
            good=counted["good"] - done["good"],
            alike=counted["alike"] - done["alike"],
            columns=[
                Column(_("Row"), number=True),
                Column(_("Verdict")),
                *(Column(name) for name in columns),
            ],
            rows=[
                [str(_number(run, number)), _verdict(run, number), *(row.get(name, "") for name in columns)]
                for number, row in enumerate(run.rows)
            ],
        )


def _told(kind: importing.Kind) -> list[list[Cell | str]]:
    """What the page says of each column."""
    needed = Tag(_("needed"), "wait")
    return [
        [Cell(name, tag=needed if required else None), words]
        for name, required, words in importing.columns_of(kind)
    ]


def _done(run: Import) -> list[int]:
    """The places of the rows that are recorded."""
    return [int(number) for number, result in run.results.items() if result == "recorded"]


def _number(run: Import, number: int) -> int:
    """Of a row in its file; what was imported before files with empty lines were counted has none."""
    return run.findings[number].get("row") or number + 2


def _verdict(run: Import, number: int) -> Cell:
    finding, result = run.findings[number], run.results.get(str(number))
    if result == "recorded":
        return Cell(tag=Tag(_("recorded"), "good"))
    tag = Tag(code(f"verdict.{finding['verdict']}"), _KINDS[finding["verdict"]])
    href = f"/organisations/{finding['other']}" if finding["other"] else ""
    return Cell(
        finding["note"] if href else "", note=result or ("" if href else finding["note"]), href=href, tag=tag
    )


def _once(
    rows: Sequence[dict[str, str]], findings: Sequence[importing.Finding]
) -> Sequence[importing.Finding]:
    """The same row twice in one table is recorded once."""
    seen: set[tuple[str, ...]] = set()
    judged: list[importing.Finding] = []
    for row, finding in zip(rows, findings, strict=True):
        key = tuple(str(row.get(name, "")).casefold() for name in ("name", "email", "organisation", "town"))
        again = finding.verdict in ("good", "alike") and key in seen
        judged.append(
            replace(finding, verdict="known", note=_("stands in a row above"), other="") if again else finding
        )
        seen.add(key)
    return judged


def _scope(actor: Actor, partnership: str) -> UUID:
    """DomainError("not-your-role") unless it is a partnership that the actor is officer or coordinator of."""
    mine = actor.scopes("officer") | actor.scopes("coordinator")
    found = next((scope for scope in mine if str(scope) == partnership), None)
    if found is None:
        raise DomainError("not-your-role", status=403)
    return found


async def _own(tx: Tx, actor: Actor, id: UUID) -> Import:
    row = await tx.get(Import, id)
    if row is None or row.by != actor.person:
        raise DomainError("not-found", status=404)
    return row


def _as_json(run: Import) -> dict[str, Any]:
    return {
        "id": str(run.id),
        "kind": run.kind,
        "rows": [
            {**finding, "row": _number(run, number), "cells": row, "result": run.results.get(str(number))}
            for number, (row, finding) in enumerate(zip(run.rows, run.findings, strict=True))
        ],
    }
