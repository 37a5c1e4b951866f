"""Many decisions at once: the same act for each case, in a transaction of its own, with a result for each."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Form
from pydantic import Field, ValidationError
from sqlalchemy import false, or_
from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import Response

from contracts.acting import judging
from contracts.application import APPLICATION, RejectReason
from contracts.errors import DomainError
from contracts.facts import Fact
from contracts.tables import PARTIES, Input
from services.applications.application import Refuse
from services.applications.commands import Select
from services.applications.kinds import applications
from services.applications.models import Application
from services.applications.projections import KnownOrganisation
from services.applications.review.models import Stage
from services.chassis.database import Tx
from services.chassis.identity.actor import Actor
from services.chassis.service import Service
from services.chassis.web.look import forms as look
from services.chassis.web.look.values import moment, money
from services.chassis.web.look.words import gettext as _
from services.chassis.web.request import idempotency_key
from services.chassis.web.sentences import refusal
from services.chassis.web.together import Result, each
from services.chassis.web.who import Who

MOST = 100
DECIDERS = frozenset(APPLICATION.act("select").parties)


class Together(Input):
    """One decision on each of these cases."""

    decision: Literal["approve", "reject"] = Field(title="What do you decide on all that you have chosen?")
    reason: RejectReason = Field("quality", title="If you reject: why?")
    explanation: str = Field(
        "", title="Your reasons", description="If you reject, the applicants read this.", max_length=2000
    )


class TogetherJson(Together):
    applications: list[UUID] = Field(max_length=MOST)


async def decide_together(
    service: Service, actor: Actor, given: Together, ids: Sequence[UUID], key: str
) -> list[Result]:
    name, body = _act(given)
    return await each(service, applications, actor, ids, key, lambda case: (name, body), _said)


def _said(decided: Fact) -> str:
    return _("Decided") if decided.state != "in_review" else _("Decided; a second person decides too")


def _act(given: Together) -> tuple[str, Input]:
    """The act on each case; DomainError("explanation-missing") for a rejection without a word to the applicants."""
    if given.decision == "approve":
        return "select", Select(remark=given.explanation)
    if len(given.explanation) < 3:
        raise DomainError("explanation-missing", "explanation")
    return "refuse", Refuse(reason=given.reason, explanation=given.explanation)


async def to_decide(tx: Tx, actor: Actor) -> list[tuple[Application, Stage, str]]:
    """Cases that wait for a decision of the reader's partnerships, what is due first, with the applicant's name: as
    whoever they judge, for themselves or for an officer."""
    mine = or_(
        *(
            col(Application.visitor_partnership).in_(actor.scopes(PARTIES[party]))
            & col(Stage.parties).contains([party])
            for party in judging(actor.mandate, DECIDERS)
        ),
        false(),
    )
    statement = (
        select(Application, Stage, KnownOrganisation.name)
        .join(
            Stage,
            (col(Stage.application) == col(Application.id)) & (col(Stage.round) == col(Application.round)),
        )
        .join(KnownOrganisation, col(KnownOrganisation.id) == col(Application.visitor))
        .where(
            Application.state == "in_review",
            Stage.state == "open",
            Stage.kind == "decision",
            mine,
            col(Application.frozen)["rules"]["intake"]["mode"].astext == "first_come",
        )
        .order_by(col(Stage.due_at), col(Application.number))
        .limit(MOST)
    )
    return list((await tx.session.exec(statement)).all())


def add_together(service: Service) -> None:
    """The list of decisions to make, and many made at once."""
    app, database, pages = service.app, service.database, service.pages

    @app.post("/api/v1/decisions/together", tags=["decision"])
    async def together_json(request: Request, actor: Who, given: TogetherJson) -> list[dict[str, Any]]:
        """Decides on each of these cases by itself: a result per case."""
        results = await decide_together(service, actor, given, given.applications, idempotency_key(request))
        return [result.as_json() for result in results]

    @app.get("/decisions", include_in_schema=False)
    async def waiting(request: Request, actor: Who) -> Response:
        return await _list(request, actor)

    async def _list(request: Request, actor: Actor, posted: Any = None, errors: Any = None) -> Response:
        async with database.transaction() as tx:
            rows = await to_decide(tx, actor)
        values = {"decision": "approve", "reason": "quality"} if posted is None else posted
        return pages.page(
            request, "review/decisions.html", 422 if errors else 200, errors=errors or {},
            rows=[(case, name, money(case.amount_cents), moment(stage.due_at)) for case, stage, name in rows],
            fields=look.fields(Together, values, errors), key=idempotency_key(request),
        )  # fmt: skip

    @app.post("/decisions", include_in_schema=False)
    async def decide_page(
        request: Request,
        actor: Who,
        chosen: Annotated[list[UUID], Form(default_factory=list, alias="case")],
        key: Annotated[str, Form(alias="idempotency_key")] = "",
    ) -> Response:
        posted = await request.form()
        try:
            given = Together.model_validate(look.parse(Together, posted))
            results = await decide_together(service, actor, given, chosen, idempotency_key(request, key))
        except ValidationError as reason:
            return await _list(request, actor, posted, look.errors(reason, Together))
        except DomainError as reason:
            said = {reason.field or "": refusal(reason.slug, reason.params)}
            return await _list(request, actor, posted, said)
        return pages.page(request, "review/decided.html", results=results)
