"""The ranking of a cut-off as officers read it: the budget line drawn through it, the reserve list below; as a table,
too. Nobody else sees it before it is announced, nor after.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from contracts.cutoff import CUTOFF, Outcome
from contracts.errors import DomainError
from contracts.money import Money
from services.applications.calls.models import Call
from services.applications.forms.definition import worded
from services.applications.intake.cut_offs import cut_offs_of, hash_of, ranking_of, room_of
from services.applications.intake.saving import percent_of
from services.applications.intake_models import CutOff
from services.applications.kinds import cutoffs
from services.applications.models import Application
from services.applications.projections import KnownOrganisation
from services.chassis.acts.aggregate import Root
from services.chassis.database import Tx
from services.chassis.identity.actor import Actor
from services.chassis.service import Service
from services.chassis.web.faces import Prepared
from services.chassis.web.look.context import reader
from services.chassis.web.look.parts import Cell, Column, Figure, Link, Tag, TagKind
from services.chassis.web.look.values import amount, money, number
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import act_words, code, state_word
from services.chassis.web.sheet import PIECE, Ending, Listing, Rows, saved
from services.chassis.web.who import Who

PAGE = 50
OUTCOMES: dict[str, TagKind] = {"fund": "good", "reserve": "wait", "refuse": "bad"}


@dataclass(frozen=True)
class Line:
    """One application in the ranking, as it is shown."""

    case: UUID
    number: str
    applicant: str
    score: int | None
    amount_cents: int
    place: float
    outcome: Outcome
    state: str


@dataclass(frozen=True)
class Standing:
    """Where a cut-off stands; counts says how many of its applications are in which state while they are assessed."""

    row: CutOff
    call: Call
    counts: dict[str, int]


async def seen(tx: Tx, id: UUID, actor: Actor) -> Standing:
    """A cut-off with its counts, for officers of its partnership; DomainError("not-found") to everybody else."""
    row = await tx.found(CutOff, id)
    if not cutoffs.parties(actor, row):
        raise DomainError("not-found", status=404)
    call = await tx.found(Call, row.call)
    if row.ranked_at is not None:
        return Standing(row, call, {})
    counted = (
        select(Application.state, func.count())
        .where(Application.cut_off == id)
        .group_by(col(Application.state))
    )
    counts = dict((await tx.session.exec(counted)).all())
    return Standing(row, call, counts)


async def lines(tx: Tx, row: CutOff, after: float = 0.0, limit: int | None = PAGE) -> list[Line]:
    """The ranking from a place on: as it was settled, or as it would be settled now."""
    if row.ranked_at is None:
        placed = [one for one in await ranking_of(tx, row) if one.place > after]
        placed = placed[:limit] if limit else placed
        ids = [one.entry.application for one in placed]
        cases = {case.id: case for case in (await tx.session.exec(
            select(Application).where(col(Application.id).in_(ids)))).all()}  # fmt: skip
        return await _named(tx, [(cases[one.entry.application], one.place, one.outcome) for one in placed])
    statement = (
        select(Application)
        .where(Application.cut_off == row.id, col(Application.place) > after)
        .order_by(col(Application.place))
    )
    found = (await tx.session.exec(statement.limit(limit) if limit else statement)).all()
    return await _named(tx, [(case, case.place or 0.0, cast("Outcome", case.outcome)) for case in found])


async def _named(tx: Tx, rows: Sequence[tuple[Application, float, Outcome]]) -> list[Line]:
    ids = {case.visitor for case, _place, _outcome in rows}
    found = select(KnownOrganisation.id, KnownOrganisation.name).where(col(KnownOrganisation.id).in_(ids))
    names = dict((await tx.session.exec(found)).all())
    return [
        Line(
            case.id, case.number, names.get(case.visitor, ""), case.score, case.amount_cents, place, outcome, case.state
        )
        for case, place, outcome in rows
    ]  # fmt: skip


def add_rankings(service: Service) -> None:
    """Routes of cut-offs."""
    app, database, pages, clock = service.app, service.database, service.pages, service.clock

    @app.get("/api/v1/calls/{id}/cutoffs")
    async def cut_offs_json(actor: Who, id: UUID) -> list[dict[str, Any]]:
        """The cut-offs of a call by date, for officers of its partnership; to others there are none."""
        async with database.transaction() as tx:
            rows = [row for row in await cut_offs_of(tx, id) if cutoffs.parties(actor, row)]
        return [row.model_dump(mode="json", exclude={"proposed"}) for row in rows]

    @app.get("/api/v1/cutoffs/{id}")
    async def cut_off_json(actor: Who, id: UUID) -> dict[str, Any]:
        """A cut-off with how far its applications are; `seen` is what settling it says that one has seen."""
        async with database.transaction() as tx:
            standing = await seen(tx, id, actor)
            now = hash_of(await ranking_of(tx, standing.row)) if standing.row.ranked_at is None else ""
        row = standing.row.model_dump(mode="json", exclude={"proposed"})
        return {
            **row,
            "by_state": standing.counts,
            "seen": now,
            "settled_once": bool(standing.row.proposed),
        }

    @app.get("/api/v1/cutoffs/{id}/ranking")
    async def ranking_json(
        actor: Who, id: UUID, after: float = 0.0, limit: int = PAGE
    ) -> list[dict[str, Any]]:
        """The ranking by place; `after` is the last place of the page before. At most 200 at once."""
        async with database.transaction() as tx:
            row = (await seen(tx, id, actor)).row
            found = await lines(tx, row, after, min(max(limit, 1), 200))
        return [_as_json(one) for one in found]

    @app.get("/cutoffs/{id}/ranking.{ending}", include_in_schema=False)
    async def ranking_file(actor: Who, id: UUID, ending: Ending) -> Response:
        async with database.transaction() as tx:
            standing = await seen(tx, id, actor)
        return await saved(database, _listing(standing), ending, clock.now())

    @app.get("/cutoffs/{id}", include_in_schema=False)
    async def cut_off_page(request: Request, actor: Who, id: UUID, after: float = 0.0) -> Response:
        async with database.transaction() as tx:
            standing = await seen(tx, id, actor)
            row = standing.row
            found = await lines(tx, row, after) if row.state != "open" else []
            room = await room_of(tx, row) if row.ranked_at is None else None
        acts = [act for act in CUTOFF.acts if act.by_person and row.state in act.sources]
        return pages.page(
            request, "cutoff/ranking.html", title=worded(row.title, reader().language) or row.key, standing=standing,
            row=row, tag=Tag(state_word("cutoff", row.state)), figures=_figures(standing, room),
            columns=_columns(), parts=_parts(found), funded=_titles()["fund"],
            buttons=[Link(act_words("cutoff", act.name).button, f"/cutoffs/{id}/{act.name}") for act in acts],
            next=f"?after={found[-1].place}" if len(found) == PAGE else "",
        )  # fmt: skip


def _listing(standing: Standing) -> Listing:
    """The ranking as it is saved. One that is not settled is worked out once, as a whole."""
    row = standing.row
    piece = PIECE if row.ranked_at else None

    async def read(tx: Tx, after: float | None) -> tuple[Rows, float | None]:
        found = await lines(tx, row, after or 0.0, piece) if after is None or piece else []
        told: Rows = [
            (
                Decimal(str(one.place)), one.number, one.applicant, percent_of(one.score),
                Money(one.amount_cents), code(f"outcome.{one.outcome}"), state_word("application", one.state),
            )
            for one in found
        ]  # fmt: skip
        return told, found[-1].place if found else None

    columns = [
        Column(_("Place"), number=True),
        Column(_("Case")),
        Column(_("Applicant")),
        Column(_("Score in %"), number=True),
        Column(_("Amount in EUR"), number=True),
        Column(_("Outcome")),
        Column(_("Standing")),
    ]
    title = _("%(call)s: ranking") % {"call": standing.call.title}
    return Listing(f"ranking-{row.key}", title, columns, read)


async def prepare_settling(tx: Tx, row: Root | None, actor: Actor, query: Any) -> Prepared:
    """What is about to be settled, so that its page posts what was seen."""
    assert isinstance(row, CutOff)
    ranking = await ranking_of(tx, row)
    return Prepared(
        beside={
            "seen": hash_of(ranking),
            "counted": {
                outcome: [one.entry for one in ranking if one.outcome == outcome] for outcome in OUTCOMES
            },
            "room": await room_of(tx, row),
            "again": row.proposer is not None and row.proposed == hash_of(ranking),
            "own": row.proposer == actor.person,
        }
    )


def _as_json(one: Line) -> dict[str, Any]:
    return {
        "application": str(one.case), "number": one.number, "applicant": one.applicant, "place": one.place,
        "outcome": one.outcome, "score": one.score, "amount_cents": one.amount_cents, "state": one.state,
    }  # fmt: skip


def _figures(standing: Standing, room: int | None) -> list[Figure]:
    counts = standing.counts
    total = sum(counts.values()) if standing.row.state == "open" else standing.row.applications
    figures = [Figure(number(total), _("applications came in time"))]
    waiting = sum(counts.get(state, 0) for state in ("submitted", "in_review", "changes_requested"))
    if standing.row.ranked_at is None:
        figures.append(
            Figure(number(waiting), _("are not assessed yet"), kind="wait" if waiting else "plain")
        )
    if room is not None:
        figures.append(Figure(money(room), _("can be given from the line")))
    return figures


def _columns() -> list[Column]:
    return [
        Column(_("Place"), number=True), Column(_("Case")), Column(_("Score in %"), number=True),
        Column(_("Amount in EUR"), number=True), Column(_("Standing")),
    ]  # fmt: skip


def _parts(found: Sequence[Line]) -> list[tuple[str, list[list[Any]]]]:
    """The rows above the budget line, the reserve list, and those below the thresholds; empty parts are left out."""
    parts = [
        (title, [_row(one) for one in found if one.outcome == outcome])
        for outcome, title in _titles().items()
    ]
    return [(title, rows) for title, rows in parts if rows]


def _titles() -> dict[str, str]:
    return {
        "fund": _("To be funded"),
        "reserve": _("Reserve list, in this order"),
        "refuse": _("Below the call's thresholds"),
    }


def _row(one: Line) -> list[Any]:
    return [
        f"{one.place:g}",
        Cell(one.number, href=f"/applications/{one.case}", note=one.applicant),
        "–" if one.score is None else number(one.score / 100),
        amount(one.amount_cents),
        Cell(tag=Tag(state_word("application", one.state), OUTCOMES[one.outcome])),
    ]
