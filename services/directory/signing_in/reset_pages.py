"""Requests of people who have lost their second factor, as the officers who decide see them."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from contracts.errors import DomainError
from contracts.factor_reset import FACTOR_RESET
from services.chassis.database import Tx
from services.chassis.identity.actor import Actor
from services.chassis.service import Service
from services.chassis.web.look.parts import Cell, Link, Move, Tag
from services.chassis.web.look.words import gettext as _
from services.chassis.web.sentences import act_words, state_word
from services.chassis.web.who import Who
from services.directory.kinds import factor_resets
from services.directory.models import Person
from services.directory.sign_in_models import FactorReset


def routes(service: Service) -> APIRouter:
    """Routes that read."""
    router = APIRouter()
    database, look = service.database, service.pages

    @router.get("/api/v1/factor-resets/{id}", tags=["factor_reset"], summary="One request to begin anew")
    async def reset_json(actor: Who, id: UUID) -> dict[str, Any]:
        async with database.transaction() as tx:
            return (await _found(tx, actor, id)).model_dump(mode="json")

    @router.get("/factor-resets/{id}", include_in_schema=False)
    async def reset_page(request: Request, actor: Who, id: UUID) -> Response:
        async with database.transaction() as tx:
            row = await _found(tx, actor, id)
            person = await tx.found(Person, row.person)
            first = await tx.get(Person, row.first) if row.first else None
        return look.page(
            request,
            "factor_reset.html",
            title=_("%(person)s has lost the second factor") % {"person": person.name},
            tag=Tag(state_word("factor_reset", row.state)),
            move=_move(actor, row),
            facts=[
                (_("Person"), Cell(person.name, note=person.email)),
                (_("First agreement"), first.name if first else "–"),
            ],
        )

    _routes = (reset_json, reset_page)
    return router


async def _found(tx: Tx, actor: Actor, id: UUID) -> FactorReset:
    row = await tx.get(FactorReset, id)
    if row is None or not factor_resets.parties(actor, row):
        raise DomainError("not-found", status=404)
    return row


def _move(actor: Actor, row: FactorReset) -> Move | None:
    """The acts of an officer; none of one's own request, and not twice."""
    links = [
        Link(act_words("factor_reset", act.name).button, f"/factor-resets/{row.id}/{act.name}")
        for act in FACTOR_RESET.acts
        if act.by_person and row.state in act.sources
    ]
    if not links or row.person == actor.person:
        return None
    if row.state == "seconded" and row.first == actor.person:
        return Move(_("Waiting for a second person"), False, others=links[1:])
    title = _("Your move: agree if you are sure that it is they, or refuse")
    return Move(title, True, button=links[0], others=links[1:])
