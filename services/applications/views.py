"""What people and machines read in applications: calls, the catalogue of hosts, proposals, cases, papers."""

from collections.abc import Collection, Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import File, UploadFile
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from contracts import words
from contracts.amounts import support_of
from contracts.errors import DomainError
from contracts.workdays import Moment
from services.applications.agreements.signing import missing
from services.applications.application import DECLARATIONS
from services.applications.applying.reading import checks_of, told_of
from services.applications.drafts import draft_id
from services.applications.intake_models import CutOff
from services.applications.kinds import applications, proposals, visits
from services.applications.models import Agreement, Application, Decision, Proposal, Visit
from services.applications.projections import KnownOrganisation
from services.applications.review.reading import said_to_applicant
from services.applications.review.views import READERS
from services.applications.visit import EVIDENCE
from services.chassis.acts.aggregate import Aggregate, R, Root
from services.chassis.database import Tx
from services.chassis.files import opened
from services.chassis.identity.actor import Actor
from services.chassis.service import Service
from services.chassis.web.faces import Prepared
from services.chassis.web.look.context import speak_of
from services.chassis.web.look.parts import Cell, Check, Column, Sum, Tag
from services.chassis.web.look.values import day
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import calculation, code, state_word
from services.chassis.web.who import Who

PAGE = 50
OFFICERS = frozenset({"VOP", "HOP", "COORD"})
OFFICERS_ONLY = ("opinion", "decider", "earlier_deciders", "score", "passed", "place", "outcome")
"""What officers alone read of a case: who decided, and what the review came to before it is announced."""


async def visible(tx: Tx, kind: Aggregate[R], actor: Actor, id: UUID) -> R:
    """The row, if the reader takes part in it, whose page is worded for what it is; DomainError("not-found") to a
    stranger."""
    row = await tx.found(kind.model, id)
    if not kind.parties(actor, row):
        raise DomainError("not-found", status=404)
    speak_of(grant=kind.lacks("HO", row))
    return row


NOT_GRANTED = frozenset({"rejected", "withdrawn", "lapsed"})
"""States in which nothing is granted: the sum is what was asked for."""


def sum_of(frozen: dict[str, Any], *, mine: bool, granted: bool = True) -> Sum:
    """The sum with its calculation, line by line; `mine` for the visitor who gets it."""
    if not granted:
        shown = calculation(frozen["lines"], frozen["rate_cents"])
        return Sum(_("Sum asked for"), shown, _("Not granted"), frozen["amount_cents"])
    of_receipts = frozen.get("host") is None or support_of(frozen).kind in ("voucher", "actual_cost")
    named = (_("Your grant"), _("The grant")) if of_receipts else (_("Your lump sum"), _("The lump sum"))
    return Sum(
        named[0] if mine else named[1],
        calculation(frozen["lines"], frozen["rate_cents"]),
        _("You receive")
        if mine
        else _("The applicant receives")
        if of_receipts
        else _("The visitor receives"),
        frozen["amount_cents"],
        note=_("Paid against receipts.") if of_receipts else _("Paid once, after the report is validated."),
    )


def add_views(service: Service) -> None:
    """Routes that read."""
    app, database, pages = service.app, service.database, service.pages

    @app.get("/api/v1/proposals/{id}")
    async def proposal_json(actor: Who, id: UUID) -> dict[str, Any]:
        async with database.transaction() as tx:
            row = await visible(tx, proposals, actor, id)
        return {**row.model_dump(mode="json"), "application": str(draft_id(row.id))}

    @app.get("/proposals", include_in_schema=False)
    async def proposals_page(request: Request, actor: Who) -> Response:
        async with database.transaction() as tx:
            mine = actor.scopes("member")
            statement = (
                select(Proposal)
                .where(col(Proposal.visitor).in_(mine) | col(Proposal.host).in_(mine))
                .order_by(col(Proposal.id).desc())
                .limit(PAGE)
            )
            rows = list((await tx.session.exec(statement)).all())
            names = await names_of(tx, [i for row in rows for i in (row.visitor, row.host)])
        return pages.page(
            request,
            "proposals.html",
            title=_("Proposals"),
            columns=[Column(_("Visitor")), Column(_("Host")), Column(_("Standing"))],
            rows=[
                [
                    Cell(names.get(row.visitor, "?"), href=f"/proposals/{row.id}"),
                    Cell(names.get(row.host, "?")),
                    Cell(tag=proposal_tag(row)),
                ]
                for row in rows
            ],
        )

    @app.get("/proposals/{id}", include_in_schema=False)
    async def proposal_page(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            row = await visible(tx, proposals, actor, id)
            names = await names_of(tx, [row.visitor, row.host])
        return pages.page(
            request,
            "proposal.html",
            title=f"{names[row.visitor]} – {names[row.host]}",
            proposal=row,
            parties=proposals.parties(actor, row),
            visitor=names[row.visitor],
            host=names[row.host],
            tag=proposal_tag(row),
        )

    @app.get("/api/v1/applications/{id}")
    async def application_json(actor: Who, id: UUID) -> dict[str, Any]:
        async with database.transaction() as tx:
            case = await visible(tx, applications, actor, id)
            rows = await _agreements(tx, id)
        officers = OFFICERS & applications.parties(actor, case)
        hidden = {"left_over"} if officers else {"left_over", *OFFICERS_ONLY}
        return {
            **case.model_dump(mode="json", exclude=hidden),
            "state": case.state if officers else case.told,
            "agreements": [
                {
                    "id": str(a.id),
                    "kind": a.kind,
                    "state": a.state,
                    "document": a.document,
                    "missing": missing(a),
                }
                for a in rows
                if a.round == case.round
            ],
        }

    @app.get("/applications/{id}", include_in_schema=False)
    async def application_page(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            case = await visible(tx, applications, actor, id)
            names = await names_of(tx, _sides(case))
            papers = await _agreements(tx, id)
            told = await told_of(tx, case, service.clock.moment())
            results = await tx.get(CutOff, case.cut_off) if case.cut_off else None
            said = await said_to_applicant(tx, case)
        parties = applications.parties(actor, case)
        return pages.page(
            request,
            "application.html",
            title=case.number,
            case=case,
            parties=parties,
            visitor=names[case.visitor],
            host=names.get(case.host, "") if case.host else "",
            tag=Tag(state_word("application", case.state if OFFICERS & parties else case.told)),
            results=results,
            activities=[code(value) for value in case.activities],
            how=how(case),
            days=meeting_days(case),
            told=told,
            checks=_checks(case),
            sum=sum_of(case.frozen, mine="VO" in parties, granted=case.state not in NOT_GRANTED)
            if case.frozen
            else None,
            papers=[a for a in papers if a.round == case.round],
            review=case.form is not None and not parties.isdisjoint(READERS),
            said=said,
        )

    @app.get("/visits/{id}", include_in_schema=False)
    async def visit_page(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            row = await visible(tx, visits, actor, id)
        return pages.page(
            request, "visit.html", title=_("Visit"), visit=row, tag=Tag(state_word("visit", row.state)),
            parties=visits.parties(actor, row),
        )  # fmt: skip

    @app.get("/api/v1/visits/{id}")
    async def visit_json(actor: Who, id: UUID) -> dict[str, Any]:
        async with database.transaction() as tx:
            row = await visible(tx, visits, actor, id)
        mine = not visits.parties(actor, row).isdisjoint(("VO", "COORD"))
        private = {"host_feedback"} if mine else {"host_feedback", "appeal_text", "appeal_answer"}
        return row.model_dump(mode="json", exclude=private)

    @app.get("/visits/{id}/evidence/{file}", include_in_schema=False)
    async def evidence(actor: Who, id: UUID, file: str) -> Response:
        """The owning service authorises who may open a file; it is always a download."""
        async with database.transaction() as tx:
            row = await visible(tx, visits, actor, id)
            if all(one["id"] != file for one in row.evidence):
                raise DomainError("not-found", status=404)
            return service.downloads.give(await opened(tx, file, actor.person))

    @app.post("/api/v1/files", status_code=201)
    async def upload(actor: Who, file: Annotated[UploadFile, File()]) -> dict[str, Any]:
        """Takes a file in; its id (the hash of its bytes) can then be named as evidence."""
        return (await service.files.keep(file, actor.person, takes=EVIDENCE)).model_dump()


def _checks(case: Application) -> list[Check]:
    if case.form is not None:
        return checks_of(case)
    return [Check(_rule(one["rule"]), one["met"], _rule(one["rule"], "source")) for one in case.rules]


def _rule(slug: str, kind: str = "rule") -> str:
    """A rule in words, or where it comes from."""
    return _(words.CODES[f"{kind}.{slug}"])


def how(case: Application) -> str:
    """Whether one travels, in words for whoever reads."""
    return _("Online, without travel and without money") if case.mode == "virtual" else _("At the host")


def meeting_days(case: Application) -> str:
    """The single days of a virtual exchange; empty for a visit, which is a period."""
    return "; ".join(day(one) for one in sorted(case.days)) if case.mode == "virtual" else ""


def proposal_tag(proposal: Proposal) -> Tag:
    kinds = {"open": "wait", "accepted": "good"}
    return Tag(state_word("proposal", proposal.state), kinds.get(proposal.state, "plain"))  # pyright: ignore[reportArgumentType]


async def prepare_decision(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """Who decides sees what the decision rests on: plan, rules, sum, and the opinion given before."""
    assert isinstance(row, Application)
    told = await told_of(tx, row, Moment(row.saved_at))
    names = await names_of(tx, _sides(row))
    statement = select(Decision).where(Decision.application == row.id, Decision.round == row.round)
    given = {one.kind: one for one in (await tx.session.exec(statement)).all()}
    return Prepared(
        beside={
            "case": row,
            "visitor": names[row.visitor],
            "host": names.get(row.host, "") if row.host else "",
            "activities": [code(value) for value in row.activities],
            "how": how(row),
            "days": meeting_days(row),
            "told": told,
            "opinion": given.get("opinion"),
            "decision": given.get("decision"),
            "reason": code(row.reason) if row.reason else "",
            "said": await said_to_applicant(tx, row) if row.appeal == "open" else [],
            "checks": _checks(row),
            "sum": sum_of(row.frozen, mine=False) if row.frozen else None,
        }
    )


async def prepare_validation(tx: Tx, row: Root | None, actor: Actor, query: Mapping[str, str]) -> Prepared:
    """Evidence beside the decision."""
    assert isinstance(row, Visit)
    case = await tx.found(Application, row.application)
    return Prepared(values={"days": row.days_reported}, beside={"visit": row, "case": case})


def declarations() -> list[tuple[str, str]]:
    return [(name, _(words.CODES[f"declare.{name}"])) for name in DECLARATIONS]


async def _agreements(tx: Tx, case: UUID) -> list[Agreement]:
    statement = select(Agreement).where(Agreement.application == case).order_by(col(Agreement.id))
    return list((await tx.session.exec(statement)).all())


def _sides(case: Application) -> list[UUID]:
    return [id for id in (case.visitor, case.host) if id is not None]


async def names_of(tx: Tx, ids: Collection[UUID]) -> dict[UUID, str]:
    """What organisations are called."""
    rows = await tx.session.exec(select(KnownOrganisation).where(col(KnownOrganisation.id).in_(ids)))
    return {row.id: row.name for row in rows}
