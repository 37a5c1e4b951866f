"""Self-assessments in the browser: answering the set in force, the result with the gap, the place among others.

A cluster's own people and readers see its answers, and the officers of its partnerships. Others see no single cluster.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from fastapi import APIRouter
from pydantic import ValidationError
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from contracts.errors import DomainError
from services.chassis.acts.perform import perform
from services.chassis.database import Tx
from services.chassis.identity.actor import PLATFORM, Actor
from services.chassis.service import Service
from services.chassis.web.look.forms import Posted, asked, read
from services.chassis.web.look.parts import Cell, Column, Link, Tag
from services.chassis.web.look.shapes import Shape
from services.chassis.web.look.values import day
from services.chassis.web.look.words import coded
from services.chassis.web.look.words import gettext as _
from services.chassis.web.request import idempotency_key
from services.chassis.web.sentences import act_words, code, refusal
from services.chassis.web.who import Who
from services.directory.excellence.indicator_set import in_force, set_of
from services.directory.excellence.indicators import FEWEST, HEADINGS, Place, Result, benchmark, result
from services.directory.excellence.kinds import self_assessments
from services.directory.excellence.models import IndicatorSet, SelfAssessment
from services.directory.excellence.self_assessment import Record, latest, measure_of, others
from services.directory.excellence.set_views import answer_words
from services.directory.models import Organisation


def pages(service: Service) -> APIRouter:
    """All routes of this file; before the faces, which have a page of their own for the act."""
    router = APIRouter()
    database, look = service.database, service.pages

    @router.get("/api/v1/self-assessments/{id}", tags=["self_assessment"], summary="One self-assessment")
    async def assessment_json(actor: Who, id: UUID) -> dict[str, Any]:
        """With the gap to the next level, and the benchmark where it can be shown."""
        async with database.transaction() as tx:
            row, _cluster = await _found(tx, actor, id)
            known = measure_of(await set_of(tx, row.indicator_set))
            theirs = await others(tx, row, service.clock.moment().today())
        came_to = result(known, row.answers)
        return {
            **row.model_dump(mode="json"),
            "headings": came_to.headings,
            "next_level": came_to.next_level,
            "missing": [
                {"key": one.indicator.key, "answer": one.answer, "needed": one.needed}
                for one in came_to.missing
            ],
            "score_needed": came_to.score_needed,
            "others": len(theirs) if len(theirs) >= FEWEST else None,
            "benchmark": [vars(one) for one in benchmark(known, row.answers, theirs)],
        }

    @router.get("/self-assessments/record", include_in_schema=False)
    async def form(request: Request, actor: Who, organisation: UUID) -> Response:
        async with database.transaction() as tx:
            cluster = await _own(tx, actor, organisation)
            known, before = await in_force(tx), await latest(tx, organisation)
        if known is None:
            raise DomainError("no-indicators", status=409)
        return _form(request, cluster, known, before.answers if before else {})

    @router.post("/self-assessments/record", include_in_schema=False)
    async def recorded(request: Request, actor: Who, organisation: UUID) -> Response:
        posted = await request.form()
        key = idempotency_key(request, str(posted.get("idempotency_key", "")))
        async with database.transaction() as tx:
            cluster, known = await _own(tx, actor, organisation), await in_force(tx)
        if known is None:
            raise DomainError("no-indicators", status=409)
        answers = read(_shapes(known), posted)
        try:
            given = Record(organisation=organisation, answers=answers)
            fact = await perform(
                database,
                self_assessments,
                "record",
                None,
                given,
                actor=actor,
                key=key,
                at=service.clock.moment(),
            )
        except ValidationError as reason:
            sentence = _("Enter a whole number, 0 or more.")
            errors = {str(error["loc"][-1]): sentence for error in reason.errors()}
            return _form(request, cluster, known, posted, errors, key)
        except DomainError as reason:
            if reason.field is None:
                raise
            errors = {reason.field.removeprefix("answers."): refusal(reason.slug, reason.params)}
            return _form(request, cluster, known, posted, errors, key)
        return RedirectResponse(f"/self-assessments/{fact.subject}", 303)

    def _form(
        request: Request,
        cluster: Organisation,
        known: IndicatorSet,
        values: dict[str, int] | Posted,
        errors: dict[str, str] | None = None,
        key: str = "",
    ) -> Response:
        fields = {one.name: one for one in asked(_shapes(known), values, errors)}
        groups = [
            (
                coded("heading", heading),
                [fields[one["key"]] for one in known.indicators if one["heading"] == heading],
            )
            for heading in HEADINGS
        ]
        return look.page(
            request,
            "self_assessment/record.html",
            422 if errors else 200,
            words=act_words("self_assessment", "record"),
            cluster=cluster,
            known=known,
            fields=list(fields.values()),
            groups=groups,
            errors=errors or {},
            key=key or str(uuid4()),
        )

    @router.get("/self-assessments/{id}", include_in_schema=False)
    async def assessment_page(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            row, cluster = await _found(tx, actor, id)
            known = await set_of(tx, row.indicator_set)
            theirs = await others(tx, row, service.clock.moment().today())
        came_to = result(measure_of(known), row.answers)
        mine = actor.may("member", cluster.id)
        return look.page(
            request,
            "self_assessment.html",
            row=row,
            cluster=cluster,
            known=known,
            came_to=came_to,
            level=Tag(_level(came_to.reached), "good" if came_to.reached != "none" else "plain"),
            next_level=_level(came_to.next_level) if came_to.next_level else "",
            gap_columns=[
                Column(_("Indicator")), Column(_("Your answer"), number=True), Column(_("Needed"), number=True),
            ],
            gap=_gap(came_to),
            score_short=came_to.score < came_to.score_needed,
            places=_places(benchmark(measure_of(known), row.answers, theirs)),
            headings_pairs=[(coded("heading", one), f"{came_to.headings[one]} %") for one in HEADINGS],
            fewest=FEWEST,
            others=len(theirs),
            facts=[
                (_("Recorded on"), day(row.at)),
                (_("Indicators"), Cell(f"{known.number}  {known.title}", href=f"/indicator-sets/{known.id}")),
                (_("Score over all"), f"{came_to.score} %"),
            ],
            links=[
                Link(_("Answer anew"), f"/self-assessments/record?organisation={cluster.id}"),
                Link(act_words("recognition", "apply").title, f"/recognitions/apply?organisation={cluster.id}"),
                *(
                    [Link(act_words("self_assessment", "withdraw").title, f"/self-assessments/{id}/withdraw")]
                    if row.state == "recorded"
                    else []
                ),
            ]
            if mine
            else [],
        )  # fmt: skip

    return router


def _shapes(known: IndicatorSet) -> list[Shape]:
    """Each indicator as a question."""
    units = {"percent": "%", "years": _("years")}
    return [
        Shape(
            name=one["key"],
            label=one["title"],
            hint=one["help"],
            kind="yes_no" if one["unit"] == "yes_no" else "number",
            unit=units.get(one["unit"], ""),
        )
        for one in known.indicators
    ]


def _level(level: str) -> str:
    return code(f"level.{level}")


def _gap(came_to: Result) -> list[list[Cell | str]]:
    return [
        [
            Cell(one.indicator.title, note=coded("heading", one.indicator.heading)),
            answer_words(one.indicator.unit, one.answer),
            answer_words(one.indicator.unit, one.needed),
        ]
        for one in came_to.missing
    ]


def _places(places: Sequence[Place]) -> list[dict[str, Any]]:
    return [{**vars(one), "words": coded("heading", one.heading)} for one in places]


async def _own(tx: Tx, actor: Actor, organisation: UUID) -> Organisation:
    row = await tx.get(Organisation, organisation)
    if row is None or not actor.may("member", organisation):
        raise DomainError("not-found", status=404)
    return row


async def _found(tx: Tx, actor: Actor, id: UUID) -> tuple[SelfAssessment, Organisation]:
    statement = (
        select(SelfAssessment, Organisation)
        .join(Organisation, col(Organisation.id) == col(SelfAssessment.organisation))
        .where(SelfAssessment.id == id)
    )
    found = (await tx.session.exec(statement)).one_or_none()
    if found is None:
        raise DomainError("not-found", status=404)
    row, cluster = found
    officers = actor.scopes("officer") & set(cluster.partnerships)
    own = any(actor.may(role, cluster.id) for role in ("member", "reader"))
    if not (own or officers or actor.may("operator", PLATFORM)):
        raise DomainError("not-found", status=404)
    return row, cluster
