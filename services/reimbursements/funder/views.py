"""Reports to the funder as they stand, each version that was sent, and what changed between two."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, TypeAlias
from uuid import UUID

from fastapi import APIRouter, File, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from services.chassis.acts.aggregate import Root
from services.chassis.database import Tx
from services.chassis.identity.actor import Actor
from services.chassis.service import Service
from services.chassis.web.faces import Prepared
from services.chassis.web.look.context import reading
from services.chassis.web.look.parts import Cell, Column, Tag, TagKind
from services.chassis.web.look.values import amount, days
from services.chassis.web.look.words import gettext as _
from services.chassis.web.papers import attached
from services.chassis.web.sentences import state_word
from services.chassis.web.who import Who
from services.reimbursements.funder.content import content_of, costs_of, rows_of
from services.reimbursements.funder.cuts import proposed
from services.reimbursements.funder.kinds import funder_reports
from services.reimbursements.funder.models import FunderReport
from services.reimbursements.funder.naming import partnerships_with
from services.reimbursements.funder.papers import differences, report_paper
from services.reimbursements.funder.reports import version_of
from services.reimbursements.funder.told import Content
from services.reimbursements.models import KnownAction
from services.reimbursements.reading import (
    PAGE,
    Limit,
    acts_of,
    further,
    names_of,
    newest,
    partnerships_of,
    visible,
)

TAGS: Mapping[str, TagKind] = {
    "draft": "plain", "prepared": "wait", "submitted": "wait", "sent_back": "bad", "cuts_noted": "wait",
    "accepted": "good",
}  # fmt: skip
SENT = ("submitted", "cuts_noted", "accepted")
Ending: TypeAlias = Literal["pdf", "xlsx"]
FINANCE = ("approver", "treasurer")


def funder_views(service: Service) -> APIRouter:
    """Routes that read reports to the funder."""
    router, database, pages, clock = APIRouter(), service.database, service.pages, service.clock

    @router.get("/api/v1/funder-reports", tags=["funder_report"])
    async def reports_json(
        actor: Who, after: UUID | None = None, limit: Limit = PAGE
    ) -> list[dict[str, Any]]:
        async with database.transaction() as tx:
            return [_json(row) for row in await newest(tx, funder_reports, actor, after, limit)]

    @router.get("/api/v1/funder-reports/{id}", tags=["funder_report"])
    async def report_json(actor: Who, id: UUID) -> dict[str, Any]:
        """A report with what it would say if it were sent now, or what was sent last."""
        async with database.transaction() as tx:
            row = await visible(tx, funder_reports, actor, id)
            return {**_json(row), **_content_json(await _content(tx, row))}

    @router.get("/api/v1/funder-reports/{id}/versions/{number}", tags=["funder_report"])
    async def version_json(actor: Who, id: UUID, number: int) -> dict[str, Any]:
        """A version as it was sent."""
        async with database.transaction() as tx:
            row = await visible(tx, funder_reports, actor, id)
            version, content = await version_of(tx, row, number)
        return {"number": number, "sha256": version.sha256, **_content_json(content)}

    @router.post("/api/v1/funder-reports/files", status_code=201, tags=["funder_report"])
    async def upload(actor: Who, file: Annotated[UploadFile, File()]) -> dict[str, Any]:
        """Takes a file of costs in; its id is given to the act."""
        return (await service.files.keep(file, actor.person, takes=".csv")).model_dump()

    @router.get("/funder-reports", include_in_schema=False)
    async def reports_page(request: Request, actor: Who, after: UUID | None = None) -> Response:
        async with database.transaction() as tx:
            rows = await newest(tx, funder_reports, actor, after, PAGE)
            names = await names_of(tx, (row.member for row in rows))
            actions = {
                one.id: one.name for one in await partnerships_of(tx, (row.partnership for row in rows))
            }
        with reading(pages.context(request)):
            columns, shown = _table(rows, names, actions)
        return pages.page(
            request, "funder_reports.html", columns=columns, rows=shown, next=further(rows, PAGE),
            may_open=any(actor.scopes(role) for role in FINANCE),
        )  # fmt: skip

    @router.get("/funder-reports/{id}", include_in_schema=False)
    async def report_page(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            row = await visible(tx, funder_reports, actor, id)
            content = await _content(tx, row)
            names = await _names(tx, row)
        with reading(pages.context(request)):
            paper = report_paper(row, content, names, row.versions if row.state in SENT else 0, clock.now())
            hidden = ["change_period"] if row.versions else []
            acts, tag = acts_of(funder_reports, row, actor, hidden), _tag(row)
        return pages.page(request, "funder_report.html", report=row, paper=paper, acts=acts, tag=tag)

    @router.get("/funder-reports/{id}/report.{ending}", include_in_schema=False)
    async def report_file(request: Request, actor: Who, id: UUID, ending: Ending) -> Response:
        async with database.transaction() as tx:
            row = await visible(tx, funder_reports, actor, id)
            content, names = await _content(tx, row), await _names(tx, row)
        with reading(pages.context(request)):
            return attached(report_paper(row, content, names, 0, clock.now()), ending)

    @router.get("/funder-reports/{id}/versions/{number}", include_in_schema=False)
    async def version_page(request: Request, actor: Who, id: UUID, number: int) -> Response:
        async with database.transaction() as tx:
            row = await visible(tx, funder_reports, actor, id)
            version, content = await version_of(tx, row, number)
            before = (await version_of(tx, row, number - 1))[1] if number > 1 else None
            names = await _names(tx, row)
        with reading(pages.context(request)):
            paper = report_paper(row, content, names, number, version.submitted_at, version.sha256)
            changed = differences(before, content) if before else []
        return pages.page(
            request, "funder_version.html", report=row, version=version, paper=paper, changed=changed
        )

    @router.get("/funder-reports/{id}/versions/{number}/report.{ending}", include_in_schema=False)
    async def version_file(request: Request, actor: Who, id: UUID, number: int, ending: Ending) -> Response:
        async with database.transaction() as tx:
            row = await visible(tx, funder_reports, actor, id)
            version, content = await version_of(tx, row, number)
            names = await _names(tx, row)
        with reading(pages.context(request)):
            paper = report_paper(row, content, names, number, version.submitted_at, version.sha256)
            return attached(paper, ending)

    return router


async def prepare_report(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """The members for whom the reader is in finance, and the partnerships that they are members of."""
    own = {scope for role in FINANCE for scope in actor.scopes(role)}
    actions = await partnerships_with(tx, own)
    names = await names_of(tx, own)
    choices = {
        "partnership": [(str(one.id), one.name) for one in actions],
        "member": [(str(id), name) for id, name in names.items()],
    }
    return Prepared(values=dict(query), choices=choices)


async def prepare_period(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """The period as it stands."""
    assert isinstance(row, FunderReport)
    return Prepared(values={"until": row.until, **query})


async def prepare_removal(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """The costs of the report."""
    assert isinstance(row, FunderReport)
    choices = [
        (
            str(cost.number),
            f"{cost.reference}: {cost.description}, {amount(cost.amount_minor)} {cost.currency}",
        )
        for cost in await costs_of(tx, row)
    ]
    return Prepared(values=dict(query), choices={"number": choices})


async def prepare_row(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """The costs and claims that the version tells which was sent last."""
    assert isinstance(row, FunderReport)
    rows = rows_of(await _content(tx, row))
    return Prepared(
        values=dict(query),
        choices={"row": [(one.key, f"{one.label}: {amount(one.cents)} EUR") for one in rows]},
    )


async def prepare_cuts(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """What the rows come to, that were entered before."""
    assert isinstance(row, FunderReport)
    return Prepared(values={**proposed(await _content(tx, row), row), **query})


async def _content(tx: Tx, row: FunderReport) -> Content:
    if row.state in SENT:
        return (await version_of(tx, row, row.versions))[1]
    return await content_of(tx, row)


async def _names(tx: Tx, row: FunderReport) -> tuple[str, str]:
    action = await tx.found(KnownAction, row.partnership)
    return action.name, (await names_of(tx, [row.member])).get(row.member, "")


def _table(
    rows: Sequence[FunderReport], names: Mapping[UUID, str], actions: Mapping[UUID, str]
) -> tuple[list[Column], list[list[Cell | str]]]:
    columns = [
        Column(_("Period")), Column(_("Member")), Column(_("Versions sent"), number=True),
        Column(_("Costs in EUR"), number=True), Column(_("Cut in EUR"), number=True), Column(_("Standing")),
    ]  # fmt: skip
    return columns, [
        [
            Cell(
                days(row.since, row.until),
                note=actions.get(row.partnership, ""),
                href=f"/funder-reports/{row.id}",
            ),
            names.get(row.member, ""),
            str(row.versions),
            amount(row.total_cents) if row.versions else "",
            amount(row.cut_cents) if row.state == "accepted" else "",
            Cell(tag=_tag(row)),
        ]
        for row in rows
    ]


def _tag(row: FunderReport) -> Tag:
    return Tag(state_word("funder_report", row.state), TAGS[row.state])


def _json(row: FunderReport) -> dict[str, Any]:
    return row.model_dump(
        mode="json", exclude={"prepared_by", "submitted_by", "cuts_noted_by", "cuts_confirmed_by"}
    )


def _content_json(content: Content) -> dict[str, Any]:
    return {**content.model_dump(mode="json"), "sums": content.sums, "total_cents": content.total_cents}
