"""Assigning by expertise with balanced load: as many as a task still needs, the fittest first."""

from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from contracts.errors import DomainError
from services.applications.application import rules_of
from services.applications.kinds import assessments
from services.applications.models import Application
from services.applications.review.assessing import Assign
from services.applications.review.closing import assessments_of
from services.applications.review.evaluators import Candidate, candidates
from services.applications.review.models import Stage
from services.applications.review.views import read_by_officers
from services.chassis.acts.perform import perform
from services.chassis.database import Tx
from services.chassis.identity.actor import Actor
from services.chassis.service import Service
from services.chassis.web.request import idempotency_key
from services.chassis.web.who import Who


async def fitting(tx: Tx, case: Application, stage: Stage) -> list[Candidate]:
    """Who can be assigned, the fittest first: nobody of a side, nor of the partnership where the call says so, nor who
    has declined."""
    blocks = rules_of(case).rubric.same_partnership
    new = [one for one in await candidates(tx, case, stage) if one.free and not one.here]
    return [one for one in new if not (blocks and one.ties.partner)]


async def assign_fitting(service: Service, actor: Actor, id: UUID, key: str) -> list[UUID]:
    """Assigns as many as the task still needs; whom. DomainError("evaluator-none") when nobody is left.

    Each is an act of its own, so that a repeat with the same key assigns nobody twice."""
    async with service.database.transaction() as tx:
        stage = await tx.found(Stage, id)
        case = await read_by_officers(tx, actor, stage.application)
        there = sum(row.state != "declined" for row in await assessments_of(tx, stage))
        chosen = (await fitting(tx, case, stage))[: max(stage.quorum - there, 0)]
    if not chosen and there < stage.quorum:
        raise DomainError("evaluator-none", status=409)
    for one in chosen:
        given = Assign(stage=stage.id, evaluator=one.person)
        await perform(
            service.database, assessments, "assign", None, given, actor=actor, key=f"{key}:{one.person}",
            at=service.clock.moment(),
        )  # fmt: skip
    return [one.person for one in chosen]


def add_assigning(service: Service) -> None:
    """The button of a task that is scored, and the same for machines."""
    app = service.app

    @app.post("/api/v1/stages/{id}/assign", tags=["stage"])
    async def assign_json(request: Request, actor: Who, id: UUID) -> dict[str, Any]:
        """Assigns those who fit best: by what they know, then by how little waits for them."""
        people = await assign_fitting(service, actor, id, idempotency_key(request))
        return {"assigned": [str(one) for one in people]}

    @app.post("/stages/{id}/assign", include_in_schema=False)
    async def assign_page(request: Request, actor: Who, id: UUID) -> Response:
        posted = await request.form()
        await assign_fitting(
            service, actor, id, idempotency_key(request, str(posted.get("idempotency_key", "")))
        )
        return RedirectResponse(f"/stages/{id}", 303)
