"""What officers and machines read of a review: the stages of a case, round by round."""

from typing import Any
from uuid import UUID

from sqlalchemy import case
from sqlmodel import col, select

from contracts.errors import DomainError
from services.applications.kinds import applications
from services.applications.models import Application
from services.applications.review.models import Assessment, Stage
from services.chassis.database import Tx
from services.chassis.identity.actor import Actor
from services.chassis.service import Service
from services.chassis.web.look.context import speak_of
from services.chassis.web.who import Who

PAGE = 50
READERS = frozenset({"VOP", "HOP", "PAY", "COORD", "AGENCY"})
"""Parties that read the stages of a case; applicants and hosts read only that it is in review."""


def add_views(service: Service) -> None:
    """Routes that read."""
    app, database = service.app, service.database

    @app.get("/api/v1/applications/{id}/stages", tags=["stage"])
    async def stages_json(actor: Who, id: UUID) -> list[dict[str, Any]]:
        """Every task of every round, the newest round first; score is in hundredths of a percent."""
        async with database.transaction() as tx:
            case = await read_by_officers(tx, actor, id)
            rows = await all_stages(tx, case)
        return [row.model_dump(mode="json", exclude={"scopes"}) for row in rows]

    @app.get("/api/v1/assessments", tags=["assessment"])
    async def mine_json(actor: Who) -> list[dict[str, Any]]:
        """Where I evaluate, what waits for me first; nothing of the applications themselves."""
        async with database.transaction() as tx:
            rows = await parts_of(tx, actor.person)
        return [row.model_dump(mode="json", include=_OF_A_PART) for row in rows]


_OF_A_PART = {"id", "state", "version", "stage", "round", "due_at", "scores", "comments", "internal", "seen"}


async def parts_of(tx: Tx, person: UUID) -> list[Assessment]:
    """Where somebody evaluates, what is not over by its date, then the rest, the newest first."""
    open_ = col(Assessment.state).in_(("assigned", "accepted"))
    statement = (
        select(Assessment)
        .where(Assessment.evaluator == person)
        .order_by(open_.desc(), case((open_, col(Assessment.due_at))), col(Assessment.id).desc())
        .limit(PAGE)
    )
    return list((await tx.session.exec(statement)).all())


async def read_by_officers(tx: Tx, actor: Actor, id: UUID) -> Application:
    """The case, for those who read its review; DomainError("not-found") to all others."""
    case = await tx.found(Application, id)
    if applications.parties(actor, case).isdisjoint(READERS):
        raise DomainError("not-found", status=404)
    speak_of(grant=applications.lacks("HO", case))
    return case


async def all_stages(tx: Tx, case: Application) -> list[Stage]:
    """The stages of all rounds, the newest round first, in the order of their opening."""
    statement = (
        select(Stage).where(Stage.application == case.id).order_by(col(Stage.round).desc(), col(Stage.id))
    )
    return list((await tx.session.exec(statement)).all())
